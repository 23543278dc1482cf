//! One piece of evidence as a person gave it, and what was read from it.

use serde::{Deserialize, Serialize};

use crate::case::Entry;
use crate::evidence::Origin;
use crate::inquiry::{Heard, Paste};
use crate::read::Reading;

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
    /// Takes in what the engine heard.
    pub fn new(id: ItemId, heard: Heard, origin: Origin) -> Item {
        let Heard { text, command, reading } = heard;
        Item { id, text, origin: Origin { command, ..origin }, read_as: None, voice: Voice::Heard, reading }
    }

    /// What the engine has to hear again after its kind or its command line changed.
    pub fn paste(&self) -> Paste {
        Paste { text: self.text.clone(), command: self.origin.command.clone(), read_as: self.read_as.clone() }
    }

    /// Takes in a second hearing. Facts without text stay as they came.
    pub fn rehear(&mut self, heard: Heard) {
        self.origin.command = heard.command;
        if !self.text.is_empty() {
            self.reading = heard.reading;
        }
    }

    /// What the engine weighs. Muted evidence keeps its place with nothing in it, so that positions stay true.
    pub fn testimony(&self) -> Entry {
        let reading = match self.voice {
            Voice::Heard => self.reading.clone(),
            Voice::Muted => Reading::default(),
        };
        self.entry_with(None, Some(reading))
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

    /// The text, and what was read from it.
    pub fn entry_of_both(&self) -> Entry {
        self.entry_with((!self.text.is_empty()).then(|| self.text.clone()), Some(self.reading.clone()))
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
