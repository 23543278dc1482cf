//! What all hypotheses about one element expect of a request or of a look at a state, before it is made.

use std::collections::BTreeMap;

use super::Dist;
use crate::fact::{Outcome, Stage};

/// What the hypotheses about one element expect, in their order; those about every other that stands alike expect the same.
#[derive(Debug)]
pub struct Table {
    /// Of each hypothesis the probability of each outcome.
    pub rows: Vec<Vec<f64>>,
    /// Of each row, in bits.
    pub entropies: Vec<f64>,
}

impl Table {
    pub(super) fn of(rows: impl Iterator<Item = Vec<f64>>) -> Table {
        let rows: Vec<Vec<f64>> = rows.collect();
        Table { entropies: rows.iter().map(|row| weighted_entropy(row)).collect(), rows }
    }
}

/// Entropy in bits times the sum of the weights.
pub fn weighted_entropy(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let (mut all, mut last, mut part) = (0.0, 0.0, 0.0);
    for weight in weights.iter().filter(|weight| **weight > 0.0) {
        // Most outcomes are as unlikely as the one before them.
        if *weight != last {
            (last, part) = (*weight, -weight * (weight / sum).log2());
        }
        all += part;
    }
    all
}

/// How often each of the outcomes that may be seen was seen before.
pub struct Told {
    words: Vec<Outcome>,
    same: Vec<f64>,
    all: f64,
}

impl Told {
    /// `before` are all outcomes so far of a request that goes so far.
    pub fn of(before: &BTreeMap<Outcome, u32>, tests: Stage) -> Told {
        let words = visible(tests);
        let same = words.iter().map(|outcome| before.get(outcome).copied().map_or(0.0, f64::from)).collect();
        Told { words, same, all: before.values().copied().map(f64::from).sum() }
    }

    /// The Pólya prediction after what was seen.
    pub fn again(&self, dist: &Dist) -> Vec<f64> {
        const STRENGTH: f64 = 1.0;
        let told = self.words.iter().zip(&self.same);
        told.map(|(outcome, same)| (STRENGTH * dist.get(*outcome) + same) / (STRENGTH + self.all)).collect()
    }
}

/// The outcomes that a request which goes so far can show.
pub fn visible(tests: Stage) -> Vec<Outcome> {
    let seen = Outcome::ALL.iter().filter(|outcome| **outcome == Outcome::Ok || outcome.stage() <= tests);
    seen.copied().collect()
}
