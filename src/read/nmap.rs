//! Reads `nmap`: which ports of a host are open, closed or silent.
//!
//! ```text
//! Nmap scan report for api.shop.example (203.0.113.10)
//! PORT     STATE    SERVICE
//! 443/tcp  open     https
//! 8080/tcp filtered http-proxy
//! Host: 172.31.40.18 ()    Ports: 80/closed/tcp//http///, 6443/filtered/tcp//sun-sr-https///
//! ```

use super::request::endpoint;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "nmap", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| {
        text.starts_with("Nmap scan report for ") || text.starts_with("Starting Nmap ") || text.starts_with("# Nmap ")
    }) {
        0.98
    } else if part.runs("nmap") && part.any(|text| port(text).is_some()) {
        0.95
    } else {
        0.0
    }
}

fn read(part: &Part, findings: &mut Findings) {
    // What a filter left of it may lack the line that names the host.
    let scans = part.command.as_ref().filter(|command| command.runs("nmap"));
    let address = scans.and_then(|command| command.words().find_map(|word| word.parse().ok()));
    let mut target = address.map(|address| Endpoint::at(address, None));
    let silent = none_answered(part);
    for line in &part.lines {
        if let Some(rest) = line.text.strip_prefix("Nmap scan report for ") {
            target = scanned(rest);
            findings.noise(line.number);
        } else if let Some((of, ports)) = line.text.strip_prefix("Host: ").and_then(|rest| rest.split_once("\tPorts: "))
        {
            // "-oG": all ports of a host in one line.
            findings.noise(line.number);
            let Some(of) = scanned(of) else { continue };
            for cell in ports.split(['\t', ',']) {
                let fields: Vec<&str> = cell.trim().split('/').collect();
                if let [number, state, protocol, ..] = fields.as_slice()
                    && let Some((port, outcome)) = port(&format!("{number}/{protocol} {state}"))
                {
                    tell(line.number, Endpoint { port: Some(port), ..of.clone() }, outcome, findings);
                }
            }
        } else if silent
            && is_silence(&line.text)
            && let Some(to) = target.clone()
        {
            tell(line.number, to, Outcome::ConnectTimeout, findings);
        } else if let (Some((port, outcome)), Some(target)) = (port(&line.text), &target) {
            tell(line.number, Endpoint { port: Some(port), ..Endpoint::clone(target) }, outcome, findings);
        } else {
            findings.noise(line.number);
        }
    }
}

fn tell(number: u32, to: Endpoint, outcome: Outcome, findings: &mut Findings) {
    let attempt = Attempt { to, protocol: Some("tcp".to_owned()), ..Attempt::new(Stage::Connect, outcome) };
    findings.fact(Lines::one(number), Claim::Attempt(attempt));
}

/// `Not shown: 1000 filtered tcp ports (no-response)`
fn is_silence(text: &str) -> bool {
    text.starts_with("Not shown: ") && text.ends_with(" filtered tcp ports (no-response)")
}

/// Whether not one port of the only host is told apart from the others, and all were silent.
fn none_answered(part: &Part) -> bool {
    let hosts = part.lines.iter().filter(|line| line.text.starts_with("Nmap scan report for ")).count();
    hosts == 1 && !part.any(|text| port(text).is_some())
}

/// `name (address)`, or either alone.
fn scanned(text: &str) -> Option<Endpoint> {
    let mut words = text.split_whitespace();
    let mut target = endpoint(words.next()?, None);
    target.address = target.address.or(words.next().and_then(|word| word.trim_matches(['(', ')']).parse().ok()));
    Some(target)
}

/// `open|filtered` says neither.
fn port(text: &str) -> Option<(u16, Outcome)> {
    let mut words = text.split_whitespace();
    let port = words.next()?.strip_suffix("/tcp")?.parse().ok()?;
    Some((
        port,
        match words.next()? {
            "open" => Outcome::Ok,
            "closed" => Outcome::Refused,
            // Only --reason tells silence from a router's refusal.
            "filtered" => match words.nth(1) {
                Some("no-response") => Outcome::ConnectTimeout,
                Some(reason) if reason.ends_with("-unreach") || reason.ends_with("-prohibited") => Outcome::Unreachable,
                _ => Outcome::Unconnected,
            },
            _ => return None,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{told, told_below};

    #[test]
    fn rows_without_their_heading_are_of_the_address_on_the_command_line() {
        let command = "nmap -n -p 22,1883 --reason 10.93.4.11 | grep tcp";
        let text = "22/tcp   closed ssh     reset ttl 63\n1883/tcp open   mqtt    syn-ack ttl 63";
        let said = ["the request to 10.93.4.11:22 was refused", "the request to 10.93.4.11:1883 worked"];
        assert_eq!(told_below(command, text, read), said);
    }

    #[test]
    fn a_host_of_which_every_port_is_silent_never_answered() {
        let text = "Nmap scan report for 10.20.0.15\nHost is up.\nAll 1000 scanned ports on 10.20.0.15 are in ignored states.\nNot shown: 1000 filtered tcp ports (no-response)";
        assert_eq!(told(READER, text), ["the request to 10.20.0.15 was never answered: the connection timed out"]);
        assert_eq!(told(READER, &format!("{text}\n22/tcp open ssh")), ["the request to 10.20.0.15:22 worked"]);
    }

    #[test]
    fn filtered_is_silence_only_where_the_reason_says_so() {
        let text = "Nmap scan report for 10.20.0.15\n25/tcp filtered smtp no-response\n26/tcp filtered rsftp admin-prohibited\n27/tcp filtered nsw-fe";
        assert_eq!(
            told(READER, text),
            [
                "the request to 10.20.0.15:25 was never answered: the connection timed out",
                "the request to 10.20.0.15:26 was rejected as unreachable",
                "the request to 10.20.0.15:27 could not connect",
            ]
        );
    }
}
