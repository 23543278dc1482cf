//! Picks the next command: the probe that tells most about what to repair, per minute and risk.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::{Slot, fill};
use crate::diagnosis::{Expected, Missing, Risk, Suggestion};
use crate::fact::Outcome;
use crate::hypotheses::Cause;
use crate::order;
use crate::runbook::{Asks, Place, Probe};
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::Belief;

mod fetch;
mod foresee;
mod information;
mod manual;
mod promise;
mod slots;

pub use fetch::fetch;
pub use manual::{Trial, first_place, tells, trials};

use foresee::{Predicted, requests, states};
use information::{Foreseen, Information, information};
use slots::slots;

/// Only elements among this many most suspected ones, and their neighbors, are worth a probe.
const ANCHORS: usize = 50;

/// How many suggestions are kept.
const KEPT: usize = 5;

/// Minutes to find out what a slot of a command stands for.
const HOLE: f64 = 0.25;

/// How many hypotheses are ranked.
const RANKED: usize = 1_024;

/// Below this a command is not worth its minute.
const WORTH: f64 = 0.02;

/// With less belief a hypothesis does not lead, even if no other has more.
const LEADS: f64 = 0.25;

/// In a drawing nobody has tested yet, a hop farther from the caller outweighs any price of a command.
const FARTHER: f64 = 1_000.0;

/// An outcome that is less likely is not listed.
const LISTED: f64 = 0.02;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Advice {
    /// Commands worth running, best first.
    pub next: Vec<Suggestion>,
    /// So many of them will do, where that can be promised.
    pub at_most: Option<u32>,
}

/// A suggestion and what it was weighed with.
struct Weighed {
    suggestion: Suggestion,
    predicted: Option<Predicted>,
    /// Minutes times risk.
    cost: f64,
    /// Bits per cost.
    score: f64,
}

/// What everybody who weighs a probe needs to know.
struct Weighing<'a, 'b> {
    belief: &'a Belief<'b>,
    /// What one would do about each hypothesis.
    repairs: Vec<usize>,
    /// Hypotheses with most belief, best first.
    ranked: Vec<usize>,
    missing: &'a [Missing],
}

/// Commands worth running next. `missing` are numbers that calculations lack.
pub fn advise(belief: &Belief, missing: &[Missing]) -> Advice {
    let weighing = Weighing { belief, repairs: repairs(belief), ranked: ranked(belief), missing };
    let candidates = candidates(belief).into_iter();
    let mut weighed: Vec<Weighed> =
        candidates.filter_map(|one| weighing.suggest(one.probe, one.element, one.from)).collect();
    if belief.clusters.is_empty() {
        outwards(belief, &mut weighed);
    }
    order::by(&mut weighed, |a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.suggestion.command.cmp(&b.suggestion.command))
    });
    let mut commands = BTreeSet::new();
    weighed.retain(|one| commands.insert((one.suggestion.from.clone(), one.suggestion.command.clone())));
    let at_most = promise::at_most(belief, &weighing.repairs, &weighed);
    Advice { next: weighed.into_iter().map(|one| one.suggestion).take(KEPT).collect(), at_most }
}

/// Before anything was tested one walks from the caller outwards and begins with what costs least.
fn outwards(belief: &Belief, weighed: &mut [Weighed]) {
    let depths = depths(belief);
    for one in weighed {
        let from = belief.sketch.find(&one.suggestion.from);
        let depth = from.and_then(|from| depths.get(&from)).copied().unwrap_or(1);
        one.score = -one.cost - FARTHER * f64::from(depth);
    }
}

/// How many calls lie between a node and the first caller of its path.
fn depths(belief: &Belief) -> BTreeMap<NodeIx, u32> {
    let nobody_calls = |ix: &NodeIx| belief.routes.callers(*ix).is_empty();
    let mut depths: BTreeMap<NodeIx, u32> = BTreeMap::new();
    let mut layer: Vec<NodeIx> = belief.sketch.node_indices().filter(nobody_calls).collect();
    for depth in 0.. {
        layer.retain(|ix| !depths.contains_key(ix));
        if layer.is_empty() {
            break;
        }
        depths.extend(layer.iter().map(|ix| (*ix, depth)));
        layer = layer.iter().flat_map(|ix| belief.routes.callees(*ix)).map(|(_, callee)| callee).collect();
    }
    depths
}

/// A probe pointed at an element, and where it would be run.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub probe: &'a Probe,
    pub element: Element,
    pub from: Option<NodeIx>,
}

