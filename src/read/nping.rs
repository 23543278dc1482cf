//! Reads `nping`: what became of each TCP port that it tried.
//!
//! ```text
//! SENT (0.0226s) TCP 10.9.1.2:51251 > 10.9.2.10:8080 S ttl=64 id=8029 iplen=40  seq=191874938 win=1480
//! RCVD (0.0228s) TCP 10.9.2.10:8080 > 10.9.1.2:51251 SA ttl=63 id=0 iplen=44  seq=524196791 win=64240 <mss 1460>
//! RCVD (3.0177s) ICMP [10.9.1.1 > 10.9.1.2 Communication administratively prohibited by filtering (type=3/code=13) ] IP [ttl=64 …
//! ```

use super::pick::{host_port, word_after};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "nping", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with("Starting Nping ") || text.starts_with("Nping done: ")) { 0.97 } else { 0.0 }
}

/// One port: its lines, how often it was tried, and what came back.
struct Port {
    to: Endpoint,
    lines: Lines,
    tries: u32,
    outcome: Option<Outcome>,
}

fn read(part: &Part, findings: &mut Findings) {
    let mut ports: Vec<Port> = Vec::new();
    let mut last = 0;
    for line in &part.lines {
        findings.noise(line.number);
        let text = line.text.as_str();
        let sent = text.starts_with("SENT ");
        let mark = if sent { " > " } else { " TCP " };
        let named = || host_port(word_after(text, mark)?);
        let handshake =
            || ["Handshake with ", "received from "].iter().find_map(|mark| host_port(word_after(text, mark)?));
        let to = if text.contains(" UDP ") { None } else { named().or_else(handshake) };
        let at = to.as_ref().and_then(|to| ports.iter().position(|port| port.to == *to));
        if sent {
            let Some(to) = to else { continue };
            last = at.unwrap_or(ports.len());
            match at.and_then(|at| ports.get_mut(at)) {
                Some(port) => (port.tries, port.lines.last) = (port.tries + 1, line.number),
                None => ports.push(Port { to, lines: Lines::one(line.number), tries: 1, outcome: None }),
            }
            continue;
        }
        let outcome = match () {
            () if text.contains("refused") || text.contains(" RA ") || text.contains(" R ttl") => Outcome::Refused,
            () if text.contains(" SA ") || text.ends_with(" completed") => Outcome::Ok,
            () if text.contains(" ICMP [") && (text.contains("unreachable") || text.contains("prohibited")) => {
                Outcome::Unreachable
            }
            () => continue,
        };
        // A router answers for the port that was tried last.
        if let Some(port) = ports.get_mut(at.unwrap_or(last)).filter(|_| text.starts_with("RCVD ")) {
            (port.outcome, port.lines.last) = (Some(outcome), line.number);
        }
    }
    for port in ports {
        let silent = (port.tries > 1).then_some(Outcome::ConnectTimeout);
        let Some(outcome) = port.outcome.or(silent) else { continue };
        let protocol = Some("tcp".to_owned());
        let attempt = Attempt { to: port.to, protocol, ..Attempt::new(Stage::Connect, outcome) };
        findings.fact(port.lines, Claim::Attempt(attempt));
    }
}
