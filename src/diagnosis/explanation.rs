//! The reasons beyond the list of suspects: what was compared, what does not fit, what would turn the verdict, when to act.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Because, Seen};

/// Requests to one target, counted by one factor: who sent them, which address they went to, what they asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// Id of the target.
    pub to: String,
    pub factor: Factor,
    pub rows: Vec<Counted>,
    /// log2 of how much likelier the counts are if the values differ than if they are all alike: above 0 the factor separates
    /// what fails from what works, below 0 it does not.
    pub bits: f64,
    /// Values of the drawing that nobody has tested yet, nearest at hand first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<String>,
}

/// What a request can differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    Sender,
    Address,
    Port,
    Subject,
}

impl Factor {
    /// Completes "by …".
    pub fn spoken(self) -> &'static str {
        match self {
            Factor::Sender => "sender",
            Factor::Address => "address",
            Factor::Port => "port",
            Factor::Subject => "what was asked for",
        }
    }
}

/// How often requests with one value worked and failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    pub value: String,
    pub worked: u32,
    pub failed: u32,
    pub because: Vec<Seen>,
}

/// An idea that many would have first, and why it stands behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lowered {
    pub element: String,
    /// Belief in it before all evidence and now, 0 to 1.
    pub before: f64,
    pub now: f64,
    /// The fact that speaks most for the first suspect and against it.
    pub because: Because,
}

/// An answer that would put another element first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub command: String,
    #[serde(rename = "if")]
    pub sees: String,
    /// The element that would lead then.
    pub to: String,
    /// 0 to 1.
    pub probability: f64,
}

/// Enough is known: what to do, and how to see that it helped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enough {
    pub element: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    pub fix: String,
    pub verify: String,
}

/// Evidence between two changes that somebody made. What was seen before a change says nothing about what is the case after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// The change it begins with; empty for the first.
    pub change: String,
    pub worked: u32,
    pub failed: u32,
    /// Positions of its evidence.
    pub evidence: Vec<usize>,
}
