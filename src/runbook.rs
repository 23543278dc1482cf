//! What a runbook says: observables, failure modes, probes and the runbook's own tests. Data, no behavior.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::case::Graph;
use crate::diagnosis::{Risk, Verdict};
use crate::fact::{Outcome, Stage};
use crate::sketch::Kind;

mod overrides;
mod shelf;
mod volume;
mod words;

pub use overrides::{Override, Overrides};
pub use shelf::{EDITION, SHIPPED, Shelf};
pub use volume::Volume;
pub use words::{Chance, Prior};

/// One file of `runbooks/`. Its id is the file's name without `.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    /// Completion in editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Equals the file name. Never renamed: incident notes link to it.
    pub runbook: String,
    pub title: String,
    /// Remarks for people, one string per paragraph.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub observables: BTreeMap<String, Observable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failure_modes: Vec<FailureMode>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<RunbookTest>,
}

impl Runbook {
    /// Opens a runbook.
    ///
    /// # Errors
    /// What is wrong, with line and column, and the words that are allowed there.
    pub fn open(json: &str) -> Result<Runbook, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }
}

/// A state that can be read off an element, and how often it has each value where nothing is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observable {
    /// What it is, for a reader of the runbook.
    pub title: String,
    /// Every value it can have, with how usual it is on a healthy element.
    pub normally: BTreeMap<String, Chance>,
}

/// One way an element can fail: only its local effect; the drawing tells what others see of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureMode {
    /// Unique among all runbooks.
    pub id: String,
    /// Where it can strike.
    pub on: Vec<Place>,
    /// One sentence for a tired reader: "nothing listens on the port".
    pub title: String,
    pub prior: Prior,
    /// Only where an edge into the element has this `via` (or, on an edge, the edge itself).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// What the direct caller sees, and how often that among the failing requests.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub breaks: BTreeMap<Outcome, Chance>,
    /// What the element itself sees of the requests it sends.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub makes: BTreeMap<Outcome, Chance>,
    /// What the element sees of requests that it sends where the drawing does not lead.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub astray: BTreeMap<Outcome, Chance>,
    /// What becomes of requests that follow its answer (for name servers).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub misleads: BTreeMap<Outcome, Chance>,
    /// What callers of something see that the element works on beside them (for jobs).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disturbs: BTreeMap<Outcome, Chance>,
    /// How many of the requests fail.
    #[serde(default = "Chance::always")]
    pub rate: Chance,
    /// What states it shows, at the element itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shows: BTreeMap<String, BTreeMap<String, Chance>>,
    /// What to do.
    pub fix: String,
    /// How to see that it helped.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verify: String,
    /// How to take the fix back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub undo: String,
    /// Modes with the same word are repaired the same way, so nothing is gained by telling them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
    /// Where the claims come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// A kind of element: `node:service`, `address:load_balancer`, `edge` or `edge:dns` (an edge into a name server).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Node(Kind),
    Address(Kind),
    /// An edge, restricted to edges into one kind where that is given.
    Edge(Option<Kind>),
}

impl Place {
    fn from_word(word: &str) -> Option<Place> {
        match word.split_once(':') {
            None if word == "edge" => Some(Place::Edge(None)),
            Some(("node", kind)) => Kind::from_word(kind).map(Place::Node),
            Some(("address", kind)) => Kind::from_word(kind).map(Place::Address),
            Some(("edge", kind)) => Kind::from_word(kind).map(|kind| Place::Edge(Some(kind))),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Node(kind) => write!(f, "node:{}", kind.word()),
            Place::Address(kind) => write!(f, "address:{}", kind.word()),
            Place::Edge(None) => f.write_str("edge"),
            Place::Edge(Some(kind)) => write!(f, "edge:{}", kind.word()),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Place::from_word(&word).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{word}\" is no place for a fault; write node:KIND, address:KIND, edge or edge:KIND with KIND one of {}",
                Kind::ALL.map(Kind::word).join(", ")
            ))
        })
    }
}

/// A command that tests something, and what its outcomes mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    pub id: String,
    /// What it is pointed at.
    pub at: Vec<Place>,
    pub asks: Asks,
    /// Only where the request would use one of these protocols; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// What it finds out, in words: "does this address answer?"
    pub question: String,
    /// How long a person needs for it.
    pub minutes: f64,
    pub risk: Risk,
    /// With typed slots: `{host}`, `{port}`, `{address}`, `{name}`, `{path}`, `{url}`, `{resolver}`.
    pub command: String,
    /// What each outcome means in words; an outcome without words is described by its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reads: BTreeMap<String, String>,
}

/// What a probe observes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Asks {
    /// A request from a caller of the element, up to this stage.
    Request(Stage),
    /// A state of the element.
    Observable(String),
    /// A number that a calculation lacks: `period_s`, `listeners`.
    Number(String),
}

impl Asks {
    /// The observable it reads, if it reads one.
    pub fn observable(&self) -> Option<&String> {
        match self {
            Asks::Observable(name) => Some(name),
            Asks::Request(_) | Asks::Number(_) => None,
        }
    }
}

/// A small incident that the runbook must get right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunbookTest {
    pub name: String,
    pub graph: Graph,
    pub evidence: Vec<crate::case::Entry>,
    pub expect: Expectation,
}

/// What must hold afterwards; only what is written is checked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// `element`, `element#address` or either with ` / failure-mode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<String>,
    /// The belief in `top` is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Elements (or `element / mode`) and the most belief they may hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub at_most: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_cleared: Vec<String>,
    /// Words that the suggested command contains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// No element holds more belief than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_element_above: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict_not: Option<Verdict>,
}