/// Every probe that could be run at one of the most suspected elements.
pub fn candidates<'a>(belief: &Belief<'a>) -> Vec<Candidate<'a>> {
    let mut all = Vec::new();
    for element in anchors(belief) {
        for probe in belief.shelf.probes().filter(|probe| probe.at.iter().any(|place| fits(*place, element, belief))) {
            let from = vantages(probe, element, belief).into_iter();
            let from = from.filter(|from| speaks(probe, element, *from, belief));
            all.extend(from.map(|from| Candidate { probe, element, from }));
        }
    }
    all
}

/// Minutes and risk of running a probe, with the time to ask somebody for access where nobody has been looking from yet.
fn cost(probe: &Probe, from: Option<NodeIx>, belief: &Belief) -> f64 {
    let risk = match probe.risk {
        Risk::Read => 1.0,
        Risk::Load => 2.5,
        Risk::Mutate => 12.0,
    };
    let at_hand = from.is_none_or(|from| belief.looked_from(from));
    let asking = if at_hand { 0.25 } else { 1.0 };
    (probe.minutes + asking) * risk
}

/// The hypotheses with most belief, best first; as many as a probe may concern and one more.
fn ranked(belief: &Belief) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..belief.single.len()).collect();
    let p = |h: &usize| belief.single.get(*h).copied().unwrap_or(0.0);
    let most = RANKED.min(ranked.len());
    if let Some(last) = most.checked_sub(1) {
        ranked.select_nth_unstable_by(last, |a, b| p(b).total_cmp(&p(a)).then(a.cmp(b)));
    }
    ranked.truncate(most);
    order::by(&mut ranked, |a, b| p(b).total_cmp(&p(a)).then(a.cmp(b)));
    ranked
}

/// Whether a probe for certain protocols is of use between these two; an edge without a protocol may speak any.
fn speaks(probe: &Probe, element: Element, from: Option<NodeIx>, belief: &Belief) -> bool {
    let edge = match element {
        Element::Edge(ix) => Some(ix),
        Element::Node(ix) | Element::Address(ix, _) => from.and_then(|from| belief.sketch.edge_between(from, ix)),
    };
    let protocol = edge.and_then(|ix| belief.sketch.edge(ix)).and_then(|edge| edge.protocol.as_deref());
    probe.protocols.is_empty() || protocol.is_none_or(|protocol| probe.protocols.iter().any(|known| known == protocol))
}

/// What one would do about each hypothesis: telling apart two faults with the same repair is worth nothing.
fn repairs(belief: &Belief) -> Vec<usize> {
    let mut all = Vec::with_capacity(belief.hypotheses.len());
    let mut next = 0;
    // Hypotheses about one element stand next to each other.
    let mut here: (Option<Element>, Vec<(&str, usize)>) = (None, Vec::new());
    for hypothesis in &belief.hypotheses {
        let (element, repair) = match &hypothesis.cause {
            Cause::Described(element, mode) => (Some(*element), mode.repair.as_deref().unwrap_or(&mode.id)),
            Cause::NotDescribed(element) => (Some(*element), ""),
            Cause::Nothing => (None, "nothing"),
            Cause::Outside => (None, "outside"),
        };
        if here.0 != element {
            here = (element, Vec::new());
        }
        let known = here.1.iter().find(|(other, _)| *other == repair).map(|(_, class)| *class);
        all.push(known.unwrap_or_else(|| {
            here.1.push((repair, next));
            next += 1;
            next - 1
        }));
    }
    all
}

