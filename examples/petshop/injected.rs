//! Faults of our own at every node, put into quiet windows: the benchmark breaks only a few of the shop's services.

use std::collections::BTreeMap;

use hopwise::blame::{Change, Symptom, Traffic, Unrest, blame};
use hopwise::sketch::{Element, NodeIx, Sketch};

use crate::harder::Dice;
use crate::recording::Recording;
use crate::score::Score;

/// Windows tried for each node and each fault.
const WINDOWS: usize = 20;

/// Nodes with fewer requests in a bin carry too little traffic for a fault of theirs to be seen at the front.
const BUSY: f64 = 10.0;

/// What goes wrong.
#[derive(Clone, Copy)]
pub enum Fault {
    /// A part of the requests takes this many seconds longer.
    Slow { part: f64, seconds: f64 },
    /// A part of the requests fails.
    Fails { part: f64 },
}

impl Fault {
    fn symptom(self) -> Symptom {
        match self {
            Fault::Slow { .. } => Symptom::Latency,
            Fault::Fails { .. } => Symptom::Failures,
        }
    }

    fn told(self) -> String {
        match self {
            Fault::Slow { part, seconds } => format!("{:.0} % take {seconds} s longer", part * 100.0),
            Fault::Fails { part } => format!("{:.0} % fail", part * 100.0),
        }
    }
}

/// Scores every fault at every busy node, where the front notices it by two standard deviations.
pub fn table(sketch: &Sketch, quiet: &Recording) {
    println!("\nfaults put into quiet windows, at every busy node");
    for fault in [
        Fault::Slow { part: 1.0, seconds: 0.5 },
        Fault::Slow { part: 1.0, seconds: 0.05 },
        Fault::Slow { part: 0.2, seconds: 0.5 },
        Fault::Slow { part: 0.05, seconds: 1.0 },
        Fault::Fails { part: 1.0 },
        Fault::Fails { part: 0.5 },
        Fault::Fails { part: 0.1 },
        Fault::Fails { part: 0.02 },
    ] {
        let score = score(sketch, quiet, fault);
        println!("{:28} {:4} noticed   {}", fault.told(), score.of, score.shares());
    }
}

fn score(sketch: &Sketch, quiet: &Recording, fault: Fault) -> Score {
    let mut dice = Dice::new(7);
    let mut score = Score::default();
    let Some(front) = sketch.find("PetSite") else { return score };
    for node in behind(sketch, front) {
        for _ in 0..WINDOWS {
            let bins = quiet.starts.len().saturating_sub(3) as f64;
            // Not beyond the number of bins, which is far below what a float counts exactly.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let bin = (dice.roll() * bins) as usize;
            let before = window(sketch, quiet, bin);
            let mut after = window(sketch, quiet, bin + 2);
            // Without a window of traffic before there is nothing to compare.
            let busy = |window: &Window| window.get(&node).and_then(|traffic| traffic.requests) >= Some(BUSY);
            if !busy(&before) || !busy(&after) || !break_at(sketch, node, fault, &mut after, &mut dice) {
                continue;
            }
            let change = |(node, after): (&NodeIx, &Traffic)| {
                let before = before.get(node).copied().unwrap_or_default();
                (Element::Node(*node), Change { before, after: *after, unrest: Unrest::default() })
            };
            let changes: BTreeMap<Element, Change> = after.iter().map(change).collect();
            let answer = blame(sketch, &changes, front, fault.symptom());
            if answer.lost.extra < 2.0 * answer.lost.noise {
                continue;
            }
            let own = answer.ranking.iter().find(|share| share.element == Element::Node(node));
            let place = own
                .map_or(usize::MAX, |own| answer.ranking.iter().filter(|other| other.order() >= own.order()).count());
            score.add(place);
        }
    }
    score
}

/// Every node that the front calls, itself or through others.
fn behind(sketch: &Sketch, front: NodeIx) -> Vec<NodeIx> {
    let mut found = vec![front];
    let mut next = 0;
    while let Some(caller) = found.get(next).copied() {
        let callees = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).filter(|ends| ends.0 == caller);
        let fresh: Vec<NodeIx> = callees.map(|(_, callee)| callee).filter(|callee| !found.contains(callee)).collect();
        found.extend(fresh);
        next += 1;
    }
    found.into_iter().skip(1).collect()
}

type Window = BTreeMap<NodeIx, Traffic>;

fn window(sketch: &Sketch, quiet: &Recording, bin: usize) -> Window {
    quiet.nodes.iter().filter_map(|(name, metrics)| Some((sketch.find(name)?, metrics.traffic(bin)))).collect()
}

/// Lets a node fail, and with it everybody who calls it. False where chance spared every request.
fn break_at(sketch: &Sketch, node: NodeIx, fault: Fault, window: &mut Window, dice: &mut Dice) -> bool {
    let requests = window.get(&node).and_then(|traffic| traffic.requests).unwrap_or(0.0);
    let part = match fault {
        Fault::Slow { part, .. } | Fault::Fails { part } => part,
    };
    let mut hit = 0.0;
    for _ in 0..requests as usize {
        hit += f64::from(u8::from(dice.roll() < part));
    }
    // Some callers try again or do without: then not every failure of theirs is one of the callee.
    let passed_on = if dice.roll() < 0.5 { 1.0 } else { 0.6 };
    let (extra, passed_on) = match fault {
        Fault::Slow { seconds, .. } => (hit * seconds, 1.0),
        Fault::Fails { .. } => (hit, passed_on),
    };
    spread_up(sketch, node, extra, passed_on, fault.symptom(), window, 0);
    hit > 0.0
}

/// Adds the loss to a node and, by the requests they send, to its callers.
fn spread_up(sketch: &Sketch, node: NodeIx, extra: f64, on: f64, symptom: Symptom, window: &mut Window, depth: u32) {
    let Some(traffic) = window.get_mut(&node) else { return };
    let requests = traffic.requests.unwrap_or(0.0);
    if requests <= 0.0 || depth > 12 {
        return;
    }
    match symptom {
        Symptom::Latency => traffic.seconds = traffic.seconds.map(|seconds| seconds + extra / requests),
        Symptom::Failures => traffic.failed = traffic.failed.map(|failed| (failed + extra / requests).min(1.0)),
    }
    let callers: Vec<(NodeIx, f64)> = sketch
        .edge_indices()
        .filter_map(|edge| sketch.ends(edge))
        .filter(|(_, callee)| *callee == node)
        .map(|(caller, _)| (caller, window.get(&caller).and_then(|traffic| traffic.requests).unwrap_or(0.0)))
        .collect();
    let all: f64 = callers.iter().map(|(_, requests)| requests).sum();
    for (caller, requests) in callers.into_iter().filter(|_| all > 0.0) {
        spread_up(sketch, caller, extra * requests / all * on, on, symptom, window, depth + 1);
    }
}
