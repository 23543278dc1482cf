//! The walk: blame goes from a caller to what it calls, in proportion to what each of them lost.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Calls};
use super::{Change, Loss, Share, Symptom};
use crate::sketch::{Element, NodeIx, Sketch};

/// Nobody loses more by waiting for a callee than this many standard deviations above what was lost in all.
const MOST: f64 = 2.0;

/// Of what its calls do not explain, a node hands this part on to callees that got worse in another way: a caller that gives up on a slow
/// callee fails, one that tries a failing callee again is slow. It keeps the larger part, for the two need not belong together.
const OTHERWISE: f64 = 1.0 / 3.0;

/// What the walk found, before it is put in words.
pub struct Walked {
    pub symptom: Symptom,
    pub start: NodeIx,
    losses: BTreeMap<Element, Loss>,
    /// Losses in the unit that is not walked by.
    others: BTreeMap<Element, Loss>,
    stayed: BTreeMap<Element, f64>,
    /// Callers before what they call.
    pub stops: Vec<Stop>,
    /// Nodes that lost something although no drawn path leads to them.
    pub strays: Vec<NodeIx>,
}

/// One node on the way down.
pub struct Stop {
    pub node: NodeIx,
    /// Blame that came here, 0 to 1.
    pub arrived: f64,
    /// The part of it that stays.
    pub keeps: f64,
    /// What it lost through each of its calls, where it lost anything.
    pub through: Vec<(NodeIx, f64)>,
    /// Callees without traffic before: they explain nothing.
    pub new: Vec<NodeIx>,
    /// Callees that got worse in another way.
    pub otherwise: Vec<NodeIx>,
}

impl Walked {
    pub fn loss(&self, element: Element) -> Loss {
        self.losses.get(&element).copied().unwrap_or_default()
    }

    /// Every element with a number and what stayed there.
    pub fn shares(&self) -> impl Iterator<Item = Share> {
        let elements: BTreeSet<Element> = self.losses.keys().chain(self.stayed.keys()).copied().collect();
        elements.into_iter().map(|element| Share {
            element,
            share: self.stayed.get(&element).copied().unwrap_or(0.0),
            lost: self.loss(element),
        })
    }

    /// What a caller lost through one of its calls.
    fn through(&self, call: &Call, own: Loss) -> f64 {
        let measured = call.edge.and_then(|edge| self.losses.get(&Element::Edge(edge))).copied();
        let lost = measured.unwrap_or_else(|| self.loss(Element::Node(call.to)).part(call.portion));
        if self.losses.contains_key(&Element::Node(call.to)) || measured.is_some() {
            // Beyond the limit it is not waited for, or only by some requests: then even the limit says too much.
            let limit = own.extra.max(0.0) + MOST * own.noise;
            lost.felt().min(limit * limit / lost.felt().max(f64::MIN_POSITIVE))
        } else {
            0.0
        }
    }
}

pub fn walk(sketch: &Sketch, changes: &BTreeMap<Element, Change>, start: NodeIx, symptom: Symptom) -> Walked {
    let losses_by = |symptom: Symptom| -> BTreeMap<Element, Loss> {
        changes.iter().filter_map(|(element, change)| Some((*element, change.loss(symptom)?))).collect()
    };
    let losses = losses_by(symptom);
    let others = losses_by(match symptom {
        Symptom::Latency => Symptom::Failures,
        Symptom::Failures => Symptom::Latency,
    });
    let mut calls = Calls::drawn(sketch, changes);
    let strays = calls.guess(start, &losses);
    let mut walked = Walked { symptom, start, losses, others, stayed: BTreeMap::new(), stops: Vec::new(), strays };
    let order = calls.order(start);
    let mut passed = BTreeSet::new();
    let mut arrived = BTreeMap::from([(start, 1.0)]);
    for node in order {
        passed.insert(node);
        let here = arrived.get(&node).copied().unwrap_or(0.0);
        let onward: Vec<Call> = calls.of(node).iter().filter(|call| !passed.contains(&call.to)).copied().collect();
        let is_new = |call: &&Call| changes.get(&Element::Node(call.to)).is_some_and(Change::is_new);
        let new = onward.iter().filter(is_new).map(|call| call.to).collect();
        let missing =
            |callee: NodeIx| missing_requests(changes.get(&Element::Node(node)), changes.get(&Element::Node(callee)));
        let worse = |call: &&Call| walked.other_loss(call.to).is_glaring() || missing(call.to).is_glaring();
        let otherwise = onward.iter().filter(worse).map(|call| call.to).collect();
        let stop = walked.divide(
            Stop { node, arrived: here, keeps: 1.0, through: Vec::new(), new, otherwise },
            &onward,
            &mut arrived,
        );
        walked.stops.push(stop);
    }
    walked
}

