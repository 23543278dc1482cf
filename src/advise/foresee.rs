//! What a probe would show under each hypothesis, before it is run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::rc::Rc;

use super::information::weighted_entropy;
use crate::fact::{Outcome, Stage};
use crate::hypotheses::{Cause, Spot};
use crate::place::{Aim, Tls};
use crate::predict::{self, Asked, Dist, Standing};
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

/// What the hypotheses about one element predict, in their order, and about every other that stands alike.
pub(super) struct Table {
    pub rows: Vec<Vec<f64>>,
    pub entropies: Vec<f64>,
}

impl Table {
    fn of(rows: impl Iterator<Item = Vec<f64>>) -> Rc<Table> {
        let rows: Vec<Vec<f64>> = rows.collect();
        Rc::new(Table { entropies: rows.iter().map(|row| weighted_entropy(row)).collect(), rows })
    }
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

/// How elements stand that share a table: their standing, the bits of their weight, and what they have shown before.
type Alike = (Standing, u64, BTreeMap<Outcome, u32>);

/// What requests and states would show, kept for elements that stand alike.
#[derive(Default)]
pub(super) struct Foresight {
    tables: RefCell<BTreeMap<Alike, Rc<Table>>>,
    states: RefCell<BTreeMap<(usize, String), Rc<Table>>>,
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
pub(super) fn requests<'a>(question: Question, belief: &Belief<'a>, foresight: &Foresight) -> Predicted<'a> {
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
    let words = Outcome::ALL.iter().filter(|outcome| **outcome == Outcome::Ok || outcome.stage() <= stage);
    let words: Vec<Outcome> = words.copied().collect();
    let background = predict::background();
    // What others were told by the same target, on ways that share the element at fault, will be told again.
    let others = told_others(from, target, address, stage, belief);
    let mut predicted = Predicted {
        base: Told::of(&before, &words).again(&background, &words),
        words: words.iter().map(|outcome| outcome.word()).collect(),
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
        let standing = Standing::of(spot.nature, step, asked);
        let mut tables = foresight.tables.borrow_mut();
        let table = tables.entry((standing, step.weight.to_bits(), seen)).or_insert_with_key(|(_, _, seen)| {
            let effects = belief.foresight.effects(belief.hypotheses, spot, step, asked);
            let told = Told::of(seen, &words);
            Table::of(effects.iter().map(|effect| {
                let dist = background.mixed(&effect.shown, effect.share(step, asked));
                told.again(&dist, &words)
            }))
        });
        let number = *known.entry(Rc::as_ptr(table)).or_insert_with(|| {
            predicted.tables.push(table.clone());
            predicted.tables.len() - 1
        });
        predicted.concerned.insert(first, (number, *spot));
    }
    predicted
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

/// How often each of the outcomes that may be seen was seen before.
struct Told {
    same: Vec<f64>,
    all: f64,
}

impl Told {
    fn of(before: &BTreeMap<Outcome, u32>, words: &[Outcome]) -> Told {
        let same = words.iter().map(|outcome| before.get(outcome).copied().map_or(0.0, f64::from));
        Told { same: same.collect(), all: before.values().copied().map(f64::from).sum() }
    }

    /// The Pólya prediction after what was seen.
    fn again(&self, dist: &Dist, words: &[Outcome]) -> Vec<f64> {
        const STRENGTH: f64 = 1.0;
        let told = words.iter().zip(&self.same);
        told.map(|(outcome, same)| (STRENGTH * dist.get(*outcome) + same) / (STRENGTH + self.all)).collect()
    }
}

/// A state of an element.
pub(super) fn states<'a>(
    element: Element,
    observable: &str,
    belief: &Belief<'a>,
    foresight: &Foresight,
) -> Option<Predicted<'a>> {
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
    let normally: Vec<(&str, f64)> =
        known.normally.keys().map(|value| (value.as_str(), belief.shelf.normally(observable, value))).collect();
    let row = |cause: &Cause| -> Vec<f64> {
        let all = normally.iter().map(|(value, usual)| predict::state_beside(cause, observable, value, *usual));
        let values: Vec<f64> = all.collect();
        let sum: f64 = values.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        values.into_iter().map(|value| value / sum).collect()
    };
    let mut tables = foresight.states.borrow_mut();
    let table = tables
        .entry((spot.nature, observable.to_owned()))
        .or_insert_with(|| Table::of(belief.hypotheses.causes(element, spot).map(|cause| row(&cause))));
    Some(Predicted {
        base: row(&Cause::Nothing),
        words: known.normally.keys().map(String::as_str).collect(),
        tables: vec![table.clone()],
        concerned: BTreeMap::from([(spot.hypotheses().start, (0, *spot))]),
    })
}
