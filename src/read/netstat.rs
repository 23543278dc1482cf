//! Reads `netstat`: sockets (`-ltnp`, `-an`), the counters of `-s`, routes (`-rn`); net-tools', busybox's and Windows'.
//!
//! ```text
//! Active Internet connections (only servers)
//! Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
//! tcp        0      0 127.0.0.1:9100          0.0.0.0:*               LISTEN      611/node_exporter
//! ```

use std::net::Ipv4Addr;

use super::counters::Counter;
use super::sockets::{self, Socket, SocketState, socket_end};
use super::{Findings, Part, Reader, ip_route, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "netstat", recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| header(text) || text.starts_with("Active Internet connections")) {
        return 0.98;
    }
    if part.any(routes_follow) {
        return 0.97;
    }
    if part.any(|text| text == "Tcp:") && part.any(|text| counter(text).is_some()) {
        return 0.95;
    }
    let rows = part.lines.iter().filter(|line| row(line.number, &line.text).is_some()).count();
    match (rows, part.runs("netstat")) {
        (1.., true) => 0.95,
        (1.., false) => 0.85,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let statistics = part.any(|text| matches!(text, "Tcp:" | "TcpExt:" | "Ip:"));
    let mut heading = None;
    let mut found = Vec::new();
    for line in &part.lines {
        let text = line.text.as_str();
        if header(text) || text.starts_with("Active Internet connections") {
            heading = Some(line.number);
        } else if let Some(socket) = row(line.number, text) {
            found.push(socket);
        } else if let Some((counter, value)) = counter(text) {
            counter.tell(line.number, value, findings);
        } else if let Some((to, value, way)) = route(text) {
            ip_route::tell(Lines::one(line.number), &to, value, &way, findings);
        } else if !(routes_follow(text) || text.trim().is_empty() || statistics || is_local_socket(text)) {
            continue;
        }
        findings.noise(line.number);
    }
    let listening =
        part.command.as_ref().is_some_and(|command| command.runs("netstat") && command.flag('l', "--listening"));
    if let (Some(line), true, true) = (heading, found.is_empty(), listening) {
        let state = State {
            observable: observable::LISTENERS.to_owned(),
            value: "none".to_owned(),
            of: Endpoint::default(),
            detail: "a heading and no rows".to_owned(),
        };
        findings.fact(Lines::one(line), Claim::State(state));
    }
    sockets::tell(&found, findings);
}

fn header(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("Proto") && text.contains("Local Address") && text.contains("Foreign Address")
}

/// Linux prints queues in the second and third column, Windows does not; Windows says LISTENING.
fn row(line: u32, text: &str) -> Option<Socket> {
    let mut words = text.split_whitespace().peekable();
    let protocol = words.next()?.to_ascii_lowercase();
    let udp = protocol.starts_with("udp");
    (udp || protocol.starts_with("tcp")).then_some(())?;
    while words.peek()?.parse::<u32>().is_ok() {
        words.next();
    }
    let (local, peer) = (socket_end(words.next()?)?, socket_end(words.next()?)?);
    let state = match words.peek() {
        Some(&"LISTENING") => SocketState::Listen,
        Some(word) => SocketState::of(word).or(udp.then_some(SocketState::Listen))?,
        None if udp => SocketState::Listen,
        None => return None,
    };
    let process = words.find_map(|word| word.split_once('/').filter(|(pid, _)| pid.parse::<u32>().is_ok()));
    let process = process.map(|(_, name)| name.trim_end_matches(':').to_owned()).unwrap_or_default();
    let detail = match (udp, process.is_empty()) {
        (true, true) => "udp".to_owned(),
        (true, false) => format!("udp, {process}"),
        (false, _) => process,
    };
    // On Linux the second queue of a listener is always 0: whether the first is full cannot be told.
    Some(Socket { line, state, local, peer, queue: None, detail })
}

/// `    123 segments retransmitted` (spelled with one t until net-tools 2.10).
fn counter(text: &str) -> Option<(Counter, u64)> {
    let (value, what) = text.trim_start().split_once(' ')?;
    let counter = match what {
        "segments retransmitted" | "segments retransmited" => Counter::Retransmits,
        "times the listen queue of a socket overflowed" => Counter::ListenOverflows,
        _ => return None,
    };
    Some((counter, value.parse().ok()?))
}

/// The headings of `netstat -rn` and `route -n`.
fn routes_follow(text: &str) -> bool {
    text == "Kernel IP routing table" || (text.starts_with("Destination ") && text.contains(" Genmask "))
}

/// `0.0.0.0         198.51.100.1    0.0.0.0         UG        0 0          0 eth0`: where to, whether, through what.
fn route(text: &str) -> Option<(String, &'static str, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [to, gateway, mask, flags, .., interface] = words.as_slice() else { return None };
    let (address, mask): (Ipv4Addr, Ipv4Addr) = (to.parse().ok()?, mask.parse().ok()?);
    let to = match mask.to_bits().count_ones() {
        0 => "default".to_owned(),
        prefix => format!("{address}/{prefix}"),
    };
    if flags.contains('!') {
        return Some((to, "unreachable", String::new()));
    }
    let way = if *gateway == "0.0.0.0" { format!("dev {interface}") } else { format!("via {gateway} dev {interface}") };
    flags.starts_with('U').then_some((to, "present", way))
}

fn is_local_socket(text: &str) -> bool {
    text.starts_with("unix ") || text.starts_with("Active UNIX domain sockets") || text.starts_with("Proto RefCnt")
}
