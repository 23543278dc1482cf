//! Requests, seconds and failures of each hop in a window, put together from whatever was measured of it.

use std::collections::BTreeMap;

use super::timeline::Timeline;
use super::windows::{Pair, Windows};
use crate::blame::{Change, Traffic, Unrest, spread};
use crate::metrics::{Measure, Statistic, Unit, Window, family};
use crate::order;
use crate::sketch::{Element, Sketch};

/// What every hop did before and after.
pub fn changes(timelines: &[Timeline], windows: &Windows) -> BTreeMap<Element, Change> {
    between(timelines.iter(), |timeline| windows.of(timeline))
}

pub fn between<'a>(
    timelines: impl Iterator<Item = &'a Timeline>,
    windows: impl Fn(&Timeline) -> Option<Pair>,
) -> BTreeMap<Element, Change> {
    let mut of: BTreeMap<Element, Vec<(&Timeline, Pair)>> = BTreeMap::new();
    for timeline in timelines {
        if let Some(pair) = windows(timeline) {
            of.entry(timeline.element).or_default().push((timeline, pair));
        }
    }
    let change = |(element, all): (Element, Vec<(&Timeline, Pair)>)| {
        let before = traffic(&all, |pair| pair.before);
        let after = traffic(&all, |pair| pair.after);
        (element, Change { before, after, unrest: Unrest::default() })
    };
    order::map(of.into_iter().map(change))
}

fn traffic(all: &[(&Timeline, Pair)], window: impl Fn(&Pair) -> Window) -> Traffic {
    let mut requests: BTreeMap<&str, f64> = BTreeMap::new();
    let mut failed: BTreeMap<&str, f64> = BTreeMap::new();
    let mut waited: BTreeMap<&str, f64> = BTreeMap::new();
    let mut shares = Mean::default();
    let mut seconds: BTreeMap<Statistic, Mean> = BTreeMap::new();
    for (timeline, pair) in all {
        let window = window(pair);
        for stretch in timeline.stretches.iter().filter(|stretch| window.holds(stretch.start, stretch.end)) {
            let metric = timeline.metric.as_str();
            let counted = match timeline.unit {
                Unit::PerSecond if timeline.has_period => Some(stretch.value * (stretch.end - stretch.start)),
                Unit::PerSecond => None,
                // The mean, the largest or the smallest of several counts is no sum of them.
                _ if timeline.is_no_sum() => None,
                _ => Some(stretch.value),
            };
            match (timeline.measure, counted) {
                (Measure::Requests, Some(counted)) => *requests.entry(metric).or_default() += counted,
                (Measure::Failed, Some(counted)) => *failed.entry(metric).or_default() += counted,
                (Measure::TotalSeconds, Some(counted)) => *waited.entry(family(metric)).or_default() += counted,
                (Measure::FailedShare, _) => shares.add(stretch.value / 100.0),
                (Measure::WorkedShare, _) => shares.add(1.0 - stretch.value / 100.0),
                (Measure::Seconds, _) => seconds.entry(timeline.statistic).or_default().add(stretch.value),
                (Measure::Requests | Measure::Failed | Measure::TotalSeconds, None) => {}
            }
        }
    }
    let most = requests.values().copied().max_by(f64::total_cmp);
    // Failures are a part of the requests that the same metric counts; in a table both are columns of their own.
    let part = failed.iter().find_map(|(metric, failed)| {
        let of = requests.get(metric).copied().or(most).filter(|of| *of > 0.0)?;
        Some((failed / of).clamp(0.0, 1.0))
    });
    let total = waited.iter().find_map(|(name, waited)| {
        let of = requests.iter().find(|(metric, of)| family(metric) == *name && **of > 0.0)?;
        Some(waited / of.1)
    });
    let percentiles: Vec<(f64, f64)> = seconds
        .iter()
        .filter_map(|(statistic, mean)| match statistic {
            Statistic::Percentile(hundredths) => Some((f64::from(*hundredths) / 10_000.0, mean.value()?)),
            _ => None,
        })
        .collect();
    Traffic {
        requests: most,
        seconds: total.or_else(|| usual(&seconds)),
        spread: spread(&percentiles),
        failed: shares.value().or(part),
    }
}

/// The mean, or what comes nearest to it. A maximum and a minimum are of one request.
fn usual(seconds: &BTreeMap<Statistic, Mean>) -> Option<f64> {
    let of = |statistic: Statistic| seconds.get(&statistic).and_then(Mean::value);
    let percentile = || {
        seconds
            .iter()
            .find(|(statistic, _)| matches!(statistic, Statistic::Percentile(_)))
            .and_then(|(_, mean)| mean.value())
    };
    of(Statistic::Average).or_else(|| of(Statistic::Instant)).or_else(|| of(Statistic::Unknown)).or_else(percentile)
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// What stands in for something else, and what could not be used, in sentences.
pub fn remarks(sketch: &Sketch, timelines: &[Timeline]) -> Vec<String> {
    let mut of: BTreeMap<Element, Vec<&Timeline>> = BTreeMap::new();
    for timeline in timelines.iter().filter(|timeline| timeline.measure == Measure::Seconds) {
        of.entry(timeline.element).or_default().push(timeline);
    }
    let mut no_sums: Vec<String> = Vec::new();
    let mut stand_ins: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |why: String, element: Element| stand_ins.entry(why).or_default().push(sketch.element_name(element));
    for (element, all) in of {
        let best = all.iter().map(|timeline| timeline.statistic).min_by_key(|statistic| match statistic {
            Statistic::Average | Statistic::Instant => (0, 0),
            Statistic::Unknown => (1, 0),
            Statistic::Percentile(hundredths) => (2, *hundredths),
            _ => (3, 0),
        });
        match best {
            Some(Statistic::Unknown) => {
                note("taken for means, for the numbers do not say what they are".to_owned(), element)
            }
            Some(percentile @ Statistic::Percentile(_)) => {
                note(format!("{percentile}, taken in place of the mean"), element)
            }
            Some(single @ (Statistic::Maximum | Statistic::Minimum)) => {
                note(format!("a {single} only, which is of one request and says nothing of the others"), element);
            }
            _ => {}
        }
        if all.iter().any(|timeline| timeline.unit == Unit::Unknown) {
            note("without a unit, taken for seconds".to_owned(), element);
        }
    }
    let told = |(why, who): (String, Vec<String>)| match who.as_slice() {
        [] | [_] | [_, _] | [_, _, _] => format!("Durations of {}: {why}.", who.join(", ")),
        many => format!("Durations of {} hops: {why}.", many.len()),
    };
    for timeline in timelines.iter().filter(|timeline| timeline.is_no_sum()) {
        let (statistic, word) = (timeline.statistic, timeline.measure.word());
        let name = sketch.element_name(timeline.element);
        no_sums.push(format!("The {statistic} of {word} of {name} is no sum, so it is not counted: ask for the sum."));
    }
    no_sums.extend(stand_ins.into_iter().map(told));
    no_sums
}
