//! The only door to the diagnosis: plain values in, a `Diagnosis` out. No clock, no network, no randomness.

use crate::advise::{advise, name};
use crate::case::VERSION;
use crate::diagnosis::{Because, Diagnosis, ElementBelief, Suspect, Unread, Verdict};
use crate::evidence::Origin;
use crate::fact::Outcome;
use crate::hypotheses::Cause;
use crate::place::{Observation, Sight, place};
use crate::read::Reading;
use crate::routes::Routes;
use crate::runbook::Shelf;
use crate::sketch::{Element, Sketch};
use crate::weigh::{Belief, Cluster, Key, cleared, weigh};

mod draft;
mod verdict;

pub use draft::draft;

/// One piece of evidence, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    pub origin: Origin,
    pub reading: Reading,
}

/// Suspects with less belief are not listed.
const LISTED: f64 = 0.005;

/// How many suspects are listed at most.
const SUSPECTS: usize = 12;

/// The id of a fault no runbook describes.
pub const NOT_DESCRIBED: &str = "not-described";

/// Diagnoses a case. An empty sketch stands for "not drawn": one is drafted from the evidence.
pub fn diagnose(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf) -> Diagnosis {
    let drafted = sketch.is_empty().then(|| draft(evidence));
    let sketch = drafted.as_ref().unwrap_or(sketch);
    let routes = Routes::new(sketch);
    let distinct = without_duplicates(evidence);
    let once = evidence.iter().zip(distinct).map(|(one, distinct)| distinct.then_some((&one.origin, &one.reading)));
    let placed = place(sketch, &routes, once);
    let belief = weigh(sketch, &routes, shelf, &placed.observations);
    let cleared = cleared(&belief);
    let mut suspects = suspects(&belief);
    suspects.truncate(SUSPECTS);
    let elements = elements(&belief);
    let (verdict, headline) = verdict::verdict(&belief, &elements, &suspects);
    Diagnosis {
        hopwise: VERSION,
        verdict,
        headline,
        next: if verdict == Verdict::NothingWrong { Vec::new() } else { advise(&belief) },
        untested: untested(&belief),
        unread: unread(evidence),
        unplaced: placed.unplaced,
        assumed: placed.assumed,
        outside: belief.elsewhere(|cause| matches!(cause, Cause::Outside)),
        nothing: belief.elsewhere(|cause| matches!(cause, Cause::Nothing)),
        suspects,
        elements,
        cleared,
    }
}

/// False for a paste that says exactly what an earlier one said: pasting twice proves nothing twice.
fn without_duplicates(evidence: &[Evidence]) -> Vec<bool> {
    evidence
        .iter()
        .enumerate()
        .map(|(position, one)| {
            one.reading.blocks.is_empty() || !evidence.iter().take(position).any(|earlier| earlier == one)
        })
        .collect()
}

fn suspects(belief: &Belief) -> Vec<Suspect> {
    let mut ranked: Vec<(f64, usize)> = (0..belief.hypotheses.len()).map(|h| (belief.probability(h), h)).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut suspects = Vec::new();
    for (probability, h) in ranked.into_iter().filter(|(p, _)| *p >= LISTED) {
        let Some(hypothesis) = belief.hypotheses.get(h) else { continue };
        let Some(element) = hypothesis.cause.element() else { continue };
        let (failure_mode, fix, verify) = match &hypothesis.cause {
            Cause::Described(_, mode) => (mode.id.clone(), mode.fix.clone(), mode.verify.clone()),
            _ => (NOT_DESCRIBED.to_owned(), String::new(), String::new()),
        };
        suspects.push(Suspect {
            element: belief.sketch.element_id(element),
            address: address(element),
            failure_mode,
            title: name(&hypothesis.cause, belief),
            probability,
            because: because(belief, h),
            fix,
            verify,
        });
    }
    suspects
}

