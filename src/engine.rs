//! The only door to the diagnosis: plain values in, a `Diagnosis` out. No clock, no network, no randomness.

use std::collections::BTreeSet;

use crate::advise::{Advice, advise, fetch, name};
use crate::case::VERSION;
use crate::compare::compare;
use crate::diagnosis::{
    Because, Chart, Diagnosis, ElementBelief, MeasuredAt, Missing, NOT_DESCRIBED, Phase, Sum, Suspect, Unplaced,
    Unread, Verdict,
};
use crate::evidence::Origin;
use crate::explain::{contrasts, enough, lowered, named, phases, rests_on, since_last_change, turns, unexplained};
use crate::fact::Outcome;
use crate::hypotheses::{Cause, Hypotheses};
use crate::metrics::Window;
use crate::order;
use crate::place::{Measured, Names, Observation, Over, Sight, place};
use crate::predict::state;
use crate::read::Reading;
use crate::reckon::{Grown, Reckoning, reckon};
use crate::routes::{Role, Routes};
use crate::runbook::Shelf;
use crate::sketch::{Element, Kind, Sketch};
use crate::weigh::{Belief, Key, Memory, cleared, weigh};

mod doubt;
mod draft;
mod noise;
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

/// How many elements are listed at most, those tested besides: nobody reads on.
const MANY: usize = 500;

/// So many seconds before and after a change its numbers are asked for, where there are none yet.
const AROUND: f64 = 1_800.0;

/// More things that were measured than these are not listed: nobody looks through them one by one.
const MEASURED: usize = 60;

/// What was made of the evidence before anything is concluded from it.
struct Weighed<'a, 'b> {
    belief: &'a Belief<'b>,
    sums: Vec<Sum>,
    growths: Vec<Grown>,
    phases: Vec<Phase>,
    unplaced: Vec<Unplaced>,
    assumed: Vec<String>,
    charts: Vec<Chart>,
    /// Where numbers would tell most, and of when.
    wanted: Option<Element>,
    span: Option<Window>,
    measured: Vec<MeasuredAt>,
    over: Vec<Over>,
}

/// A drawing and the runbooks it is looked at with: all that can be known of them before any evidence, and the ways that were walked.
/// Whoever asks again about the same drawing keeps it; the answer is the same without.
#[derive(Debug)]
pub struct Ground {
    hypotheses: Hypotheses,
    routes: Routes,
    names: Names,
    memory: Memory,
}

impl Ground {
    pub fn new(sketch: &Sketch, shelf: &Shelf) -> Ground {
        Ground {
            hypotheses: Hypotheses::new(sketch, shelf),
            routes: Routes::new(sketch),
            names: Names::of(sketch),
            memory: Memory::default(),
        }
    }

    /// Whether it is that of this drawing, looked at with these runbooks.
    pub fn is_of(&self, sketch: &Sketch, shelf: &Shelf) -> bool {
        self.hypotheses.shelf.is_copy_of(shelf) && self.hypotheses.sketch == *sketch
    }

    pub fn sketch(&self) -> &Sketch {
        &self.hypotheses.sketch
    }

    /// Diagnoses a case that is drawn.
    pub fn diagnose(&self, evidence: &[Evidence]) -> Diagnosis {
        let mut diagnosis = Diagnosis::default();
        self.weighed(evidence, &mut |weighed| diagnosis = concluded(weighed, evidence));
        diagnosis
    }

    /// Lets somebody look at the belief itself, for what a diagnosis does not say.
    pub fn believe<T: Default>(&self, evidence: &[Evidence], mut look: impl FnMut(&Belief) -> T) -> T {
        let mut seen = T::default();
        self.weighed(evidence, &mut |weighed| seen = look(weighed.belief));
        seen
    }
}

/// Diagnoses a case. An empty sketch stands for "not drawn": one is drafted from the evidence.
pub fn diagnose(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf) -> Diagnosis {
    ground(sketch, evidence, shelf).diagnose(evidence)
}

fn ground(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf) -> Ground {
    if sketch.is_empty() { Ground::new(&draft(evidence), shelf) } else { Ground::new(sketch, shelf) }
}

/// Lets somebody look at the belief in a case.
pub fn believe<T: Default>(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf, look: impl FnMut(&Belief) -> T) -> T {
    ground(sketch, evidence, shelf).believe(evidence, look)
}

