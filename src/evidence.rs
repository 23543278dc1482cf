//! What a person pasted, and where in it something stands.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A run of lines of one paste, counted from 1 as an editor counts them; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Lines {
    pub first: u32,
    pub last: u32,
}

impl Lines {
    pub fn one(number: u32) -> Lines {
        Lines { first: number, last: number }
    }

    pub fn new(first: u32, last: u32) -> Lines {
        Lines { first: first.min(last), last: first.max(last) }
    }

    pub fn contains(self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }

    /// As a sentence names them: "line 3", "lines 3–4".
    pub fn spoken(self) -> String {
        if self.first == self.last { format!("line {self}") } else { format!("lines {self}") }
    }

    /// Joins neighboring numbers into runs: 1, 2, 3, 7 becomes 1–3, 7.
    pub fn runs(numbers: impl IntoIterator<Item = u32>) -> Vec<Lines> {
        let mut runs: Vec<Lines> = Vec::new();
        for number in numbers {
            match runs.last_mut() {
                Some(run) if number <= run.last.saturating_add(1) => run.last = run.last.max(number),
                _ => runs.push(Lines::one(number)),
            }
        }
        runs
    }
}

impl From<(u32, u32)> for Lines {
    fn from((first, last): (u32, u32)) -> Self {
        Lines::new(first, last)
    }
}

impl From<Lines> for (u32, u32) {
    fn from(lines: Lines) -> Self {
        (lines.first, lines.last)
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}–{}", self.first, self.last) }
    }
}

/// What is known about a paste besides its text. Everything is optional: the engine infers what it can and says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The command line that printed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Id of the node it was run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vantage: Option<String>,
    /// Id of the node (or `from->to`) it speaks of, where the text cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}
