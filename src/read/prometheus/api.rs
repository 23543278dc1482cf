//! Answers of Prometheus' HTTP API to a query at one moment (`vector`) or over a range (`matrix`), on one line as curl prints them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Told;
use crate::metrics::{Sample, Series, Statistic, Unit};
use crate::read::json::documents;
use crate::read::{Findings, Part};

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<Found>,
}

/// One series: labels, the metric's name among them, and its readings.
#[derive(Deserialize)]
struct Found {
    metric: BTreeMap<String, String>,
    value: Option<Reading>,
    #[serde(default)]
    values: Vec<Reading>,
}

/// Seconds since 1970 and a number as text, so that `NaN` and `+Inf` have a place.
type Reading = (f64, String);

pub(super) fn is_answer(part: &Part) -> bool {
    part.any(|text| text.contains("\"resultType\""))
}

/// A calculated series (`rate(…)`, `sum(…)`) has no name: what it counts stands in the query only.
pub(super) fn read(part: &Part, findings: &mut Findings) -> Vec<Told> {
    let mut all = Vec::new();
    for document in documents(part) {
        let Some(answer) = document.parse::<Answer>() else { continue };
        (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
        let told = answer.data.result.into_iter().map(Found::series);
        all.extend(told.map(|series| Told { series, lines: document.lines }));
    }
    all
}

impl Found {
    fn series(mut self) -> Series {
        let metric = self.metric.remove("__name__").unwrap_or_default();
        let readings = self.value.into_iter().chain(self.values);
        let samples = readings
            .filter_map(|(time, value)| Some(Sample { start: Some(time), value: value.parse().ok()? }))
            .filter(|sample| sample.value.is_finite())
            .collect();
        let statistic = if metric.ends_with("_total") { Statistic::Counter } else { Statistic::Instant };
        Series { metric, measure: None, labels: self.metric, unit: Unit::Unknown, statistic, period: None, samples }
    }
}
