//! Reads PowerShell's `Test-NetConnection` and `Test-Connection`.
//!
//! ```text
//! WARNING: TCP connect to (10.20.0.15 : 8443) failed
//!
//! ComputerName     : api.shop.example
//! RemoteAddress    : 10.20.0.15
//! RemotePort       : 8443
//! TcpTestSucceeded : False
//! ```
//!
//! The first does not say whether a connection was refused or never answered. The forms are those of Microsoft's reference of the commands.

use super::observable::{PING, TCP_CONNECT};
use super::request::endpoint;
use super::trace::{Ending, Hop, Trace};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "Test-NetConnection", most: 0.98, recognize, read };

/// PowerShell 7's ping, with one row for each packet.
pub(super) const PINGS: Reader = Reader {
    kind: "Test-Connection",
    most: 0.97,
    recognize: |part| {
        let head = |text: &str| text.starts_with("Ping Source ") && text.trim_end().ends_with(" Status");
        if part.any(|text| head(text) || is_head_of_trace(text)) { 0.97 } else { 0.0 }
    },
    read: |part, findings| {
        if part.any(is_head_of_trace) { read_trace(part, findings) } else { read_pings(part, findings) }
    },
};

/// `Hop Hostname                  Ping Latency Status           Source       TargetAddress`
fn is_head_of_trace(text: &str) -> bool {
    text.starts_with("Hop Hostname ") && text.trim_end().ends_with(" TargetAddress")
}

/// `-Traceroute`, three rows for each hop: `  1 0.0.0.0     1       * TimedOut         pop-os       172.217.12.14`.
fn read_trace(part: &Part, findings: &mut Findings) {
    let mut trace = Trace::default();
    for line in &part.lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        match words.as_slice() {
            ["Target:", host] => {
                std::mem::take(&mut trace).finish(findings);
                trace.target = Some(endpoint(host, None));
            }
            [distance, router, _, _, status @ ("Success" | "TtlExpired" | "TimedOut"), _, address] => {
                let Ok(distance) = distance.parse() else { continue };
                if let Some(target) = &mut trace.target {
                    target.address = target.address.or(address.parse().ok());
                }
                if trace.hops.last().is_none_or(|hop| hop.distance != distance) {
                    trace.hops.push(Hop { distance, ..Hop::default() });
                }
                let from = trace.hops.last_mut().map(|hop| &mut hop.from);
                if let Some(from) = from.filter(|from| *status != "TimedOut" && !from.iter().any(|one| one == router)) {
                    from.push((*router).to_owned());
                }
                if *status == "Success" {
                    trace.ending = Some(Ending::Arrived);
                }
                trace.at(line.number);
            }
            ["Hop", "Hostname", ..] | ["(ms)"] | [] => {}
            [rule, ..] if rule.starts_with("---") => {}
            _ => continue,
        }
        findings.noise(line.number);
    }
    trace.finish(findings);
}

/// `   Destination: shop.example` above, then `   1 web-7   203.0.113.10   12   32 Success` or `   1 web-7   *   *   * TimedOut`.
fn read_pings(part: &Part, findings: &mut Findings) {
    let mut to = Endpoint::default();
    let (mut sent, mut received, mut lines) = (0, 0, None);
    for line in &part.lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        match words.as_slice() {
            ["Destination:", host] => to = endpoint(host, None),
            [number, _, address, .., status @ ("Success" | "TimedOut")] if number.parse::<u32>().is_ok() => {
                to.address = to.address.or(address.parse().ok());
                (sent, received) = (sent + 1, received + u32::from(*status == "Success"));
                lines = Some(Lines::new(lines.map_or(line.number, |lines: Lines| lines.first), line.number));
            }
            ["Ping", "Source", ..] | ["(ms)", "(B)"] | [] => {}
            [rule, ..] if rule.starts_with("----") => {}
            _ => continue,
        }
        findings.noise(line.number);
    }
    let value = match received {
        0 => "silent",
        _ if received < sent => "loss",
        _ => "answers",
    };
    if let Some(lines) = lines {
        findings.state(lines, PING, value, to, format!("{received} of {sent} answered"));
    }
}

