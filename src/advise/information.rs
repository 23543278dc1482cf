//! How much a probe is expected to tell about what to repair.

use std::collections::BTreeMap;

use super::foresee::Predicted;
use crate::order;
use crate::weigh::Belief;

/// What a probe is expected to tell.
pub(super) struct Information {
    /// About what to repair.
    pub bits: f64,
    /// Likeliest first.
    pub outcomes: Vec<Foreseen>,
}

/// One outcome before it is seen.
pub(super) struct Foreseen {
    pub word: String,
    pub probability: f64,
    /// The hypothesis that leads after it.
    pub leading: Option<usize>,
    /// The belief in that hypothesis then.
    pub belief: f64,
}

/// Expected information about the repair. `class` gives the repair of a hypothesis.
///
/// Hypotheses that the probe does not concern all predict the same, so they are taken together.
/// `ranked` are the hypotheses with most belief, best first.
pub(super) fn information(
    predicted: &Predicted,
    belief: &Belief,
    ranked: &[usize],
    class: impl Fn(usize) -> usize,
) -> Information {
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
    for ((q, top), h) in rest
        .iter()
        .zip(&mut best)
        .zip(std::iter::repeat(ranked.iter().find(|h| !predicted.rows.contains_key(h)).copied()))
    {
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
    let foreseen = predicted.words.iter().zip(&all).zip(best);
    let mut outcomes: Vec<Foreseen> = foreseen
        .map(|((word, p), (mine, leading))| Foreseen {
            word: word.clone(),
            probability: p / total,
            leading,
            belief: mine / p.max(f64::MIN_POSITIVE),
        })
        .collect();
    order::by(&mut outcomes, |a, b| b.probability.total_cmp(&a.probability).then_with(|| a.word.cmp(&b.word)));
    Information { bits, outcomes }
}

/// Entropy in bits times the sum of the weights.
pub(super) fn weighted_entropy(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    weights.iter().filter(|weight| **weight > 0.0).map(|weight| -weight * (weight / sum).log2()).sum()
}
