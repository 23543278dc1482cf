//! What a table of sockets says, whichever program printed it: `ss` or `netstat`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::request::split_port;
use super::{Findings, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

/// Connections that a process should have closed: a handful may just be on their way.
const MANY_WAITING: usize = 10;
/// Closed connections occupy a local port each for a minute; of about 28 000 ports (ip_local_port_range) this many are felt.
pub(super) const MANY_CLOSED: usize = 10_000;

/// States of which a number is told, under this name, and from how many on it is remarkable.
const CROWDS: &[(SocketState, &str, usize)] = &[
    (SocketState::SynSent, "syn_sent", MANY_WAITING),
    (SocketState::SynReceived, "syn_recv", MANY_WAITING),
    (SocketState::CloseWait, "close_wait", MANY_WAITING),
    (SocketState::TimeWait, "time_wait", MANY_CLOSED),
    (SocketState::Established, "established", usize::MAX),
];

/// So many ends of connections in one state are told one by one.
const MOST_GROUPS: usize = 12;

/// One row.
pub(super) struct Socket {
    pub line: u32,
    pub state: SocketState,
    pub local: Endpoint,
    pub peer: Endpoint,
    /// Connections waiting to be accepted and the room for them, where the program prints both.
    pub queue: Option<(u32, u32)>,
    /// The process that holds it, and the protocol where it is not TCP.
    pub detail: String,
    /// It asks the other side again and again whether there is room by now.
    pub probes: bool,
}

impl Socket {
    fn is_udp(&self) -> bool {
        self.detail.starts_with("udp")
    }
}

/// The states of RFC 9293 as far as they matter here.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum SocketState {
    Listen,
    /// Waits for an answer to its first packet.
    SynSent,
    /// Has answered a first packet and waits for the next.
    SynReceived,
    /// The other side has closed; the own process has not.
    CloseWait,
    TimeWait,
    Established,
    Other,
}

impl SocketState {
    /// As `ss` and `netstat` spell it. A UDP socket without peer listens, too.
    pub(super) fn of(word: &str) -> Option<SocketState> {
        Some(match word {
            "LISTEN" | "UNCONN" => SocketState::Listen,
            "SYN-SENT" | "SYN_SENT" => SocketState::SynSent,
            "SYN-RECV" | "SYN_RECV" => SocketState::SynReceived,
            "CLOSE-WAIT" | "CLOSE_WAIT" => SocketState::CloseWait,
            "TIME-WAIT" | "TIME_WAIT" => SocketState::TimeWait,
            "ESTAB" | "ESTABLISHED" => SocketState::Established,
            "FIN-WAIT-1" | "FIN-WAIT-2" | "FIN_WAIT1" | "FIN_WAIT2" | "LAST-ACK" | "LAST_ACK" | "CLOSING"
            | "CLOSED" => SocketState::Other,
            _ => return None,
        })
    }
}

/// `0.0.0.0:80`, `[::]:80`, `*:80`, `127.0.0.1%lo:53`, `:::80` of netstat. An open end (`*`) has no address or port.
pub(super) fn socket_end(text: &str) -> Option<Endpoint> {
    let (host, port) = match text.strip_prefix(":::") {
        // The BSDs and macOS write a dot before the port: 127.0.0.1.25, *.22, fe80::1%lo0.123.
        _ if let Some((host, port)) = text.rsplit_once('.').filter(|(host, _)| is_whole(host)) => {
            (host, port.parse().ok())
        }
        Some(port) => ("::", port.parse().ok()),
        None => match text.rsplit_once(':') {
            Some((host, "*")) => (host, None),
            Some((host, service)) if service.starts_with(|c: char| c.is_ascii_alphabetic()) => (host, port_of(service)),
            Some((host, port)) if host.contains(':') && !host.starts_with('[') => (host, port.parse().ok()),
            _ => split_port(text),
        },
    };
    let host = host.trim_matches(['[', ']']);
    let host = host.split('%').next().unwrap_or(host);
    let address: Option<IpAddr> = match host {
        "*" | "" => None,
        "localhost" | "ip6-localhost" => Some(IpAddr::from([127, 0, 0, 1])),
        host => match host.parse() {
            Ok(address) => Some(address),
            // Without -n the name of a host stands here, also one that was cut off.
            Err(_) => {
                let named = host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains(['/', '(']);
                return named.then(|| Endpoint { host: Some(host.to_owned()), port, ..Endpoint::default() });
            }
        },
    };
    Some(Endpoint { address: address.map(|address| address.to_canonical()), port, ..Endpoint::default() })
}