impl Ground {
    /// Compiled once, whoever looks at the result: the steps inlined here weigh 13 kB.
    fn weighed(&self, evidence: &[Evidence], then: &mut dyn FnMut(Weighed)) {
        let Ground { hypotheses, routes, names, memory } = self;
        let sketch = &hypotheses.sketch;
        let distinct = without_duplicates(evidence);
        let heard = evidence.iter().zip(&distinct).map(|(one, new)| new.then_some((&one.origin, &one.reading)));
        let once = heard.clone().enumerate().filter_map(|(at, one)| one.map(|(origin, reading)| (at, origin, reading)));
        let Reckoning { mut sums, findings, growths } = reckon(sketch, once);
        let mut placed = place(sketch, routes, names, heard, &findings);
        let compared = compare(sketch, &placed.measured, placed.changed_at);
        sums.extend(compared.sums);
        placed.observations.extend(compared.observations);
        let phases = phases(&placed.changes, &placed.observations, evidence.len());
        let observations = since_last_change(&placed.changes, placed.observations);
        let belief = weigh(hypotheses, routes, memory, &observations, placed.changed);
        let (unplaced, assumed) = (placed.unplaced, placed.assumed);
        let around = |at: f64| Window { start: at - AROUND, end: at + AROUND };
        let span = compared.span.or(placed.changed_at.map(around));
        let measured = measured(sketch, &placed.measured, placed.unmeasured);
        then(Weighed {
            belief: &belief,
            sums,
            growths,
            phases,
            unplaced,
            assumed,
            charts: compared.charts,
            wanted: compared.wanted,
            span,
            measured,
            over: placed.over,
        });
    }
}

fn concluded(weighed: Weighed, evidence: &[Evidence]) -> Diagnosis {
    let Weighed { belief, sums, growths, phases, unplaced, assumed, charts, wanted, span, measured, over } = weighed;
    let missing: Vec<Missing> = sums.iter().flat_map(|sum| sum.missing.iter().cloned()).collect();
    let mut suspects = suspects(belief);
    suspects.truncate(SUSPECTS);
    let elements = elements(belief);
    let (verdict, headline) = verdict::verdict(belief, &elements, &suspects, &sums, evidence, &unplaced);
    let headline = match phases.last() {
        Some(phase) if verdict == Verdict::NothingWrong && !phase.change.is_empty() && phase.worked > 0 => {
            format!("Since the change ({}), what was tested works.", phase.change)
        }
        _ if verdict == Verdict::NothingWrong && !over.is_empty() => {
            let mut says: Vec<&str> = over.iter().map(|one| one.says.as_str()).collect();
            says.dedup();
            format!("It works again: {}, and what was tested since works.", says.join(", "))
        }
        _ => headline,
    };
    let advice = if verdict == Verdict::NothingWrong { Advice::default() } else { advise(belief, &missing) };
    // Where nothing that was read fails, what does may stand in the lines that nobody understood.
    let fails =
        belief.clusters.iter().any(|cluster| matches!(cluster.key, Key::Request { .. }) && !cluster.all_worked());
    let blind = !fails && verdict::mostly_unread(evidence).is_some();
    let accused = !matches!(verdict, Verdict::NothingWrong | Verdict::NoEvidence);
    let explained = accused.then_some(belief);
    let sketch = belief.sketch;
    let id = |element| sketch.element_id(element);
    let tested = tested(belief);
    let drawn = sketch.node_indices().map(Element::Node).chain(sketch.edge_indices().map(Element::Edge));
    let untested = drawn.filter(|element| !tested.contains(element));
    let of_node = |one: &ElementBelief| sketch.find(&one.element).filter(|node| sketch.kind(*node) != Kind::Client);
    let wanted = wanted.or_else(|| elements.iter().find_map(of_node).map(Element::Node));
    Diagnosis {
        hopwise: VERSION,
        verdict,
        headline,
        at_most: advice.at_most.filter(|_| accused),
        enough: enough(verdict, &suspects, &advice.next),
        contrasts: contrasts(belief),
        lowered: explained.map(lowered).unwrap_or_default(),
        unexplained: explained.map(unexplained).unwrap_or_default(),
        turns: explained.map(|belief| turns(belief, &advice.next)).unwrap_or_default(),
        rests_on: explained.map(rests_on).unwrap_or_default(),
        phases,
        named: named(evidence.iter().map(|one| &one.reading).enumerate(), &growths, belief.shelf),
        next: advice.next,
        untested: untested.take(MANY).map(id).collect(),
        untested_beyond: (sketch.nodes().len() + sketch.edges().len()).saturating_sub(tested.len() + MANY),
        tested: order::set(tested.iter().copied().map(id)).into_iter().collect(),
        unread: unread(evidence),
        unplaced,
        assumed,
        outside: belief.elsewhere(|cause| matches!(cause, Cause::Outside)),
        nothing: belief.elsewhere(|cause| matches!(cause, Cause::Nothing)),
        suspects,
        elements,
        cleared: if blind { Vec::new() } else { cleared(belief) },
        sums,
        charts,
        measured,
        fetch: wanted.map(|element| fetch(element, span, belief)).unwrap_or_default(),
    }
}

