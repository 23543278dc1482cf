//! Picks the next command: the probe that tells most about what to repair, per minute and risk.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::{Slot, Slots, fill};
use crate::diagnosis::{Expected, Risk, Suggestion};
use crate::fact::{Outcome, Stage};
use crate::hypotheses::Cause;
use crate::place::Tls;
use crate::predict::{self, Asked, Dist};
use crate::routes::Step;
use crate::runbook::{Asks, Place, Probe};
use crate::sketch::{Edge, Element, NodeIx};
use crate::weigh::{Belief, Key, steps_at};

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
    suggestions.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.command.cmp(&y.command)));
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
fn repairs(belief: &Belief) -> Vec<(usize, usize)> {
    let mut classes: BTreeMap<(Option<Element>, &str), usize> = BTreeMap::new();
    let mut all = Vec::new();
    for (h, hypothesis) in belief.hypotheses.iter().enumerate() {
        let class = match &hypothesis.cause {
            Cause::Described(element, mode) => (Some(*element), mode.repair.as_deref().unwrap_or(&mode.id)),
            Cause::NotDescribed(element) => (Some(*element), ""),
            Cause::Nothing => (None, "nothing"),
            Cause::Outside => (None, "outside"),
        };
        let next = classes.len();
        all.push((h, *classes.entry(class).or_insert(next)));
    }
    all
}

/// The most suspected elements.
fn anchors(belief: &Belief) -> Vec<Element> {
    let mut ranked: Vec<(f64, Element)> =
        belief.by_element.keys().map(|element| (belief.at(*element), *element)).collect();
    ranked.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    ranked.into_iter().map(|(_, element)| element).take(ANCHORS).collect()
}

