//! One piece of evidence as a person gave it, and what was read from it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::case::{Entry, Folded};
use crate::evidence::Origin;
use crate::inquiry::{Gist, Heard, Mark, Paste};

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
    pub text: Arc<str>,
    /// Those facts.
    pub facts: Option<Folded>,
    pub origin: Origin,
    /// The kind a person chose where the recognition was wrong.
    pub read_as: Option<String>,
    pub voice: Voice,
    pub gist: Gist,
}

impl Item {
    /// Takes in what the engine heard.
    pub fn new(id: ItemId, heard: Heard, origin: Origin) -> Item {
        let Heard { text, facts, command, gist } = heard;
        let origin = Origin { command, ..origin };
        Item { id, text: text.into(), facts, origin, read_as: None, voice: Voice::Heard, gist }
    }

    /// What the engine has to hear again after its kind or its command line changed.
    pub fn paste(&self) -> Paste {
        Paste {
            text: self.text.to_string(),
            facts: self.facts.clone(),
            command: self.origin.command.clone(),
            read_as: self.read_as.clone(),
        }
    }

    /// Takes in a second hearing.
    pub fn rehear(&mut self, heard: Heard) {
        self.origin.command = heard.command;
        self.gist = heard.gist;
    }

    /// What the engine weighs. Muted evidence keeps its place with nothing in it, so that positions stay true.
    pub fn testimony(&self) -> Entry<Mark> {
        self.entry(None, (self.voice == Voice::Heard).then_some(self.gist.mark))
    }

    /// As this browser keeps it, and as a file holds it.
    pub fn kept(&self) -> Entry<Folded> {
        self.entry(self.own_text(), self.facts.clone())
    }

    /// As a link without texts holds it.
    pub fn facts_alone(&self) -> Entry<Mark> {
        self.entry(None, Some(self.gist.mark))
    }

    /// As a link with texts holds it.
    pub fn with_text(&self) -> Entry<Mark> {
        let text = self.own_text();
        let facts = text.is_none().then_some(self.gist.mark);
        self.entry(text, facts)
    }

    fn own_text(&self) -> Option<String> {
        (!self.text.is_empty()).then(|| self.text.to_string())
    }

    /// The text, and what was read from it.
    pub fn with_both(&self) -> Entry<Mark> {
        self.entry(self.own_text(), Some(self.gist.mark))
    }

    fn entry<R>(&self, text: Option<String>, facts: Option<R>) -> Entry<R> {
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
