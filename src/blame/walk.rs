//! The walk: blame goes from a caller to what it calls, in proportion to what each of them lost.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Calls};
use super::{Change, Loss, Share, Symptom};
use crate::sketch::{Element, NodeIx, Sketch};

/// Nobody loses more by waiting for a callee than this many standard deviations above what was lost in all.
const MOST: f64 = 2.0;

/// What the walk found, before it is put in words.
pub struct Walked {
    pub symptom: Symptom,
    pub start: NodeIx,
    losses: BTreeMap<Element, Loss>,
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
    let losses: BTreeMap<Element, Loss> =
        changes.iter().filter_map(|(element, change)| Some((*element, change.loss(symptom)?))).collect();
    let mut calls = Calls::drawn(sketch, changes);
    let strays = calls.guess(start, &losses);
    let mut walked = Walked { symptom, start, losses, stayed: BTreeMap::new(), stops: Vec::new(), strays };
    let order = calls.order(start);
    let mut passed = BTreeSet::new();
    let mut arrived = BTreeMap::from([(start, 1.0)]);
    for node in order {
        passed.insert(node);
        let here = arrived.get(&node).copied().unwrap_or(0.0);
        let onward: Vec<Call> = calls.of(node).iter().filter(|call| !passed.contains(&call.to)).copied().collect();
        let is_new = |call: &&Call| changes.get(&Element::Node(call.to)).is_some_and(Change::is_new);
        let new = onward.iter().filter(is_new).map(|call| call.to).collect();
        let stop = walked.divide(node, here, &onward, &mut arrived);
        walked.stops.push(Stop { new, ..stop });
    }
    walked
}

impl Walked {
    /// Divides the blame that arrived at a caller between itself and what it calls.
    fn divide(&mut self, node: NodeIx, here: f64, calls: &[Call], arrived: &mut BTreeMap<NodeIx, f64>) -> Stop {
        // A caller that nobody measured can have lost all that its callees lost.
        let own = self.losses.get(&Element::Node(node)).copied();
        let limit = own.unwrap_or(Loss { extra: f64::MAX, noise: 0.0 });
        let lost: Vec<(&Call, f64)> =
            calls.iter().map(|call| (call, self.through(call, limit))).filter(|(_, felt)| *felt > 0.0).collect();
        let explained: f64 = lost.iter().map(|(_, felt)| felt).sum();
        let own = own.unwrap_or_default();
        let left = Loss { extra: own.extra - explained, noise: own.noise }.felt();
        let all = left + explained;
        let keeps = if explained > 0.0 { left / all } else { 1.0 };
        *self.stayed.entry(Element::Node(node)).or_default() += here * keeps;
        for (call, felt) in &lost {
            let part = here * felt / all;
            let between = part * self.between(call);
            if let Some(edge) = call.edge.filter(|_| between > 0.0) {
                *self.stayed.entry(Element::Edge(edge)).or_default() += between;
            }
            *arrived.entry(call.to).or_default() += part - between;
        }
        let through = lost.iter().map(|(call, felt)| (call.to, *felt)).collect();
        Stop { node, arrived: here, keeps, through, new: Vec::new() }
    }

    /// The part of a call's loss that only its caller measured: it was lost on the way, 0 to 1.
    fn between(&self, call: &Call) -> f64 {
        let seen = call.edge.and_then(|edge| self.losses.get(&Element::Edge(edge))).map_or(0.0, |loss| loss.felt());
        let inside = self.loss(Element::Node(call.to)).part(call.portion).felt();
        if seen > 0.0 { 1.0 - (inside / seen).min(1.0) } else { 0.0 }
    }
}