fn recognize(part: &Part) -> f64 {
    let result = |text: &str| matches!(property(text), Some(("TcpTestSucceeded" | "PingSucceeded", _)));
    if part.any(result) || part.any(|text| unresolved(text).is_some() || text.starts_with("WARNING: TCP connect to ")) {
        0.98
    } else {
        0.0
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut to = Endpoint::default();
    let mut first = None;
    for line in &part.lines {
        if let Some(name) = unresolved(&line.text) {
            findings.fact(Lines::one(line.number), Claim::Lookup(Lookup::new(name, Outcome::Unresolved)));
            continue;
        }
        if line.text.starts_with("WARNING: ") || line.text.trim().is_empty() {
            findings.noise(line.number);
            continue;
        }
        let Some((name, value)) = property(&line.text) else { continue };
        findings.noise(line.number);
        if name == "ComputerName" {
            (to, first) = (endpoint(value, None), Some(line.number));
        }
        let at = Lines::new(first.unwrap_or(line.number), line.number);
        match (name, value) {
            ("RemoteAddress", value) => to.address = value.parse().ok(),
            ("RemotePort", value) => to.port = value.parse().ok(),
            ("TcpTestSucceeded", "True") => {
                let attempt = Attempt {
                    resolved: to.host.is_some(),
                    to: to.clone(),
                    protocol: Some("tcp".to_owned()),
                    ..Attempt::new(Stage::Connect, Outcome::Ok)
                };
                findings.fact(at, Claim::Attempt(attempt));
            }
            // Without a remote address the name was not resolved, and nothing was tried.
            ("TcpTestSucceeded", "False") if to.address.is_some() => {
                findings.state(at, TCP_CONNECT, "failed", to.clone(), "TcpTestSucceeded is False");
            }
            ("PingSucceeded", "True") => {
                findings.state(at, PING, "answers", Endpoint { port: None, ..to.clone() }, "PingSucceeded is True");
            }
            ("PingSucceeded", "False") if to.address.is_some() => {
                findings.state(at, PING, "silent", Endpoint { port: None, ..to.clone() }, "PingSucceeded is False");
            }
            _ => {}
        }
    }
}

/// `TcpTestSucceeded : False`
fn property(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(" : ").or_else(|| text.trim_end().strip_suffix(" :").map(|name| (name, "")))?;
    let name = name.trim();
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some((name, value.trim()))
}

/// `WARNING: Name resolution of api.shop.example failed`
fn unresolved(text: &str) -> Option<&str> {
    text.strip_prefix("WARNING: Name resolution of ")?.split(" failed").next()
}

/// No Windows is at hand: the texts follow Microsoft's reference of the command.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_trace_has_three_rows_for_each_hop() {
        let rows = |status: &str, router: &str| {
            let head = "   Target: shop.example\n\nHop Hostname   Ping Latency Status    Source   TargetAddress\n                    (ms)\n--- --------   ---- ------- ------    ------   -------------\n";
            let silent = (1..=3).map(|ping| format!("  1 0.0.0.0   {ping}   * TimedOut   web-7   203.0.113.10\n"));
            let silent: String = silent.collect();
            format!("{head}{silent}  2 {router}   1   3 {status}   web-7   203.0.113.10")
        };
        let told = |text: &str| told(PINGS, text);
        assert_eq!(told(&rows("Success", "203.0.113.10")), ["path is complete at 203.0.113.10 (2 hops)"]);
        let cut = ["path end is not shown, 198.51.100.1 at hop 2 answered last at 203.0.113.10"];
        assert_eq!(told(&rows("TtlExpired", "198.51.100.1")), cut);
    }

    #[test]
    fn a_failed_test_does_not_say_how_it_failed() {
        let text = "WARNING: TCP connect to (10.20.0.15 : 8443) failed\n\n\nComputerName     : api.shop.example\nRemoteAddress    : 10.20.0.15\nRemotePort       : 8443\nInterfaceAlias   : Ethernet\nSourceAddress    : 10.20.0.7\nPingSucceeded    : True\nTcpTestSucceeded : False";
        assert_eq!(
            told(READER, text),
            [
                "ping is answered at 10.20.0.15 (PingSucceeded is True)",
                "tcp connect is failed at 10.20.0.15:8443 (TcpTestSucceeded is False)",
            ]
        );
    }

    #[test]
    fn each_row_of_a_ping_counts_once() {
        let head = "   Destination: api.shop.example\n\nPing Source           Address                   Latency BufferSize Status\n\
                    \x20                                                  (ms)        (B)\n---- ------           -------                   ------- ---------- ------\n";
        let lost = "   1 localhost        *                               *          * TimedOut\n";
        let came = "   2 localhost        192.0.2.7                      11         32 Success\n";
        assert_eq!(told(PINGS, &format!("{head}{lost}")), ["ping is silent at api.shop.example (0 of 1 answered)"]);
        assert_eq!(told(PINGS, &format!("{head}{lost}{came}")), ["ping is lossy at 192.0.2.7 (1 of 2 answered)"]);
    }

    #[test]
    fn a_name_that_was_not_resolved_was_not_connected_to() {
        let text = "WARNING: Name resolution of gone.shop.example failed\nComputerName   : gone.shop.example\nRemoteAddress  :\nInterfaceAlias :\nSourceAddress  :\nPingSucceeded  : False";
        assert_eq!(told(READER, text), ["the lookup of gone.shop.example could not resolve the name"]);
    }
}
