//! What would change the verdict: answers that would put another element first, and pastes without which another one would be.

use std::collections::BTreeMap;

use crate::diagnosis::{Suggestion, Turn};
use crate::order;
use crate::sketch::Element;
use crate::weigh::{Belief, TEMPER};

/// How many answers are shown.
const SHOWN: usize = 3;

/// A less likely answer is not worth preparing for.
const LIKELY: f64 = 0.02;

/// A hypothesis with less belief does not come first for want of one paste.
const BELIEVED: f64 = 1e-6;

/// More pastes than these are not taken away one by one.
const PASTES: usize = 64;

/// Answers to the suggested commands that would put another element first, likeliest first.
pub fn turns(belief: &Belief, next: &[Suggestion]) -> Vec<Turn> {
    let leading = belief.leader().and_then(|h| belief.cause(h)?.element()).map(|at| belief.sketch.element_id(at));
    let mut turns: Vec<Turn> = next
        .iter()
        .flat_map(|suggestion| suggestion.outcomes.iter().map(move |outcome| (suggestion, outcome)))
        .filter(|(_, outcome)| outcome.probability >= LIKELY && !outcome.leads.is_empty())
        .filter(|(_, outcome)| Some(&outcome.leads) != leading.as_ref())
        .map(|(suggestion, outcome)| Turn {
            command: suggestion.command.clone(),
            sees: outcome.sees.clone(),
            to: outcome.leads.clone(),
            probability: outcome.probability,
        })
        .collect();
    order::by(&mut turns, |a, b| b.probability.total_cmp(&a.probability));
    turns.truncate(SHOWN);
    turns
}

/// Positions of the pastes without which another element would come first: the verdict rests on each of them.
pub fn rests_on(belief: &Belief) -> Vec<usize> {
    let pastes =
        belief.observations.iter().map(|observation| observation.seen.evidence).max().map_or(0, |last| last + 1);
    if !(2..=PASTES).contains(&pastes) {
        return Vec::new();
    }
    let believed: Vec<(usize, Element, f64)> = belief
        .single
        .iter()
        .enumerate()
        .filter(|(_, p)| **p >= BELIEVED)
        .filter_map(|(h, p)| Some((h, belief.cause(h)?.element()?, *p)))
        .collect();
    let leading = leader_without(belief, &believed, None);
    (0..pastes).filter(|paste| leader_without(belief, &believed, Some(*paste)) != leading).collect()
}

/// The element with most belief, counting single faults only, if one paste had never been made.
fn leader_without(belief: &Belief, believed: &[(usize, Element, f64)], paste: Option<usize>) -> Option<Element> {
    let is_from =
        |position: &usize| belief.observations.get(*position).map(|observation| observation.seen.evidence) == paste;
    let gone: Vec<_> = belief.clusters.iter().filter(|cluster| cluster.observations.iter().all(is_from)).collect();
    let mut logs: BTreeMap<usize, f64> = BTreeMap::new();
    for cluster in gone.iter().filter(|_| paste.is_some()) {
        for (h, ln) in cluster.rows() {
            *logs.entry(h).or_default() -= TEMPER * (ln - cluster.ln_elsewhere());
        }
    }
    let mut by_element: BTreeMap<Element, f64> = BTreeMap::new();
    for (h, element, p) in believed {
        *by_element.entry(*element).or_default() += p * logs.get(h).copied().unwrap_or(0.0).exp();
    }
    by_element.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(element, _)| element)
}
