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
    /// How an element stands; with an address, that one address of it. A large map asks for thousands at every answer, so nothing long
    /// is looked through: who is accused stands first, and what was tested stands in order.
    pub fn standing(&self, element: &str, address: Option<IpAddr>) -> Standing {
        let here = |candidate: &str, at: Option<IpAddr>| candidate == element && at == address;
        let accuses = matches!(self.verdict, Verdict::Isolated | Verdict::Leading | Verdict::Underdetermined);
        let mut accused = self.elements.iter().take_while(|belief| accuses && belief.probability >= SUSPECT);
        if let Some(belief) = accused.find(|belief| here(&belief.element, belief.address)) {
            return if belief.probability >= FAILING { Standing::Failing } else { Standing::Suspect };
        }
        if self.cleared.iter().any(|cleared| here(&cleared.element, cleared.address)) {
            Standing::Cleared
        } else if self.verdict == Verdict::NoEvidence || !self.was_tested(element) {
            Standing::Untested
        } else {
            Standing::Open
        }
    }

    /// The ids of all elements that may stand otherwise than untested, some more than once.
    pub fn touched(&self) -> impl Iterator<Item = &String> {
        let named = self.elements.iter().map(|belief| &belief.element);
        named.chain(self.cleared.iter().map(|cleared| &cleared.element)).chain(&self.tested)
    }

    fn was_tested(&self, element: &str) -> bool {
        self.tested.binary_search_by(|id| id.as_str().cmp(element)).is_ok()
    }
}
