//! The facts behind a suspicion as a person wants them: the same thing seen five times is one reason.

use super::{Because, Suspect};
use crate::evidence::Lines;

/// One reason, and every place where it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub says: String,
    /// Position of the evidence in the case, from 0.
    pub evidence: usize,
    /// Neighboring lines are joined.
    pub lines: Vec<Lines>,
    /// How often it was seen.
    pub times: usize,
    /// Bits of the strongest sighting: positive speaks for the suspicion, negative against it.
    pub bits: f64,
}

impl Suspect {
    /// Its reasons, strongest first, repetitions joined.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons: Vec<(Reason, Vec<&Because>)> = Vec::new();
        for because in &self.because {
            let same = |reason: &Reason| {
                reason.evidence == because.evidence
                    && reason.says == because.says
                    && (reason.bits > 0.0) == (because.bits > 0.0)
            };
            match reasons.iter_mut().find(|(reason, _)| same(reason)) {
                Some((_, seen)) => seen.push(because),
                None => {
                    let Because { evidence, says, bits, .. } = because.clone();
                    let reason = Reason { says, evidence, lines: Vec::new(), times: 0, bits };
                    reasons.push((reason, vec![because]));
                }
            }
        }
        let joined = |(reason, seen): (Reason, Vec<&Because>)| {
            let mut numbers: Vec<u32> =
                seen.iter().flat_map(|because| because.lines.first..=because.lines.last).collect();
            numbers.sort_unstable();
            Reason { lines: Lines::runs(numbers), times: seen.len(), ..reason }
        };
        reasons.into_iter().map(joined).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_seen_again_is_one_reason_with_all_its_lines() {
        let seen =
            |line, says: &str, bits| Because { evidence: 0, lines: Lines::one(line), says: says.to_owned(), bits };
        let suspect = Suspect {
            element: "elb".to_owned(),
            address: None,
            failure_mode: "address-dead".to_owned(),
            title: String::new(),
            probability: 0.9,
            because: vec![
                seen(14, "silence", 5.0),
                seen(12, "silence", 5.0),
                seen(2, "worked", 1.0),
                seen(13, "silence", 5.0),
            ],
            fix: String::new(),
            verify: String::new(),
        };
        let reasons = suspect.reasons();
        assert_eq!(reasons.len(), 2);
        assert_eq!((reasons[0].times, reasons[0].lines.as_slice()), (3, &[Lines::new(12, 14)][..]));
    }
}
