//! How one element stands in a diagnosis, in one word.

use std::net::IpAddr;

use super::{Diagnosis, Verdict};

/// How an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Holds most of the belief.
    Failing,
    /// Holds enough belief to be looked at.
    Suspect,
    /// Some evidence clears it, within a scope.
    Cleared,
    /// Evidence touched it without saying much.
    Open,
    /// No evidence has touched it.
    Untested,
}

impl Standing {
    /// The word shown next to it.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Failing => "failing",
            Standing::Suspect => "suspect",
            Standing::Cleared => "cleared",
            Standing::Open => "unclear",
            Standing::Untested => "not tested",
        }
    }

    /// The sign shown next to it, for those who read neither color nor words.
    pub fn glyph(self) -> &'static str {
        match self {
            Standing::Failing => "✕",
            Standing::Suspect => "?",
            Standing::Cleared => "✓",
            Standing::Open => "○",
            Standing::Untested => "–",
        }
    }

    /// Both: `✕ failing`.
    pub fn sign(self) -> String {
        [self.glyph(), self.word()].join(" ")
    }
}

/// From here on an element is shown as failing: more likely than everything else together.
const FAILING: f64 = 0.5;
/// From here on it is shown as a suspect.
const SUSPECT: f64 = 0.1;

impl Diagnosis {
    /// How an element stands; with an address, that one address of it.
    pub fn standing(&self, element: &str, address: Option<IpAddr>) -> Standing {
        let here = |candidate: &str, at: Option<IpAddr>| candidate == element && at == address;
        let accuses = matches!(self.verdict, Verdict::Isolated | Verdict::Leading | Verdict::Underdetermined);
        let belief = self.elements.iter().find(|belief| here(&belief.element, belief.address));
        match belief.map_or(0.0, |belief| belief.probability) {
            p if accuses && p >= FAILING => return Standing::Failing,
            p if accuses && p >= SUSPECT => return Standing::Suspect,
            _ => {}
        }
        if self.cleared.iter().any(|cleared| here(&cleared.element, cleared.address)) {
            Standing::Cleared
        } else if self.verdict == Verdict::NoEvidence || !self.tested.iter().any(|id| id == element) {
            Standing::Untested
        } else {
            Standing::Open
        }
    }
}
