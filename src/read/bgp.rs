//! Reads `show ip bgp summary` of FRR, SONiC and Cisco's routers: which neighbors a session stands with, and which not.
//!
//! ```text
//! Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc
//! 10.71.0.1       4      65100         5         5        0    0    0 00:00:17            1        2 N/A
//! 10.71.0.99      4      65200         0         0        0    0    0    never       Active        0 N/A
//! ```
//!
//! Where a session stands, the last column counts what the neighbor has announced.

use super::observable::{COMPLAINT, NEIGHBOR};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "bgp", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_head) { 0.97 } else { 0.0 }
}

fn is_head(text: &str) -> bool {
    text.starts_with("Neighbor ") && text.contains(" MsgRcvd ") && text.contains("State/PfxRcd")
}

fn read(part: &Part, findings: &mut Findings) {
    let mut inside = false;
    for line in &part.lines {
        let text = line.text.trim();
        let words: Vec<&str> = text.split_whitespace().collect();
        if is_head(text) {
            inside = true;
        } else if let ([neighbor, "4", ..], true) = (words.as_slice(), inside)
            && let (Ok(address), Some(since), Some(state)) = (neighbor.parse(), words.get(8), words.get(9))
        {
            let (at, of) = (Lines::one(line.number), Endpoint::at(address, None));
            let lasts = if *since == "never" { "never up".to_owned() } else { format!("for {since}") };
            if state.starts_with(|c: char| c.is_ascii_digit()) {
                findings.state(at, NEIGHBOR, "reachable", of, format!("BGP session {lasts}, {state} prefixes"));
            } else {
                // "Idle (Admin)": somebody has switched it off.
                let more = words.get(10).filter(|word| word.starts_with('(')).map(|word| format!(" {word}"));
                let detail = format!("BGP session {state}{}, {lasts}", more.unwrap_or_default());
                findings.state(at, COMPLAINT, "failed", of, detail);
            }
        } else if !["BGP ", "RIB entries", "Peers ", "Total number of neighbors", "IPv4 ", "IPv6 "]
            .iter()
            .any(|own| text.starts_with(own))
        {
            continue;
        }
        findings.noise(line.number);
    }
}
