//! How one element stands in a diagnosis, in one word.

use std::collections::BTreeMap;
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

/// How all elements stand. Looked up and not searched for: a large map asks for thousands at every answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standings {
    /// Elements that the diagnosis speaks of.
    told: BTreeMap<String, Told>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Told {
    tested: bool,
    /// Of the element itself or of one of its addresses; what accuses comes before what clears.
    here: Vec<(Option<IpAddr>, Standing)>,
}

impl Standings {
    /// How an element stands; with an address, that one address of it.
    pub fn of(&self, element: &str, address: Option<IpAddr>) -> Standing {
        let Some(told) = self.told.get(element) else { return Standing::Untested };
        let here = told.here.iter().find(|(at, _)| *at == address).map(|(_, standing)| *standing);
        here.unwrap_or(if told.tested { Standing::Open } else { Standing::Untested })
    }
}

impl Diagnosis {
    /// How all elements stand.
    pub fn standings(&self) -> Standings {
        let mut told: BTreeMap<String, Told> = BTreeMap::new();
        let mut about = |element: &str, note: &dyn Fn(&mut Told)| note(told.entry(element.to_owned()).or_default());
        if matches!(self.verdict, Verdict::Isolated | Verdict::Leading | Verdict::Underdetermined) {
            for belief in self.elements.iter().filter(|belief| belief.probability >= SUSPECT) {
                let standing = if belief.probability >= FAILING { Standing::Failing } else { Standing::Suspect };
                about(&belief.element, &|told| told.here.push((belief.address, standing)));
            }
        }
        for cleared in &self.cleared {
            about(&cleared.element, &|told| told.here.push((cleared.address, Standing::Cleared)));
        }
        if self.verdict != Verdict::NoEvidence {
            self.tested.iter().for_each(|element| about(element, &|told| told.tested = true));
        }
        Standings { told }
    }
}
