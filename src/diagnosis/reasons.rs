//! The facts behind a suspicion as a person wants them: the same thing seen in two places is one reason.

use super::{Because, Suspect};
use crate::evidence::Lines;

/// One reason, and every place where it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub says: String,
    /// Position of the evidence in the case, from 0.
    pub evidence: usize,
    /// In the order of strength; all in the same evidence.
    pub lines: Vec<Lines>,
    /// Bits of the strongest sighting: positive speaks for the suspicion, negative against it.
    pub bits: f64,
}

impl Suspect {
    /// Its reasons, strongest first, repetitions joined.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for Because { evidence, lines, says, bits } in &self.because {
            let same = |reason: &Reason| {
                reason.evidence == *evidence && reason.says == *says && (reason.bits > 0.0) == (*bits > 0.0)
            };
            match reasons.iter_mut().find(|reason| same(reason)) {
                Some(reason) => reason.lines.push(*lines),
                None => {
                    reasons.push(Reason { says: says.clone(), evidence: *evidence, lines: vec![*lines], bits: *bits })
                }
            }
        }
        reasons
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
            because: vec![seen(12, "silence", 5.0), seen(2, "worked", 1.0), seen(14, "silence", 5.0)],
            fix: String::new(),
            verify: String::new(),
        };
        let reasons = suspect.reasons();
        assert_eq!(reasons.len(), 2);
        assert_eq!(reasons[0].lines, [Lines::one(12), Lines::one(14)]);
    }
}
