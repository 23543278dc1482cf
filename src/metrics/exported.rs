//! What Prometheus' series and queries count, told from the endings of names and from what a query makes of them.
//!
//! ```text
//! http_request_duration_seconds_sum           → seconds of all requests, a counter
//! sum(rate(http_requests_total{code=~"5.."}[5m])) by (job) → failed requests per second
//! ```

use super::measure::{FAILED, Measure, Named, OTHER, REQUESTS, SLOW, seconds, words};
use super::{Statistic, Unit};

impl Named {
    /// Understands a series of Prometheus by its name: counters by their ending, averages by their unit.
    pub fn from_series(name: &str) -> Option<Named> {
        let words = words(name);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if has(OTHER) || name.ends_with("_bucket") || name.ends_with("_created") {
            return None;
        }
        let of = |measure, unit, statistic, factor| {
            Some(Named { measure, unit, statistic, factor, rest: family(name).to_owned() })
        };
        let timed = has(SLOW) || has(&["seconds", "milliseconds", "ms"]);
        let (_, factor) = seconds(&words);
        if timed && name.ends_with("_sum") {
            return of(Measure::TotalSeconds, Unit::Seconds, Statistic::Counter, factor);
        }
        if timed && name.ends_with("_count") {
            return of(Measure::Requests, Unit::Count, Statistic::Counter, 1.0);
        }
        if name.ends_with("_total") && has(FAILED) {
            return of(Measure::Failed, Unit::Count, Statistic::Counter, 1.0);
        }
        if name.ends_with("_total") && (has(REQUESTS) || has(&["handled"])) {
            return of(Measure::Requests, Unit::Count, Statistic::Counter, 1.0);
        }
        if has(SLOW) || (has(&["time"]) && has(&["response", "request", "total"])) {
            let stated = words.iter().find_map(|word| Statistic::from_word(word).filter(|s| *s != Statistic::Sum));
            return of(Measure::Seconds, Unit::Seconds, stated?, factor);
        }
        None
    }

    /// Understands a query of Prometheus: what it makes of which series.
    pub fn from_query(query: &str) -> Option<Named> {
        let of =
            |measure, unit, statistic, factor| Some(Named { measure, unit, statistic, factor, rest: String::new() });
        let names = || {
            query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').filter(|word| word.contains('_'))
        };
        let failed = ["=~\"5", "=\"5", "|5", "!~\"2", "!~\"[23"].iter().any(|mark| query.contains(mark));
        if let Some((_, rest)) = query.split_once("histogram_quantile(") {
            let quantile: f64 = rest.split(',').next()?.trim().parse().ok()?;
            let (_, factor) = names().map(|name| seconds(&words(name))).find(|(unit, _)| *unit == Unit::Seconds)?;
            return of(Measure::Seconds, Unit::Seconds, Statistic::percentile(quantile * 100.0), factor);
        }
        if query.contains('/') {
            let sum = names().find(|name| name.ends_with("_sum")).and_then(Named::from_series);
            return match sum {
                Some(sum) => of(Measure::Seconds, Unit::Seconds, Statistic::Average, sum.factor),
                None if failed => of(
                    Measure::FailedShare,
                    Unit::Percent,
                    Statistic::Average,
                    if query.contains("100") { 1.0 } else { 100.0 },
                ),
                None => None,
            };
        }
        let named = names().find_map(Named::from_series)?;
        let measure = if failed && named.measure == Measure::Requests { Measure::Failed } else { named.measure };
        match (query.contains("rate("), query.contains("increase(")) {
            (true, _) => of(measure, Unit::PerSecond, Statistic::Average, named.factor),
            (_, true) => of(measure, Unit::Count, Statistic::Sum, named.factor),
            _ => of(measure, named.unit, named.statistic, named.factor),
        }
    }
}

/// The part of a series' name that its siblings share: `http_request_duration_seconds` of `…_sum` and `…_count`.
pub fn family(name: &str) -> &str {
    ["_sum", "_count", "_total"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_its_answer_counts() {
        let of = |query: &str| Named::from_query(query).map(|named| (named.measure, named.unit, named.statistic));
        let p95 = Statistic::percentile(95.0);
        assert_eq!(
            of("histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))"),
            Some((Measure::Seconds, Unit::Seconds, p95))
        );
        assert_eq!(
            of("sum(rate(http_requests_total{code=~\"5..\"}[5m])) by (job)"),
            Some((Measure::Failed, Unit::PerSecond, Statistic::Average))
        );
        assert_eq!(
            of("sum(increase(http_requests_total[5m]))"),
            Some((Measure::Requests, Unit::Count, Statistic::Sum))
        );
        assert_eq!(of("up"), None);
    }

    #[test]
    fn series_are_understood_by_their_endings() {
        let of = |name: &str| Named::from_series(name).map(|named| (named.measure, named.statistic, named.rest));
        let family = "http_request_duration_seconds".to_owned();
        assert_eq!(
            of("http_request_duration_seconds_sum"),
            Some((Measure::TotalSeconds, Statistic::Counter, family.clone()))
        );
        assert_eq!(of("http_request_duration_seconds_count"), Some((Measure::Requests, Statistic::Counter, family)));
        assert_eq!(of("http_requests_total").map(|told| told.0), Some(Measure::Requests));
        assert_eq!(
            of("haproxy_server_response_time_average_seconds").map(|told| (told.0, told.1)),
            Some((Measure::Seconds, Statistic::Average))
        );
    }
}
