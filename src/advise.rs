//! Picks the next command: the probe that tells most about what to repair, per minute and risk.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::{Slot, fill};
use crate::diagnosis::{Expected, Risk, Suggestion};
use crate::fact::Outcome;
use crate::hypotheses::Cause;
use crate::runbook::{Asks, Place, Probe};
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::Belief;

mod foresee;
mod information;
mod slots;

use foresee::{requests, states};
use information::{Information, information};
use slots::slots;

/// Only elements among this many most suspected ones, and their neighbors, are worth a probe.
const ANCHORS: usize = 50;

/// How many suggestions are kept.
const KEPT: usize = 5;

/// Below this a command is not worth its minute.
const WORTH: f64 = 0.02;

/// An outcome that is less likely is not listed.
const LISTED: f64 = 0.02;

/// Commands worth running next, best first.
pub fn advise(belief: &Belief) -> Vec<Suggestion> {
    let repairs = repairs(belief);
    let mut suggestions: Vec<(f64, Suggestion)> = Vec::new();
    for element in anchors(belief) {
        for probe in belief.shelf.probes().filter(|probe| probe.at.iter().any(|place| fits(*place, element, belief))) {
            for from in
                vantages(probe, element, belief).into_iter().filter(|from| speaks(probe, element, *from, belief))
            {
                if let Some(suggestion) = suggest(probe, element, from, belief, &repairs) {
                    let risk = match probe.risk {
                        Risk::Read => 1.0,
                        Risk::Load => 2.5,
                        Risk::Mutate => 12.0,
                    };
                    // Where somebody has been looking from, nobody has to be asked for access first.
                    let at_hand = from.is_none_or(|from| belief.looked_from(from));
                    let asking = if at_hand { 0.25 } else { 1.0 };
                    suggestions.push((suggestion.bits / ((probe.minutes + asking) * risk), suggestion));
                }
            }
        }
    }
    suggestions.sort_unstable_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.command.cmp(&y.command)));
    let mut commands = BTreeSet::new();
    suggestions.retain(|(_, suggestion)| commands.insert((suggestion.from.clone(), suggestion.command.clone())));
    suggestions.into_iter().map(|(_, suggestion)| suggestion).take(KEPT).collect()
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
    let mut classes: BTreeMap<(Option<Element>, &str), usize> = BTreeMap::new();
    let mut all = Vec::new();
    for hypothesis in &belief.hypotheses {
        let class = match &hypothesis.cause {
            Cause::Described(element, mode) => (Some(*element), mode.repair.as_deref().unwrap_or(&mode.id)),
            Cause::NotDescribed(element) => (Some(*element), ""),
            Cause::Nothing => (None, "nothing"),
            Cause::Outside => (None, "outside"),
        };
        let next = classes.len();
        all.push(*classes.entry(class).or_insert(next));
    }
    all
}

/// The most suspected elements.
fn anchors(belief: &Belief) -> Vec<Element> {
    let mut ranked: Vec<(f64, Element)> =
        belief.by_element.keys().map(|element| (belief.at(*element), *element)).collect();
    ranked.sort_unstable_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
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
        (Asks::Observable(_), Element::Edge(_)) => vec![None],
        (Asks::Request(_), Element::Edge(ix)) => vec![belief.sketch.ends(ix).map(|(from, _)| from)],
        (Asks::Request(_), Element::Node(ix) | Element::Address(ix, _)) => {
            belief.routes.callers(ix).into_iter().map(|(_, caller)| Some(caller)).collect()
        }
    }
}

fn suggest(
    probe: &Probe,
    element: Element,
    from: Option<NodeIx>,
    belief: &Belief,
    repairs: &[usize],
) -> Option<Suggestion> {
    let predicted = match &probe.asks {
        Asks::Request(stage) => requests(element, from, *stage, belief)?,
        Asks::Observable(observable) => states(element, observable, belief)?,
    };
    let Information { bits, outcomes } = information(&predicted, belief, |h| repairs.get(h).copied().unwrap_or(0));
    if bits < WORTH {
        return None;
    }
    let outcomes = outcomes
        .into_iter()
        .filter(|(_, p, _)| *p >= LISTED)
        .map(|(word, probability, leading)| Expected {
            sees: sees(&word),
            then: then(probe, &word, leading, element, belief),
            probability,
        })
        .collect();
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
    Some(Suggestion {
        probe: probe.id.clone(),
        command: filled.command,
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
        outcomes,
    })
}

fn sees(word: &str) -> String {
    match Outcome::from_word(word) {
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
