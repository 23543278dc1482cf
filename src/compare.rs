//! Compares two stretches of measurements, before and after, and follows the blame down the drawing.
//!
//! ```text
//! placed series → windows → what each hop lost → the walk → a sum in sentences, and an observation that is weighed like any other
//! ```
//!
//! The windows are those around the change that the person names, otherwise the two between which most moved. The period in which the
//! change falls holds some of both, so it is left out where there are others.

use std::collections::BTreeMap;

use crate::blame::{Blame, Change, DOUBT, Share, Symptom, blame};
use crate::diagnosis::{Chart, Missing, Seen, Sum};
use crate::fact::{Outcome, Stage, Times};
use crate::metrics::Window;
use crate::place::{Aim, Measured, Observation, Request, Sampled, Sight, Tls};
use crate::sketch::{Element, NodeIx, Sketch};

mod chart;
mod timeline;
mod traffic;
mod windows;

use timeline::Timeline;
use windows::Windows;

/// What the comparison says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comparison {
    pub sums: Vec<Sum>,
    pub observations: Vec<Observation>,
    pub charts: Vec<Chart>,
    /// The hop whose numbers are missing most.
    pub wanted: Option<Element>,
    /// From the beginning of the window before to the end of the one after, where both have times.
    pub span: Option<Window>,
}

/// The elements where the loss may begin hold at least this part of the blame together, if they can be accused.
const ENOUGH: f64 = 0.6;

/// A hop without numbers is accused along from this part of the blame on.
const UNSEEN: f64 = 0.1;

/// More elements than these accuse nobody.
const ACCUSED: usize = 5;

/// An element with less of the blame passes on what comes from elsewhere, or has no part in it.
const INNOCENT: f64 = 0.03;

/// Compares what was measured. `changed` is when the person says that something changed, in seconds since 1970 or since midnight.
pub fn compare(sketch: &Sketch, measured: &[Measured], changed: Option<f64>) -> Comparison {
    let mut comparison = Comparison::default();
    let (timelines, refused) = timeline::timelines(measured);
    comparison.sums.extend(refused);
    if !timelines.iter().any(Timeline::is_comparable) {
        return comparison;
    }
    let Some(windows) = windows::choose(&timelines, changed) else { return comparison };
    comparison.span = windows.timed.map(|pair| Window { start: pair.before.start, end: pair.after.end });
    let changes = traffic::changes(&timelines, &windows);
    let Some((start, symptom)) = begin(sketch, &changes) else { return comparison };
    let blame = blame(sketch, &changes, start, symptom);
    let because = seen(&timelines, &blame, start);
    // Between windows that were chosen because most moved there, something always seems to have moved.
    let moved = blame.lost.is_beyond(windows.doubt());
    let observation = moved.then(|| accuse(sketch, &changes, &blame, start, &because)).flatten();
    comparison.wanted =
        leading(&changes, &blame).iter().map(|share| share.element).find(|one| !changes.contains_key(one));
    comparison.charts = chart::charts(sketch, &timelines, &windows, &blame);
    comparison.sums.push(told(
        sketch,
        &changes,
        &timelines,
        &windows,
        &blame,
        because,
        moved.then_some(observation.is_some()),
    ));
    comparison.observations = observation.map(|seen| slow(sketch, &blame, seen)).unwrap_or_default();
    comparison
}

