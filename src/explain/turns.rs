//! What would change the verdict: answers that would put another element first, and pastes without which another one would be.

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
    let sums: Vec<f64> = belief
        .places
        .iter()
        .map(|(_, spot)| belief.single.get(spot.hypotheses()).into_iter().flatten().filter(|p| **p >= BELIEVED).sum())
        .collect();
    let leading = first(belief, &sums);
    (0..pastes).filter(|paste| first(belief, &without(belief, &sums, *paste)) != leading).collect()
}

/// The element with most belief.
fn first(belief: &Belief, sums: &[f64]) -> Option<Element> {
    let all = belief.places.elements().zip(sums);
    all.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(|(element, _)| element)
}

/// The belief in each element, counting single faults only, if one paste had never been made.
fn without(belief: &Belief, sums: &[f64], paste: usize) -> Vec<f64> {
    let is_from = |position: &usize| belief.observations.get(*position).is_some_and(|one| one.seen.evidence == paste);
    let gone = belief.clusters.iter().filter(|cluster| cluster.observations.iter().all(is_from));
    let mut less: Vec<(usize, f64)> = gone
        .flat_map(|cluster| cluster.rows().map(|(h, ln)| (h, TEMPER * (ln - cluster.ln_elsewhere()))))
        .filter(|(h, _)| belief.single.get(*h).is_some_and(|p| *p >= BELIEVED))
        .collect();
    order::by_key(&mut less, |(h, _)| *h);
    let mut sums = sums.to_vec();
    for of_one in less.chunk_by(|a, b| a.0 == b.0) {
        let Some((h, _)) = of_one.first() else { continue };
        let element = belief.cause(*h).and_then(|cause| cause.element());
        let spot = element.and_then(|element| belief.places.spot(element));
        if let (Some(sum), Some(p)) = (spot.and_then(|spot| sums.get_mut(spot.at)), belief.single.get(*h)) {
            let told: f64 = of_one.iter().map(|(_, ln)| ln).sum();
            *sum += p * ((-told).exp() - 1.0);
        }
    }
    sums
}
