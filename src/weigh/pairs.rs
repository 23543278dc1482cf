//! Two faults at once, scored only among the suspects.

use std::collections::BTreeSet;
use std::ptr;
use std::sync::LazyLock;

use super::cluster::polya;
use super::{Belief, Cluster, TEMPER};
use crate::fact::Outcome;
use crate::hypotheses::{Cause, Spot};
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
const CANDIDATES: usize = 64;

/// So many of the elements before one are looked at for one that stands alike to a question.
const ALIKE: usize = 8;

/// Hypotheses that may be true together.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Those that are paired, in order.
    pub hypotheses: Vec<usize>,
    pub joints: Vec<Joint>,
    /// The likeliest hypothesis alone and its ln, in the same measure.
    pub first: Option<(f64, usize)>,
}

/// Two of them that are true together.
#[derive(Debug)]
pub(super) struct Joint {
    /// Positions among the hypotheses that are paired.
    pub first: usize,
    pub second: usize,
    /// ln of the probability of this and of all evidence, in the measure of the single hypotheses.
    pub ln: f64,
    pub probability: f64,
}

/// A hypothesis that is paired, and what it predicts.
struct Candidate<'a> {
    h: usize,
    element: Element,
    cause: Cause<'a>,
    ln_prior: f64,
    /// For each question in order.
    foreseen: Vec<Foreseen>,
    /// The ln-likelihood of all questions if nothing else is wrong.
    alone: f64,
    /// Positions of the questions that it has something to say about.
    concerned: Vec<usize>,
}

/// Pairs of the best singles and of the best explainer of each question.
pub(super) fn pairs(belief: &Belief, logs: &[f64]) -> Pairs {
    let log = |h: &usize| logs.get(belief.layout.slot(belief.hypotheses, *h)).copied().unwrap_or(f64::NEG_INFINITY);
    let best = belief.most(logs, SUSPECTS, false);
    let first = best.first().copied();
    let possible = best.into_iter().filter(|(log, _)| *log > f64::NEG_INFINITY);
    let mut chosen: BTreeSet<usize> = order::set(possible.map(|(_, h)| h));
    chosen.extend(belief.clusters.iter().filter_map(|cluster| explainer(belief, cluster)));
    // Other faults of the same element share its evidence; leaving them out would undercount the element.
    let siblings: Vec<usize> = chosen
        .iter()
        .filter_map(|h| Some((*h, belief.places.of_hypothesis(*h)?.1)))
        .flat_map(|(h, spot)| {
            let near = log(&h) - SIBLING;
            spot.hypotheses().filter(move |other| log(other) > near)
        })
        .collect();
    chosen.extend(siblings);
    let mut chosen: Vec<(f64, usize)> = chosen.into_iter().map(|h| (log(&h), h)).collect();
    order::by(&mut chosen, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    chosen.truncate(CANDIDATES);
    order::by_key(&mut chosen, |(_, h)| *h);
    let candidates: Vec<Candidate> = chosen.into_iter().filter_map(|(_, h)| candidate(belief, h)).collect();
    let (second_fault, same_fault) = (SECOND_FAULT.ln(), SAME_FAULT.ln());
    let mut joints = Vec::with_capacity(candidates.len() * candidates.len() / 2);
    for (at, first) in candidates.iter().enumerate() {
        let others = candidates.iter().enumerate().skip(at + 1);
        for (other, second) in others.filter(|(_, second)| second.element != first.element) {
            let prior = second_fault + first.ln_prior + second.ln_prior;
            let common = is_common(belief, first, second).then_some(same_fault + first.ln_prior);
            let prior = common.map_or(prior, |common| prior.max(common));
            let ln = prior + TEMPER * evidence(belief, first, second);
            joints.push(Joint { first: at, second: other, ln, probability: 0.0 });
        }
    }
    Pairs { hypotheses: candidates.iter().map(|one| one.h).collect(), joints, first }
}

/// The hypothesis about an element that explains a question best; a rare fault has to explain it so much better.
fn explainer(belief: &Belief, cluster: &Cluster) -> Option<usize> {
    let (mut best, mut explains) = (f64::NEG_INFINITY, None);
    // Elements that stand alike to the question share their numbers: these are gone over once.
    let mut known: Vec<(&[f64], &[f64], _)> = Vec::new();
    for (first, run) in cluster.rows.runs() {
        let Some((_, spot)) = belief.places.of_hypothesis(first) else { continue };
        let prior = belief.priors.of(&spot, belief.layout.place(&spot));
        let priors = prior.and_then(|prior| prior.ln.get(first - spot.hypotheses().start..)).unwrap_or_default();
        let mut latest = known.iter().rev().take(ALIKE);
        let alike = latest.find(|(other, theirs, _)| ptr::eq(*other, run) && ptr::eq(*theirs, priors));
        let (score, mode) = alike.map_or_else(
            || {
                let scores = run.iter().zip(priors).map(|(ln, prior)| ln + 0.3 * prior).zip(0..);
                scores.fold((f64::NEG_INFINITY, 0), |best, one| if one.0 >= best.0 { one } else { best })
            },
            |(_, _, found)| *found,
        );
        if alike.is_none() {
            known.push((run, priors, (score, mode)));
        }
        if score >= best && score > f64::NEG_INFINITY {
            (best, explains) = (score, Some(first + mode));
        }
    }
    explains
}

fn candidate<'a>(belief: &Belief<'a>, h: usize) -> Option<Candidate<'a>> {
    let (element, spot) = belief.places.of_hypothesis(h)?;
    let foreseen = foresee(belief, h, element, &spot);
    Some(Candidate {
        h,
        element,
        cause: belief.cause(h)?,
        ln_prior: belief.ln_prior(h),
        alone: foreseen.iter().map(|one| one.ln).sum(),
        concerned: foreseen.iter().enumerate().filter(|(_, one)| one.concerned).map(|(at, _)| at).collect(),
        foreseen,
    })
}

