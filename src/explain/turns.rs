//! What would change the verdict: answers that would put another element first, and pastes without which another one would be.

use std::collections::BTreeMap;

use crate::diagnosis::{Suggestion, Turn};
use crate::hypotheses::Spot;
use crate::order;
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
    // What evidence tells nothing of is as likely whatever is taken away; of equals the first stands for all.
    let sum = |spot: &Spot| belief.singles(spot).iter().filter(|p| **p >= BELIEVED).sum::<f64>();
    let sums: BTreeMap<usize, f64> = order::map(belief.told_apart(1).map(|(_, spot)| (spot.at, sum(&spot))));
    let leading = first(&sums);
    (0..pastes).filter(|paste| first(&without(belief, &sums, *paste)) != leading).collect()
}

/// The position of the element with most belief.
fn first(sums: &BTreeMap<usize, f64>) -> Option<usize> {
    sums.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(at, _)| *at)
}

/// The belief in each element, counting single faults only, if one paste had never been made.
fn without(belief: &Belief, sums: &BTreeMap<usize, f64>, paste: usize) -> BTreeMap<usize, f64> {
    let is_from = |position: &usize| belief.observations.get(*position).is_some_and(|one| one.seen.evidence == paste);
    let gone = belief.clusters.iter().filter(|cluster| cluster.observations.iter().all(is_from));
    let mut less: BTreeMap<usize, f64> = BTreeMap::new();
    for cluster in gone {
        for (h, ln) in cluster.rows() {
            *less.entry(h).or_default() += TEMPER * (ln - cluster.ln_elsewhere());
        }
    }
    let mut sums = sums.clone();
    for (h, told) in less {
        let p = belief.single(h);
        let sum = belief.places.of_hypothesis(h).and_then(|(_, spot)| sums.get_mut(&spot.at));
        if let Some(sum) = sum.filter(|_| p >= BELIEVED) {
            *sum += p * ((-told).exp() - 1.0);
        }
    }
    sums
}
