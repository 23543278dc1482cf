//! Belief as a person says it: words first, the number second.

use crate::diagnosis::Verdict;

/// How sure the verdict is, in words.
pub(super) fn in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Isolated => "Found, as far as the evidence goes",
        Verdict::Leading => "Strong lead",
        Verdict::Underdetermined => "Not clear yet",
        Verdict::NothingWrong => "Nothing wrong in what was tested",
        Verdict::NoEvidence => "No evidence yet",
    }
}

/// A share of belief as a rounded percentage that never claims certainty.
pub(super) fn percent(probability: f64) -> String {
    match probability * 100.0 {
        p if p < 1.0 => "under 1 %".to_owned(),
        p if p > 99.0 => "over 99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}