/// ln-likelihood of all questions if both are true: what the second has nothing to say about is as with the first alone.
fn evidence(belief: &Belief, first: &Candidate, second: &Candidate) -> f64 {
    let mut sum = first.alone;
    for at in &second.concerned {
        if let (Some(cluster), Some(a), Some(b)) =
            (belief.clusters.get(*at), first.foreseen.get(*at), second.foreseen.get(*at))
        {
            sum += together(cluster, a, b) - a.ln;
        }
    }
    sum
}

/// Whether both are the same fault at two siblings, which is one event.
fn is_common(belief: &Belief, first: &Candidate, second: &Candidate) -> bool {
    match (first.cause, second.cause) {
        (Cause::Described(one, mode), Cause::Described(other, same)) => {
            mode.id == same.id && siblings(belief, one, other)
        }
        _ => false,
    }
}

/// Whether two elements do the same work: addresses of one node, or members that one balancer, or one client of a cluster, calls.
fn siblings(belief: &Belief, one: Element, other: Element) -> bool {
    match (one, other) {
        (Element::Address(a, _), Element::Address(b, _)) => a == b,
        (Element::Node(a), Element::Node(b)) => {
            let callers = |ix| order::set(belief.routes.callers(ix).into_iter().map(|(_, caller)| caller));
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

fn foresee(belief: &Belief, h: usize, element: Element, spot: &Spot) -> Vec<Foreseen> {
    let shown = |cluster: &Cluster| {
        let position = cluster.steps.iter().position(|step| step.element == element)?;
        let (step, asked) = (cluster.steps.get(position)?, cluster.asked()?);
        let here = spot.hypotheses();
        let effects = belief.foresight.effects(belief.hypotheses, spot, step, asked);
        let effect = effects.get(h.checked_sub(here.start)?)?;
        let likelihood = |outcome: Outcome| effect.likelihood(outcome, step, asked);
        let likely = cluster.counts.keys().map(|outcome| likelihood(*outcome)).collect();
        Some(Shown { position, works: likelihood(Outcome::Ok), likely })
    };
    let of = |cluster: &Cluster| match cluster.rows.get(h) {
        Some(ln) => Foreseen { concerned: true, ln, shown: shown(cluster) },
        None => Foreseen { concerned: false, ln: cluster.base, shown: None },
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
        let [nothing, success] = beside(*outcome);
        near_p - near.works * (success - nothing) + near.works * (far_p - nothing)
    });
    polya(both, &cluster.counts)
}

/// How likely an outcome is taken to be seen where nothing happens, and where all is well.
fn beside(outcome: Outcome) -> [f64; 2] {
    static BESIDE: LazyLock<Vec<[f64; 2]>> = LazyLock::new(|| {
        let each = [Dist::empty(), Dist::certainly(Outcome::Ok)];
        Outcome::ALL.iter().map(|outcome| each.map(|dist| dist.likelihood(*outcome))).collect()
    });
    BESIDE.get(outcome as usize).copied().unwrap_or_default()
}
