//! Reads `ss`: listening sockets, connections (`-tn`, `-tnp`, `state close-wait`) and the summary (`-s`).
//!
//! ```text
//! State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
//! LISTEN 0      2048       127.0.0.1:9100      0.0.0.0:*     users:(("node_exporter",pid=611,fd=3))
//! LISTEN 129    128          0.0.0.0:8080      0.0.0.0:*
//! LISTEN 127.0.0.1:1883 0.0.0.0:*
//! ```

use super::sockets::{self, MANY_CLOSED, Socket, SocketState, socket_end};
use super::{CommandLine, Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "ss", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| header(text) || summary(text, "timewait ").is_some()) {
        return 0.98;
    }
    let rows = part.lines.iter().filter(|line| row(line.number, &line.text, filtered(part)).is_some()).count();
    match (rows, part.runs("ss")) {
        (1.., true) => 0.95,
        (1.., false) => 0.85,
        (0, true) if part.any(|text| sockets::count(text).is_some()) => 0.9,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let command = part.command.as_ref().filter(|command| command.runs("ss"));
    let filtered = filtered(part);
    let mut heading = None;
    let mut found = Vec::new();
    // Each closed connection holds a local port for a while; a tenth of those there are may still be free for other destinations.
    let ports = part.lines.iter().find_map(|line| port_range(&line.text)).map_or(MANY_CLOSED, |ports| ports * 9 / 10);
    for line in &part.lines {
        let text = line.text.as_str();
        if header(text) {
            heading = Some(line.number);
        } else if let Some(socket) = row(line.number, text, filtered) {
            found.push(socket);
        } else if let Some(closed) = summary(text, "timewait ") {
            let at = Lines::one(line.number);
            let established = summary(text, "(estab ").unwrap_or_default();
            for (name, count, many) in
                [("time_wait", closed, ports.min(MANY_CLOSED)), ("established", established, usize::MAX)]
            {
                if count > 0 {
                    let value = if count >= many { "many" } else { "some" };
                    sockets::connections(at, name, value, Endpoint::default(), count, findings);
                }
            }
        } else if !(is_decoration(text)
            || port_range(text).is_some()
            || sockets::counted(line.number, text, command.is_some(), findings))
        {
            continue;
        }
        findings.noise(line.number);
    }
    if let (Some(line), true, Some(command)) = (heading, found.is_empty(), command) {
        nobody_listens(line, command, findings);
    }
    sockets::tell(&found, findings);
}

/// `ss state close-wait` leaves the column out, for it is the same in every row.
fn filtered(part: &Part) -> Option<SocketState> {
    let command = part.command.as_ref().filter(|command| command.runs("ss"))?;
    let state = command.words().skip_while(|word| *word != "state").nth(1)?;
    SocketState::of(&state.to_ascii_uppercase())
}

/// A listing of listeners that has a heading and no rows.
fn nobody_listens(line: u32, command: &CommandLine, findings: &mut Findings) {
    if !command.flag('l', "--listening") {
        return;
    }
    let words: Vec<&str> = command.words().flat_map(|word| word.split_whitespace()).collect();
    let port = words.iter().position(|word| *word == "sport" || *word == "src").and_then(|at| {
        words
            .iter()
            .skip(at + 1)
            .take(2)
            .find_map(|word| word.trim_start_matches(['=', ':']).rsplit(':').next()?.parse().ok())
    });
    let state = State {
        observable: observable::LISTENERS.to_owned(),
        value: "none".to_owned(),
        of: Endpoint { port, ..Endpoint::default() },
        detail: "a heading and no rows".to_owned(),
    };
    findings.fact(Lines::one(line), Claim::State(state));
}

/// `State Recv-Q Send-Q …`, or without the state; some versions print the columns unspaced.
fn header(text: &str) -> bool {
    text.contains("Recv-Q") && text.contains("Send-Q") && text.contains("Local Address:Port")
}

fn row(line: u32, text: &str, filtered: Option<SocketState>) -> Option<Socket> {
    // "-i" prints a line of internals below each connection, "-s" a table of its own.
    if text.contains(" rto:") || is_decoration(text) {
        return None;
    }
    let mut words = text.split_whitespace().peekable();
    let mut udp = false;
    if let Some(protocol) = words.next_if(|word| matches!(*word, "tcp" | "udp" | "v_str" | "mptcp")) {
        udp = protocol == "udp";
    }
    let state = match words.peek().and_then(|word| SocketState::of(word)) {
        Some(state) => {
            udp |= words.next() == Some("UNCONN");
            state
        }
        None => filtered?,
    };
    // A filter may have left the queues and the other end out.
    let (waiting, room) = (number(&mut words), number(&mut words));
    let local = socket_end(words.next()?)?;
    let peer = match words.next() {
        Some(word) => socket_end(word)?,
        None if waiting.is_none() => local.port.map(|_| Endpoint::default())?,
        None => return None,
    };
    // Two words without a port are no ends of a connection.
    if waiting.is_none() && local.port.is_none() && peer.port.is_none() {
        return None;
    }
    let process = words.find_map(|word| word.strip_prefix("users:((\"")?.split('"').next());
    let detail = match (udp, process) {
        (true, Some(process)) => format!("udp, {process}"),
        (true, None) => "udp".to_owned(),
        (false, process) => process.unwrap_or_default().to_owned(),
    };
    // The timer of a sender that was told to wait until the other side has room.
    let probes = text.contains("timer:(persist,");
    Some(Socket { line, state, local, peer, queue: waiting.zip(room), detail, probes })
}

fn number<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Option<u32> {
    words.next_if(|word| word.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// The connections behind a label, of `TCP:   42 (estab 5, closed 12, orphaned 0, timewait 0)`.
fn summary(text: &str, label: &str) -> Option<usize> {
    let rest = text.strip_prefix("TCP:")?;
    let (_, after) = rest.split_once(label)?;
    after.split(['/', ')', ',']).next()?.parse().ok()
}

/// How many local ports there are, of `32768\t60999`, the text of ip_local_port_range.
fn port_range(text: &str) -> Option<usize> {
    let (first, last) = text.split_once('\t')?;
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    Some(usize::from(last.checked_sub(first)?) + 1)
}

fn is_decoration(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    text.trim().is_empty()
        || text.starts_with("Total: ")
        || text.starts_with("Transport Total")
        || matches!(first, "RAW" | "UDP" | "TCP" | "INET" | "FRAG" | "*")
        || text.starts_with("Failed to find cgroup2 mount")
        || text.starts_with(['\t', ' ']) && text.contains("rto:")
}
