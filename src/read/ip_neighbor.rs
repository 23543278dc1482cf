//! Reads `ip neigh` and `arping`: which hosts of the same network answer for their address, and whether two do.
//!
//! ```text
//! 192.0.2.1 dev eth0 lladdr 9a:de:0b:67:04:80 REACHABLE
//! 203.0.113.99 dev eth1 FAILED
//! Unicast reply from 192.168.30.20 [1A:52:D0:D3:4A:11]  5.590ms
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "ip", most: 0.97, recognize, read };

pub(super) const ARPING: Reader = Reader {
    kind: "arping",
    most: 0.98,
    recognize: |part| if part.any(|text| text.starts_with("ARPING ") || reply(text).is_some()) { 0.98 } else { 0.0 },
    read,
};

fn recognize(part: &Part) -> f64 {
    if part.any(|text| neighbor(text).is_some()) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        if let Some(state) = neighbor(&line.text) {
            findings.fact(Lines::one(line.number), Claim::State(state));
        } else if line.text.contains(" dev ") && (line.text.contains(" PERMANENT") || line.text.contains(" NOARP")) {
            // Configured by hand: it says nothing of the neighbor.
            findings.noise(line.number);
        } else if ["ARPING ", "Sent ", "Received ", "--- ", "rtt "].iter().any(|start| line.text.starts_with(start))
            || (line.text.contains(" packets transmitted, ") && line.text.contains("% unanswered"))
        {
            findings.noise(line.number);
        }
    }
    answers(part, findings);
    silence(part, findings);
}

/// That nobody answered for the address: iputils' "Received 0 response(s)", or Habets' "2 packets transmitted, 0 packets received, 100% unanswered".
fn silence(part: &Part, findings: &mut Findings) {
    let mut asked: Option<(u32, Endpoint)> = None;
    for line in &part.lines {
        let text = line.text.as_str();
        if let Some(rest) = text.strip_prefix("ARPING ") {
            let address = rest.split(' ').next().and_then(|address| address.parse().ok());
            asked = address.map(|address| (line.number, Endpoint::at(address, None)));
        } else if (text.starts_with("Received 0 response") || text.contains(" 0 packets received, 100% unanswered"))
            && let Some((first, of)) = asked.take()
        {
            findings.state(Lines::new(first, line.number), observable::NEIGHBOR, "failed", of, "no answer to arping");
        }
    }
}

/// What answered the broadcasts of arping, one state for each address.
fn answers(part: &Part, findings: &mut Findings) {
    let mut answers: BTreeMap<IpAddr, (Lines, BTreeSet<&str>)> = BTreeMap::new();
    for line in &part.lines {
        if let Some((address, hardware)) = reply(&line.text) {
            let (lines, seen) = answers.entry(address).or_insert((Lines::one(line.number), BTreeSet::new()));
            lines.last = line.number;
            seen.insert(hardware);
            findings.noise(line.number);
        }
    }
    for (address, (lines, hardware)) in answers {
        let value = if hardware.len() > 1 { "two_hosts" } else { "reachable" };
        let detail = hardware.into_iter().collect::<Vec<_>>().join(", ");
        findings.state(lines, observable::NEIGHBOR, value, Endpoint::at(address, None), detail);
    }
}

/// The address and the hardware address of a reply, as arping of iputils prints it.
fn reply(text: &str) -> Option<(IpAddr, &str)> {
    // Habets' arping: "42 bytes from b6:71:bc:f2:c3:05 (192.168.40.5): index=0 time=10.145 usec".
    if let Some((_, rest)) = text.split_once(" bytes from ")
        && let Some((hardware, rest)) = rest.split_once(" (")
        && hardware.matches(':').count() == 5
    {
        return Some((rest.split_once(')')?.0.parse().ok()?, hardware));
    }
    let (address, rest) = text.split_once(" reply from ")?.1.split_once(" [")?;
    Some((address.parse().ok()?, rest.split_once(']')?.0))
}

/// The states are those of ip-neighbour(8). One that was known once and is not confirmed lately may be there and may be gone.
fn neighbor(text: &str) -> Option<State> {
    let mut words = text.split_whitespace();
    let address = words.next()?.parse().ok()?;
    // "ip neigh show dev eth0" leaves out which interface it is.
    let interface = match words.next()? {
        "dev" => Some(words.next()?),
        "lladdr" | "INCOMPLETE" | "FAILED" => None,
        _ => return None,
    };
    let word = text.split_whitespace().last()?;
    let value = match word {
        "REACHABLE" => "reachable",
        // Of an incomplete one it has been asked just now, and the answer may be on its way.
        "STALE" | "DELAY" | "PROBE" | "INCOMPLETE" => "unconfirmed",
        "FAILED" => "failed",
        _ => return None,
    };
    Some(State {
        observable: observable::NEIGHBOR.to_owned(),
        value: value.to_owned(),
        of: Endpoint::at(address, None),
        detail: interface.map_or_else(|| word.to_owned(), |interface| format!("{word} on {interface}")),
    })
}