/// What was measured, by what monitoring calls it, and where that was taken to be.
fn measured(sketch: &Sketch, placed: &[Measured], nowhere: Vec<String>) -> Vec<MeasuredAt> {
    let at = |one: &Measured| MeasuredAt { of: one.series.of(), element: sketch.element_id(one.element) };
    let known = placed.iter().filter(|one| one.series.measure.is_some()).map(at);
    let stray = nowhere.into_iter().map(|of| MeasuredAt { of, element: String::new() });
    let mut all: Vec<MeasuredAt> = Vec::new();
    for one in known.chain(stray).filter(|one| !one.of.is_empty()) {
        if all.len() < MEASURED && !all.contains(&one) {
            all.push(one);
        }
    }
    all
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
    let mut ranked: Vec<(f64, usize)> =
        belief.at_least(LISTED).into_iter().map(|h| (belief.probability(h), h)).collect();
    order::by(&mut ranked, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut suspects = Vec::new();
    for (probability, h) in ranked {
        let Some(cause) = belief.cause(h) else { continue };
        let Some(element) = cause.element() else { continue };
        let (failure_mode, fix, verify) = match &cause {
            Cause::Described(_, mode) => (mode.id.clone(), mode.fix.clone(), mode.verify.clone()),
            _ => (NOT_DESCRIBED.to_owned(), String::new(), String::new()),
        };
        suspects.push(Suspect {
            element: belief.sketch.element_id(element),
            address: address(element),
            failure_mode,
            title: name(&cause, belief),
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
            if mixed && worked(observation) == (bits > 0.0) || says_otherwise(belief, h, observation, bits) {
                continue;
            }
            let seen = &observation.seen;
            let known =
                reasons.iter_mut().find(|reason| reason.evidence == seen.evidence && reason.lines == seen.lines);
            match known {
                Some(reason) if reason.bits.abs() >= bits.abs() => {}
                Some(reason) => {
                    reason.bits = bits;
                    reason.says.clone_from(&observation.says);
                }
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
    order::by(&mut reasons, |a, b| {
        b.bits.abs().total_cmp(&a.bits.abs()).then(a.evidence.cmp(&b.evidence)).then(a.lines.cmp(&b.lines))
    });
    reasons
}

/// Of several values of one state each speaks for itself: "ok" is no reason to suspect what "exhausted" makes suspect.
fn says_otherwise(belief: &Belief, h: usize, observation: &Observation, bits: f64) -> bool {
    let (Sight::State { observable, value, .. }, Some(cause)) = (&observation.sight, belief.cause(h)) else {
        return false;
    };
    let expected = state(&cause, observable, value, belief.shelf);
    (expected > belief.shelf.normally(observable, value)) != (bits > 0.0)
}

fn worked(observation: &Observation) -> bool {
    matches!(&observation.sight, Sight::Request(request) if request.outcome == Outcome::Ok)
}

/// Joins neighboring lines that say the same into one reason: "…, 5 times".
fn repeated(mut reasons: Vec<Because>) -> Vec<Because> {
    order::by_key(&mut reasons, |reason| (reason.evidence, reason.lines));
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
    // Equals stay as they were drawn: a name is no reason to come first.
    let told = belief.likeliest_elements(MANY).into_iter().map(|(probability, element)| ElementBelief {
        element: belief.sketch.element_id(element),
        address: address(element),
        probability,
    });
    told.collect()
}

fn address(element: Element) -> Option<std::net::IpAddr> {
    match element {
        Element::Address(_, ip) => Some(ip),
        _ => None,
    }
}

/// Nodes and edges that some evidence has touched.
fn tested(belief: &Belief) -> BTreeSet<Element> {
    let mut touched: BTreeSet<Element> = BTreeSet::new();
    for cluster in &belief.clusters {
        match &cluster.key {
            Key::Request { .. } => {
                touched.extend(cluster.steps.iter().filter(|step| step.role != Role::Sharer).map(|step| step.element));
            }
            Key::State { at, .. } => touched.extend(at),
            Key::Blame { begins, not } => touched.extend(begins.iter().chain(not.iter().map(|(other, _)| other))),
        }
    }
    touched.retain(|element| !matches!(element, Element::Address(_, _)) && belief.places.spot(*element).is_some());
    touched
}

fn unread(evidence: &[Evidence]) -> Vec<Unread> {
    let mut unread = Vec::new();
    for (position, one) in evidence.iter().enumerate() {
        unread.extend(one.reading.unread().map(|lines| Unread { evidence: position, lines }));
    }
    unread
}
