//! Where extra seconds and extra failed requests come from, told from two snapshots: before and after.
//!
//! ```text
//! shop lost 10.8 of 479 requests (0 % failed before, 2.3 % now). search lost 21.9, which explains it.
//! search lost 21.9 of 787 requests (0 % failed before, 2.8 % now). What it calls is clean, so all of it stays here.
//! ```
//!
//! Everything is counted in the unit the symptom hurts in: seconds that all requests of the window took longer, or requests that
//! failed on top. All the blame starts at the symptom; what a node calls takes its part of it, and what its calls do not explain stays.

use std::collections::BTreeMap;

use crate::order;
use crate::sketch::{Element, NodeIx, Sketch};

mod calls;
mod loss;
mod spread;
mod walk;
mod words;

pub use loss::{DOUBT, Loss};
pub use spread::spread;

/// What hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symptom {
    /// Answers take longer.
    Latency,
    /// Requests fail.
    Failures,
}

/// One window of one node, or of one edge as its caller measures it. Every number may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Traffic {
    /// Requests in the window.
    pub requests: Option<f64>,
    /// Mean seconds of a request.
    pub seconds: Option<f64>,
    /// Standard deviation of the seconds of one request, where percentiles tell it.
    pub spread: Option<f64>,
    /// Share of requests that failed, 0 to 1.
    pub failed: Option<f64>,
}

/// The same element before and after.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Change {
    pub before: Traffic,
    pub after: Traffic,
    pub unrest: Unrest,
}

/// How far quiet windows differ from each other, where history tells it: the standard deviation from one window to another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Unrest {
    /// Of the mean seconds of a request.
    pub seconds: Option<f64>,
    /// Of the share that failed.
    pub failed: Option<f64>,
}

/// How much of the blame stayed at one element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub element: Element,
    /// 0 to 1; all shares add up to 1.
    pub share: f64,
    /// Its own loss, together with what it calls.
    pub lost: Loss,
}

impl Share {
    /// What the ranking goes by: the share, then the loss. Elements for which both are equal cannot be told apart.
    pub fn order(&self) -> (f64, f64) {
        (self.share, self.lost.felt())
    }
}

/// The answer of the walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    pub symptom: Symptom,
    /// The loss where the walk began.
    pub lost: Loss,
    /// Every element with a number, most blamed first.
    pub ranking: Vec<Share>,
    /// Hops whose loss is that of what they call.
    pub carriers: Vec<NodeIx>,
    /// The way down in sentences, one for each step, with its numbers.
    pub steps: Vec<String>,
    /// What would have to be known, as questions.
    pub questions: Vec<String>,
}

/// Walks from `start`, where it hurts, to where the loss comes from.
pub fn blame(sketch: &Sketch, changes: &BTreeMap<Element, Change>, start: NodeIx, symptom: Symptom) -> Blame {
    let walked = walk::walk(sketch, changes, start, symptom);
    let mut ranking: Vec<Share> = walked.shares().collect();
    order::by(&mut ranking, |a, b| {
        let ((a_share, a_loss), (b_share, b_loss)) = (a.order(), b.order());
        b_share.total_cmp(&a_share).then(b_loss.total_cmp(&a_loss)).then(a.element.cmp(&b.element))
    });
    Blame {
        symptom,
        lost: walked.loss(Element::Node(start)),
        ranking,
        carriers: walked.carriers(),
        steps: words::steps(sketch, changes, &walked),
        questions: words::questions(sketch, changes, &walked),
    }
}

#[cfg(test)]
mod tests;
