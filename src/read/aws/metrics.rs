//! CloudWatch: errors and requests counted by balancers and gateways, with statistic and period.
//!
//! ```text
//! {"Label":"BackendConnectionErrors","Datapoints":[{"Timestamp":"2017-06-14T09:00:00Z","Sum":301.0,"Unit":"Count"}]}
//! {"MetricDataResults":[{"Id":"m1","Label":"HTTPCode_ELB_5XX_Count","Timestamps":["2017-06-14T09:00:00Z"],"Values":[41.0]}]}
//! ```
//!
//! The first is the answer of `get-metric-statistics`, the second of `get-metric-data`. Neither names its period, the second not even its
//! statistic: both are taken from the command line, then from the spacing of the data points, and otherwise said to be missing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, State};
use crate::metrics::{Measure, Named, Sample, Series, Statistic, Unit};
use crate::moment::moment;
use crate::order;
use crate::read::json::{Document, list, number, text};
use crate::read::observable::{LB_ERRORS, LB_REQUESTS};
use crate::read::{CommandLine, Findings};

pub(super) fn read(document: &Document, answer: &Value, command: Option<&CommandLine>, findings: &mut Findings) {
    let mut all: Vec<Series> = list(answer, "MetricDataResults").iter().map(|found| data(found, command)).collect();
    all.extend(answer.get("Datapoints").and_then(Value::as_array).map(|points| statistics(answer, points, command)));
    // Where nothing was counted, AWS keeps no point; nor does it where nobody was there to count.
    all.retain(|series| !series.samples.is_empty());
    for series in &all {
        let zone = zone(command).map(|zone| format!(", in {zone}")).unwrap_or_default();
        let detail = format!("{series}{zone}");
        let value = if series.samples.iter().any(|sample| sample.value > 0.0) { "counted" } else { "none" };
        if counts_errors(&series.metric) {
            let of = balancer(command).map_or_else(Endpoint::default, Endpoint::named);
            let state = State { observable: LB_ERRORS.to_owned(), value: value.to_owned(), of, detail };
            let most = series.samples.iter().map(|sample| sample.value).fold(0.0, f64::max);
            let period = series.period.map(|seconds| ("period_s".to_owned(), seconds));
            let numbers = order::map(period.into_iter().chain([("errors".to_owned(), most)]));
            findings.measured(document.lines, numbers, Claim::State(state));
        } else if series.metric == "RequestCount" {
            findings.state(document.lines, LB_REQUESTS, value, Endpoint::default(), detail);
        }
    }
    for attempt in answers(&all, command) {
        findings.fact(document.lines, Claim::Attempt(attempt));
    }
    for series in all.into_iter().filter_map(|series| measured(series, command)) {
        findings.fact(document.lines, Claim::Series(series));
    }
}

/// An answer of `get-metric-statistics`: its points say which statistic they hold.
fn statistics(answer: &Value, points: &[Value], command: Option<&CommandLine>) -> Series {
    let of = |point: &Value| {
        let named =
            [Statistic::Sum, Statistic::Maximum, Statistic::Average].into_iter().zip(["Sum", "Maximum", "Average"]);
        named.into_iter().find_map(|(statistic, name)| Some((statistic, number(point, name)?)))
    };
    let statistic = points.first().and_then(of).map_or(Statistic::Unknown, |(statistic, _)| statistic);
    let samples = points.iter().filter_map(|point| Some(sample(point.get("Timestamp")?, of(point)?.1))).collect();
    series(text(answer, "Label").to_owned(), statistic, samples, command)
}

/// One of the results of `get-metric-data`.
fn data(found: &Value, command: Option<&CommandLine>) -> Series {
    let said = command.and_then(|command| command.words().find_map(statistic_in));
    let points = list(found, "Timestamps").iter().zip(list(found, "Values"));
    let samples = points.filter_map(|(time, value)| Some(sample(time, value.as_f64()?))).collect();
    series(text(found, "Label").to_owned(), said.unwrap_or(Statistic::Unknown), samples, command)
}

fn series(metric: String, statistic: Statistic, samples: Vec<Sample>, command: Option<&CommandLine>) -> Series {
    let mut series = Series {
        metric,
        measure: None,
        labels: BTreeMap::new(),
        unit: Unit::Count,
        statistic,
        period: period(command),
        samples,
    };
    order::by(&mut series.samples, |a, b| a.start.unwrap_or(0.0).total_cmp(&b.start.unwrap_or(0.0)));
    series.period = series.period.or(series.spacing());
    series
}

/// The time is a text, or in seconds since 1970 where the command line is set up to print what came over the wire.
fn sample(time: &Value, value: f64) -> Sample {
    let told = || moment(time.as_str()?).map(|milliseconds| milliseconds as f64 / 1000.0);
    Sample { start: time.as_f64().or_else(told), value }
}

