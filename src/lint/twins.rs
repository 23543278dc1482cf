//! Failure modes that nobody can tell apart: the same place, nearly the same predictions, and yet different repairs.

use std::collections::BTreeMap;

use super::document::Document;
use crate::runbook::{Chance, FailureMode, Place, Shelf};

/// Two modes differ enough if, in one thing that can be seen, at least this much of the probability lies elsewhere; 2 is
/// the most. The value of the engine's prototype, where it found the pairs its authors had taken for well described.
const APART: f64 = 0.35;

pub(super) fn check(documents: &mut [Document], shelf: &Shelf) {
    for document in documents {
        let own = document.runbook.clone();
        for (position, mode) in own.failure_modes.iter().enumerate() {
            // Of two modes of one shelf the later one is told, once.
            let earlier = shelf.modes().take_while(|other| other.id != mode.id);
            let later = shelf.modes().filter(|other| !own.describes(&other.id)).skip_while(|other| other.id != mode.id);
            for twin in earlier.chain(later).filter(|other| alike(mode, other, shelf)) {
                let says = format!(
                    "nobody can tell {} from {}: say in \"shows\" or \"breaks\" where they differ, or give both the same \"repair\"",
                    mode.id, twin.id
                );
                document.warning(&format!("/failure_modes/{position}/id"), says);
            }
        }
    }
}

fn alike(one: &FailureMode, other: &FailureMode, shelf: &Shelf) -> bool {
    let same_repair = one.repair.is_some() && one.repair == other.repair;
    let meet = one.on.iter().any(|place| other.on.iter().any(|theirs| overlap(*place, *theirs)));
    if one.id == other.id || same_repair || !meet || one.via != other.via {
        return false;
    }
    let effects = [
        (&one.breaks, &other.breaks),
        (&one.makes, &other.makes),
        (&one.astray, &other.astray),
        (&one.misleads, &other.misleads),
    ];
    let seen = effects.into_iter().map(|(one, other)| distance(&shares(one), &shares(other)));
    let observables = one.shows.keys().chain(other.shows.keys());
    let shown = observables.map(|name| {
        let normally = shelf.observable(name).map(|known| shares(&known.normally)).unwrap_or_default();
        let of = |mode: &FailureMode| mode.shows.get(name).map_or_else(|| normally.clone(), shares);
        distance(&of(one), &of(other))
    });
    seen.chain(shown).fold(0.0, f64::max) < APART
}

fn overlap(one: Place, other: Place) -> bool {
    match (one, other) {
        (Place::Edge(None), Place::Edge(Some(kind))) | (Place::Edge(Some(kind)), Place::Edge(None)) => {
            kind != crate::sketch::Kind::Dns
        }
        (one, other) => one == other,
    }
}

/// Chances as shares of 1.
fn shares<K: Ord + Clone>(chances: &BTreeMap<K, Chance>) -> BTreeMap<K, f64> {
    let sum: f64 = chances.values().map(|chance| chance.probability()).sum();
    chances.iter().map(|(key, chance)| (key.clone(), chance.probability() / sum)).collect()
}

/// How much of the probability lies elsewhere, 0 to 2.
fn distance<K: Ord>(one: &BTreeMap<K, f64>, other: &BTreeMap<K, f64>) -> f64 {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => return 0.0,
        (true, false) | (false, true) => return 2.0,
        (false, false) => {}
    }
    let mine: f64 = one.iter().map(|(key, p)| (p - other.get(key).copied().unwrap_or(0.0)).abs()).sum();
    let theirs: f64 = other.iter().filter(|(key, _)| !one.contains_key(key)).map(|(_, p)| p).sum();
    mine + theirs
}
