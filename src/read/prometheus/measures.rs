//! Series that count requests, failures and durations, summed up to what can be placed: the labels that say where, and nothing finer.
//!
//! ```text
//! http_requests_total{job="shop",path="/a",code="200"} 900     → requests of shop: 970, of which failed: 70
//! http_requests_total{job="shop",path="/b",code="503"} 70
//! ```

use std::collections::BTreeMap;

use super::{Told, label};
use crate::evidence::Lines;
use crate::metrics::{Measure, Named, Sample, Series, Statistic, says_where};
use crate::order;
use crate::read::CommandLine;

type Key = (String, Measure, BTreeMap<String, String>, Statistic);

/// The measures in all series, in the order of the text. `of` is what was scraped, where the series do not say.
pub(super) fn measures(all: &[Told], of: Option<String>, command: Option<&CommandLine>) -> Vec<(Series, Lines)> {
    let asked = command.and_then(query).and_then(|query| Named::from_query(&query));
    let mut found: Vec<(Series, Lines, u32)> = Vec::new();
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for Told { series, lines } in all {
        let named = if series.metric.is_empty() { asked.clone() } else { Named::from_series(&series.metric) };
        // What a balancer checks by itself is nobody's request.
        let named = named.or_else(|| quantile(series)).filter(|_| !series.metric.contains("_check_"));
        let Some(named) = named else { continue };
        let statistic = match quantile(series) {
            Some(quantile) => quantile.statistic,
            None => named.statistic,
        };
        let failed = named.measure == Measure::Requests && fails(series);
        for measure in [Some(named.measure), failed.then_some(Measure::Failed)].into_iter().flatten() {
            let labels = places(series, of.as_deref());
            let key = (series.metric.clone(), measure, labels.clone(), statistic);
            let samples = series.samples.iter().map(|sample| Sample { value: sample.value * named.factor, ..*sample });
            match known.get(&key).and_then(|at| found.get_mut(*at)) {
                Some((sum, at, parts)) => {
                    add(&mut sum.samples, samples.collect());
                    *at = Lines::new(at.first.min(lines.first), at.last.max(lines.last));
                    *parts += 1;
                }
                None => {
                    known.insert(key, found.len());
                    let metric =
                        if series.metric.is_empty() { measure.word().to_owned() } else { series.metric.clone() };
                    let samples = samples.collect();
                    let period = series.period;
                    let sum =
                        Series { metric, measure: Some(measure), labels, unit: named.unit, statistic, period, samples };
                    found.push((sum, *lines, 1));
                }
            }
        }
    }
    for (series, _, parts) in &mut found {
        // Durations of one request are no sum: of several series the mean stands.
        if series.measure == Some(Measure::Seconds) {
            series.samples.iter_mut().for_each(|sample| sample.value /= f64::from(*parts));
        }
        if series.statistic != Statistic::Counter {
            series.period = series.period.or(series.spacing());
        }
    }
    found.into_iter().map(|(series, lines, _)| (series, lines)).collect()
}

/// Adds readings to others: by their times, or by their order where they have none.
fn add(sum: &mut Vec<Sample>, more: Vec<Sample>) {
    for (at, sample) in more.into_iter().enumerate() {
        let same = match sample.start {
            Some(_) => sum.iter_mut().find(|known| known.start == sample.start),
            None => sum.get_mut(at),
        };
        match same {
            Some(known) => known.value += sample.value,
            None => sum.push(sample),
        }
    }
}

/// A summary of a client library: `…_seconds{quantile="0.99"}`.
fn quantile(series: &Series) -> Option<Named> {
    let quantile: f64 = label(series, &["quantile"])?.parse().ok()?;
    let mut named = Named::from_series(&format!("{}_sum", series.metric))?;
    named.measure = Measure::Seconds;
    named.statistic = Statistic::percentile(quantile * 100.0);
    Some(named)
}

/// Whether a series counts requests that the server failed.
fn fails(series: &Series) -> bool {
    const FAILED: &[&str] = &["error", "failed", "failure", "server_error"];
    // Codes of gRPC that say the server is at fault; the others are the caller's.
    const GRPC: &[&str] = &["Unknown", "DeadlineExceeded", "Internal", "Unavailable", "DataLoss", "ResourceExhausted"];
    let code = label(series, &["status", "code", "http_status", "response_code", "status_code", "http_status_code"]);
    let by_code = code.is_some_and(|code| (code.starts_with('5') && code.len() == 3) || FAILED.contains(&code));
    by_code
        || label(series, &["grpc_code", "grpc_status"]).is_some_and(|code| GRPC.contains(&code))
        || label(series, &["outcome", "result"])
            .is_some_and(|outcome| FAILED.contains(&outcome.to_ascii_lowercase().as_str()))
}

/// The labels that say what was measured.
fn places(series: &Series, of: Option<&str>) -> BTreeMap<String, String> {
    let kept = series.labels.iter().filter(|(name, _)| says_where(name));
    let mut labels: BTreeMap<String, String> = order::map(kept.map(|(name, value)| (name.clone(), value.clone())));
    if labels.is_empty() {
        labels.extend(of.map(|of| ("instance".to_owned(), of.to_owned())));
    }
    labels
}

/// The query in the address or in the data of a call of the HTTP API.
fn query(command: &CommandLine) -> Option<String> {
    command.words().find_map(|word| {
        let (_, rest) = word.split_once("query=")?;
        Some(unescaped(rest.split('&').next().unwrap_or(rest)))
    })
}

/// `%7B` is `{` in an address.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match byte {
            b'%' => {
                let digits: Vec<u8> = rest.clone().take(2).collect();
                match hex(&digits).filter(|_| digits.len() == 2) {
                    Some(value) => {
                        bytes.push(value);
                        rest.nth(1);
                    }
                    None => bytes.push(byte),
                }
            }
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