/// Whether this is all of an address, so that what follows it is a port.
fn is_whole(host: &str) -> bool {
    host == "*" || host.split('%').next().is_some_and(|address| address.parse::<IpAddr>().is_ok())
}

/// The port that a name stands for (IANA's registry, as /etc/services has it); those that matter for a request.
fn port_of(service: &str) -> Option<u16> {
    Some(match service {
        "ssh" => 22,
        "smtp" => 25,
        "domain" => 53,
        "http" | "www" => 80,
        "https" => 443,
        "imaps" => 993,
        "mysql" => 3306,
        "postgresql" => 5432,
        "amqp" => 5672,
        "redis" => 6379,
        "http-alt" | "webcache" => 8080,
        _ => return None,
    })
}

/// Records the listeners, full queues and remarkable numbers of a table.
pub(super) fn tell(sockets: &[Socket], findings: &mut Findings) {
    for socket in sockets.iter().filter(|socket| socket.state == SocketState::Listen && socket.local.port.is_some()) {
        let (value, address) = match socket.local.address {
            None if socket.local.host.is_some() => ("one_address", None),
            None => ("all", None),
            Some(address) if address.is_unspecified() => ("all", None),
            Some(address) if address.is_loopback() => ("loopback", Some(address)),
            Some(address) => ("one_address", Some(address)),
        };
        let of = Endpoint { address, port: socket.local.port, host: socket.local.host.clone(), ..Endpoint::default() };
        state(Lines::one(socket.line), observable::LISTENER, value, of.clone(), socket.detail.clone(), findings);
        if let Some((waiting, room)) = socket.queue.filter(|(waiting, room)| waiting > room && !socket.is_udp()) {
            let detail = format!("Recv-Q {waiting} > Send-Q {room}");
            state(Lines::one(socket.line), observable::ACCEPT_QUEUE, "full", of, detail, findings);
        }
    }
    queues_with_room(sockets, findings);
    backlogs(sockets, findings);
    for (of, name, many) in CROWDS {
        crowd(sockets, *of, name, *many, findings);
    }
}

/// Bytes that lie about in one connection: so many are no longer on their way but wait for a process or for the other side.
const STUCK_BYTES: u32 = 65_536;

/// Three datagrams, of which Linux counts each as 768 bytes or more: whoever listens takes each one as it comes.
const UNREAD_DATAGRAMS: u32 = 2_304;

/// Connections whose own process does not read, and those whose other side does not take what is sent; of several alike the fullest.
fn backlogs(sockets: &[Socket], findings: &mut Findings) {
    type Fullest<'a> = BTreeMap<(Option<IpAddr>, Option<u16>), (u32, &'a Socket, &'a Endpoint)>;
    let (mut unread, mut unsent): (Fullest, Fullest) = (BTreeMap::new(), BTreeMap::new());
    let holds_bytes = |socket: &&Socket| {
        matches!(socket.state, SocketState::Established | SocketState::Other | SocketState::CloseWait)
            || socket.is_udp()
    };
    for socket in sockets.iter().filter(holds_bytes) {
        let Some((received, sent)) = socket.queue else { continue };
        // Who has been told that the other side is through, and still has not read what came before, is not reading at all.
        // The end itself counts as a byte.
        let least = match socket.state {
            SocketState::CloseWait => 2,
            SocketState::Listen => UNREAD_DATAGRAMS,
            _ => STUCK_BYTES,
        };
        let left = received >= least;
        let stopped = sent >= STUCK_BYTES || (socket.probes && sent > 0);
        for (stuck, bytes, end, fullest) in
            [(left, received, &socket.local, &mut unread), (stopped, sent, &socket.peer, &mut unsent)]
        {
            let one = fullest.entry((end.address, end.port)).or_insert((0, socket, end));
            if stuck && bytes > one.0 {
                *one = (bytes, socket, end);
            }
        }
    }
    for (observable, value, fullest, column) in
        [(observable::RECEIVE_QUEUE, "unread", unread, "Recv-Q"), (observable::SEND_QUEUE, "unsent", unsent, "Send-Q")]
    {
        for (bytes, socket, end) in fullest.into_values().filter(|(bytes, ..)| *bytes > 0) {
            let room = if socket.probes && value == "unsent" { ", no room there" } else { "" };
            let detail = format!("{column} {bytes}{room}");
            state(Lines::one(socket.line), observable, value, end.clone(), detail, findings);
        }
    }
}

