//! What a new failure mode may do, taken from what was seen of it: first what its own callers met, then what others did, then
//! what a fault behind a balancer usually looks like.

use std::collections::BTreeMap;

use super::Solved;
use super::wording::unused;
use crate::engine::{Evidence, believe};
use crate::fact::Outcome;
use crate::order;
use crate::place::{Request, Sight};
use crate::runbook::{Chance, FailureMode, Place, Prior, Shelf};
use crate::sketch::{Element, Sketch};
use crate::weigh::Belief;

/// A state that is more usual than this on a healthy element is no sign of the fault.
const UNUSUAL: f64 = 0.3;

/// What hides behind an answer like 502 or 504 of somebody in between.
const HIDDEN: [Outcome; 6] =
    [Outcome::ConnectTimeout, Outcome::Refused, Outcome::Hang, Outcome::Reset, Outcome::Http500, Outcome::Slow];

/// How usual a new mode may be, the most modest first.
const PRIORS: usize = 3;

/// Modes to try, the likeliest description first.
pub(super) fn candidates(
    id: &str,
    title: &str,
    solved: &Solved,
    sketch: &Sketch,
    evidence: &[Evidence],
    shelf: &Shelf,
) -> Vec<FailureMode> {
    let Some(element) = element(solved, sketch) else { return Vec::new() };
    let (effects, shows) =
        believe(sketch, evidence, shelf, |belief| (effects(element, belief), shows(element, belief)));
    let priors: Vec<Prior> = Prior::all().take(PRIORS).collect();
    let mut modes = Vec::new();
    for Effect { breaks, rate } in effects {
        if breaks.is_empty() && shows.is_empty() {
            continue;
        }
        for prior in priors.iter().rev() {
            modes.push(FailureMode {
                id: id.to_owned(),
                on: vec![place(element, sketch)],
                title: title.to_owned(),
                prior: *prior,
                via: None,
                authoritative: false,
                breaks: breaks.clone(),
                makes: BTreeMap::new(),
                astray: BTreeMap::new(),
                misleads: BTreeMap::new(),
                disturbs: BTreeMap::new(),
                rate,
                shows: shows.clone(),
                rules_out: String::new(),
                fix: unused(&solved.fix, "What repaired it."),
                verify: String::new(),
                undo: String::new(),
                repair: None,
                sources: Vec::new(),
            });
        }
    }
    modes
}

fn element(solved: &Solved, sketch: &Sketch) -> Option<Element> {
    match (sketch.element(&solved.element)?, solved.address) {
        (Element::Node(ix), Some(ip)) => Some(Element::Address(ix, ip)),
        (element, _) => Some(element),
    }
}

fn place(element: Element, sketch: &Sketch) -> Place {
    match element {
        Element::Node(ix) => Place::Node(sketch.kind(ix)),
        Element::Address(ix, _) => Place::Address(sketch.kind(ix)),
        Element::Edge(ix) => Place::Edge(sketch.ends(ix).map(|(_, to)| sketch.kind(to))),
    }
}

/// What its callers see, and of how many requests.
struct Effect {
    breaks: BTreeMap<Outcome, Chance>,
    rate: Chance,
}

fn effects(element: Element, belief: &Belief) -> Vec<Effect> {
    let requests = || {
        belief.observations.iter().filter_map(|seen| match &seen.sight {
            Sight::Request(request) => Some((request, seen.count.max(1))),
            Sight::State { .. } | Sight::Blame { .. } => None,
        })
    };
    let direct = counted(requests().filter(|(request, _)| is_at(request, element, belief)));
    let all = counted(requests());
    let hidden =
        HIDDEN.map(|outcome| Effect { breaks: [(outcome, Chance::nearest(0.9))].into(), rate: Chance::always() });
    let nothing = Effect { breaks: BTreeMap::new(), rate: Chance::always() };
    direct.into_iter().chain(all).chain(hidden).chain([nothing]).collect()
}

/// The failures among requests as chances; nothing where none failed.
fn counted<'a>(requests: impl Iterator<Item = (&'a Request, u32)>) -> Option<Effect> {
    let (mut failures, mut worked): (BTreeMap<Outcome, u32>, u32) = (BTreeMap::new(), 0);
    for (request, count) in requests {
        if request.outcome == Outcome::Ok || request.outcome == Outcome::Redirected {
            worked = worked.saturating_add(count);
        } else {
            let known = failures.entry(request.outcome).or_default();
            *known = known.saturating_add(count);
        }
    }
    let failed: u32 = failures.values().copied().fold(0, u32::saturating_add);
    let share = |count: u32| f64::from(count) / f64::from(failed.max(1));
    let breaks: BTreeMap<Outcome, Chance> =
        order::map(failures.into_iter().map(|(outcome, count)| (outcome, Chance::nearest(0.95 * share(count)))));
    let all = f64::from(failed) + f64::from(worked);
    (failed > 0).then(|| Effect { breaks, rate: Chance::nearest(f64::from(failed) / all) })
}

fn is_at(request: &Request, element: Element, belief: &Belief) -> bool {
    match element {
        Element::Node(ix) => request.to == ix,
        Element::Address(ix, ip) => request.to == ix && request.address == Some(ip),
        Element::Edge(ix) => {
            belief.sketch.ends(ix).is_some_and(|(from, to)| request.from == Some(from) && request.to == to)
        }
    }
}

/// Unusual states that were read at the element.
fn shows(element: Element, belief: &Belief) -> BTreeMap<String, BTreeMap<String, Chance>> {
    let mut shows: BTreeMap<String, BTreeMap<String, Chance>> = BTreeMap::new();
    for seen in belief.observations {
        let Sight::State { observable, value, at } = &seen.sight else { continue };
        let known = belief.shelf.observable(observable).is_some_and(|known| known.normally.contains_key(value));
        if known && at.contains(&element) && belief.shelf.normally(observable, value) < UNUSUAL {
            shows.entry(observable.clone()).or_default().insert(value.clone(), Chance::nearest(0.8));
        }
    }
    shows
}
