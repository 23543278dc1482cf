//! What a probe would show under each hypothesis, before it is run.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::fact::{Outcome, Stage};
use crate::hypotheses::Cause;
use crate::place::{Aim, Tls};
use crate::predict::{self, Asked, Dist};
use crate::routes::{Role, Step};
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::{Belief, Cluster, Key};

/// For every hypothesis the probability of every outcome, as rows over one list of outcome words.
pub(super) struct Predicted {
    pub words: Vec<String>,
    pub base: Vec<f64>,
    pub rows: BTreeMap<usize, Vec<f64>>,
}

impl Predicted {
    /// What a hypothesis predicts.
    pub(super) fn row(&self, h: usize) -> &[f64] {
        self.rows.get(&h).unwrap_or(&self.base)
    }
}

/// A request from a caller, up to a stage.
pub(super) fn requests(element: Element, from: Option<NodeIx>, stage: Stage, belief: &Belief) -> Option<Predicted> {
    let (target, address) = match element {
        // A name is asked of the caller's name server, whatever it stands for.
        Element::Node(ix) if stage == Stage::Resolve && belief.sketch.kind(ix) != Kind::Dns => {
            (belief.routes.resolvers(from?).first()?.1, None)
        }
        Element::Node(ix) => (ix, None),
        Element::Address(ix, ip) => (ix, Some(ip)),
        Element::Edge(ix) => (belief.sketch.ends(ix)?.1, None),
    };
    let steps: Vec<Step> = belief.routes.of_request(from, target, address, address.is_none());
    let asked = Asked {
        tests: stage,
        whole: address.is_none(),
        tls: Tls::Checked,
        aim: Aim::Drawn,
        answered: false,
        sameness: 1.0,
        impatient: false,
    };
    let before = asked_before(from, target, address, stage, belief);
    let words = Outcome::ALL.iter().filter(|outcome| **outcome == Outcome::Ok || outcome.stage() <= stage);
    let words: Vec<Outcome> = words.copied().collect();
    let row = |dist: &Dist, before: &BTreeMap<Outcome, u32>| -> Vec<f64> {
        words.iter().map(|outcome| again(dist.get(*outcome), *outcome, before)).collect()
    };
    // What others were told by the same target, on ways that share the element at fault, will be told again.
    let others = told_others(from, target, address, stage, belief);
    let mut rows = BTreeMap::new();
    for step in steps.iter().filter(|step| step.role != Role::Address || step.weight > 0.0) {
        for h in belief.by_element.get(&step.element).into_iter().flatten() {
            if let Some(cause) = belief.cause(*h) {
                let mut seen = before.clone();
                let told = others.iter().filter(|other| other.concerns(*h)).flat_map(|other| &other.counts);
                for (outcome, count) in told.filter(|(outcome, _)| is_plain(**outcome)) {
                    *seen.entry(outcome.seen_by(stage)).or_default() += count;
                }
                rows.insert(*h, row(&predict::request(cause, step, asked), &seen));
            }
        }
    }
    Some(Predicted {
        base: row(&predict::background(), &before),
        words: words.iter().map(|outcome| outcome.word().to_owned()).collect(),
        rows,
    })
}

/// Outcomes of the same question so far: asking again tells less.
fn asked_before(
    from: Option<NodeIx>,
    to: NodeIx,
    address: Option<IpAddr>,
    stage: Stage,
    belief: &Belief,
) -> BTreeMap<Outcome, u32> {
    let mut counts = BTreeMap::new();
    let single = belief.sketch.node(to).is_none_or(|node| node.ips.len() < 2);
    for cluster in &belief.clusters {
        if let Key::Request { from: asked_from, to: asked_to, address: asked_address, tests, .. } = &cluster.key
            && *asked_from == from
            && *asked_to == to
            && (*asked_address == address || single)
            && *tests >= stage
        {
            for (outcome, count) in &cluster.counts {
                *counts.entry(outcome.seen_by(stage)).or_default() += count;
            }
        }
    }
    counts
}

/// Whether another sender with another tool would be told the same: not how its own tool put it.
fn is_plain(outcome: Outcome) -> bool {
    !outcome.is_vague() && !matches!(outcome, Outcome::Overtaken | Outcome::TimedOut | Outcome::Unresolved)
}

/// Requests of others to the same target, or of the same sender to another of its addresses.
fn told_others<'a>(
    from: Option<NodeIx>,
    to: NodeIx,
    address: Option<IpAddr>,
    stage: Stage,
    belief: &'a Belief,
) -> Vec<&'a Cluster> {
    let single = belief.sketch.node(to).is_none_or(|node| node.ips.len() < 2);
    let other = |cluster: &&Cluster| match &cluster.key {
        Key::Request { from: asked_from, to: asked_to, address: asked_address, tests, .. } => {
            let same = *asked_from == from && (*asked_address == address || single);
            *asked_to == to && !same && *tests >= stage
        }
        Key::State { .. } | Key::Blame { .. } => false,
    };
    belief.clusters.iter().filter(other).collect()
}

/// The Pólya prediction after what was seen.
fn again(p: f64, outcome: Outcome, before: &BTreeMap<Outcome, u32>) -> f64 {
    const STRENGTH: f64 = 1.0;
    let all: u32 = before.values().sum();
    let same = before.get(&outcome).copied().unwrap_or(0);
    (STRENGTH * p + f64::from(same)) / (STRENGTH + f64::from(all))
}

/// A state of an element.
pub(super) fn states(element: Element, observable: &str, belief: &Belief) -> Option<Predicted> {
    let known = belief.shelf.observable(observable)?;
    // A state that was read already has nothing more to tell.
    let read = belief.clusters.iter().any(|cluster| match &cluster.key {
        Key::State { observable: read, at } => read == observable && at.contains(&element),
        Key::Request { .. } | Key::Blame { .. } => false,
    });
    if read {
        return None;
    }
    let words: Vec<String> = known.normally.keys().cloned().collect();
    let row = |cause: &Cause| -> Vec<f64> {
        let values: Vec<f64> = words.iter().map(|word| predict::state(cause, observable, word, belief.shelf)).collect();
        let sum: f64 = values.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        values.into_iter().map(|value| value / sum).collect()
    };
    let mut rows = BTreeMap::new();
    for h in belief.by_element.get(&element).into_iter().flatten() {
        if let Some(hypothesis) = belief.hypotheses.get(*h) {
            rows.insert(*h, row(&hypothesis.cause));
        }
    }
    Some(Predicted { base: row(&Cause::Nothing), words, rows })
}
