//! Reads metrics in Prometheus' text format, for pools, their waiting users, and requests by status.
//!
//! ```text
//! http_server_requests_total{path="/a/1",status="503"} 13.0
//! db_pool_waiting_threads 12.0
//! db_pool_size 4.0
//! db_pool_checked_out 4.0
//! hikaricp_connections_active{pool="HikariPool-1"} 10.0
//! ```
//!
//! Counters run since the process started, so requests counted here may be old news.

use super::command_line::CommandLine;
use super::observable::{DB_CONNECTIONS, POOL_ERROR, POOL_IN_USE};
use super::request::Request;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "prometheus", recognize, read };

fn recognize(part: &Part) -> f64 {
    let (mut samples, mut others) = (0u32, 0u32);
    for line in part.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        match (Sample::parse(&line.text), is_comment(&line.text)) {
            (Some(sample), _) if sample.is_labeled_or_typical() => samples += 1,
            (Some(_), _) | (_, true) => {}
            _ => others += 1,
        }
    }
    if samples == 0 || others > samples {
        return 0.0;
    }
    if others == 0 { 0.97 } else { 0.8 }
}

fn read(part: &Part, findings: &mut Findings) {
    let of = scraped(part.command.as_ref());
    let mut pools: Vec<Pool> = Vec::new();
    let mut sessions = (None, None);
    for line in &part.lines {
        let Some(sample) = Sample::parse(&line.text) else {
            if is_comment(&line.text) {
                findings.noise(line.number);
            }
            continue;
        };
        findings.noise(line.number);
        if let Some(gauge) = Gauge::of(sample.name) {
            let label = sample.label("pool").or(sample.label("name")).unwrap_or_default();
            let prefix = format!("{}/{label}", gauge.family);
            match pools.iter_mut().find(|pool| pool.name == prefix) {
                Some(pool) => pool.note(&gauge, sample.value, line.number),
                None => {
                    let mut pool = Pool { name: prefix, ..Pool::default() };
                    pool.note(&gauge, sample.value, line.number);
                    pools.push(pool);
                }
            }
        }
        match sample.name {
            "pg_stat_database_numbackends" | "pg_stat_activity_count" => {
                let (sum, _) = sessions.0.unwrap_or((0.0, line.number));
                sessions.0 = Some((sum + sample.value, line.number));
            }
            "pg_settings_max_connections" => sessions.1 = Some(sample.value),
            _ => {}
        }
        if let Some(attempt) = requests(&sample, &of) {
            findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
        }
    }
    for pool in pools {
        pool.tell(&of, findings);
    }
    if let (Some((used, line)), Some(max)) = sessions {
        let value = if used + 3.0 >= max { "at_limit" } else { "below_limit" };
        findings.state(Lines::one(line), DB_CONNECTIONS, value, of, format!("{used} of {max}"));
    }
}

/// The process whose metrics these are: the host of the URL that was scraped.
fn scraped(command: Option<&CommandLine>) -> Endpoint {
    Request::of(command).to
}

fn is_comment(text: &str) -> bool {
    text.starts_with("# HELP ") || text.starts_with("# TYPE ") || text.trim() == "# EOF"
}

/// One line: a name, labels, a value.
struct Sample<'a> {
    name: &'a str,
    labels: &'a str,
    value: f64,
}

impl<'a> Sample<'a> {
    fn parse(text: &'a str) -> Option<Sample<'a>> {
        let text = text.trim();
        let (series, rest) = match text.rsplit_once('}') {
            Some((series, rest)) => (series, rest),
            None => text.split_once(' ')?,
        };
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        // A time in milliseconds may follow the value.
        let mut words = rest.split_whitespace();
        let value = words.next()?.parse().ok()?;
        let stamped = words.next().is_none_or(|stamp| stamp.parse::<i64>().is_ok());
        (named && stamped && words.next().is_none()).then_some(Sample { name, labels, value })
    }

    /// `name value` alone could be anything; labels, or an underscore in the name, make it a metric.
    fn is_labeled_or_typical(&self) -> bool {
        self.labels.contains("=\"") || self.name.matches('_').count() >= 2
    }

    fn label(&self, name: &str) -> Option<&'a str> {
        let (_, rest) = self.labels.split(',').find_map(|label| {
            let (key, value) = label.split_once('=')?;
            (key.trim() == name).then_some((key, value))
        })?;
        Some(rest.trim().trim_matches('"'))
    }
}