/// A series that counts requests, failures or durations, with the dimensions that say of what. Balancers measure seconds; gateways and
/// functions milliseconds.
fn measured(series: Series, command: Option<&CommandLine>) -> Option<Series> {
    let named = Named::from_title(&series.metric)?;
    let mut labels: BTreeMap<String, String> = command.map(dimensions).unwrap_or_default();
    if labels.is_empty() && !named.rest.is_empty() {
        labels.insert("name".to_owned(), named.rest.clone());
    }
    let asks = |namespace: &str| command.is_some_and(|command| command.words().any(|word| word.contains(namespace)));
    let (unit, factor) = match (named.measure, series.metric.as_str()) {
        (Measure::Seconds, "TargetResponseTime") => (Unit::Seconds, 1.0),
        (Measure::Seconds, _) if asks("AWS/ApiGateway") || asks("AWS/Lambda") => (Unit::Seconds, 1e-3),
        (Measure::Seconds, _) if asks("AWS/ELB") => (Unit::Seconds, 1.0),
        _ => (named.unit, named.factor),
    };
    let samples = series.samples.iter().map(|sample| Sample { value: sample.value * factor, ..*sample }).collect();
    Some(Series { measure: Some(named.measure), labels, unit, samples, ..series })
}

/// `Name=LoadBalancer,Value=app/shop/50dc6c495c0c9188`
fn dimensions(command: &CommandLine) -> BTreeMap<String, String> {
    let pair = |word: &str| {
        let (_, rest) = word.split_once("Name=")?;
        let (name, rest) = rest.split_once(",Value=")?;
        let value = rest.split([',', '}', ']', ' ']).next()?;
        Some((name.to_owned(), value.to_owned()))
    };
    order::map(command.words().filter_map(pair))
}

/// `--period 300`
fn period(command: Option<&CommandLine>) -> Option<f64> {
    let mut words = command?.words().skip_while(|word| *word != "--period");
    words.nth(1)?.parse().ok().filter(|seconds| *seconds > 0.0)
}

/// `MetricStat={…,Stat=Sum}` or `"Stat": "Sum"`, however it is quoted.
fn statistic_in(word: &str) -> Option<Statistic> {
    let (_, rest) = word.rsplit_once("Stat=").or_else(|| word.rsplit_once("\"Stat\""))?;
    let rest = rest.trim_start_matches([':', ' ', '"']);
    Statistic::from_word(rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').next()?)
}

/// Requests and the failed ones among them, where one answer holds both and the command names the balancer: k of n requests.
fn answers(all: &[Series], command: Option<&CommandLine>) -> Vec<Attempt> {
    let total = |name: &dyn Fn(&str) -> bool| -> Option<f64> {
        let found: Vec<&Series> =
            all.iter().filter(|series| name(&series.metric) && series.statistic == Statistic::Sum).collect();
        (!found.is_empty()).then(|| found.iter().flat_map(|series| &series.samples).map(|sample| sample.value).sum())
    };
    let (Some(balancer), Some(requests), Some(failed)) = (
        balancer(command),
        total(&|name| name == "RequestCount"),
        total(&|name| name.starts_with("HTTPCode_") && name.contains("5XX")),
    ) else {
        return Vec::new();
    };
    let counted = |outcome: Outcome, count: f64| {
        // The cast cannot lose anything: the value lies between 1 and a thousand million.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (1.0..1e9).contains(&count).then(|| Attempt {
            to: Endpoint::named(balancer),
            protocol: Some("http".to_owned()),
            count: count as u32,
            ..Attempt::new(Stage::Exchange, outcome)
        })
    };
    [counted(Outcome::Http5xx, failed), counted(Outcome::Ok, requests - failed)].into_iter().flatten().collect()
}

/// Metrics of `AWS/ELB`, `AWS/ApplicationELB` and `AWS/NATGateway` that stay at zero where nothing is wrong.
fn counts_errors(label: &str) -> bool {
    label.contains("5XX")
        || label.starts_with("HTTPCode_ELB_5")
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

/// The zone that a command asks for: `--dimensions Name=AvailabilityZone,Value=us-east-1c`.
fn zone(command: Option<&CommandLine>) -> Option<&str> {
    command?.words().find_map(|word| word.strip_prefix("Name=AvailabilityZone,Value="))
}

/// The balancer that a command asks about: `Name=LoadBalancerName,Value=shop`, or `Name=LoadBalancer,Value=app/shop/50dc6c495c0c9188`.
fn balancer(command: Option<&CommandLine>) -> Option<&str> {
    command?.words().find_map(|word| {
        let (_, value) =
            word.split_once("Name=LoadBalancerName,Value=").or(word.split_once("Name=LoadBalancer,Value="))?;
        let value = value.split([',', '}', ']', ' ']).next()?;
        Some(value.split('/').nth(1).unwrap_or(value))
    })
}
