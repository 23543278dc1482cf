//! The stop rule: when more commands would not change what one does.

use crate::diagnosis::{Enough, Suggestion, Suspect, Verdict};

/// From here on one repair is worth doing …
const SURE: f64 = 0.9;

/// … or from here on, where no command tells as many bits any more.
const NOTHING_BETTER: f64 = 0.75;

const WORTH: f64 = 0.05;

/// The repair that is due, if there is one: nearly all belief asks for it, or no command would tell more.
pub fn enough(verdict: Verdict, suspects: &[Suspect], next: &[Suggestion]) -> Option<Enough> {
    let first = suspects.first().filter(|first| verdict == Verdict::Isolated && !first.fix.is_empty())?;
    // Faults of one place with the same repair ask for one thing.
    let belief: f64 = suspects
        .iter()
        .filter(|other| (&other.element, other.address) == (&first.element, first.address) && other.fix == first.fix)
        .map(|other| other.probability)
        .sum();
    let idle = next.iter().all(|suggestion| suggestion.bits < WORTH);
    (belief >= SURE || (idle && belief >= NOTHING_BETTER)).then(|| Enough {
        element: first.element.clone(),
        address: first.address,
        fix: first.fix.clone(),
        verify: first.verify.clone(),
    })
}
