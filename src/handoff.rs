//! A case for people without Hopwise: an incident note, a chat message, a page for one team, a picture.
//!
//! ```text
//! # Checkout times out
//!
//! **Strong lead:** elb: one of its addresses does not answer
//! …
//! _Facts only, no pasted text. Hopwise 0.1.0, 14 runbooks (5f0c3a1e), case format 1._
//! ```
//!
//! Every text says how far it was redacted and which program and runbooks made it. What came from a paste is escaped: it may
//! neither format the note, nor call a team in a chat, nor close a block of code.

use crate::diagnosis::Diagnosis;
use crate::engine::Evidence;
use crate::runbook::EDITION;
use crate::sketch::Sketch;

mod chat;
mod escape;
mod note;
mod picture;
mod team;
#[cfg(test)]
mod tests;
mod timeline;

pub use chat::chat;
pub use note::note;
pub use picture::svg;
pub use team::{team_page, teams};

/// How much of the pastes goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What was read, without the text.
    Facts,
    /// The same, with hosts and addresses under other names.
    Pseudonyms,
}

impl Level {
    fn spoken(self) -> &'static str {
        match self {
            Level::Facts => "Facts only, no pasted text",
            Level::Pseudonyms => "Facts only, hosts and addresses under other names",
        }
    }
}

/// Everything a text is made of.
#[derive(Debug, Clone, Copy)]
pub struct Handoff<'a> {
    pub title: &'a str,
    pub sketch: &'a Sketch,
    pub evidence: &'a [Evidence],
    pub diagnosis: &'a Diagnosis,
    pub level: Level,
}

impl Handoff<'_> {
    fn title(&self) -> &str {
        if self.title.trim().is_empty() { "Untitled case" } else { self.title }
    }

    /// `Facts only, no pasted text. Hopwise 0.1.0, 14 runbooks (5f0c3a1e), case format 1.`
    pub fn made_by(&self) -> String {
        format!(
            "{}. Hopwise {}, {EDITION}, case format {}.",
            self.level.spoken(),
            env!("CARGO_PKG_VERSION"),
            self.diagnosis.hopwise
        )
    }

    /// What to call an element of the drawing.
    fn name(&self, id: &str) -> String {
        self.sketch.element(id).map_or_else(|| id.to_owned(), |element| self.sketch.element_name(element))
    }

    /// Who runs an element; empty where nobody is named. The path between two hops belongs to the one that is called.
    fn team(&self, id: &str) -> &str {
        let node = id.split_once("->").map_or(id, |(_, to)| to);
        let node = node.split('#').next().unwrap_or(node);
        self.sketch.find(node).and_then(|ix| self.sketch.node(ix)).map_or("", |node| node.team.as_str())
    }
}
