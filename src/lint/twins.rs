//! Failure modes that nobody can tell apart: the same place, nearly the same predictions, and yet different repairs.

use std::collections::BTreeMap;

use super::document::Document;
use crate::fact::Outcome;
use crate::order;
use crate::runbook::{Chance, FailureMode, Place, Shelf};

/// Two modes differ enough if, in one thing that can be seen, at least this much of the probability lies elsewhere; 2 is
/// the most. The value of the engine's prototype, where it found the pairs its authors had taken for well described.
const APART: f64 = 0.35;

pub(super) fn check(documents: &mut [Document], shelf: &Shelf) {
    let all: Vec<Predicted> = shelf.modes().map(|mode| Predicted::of(mode, shelf)).collect();
    for document in documents {
        let own = document.runbook.clone();
        let ours: Vec<bool> = all.iter().map(|other| own.describes(&other.mode.id)).collect();
        for (position, mode) in own.failure_modes.iter().enumerate() {
            let Some((at, mine)) = all.iter().enumerate().find(|(_, other)| other.mode.id == mode.id) else { continue };
            // Of two modes of one shelf the later one is told, once.
            let others = all.iter().zip(&ours).enumerate().filter(|(other, (_, own))| *other < at || !**own);
            for (_, (twin, _)) in others.filter(|(_, (other, _))| alike(mine, other)) {
                let says = format!(
                    "nobody can tell {} from {}: say in \"shows\" or \"breaks\" where they differ, or give both the same \"repair\"",
                    mode.id, twin.mode.id
                );
                document.warning(&format!("/failure_modes/{position}/id"), says);
            }
        }
    }
}

/// A mode and what is seen of it, as shares of 1; worked out once, because every mode is held against every other.
struct Predicted<'a> {
    mode: &'a FailureMode,
    effects: [BTreeMap<Outcome, f64>; 5],
    /// With what is normal for each observable.
    shows: BTreeMap<&'a str, (Shares, Shares)>,
}

/// Values of an observable, as shares of 1.
type Shares = BTreeMap<String, f64>;

impl<'a> Predicted<'a> {
    fn of(mode: &'a FailureMode, shelf: &Shelf) -> Predicted<'a> {
        let effects = [&mode.breaks, &mode.makes, &mode.astray, &mode.misleads, &mode.disturbs].map(shares);
        let shown = |(name, values): (&'a String, &BTreeMap<String, Chance>)| {
            let normally = shelf.observable(name).map(|known| shares(&known.normally)).unwrap_or_default();
            (name.as_str(), (shares(values), normally))
        };
        Predicted { mode, effects, shows: order::map(mode.shows.iter().map(shown)) }
    }
}

fn alike(one: &Predicted, other: &Predicted) -> bool {
    let same_repair = one.mode.repair.is_some() && one.mode.repair == other.mode.repair;
    let meet = one.mode.on.iter().any(|place| other.mode.on.iter().any(|theirs| overlap(*place, *theirs)));
    if one.mode.id == other.mode.id || same_repair || !meet || one.mode.via != other.mode.via {
        return false;
    }
    // An observable that only one of them shows is normal under the other.
    let shown_by_one = |here: &Predicted, there: &Predicted| {
        here.shows.iter().all(|(name, (shown, normally))| {
            distance(shown, there.shows.get(name).map_or(normally, |(shown, _)| shown)) < APART
        })
    };
    one.effects.iter().zip(&other.effects).all(|(one, other)| distance(one, other) < APART)
        && shown_by_one(one, other)
        && shown_by_one(other, one)
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
    order::map(chances.iter().map(|(key, chance)| (key.clone(), chance.probability() / sum)))
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