/// The evidence that moves belief in one hypothesis, strongest first.
fn because(belief: &Belief, h: usize) -> Vec<Because> {
    let mut reasons: Vec<Because> = Vec::new();
    for cluster in &belief.clusters {
        let bits = belief.bits(cluster, h);
        if bits.abs() < 0.3 {
            continue;
        }
        let mixed = cluster.counts.keys().any(|outcome| outcome.is_success())
            && cluster.counts.keys().any(|outcome| *outcome != Outcome::Ok);
        for observation in cluster.observations.iter().filter_map(|position| belief.observations.get(*position)) {
            // Of an answer with both, the failures speak for a fault and the successes against it.
            if mixed && worked(observation) == (bits > 0.0) {
                continue;
            }
            let seen = &observation.seen;
            let known =
                reasons.iter_mut().find(|reason| reason.evidence == seen.evidence && reason.lines == seen.lines);
            match known {
                Some(reason) if reason.bits.abs() >= bits.abs() => {}
                Some(reason) => reason.bits = bits,
                None => reasons.push(Because {
                    evidence: seen.evidence,
                    lines: seen.lines,
                    says: observation.says.clone(),
                    bits,
                }),
            }
        }
    }
    let mut reasons = repeated(reasons);
    reasons.sort_unstable_by(|a, b| {
        b.bits.abs().total_cmp(&a.bits.abs()).then(a.evidence.cmp(&b.evidence)).then(a.lines.cmp(&b.lines))
    });
    reasons
}

fn worked(observation: &Observation) -> bool {
    matches!(&observation.sight, Sight::Request(request) if request.outcome == Outcome::Ok)
}

/// Joins neighboring lines that say the same into one reason: "…, 5 times".
fn repeated(mut reasons: Vec<Because>) -> Vec<Because> {
    reasons.sort_unstable_by_key(|reason| (reason.evidence, reason.lines));
    let mut joined: Vec<(Because, u32)> = Vec::new();
    for reason in reasons {
        match joined.last_mut() {
            Some((last, times))
                if last.evidence == reason.evidence
                    && last.says == reason.says
                    && reason.lines.first <= last.lines.last.saturating_add(1) =>
            {
                last.lines.last = last.lines.last.max(reason.lines.last);
                *times += 1;
            }
            _ => joined.push((reason, 1)),
        }
    }
    joined
        .into_iter()
        .map(|(reason, times)| match times {
            1 => reason,
            _ => Because { says: format!("{}, {times} times", reason.says), ..reason },
        })
        .collect()
}

fn elements(belief: &Belief) -> Vec<ElementBelief> {
    let mut elements: Vec<ElementBelief> = belief
        .by_element
        .keys()
        .map(|element| ElementBelief {
            element: belief.sketch.element_id(*element),
            address: address(*element),
            probability: belief.at(*element),
        })
        .collect();
    elements.sort_unstable_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then_with(|| a.element.cmp(&b.element))
            .then_with(|| a.address.cmp(&b.address))
    });
    elements
}

fn address(element: Element) -> Option<std::net::IpAddr> {
    match element {
        Element::Address(_, ip) => Some(ip),
        _ => None,
    }
}

/// Ids of nodes and edges that no evidence has touched.
fn untested(belief: &Belief) -> Vec<String> {
    let touches = |cluster: &Cluster, element: Element| match &cluster.key {
        Key::Request { .. } => cluster.steps.iter().any(|step| step.element == element),
        Key::State { at, .. } => at.contains(&element),
    };
    let all = belief.by_element.keys().filter(|element| !matches!(element, Element::Address(_, _)));
    all.filter(|element| !belief.clusters.iter().any(|cluster| touches(cluster, **element)))
        .map(|element| belief.sketch.element_id(*element))
        .collect()
}

fn unread(evidence: &[Evidence]) -> Vec<Unread> {
    let mut unread = Vec::new();
    for (position, one) in evidence.iter().enumerate() {
        unread.extend(one.reading.unread().map(|lines| Unread { evidence: position, lines }));
    }
    unread
}
