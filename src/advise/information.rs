//! How much a probe is expected to tell about what to repair.

use std::collections::BTreeMap;

use super::foresee::Predicted;
use crate::weigh::Belief;

/// Expected information about the repair in bits, and per outcome its probability and the hypothesis that then leads.
pub(super) fn information(
    predicted: &Predicted,
    belief: &Belief,
    repairs: &[(usize, usize)],
) -> (f64, Vec<(String, f64, Option<usize>)>) {
    let count = predicted.words.len();
    let mut all = vec![0.0; count];
    let mut by_class: BTreeMap<usize, (f64, Vec<f64>)> = BTreeMap::new();
    let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); count];
    for (h, class) in repairs {
        let p = belief.single.get(*h).copied().unwrap_or(0.0);
        if p < 1e-9 {
            continue;
        }
        let row = predicted.rows.get(h).unwrap_or(&predicted.base);
        let entry = by_class.entry(*class).or_insert_with(|| (0.0, vec![0.0; count]));
        entry.0 += p;
        for (position, q) in row.iter().enumerate() {
            let joint = p * q;
            if let (Some(sum), Some(part), Some(top)) =
                (all.get_mut(position), entry.1.get_mut(position), best.get_mut(position))
            {
                *sum += joint;
                *part += joint;
                if joint > top.0 {
                    *top = (joint, Some(*h));
                }
            }
        }
    }
    let total: f64 = all.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let entropy = |weights: &[f64], sum: f64| -> f64 {
        weights.iter().filter(|w| **w > 0.0).map(|w| w / sum).map(|p| -p * p.log2()).sum()
    };
    let conditional: f64 = by_class
        .values()
        .map(|(_, part)| {
            let sum: f64 = part.iter().sum();
            if sum > 0.0 { sum / total * entropy(part, sum) } else { 0.0 }
        })
        .sum();
    let bits = (entropy(&all, total) - conditional).max(0.0);
    let mut outcomes: Vec<(String, f64, Option<usize>)> =
        predicted.words.iter().zip(&all).zip(best).map(|((word, p), (_, h))| (word.clone(), p / total, h)).collect();
    outcomes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    (bits, outcomes)
}
