//! Reads `netstat`: sockets (`-ltnp`, `-an`), counters (`-s`), routes (`-rn`), interfaces (`-i`); of Linux, the BSDs, Windows.
//!
//! ```text
//! Active Internet connections (only servers)
//! Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
//! tcp        0      0 127.0.0.1:9100          0.0.0.0:*               LISTEN      611/node_exporter
//! ```

use super::routes::{self, Table};
use super::sockets::{self, Socket, SocketState, socket_end};
use super::{Findings, Part, Reader, counters, observable};
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
    if part.any(|text| matches!(text, "Tcp:" | "tcp:")) && part.any(|text| counters::of_netstat(text).is_some()) {
        return 0.95;
    }
    let rows = part.lines.iter().filter(|line| row(line.number, &line.text).is_some()).count();
    match (rows, part.runs("netstat")) {
        (1.., true) => 0.95,
        (1.., false) => 0.85,
        (0, true) if part.any(|text| sockets::count(text).is_some()) => 0.9,
        // What grep leaves of its statistics.
        (0, true) if part.any(|text| counters::of_netstat(text).is_some()) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let statistics = part.any(|text| matches!(text, "Tcp:" | "TcpExt:" | "Ip:" | "tcp:" | "ip:"));
    let mut heading = None;
    let mut found = Vec::new();
    let mut routes = Table::default();
    let mut interfaces = None;
    for line in &part.lines {
        let text = line.text.as_str();
        if header(text) || text.starts_with("Active Internet connections") {
            heading = Some(line.number);
        } else if let Some(socket) = row(line.number, text) {
            found.push(socket);
        } else if let Some((counter, value)) = counters::of_netstat(text) {
            counters::tell(counter, line.number, value, findings);
        } else if is_interfaces_head(text) {
            interfaces = Some(text);
        } else if let Some((name, errors)) = interfaces.and_then(|head| interface_errors(head, text)) {
            let (value, errors) = (if errors > 0 { "some" } else { "none" }, errors.to_string());
            findings.state(Lines::one(line.number), observable::INTERFACE_ERRORS, value, Endpoint::named(name), errors);
        } else if !(routes.line(line.number, text, findings)
            || interfaces.is_some()
            || sockets::counted(line.number, text, part.runs("netstat"), findings)
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
    let mut queues = Vec::new();
    while let Ok(bytes) = words.peek()?.parse::<u32>() {
        queues.push(bytes);
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
    let queue = queues.first().copied().zip(queues.get(1).copied()).filter(|_| state != SocketState::Listen);
    let probes = text.contains(" probe (");
    Some(Socket { line, state, local, peer, queue, detail, probes })
}

/// The packets of an interface that had errors, of a row below `Iface MTU RX-OK RX-ERR …`. Linux only: on the BSDs each address has a row.
fn interface_errors<'a>(head: &str, text: &'a str) -> Option<(&'a str, u64)> {
    let cells: Vec<&str> = text.split_whitespace().collect();
    let names = head.split_whitespace().zip(&cells);
    let mut errors = names.filter(|(name, _)| name.ends_with("-ERR")).map(|(_, cell)| cell.parse::<u64>().ok());
    let (received, sent) = (errors.next()??, errors.next()??);
    Some((cells.first()?, received.saturating_add(sent)))
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
