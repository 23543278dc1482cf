//! A calculation over several facts, shown with its numbers so that anybody can check it.

use serde::{Deserialize, Serialize};

use super::Seen;

/// What the engine reckoned, and from what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    /// What was held against what: "Errors against the schedule of cleanup.sh".
    pub title: String,
    /// The numbers, one line each.
    pub rows: Vec<String>,
    /// What follows, in one sentence.
    pub concludes: String,
    /// The numbers without which nothing follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    pub because: Vec<Seen>,
}

/// A small chart of one measure of one hop, ready to be drawn in a box of [`Chart::WIDE`] by [`Chart::HIGH`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Id of the node or edge.
    pub element: String,
    /// "seconds of a request of shop: 90 ms before, 150 ms after".
    pub title: String,
    /// Corners of the line, `x,y x,y …`.
    pub line: String,
    /// Where the window before begins, and how wide it is.
    pub before: (f64, f64),
    pub after: (f64, f64),
    /// The same as a table: when, and how much.
    pub rows: Vec<(String, String)>,
}

impl Chart {
    pub const WIDE: f64 = 240.0;
    pub const HIGH: f64 = 40.0;
}

/// What monitoring calls something, and where it was taken to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredAt {
    /// The labels that say where, as values: "shop search".
    pub of: String,
    /// Id of the node or edge; empty where it is on none.
    pub element: String,
}

/// A command that fetches numbers from one place where they are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fetch {
    /// Id of the node.
    pub of: String,
    /// "Prometheus", "haproxy, twice".
    pub source: String,
    pub command: String,
}

/// A number that nobody has told yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// Its name, as probes of runbooks ask for it: `period_s`, `listeners`.
    pub number: String,
    /// Completes "tell me …".
    pub says: String,
    /// How much it would tell, if every explanation that fits is equally likely.
    pub bits: f64,
}
