//! `aws cloudwatch get-metric-statistics`: errors counted by balancers and gateways, with the period between data points.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fact::{Claim, Endpoint, State};
use crate::read::json::Document;
use crate::read::observable::{LB_ERRORS, LB_REQUESTS};
use crate::read::{CommandLine, Findings};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    label: String,
    datapoints: Vec<Datapoint>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Datapoint {
    timestamp: String,
    sum: Option<f64>,
    maximum: Option<f64>,
    average: Option<f64>,
}

impl Datapoint {
    fn value(&self) -> Option<(&'static str, f64)> {
        let named = [("Sum", self.sum), ("Maximum", self.maximum), ("Average", self.average)];
        named.into_iter().find_map(|(name, value)| Some((name, value?)))
    }
}

pub(super) fn read(document: &Document, command: Option<&CommandLine>, findings: &mut Findings) {
    let Some(Answer { label, datapoints }) = document.parse() else { return };
    let values: Vec<f64> = datapoints.iter().filter_map(|point| point.value().map(|(_, value)| value)).collect();
    let statistic = datapoints.first().and_then(Datapoint::value).map_or("", |(name, _)| name);
    let (low, high) = (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(0.0, f64::max));
    let range = match values.len() {
        0 => "no data points".to_owned(),
        count => format!("{count} data points, {statistic} {low} to {high}"),
    };
    let every = period(&datapoints);
    let period = every.map(|seconds| format!(", one per {seconds} s")).unwrap_or_default();
    let zone = zone(command).map(|zone| format!(", in {zone}")).unwrap_or_default();
    let detail = format!("{label}: {range}{period}{zone}");
    let value = if high > 0.0 { "counted" } else { "none" };
    if counts_errors(&label) {
        let of = balancer(command).map_or_else(Endpoint::default, Endpoint::named);
        let state = State { observable: LB_ERRORS.to_owned(), value: value.to_owned(), of, detail };
        let period = every.map(|seconds| ("period_s".to_owned(), seconds as f64));
        let numbers = BTreeMap::from_iter(period.into_iter().chain([("errors".to_owned(), high)]));
        findings.measured(document.lines, numbers, Claim::State(state));
    } else if label == "RequestCount" {
        findings.state(document.lines, LB_REQUESTS, value, Endpoint::default(), detail);
    }
}

/// Metrics of `AWS/ELB`, `AWS/ApplicationELB` and `AWS/NATGateway` that stay at zero where nothing is wrong.
fn counts_errors(label: &str) -> bool {
    label.contains("5XX")
        || matches!(
            label,
            "BackendConnectionErrors"
                | "TargetConnectionErrorCount"
                | "RejectedConnectionCount"
                | "SpilloverCount"
                | "ErrorPortAllocation"
                | "PacketsDropCount"
                | "UnHealthyHostCount"
        )
}

/// Seconds between neighboring data points; the answer itself does not name its period.
fn period(datapoints: &[Datapoint]) -> Option<i64> {
    let mut stamps: Vec<i64> = datapoints.iter().filter_map(|point| seconds_of_day(&point.timestamp)).collect();
    stamps.sort_unstable();
    stamps.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?)).filter(|gap| *gap > 0).min()
}

/// Seconds since midnight of `2017-06-14T09:05:00Z`; points of two days give a gap that is too large and no smaller one.
fn seconds_of_day(stamp: &str) -> Option<i64> {
    let (_, time) = stamp.split_once('T')?;
    let mut parts = time.get(..8)?.split(':').map(str::parse::<i64>);
    let (hours, minutes, seconds) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    Some(hours * 3600 + minutes * 60 + seconds)
}

/// The zone that a command asks for: `--dimensions Name=AvailabilityZone,Value=us-east-1c`.
fn zone(command: Option<&CommandLine>) -> Option<&str> {
    command?.words().find_map(|word| word.strip_prefix("Name=AvailabilityZone,Value="))
}

/// The balancer that a command asks for: `--dimensions Name=LoadBalancerName,Value=backend-pub`.
fn balancer(command: Option<&CommandLine>) -> Option<&str> {
    command?.words().find_map(|word| word.strip_prefix("Name=LoadBalancerName,Value="))
}
