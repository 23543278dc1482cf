//! The walk: blame goes from a caller to what it calls, in proportion to what each of them lost.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Calls};
use super::{Change, Loss, Share, Symptom};
use crate::order;
use crate::sketch::{Element, NodeIx, Sketch};

/// Nobody loses more by waiting for a callee than this many standard deviations above what was lost in all.
const MOST: f64 = 2.0;

/// What calls do not explain in the unit of the symptom may still come from behind, against odds of 1 that the caller makes it itself:
/// from a callee that got worse in another way, by whose waits nobody can tell that it belongs together …
const OTHERWISE: f64 = 0.5;

/// … from a callee that is slow enough for the caller to give up on it and fail …
const GIVEN_UP: f64 = 2.0;

/// … or from callees that nobody measured.
const UNMEASURED: f64 = 0.5;

/// Nobody gives up sooner than after so many seconds.
const PATIENCE: f64 = 0.5;

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
    /// Callees so slow that this node gives up on them.
    pub given_up: Vec<NodeIx>,
    /// Callees that nobody measured.
    pub unmeasured: Vec<NodeIx>,
}

impl Walked {
    pub fn loss(&self, element: Element) -> Loss {
        self.losses.get(&element).copied().unwrap_or_default()
    }

    /// Every element with a number and what stayed there.
    pub fn shares(&self) -> impl Iterator<Item = Share> {
        let elements: BTreeSet<Element> = order::set(self.losses.keys().chain(self.stayed.keys()).copied());
        elements.into_iter().map(|element| Share {
            element,
            share: self.stayed.get(&element).copied().unwrap_or(0.0),
            lost: self.loss(element),
        })
    }

    /// Nodes that blame came to and that kept hardly any of it.
    pub fn carriers(&self) -> Vec<NodeIx> {
        const HARDLY: f64 = 0.1;
        let carries = |stop: &&Stop| stop.arrived >= HARDLY && stop.keeps <= HARDLY && !stop.through.is_empty();
        self.stops.iter().filter(carries).map(|stop| stop.node).collect()
    }

    /// What a caller lost through one of its calls.
    fn through(&self, call: &Call, own: Loss) -> f64 {
        let measured = call.edge.and_then(|edge| self.losses.get(&Element::Edge(edge))).copied();
        let lost = measured.unwrap_or_else(|| self.loss(Element::Node(call.to)).part(call.portion));
        if self.losses.contains_key(&Element::Node(call.to)) || measured.is_some() {
            // Beyond the limit it is not waited for, or only by some requests: then even the limit says too much.
            let limit = own.extra.max(0.0) + MOST * own.noise;
            let beyond = if call.counted { limit / lost.felt().max(f64::MIN_POSITIVE) } else { 1.0 };
            lost.felt().min(limit * beyond)
        } else {
            0.0
        }
    }
}

pub fn walk(sketch: &Sketch, changes: &BTreeMap<Element, Change>, start: NodeIx, symptom: Symptom) -> Walked {
    let losses_by = |symptom: Symptom| -> BTreeMap<Element, Loss> {
        order::map(changes.iter().filter_map(|(element, change)| Some((*element, change.loss(symptom)?))))
    };
    let losses = losses_by(symptom);
    let others = losses_by(match symptom {
        Symptom::Latency => Symptom::Failures,
        Symptom::Failures => Symptom::Latency,
    });
    let mut calls = Calls::drawn(sketch, changes);
    let strays = calls.guess(start, &losses, changes);
    let mut walked = Walked { symptom, start, losses, others, stayed: BTreeMap::new(), stops: Vec::new(), strays };
    let order = calls.order(start);
    let mut passed = BTreeSet::new();
    let mut arrived = order::map([(start, 1.0)]);
    for node in order {
        passed.insert(node);
        let here = arrived.get(&node).copied().unwrap_or(0.0);
        let onward: Vec<Call> = calls.of(node).iter().filter(|call| !passed.contains(&call.to)).copied().collect();
        let is_new = |call: &&Call| changes.get(&Element::Node(call.to)).is_some_and(Change::is_new);
        let new = onward.iter().filter(is_new).map(|call| call.to).collect();
        let missing =
            |callee: NodeIx| missing_requests(changes.get(&Element::Node(node)), changes.get(&Element::Node(callee)));
        let worse = |call: &&Call| walked.other_loss(call.to).is_glaring() || missing(call.to).is_glaring();
        let (given_up, otherwise) =
            onward.iter().filter(worse).partition::<Vec<&Call>, _>(|call| walked.gives_up(node, call));
        let targets = |calls: Vec<&Call>| calls.into_iter().map(|call| call.to).collect();
        let unknown = |call: &&Call| !changes.contains_key(&Element::Node(call.to));
        let stop = Stop {
            node,
            arrived: here,
            keeps: 1.0,
            through: Vec::new(),
            new,
            otherwise: targets(otherwise),
            given_up: targets(given_up),
            unmeasured: targets(onward.iter().filter(unknown).collect()),
        };
        let stop = walked.divide(stop, &onward, &mut arrived);
        walked.stops.push(stop);
    }
    walked
}

