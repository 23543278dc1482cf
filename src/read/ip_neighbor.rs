//! Reads `ip neigh`: which hosts of the same network answer for their address.
//!
//! ```text
//! 192.0.2.1 dev eth0 lladdr 9a:de:0b:67:04:80 REACHABLE
//! 203.0.113.99 dev eth1 FAILED
//! ```

use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "ip", recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| neighbor(text).is_some()) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        if let Some(state) = neighbor(&line.text) {
            findings.fact(Lines::one(line.number), Claim::State(state));
        }
    }
}

/// The states are those of ip-neighbour(8). One that was known once and is not confirmed lately is as good as reachable.
fn neighbor(text: &str) -> Option<State> {
    let mut words = text.split_whitespace();
    let address = words.next()?.parse().ok()?;
    (words.next()? == "dev").then_some(())?;
    let interface = words.next()?;
    let word = words.last()?;
    let value = match word {
        "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "PERMANENT" | "NOARP" => "reachable",
        "FAILED" | "INCOMPLETE" => "failed",
        _ => return None,
    };
    Some(State {
        observable: observable::NEIGHBOR.to_owned(),
        value: value.to_owned(),
        of: Endpoint::at(address, None),
        detail: format!("{word} on {interface}"),
    })
}
