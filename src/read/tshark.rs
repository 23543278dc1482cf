//! Reads `tshark`'s list of packets: how each TCP connection began.
//!
//! ```text
//!     1 0.000000000    127.0.0.1 → 127.0.0.1    TCP 74 38002 → 22222 [SYN] Seq=0 Win=65495 Len=0
//! ```

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::tcpdump::Seen;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "tshark", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    let said = |text: &str| is_packet(text) || text.starts_with("Capturing on '") || text.starts_with("tshark: ");
    if part.any(said) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut seen = Seen::default();
    // The port of the server that a client has connected to last.
    let mut ports: BTreeMap<(Option<IpAddr>, Option<IpAddr>), Option<u16>> = BTreeMap::new();
    for line in part.lines.iter().filter(|line| is_packet(&line.text) || is_remark(&line.text)) {
        findings.noise(line.number);
        if let Some((from, to, says)) = question(&line.text) {
            seen.name_query(line.number, (from, to), &says, findings);
        } else if let Some((from, to, flags)) = segment(&line.text) {
            let names = (from.to_string(), to.to_string());
            if flags == "S" {
                ports.insert((to.address, from.address), to.port);
            }
            seen.segment(line.number, (from, to), (&names.0, &names.1), &flags);
        } else if let Some((server, from, status)) = answer(&line.text) {
            let to = Endpoint { port: ports.get(&(server.address, from.address)).copied().flatten(), ..server };
            let (protocol, outcome) = (Some("http".to_owned()), Outcome::of_status(status));
            let attempt =
                Attempt { to, from, protocol, status: Some(status), ..Attempt::new(Stage::Exchange, outcome) };
            findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
        }
    }
    seen.finish(findings);
}

fn is_remark(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.starts_with("Running as user ")
        || text.starts_with("** (tshark:")
        || text.starts_with("Capturing on '")
        || text.starts_with("tshark:")
        || text.ends_with("packets captured")
}

/// Both ends of a question or an answer of DNS, and what it says in the words of tcpdump: `12+ A? a.example. (0)`, `12 NXDomain 0/0/0`.
fn question(text: &str) -> Option<(Endpoint, Endpoint, String)> {
    if !is_packet(text) {
        return None;
    }
    let mut words = text.split_whitespace().skip(2);
    let (from, _, to): (IpAddr, _, IpAddr) = (words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?);
    let (_, said) = text.split_once(" Standard query ")?;
    let number = |said: &str| u32::from_str_radix(said.split(' ').next()?.strip_prefix("0x")?, 16).ok();
    let Some(answer) = said.strip_prefix("response ") else {
        let mut words = said.split(' ').skip(1);
        let says = format!("{}+ {}? {}. (0)", number(said)?, words.next()?, words.next()?);
        return Some((Endpoint::at(from, None), Endpoint::at(to, Some(53)), says));
    };
    let failed = [("No such name", "NXDomain"), ("Server failure", "ServFail"), ("Refused", "Refused")];
    let rcode = failed.iter().find(|(words, _)| answer.contains(words)).map_or("", |(_, rcode)| rcode);
    let addresses: Vec<&str> = answer.split(' ').filter(|word| word.parse::<IpAddr>().is_ok()).collect();
    let says = format!("{} {rcode} {}/0/0 {}", number(answer)?, addresses.len(), addresses.join(", "));
    Some((Endpoint::at(from, Some(53)), Endpoint::at(to, None), says))
}

/// Who answers whom with which status: `14 0.078 10.0.0.7 → 10.0.0.9 HTTP/JSON 89 HTTP/1.1 503 Service Unavailable`.
fn answer(text: &str) -> Option<(Endpoint, Endpoint, u16)> {
    let mut words = text.split_whitespace().skip(2).filter(|_| is_packet(text));
    let (server, _, client) = (words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?);
    words.next().filter(|protocol| protocol.starts_with("HTTP"))?;
    let status = words.skip_while(|word| !word.starts_with("HTTP/")).nth(1)?.parse().ok()?;
    Some((Endpoint::at(server, None), Endpoint::at(client, None), status))
}

/// Both ends of a TCP segment and its flags as tcpdump writes them.
fn segment(text: &str) -> Option<(Endpoint, Endpoint, String)> {
    if !is_packet(text) {
        return None;
    }
    let mut words = text.split_whitespace().skip(2);
    let (from, _, to) = (words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?);
    (words.next()? == "TCP").then_some(())?;
    let (_, rest) = text.split_once(" TCP ")?;
    // "[TCP Retransmission] 45784 → 25 [SYN] Seq=0": the ports stand around the last arrow.
    let (left, right) = rest.rsplit_once(" → ").or_else(|| rest.rsplit_once(" -> "))?;
    let (port, rest) = right.split_once(" [")?;
    let (flags, _) = rest.split_once(']')?;
    let from = Endpoint::at(from, left.rsplit(' ').next()?.parse().ok());
    let to = Endpoint::at(to, port.trim().parse().ok());
    let letter = |flag: &str| match flag.trim() {
        "SYN" => "S",
        "RST" => "R",
        "FIN" => "F",
        "PSH" => "P",
        "ACK" => ".",
        _ => "",
    };
    Some((from, to, flags.split(',').map(letter).collect()))
}

/// Number, time, source, an arrow, target.
fn is_packet(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(5).collect();
    let [number, time, _, arrow, _] = words.as_slice() else { return false };
    number.parse::<u32>().is_ok() && time.parse::<f64>().is_ok() && matches!(*arrow, "→" | "->")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_first_packet_sent_again_was_not_answered() {
        let text = "    1 0.000000000    10.20.0.7 → 10.20.0.15   TCP 74 45784 → 25 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=2912577342 TSecr=0 WS=1024\n\
                    2 1.005756317    10.20.0.7 → 10.20.0.15   TCP 74 [TCP Retransmission] 45784 → 25 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=2912578348 TSecr=0 WS=1024";
        assert_eq!(told(READER, text), ["the request to 10.20.0.15:25 was never answered: the connection timed out"]);
    }
}
