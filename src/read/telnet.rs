//! Reads `telnet` used to try a port: GNU's, netkit's, the BSDs' (macOS) and busybox's.
//!
//! ```text
//! Trying 203.0.113.74...
//! telnet: Unable to connect to remote host: Connection timed out
//! ```

use std::net::IpAddr;

use super::errno::of_reason;
use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "telnet", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with("telnet: ") || text.starts_with("Escape character is ")) {
        return 0.97;
    }
    match (part.any(|text| trying(text).is_some() || text.starts_with("Server lookup failure:")), part.runs("telnet")) {
        (true, true) => 0.95,
        (true, false) => 0.6,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let asked = target(part);
    let mut open: Option<(u32, Endpoint)> = None;
    for line in &part.lines {
        let (number, text) = (line.number, line.text.trim());
        let first = open.as_ref().map_or(number, |(first, _)| *first);
        let known_target = || open.as_ref().map_or(asked.clone(), |(_, to)| to.clone());
        if let Some(address) = trying(text) {
            open = Some((number, Endpoint { address: Some(address), ..asked.clone() }));
        } else if text.starts_with("Connected to ") {
            tell(Lines::new(first, number), known_target(), Outcome::Ok, findings);
            open = None;
        } else if let Some(outcome) = text.strip_prefix("Connection failed: ").and_then(of_reason) {
            // GNU's telnet goes on with the next address.
            tell(Lines::new(first, number), known_target(), outcome, findings);
            open = None;
        } else if let Some((address, outcome)) = text.strip_prefix("telnet: ").and_then(failure) {
            let to = known_target();
            let to = Endpoint { address: address.or(to.address), ..to };
            tell(Lines::new(first, number), to, outcome, findings);
            open = None;
        } else if text.starts_with("Server lookup failure:") || text.contains("could not resolve") {
            let outcome =
                if text.ends_with("Name or service not known") { Outcome::Nxdomain } else { Outcome::Unresolved };
            tell(Lines::one(number), asked.clone(), outcome, findings);
        } else if !is_decoration(text) {
            continue;
        }
        findings.noise(number);
    }
    // Interrupted while it was still trying.
    if let Some((first, to)) = open.filter(|_| part.any(|text| text.trim() == "^C")) {
        tell(Lines::one(first), to, Outcome::ConnectTimeout, findings);
    }
}

fn tell(lines: Lines, to: Endpoint, outcome: Outcome, findings: &mut Findings) {
    let attempt = Attempt {
        resolved: to.host.is_some() && outcome.stage() > Stage::Resolve,
        to,
        protocol: Some("tcp".to_owned()),
        ..Attempt::new(Stage::Connect, outcome)
    };
    findings.fact(lines, Claim::Attempt(attempt));
}

fn trying(text: &str) -> Option<IpAddr> {
    text.strip_prefix("Trying ")?.strip_suffix("...")?.parse().ok()
}

/// `Unable to connect to remote host: REASON`, `connect to address ADDRESS: REASON`, `can't connect to remote host (ADDRESS): …`.
fn failure(rest: &str) -> Option<(Option<IpAddr>, Outcome)> {
    let (what, reason) = rest.rsplit_once(": ")?;
    let address = what.split([' ', '(', ')']).find_map(|word| word.parse().ok());
    what.contains("onnect to ").then_some(())?;
    Some((address, of_reason(reason)?))
}

/// `telnet [options] HOST [PORT]`.
fn target(part: &Part) -> Endpoint {
    let Some(command) = part.command.as_ref() else { return Endpoint::default() };
    let mut words = command.words().skip_while(|word| *word != "telnet").skip(1).filter(|word| !word.starts_with('-'));
    let Some(host) = words.next() else { return Endpoint::default() };
    // Which of several an answer belongs to, nothing says: errors come on another stream.
    if command.words().filter(|word| *word == "telnet").nth(1).is_some() {
        return Endpoint::default();
    }
    endpoint(host, words.next().and_then(|port| port.parse().ok()).or(Some(23)))
}

fn is_decoration(text: &str) -> bool {
    text.is_empty()
        || text.starts_with("Escape character is ")
        || text.starts_with("Connection closed by foreign host")
        || text == "^C"
        || text == "^]"
        || text.starts_with("telnet>")
}