fn fits(place: Place, element: Element, belief: &Belief) -> bool {
    let leads_to = |edge| belief.sketch.ends(edge).map(|(_, to)| belief.sketch.kind(to));
    match (place, element) {
        (Place::Node(kind), Element::Node(ix)) | (Place::Address(kind), Element::Address(ix, _)) => {
            belief.sketch.kind(ix) == kind
        }
        (Place::Edge(None), Element::Edge(ix)) => leads_to(ix) != Some(crate::sketch::Kind::Dns),
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
    repairs: &[(usize, usize)],
) -> Option<Suggestion> {
    let predicted = match &probe.asks {
        Asks::Request(stage) => requests(element, from, *stage, belief)?,
        Asks::Observable(observable) => states(element, observable, belief)?,
    };
    let (bits, outcomes) = information(&predicted, belief, repairs);
    if bits < WORTH {
        return None;
    }
    let outcomes = outcomes
        .into_iter()
        .filter(|(_, p, _)| *p >= LISTED)
        .map(|(word, probability, leading)| Expected {
            sees: sees(&word),
            then: then(probe, &word, leading, belief),
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

/// For every hypothesis the probability of every outcome, as rows over one list of outcome words.
struct Predicted {
    words: Vec<String>,
    base: Vec<f64>,
    rows: BTreeMap<usize, Vec<f64>>,
}

fn requests(element: Element, from: Option<NodeIx>, stage: Stage, belief: &Belief) -> Option<Predicted> {
    let (target, address) = match element {
        Element::Node(ix) => (ix, None),
        Element::Address(ix, ip) => (ix, Some(ip)),
        Element::Edge(ix) => (belief.sketch.ends(ix)?.1, None),
    };
    let steps: Vec<Step> = belief.routes.of_request(from, target, address, address.is_none());
    let asked = Asked { tests: stage, whole: address.is_none(), tls: Tls::Checked, answered: false, sameness: 1.0 };
    let before = asked_before(from, target, address, stage, belief);
    let words = Outcome::ALL.iter().filter(|outcome| **outcome == Outcome::Ok || outcome.stage() <= stage);
    let words: Vec<Outcome> = words.copied().collect();
    let row = |dist: &Dist| -> Vec<f64> {
        words.iter().map(|outcome| again(dist.get(*outcome), *outcome, &before)).collect()
    };
    let mut rows = BTreeMap::new();
    for step in &steps {
        for found in steps_at(std::slice::from_ref(step), step.element) {
            for h in belief.by_element.get(&found.element).into_iter().flatten() {
                if let Some(hypothesis) = belief.hypotheses.get(*h) {
                    rows.insert(*h, row(&predict::request(&hypothesis.cause, found, asked)));
                }
            }
        }
    }
    Some(Predicted {
        base: row(&predict::background()),
        words: words.iter().map(|outcome| outcome.word().to_owned()).collect(),
        rows,
    })
}

/// Outcomes of the same question so far: asking again tells less.
fn asked_before(
    from: Option<NodeIx>,
    to: NodeIx,
    address: Option<std::net::IpAddr>,
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

/// The Pólya prediction after what was seen.
fn again(p: f64, outcome: Outcome, before: &BTreeMap<Outcome, u32>) -> f64 {
    const STRENGTH: f64 = 1.0;
    let all: u32 = before.values().sum();
    let same = before.get(&outcome).copied().unwrap_or(0);
    (STRENGTH * p + f64::from(same)) / (STRENGTH + f64::from(all))
}

fn states(element: Element, observable: &str, belief: &Belief) -> Option<Predicted> {
    let known = belief.shelf.observable(observable)?;
    // A state that was read already has nothing more to tell.
    let read = belief.clusters.iter().any(|cluster| match &cluster.key {
        Key::State { observable: read, at } => read == observable && at.contains(&element),
        Key::Request { .. } => false,
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

/// Expected information about the repair in bits, and per outcome its probability and the hypothesis that then leads.
fn information(
    predicted: &Predicted,
    belief: &Belief,
    repairs: &[(usize, usize)],
) -> (f64, Vec<(String, f64, Option<usize>)>) {
    let count = predicted.words.len();
    let mut all = vec![0.0; count];
    let mut by_class: BTreeMap<usize, (f64, Vec<f64>)> = BTreeMap::new();
    let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); count];
    for (h, class) in repairs {
        let p = belief.single.get(*h).copied().unwrap_or(0.0);
        if p < 1e-9 {
            continue;
        }
        let row = predicted.rows.get(h).unwrap_or(&predicted.base);
        let entry = by_class.entry(*class).or_insert_with(|| (0.0, vec![0.0; count]));
        entry.0 += p;
        for (position, q) in row.iter().enumerate() {
            let joint = p * q;
            if let (Some(sum), Some(part), Some(top)) =
                (all.get_mut(position), entry.1.get_mut(position), best.get_mut(position))
            {
                *sum += joint;
                *part += joint;
                if joint > top.0 {
                    *top = (joint, Some(*h));
                }
            }
        }
    }
    let total: f64 = all.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let entropy = |weights: &[f64], sum: f64| -> f64 {
        weights.iter().filter(|w| **w > 0.0).map(|w| w / sum).map(|p| -p * p.log2()).sum()
    };
    let conditional: f64 = by_class
        .values()
        .map(|(_, part)| {
            let sum: f64 = part.iter().sum();
            if sum > 0.0 { sum / total * entropy(part, sum) } else { 0.0 }
        })
        .sum();
    let bits = (entropy(&all, total) - conditional).max(0.0);
    let mut outcomes: Vec<(String, f64, Option<usize>)> =
        predicted.words.iter().zip(&all).zip(best).map(|((word, p), (_, h))| (word.clone(), p / total, h)).collect();
    outcomes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    (bits, outcomes)
}

fn sees(word: &str) -> String {
    match Outcome::from_word(word) {
        Some(outcome) => format!("the request {}", outcome.spoken()),
        None => word.replace('_', " "),
    }
}

/// What an outcome means: the runbook's words, and who leads then.
fn then(probe: &Probe, word: &str, leading: Option<usize>, belief: &Belief) -> String {
    let leader = leading.and_then(|h| belief.hypotheses.get(h)).map(|hypothesis| name(&hypothesis.cause, belief));
    match (probe.reads.get(word), leader) {
        (Some(reading), Some(leader)) => format!("{reading}; then first: {leader}"),
        (Some(reading), None) => reading.clone(),
        (None, Some(leader)) => format!("then first: {leader}"),
        (None, None) => String::new(),
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

/// What the drawing and the evidence know for the slots of a command.
fn slots(element: Element, from: Option<NodeIx>, belief: &Belief) -> Slots {
    let mut slots = Slots::default();
    let (target, edge): (Option<NodeIx>, Option<&Edge>) = match element {
        Element::Node(ix) | Element::Address(ix, _) => {
            let edge =
                from.and_then(|from| belief.sketch.edge_between(from, ix)).and_then(|edge| belief.sketch.edge(edge));
            (Some(ix), edge)
        }
        Element::Edge(ix) => (belief.sketch.ends(ix).map(|(_, to)| to), belief.sketch.edge(ix)),
    };
    let Some(node) = target.and_then(|ix| belief.sketch.node(ix)) else { return slots };
    let address = match element {
        Element::Address(_, ip) => Some(ip),
        _ => node.ips.first().copied(),
    };
    let host = node.hosts.first().cloned().or_else(|| address.map(|ip| ip.to_string()));
    let port = edge.and_then(|edge| edge.port).or(node.ports.first().copied());
    let secure = edge.and_then(|edge| edge.protocol.as_deref()) == Some("https") || port == Some(443);
    let (subject, asked_name) = subjects(target, belief);
    let path = subject.filter(|path| path.starts_with('/')).unwrap_or_else(|| "/".to_owned());
    if let Some(address) = address {
        slots.set(Slot::Address, address);
        slots.set(Slot::Resolver, address);
    }
    if let Some(host) = &host {
        let scheme = if secure { "https" } else { "http" };
        slots.set(Slot::Host, host);
        match port {
            Some(port) if port != if secure { 443 } else { 80 } => {
                slots.set(Slot::Url, format!("{scheme}://{host}:{port}{path}"))
            }
            _ => slots.set(Slot::Url, format!("{scheme}://{host}{path}")),
        }
    }
    slots.set(Slot::Port, port.unwrap_or(if secure { 443 } else { 80 }));
    slots.set(Slot::Path, path);
    if let Some(name) = asked_name.or(node.hosts.first().cloned()) {
        slots.set(Slot::Name, name);
    }
    if let Some(id) = ["subnet", "arn", "id"].iter().find_map(|key| node.attr(key)) {
        slots.set(Slot::Id, id);
    }
    slots
}

/// The path asked of a node, and the name asked of a name server, where something failed or else at all.
fn subjects(target: Option<NodeIx>, belief: &Belief) -> (Option<String>, Option<String>) {
    let (mut path, mut name) = (None, None);
    for cluster in belief.clusters.iter() {
        if let Key::Request { to, tests, subject, .. } = &cluster.key {
            if subject.is_empty() {
                continue;
            }
            let slot = if *tests == Stage::Resolve { &mut name } else { &mut path };
            if slot.is_none() || (!cluster.all_worked() && Some(*to) == target) {
                *slot = Some(subject.clone());
            }
        }
    }
    (path, name)
}
