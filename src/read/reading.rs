//! What reading a paste gives: blocks, each with its facts and the lines nobody understood; also what `read --json` prints.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::{Claim, Fact};

/// The block kind of text that no reader recognizes.
pub const UNKNOWN: &str = "unknown";

/// Everything read from one paste.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub blocks: Vec<Block>,
}

impl Reading {
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.blocks.iter().flat_map(|block| &block.facts)
    }

    /// Lines no reader understood.
    pub fn unread(&self) -> impl Iterator<Item = Lines> {
        self.blocks.iter().flat_map(|block| block.unread.iter().copied())
    }
}

/// One line for what each block was read as, one for each of its facts, one for the lines not understood.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for block in &self.blocks {
            writeln!(f, "{} read as {} ({:.2})", block.lines.spoken(), block.kind, block.confidence)?;
            for fact in &block.facts {
                writeln!(f, "  {}: {}", fact.lines.spoken(), fact.claim)?;
            }
            for lines in &block.unread {
                writeln!(f, "  {} not understood", lines.spoken())?;
            }
        }
        Ok(())
    }
}

/// One stretch of a paste and what it was read as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The command that printed it (`curl`, `dig`), or `unknown`.
    pub kind: String,
    /// How sure the recognition is, 0 to 1.
    pub confidence: f64,
    pub lines: Lines,
    /// The command line, where the paste shows it or the person gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Host name of the shell prompt above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_host: Option<String>,
    pub facts: Vec<Fact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Lines>,
}

impl Block {
    /// Notes how long its command ran, where that is one request whose time it does not tell itself.
    pub(super) fn took(&mut self, seconds: f64) {
        match self.facts.as_mut_slice() {
            [Fact { claim: Claim::Attempt(attempt), .. }] => {
                attempt.times.total = attempt.times.total.or(Some(seconds))
            }
            [Fact { claim: Claim::Lookup(lookup), .. }] => lookup.seconds = lookup.seconds.or(Some(seconds)),
            _ => {}
        }
    }

    /// A text in which nothing is looked for.
    pub(super) fn unread(lines: &[Line]) -> Block {
        let filled = || lines.iter().filter(|line| !line.text.trim().is_empty()).map(|line| line.number);
        let last = filled().next_back().unwrap_or(1);
        Block {
            kind: UNKNOWN.to_owned(),
            confidence: 0.0,
            lines: Lines::new(filled().next().unwrap_or(last), last),
            command: None,
            prompt_host: None,
            facts: Vec::new(),
            unread: Lines::runs(filled().collect::<Vec<u32>>()),
        }
    }
}
