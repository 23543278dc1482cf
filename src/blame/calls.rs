//! Who calls whom, and which part of a callee's requests comes from which caller.

use std::collections::BTreeMap;

use super::loss::UNCOUNTED;
use super::{Change, Loss};
use crate::order;
use crate::sketch::{EdgeIx, Element, Kind, NodeIx, Sketch};

/// An edge that nobody drew carries half of what a drawn one would.
const GUESSED: f64 = 0.5;

/// A loss below this part of the symptom's is not asked about.
const SMALL: f64 = 0.02;

/// One caller and one callee.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    pub to: NodeIx,
    /// `None` for an edge that is only guessed.
    pub edge: Option<EdgeIx>,
    /// The part of the callee's loss that this caller bears, 0 to 1.
    pub portion: f64,
    /// Whether requests were counted at both ends. Otherwise `portion` is the most it can be.
    pub counted: bool,
    /// Ways that begin or end at the callee: a crossing carries more traffic than a dead end, where nobody counts it.
    pub ways: f64,
}

/// The calls of a drawing, by caller.
pub struct Calls {
    by_caller: BTreeMap<NodeIx, Vec<Call>>,
}

impl Calls {
    /// Callers share a callee's loss as they share the requests they receive themselves. Where nobody counted, a caller can have called as
    /// often as fits into its own time: one that answers in 90 ms did not wait for 2 s at each of its requests.
    pub fn drawn(sketch: &Sketch, changes: &BTreeMap<Element, Change>) -> Calls {
        let of = |node: NodeIx| changes.get(&Element::Node(node));
        let requests = |node: NodeIx| of(node).and_then(|change| change.before.requests);
        let seconds = |node: NodeIx| of(node).and_then(|change| change.before.seconds).filter(|seconds| *seconds > 0.0);
        let mut ways: BTreeMap<NodeIx, f64> = BTreeMap::new();
        for (caller, callee) in sketch.edge_indices().filter_map(|edge| sketch.ends(edge)) {
            *ways.entry(caller).or_default() += 1.0;
            *ways.entry(callee).or_default() += 1.0;
        }
        let mut received: BTreeMap<NodeIx, f64> = BTreeMap::new();
        for (caller, callee) in sketch.edge_indices().filter_map(|edge| sketch.ends(edge)) {
            *received.entry(callee).or_default() += requests(caller).unwrap_or(0.0);
        }
        let mut by_caller: BTreeMap<NodeIx, Vec<Call>> = BTreeMap::new();
        for edge in sketch.edge_indices() {
            let Some((caller, callee)) = sketch.ends(edge) else { continue };
            // Work is taken from a queue later: nobody waits for it.
            if caller == callee || sketch.kind(caller) == Kind::Queue {
                continue;
            }
            let all = received.get(&callee).copied().unwrap_or(0.0);
            let counted = of(caller).is_none_or(Change::is_counted) && of(callee).is_none_or(Change::is_counted);
            let portion = if counted {
                requests(caller).filter(|_| all > 0.0).map_or(1.0, |own| own / all)
            } else {
                let fits = seconds(caller).zip(seconds(callee)).map_or(1.0, |(caller, callee)| caller / callee);
                fits * of(caller).map_or(UNCOUNTED, Change::weight) / of(callee).map_or(UNCOUNTED, Change::weight)
            };
            by_caller.entry(caller).or_default().push(Call {
                to: callee,
                edge: Some(edge),
                portion,
                counted,
                ways: ways.get(&callee).copied().unwrap_or(1.0),
            });
        }
        Calls { by_caller }
    }

    pub fn of(&self, caller: NodeIx) -> &[Call] {
        self.by_caller.get(&caller).map(Vec::as_slice).unwrap_or_default()
    }

    /// Nodes that lost more than all who are drawn to call them; from now on `start` is taken to call them too.
    pub fn guess(
        &mut self,
        start: NodeIx,
        losses: &BTreeMap<Element, Loss>,
        changes: &BTreeMap<Element, Change>,
    ) -> Vec<NodeIx> {
        let counted = |node: NodeIx| changes.get(&Element::Node(node)).is_some_and(Change::is_counted);
        let reached = self.order(start);
        let least = SMALL * losses.get(&Element::Node(start)).map_or(0.0, |loss| loss.extra);
        let mut borne: BTreeMap<NodeIx, f64> = BTreeMap::new();
        for caller in &reached {
            let lost = losses.get(&Element::Node(*caller)).map_or(0.0, |loss| loss.extra.max(0.0));
            for call in self.of(*caller) {
                *borne.entry(call.to).or_default() += lost;
            }
        }
        let stray = |(element, loss): (&Element, &Loss)| match element {
            Element::Node(node) if *node != start && loss.is_significant() && loss.extra >= least && counted(*node) => {
                let borne = borne.get(node).copied().unwrap_or(0.0);
                (loss.extra > 2.0 * borne).then_some(*node)
            }
            _ => None,
        };
        let strays: Vec<NodeIx> = losses.iter().filter_map(stray).collect();
        let calls =
            strays.iter().map(|stray| Call { to: *stray, edge: None, portion: GUESSED, counted: true, ways: 1.0 });
        self.by_caller.entry(start).or_default().extend(calls);
        strays
    }

    /// Everything reached from `start`, callers before what they call. Where calls go in a circle, the one that closes it is ignored.
    pub fn order(&self, start: NodeIx) -> Vec<NodeIx> {
        let mut done = Vec::new();
        let mut seen = order::set([start]);
        let mut open = vec![(start, 0)];
        while let Some((node, next)) = open.pop() {
            match self.of(node).get(next) {
                Some(call) => {
                    open.push((node, next + 1));
                    if seen.insert(call.to) {
                        open.push((call.to, 0));
                    }
                }
                None => done.push(node),
            }
        }
        done.reverse();
        done
    }
}