/// That no queue is full is one fact of the whole table.
fn queues_with_room(sockets: &[Socket], findings: &mut Findings) {
    let queues: Vec<(u32, (u32, u32))> = sockets
        .iter()
        .filter(|socket| socket.state == SocketState::Listen && !socket.is_udp())
        .filter_map(|socket| Some((socket.line, socket.queue?)))
        .collect();
    if let (Some((first, _)), Some((last, _))) = (queues.first(), queues.last())
        && queues.iter().all(|(_, (waiting, room))| waiting <= room)
    {
        let detail = format!("{} queues", queues.len());
        state(Lines::new(*first, *last), observable::ACCEPT_QUEUE, "ok", Endpoint::default(), detail, findings);
    }
}

/// Connections in one state; grouped by the end they have in common.
fn crowd(sockets: &[Socket], in_state: SocketState, name: &str, many: usize, findings: &mut Findings) {
    let mut groups: BTreeMap<(Option<IpAddr>, Option<u16>), (Lines, usize)> = BTreeMap::new();
    let mut listeners = sockets.iter().filter(|one| one.state == SocketState::Listen && !one.is_udp()).peekable();
    let lists_them = listeners.peek().is_some();
    let ports: Vec<Option<u16>> = listeners.map(|one| one.local.port).collect();
    for socket in sockets.iter().filter(|socket| socket.state == in_state) {
        // Who connects has a port of its own for each connection; who has accepted has one for all.
        let common = match in_state {
            SocketState::SynSent => &socket.peer,
            SocketState::SynReceived => &socket.local,
            _ if socket.local.port > socket.peer.port => &socket.peer,
            // Where whoever listens is listed, a port of which nobody does was taken to connect.
            _ if lists_them && !ports.contains(&socket.local.port) => &socket.peer,
            _ => &socket.local,
        };
        let (lines, count) = groups.entry((common.address, common.port)).or_insert((Lines::one(socket.line), 0));
        *lines = Lines::new(lines.first, socket.line);
        *count += 1;
    }
    // Of a crowd only what stands out is told.
    let all = groups.len() <= MOST_GROUPS;
    for ((address, port), (lines, count)) in groups.into_iter().filter(|(_, (_, count))| all || *count >= many) {
        let value = if count >= many { "many" } else { "some" };
        connections(lines, name, value, Endpoint { address, port, ..Endpoint::default() }, count, findings);
    }
}

/// How many sockets are in one state, where a pipe has counted them: `     33 TIME-WAIT` of uniq, `TIME_WAIT 33` of awk's arrays.
pub(super) fn count(text: &str) -> Option<(SocketState, usize)> {
    let mut words = text.split_whitespace();
    let (one, other) = (words.next()?, words.next()?);
    words.next().is_none().then_some(())?;
    let (count, state) =
        one.parse().map(|count| (count, other)).or_else(|_| other.parse().map(|count| (count, one))).ok()?;
    let state = if state == "LISTENING" { "LISTEN" } else { state };
    Some((SocketState::of(state)?, count))
}

/// Records such a count, of the whole host. Whether the line is one; a heading that was counted with the rest counts as one, too.
pub(super) fn counted(line: u32, text: &str, listed: bool, findings: &mut Findings) -> bool {
    let Some((state, count)) = count(text).filter(|_| listed) else {
        let heading = ["State", "established)", "Foreign", "Proto"].iter().any(|word| text.trim_end().ends_with(word));
        return listed && heading && text.trim_start().starts_with("1 ");
    };
    if let Some((_, name, many)) = CROWDS.iter().find(|(known, ..)| *known == state) {
        let value = if count >= *many { "many" } else { "some" };
        connections(Lines::one(line), name, value, Endpoint::default(), count, findings);
    }
    true
}

/// A number of connections in one state.
pub(super) fn connections(lines: Lines, name: &str, value: &str, of: Endpoint, count: usize, findings: &mut Findings) {
    let observable = format!("{}.{name}", observable::CONNECTIONS);
    state(lines, &observable, value, of, count.to_string(), findings);
}

fn state(lines: Lines, observable: &str, value: &str, of: Endpoint, detail: String, findings: &mut Findings) {
    let (observable, value) = (observable.to_owned(), value.to_owned());
    findings.fact(lines, Claim::State(State { observable, value, of, detail }));
}
