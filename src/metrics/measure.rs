//! What a metric counts, told from its name in the words that exporters, clouds and people use.
//!
//! ```text
//! http_request_duration_seconds_sum → seconds of all requests       HTTPCode_Target_5XX_Count → failed requests
//! requests → requests       p95_ms → seconds of one request, p95, given in milliseconds       availability → percent that worked
//! ```

use serde::{Deserialize, Serialize};

use super::{Statistic, Unit};

/// What the walk can use. Everything else on a dashboard is no measure here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Requests, whatever became of them.
    Requests,
    /// Requests that failed.
    Failed,
    /// Percent of requests that failed.
    FailedShare,
    /// Percent of requests that worked.
    WorkedShare,
    /// Seconds of one request.
    Seconds,
    /// Seconds of all requests together.
    TotalSeconds,
}

impl Measure {
    /// What it is called in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Requests => "requests",
            Measure::Failed => "failed requests",
            Measure::FailedShare => "percent failed",
            Measure::WorkedShare => "percent that worked",
            Measure::Seconds => "seconds of a request",
            Measure::TotalSeconds => "seconds of all requests",
        }
    }
}

/// A name that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub measure: Measure,
    pub unit: Unit,
    pub statistic: Statistic,
    /// What to multiply a number with, so that milliseconds become seconds and a ratio percent.
    pub factor: f64,
    /// The words that say nothing of this: usually what was measured.
    pub rest: String,
}

impl Named {
    /// Understands a column of a table or the title of a panel: `shop p95 (ms)`, `error %`, `requests Sum`.
    pub fn from_title(title: &str) -> Option<Named> {
        let percent = title.contains('%');
        let words = words(title);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if has(OTHER) {
            return None;
        }
        let share = percent || has(&["percent", "percentage", "pct", "ratio", "share"]);
        let stated = words.iter().find_map(|word| Statistic::from_word(word).filter(|_| !has_only_count(word)));
        let quantile = matches!(stated, Some(Statistic::Percentile(_)));
        let (measure, unit, factor) = if has(WORKED) && (share || has(&["availability", "rate"])) {
            (Measure::WorkedShare, Unit::Percent, ratio(has(&["ratio", "share"])))
        } else if has(FAILED) && share {
            (Measure::FailedShare, Unit::Percent, ratio(has(&["ratio", "share"])))
        } else if has(FAILED) {
            (Measure::Failed, rate(&words), 1.0)
        } else if has(SLOW) || quantile || (has(&["time"]) && has(&["response", "request"])) {
            let (unit, factor) = seconds(&words);
            (Measure::Seconds, unit, factor)
        } else if has(REQUESTS) {
            (Measure::Requests, rate(&words), 1.0)
        } else {
            return None;
        };
        let statistic = stated.unwrap_or(match measure {
            Measure::Requests | Measure::Failed if unit == Unit::Count => Statistic::Sum,
            Measure::Seconds => Statistic::Unknown,
            _ => Statistic::Average,
        });
        let rest = title.split(|c: char| c.is_whitespace() || "()[]/%,".contains(c));
        let rest: Vec<String> = rest.filter_map(beside).collect();
        Some(Named { measure, unit, statistic, factor, rest: rest.join(" ") })
    }
}

/// Names with one of these words count something else: pools, garbage, scrapes, bytes, the process itself.
pub(super) const OTHER: &[&str] = &[
    "hold",
    "held",
    "gc",
    "scrape",
    "scrapes",
    "process",
    "go",
    "python",
    "cpu",
    "memory",
    "bytes",
    "uptime",
    "downtime",
    "queue",
    "wait",
    "waiting",
    "waiters",
    "startup",
    "rule",
    "rules",
    "prober",
    "sd",
    "tsdb",
    "size",
    "conntrack",
    "limit",
    "max_requests",
    "in_flight",
    "inflight",
    "promhttp",
    "ttl",
    "lag",
];
const WORKED: &[&str] = &["availability", "success", "successes", "successful", "ok"];
pub(super) const FAILED: &[&str] = &[
    "error",
    "errors",
    "err",
    "errs",
    "failed",
    "fail",
    "fails",
    "failure",
    "failures",
    "fault",
    "faults",
    "5xx",
    "5xxs",
    "exceptions",
];
pub(super) const SLOW: &[&str] = &["latency", "latencies", "duration", "durations", "rt", "rtime", "ttime", "elapsed"];
pub(super) const REQUESTS: &[&str] = &[
    "requests",
    "request",
    "reqs",
    "req",
    "rps",
    "qps",
    "tps",
    "rpm",
    "hits",
    "calls",
    "invocations",
    "throughput",
    "responses",
    "queries",
    "transactions",
];
const UNITS: &[&str] = &[
    "ms",
    "s",
    "sec",
    "secs",
    "seconds",
    "second",
    "us",
    "milliseconds",
    "millis",
    "microseconds",
    "percent",
    "pct",
    "ratio",
    "rate",
    "per",
    "share",
    "count",
    "total",
    "number",
    "of",
    "time",
    "response",
    "percentage",
    "minute",
    "min",
];