/// Where it hurts and what: the first significant loss that no caller of it shares; where nothing moved, the first hop with numbers.
fn begin(sketch: &Sketch, changes: &BTreeMap<Element, Change>) -> Option<(NodeIx, Symptom)> {
    let hurts = |symptom: Symptom| -> Vec<(NodeIx, f64)> {
        let lost = |(element, change): (&Element, &Change)| match element {
            Element::Node(node) => {
                change.loss(symptom).filter(|loss| loss.is_significant()).map(|loss| (*node, loss.felt()))
            }
            _ => None,
        };
        changes.iter().filter_map(lost).collect()
    };
    for symptom in [Symptom::Failures, Symptom::Latency] {
        let lost = hurts(symptom);
        let calls = |caller: NodeIx, callee: NodeIx| sketch.edge_between(caller, callee).is_some();
        let first =
            lost.iter().filter(|(node, _)| !lost.iter().any(|(other, _)| other != node && calls(*other, *node)));
        let found = first.max_by(|a, b| a.1.total_cmp(&b.1)).or_else(|| lost.first());
        if let Some((node, _)) = found {
            return Some((*node, symptom));
        }
    }
    let called = |node: &NodeIx| {
        let mut callers = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).filter(|ends| ends.1 == *node);
        callers.any(|(caller, _)| changes.contains_key(&Element::Node(caller)))
    };
    let measured = sketch.node_indices().filter(|node| changes.contains_key(&Element::Node(*node)));
    let calm = |node: NodeIx| {
        let change = changes.get(&Element::Node(node))?;
        let symptom =
            [Symptom::Failures, Symptom::Latency].into_iter().find(|symptom| change.loss(*symptom).is_some())?;
        Some((node, symptom))
    };
    measured.filter(|node| !called(node)).find_map(calm)
}

/// The lines with the numbers of the hops that the walk passed.
fn seen(timelines: &[Timeline], blame: &Blame, start: NodeIx) -> Vec<Seen> {
    let passed = |element: Element| {
        element == Element::Node(start)
            || blame.ranking.iter().any(|share| share.element == element && share.share >= INNOCENT)
    };
    let mut seen: Vec<Seen> = Vec::new();
    for timeline in timelines.iter().filter(|timeline| passed(timeline.element)) {
        if !seen.contains(&timeline.seen) {
            seen.push(timeline.seen.clone());
        }
    }
    seen
}

/// Who may be where the loss begins, and who is measured and is not. Nobody where the blame is spread too thin, or nothing happened.
fn accuse(
    sketch: &Sketch,
    changes: &BTreeMap<Element, Change>,
    blame: &Blame,
    start: NodeIx,
    because: &[Seen],
) -> Option<Observation> {
    let begins: Vec<Element> = leading(changes, blame).iter().map(|share| share.element).collect();
    if begins.is_empty() || begins.len() > ACCUSED {
        return None;
    }
    let not = innocent(changes, blame, &begins);
    let names: Vec<String> = begins.iter().map(|element| sketch.element_name(*element)).collect();
    let start = sketch.element_name(Element::Node(start));
    let lost = match blame.symptom {
        Symptom::Latency => format!("the {:.1} s that {start} took longer", blame.lost.extra),
        Symptom::Failures => format!("the {:.0} requests that {start} lost", blame.lost.extra.max(1.0)),
    };
    Some(Observation {
        sight: Sight::Blame { begins, not },
        count: 1,
        seen: because.last()?.clone(),
        says: format!("{lost} begin at {}", names.join(" or ")),
        sampled: Sampled::Whole,
        at: None,
    })
}

/// A hop at which extra seconds begin answers, and late: whoever calls it saw a slow request.
fn slow(sketch: &Sketch, blame: &Blame, accusation: Observation) -> Vec<Observation> {
    let only = match &accusation.sight {
        Sight::Blame { begins, .. } if blame.symptom == Symptom::Latency => match begins.as_slice() {
            [Element::Node(node)] => Some(*node),
            _ => None,
        },
        _ => None,
    };
    let called = only.and_then(|to| {
        let mut calls = sketch.edge_indices().filter_map(|edge| Some((edge, sketch.ends(edge)?)));
        calls.find(|(_, ends)| ends.1 == to).map(|(edge, (from, _))| (edge, from, to))
    });
    let late = called.map(|(edge, from, to)| {
        let secured = sketch.edge(edge).and_then(|edge| edge.protocol.as_deref()).is_some_and(|name| name == "https");
        let request = Request {
            from: Some(from),
            to,
            address: None,
            whole: true,
            port: None,
            tests: Stage::Exchange,
            tls: if secured { Tls::Unchecked } else { Tls::Absent },
            aim: Aim::Drawn,
            resolved: false,
            outcome: Outcome::Slow,
            times: Times::default(),
            manner: String::new(),
            subject: String::new(),
            spoke: None,
            logged: false,
        };
        Observation { sight: Sight::Request(request), ..accusation.clone() }
    });
    late.into_iter().chain([accusation]).collect()
}

