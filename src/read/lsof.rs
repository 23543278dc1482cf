//! Reads the sockets that `lsof` lists.
//!
//! ```text
//! COMMAND    PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
//! nginx     1204     root    6u  IPv4  31337      0t0  TCP *:80 (LISTEN)
//! cart      1310      app   12u  IPv4  31999      0t0  TCP 10.0.3.7:51234->10.0.5.5:5432 (SYN_SENT)
//! ```

use super::sockets::{self, Socket, SocketState, socket_end};
use super::{Findings, Part, Reader};

pub(super) const READER: Reader = Reader { kind: "lsof", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_head) {
        return 0.97;
    }
    if part.runs("lsof") && part.any(|text| socket(1, text).is_some()) { 0.95 } else { 0.0 }
}

/// A row is compared with so many above it, so that a long list takes no longer than its length.
const REMEMBERED: usize = 500;

fn read(part: &Part, findings: &mut Findings) {
    let mut found: Vec<Socket> = Vec::new();
    for line in &part.lines {
        findings.noise(line.number);
        // Every thread and every child that holds the same socket has a row of its own.
        let next = socket(line.number, &line.text);
        let known = |next: &Socket| {
            let same =
                |other: &Socket| other.local == next.local && other.peer == next.peer && other.detail == next.detail;
            next.state == SocketState::Listen && found.iter().rev().take(REMEMBERED).any(same)
        };
        if let Some(next) = next.filter(|next| !known(next)) {
            found.push(next);
        }
    }
    sockets::tell(&found, findings);
}

fn is_head(text: &str) -> bool {
    text.starts_with("COMMAND ") && text.contains(" PID ") && text.contains(" FD ") && text.trim_end().ends_with("NAME")
}

/// Names that stand for addresses (without `-n`) are not resolved back: such a row says nothing of an address.
fn socket(line: u32, text: &str) -> Option<Socket> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| matches!(*word, "TCP" | "UDP"))?;
    words.iter().take(at).any(|word| matches!(*word, "IPv4" | "IPv6")).then_some(())?;
    let (local, peer) = words.get(at + 1).map(|ends| ends.split_once("->").unwrap_or((ends, "*:*")))?;
    let udp = words.get(at) == Some(&"UDP");
    let state = match words.get(at + 2) {
        Some(word) => SocketState::of(word.trim_matches(['(', ')']))?,
        None if udp && peer == "*:*" => SocketState::Listen,
        None => return None,
    };
    let process = words.first()?;
    let detail = if udp { format!("udp, {process}") } else { (*process).to_owned() };
    Some(Socket { line, state, local: socket_end(local)?, peer: socket_end(peer)?, queue: None, detail, probes: false })
}
