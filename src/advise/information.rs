//! How much a probe is expected to tell about what to repair.

use std::collections::BTreeMap;

use super::foresee::Predicted;
use crate::weigh::Belief;

/// What a probe is expected to tell.
pub(super) struct Information {
    /// About what to repair.
    pub bits: f64,
    /// Each outcome with its probability and the hypothesis that leads after it, likeliest first.
    pub outcomes: Vec<(String, f64, Option<usize>)>,
}

/// Expected information about the repair. `class` gives the repair of a hypothesis.
///
/// Hypotheses that the probe does not concern all predict the same, so they are taken together.
pub(super) fn information(predicted: &Predicted, belief: &Belief, class: impl Fn(usize) -> usize) -> Information {
    let count = predicted.words.len();
    let mut by_class: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); count];
    let mut concerned = 0.0;
    for (h, row) in &predicted.rows {
        let p = belief.single.get(*h).copied().unwrap_or(0.0);
        concerned += p;
        let part = by_class.entry(class(*h)).or_insert_with(|| vec![0.0; count]);
        for ((part, top), q) in part.iter_mut().zip(&mut best).zip(row) {
            *part += p * q;
            if p * q > top.0 {
                *top = (p * q, Some(*h));
            }
        }
    }
    let rest: Vec<f64> = predicted.base.iter().map(|q| q * (1.0 - concerned).max(0.0)).collect();
    for ((q, top), h) in rest.iter().zip(&mut best).zip(std::iter::repeat(likeliest_elsewhere(predicted, belief))) {
        let share =
            h.and_then(|h| belief.single.get(h)).copied().unwrap_or(0.0) / (1.0 - concerned).max(f64::MIN_POSITIVE);
        if q * share > top.0 {
            *top = (q * share, h);
        }
    }
    let mut all = rest.clone();
    for part in by_class.values() {
        all.iter_mut().zip(part).for_each(|(sum, q)| *sum += q);
    }
    let conditional: f64 = by_class.values().map(|part| weighted_entropy(part)).sum::<f64>() + weighted_entropy(&rest);
    let total: f64 = all.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let bits = ((weighted_entropy(&all) - conditional) / total).max(0.0);
    let mut outcomes: Vec<(String, f64, Option<usize>)> =
        predicted.words.iter().zip(&all).zip(best).map(|((word, p), (_, h))| (word.clone(), p / total, h)).collect();
    outcomes.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Information { bits, outcomes }
}

/// The best hypothesis among those the probe does not concern.
fn likeliest_elsewhere(predicted: &Predicted, belief: &Belief) -> Option<usize> {
    let others = belief.single.iter().enumerate().filter(|(h, _)| !predicted.rows.contains_key(h));
    others.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(h, _)| h)
}

/// Entropy in bits times the sum of the weights.
fn weighted_entropy(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    weights.iter().filter(|weight| **weight > 0.0).map(|weight| -weight * (weight / sum).log2()).sum()
}
