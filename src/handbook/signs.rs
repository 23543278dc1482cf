//! What speaks for a failure mode and what rules it out, as sentences made from the chances in its runbook.

use std::collections::BTreeMap;

use super::works;
use crate::fact::{Outcome, Stage};
use crate::order;
use crate::predict::shown;
use crate::runbook::{Chance, FailureMode, Shelf};

/// A state is a sign if the fault makes it so many times likelier than it normally is …
const TELLS: f64 = 1.5;

/// … and rules the fault out if it makes it so many times less likely.
const SPEAKS_AGAINST: f64 = 0.25;

/// Rarer outcomes are no sign.
const SOMETIMES: f64 = 0.1;

/// A fault that breaks fewer requests is not ruled out by one that works.
const NEARLY_ALL: f64 = 0.75;

/// What one sees if the mode is at work, the likeliest first.
pub(super) fn signs(mode: &FailureMode, shelf: &Shelf) -> Vec<String> {
    let effects = [
        (&mode.breaks, "a request to it"),
        (&mode.makes, "a request it sends"),
        (&mode.astray, "a request it sends somewhere else than the drawing leads"),
        (&mode.misleads, "a request that follows its answer"),
        (&mode.disturbs, "a request of others to what it works on"),
    ];
    let mut signs: Vec<String> = effects.into_iter().flat_map(|(effect, what)| outcomes(effect, what)).collect();
    if mode.rate.probability() < NEARLY_ALL && !mode.breaks.is_empty() {
        signs.push(format!("not every request: it breaks one {}", spoken(mode.rate)));
    }
    for (name, values) in &mode.shows {
        let mut values: Vec<(&String, &Chance)> = values.iter().collect();
        order::by(&mut values, |a, b| b.1.probability().total_cmp(&a.1.probability()));
        for (value, chance) in values {
            if chance.probability() >= TELLS * shelf.normally(name, value) {
                signs.push(format!("{}: {} ({})", title(name, shelf), value.replace('_', " "), spoken(*chance)));
            }
        }
    }
    signs
}

fn outcomes(effect: &BTreeMap<Outcome, Chance>, what: &str) -> Vec<String> {
    let mut outcomes: Vec<(&Outcome, &Chance)> = effect
        .iter()
        .filter(|(outcome, chance)| **outcome != Outcome::Ok && chance.probability() >= SOMETIMES)
        .collect();
    order::by(&mut outcomes, |a, b| b.1.probability().total_cmp(&a.1.probability()));
    outcomes.into_iter().map(|(outcome, chance)| format!("{what} {} ({})", outcome.spoken(), spoken(*chance))).collect()
}

/// What one does not see if the mode is at work.
pub(super) fn rules_out(mode: &FailureMode, shelf: &Shelf) -> Vec<String> {
    let mut all = Vec::new();
    let likely = mode.breaks.iter().filter(|(_, chance)| chance.probability() >= SOMETIMES);
    let farthest: Option<Stage> = likely.map(|(outcome, _)| outcome.stage()).max();
    if let Some(stage) = farthest.filter(|_| mode.rate.probability() >= NEARLY_ALL) {
        let crossing = mode.via.as_ref().map(|via| format!(" over the {via}")).unwrap_or_default();
        all.push(format!("{}{crossing}, to this very place", works(stage)));
    }
    for name in mode.shows.keys() {
        let Some(known) = shelf.observable(name) else { continue };
        for value in known.normally.keys() {
            if shown(mode, name, value, shelf) < SPEAKS_AGAINST * shelf.normally(name, value) {
                all.push(format!("{}: {}", title(name, shelf), value.replace('_', " ")));
            }
        }
    }
    all
}

fn title(observable: &str, shelf: &Shelf) -> String {
    shelf.observable(observable).map_or_else(|| observable.to_owned(), |known| known.title.clone())
}

fn spoken(chance: Chance) -> String {
    chance.to_string().replace('-', " ")
}
