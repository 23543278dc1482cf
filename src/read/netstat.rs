//! Reads `netstat`: sockets (`-ltnp`, `-an`), counters (`-s`), routes (`-rn`), interfaces (`-i`); of Linux, the BSDs, Windows.
//!
//! ```text
//! Active Internet connections (only servers)
//! Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
//! tcp        0      0 127.0.0.1:9100          0.0.0.0:*               LISTEN      611/node_exporter
//! ```

use super::counters::Counter;
use super::routes::{self, Table};
use super::sockets::{self, Socket, SocketState, socket_end};
use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "netstat", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| header(text) || text.starts_with("Active Internet connections")) {
        return 0.98;
    }
    if part.any(|text| routes::follow(text) || is_interfaces_head(text)) {
        return 0.97;
    }
    if part.any(|text| matches!(text, "Tcp:" | "tcp:")) && part.any(|text| counter(text).is_some()) {
        return 0.95;
    }
    let rows = part.lines.iter().filter(|line| row(line.number, &line.text).is_some()).count();
    match (rows, part.runs("netstat")) {
        (1.., true) => 0.95,
        (1.., false) => 0.85,
        // What grep leaves of its statistics.
        (0, true) if part.any(|text| counter(text).is_some()) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let statistics = part.any(|text| matches!(text, "Tcp:" | "TcpExt:" | "Ip:" | "tcp:" | "ip:"));
    let mut heading = None;
    let mut found = Vec::new();
    let mut routes = Table::default();
    let mut interfaces = false;
    for line in &part.lines {
        let text = line.text.as_str();
        if header(text) || text.starts_with("Active Internet connections") {
            heading = Some(line.number);
        } else if let Some(socket) = row(line.number, text) {
            found.push(socket);
        } else if let Some((counter, value)) = counter(text) {
            counter.tell(line.number, value, findings);
        } else if is_interfaces_head(text) {
            interfaces = true;
        } else if !(routes.line(line.number, text, findings)
            || interfaces
            || text.trim().is_empty()
            || statistics
            || is_local_socket(text))
        {
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
    // With -A the BSDs put the address of the socket in memory first.
    words.next_if(|word| word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit()));
    let protocol = words.next()?.to_ascii_lowercase();
    let udp = protocol.starts_with("udp");
    let family = protocol.trim_end_matches(['4', '6']);
    matches!(family, "tcp" | "udp" | "udplite" | "udpl").then_some(())?;
    while words.peek()?.parse::<u32>().is_ok() {
        words.next();
    }
    let (local, peer) = (words.next()?, words.next()?);
    // "UDP traffic and": a sentence may begin with the name of a protocol.
    [local, peer].iter().all(|end| end.contains([':', '.', '*'])).then_some(())?;
    let (local, peer) = (socket_end(local)?, socket_end(peer)?);
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
    // "    IPReversePathFilter: 5": what has no sentence of its own is printed by its name.
    if let ("IPReversePathFilter:", count) = (value, what) {
        return Some((Counter::ReversePathDrops, count.trim().parse().ok()?));
    }
    let counter = match what {
        "segments retransmitted" | "segments retransmited" => Counter::Retransmits,
        "times the listen queue of a socket overflowed" => Counter::ListenOverflows,
        _ => return None,
    };
    Some((counter, value.parse().ok()?))
}

/// The columns of `netstat -i`: packets and errors of each interface since it came up.
fn is_interfaces_head(text: &str) -> bool {
    let columns = |first: &str, counter: &str| text.starts_with(first) && text.contains(counter);
    columns("Iface ", " RX-OK ") || (columns("Name ", " Ipkts ") && text.contains(" Mtu "))
}

fn is_local_socket(text: &str) -> bool {
    const TITLES: [&str; 5] =
        ["unix ", "Active UNIX domain sockets", "Active LOCAL (UNIX)", "Proto RefCnt", "Kernel Interface"];
    TITLES.iter().any(|title| text.starts_with(title))
}
