//! Reads `tracepath` of iputils, which also finds the largest packet that fits through.
//!
//! ```text
//!  1?: [LOCALHOST]                      pmtu 1500
//!  2:  192.0.2.2                                             0.020ms
//!  3:  192.0.2.2                                             0.189ms pmtu 1400
//!  3:  10.20.0.15                                            0.196ms reached
//!      Resume: pmtu 1400 hops 3 back 3
//! ```

use super::request::endpoint;
use super::trace::{Ending, Hop, Refusal, Trace, addresses};
use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, State};

pub(super) const READER: Reader = Reader { kind: "tracepath", most: 0.98, recognize, read };

/// What Ethernet carries unsplit, in bytes (RFC 894). Only a smaller path is worth a word.
const ORDINARY_MTU: u32 = 1500;

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.contains(": [LOCALHOST]") || resume(text).is_some()) {
        return 0.98;
    }
    let rows = part.lines.iter().filter(|line| hop(&line.text).is_some()).count();
    match (rows, part.runs("tracepath")) {
        (1.., true) => 0.95,
        (2.., false) => 0.8,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let command = part.command.as_ref().filter(|_| part.runs("tracepath"));
    let asked = command.and_then(|command| command.words().filter(|word| word.contains(['.', ':'])).last());
    let mut trace = Trace::to(asked.map(|word| endpoint(word, None)));
    for line in &part.lines {
        let text = line.text.as_str();
        let mut known = true;
        if let Some(mtu) = resume(text) {
            trace.at(line.number);
            if mtu < ORDINARY_MTU {
                let state = State {
                    observable: observable::PATH_MTU.to_owned(),
                    value: "seen".to_owned(),
                    of: trace.target.clone().unwrap_or_default(),
                    detail: format!("{mtu} bytes"),
                };
                findings.fact(Lines::one(line.number), Claim::State(state));
            }
        } else if text.trim_start().starts_with("Too many hops") {
            trace.at(line.number);
            trace.ending = trace.ending.or(Some(Ending::GaveUp));
        } else if let Some(hop) = hop(text) {
            if trace.has_passed(hop.distance + 1) {
                let again = Trace::to(trace.target.clone());
                std::mem::replace(&mut trace, again).finish(findings);
            }
            trace.at(line.number);
            if text.contains(" reached") {
                trace.ending = Some(Ending::Arrived);
            }
            match trace.hops.last_mut().filter(|last| last.distance == hop.distance) {
                Some(last) => {
                    let new: Vec<String> = hop.from.into_iter().filter(|from| !last.from.contains(from)).collect();
                    last.from.extend(new);
                    last.refusal = last.refusal.or(hop.refusal);
                }
                None => trace.hops.push(hop),
            }
        } else {
            known = text.trim().is_empty() || text.contains(": [LOCALHOST]") || text.trim() == "^C";
        }
        if known {
            findings.noise(line.number);
        }
    }
    trace.finish(findings);
}

/// ` 3:  10.20.0.15   0.196ms reached`, ` 3:  no reply`, `10:  asymm`.
fn hop(text: &str) -> Option<Hop> {
    let (distance, rest) = text.trim_start().split_once(':')?;
    let distance = distance.trim_end_matches('?').parse().ok()?;
    let from = addresses(rest);
    let silent = rest.trim() == "no reply";
    let timed = rest.split_whitespace().any(|word| word.ends_with("ms"));
    let named = rest.split_whitespace().next().filter(|_| from.is_empty() && timed).map(str::to_owned);
    (silent || timed).then(|| Hop {
        distance,
        from: from.into_iter().chain(named).collect(),
        refusal: rest.split_whitespace().find_map(Refusal::of),
    })
}

/// The bytes in `Resume: pmtu 1400 hops 3 back 3`.
fn resume(text: &str) -> Option<u32> {
    text.trim_start().strip_prefix("Resume: pmtu ")?.split_whitespace().next()?.parse().ok()
}
