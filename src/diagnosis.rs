//! The answer, as plain values: what fails, why we think so, what is cleared, and what to run next.
//!
//! This is also what `hopwise diagnose --json` prints.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::evidence::Lines;

mod explanation;
mod named;
mod reasons;
mod standing;
mod sum;

pub use explanation::{Contrast, Counted, Enough, Factor, Lowered, Phase, Turn};
pub use named::{Named, Owner};
pub use reasons::Reason;
pub use standing::Standing;
pub use sum::{Chart, Fetch, MeasuredAt, Missing, Sum};

/// The answer to one case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Version of the case format.
    pub hopwise: u32,
    pub verdict: Verdict,
    /// The verdict in one sentence for a tired reader.
    pub headline: String,
    /// Ways in which an element may be failing, most likely first.
    pub suspects: Vec<Suspect>,
    /// The same belief summed up per element, most likely first, 500 at most.
    pub elements: Vec<ElementBelief>,
    pub cleared: Vec<Cleared>,
    /// What was reckoned from several facts, with the numbers.
    pub sums: Vec<Sum>,
    /// What was measured of the hops that a comparison passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<Chart>,
    /// Where each thing was taken to be that was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<MeasuredAt>,
    /// Commands that fetch numbers of the hop whose numbers would tell most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fetch: Vec<Fetch>,
    /// Waits and statuses in the evidence that are known to be somebody's.
    pub named: Vec<Named>,
    /// Ids of nodes and edges that some evidence has touched, in alphabetical order.
    pub tested: Vec<String>,
    /// Ids of those that none has touched, the first 500.
    pub untested: Vec<String>,
    /// How many more there are of those.
    #[serde(default, skip_serializing_if = "is_none")]
    pub untested_beyond: usize,
    /// Commands worth running, best first.
    pub next: Vec<Suggestion>,
    /// So many more commands will do, whichever suspect it is; nothing where that cannot be promised.
    pub at_most: Option<u32>,
    /// Enough is known to act.
    pub enough: Option<Enough>,
    pub contrasts: Vec<Contrast>,
    /// Popular ideas that the evidence lowers.
    pub lowered: Vec<Lowered>,
    /// Evidence that the first suspect does not explain.
    pub unexplained: Vec<Because>,
    /// Answers that would put another element first.
    pub turns: Vec<Turn>,
    /// Positions of the pastes without which another element would come first.
    pub rests_on: Vec<usize>,
    /// The evidence between changes that somebody made; empty where nothing was changed.
    pub phases: Vec<Phase>,
    pub unread: Vec<Unread>,
    pub unplaced: Vec<Unplaced>,
    /// What the engine took for granted, in sentences.
    pub assumed: Vec<String>,
    /// The belief that the cause is not in the drawing at all, 0 to 1.
    pub outside: f64,
    /// The belief that nothing is wrong, 0 to 1.
    pub nothing: f64,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

/// How far the evidence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// One element holds nearly all belief.
    Isolated,
    /// One element leads, others are still possible.
    Leading,
    /// Several explanations fit; the next command says what is missing.
    Underdetermined,
    /// What was tested works.
    NothingWrong,
    /// Nothing was pasted that says anything about the drawing.
    #[default]
    NoEvidence,
}

impl Verdict {
    /// How far the evidence goes, in words; shown before any number.
    pub fn in_words(self) -> &'static str {
        match self {
            Verdict::Isolated => "Strong lead",
            Verdict::Leading => "Lead",
            Verdict::Underdetermined => "Not enough to tell",
            Verdict::NothingWrong => "Nothing wrong found",
            Verdict::NoEvidence => "No evidence yet",
        }
    }
}

/// The id of a fault no runbook describes.
pub const NOT_DESCRIBED: &str = "not-described";

/// One way in which one element may be failing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// Id of the node, or `from->to`.
    pub element: String,
    /// The one address of the node that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Id of the failure mode in its runbook; `not-described` where no runbook describes it.
    pub failure_mode: String,
    /// The suspicion in words.
    pub title: String,
    /// 0 to 1.
    pub probability: f64,
    /// Evidence that speaks for it (positive bits) and against it (negative), strongest first.
    pub because: Vec<Because>,
    /// What to do if it is the one; empty where no runbook says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
    /// How to see that the fix worked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verify: String,
}

/// One piece of evidence and how far it moves belief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Because {
    /// Position of the evidence in the case, from 0.
    pub evidence: usize,
    /// First and last line.
    pub lines: Lines,
    pub says: String,
    /// log2 of how much more likely it is under this suspicion than on average.
    pub bits: f64,
}

/// Belief per element; a node's entry includes its addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElementBelief {
    pub element: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    pub probability: f64,
}

/// An element the evidence clears, and for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cleared {
    pub element: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// What was tested, and from where: the clearance goes no further.
    pub scope: String,
    pub because: Vec<Seen>,
}

/// A place in the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub evidence: usize,
    pub lines: Lines,
}

/// A command to run next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Id of the probe in its runbook.
    pub probe: String,
    /// Filled and quoted; without a newline at its end.
    pub command: String,
    /// What it finds out, in words.
    pub asks: String,
    /// Id of the node whose view it shows; empty where it does not matter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The command line of an API it needs, such as `aws`: it runs where that is set up. Empty for what looks from where it runs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client: String,
    pub about: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    pub minutes: f64,
    pub risk: Risk,
    /// Expected information about what to repair.
    pub bits: f64,
    pub outcomes: Vec<Expected>,
}

impl Suggestion {
    /// Where to run it, as a sentence goes on; empty where it does not matter. `name` is what to call the node of `from`.
    pub fn place(&self, name: &str) -> String {
        match (self.client.as_str(), name) {
            ("", "") => String::new(),
            ("", name) => format!("on {name}"),
            (client, _) => format!("where your {client} command line is set up"),
        }
    }
}

/// What a command can do to the system it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Reads, or sends one ordinary request.
    Read,
    /// Adds noticeable load.
    Load,
    /// Changes something.
    Mutate,
}

/// One outcome of a command and what it would mean, said before it is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    #[serde(rename = "if")]
    pub sees: String,
    pub then: String,
    /// The element that would lead after it; empty where none would.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub leads: String,
    pub probability: f64,
}

/// Lines no reader understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unread {
    pub evidence: usize,
    pub lines: Lines,
}

/// A fact that belongs to nothing in the drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unplaced {
    pub evidence: usize,
    pub lines: Lines,
    pub says: String,
}
