//! Every command that tests for one failure mode, filled in for this drawing, whether or not it is worth its minute now.

use super::{fits, slots, speaks, vantages};
use crate::command::{Filled, fill};
use crate::order;
use crate::runbook::{Asks, FailureMode, Probe, Setting};
use crate::sketch::{Element, NodeIx};
use crate::weigh::Belief;

/// A command pointed at one element.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial<'a> {
    pub probe: &'a Probe,
    pub filled: Filled,
    /// The command where it has to be another one, filled in likewise.
    pub variants: Vec<(Setting, String)>,
    /// Where to run it, if that matters.
    pub from: Option<NodeIx>,
}

/// The first element of the drawing at which a mode can strike.
pub fn first_place(mode: &FailureMode, belief: &Belief) -> Option<Element> {
    belief.places.elements().find(|element| mode.on.iter().any(|place| fits(*place, *element, belief)))
}

/// The commands that tell something about a mode at an element, those that only read first, then the quickest.
pub fn trials<'a>(mode: &FailureMode, element: Element, belief: &Belief<'a>) -> Vec<Trial<'a>> {
    let telling = |probe: &&Probe| tells(probe, mode) && probe.at.iter().any(|place| fits(*place, element, belief));
    let mut trials: Vec<Trial> = Vec::new();
    for probe in belief.shelf.probes().filter(telling) {
        let mut vantages = vantages(probe, element, belief);
        // Where somebody has been looking from, nobody has to be asked for access.
        order::by_key(&mut vantages, |from| from.is_some_and(|from| !belief.looked_from(from)));
        let Some(from) = vantages.into_iter().find(|from| speaks(probe, element, *from, belief)) else { continue };
        let slots = slots(element, from, belief);
        let filled = fill(&probe.command, &slots);
        let variants =
            probe.variants.iter().map(|(setting, command)| (*setting, fill(command, &slots).command)).collect();
        if !trials.iter().any(|known| known.filled.command == filled.command) {
            trials.push(Trial { probe, filled, variants, from });
        }
    }
    order::by(&mut trials, |a, b| a.probe.risk.cmp(&b.probe.risk).then(a.probe.minutes.total_cmp(&b.probe.minutes)));
    trials
}

/// Whether an answer to this probe depends on whether the mode is at work.
pub fn tells(probe: &Probe, mode: &FailureMode) -> bool {
    match &probe.asks {
        Asks::Observable(name) => mode.shows.contains_key(name),
        Asks::Request(stage) => mode.breaks.keys().any(|outcome| outcome.stage() <= *stage),
        Asks::Number(_) => false,
    }
}
