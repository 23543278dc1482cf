//! One measure of one hop over time, as stretches that can be added up: increments of counters, values of periods.

use std::collections::BTreeMap;

use crate::diagnosis::{Seen, Sum};
use crate::metrics::{Measure, Sample, Series, Statistic, Unit};
use crate::order;
use crate::place::Measured;
use crate::sketch::Element;

/// A value and the stretch of time that it holds for: seconds since 1970, or the number of the reading where the text names no time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub start: f64,
    pub end: f64,
    pub value: f64,
}

pub struct Timeline {
    pub element: Element,
    pub metric: String,
    pub measure: Measure,
    pub unit: Unit,
    pub statistic: Statistic,
    /// Whether stretches are times, and no mere order.
    pub timed: bool,
    /// Whether it is known how long a stretch is.
    pub has_period: bool,
    /// Whether the first stretch reaches back to the start of the process, because there are only two readings.
    pub since_start: bool,
    pub stretches: Vec<Stretch>,
    pub seen: Seen,
}

impl Timeline {
    pub fn is_comparable(&self) -> bool {
        self.stretches.len() >= 2
    }

    /// A statistic of counts from which nobody can tell how many there were.
    pub fn is_no_sum(&self) -> bool {
        let counts = matches!(self.measure, Measure::Requests | Measure::Failed) && self.unit != Unit::PerSecond;
        counts
            && !matches!(
                self.statistic,
                Statistic::Sum | Statistic::Counter | Statistic::SampleCount | Statistic::Unknown
            )
    }

    /// A number per second of which nobody knows for how many seconds it holds.
    pub fn lacks_period(&self) -> bool {
        self.unit == Unit::PerSecond && !self.has_period
    }
}

/// Timelines of everything that can be used. Where two pastes overlap, a sum says so instead: the same requests would count twice.
pub fn timelines(measured: &[Measured]) -> (Vec<Timeline>, Vec<Sum>) {
    let mut groups: BTreeMap<_, Vec<&Measured>> = BTreeMap::new();
    for one in measured {
        let Some(measure) = one.series.measure else { continue };
        let key = (one.element, &one.series.metric, &one.series.labels, measure, one.series.statistic);
        groups.entry(key).or_default().push(one);
    }
    let mut timelines = Vec::new();
    let mut refused: Vec<Sum> = Vec::new();
    for ((element, metric, _, measure, statistic), parts) in groups {
        let Some(first) = parts.first() else { continue };
        let mut samples: Vec<Sample> = parts.iter().flat_map(|part| part.series.samples.iter().copied()).collect();
        let timed = samples.iter().all(|sample| sample.start.is_some());
        if timed {
            order::by(&mut samples, |a, b| a.start.unwrap_or(0.0).total_cmp(&b.start.unwrap_or(0.0)));
            samples.dedup_by(|next, kept| next.start == kept.start);
        }
        let series = Series { samples, ..first.series.clone() };
        let period = series.period.or(series.spacing());
        let counter = statistic == Statistic::Counter;
        if let Some(seconds) = series.period.filter(|_| timed && !counter && parts.len() > 1)
            && let Some(clash) = overlap(&series, seconds)
        {
            if refused.is_empty() {
                refused.push(refusal(metric, clash, seconds, &parts));
            }
            continue;
        }
        timelines.push(Timeline {
            element,
            metric: metric.clone(),
            measure,
            unit: series.unit,
            statistic,
            timed,
            has_period: series.period.is_some() || (timed && period.is_some()),
            since_start: counter && series.samples.len() == 2,
            stretches: if counter { increments(&series, timed) } else { values(&series, timed, period) },
            seen: parts.last().map_or_else(|| first.seen.clone(), |last| last.seen.clone()),
        });
    }
    (timelines, refused)
}

/// What a counter grew by between readings. Of two readings the first tells what happened since the process began.
fn increments(series: &Series, timed: bool) -> Vec<Stretch> {
    let at = |(number, sample): (usize, &Sample)| match sample.start.filter(|_| timed) {
        Some(start) => (start, sample.value),
        None => (number as f64, sample.value),
    };
    let readings: Vec<(f64, f64)> = series.samples.iter().enumerate().map(at).collect();
    let mut stretches = Vec::new();
    if let [(first, value), (second, _)] = readings.as_slice() {
        stretches.push(Stretch { start: first - (second - first), end: *first, value: *value });
    }
    stretches.extend(readings.windows(2).filter_map(|pair| {
        let [(start, was), (end, is)] = pair else { return None };
        // A counter that fell began anew at zero.
        Some(Stretch { start: *start, end: *end, value: if is >= was { is - was } else { *is } })
    }));
    stretches
}

fn values(series: &Series, timed: bool, period: Option<f64>) -> Vec<Stretch> {
    let stretch = |(number, sample): (usize, &Sample)| match sample.start.filter(|_| timed) {
        Some(start) => Stretch { start, end: start + period.unwrap_or(0.0), value: sample.value },
        None => Stretch { start: number as f64 - 1.0, end: number as f64, value: sample.value },
    };
    series.samples.iter().enumerate().map(stretch).collect()
}

/// Two starts of periods that share time.
fn overlap(series: &Series, seconds: f64) -> Option<(f64, f64)> {
    series.samples.windows(2).find_map(|pair| match pair {
        [Sample { start: Some(one), .. }, Sample { start: Some(next), .. }] if next - one < seconds => {
            Some((*one, *next))
        }
        _ => None,
    })
}

fn refusal(metric: &str, (one, next): (f64, f64), seconds: f64, parts: &[&Measured]) -> Sum {
    Sum {
        title: format!("{metric} before and after"),
        rows: vec![format!(
            "one period of {seconds} s begins at {}, another at {}",
            super::windows::clock(one),
            super::windows::clock(next)
        )],
        concludes: "The two windows overlap, so the same requests would count before and after: paste windows that share no time."
            .to_owned(),
        missing: Vec::new(),
        because: parts.iter().map(|part| part.seen.clone()).collect(),
    }
}
