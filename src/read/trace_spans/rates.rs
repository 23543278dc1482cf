//! How many calls there were, how many failed and how long they took, period by period: of each service, and between two.
//!
//! ```text
//! 240 spans in 8 minutes    → requests of shop search: 8 data points, sum 28 to 33, one per 60 s
//! ```
//!
//! Traces are a sample, so these are counts of what was sampled: parts and means hold, and so does what they were before.

use std::collections::BTreeMap;

use crate::metrics::{Measure, Sample, Series, Statistic, Unit};

/// One call of a service, by another where `from` is given.
pub(super) struct Call {
    pub from: Option<String>,
    pub to: String,
    /// Seconds since 1970.
    pub at: f64,
    pub seconds: f64,
    pub failed: bool,
}

/// Fewer calls than these are told one by one only.
const ENOUGH: usize = 10;

/// Periods that people read easily, in seconds.
const PERIODS: [f64; 7] = [1.0, 5.0, 10.0, 60.0, 300.0, 900.0, 3_600.0];

/// More periods than these are cut too finely for a sample.
const MOST: f64 = 30.0;

/// What one call adds to a sum.
type Count = fn(&Call) -> f64;

/// Three series of each service and of each edge with enough calls.
pub(super) fn rates(calls: &[Call]) -> Vec<Series> {
    let first = calls.iter().map(|call| call.at).fold(f64::INFINITY, f64::min);
    let last = calls.iter().map(|call| call.at).fold(f64::NEG_INFINITY, f64::max);
    let span = last - first;
    let [.., longest] = PERIODS;
    let fits = PERIODS.into_iter().find(|period| span <= MOST * period);
    let period = fits.unwrap_or_else(|| (span / MOST / longest).ceil() * longest);
    let begin = (first / period).floor();
    let mut by_ends: BTreeMap<(Option<&str>, &str), Vec<&Call>> = BTreeMap::new();
    for call in calls {
        by_ends.entry((call.from.as_deref(), &call.to)).or_default().push(call);
    }
    by_ends.retain(|_, calls| calls.len() >= ENOUGH);
    let mut all = Vec::new();
    for ((from, to), calls) in by_ends {
        let labels: BTreeMap<String, String> = match from {
            Some(from) => [("source", from), ("destination", to)].map(owned).into(),
            None => [("service", to)].map(owned).into(),
        };
        // Two ways of counting one thing have two names, so that nobody adds them up.
        let metric = if from.is_some() { "calls" } else { "spans" };
        let measures: [(Measure, Unit, Count); 3] = [
            (Measure::Requests, Unit::Count, |_| 1.0),
            (Measure::Failed, Unit::Count, |call| f64::from(u8::from(call.failed))),
            (Measure::TotalSeconds, Unit::Seconds, |call| call.seconds),
        ];
        for (measure, unit, of) in measures {
            // A period without a call has none: that is a number, too.
            let periods = (0..).map(|number| (begin + f64::from(number)) * period).take_while(|start| *start <= last);
            let mut samples: Vec<Sample> = periods.map(|start| Sample { start: Some(start), value: 0.0 }).collect();
            for call in &calls {
                let inside = |sample: &&mut Sample| sample.start.is_some_and(|start| call.at < start + period);
                if let Some(sample) = samples.iter_mut().find(inside) {
                    sample.value += of(call);
                }
            }
            samples.iter_mut().for_each(|sample| sample.value = (sample.value * 1e6).round() / 1e6);
            let (labels, metric) = (labels.clone(), metric.to_owned());
            all.push(Series {
                metric,
                measure: Some(measure),
                labels,
                unit,
                statistic: Statistic::Sum,
                period: Some(period),
                samples,
            });
        }
    }
    all
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
