//! Two faults at once, scored only among the suspects.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::polya;
use super::{Belief, Cluster, TEMPER};
use crate::fact::Outcome;
use crate::hypotheses::Cause;
use crate::order;
use crate::predict::Dist;
use crate::sketch::{Element, NodeIx};

/// Prior odds that a second fault is there besides the first. Chosen on the labeled cases: at 0.1 a dead address beside a
/// sick service stayed unseen.
const SECOND_FAULT: f64 = 0.25;

/// How often a sibling of a faulty element has the same fault: the same release, certificate or setting reached both. By judgment.
const SAME_FAULT: f64 = 0.1;

/// How many of the best single explanations are paired.
const SUSPECTS: usize = 8;

/// How far (in ln) another fault of a candidate's element may lie behind it and still be paired.
const SIBLING: f64 = 3.0;

/// No more hypotheses than these are paired, so that a large case stays fast.
const CANDIDATES: usize = 96;

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
    let log = |h: &usize| logs.get(belief.layout.slot(belief.hypotheses, *h)).copied().unwrap_or(f64::NEG_INFINITY);
    let best = belief.most(logs, SUSPECTS, false).into_iter().filter(|(log, _)| *log > f64::NEG_INFINITY);
    let mut candidates: BTreeSet<usize> = order::set(best.map(|(_, h)| h));
    for cluster in &belief.clusters {
        let best = cluster
            .rows()
            .map(|(h, _)| h)
            .filter(|h| belief.cause(*h).is_some_and(|cause| cause.element().is_some()))
            .max_by(|a, b| {
                let score = |h: usize| cluster.ln(h) + 0.3 * belief.ln_prior(h);
                score(*a).total_cmp(&score(*b))
            });
        candidates.extend(best);
    }
    // Other faults of the same element share its evidence; leaving them out would undercount the element.
    let siblings: Vec<usize> = candidates
        .iter()
        .filter_map(|h| Some((*h, belief.cause(*h)?.element()?)))
        .flat_map(|(h, element)| {
            let near = log(&h) - SIBLING;
            belief.places.about(element).filter(move |other| log(other) > near)
        })
        .collect();
    candidates.extend(siblings);
    let mut candidates: Vec<usize> = candidates.into_iter().collect();
    order::by(&mut candidates, |a, b| log(b).total_cmp(&log(a)).then(a.cmp(b)));
    candidates.truncate(CANDIDATES);
    order::plain(&mut candidates);
    let foreseen: BTreeMap<usize, Vec<Foreseen>> = order::map(candidates.iter().map(|h| (*h, foresee(belief, *h))));
    let mut pairs = Vec::new();
    for (position, first) in candidates.iter().enumerate() {
        for second in candidates.iter().skip(position + 1) {
            let element = |h: &usize| belief.cause(*h).and_then(|cause| cause.element());
            let (Some(a), Some(b)) = (foreseen.get(first), foreseen.get(second)) else { continue };
            if element(first) == element(second) {
                continue;
            }
            let prior: f64 = [first, second].iter().map(|h| belief.ln_prior(**h)).sum();
            let evidence: f64 =
                belief.clusters.iter().zip(a.iter().zip(b)).map(|(cluster, (a, b))| together(cluster, a, b)).sum();
            let common = common_prior(belief, *first, *second);
            let ln_joint = (SECOND_FAULT.ln() + prior).max(common) + TEMPER * evidence;
            pairs.push(Pair { first: *first, second: *second, probability: 0.0, ln_joint });
        }
    }
    pairs
}

/// Prior of the same fault at two siblings, as one event; next to nothing for anything else.
fn common_prior(belief: &Belief, first: usize, second: usize) -> f64 {
    let (Some(Cause::Described(one, mode)), Some(Cause::Described(other, same))) =
        (belief.cause(first), belief.cause(second))
    else {
        return f64::NEG_INFINITY;
    };
    let common = mode.id == same.id && siblings(belief, one, other);
    if common { belief.ln_prior(first) + SAME_FAULT.ln() } else { f64::NEG_INFINITY }
}

/// Whether two elements do the same work: addresses of one node, or members that one balancer, or one client of a cluster, calls.
fn siblings(belief: &Belief, one: Element, other: Element) -> bool {
    match (one, other) {
        (Element::Address(a, _), Element::Address(b, _)) => a == b,
        (Element::Node(a), Element::Node(b)) => {
            let callers = |ix| belief.routes.callers(ix).into_iter().map(|(_, caller)| caller).collect::<BTreeSet<_>>();
            let ports = |ix| belief.sketch.node(ix).map(|node| node.ports.as_slice()).unwrap_or_default();
            // One caller that speaks the same to both has a cluster of equals behind it.
            let equals = !ports(a).is_empty() && ports(a) == ports(b);
            let work = |caller: &NodeIx| equals || belief.sketch.kind(*caller).answers_for_others();
            belief.sketch.kind(a) == belief.sketch.kind(b) && callers(a).intersection(&callers(b)).any(work)
        }
        _ => false,
    }
}

/// What one hypothesis predicts for one question.
struct Foreseen {
    concerned: bool,
    ln: f64,
    shown: Option<Shown>,
}

/// What the requests of a question show under one hypothesis.
struct Shown {
    /// Where its element stands on their route.
    position: usize,
    works: f64,
    /// Probability of each outcome that was seen, in their order.
    likely: Vec<f64>,
}

fn foresee(belief: &Belief, h: usize) -> Vec<Foreseen> {
    let element = belief.cause(h).and_then(|cause| cause.element());
    let place = element.and_then(|element| Some((element, belief.places.spot(element)?)));
    let shown = |cluster: &Cluster| {
        let (element, spot) = place?;
        let position = cluster.steps.iter().position(|step| step.element == element)?;
        let (step, asked) = (cluster.steps.get(position)?, cluster.asked()?);
        let here = spot.hypotheses();
        let effects = belief.foresight.effects(belief.hypotheses, spot, step, asked);
        let effect = effects.get(h.checked_sub(here.start)?)?;
        let likelihood = |outcome: Outcome| effect.likelihood(outcome, step, asked);
        let likely = cluster.counts.keys().map(|outcome| likelihood(*outcome)).collect();
        Some(Shown { position, works: likelihood(Outcome::Ok), likely })
    };
    let of = |cluster: &Cluster| {
        let concerned = cluster.concerns(h);
        Foreseen { concerned, ln: cluster.ln(h), shown: if concerned { shown(cluster) } else { None } }
    };
    belief.clusters.iter().map(of).collect()
}

/// ln-likelihood of one cluster if both are true: the fault nearer to the sender hides the other as far as it breaks.
fn together(cluster: &Cluster, first: &Foreseen, second: &Foreseen) -> f64 {
    let (a, b) = match (first.concerned, second.concerned, &first.shown, &second.shown) {
        (_, false, _, _) => return first.ln,
        (false, true, _, _) => return second.ln,
        // A state is explained by whichever of the two shows it.
        (true, true, Some(a), Some(b)) => (a, b),
        (true, true, _, _) => return first.ln.max(second.ln),
    };
    let (near, far) = if a.position <= b.position { (a, b) } else { (b, a) };
    let both = cluster.counts.keys().zip(near.likely.iter().zip(&far.likely)).map(|(outcome, (near_p, far_p))| {
        // What the nearer one lets through meets the other.
        let (nothing, success) =
            (Dist::empty().likelihood(*outcome), Dist::certainly(Outcome::Ok).likelihood(*outcome));
        near_p - near.works * (success - nothing) + near.works * (far_p - nothing)
    });
    polya(both, &cluster.counts)
}
