//! What a runbook says: observables, failure modes, probes and the runbook's own tests. Data, no behavior.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::Graph;
use crate::diagnosis::{Risk, Verdict};
use crate::fact::{Outcome, Stage};

mod flaw;
mod overrides;
mod place;
mod setting;
mod shelf;
mod table;
mod volume;
mod words;

pub use flaw::Flaw;
pub use overrides::{Override, Overrides};
pub use place::Place;
pub use setting::Setting;
pub use shelf::{EDITION, SHIPPED, Shelf};
pub use table::{Duration, Ends, GrowsWith, Growth, Status};
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
    /// Waits that have an owner: "60 s is nginx's proxy_read_timeout".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub durations: Vec<Duration>,
    /// Statuses that only one kind of hop sends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Status>,
    /// What makes errors that grow with something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub growths: Vec<Growth>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<RunbookTest>,
}

impl Runbook {
    /// Opens a runbook.
    ///
    /// # Errors
    /// The first thing that is not as it has to be: where it stands, and what to write instead.
    pub fn open(json: &str) -> Result<Runbook, Flaw> {
        serde_json::from_str(json).map_err(|error| Flaw::of(&error, json))
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
    /// A fault of data: rare on a name server that gets its data from another drawn one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authoritative: bool,
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
    /// What speaks against it, however likely it looks: "another port of the same address answers".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rules_out: String,
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

/// A command that tests something, and what its outcomes mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    pub id: String,
    /// What it is pointed at.
    pub at: Vec<Place>,
    pub asks: Asks,
    /// The state shows itself over the network: it is looked at from a caller, not on the element.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remote: bool,
    /// Only where the request would use one of these protocols; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// What it finds out, in words: "does this address answer?"
    pub question: String,
    /// How long a person needs for it.
    pub minutes: f64,
    pub risk: Risk,
    /// With typed slots: `{host}`, `{port}`, `{address}`, `{peer}`, `{name}`, `{path}`, `{url}`, `{resolver}`.
    pub command: String,
    /// The command where it has to be another: in PowerShell, without a shell in the container, at another cloud.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variants: BTreeMap<Setting, String>,
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