impl Walked {
    fn other_loss(&self, node: NodeIx) -> Loss {
        self.others.get(&Element::Node(node)).copied().unwrap_or_default()
    }

    /// Divides the blame that arrived at a caller between itself and what it calls.
    fn divide(&mut self, stop: Stop, calls: &[Call], arrived: &mut BTreeMap<NodeIx, f64>) -> Stop {
        // A caller that nobody measured can have lost all that its callees lost.
        let own = self.losses.get(&Element::Node(stop.node)).copied();
        let limit = own.unwrap_or(Loss { extra: f64::MAX, noise: 0.0 });
        let lost: Vec<(&Call, f64)> =
            calls.iter().map(|call| (call, self.through(call, limit))).filter(|(_, felt)| *felt > 0.0).collect();
        let explained: f64 = lost.iter().map(|(_, felt)| felt).sum();
        let own = own.unwrap_or_default();
        let left = Loss { extra: own.extra - explained, noise: own.noise }.felt();
        let all = left + explained;
        let keeps = if explained > 0.0 { left / all } else { 1.0 };
        let handed = if stop.otherwise.is_empty() { 0.0 } else { keeps * OTHERWISE };
        *self.stayed.entry(Element::Node(stop.node)).or_default() += stop.arrived * (keeps - handed);
        for callee in &stop.otherwise {
            let part = stop.arrived * handed / stop.otherwise.len() as f64;
            *self.stayed.entry(Element::Node(*callee)).or_default() += part;
        }
        for (call, felt) in &lost {
            let part = stop.arrived * felt / all;
            let between = part * self.between(call);
            if let Some(edge) = call.edge.filter(|_| between > 0.0) {
                *self.stayed.entry(Element::Edge(edge)).or_default() += between;
            }
            *arrived.entry(call.to).or_default() += part - between;
        }
        Stop { keeps, through: lost.iter().map(|(call, felt)| (call.to, *felt)).collect(), ..stop }
    }

    /// The part of a call's loss that only its caller measured: it was lost on the way, 0 to 1.
    fn between(&self, call: &Call) -> f64 {
        let seen = call.edge.and_then(|edge| self.losses.get(&Element::Edge(edge))).map_or(0.0, |loss| loss.felt());
        let inside = self.loss(Element::Node(call.to)).part(call.portion).felt();
        if seen > 0.0 { 1.0 - (inside / seen).min(1.0) } else { 0.0 }
    }
}

/// Requests that a callee should have received, by what its caller received, and did not. Chance alone makes the square root of them.
fn missing_requests(caller: Option<&Change>, callee: Option<&Change>) -> Loss {
    let counts = |change: &Change| Some((change.before.requests?, change.after.requests?));
    match (caller.and_then(counts), callee.and_then(counts)) {
        (Some((was, is)), Some((calls, still))) if was > 0.0 => {
            let expected = calls * is / was;
            Loss { extra: expected - still, noise: (expected + expected * expected / was).sqrt() }
        }
        _ => Loss::default(),
    }
}