/// The hops that hold most of the blame, and those that may hold a part of it because nobody measured them.
fn leading<'a>(changes: &BTreeMap<Element, Change>, blame: &'a Blame) -> Vec<&'a Share> {
    let mut sum = 0.0;
    let leads = |share: &&Share| {
        let wanted = sum < ENOUGH;
        sum += share.share;
        wanted || (share.share >= UNSEEN && !changes.contains_key(&share.element))
    };
    blame.ranking.iter().filter(leads).collect()
}

/// Hops that only pass on what they lost, and hops that lost nothing although their numbers are good enough to show it.
fn innocent(changes: &BTreeMap<Element, Change>, blame: &Blame, begins: &[Element]) -> Vec<(Element, String)> {
    let why = |share: &Share| {
        let change = changes.get(&share.element)?;
        let carries = |node| share.element == Element::Node(node);
        if blame.carriers.iter().any(|node| carries(*node)) {
            return Some("what it calls explains what it lost");
        }
        let calm = change
            .loss(blame.symptom)
            .is_some_and(|loss| !loss.is_significant() && loss.extra + DOUBT * loss.noise < blame.lost.extra / 2.0);
        // Without a count nobody knows how much of the loss a hop could carry.
        let sure = calm && change.is_counted() && share.share < INNOCENT;
        sure.then_some(match blame.symptom {
            Symptom::Latency => "as quick as before",
            Symptom::Failures => "failed no more often than before",
        })
    };
    let others = blame.ranking.iter().filter(|share| !begins.contains(&share.element));
    others.filter_map(|share| Some((share.element, why(share)?.to_owned()))).collect()
}

fn told(
    sketch: &Sketch,
    changes: &BTreeMap<Element, Change>,
    timelines: &[Timeline],
    windows: &Windows,
    blame: &Blame,
    because: Vec<Seen>,
    accused: Option<bool>,
) -> Sum {
    let mut rows = vec![windows.spoken()];
    rows.extend(blame.steps.iter().cloned());
    rows.extend(blame.questions.iter().cloned());
    rows.extend(traffic::remarks(sketch, timelines));
    let concludes = match blame.ranking.first() {
        _ if accused.is_none() => "Nothing significant changed between the two windows.".to_owned(),
        Some(_) if accused == Some(true) => {
            let told = |share: &Share| format!("{} ({:.0} %)", sketch.element_name(share.element), share.share * 100.0);
            let names: Vec<String> = leading(changes, blame).into_iter().map(told).collect();
            format!("The loss begins at {}.", names.join(" or "))
        }
        _ => "No hop holds most of the loss: ask the questions above, or paste numbers of more hops.".to_owned(),
    };
    Sum {
        title: match blame.symptom {
            Symptom::Latency => "Where the extra seconds come from".to_owned(),
            Symptom::Failures => "Where the extra failures come from".to_owned(),
        },
        rows,
        concludes,
        missing: missing(sketch, timelines),
        because,
    }
}

/// Numbers per second without the seconds that one of them stands for cannot be summed up.
fn missing(sketch: &Sketch, timelines: &[Timeline]) -> Vec<Missing> {
    let without = timelines.iter().find(|timeline| timeline.lacks_period());
    let missing = without.map(|timeline| Missing {
        number: "period_s".to_owned(),
        says: format!(
            "how many seconds one data point of {} at {} covers",
            timeline.word(),
            sketch.element_name(timeline.element)
        ),
        bits: 1.0,
    });
    missing.into_iter().collect()
}

impl Timeline {
    fn word(&self) -> &'static str {
        self.measure.word()
    }
}