/// What a word of a title says beside the measure. `shop_p95_ms` is of `shop`; `HTTPCode_ELB_5XX` is one name.
fn beside(token: &str) -> Option<String> {
    let known = |word: &str| {
        [WORKED, FAILED, SLOW, REQUESTS, UNITS].iter().any(|list| list.contains(&word))
            || Statistic::from_word(word).is_some()
    };
    let token = token.trim_matches(|c: char| "()[]/%:,".contains(c));
    let parts = words(token);
    let (measures, others): (Vec<&String>, Vec<&String>) = parts.iter().partition(|word| known(word));
    match (measures.is_empty(), others.is_empty()) {
        (_, true) => None,
        (true, _) => Some(token.to_owned()),
        _ if token.chars().any(char::is_uppercase) => None,
        _ => {
            let kept = token.split('_').filter(|part| !known(part)).collect::<Vec<_>>();
            Some(kept.join("_")).filter(|kept| !kept.is_empty())
        }
    }
}

fn has_only_count(word: &str) -> bool {
    matches!(word, "count" | "sum" | "total") && word != "sum"
}

fn ratio(is_ratio: bool) -> f64 {
    if is_ratio { 100.0 } else { 1.0 }
}

/// Counted, or counted per second.
fn rate(words: &[String]) -> Unit {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let per = has(&["rps", "qps", "tps"])
        || words.windows(2).any(|pair| matches!(pair, [a, b] if (a == "per" || a == "/") && is_second(b)));
    if per { Unit::PerSecond } else { Unit::Count }
}

fn is_second(word: &str) -> bool {
    matches!(word, "s" | "sec" | "second")
}

/// The unit of a time, and what makes seconds of it. A name without one says nothing.
pub(super) fn seconds(words: &[String]) -> (Unit, f64) {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["ms", "msec", "millis", "milliseconds", "millisecond"]) {
        (Unit::Seconds, 1e-3)
    } else if has(&["us", "usec", "micros", "microseconds", "µs"]) {
        (Unit::Seconds, 1e-6)
    } else if has(&["s", "sec", "secs", "seconds", "second"]) {
        (Unit::Seconds, 1.0)
    } else {
        (Unit::Unknown, 1.0)
    }
}

/// Lower-case words, also of `TargetResponseTime` and `p95_hold_ms`; a slash stands for "per".
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut lower = false;
    for c in name.chars() {
        if c == '/' {
            words.push("/".to_owned());
            open = false;
        } else if c.is_alphanumeric() || (c == '.' && open && words.last().is_some_and(|word| word.starts_with('p'))) {
            let begins = !open || (c.is_uppercase() && lower);
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
            open = true;
            lower = c.is_lowercase();
        } else {
            open = false;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> (Measure, Unit, Statistic, f64, String) {
        let named = Named::from_title(text).unwrap_or_else(|| panic!("{text} is not understood"));
        (named.measure, named.unit, named.statistic, named.factor, named.rest)
    }

    #[test]
    fn titles_of_columns_and_panels_are_understood() {
        let p95 = Statistic::percentile(95.0);
        assert_eq!(title("p95"), (Measure::Seconds, Unit::Unknown, p95, 1.0, String::new()));
        assert_eq!(title("shop p95 (ms)"), (Measure::Seconds, Unit::Seconds, p95, 1e-3, "shop".to_owned()));
        assert_eq!(title("rps"), (Measure::Requests, Unit::PerSecond, Statistic::Average, 1.0, String::new()));
        assert_eq!(
            title("checkout requests/s"),
            (Measure::Requests, Unit::PerSecond, Statistic::Average, 1.0, "checkout".to_owned())
        );
        assert_eq!(
            title("PetSite requests Sum"),
            (Measure::Requests, Unit::Count, Statistic::Sum, 1.0, "PetSite".to_owned())
        );
        assert_eq!(title("error %"), (Measure::FailedShare, Unit::Percent, Statistic::Average, 1.0, String::new()));
        assert_eq!(
            title("availability Average"),
            (Measure::WorkedShare, Unit::Percent, Statistic::Average, 1.0, String::new())
        );
        assert_eq!(title("error_ratio").3, 100.0);
        assert_eq!(title("HTTPCode_Target_5XX_Count").0, Measure::Failed);
        assert_eq!(title("TargetResponseTime").0, Measure::Seconds);
        assert_eq!(title("shop_p95_ms").4, "shop");
        assert_eq!(title("HTTPCode_ELB_5XX").4, "");
        assert_eq!(title("PetSearch_AWS::ECS::Fargate requests").4, "PetSearch_AWS::ECS::Fargate");
        assert_eq!(title("max latency ms").2, Statistic::Maximum);
    }

    #[test]
    fn what_counts_something_else_is_left_out() {
        for text in ["cpu%", "in_use", "waiters", "p95_hold_ms", "host", "t", "connections"] {
            assert_eq!(Named::from_title(text), None, "{text}");
        }
        for text in ["go_gc_duration_seconds_sum", "process_cpu_seconds_total", "http_request_duration_seconds_bucket"]
        {
            assert_eq!(Named::from_series(text), None, "{text}");
        }
    }
}
