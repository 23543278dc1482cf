//! Two faults at once, scored only among the suspects.

use std::collections::BTreeSet;

use super::cluster::polya;
use super::{Belief, TEMPER};
use crate::hypotheses::Cause;
use crate::predict;

/// Prior odds that a second fault is there besides the first. Chosen on the labeled cases: at 0.1 a dead address beside a
/// sick service stayed unseen.
const SECOND_FAULT: f64 = 0.25;

/// How many of the best single explanations are paired.
const SUSPECTS: usize = 8;

/// How far (in ln) another fault of a candidate's element may lie behind it and still be paired.
const SIBLING: f64 = 3.0;

/// Two hypotheses that are true together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub first: usize,
    pub second: usize,
    pub probability: f64,
    pub(super) ln_joint: f64,
}

/// Pairs of the best singles and of the best explainer of each question.
pub(super) fn pairs(belief: &Belief, logs: &[f64]) -> Vec<Pair> {
    let mut ranked: Vec<usize> =
        (0..logs.len()).filter(|h| belief.hypotheses.get(*h).is_some_and(|h| h.cause.element().is_some())).collect();
    let log = |h: &usize| logs.get(*h).copied().unwrap_or(f64::NEG_INFINITY);
    ranked.sort_unstable_by(|a, b| log(b).total_cmp(&log(a)));
    let mut candidates: BTreeSet<usize> = ranked.iter().copied().take(SUSPECTS).collect();
    for cluster in &belief.clusters {
        let best = cluster
            .rows
            .keys()
            .copied()
            .filter(|h| belief.cause(*h).is_some_and(|cause| cause.element().is_some()))
            .max_by(|a, b| {
                let score = |h: usize| cluster.ln(h) + 0.3 * belief.hypotheses.get(h).map_or(0.0, |h| h.ln_prior);
                score(*a).total_cmp(&score(*b))
            });
        candidates.extend(best);
    }
    // Other faults of the same element share its evidence; leaving them out would undercount the element.
    let siblings: Vec<usize> = candidates
        .iter()
        .filter_map(|h| Some((*h, belief.hypotheses.get(*h)?.cause.element()?)))
        .flat_map(|(h, element)| {
            let near = log(&h) - SIBLING;
            belief.by_element.get(&element).into_iter().flatten().copied().filter(move |other| log(other) > near)
        })
        .collect();
    candidates.extend(siblings);
    let mut pairs = Vec::new();
    for first in &candidates {
        for second in candidates.range(first + 1..) {
            let element = |h: &usize| belief.hypotheses.get(*h).and_then(|h| h.cause.element());
            if element(first) == element(second) {
                continue;
            }
            let prior: f64 =
                [first, second].iter().filter_map(|h| belief.hypotheses.get(**h)).map(|h| h.ln_prior).sum();
            let evidence: f64 = (0..belief.clusters.len()).map(|c| together(belief, c, *first, *second)).sum();
            let ln_joint = SECOND_FAULT.ln() + prior + TEMPER * evidence;
            pairs.push(Pair { first: *first, second: *second, probability: 0.0, ln_joint });
        }
    }
    pairs
}

/// ln-likelihood of one cluster if both are true: the fault nearer to the sender hides the other as far as it breaks.
fn together(belief: &Belief, c: usize, first: usize, second: usize) -> f64 {
    let Some(cluster) = belief.clusters.get(c) else { return 0.0 };
    match (cluster.concerns(first), cluster.concerns(second), cluster.asked()) {
        (_, false, _) => cluster.ln(first),
        (false, true, _) => cluster.ln(second),
        // A state is explained by whichever of the two shows it.
        (true, true, None) => cluster.ln(first).max(cluster.ln(second)),
        (true, true, Some(asked)) => {
            let dist = |h: usize| {
                let cause: Option<&Cause> = belief.hypotheses.get(h).map(|h| &h.cause);
                let cause = cause?;
                let element = cause.element()?;
                let position = cluster.steps.iter().position(|step| step.element == element)?;
                let step = cluster.steps.get(position)?;
                Some((position, predict::request(cause, step, asked)))
            };
            let (Some(a), Some(b)) = (dist(first), dist(second)) else {
                return cluster.ln(first).max(cluster.ln(second));
            };
            let (near, far) = if a.0 <= b.0 { (a.1, b.1) } else { (b.1, a.1) };
            let through = near.get(crate::fact::Outcome::Ok);
            let both = crate::predict::Dist::of(
                near.iter()
                    .map(|(outcome, p)| {
                        let p = if outcome == crate::fact::Outcome::Ok { 0.0 } else { p };
                        (outcome, p + through * far.get(outcome))
                    })
                    .chain(
                        far.iter()
                            .filter(|(outcome, _)| near.get(*outcome) <= 0.0)
                            .map(|(outcome, p)| (outcome, through * p)),
                    ),
            );
            polya(&both, &cluster.counts)
        }
    }
}