/// What one gauge of a pool counts.
enum Count {
    Used,
    Max,
    Waiting,
    Idle,
}

/// A gauge of a pool and the names that its siblings share.
struct Gauge<'a> {
    family: &'a str,
    count: Count,
}

impl<'a> Gauge<'a> {
    /// HikariCP, Go's `database/sql`, SQLAlchemy and their exporters, by the last words of the name.
    fn of(name: &'a str) -> Option<Gauge<'a>> {
        const ENDINGS: [(&str, Count); 16] = [
            ("_checked_out", Count::Used),
            ("_connections_active", Count::Used),
            ("_connections_in_use", Count::Used),
            ("_in_use_connections", Count::Used),
            ("_pool_in_use", Count::Used),
            ("_pool_active", Count::Used),
            ("_pool_size", Count::Max),
            ("_connections_max", Count::Max),
            ("_connections_max_open", Count::Max),
            ("_max_open_connections", Count::Max),
            ("_pool_max", Count::Max),
            ("_waiting_threads", Count::Waiting),
            ("_connections_pending", Count::Waiting),
            ("_pool_waiting", Count::Waiting),
            ("_connections_idle", Count::Idle),
            ("_pool_idle", Count::Idle),
        ];
        let (ending, count) = ENDINGS.into_iter().find(|(ending, _)| name.ends_with(ending))?;
        // "db_pool_size" and "db_pool_checked_out" are one family, however their endings are cut.
        let family = name.strip_suffix(ending)?.trim_end_matches("_pool");
        Some(Gauge { family, count })
    }
}

#[derive(Default)]
struct Pool {
    name: String,
    used: Option<f64>,
    max: Option<f64>,
    waiting: Option<f64>,
    lines: Option<(u32, u32)>,
}

impl Pool {
    fn note(&mut self, gauge: &Gauge, value: f64, number: u32) {
        match gauge.count {
            Count::Used => self.used = Some(value),
            Count::Max => self.max = Some(value),
            Count::Waiting => self.waiting = Some(value),
            Count::Idle => {}
        }
        let (first, last) = self.lines.unwrap_or((number, number));
        self.lines = Some((first.min(number), last.max(number)));
    }

    fn tell(&self, of: &Endpoint, findings: &mut Findings) {
        let Some((first, last)) = self.lines else { return };
        let at = Lines::new(first, last);
        if let (Some(used), Some(max)) = (self.used, self.max)
            && max > 0.0
        {
            let value = if used >= max { "full" } else { "partial" };
            let waiting = self.waiting.map(|waiting| format!(", {waiting} waiting")).unwrap_or_default();
            findings.state(at, POOL_IN_USE, value, of.clone(), format!("{used} of {max}{waiting}"));
        }
        if let Some(waiting) = self.waiting {
            let value = if waiting > 0.0 { "waiting" } else { "ok" };
            findings.state(at, POOL_ERROR, value, of.clone(), format!("{waiting} waiting"));
        }
    }
}

/// A counter of requests by status, as one request that stands for all of them.
fn requests(sample: &Sample, of: &Endpoint) -> Option<Attempt> {
    let counted =
        sample.name.contains("request") && (sample.name.ends_with("_total") || sample.name.ends_with("_count"));
    let status: u16 = sample.label("status").or(sample.label("code")).or(sample.label("http_status"))?.parse().ok()?;
    let valid = counted && (100..600).contains(&status) && (1.0..1e9).contains(&sample.value);
    // The cast cannot lose anything: the value lies between 1 and a thousand million.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = sample.value as u32;
    let path = sample.label("path").or(sample.label("uri")).or(sample.label("route")).or(sample.label("handler"));
    let to = if of.is_empty() { Endpoint::self_of_log(None) } else { of.clone() };
    valid.then(|| Attempt {
        to,
        path: path.map(str::to_owned),
        protocol: Some("http".to_owned()),
        status: Some(status),
        count,
        ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_pool_is_compared_with_its_size() {
        let text = "db_pool_waiting_threads 12.0\ndb_pool_size 4.0\ndb_pool_checked_out 4.0\nhttp_server_requests_total{path=\"/a/1\",status=\"503\"} 13.0";
        assert_eq!(
            told(READER, text),
            [
                "13 requests to self were answered 503",
                "pool in use is full (4 of 4, 12 waiting)",
                "pool error is waiting (12 waiting)",
            ]
        );
    }
}