impl Walked {
    fn other_loss(&self, node: NodeIx) -> Loss {
        self.others.get(&Element::Node(node)).copied().unwrap_or_default()
    }

    /// Callees whose requests nobody counted explain no more than is left to explain, and share that by how much traffic their place in
    /// the drawing suggests.
    fn share_uncounted(&self, lost: &mut [(&Call, f64)], limit: Loss) {
        let counted: f64 = lost.iter().filter(|(call, _)| call.counted).map(|(_, felt)| felt).sum();
        let most: f64 = lost.iter().filter(|(call, _)| !call.counted).map(|(_, felt)| felt).sum();
        let weight = |call: &Call| call.ways * self.loss(Element::Node(call.to)).part(call.portion.min(1.0)).felt();
        let all: f64 = lost.iter().filter(|(call, _)| !call.counted).map(|(call, _)| weight(call)).sum();
        let explained = most.min((limit.extra - counted).max(0.0));
        for (call, felt) in lost.iter_mut().filter(|(call, _)| !call.counted && all > 0.0) {
            *felt = explained * weight(call) / all;
        }
    }

    /// Whether a caller that fails waits for a callee at least as long as it takes to give up: both are slower, by the same waits.
    fn gives_up(&self, caller: NodeIx, call: &Call) -> bool {
        let (own, waits) = (self.other_loss(caller), self.other_loss(call.to).part(call.portion));
        let failed = self.loss(Element::Node(caller)).extra;
        self.symptom == Symptom::Failures
            && own.is_significant()
            && waits.is_glaring()
            && waits.extra >= own.extra / 2.0
            && waits.extra >= PATIENCE * failed
    }

    /// Divides the blame that arrived at a caller between itself and what it calls.
    fn divide(&mut self, stop: Stop, calls: &[Call], arrived: &mut BTreeMap<NodeIx, f64>) -> Stop {
        // A caller that nobody measured can have lost all that its callees lost.
        let own = self.losses.get(&Element::Node(stop.node)).copied();
        let limit = own.unwrap_or(Loss { extra: f64::MAX, noise: 0.0 });
        let mut lost: Vec<(&Call, f64)> =
            calls.iter().map(|call| (call, self.through(call, limit))).filter(|(_, felt)| *felt > 0.0).collect();
        self.share_uncounted(&mut lost, limit);
        let explained: f64 = lost.iter().map(|(_, felt)| felt).sum();
        let own = own.unwrap_or_default();
        let left = Loss { extra: own.extra - explained, noise: own.noise }.felt();
        let all = left + explained;
        let keeps = if explained > 0.0 { left / all } else { 1.0 };
        let hands = [(&stop.otherwise, OTHERWISE), (&stop.given_up, GIVEN_UP), (&stop.unmeasured, UNMEASURED)];
        let hands = hands.map(|(callees, odds)| (callees, if callees.is_empty() { 0.0 } else { odds }));
        let odds: f64 = 1.0 + hands.iter().map(|(_, odds)| odds).sum::<f64>();
        *self.stayed.entry(Element::Node(stop.node)).or_default() += stop.arrived * keeps / odds;
        for (callees, its) in hands {
            for callee in callees {
                let part = stop.arrived * keeps * its / odds / callees.len() as f64;
                *self.stayed.entry(Element::Node(*callee)).or_default() += part;
            }
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