/// The most suspected elements.
fn anchors(belief: &Belief) -> Vec<Element> {
    let mut ranked: Vec<(f64, Element)> =
        belief.by_element.keys().map(|element| (belief.at(*element), *element)).collect();
    order::by(&mut ranked, |(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    ranked.into_iter().map(|(_, element)| element).take(ANCHORS).collect()
}

fn fits(place: Place, element: Element, belief: &Belief) -> bool {
    let leads_to = |edge| belief.sketch.ends(edge).map(|(_, to)| belief.sketch.kind(to));
    match (place, element) {
        (Place::Node(kind), Element::Node(ix)) | (Place::Address(kind), Element::Address(ix, _)) => {
            belief.sketch.kind(ix) == kind
        }
        (Place::Edge(None), Element::Edge(ix)) => leads_to(ix) != Some(Kind::Dns),
        (Place::Edge(Some(kind)), Element::Edge(ix)) => leads_to(ix) == Some(kind),
        _ => false,
    }
}

/// Where a probe can be run: at the callers of what it tests, or on the node whose state it reads.
fn vantages(probe: &Probe, element: Element, belief: &Belief) -> Vec<Option<NodeIx>> {
    match (&probe.asks, element) {
        (Asks::Observable(_), Element::Node(ix) | Element::Address(ix, _)) => vec![Some(ix)],
        // A number is asked of whoever has an account or a console.
        (Asks::Number(_), _) => vec![None],
        (Asks::Observable(_), Element::Edge(_)) => vec![None],
        (Asks::Request(_), Element::Edge(ix)) => vec![belief.sketch.ends(ix).map(|(from, _)| from)],
        (Asks::Request(_), Element::Node(ix) | Element::Address(ix, _)) => {
            belief.routes.callers(ix).into_iter().map(|(_, caller)| Some(caller)).collect()
        }
    }
}

impl Weighing<'_, '_> {
    fn suggest(&self, probe: &Probe, element: Element, from: Option<NodeIx>) -> Option<Weighed> {
        let belief = self.belief;
        let predicted = match &probe.asks {
            Asks::Request(stage) => Some(requests(element, from, *stage, belief)?),
            Asks::Observable(observable) => Some(states(element, observable, belief)?),
            Asks::Number(_) => None,
        };
        let class = |h: usize| self.repairs.get(h).copied().unwrap_or(0);
        let Information { bits, outcomes } = match (&probe.asks, &predicted) {
            (Asks::Number(number), _) => {
                let bits = self.missing.iter().find(|one| one.number == *number)?.bits;
                Information { bits, outcomes: Vec::new() }
            }
            (_, predicted) => information(predicted.as_ref()?, belief, &self.ranked, class),
        };
        if bits < WORTH {
            return None;
        }
        let outcomes = outcomes.into_iter().filter(|outcome| outcome.probability >= LISTED);
        let outcomes = outcomes.map(|Foreseen { word, probability, leading, belief: then_believed }| Expected {
            sees: sees(&probe.asks, &word),
            then: then(probe, &word, leading, element, belief),
            leads: leading
                .filter(|_| then_believed >= LEADS)
                .and_then(|h| belief.cause(h)?.element())
                .map(|element| belief.sketch.element_id(element))
                .unwrap_or_default(),
            probability,
        });
        let filled = fill(&probe.command, &slots(element, from, belief));
        // A lookup without a name to look up is no command; an id that only the account's owner knows can be filled in.
        if filled
            .missing
            .iter()
            .any(|missing| matches!(missing.slot, Slot::Name | Slot::Host | Slot::Address | Slot::Resolver))
        {
            return None;
        }
        let node = |ix: NodeIx| belief.sketch.node(ix).map(|node| node.id.clone()).unwrap_or_default();
        let suggestion = Suggestion {
            probe: probe.id.clone(),
            command: filled.command.clone(),
            asks: probe.question.clone(),
            from: from.map(node).unwrap_or_default(),
            about: belief.sketch.element_id(element),
            address: match element {
                Element::Address(_, ip) => Some(ip),
                _ => None,
            },
            minutes: probe.minutes,
            risk: probe.risk,
            bits,
            outcomes: outcomes.collect(),
        };
        // What has to be looked up first takes its time.
        let cost = cost(probe, from, belief) + HOLE * filled.missing.len() as f64;
        Some(Weighed { predicted, cost, score: suggestion.bits / cost, suggestion })
    }
}

/// What an outcome of a command looks like, in words.
pub fn sees(asks: &Asks, word: &str) -> String {
    // A state may have a value that is also the word of an outcome: "ok".
    match Outcome::from_word(word).filter(|_| matches!(asks, Asks::Request(_))) {
        Some(outcome) => format!("the request {}", outcome.spoken()),
        None => word.replace('_', " "),
    }
}

/// What an outcome means: the runbook's words, or who leads then.
fn then(probe: &Probe, word: &str, leading: Option<usize>, about: Element, belief: &Belief) -> String {
    if let Some(reading) = probe.reads.get(word) {
        return reading.clone();
    }
    match leading.and_then(|h| belief.cause(h)) {
        // The command names its target; only another element has to be named again.
        Some(Cause::Described(element, mode)) if *element == about => mode.title.clone(),
        Some(cause) => name(cause, belief),
        None => String::new(),
    }
}

/// A cause in words.
pub fn name(cause: &Cause, belief: &Belief) -> String {
    match cause {
        Cause::Described(element, mode) => format!("{}: {}", belief.sketch.element_name(*element), mode.title),
        Cause::NotDescribed(element) => {
            format!("{}: something no runbook describes", belief.sketch.element_name(*element))
        }
        Cause::Nothing => "nothing is wrong".to_owned(),
        Cause::Outside => "something that is not in the drawing".to_owned(),
    }
}
