//! How many more commands it takes at most, where that can be promised.

use std::collections::BTreeMap;

use super::Weighed;
use super::repairs::Repairs;
use crate::order;
use crate::predict::weighted_entropy;
use crate::weigh::Belief;

/// Hypotheses with less belief are not followed …
const SUSPECT: f64 = 0.02;

/// … and without this much belief among those that are, nothing is promised.
const COVERED: f64 = 0.75;

/// From here on one repair is settled.
const SETTLED: f64 = 0.9;

/// Longer ways are not promised.
const LONGEST: u32 = 4;

/// Only so many probes are looked at, the best now.
const PROBES: usize = 16;

/// Whichever of the suspects it is: after so many commands, each showing what that suspect makes likeliest, one repair holds
/// nine tenths of the belief among them.
pub(super) fn at_most(belief: &Belief, repairs: &Repairs, probes: &[Weighed]) -> Option<u32> {
    let suspects = belief.singles_of_at_least(SUSPECT);
    if suspects.values().sum::<f64>() < COVERED {
        return None;
    }
    let repairs: BTreeMap<usize, usize> = order::map(suspects.keys().map(|h| (*h, repairs.repair(*h, belief))));
    let probes: Vec<&Weighed> = probes.iter().filter(|probe| probe.predicted.is_some()).take(PROBES).collect();
    suspects
        .keys()
        .map(|truth| walk(*truth, &suspects, &repairs, &probes))
        .try_fold(0, |most, steps| Some(most.max(steps?)))
}

/// How many commands it takes if this hypothesis is true.
fn walk(
    truth: usize,
    suspects: &BTreeMap<usize, f64>,
    repairs: &BTreeMap<usize, usize>,
    probes: &[&Weighed],
) -> Option<u32> {
    let mut belief = suspects.clone();
    let mut left: Vec<&Weighed> = probes.to_vec();
    for step in 0..=LONGEST {
        let all: f64 = belief.values().sum();
        let mine: f64 = belief.iter().filter(|(h, _)| repairs.get(h) == repairs.get(&truth)).map(|(_, p)| p).sum();
        if mine >= SETTLED * all {
            return Some(step);
        }
        let (position, _) = left
            .iter()
            .enumerate()
            .map(|(position, probe)| (position, told(probe, &belief, repairs) / probe.cost))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        let predicted = left.remove(position).predicted.as_ref()?;
        let row = predicted.row(truth);
        let seen = row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(outcome, _)| outcome)?;
        for (h, p) in &mut belief {
            *p *= predicted.row(*h).get(seen).copied().unwrap_or(0.0) / all;
        }
    }
    None
}

/// Expected information about the repair, in bits.
fn told(probe: &Weighed, belief: &BTreeMap<usize, f64>, repairs: &BTreeMap<usize, usize>) -> f64 {
    let Some(predicted) = &probe.predicted else { return 0.0 };
    let count = predicted.words.len();
    let mut by_repair: BTreeMap<Option<&usize>, Vec<f64>> = BTreeMap::new();
    let mut all = vec![0.0; count];
    for (h, p) in belief {
        let part = by_repair.entry(repairs.get(h)).or_insert_with(|| vec![0.0; count]);
        for ((part, all), q) in part.iter_mut().zip(&mut all).zip(predicted.row(*h)) {
            *part += p * q;
            *all += p * q;
        }
    }
    let conditional: f64 = by_repair.values().map(|part| weighted_entropy(part)).sum();
    let whole: f64 = belief.values().sum::<f64>().max(f64::MIN_POSITIVE);
    (weighted_entropy(&all) - conditional) / whole
}
