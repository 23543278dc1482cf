//! Reads `nc -vz`: OpenBSD's, macOS's, Nmap's ncat and busybox's.
//!
//! ```text
//! Connection to 203.0.113.10 80 port [tcp/http] succeeded!
//! nc: connect to 203.0.113.74 port 80 (tcp) timed out: Operation now in progress
//! nc: connect to ledger.north.internal (10.40.3.21) port 8443 (tcp) failed: Connection refused
//! ```

use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "nc", recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| result(text).is_some()) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        if let Some((to, outcome)) = result(&line.text) {
            let attempt = Attempt {
                resolved: to.host.is_some() && outcome != Outcome::Unresolved,
                to,
                protocol: Some("tcp".to_owned()),
                ..Attempt::new(Stage::Connect, outcome)
            };
            findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
        }
    }
}

fn result(text: &str) -> Option<(Endpoint, Outcome)> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("Connection to ")
        && text.ends_with("succeeded!")
    {
        return Some((target(rest)?, Outcome::Ok));
    }
    let rest = text.strip_prefix("nc: connect to ").or_else(|| text.strip_prefix("nc: connectx to "))?;
    Some((target(rest)?, reason(rest)?))
}

/// Reads `host (address) port N`, `host port N` and `address N port`.
fn target(text: &str) -> Option<Endpoint> {
    let mut words = text.split_whitespace();
    let mut to = endpoint(words.next()?, None);
    for word in words {
        if let Some(address) = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')) {
            to.address = address.parse().ok().or(to.address);
        } else if let Ok(port) = word.parse() {
            to.port = Some(port);
            break;
        }
    }
    Some(to)
}

fn reason(text: &str) -> Option<Outcome> {
    let words = [
        ("Connection refused", Outcome::Refused),
        ("timed out", Outcome::ConnectTimeout),
        ("No route to host", Outcome::Unreachable),
        ("Network is unreachable", Outcome::NoLocalRoute),
    ];
    words.into_iter().find(|(word, _)| text.contains(word)).map(|(_, outcome)| outcome)
}
