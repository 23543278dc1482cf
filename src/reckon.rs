//! Reckons with the numbers in the evidence: errors against schedules, pools against their load, traces against each other,
//! counts against what could have made them. What no single line says, several may say together.
//!
//! Every result is a sum that shows its numbers and, where it speaks about an element, a finding that is weighed like any fact.

use crate::diagnosis::{Seen, Sum};
use crate::evidence::{Lines, Origin};
use crate::fact::{Fact, State};
use crate::read::{Block, Reading};
use crate::runbook::GrowsWith;
use crate::sketch::Sketch;

mod binomial;
mod counts;
mod interleaving;
mod pool;
mod rhythm;
mod schedule;
mod trace_pair;

/// Everything that was reckoned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reckoning {
    pub sums: Vec<Sum>,
    pub findings: Vec<Finding>,
    pub growths: Vec<Grown>,
}

/// Errors that were found to grow with something.
#[derive(Debug, Clone, PartialEq)]
pub struct Grown {
    pub with: GrowsWith,
    /// "BackendConnectionErrors × 3.3, targets × 3"
    pub says: String,
    pub seen: Seen,
}

/// What a sum says about elements.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The paste and the block in it whose vantage point and lines it has.
    pub evidence: usize,
    pub block: usize,
    pub lines: Lines,
    pub says: Says,
}

/// How a finding bears on the elements.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// A state like any that is read off; runbooks say what it means.
    State(State),
    /// A state of every job that is drawn.
    OfJobs(State),
    /// A state of the job that runs this program.
    OfJob(String, State),
    /// Of these parties one is where the trouble begins, and the others are not.
    Blame { begins: Party, not: Vec<(Party, String)>, says: String },
}

/// Somebody a sum speaks of, by the name the evidence gives them.
#[derive(Debug, Clone, PartialEq)]
pub enum Party {
    Named(String),
    /// The pool through which a service reaches what it calls, or the service itself where no pool is drawn.
    PoolOf(String),
    /// What a service calls.
    CalleeOf(String, String),
    /// The ways from a balancer to its targets.
    BehindBalancer(String),
    /// Everything that sends requests to a balancer, and the ways from there.
    InFrontOf(String),
}

/// One block of the evidence and where it stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    evidence: usize,
    block: usize,
    of: &'a Block,
}

impl Place<'_> {
    fn finding(&self, lines: Lines, says: Says) -> Finding {
        Finding { evidence: self.evidence, block: self.block, lines, says }
    }

    fn seen(&self, lines: Lines) -> Seen {
        Seen { evidence: self.evidence, lines }
    }
}

/// A fact and the block it stands in.
#[derive(Clone, Copy)]
struct Here<'a> {
    place: Place<'a>,
    fact: &'a Fact,
}

/// Reckons with all evidence of a case; every paste once.
pub fn reckon<'a>(sketch: &Sketch, evidence: impl Iterator<Item = (usize, &'a Origin, &'a Reading)>) -> Reckoning {
    let blocks = evidence.flat_map(|(evidence, _, reading)| {
        reading.blocks.iter().enumerate().map(move |(block, of)| Place { evidence, block, of })
    });
    let facts: Vec<Here> =
        blocks.flat_map(|place| place.of.facts.iter().map(move |fact| Here { place, fact })).collect();
    let mut reckoning = Reckoning::default();
    for part in [
        schedule::reckon(&facts),
        interleaving::reckon(&facts),
        pool::reckon(&facts),
        trace_pair::reckon(&facts),
        counts::reckon(&facts, sketch),
    ] {
        reckoning.sums.extend(part.sums);
        reckoning.findings.extend(part.findings);
        reckoning.growths.extend(part.growths);
    }
    reckoning
}

fn state(observable: &str, value: &str, detail: impl Into<String>) -> State {
    State {
        observable: observable.to_owned(),
        value: value.to_owned(),
        of: crate::fact::Endpoint::default(),
        detail: detail.into(),
    }
}
