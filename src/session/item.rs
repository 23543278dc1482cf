//! One piece of evidence as a person gave it, and what was read from it.

use serde::{Deserialize, Serialize};

use super::redact;
use crate::case::Entry;
use crate::engine::Evidence;
use crate::evidence::Origin;
use crate::read::{Reading, read};

/// Stays the same while the case is open, whatever is removed around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub u32);

/// Whether the diagnosis takes a piece of evidence into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voice {
    #[default]
    Heard,
    /// Kept, but left out: shows what the verdict would be without it.
    Muted,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: ItemId,
    /// Redacted; empty where only facts came by a link.
    pub text: String,
    pub origin: Origin,
    /// The kind a person chose where the recognition was wrong.
    pub read_as: Option<String>,
    pub voice: Voice,
    pub reading: Reading,
}

impl Item {
    /// Takes in pasted text: secrets go first, then it is read. Only the redacted text is kept.
    pub fn pasted(id: ItemId, text: &str, origin: Origin) -> Item {
        let mut item = Item {
            id,
            text: redact::redact(text).text,
            origin,
            read_as: None,
            voice: Voice::Heard,
            reading: Reading::default(),
        };
        item.reread();
        item
    }

    /// Takes in evidence of a case file or a link.
    pub fn of_entry(id: ItemId, entry: &Entry) -> Item {
        match (&entry.text, &entry.facts) {
            (None, Some(facts)) => Item {
                id,
                text: String::new(),
                origin: entry.origin(),
                read_as: None,
                voice: Voice::Heard,
                reading: facts.clone(),
            },
            (text, _) => Item::pasted(id, text.as_deref().unwrap_or_default(), entry.origin()),
        }
    }

    /// Reads the text again, after its kind or its command line changed. Facts without text stay as they came.
    pub fn reread(&mut self) {
        if !self.text.is_empty() {
            self.reading = read(&self.text, self.origin.command.as_deref(), self.read_as.as_deref());
        }
    }

    /// What the engine weighs. Muted evidence keeps its place with nothing in it, so that positions stay true.
    pub fn evidence(&self) -> Evidence {
        let reading = match self.voice {
            Voice::Heard => self.reading.clone(),
            Voice::Muted => Reading::default(),
        };
        Evidence { origin: self.origin.clone(), reading }
    }

    /// As a case file holds it.
    pub fn entry(&self) -> Entry {
        let facts = self.text.is_empty().then(|| self.reading.clone());
        let text = (!self.text.is_empty()).then(|| self.text.clone());
        self.entry_with(text, facts)
    }

    /// As a link holds it: what was read, without the text.
    pub fn entry_of_facts(&self) -> Entry {
        self.entry_with(None, Some(self.reading.clone()))
    }

    fn entry_with(&self, text: Option<String>, facts: Option<Reading>) -> Entry {
        Entry {
            text,
            file: None,
            facts,
            command: self.origin.command.clone(),
            vantage: self.origin.vantage.clone(),
            about: self.origin.about.clone(),
            at: self.origin.at.clone(),
        }
    }
}
