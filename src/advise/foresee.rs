//! What a probe would show under each hypothesis, before it is run.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::rc::Rc;

use crate::fact::{Outcome, Stage};
use crate::hypotheses::Spot;
use crate::place::{Aim, Tls};
use crate::predict::{Asked, Seen, Table, Told, background, visible};
use crate::routes::Role;
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::{Belief, Cluster, Key};

/// For every hypothesis the probability of every outcome, as rows over one list of outcome words.
pub(super) struct Predicted<'a> {
    pub words: Vec<&'a str>,
    /// What hypotheses predict that have nothing to do with it.
    pub base: Vec<f64>,
    pub tables: Vec<Rc<Table>>,
    /// From the first hypothesis about each element it concerns: which table is theirs, and where the element stands.
    pub concerned: BTreeMap<usize, (usize, Spot)>,
}

impl Predicted<'_> {
    /// What a hypothesis predicts.
    pub(super) fn row(&self, h: usize) -> &[f64] {
        self.about(h).unwrap_or(&self.base)
    }

    /// Whether the answer depends on whether a hypothesis is true.
    pub(super) fn concerns(&self, h: usize) -> bool {
        self.about(h).is_some()
    }

    fn about(&self, h: usize) -> Option<&[f64]> {
        let (first, (table, _)) = self.concerned.range(..=h).next_back()?;
        Some(self.tables.get(*table)?.rows.get(h - first)?.as_slice())
    }
}

/// Where a request goes: its sender, its target, the one address of it, and how far it tests.
pub(super) type Question = (Option<NodeIx>, NodeIx, Option<IpAddr>, Stage);

/// The request that tests an element.
pub(super) fn question(element: Element, from: Option<NodeIx>, stage: Stage, belief: &Belief) -> Option<Question> {
    let (target, address) = match element {
        // A name is asked of the caller's name server, whatever it stands for.
        Element::Node(ix) if stage == Stage::Resolve && belief.sketch.kind(ix) != Kind::Dns => {
            (belief.routes.resolvers(from?).first()?.1, None)
        }
        Element::Node(ix) => (ix, None),
        Element::Address(ix, ip) => (ix, Some(ip)),
        Element::Edge(ix) => (belief.sketch.ends(ix)?.1, None),
    };
    Some((from, target, address, stage))
}

/// A request from a caller, up to a stage.
pub(super) fn requests<'a>(question: Question, belief: &Belief<'a>) -> Predicted<'a> {
    let (from, target, address, stage) = question;
    let steps = belief.routes.of_request(from, target, address, address.is_none());
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
    // What others were told by the same target, on ways that share the element at fault, will be told again.
    let others = told_others(from, target, address, stage, belief);
    let mut predicted = Predicted {
        base: Told::of(&before, stage).again(&background()),
        words: visible(stage).iter().map(|outcome| outcome.word()).collect(),
        tables: Vec::new(),
        concerned: BTreeMap::new(),
    };
    let mut known: BTreeMap<*const Table, usize> = BTreeMap::new();
    for step in steps.iter().filter(|step| step.role != Role::Address || step.weight > 0.0) {
        let Some(spot) = belief.places.spot(step.element) else { continue };
        let first = spot.hypotheses().start;
        let mut seen = before.clone();
        let told = others.iter().filter(|other| other.concerns(first)).flat_map(|other| &other.counts);
        for (outcome, count) in told.filter(|(outcome, _)| is_plain(**outcome)) {
            *seen.entry(outcome.seen_by(stage)).or_default() += count;
        }
        let table = belief.foresight.table(belief.hypotheses, spot, step, asked, seen);
        let number = *known.entry(Rc::as_ptr(&table)).or_insert_with(|| {
            predicted.tables.push(table);
            predicted.tables.len() - 1
        });
        predicted.concerned.insert(first, (number, *spot));
    }
    predicted
}

/// Outcomes of the same question so far: asking again tells less.
fn asked_before(from: Option<NodeIx>, to: NodeIx, address: Option<IpAddr>, stage: Stage, belief: &Belief) -> Seen {
    let mut counts = Seen::new();
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

/// Whether the sender was told by the same target already.
pub(super) fn was_asked((from, to, address, stage): Question, belief: &Belief) -> bool {
    !asked_before(from, to, address, stage, belief).is_empty()
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

/// A state of an element.
pub(super) fn states<'a>(element: Element, observable: &str, belief: &Belief<'a>) -> Option<Predicted<'a>> {
    let known = belief.shelf.observable(observable)?;
    // A state that was read already has nothing more to tell.
    let read = belief.clusters.iter().any(|cluster| match &cluster.key {
        Key::State { observable: read, at } => read == observable && at.contains(&element),
        Key::Request { .. } | Key::Blame { .. } => false,
    });
    if read {
        return None;
    }
    let spot = belief.places.spot(element)?;
    let look = belief.foresight.look(belief.hypotheses, (element, spot), observable, belief.shelf)?;
    Some(Predicted {
        base: look.base.clone(),
        words: known.normally.keys().map(String::as_str).collect(),
        tables: vec![look.table.clone()],
        concerned: BTreeMap::from([(spot.hypotheses().start, (0, *spot))]),
    })
}
