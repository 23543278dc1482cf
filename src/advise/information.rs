//! How much a probe is expected to tell about what to repair.

use super::foresee::Predicted;
use super::repairs::Repairs;
use crate::order;
use crate::predict::weighted_entropy;
use crate::weigh::Belief;

/// What a probe is expected to tell.
pub(super) struct Information<'a> {
    /// About what to repair.
    pub bits: f64,
    /// Likeliest first.
    pub outcomes: Vec<Foreseen<'a>>,
}

/// One outcome before it is seen.
pub(super) struct Foreseen<'a> {
    pub word: &'a str,
    pub probability: f64,
    /// The hypothesis that leads after it.
    pub leading: Option<usize>,
    /// The belief in that hypothesis then.
    pub belief: f64,
}

/// Expected information about the repair.
///
/// Hypotheses that the probe does not concern all predict the same, so they are taken together.
/// `ranked` are the hypotheses with most belief, best first.
pub(super) fn information<'a>(
    predicted: &Predicted<'a>,
    belief: &Belief,
    ranked: &[usize],
    repairs: &Repairs,
) -> Information<'a> {
    let count = predicted.words.len();
    // Of each row the belief in all that predict it, and the likeliest of them.
    let mut rows: Vec<Vec<(f64, f64, usize)>> =
        predicted.tables.iter().map(|table| vec![(0.0, 0.0, usize::MAX); table.rows.len()]).collect();
    let (mut concerned, mut conditional) = (0.0, 0.0);
    let mut part = vec![0.0; count];
    for (first, (number, spot)) in &predicted.concerned {
        let (Some(sums), Some(table)) = (rows.get_mut(*number), predicted.tables.get(*number)) else { continue };
        let singles = belief.singles(spot);
        for (at, ((sum, entropy), p)) in sums.iter_mut().zip(&table.entropies).zip(singles).enumerate() {
            let p = *p;
            sum.0 += p;
            if p > sum.1 {
                (sum.1, sum.2) = (p, first + at);
            }
            concerned += p;
            conditional += p * entropy;
        }
        for alike in repairs.alike(spot) {
            part.fill(0.0);
            for at in alike {
                let p = singles.get(*at).copied().unwrap_or(0.0);
                let row = table.rows.get(*at).map(Vec::as_slice).unwrap_or_default();
                part.iter_mut().zip(row).for_each(|(sum, q)| *sum += p * q);
                conditional -= p * table.entropies.get(*at).copied().unwrap_or(0.0);
            }
            conditional += weighted_entropy(&part);
        }
    }
    let rest = (1.0 - concerned).max(0.0);
    conditional += rest * weighted_entropy(&predicted.base);
    let mut all: Vec<f64> = predicted.base.iter().map(|q| q * rest).collect();
    let other = ranked.iter().copied().find(|h| !predicted.concerns(*h));
    let mine = other.map_or(0.0, |h| belief.single(h));
    let mut best: Vec<(f64, Option<usize>)> = predicted.base.iter().map(|q| (q * mine, other)).collect();
    let tables = predicted.tables.iter().zip(&rows);
    for (row, (p, most, top)) in tables.flat_map(|(table, sums)| table.rows.iter().zip(sums)) {
        for ((sum, best), q) in all.iter_mut().zip(&mut best).zip(row) {
            *sum += p * q;
            if most * q > best.0 {
                *best = (most * q, Some(*top));
            }
        }
    }
    let total: f64 = all.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let bits = ((weighted_entropy(&all) - conditional) / total).max(0.0);
    let foreseen = predicted.words.iter().zip(&all).zip(best);
    let mut outcomes: Vec<Foreseen> = foreseen
        .map(|((word, p), (mine, leading))| Foreseen {
            word,
            probability: p / total,
            leading,
            belief: mine / p.max(f64::MIN_POSITIVE),
        })
        .collect();
    order::by(&mut outcomes, |a, b| b.probability.total_cmp(&a.probability).then_with(|| a.word.cmp(b.word)));
    Information { bits, outcomes }
}
