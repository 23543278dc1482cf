//! Answers of Prometheus' HTTP API to a query at one moment (`vector`) or over a range (`matrix`), on one line as curl prints them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Told;
use crate::metrics::{Sample, Series, Statistic, Unit};
use crate::order;
use crate::read::json::{documents, list};
use crate::read::{Findings, Part};

pub(super) fn is_answer(part: &Part) -> bool {
    part.any(|text| text.contains("\"resultType\""))
}

/// A calculated series (`rate(…)`, `sum(…)`) has no name: what it counts stands in the query only.
pub(super) fn read(part: &Part, findings: &mut Findings) -> Vec<Told> {
    let mut all = Vec::new();
    for document in documents(part) {
        let Some(answer) = document.parse() else { continue };
        let found = list(answer.get("data").unwrap_or(&Value::Null), "result");
        (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
        all.extend(found.iter().map(|found| Told { series: series(found), lines: document.lines }));
    }
    all
}

/// One series: labels, the metric's name among them, and its readings.
fn series(found: &Value) -> Series {
    let labels = found.get("metric").and_then(Value::as_object).into_iter().flatten();
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    let mut labels: BTreeMap<String, String> = order::map(labels.filter_map(text));
    let metric = labels.remove("__name__").unwrap_or_default();
    let readings = found.get("value").into_iter().chain(list(found, "values"));
    let samples = readings.filter_map(reading).filter(|sample| sample.value.is_finite()).collect();
    let statistic = if metric.ends_with("_total") { Statistic::Counter } else { Statistic::Instant };
    Series { metric, measure: None, labels, unit: Unit::Unknown, statistic, period: None, samples }
}

/// Seconds since 1970 and a number as text, so that `NaN` and `+Inf` have a place.
fn reading(pair: &Value) -> Option<Sample> {
    Some(Sample { start: Some(pair.get(0)?.as_f64()?), value: pair.get(1)?.as_str()?.parse().ok()? })
}
