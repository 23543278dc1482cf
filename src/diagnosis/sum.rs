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
