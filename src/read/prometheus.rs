//! Reads metrics in Prometheus' text format and its HTTP API's answers, for pools, their waiting users, and requests by status.
//!
//! ```text
//! http_server_requests_total{path="/a/1",status="503"} 13.0
//! db_pool_waiting_threads 12.0
//! db_pool_size 4.0
//! db_pool_checked_out 4.0
//! hikaricp_connections_active{pool="HikariPool-1"} 10.0
//! {"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"db_pool_size"},"value":[1795243920.535,"4"]}]}}
//! ```
//!
//! Counters run since the process started, so requests counted once may be old news. Where one text holds a counter twice, from two scrapes or
//! over a range of time, only what came in between counts, also where the scrapes stand in two blocks.

use super::command_line::CommandLine;
use super::observable::{DB_CONNECTIONS, POOL_ERROR, POOL_IN_USE, SERVER_CHECK};
use super::pick::host_port;
use super::request::Request;
use super::{Block, Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome, Stage};
use crate::metrics::Series;

mod api;
mod exposition;
mod measures;

pub(super) const READER: Reader = Reader { kind: "prometheus", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if api::is_answer(part) { 0.97 } else { exposition::recognize(part) }
}

/// Leaves of counters that one command line has printed several times what came in between.
pub(super) fn since(blocks: &mut [Block]) {
    // From the last one up: each is held against all that the one before it has counted.
    for at in (1..blocks.len()).rev() {
        let (above, below) = blocks.split_at_mut(at);
        let Some(now) = below.first_mut() else { continue };
        let Some(before) = above.iter().rposition(|one| is_of_one_command(one, now)) else { continue };
        let (earlier, above) = above.split_at_mut(before);
        let Some(then) = above.first_mut() else { continue };
        let is_first = !earlier.iter().any(|one| is_of_one_command(one, then));
        for counter in now.facts.iter_mut().filter_map(attempt) {
            let is_same = |one: &&mut Attempt| {
                (&one.path, one.status, one.outcome) == (&counter.path, counter.status, counter.outcome)
                    && (1..=counter.count).contains(&one.count)
            };
            if let Some(old) = then.facts.iter_mut().filter_map(attempt).find(is_same) {
                counter.count -= old.count;
                old.count *= u32::from(!is_first);
            }
        }
        then.facts.retain_mut(|fact| attempt(fact).is_none_or(|one| one.count > 0));
        now.facts.retain_mut(|fact| attempt(fact).is_none_or(|one| one.count > 0));
    }
}

/// Whether the same command printed both, the upper of which may hold commands before it that print nothing.
fn is_of_one_command(above: &Block, below: &Block) -> bool {
    let commands = above.command.as_ref().zip(below.command.as_ref());
    let repeated = commands.is_some_and(|(above, below)| above.contains(below.as_str()));
    repeated && [above, below].iter().all(|one| one.kind == READER.kind) && above.prompt_host == below.prompt_host
}

fn attempt(fact: &mut Fact) -> Option<&mut Attempt> {
    match &mut fact.claim {
        Claim::Attempt(attempt) => Some(attempt),
        Claim::Lookup(_) | Claim::State(_) | Claim::Span(_) | Claim::Series(_) => None,
    }
}

/// A series and the lines it stands on.
struct Told {
    series: Series,
    lines: Lines,
}

fn read(part: &Part, findings: &mut Findings) {
    let (all, of) = if api::is_answer(part) {
        (api::read(part, findings), Endpoint::default())
    } else {
        (exposition::read(part, findings), scraped(part.command.as_ref()))
    };
    let mut pools: Vec<Pool> = Vec::new();
    let mut sessions = (None, None);
    for Told { series, lines } in &all {
        let Some(value) = series.latest() else { continue };
        let of = measured(series, &of);
        if let Some(gauge) = Gauge::of(&series.metric) {
            let label = label(series, &["pool", "name"]).unwrap_or_default();
            let name = format!("{}/{label}", gauge.family);
            match pools.iter_mut().find(|pool| pool.name == name && pool.of == of) {
                Some(pool) => pool.note(&gauge, value, *lines),
                None => {
                    let mut pool = Pool { name, of: of.clone(), ..Pool::default() };
                    pool.note(&gauge, value, *lines);
                    pools.push(pool);
                }
            }
        }
        match series.metric.as_str() {
            "pg_stat_database_numbackends" | "pg_stat_activity_count" => {
                let (sum, _) = sessions.0.unwrap_or((0.0, *lines));
                sessions.0 = Some((sum + value, *lines));
            }
            "pg_settings_max_connections" => sessions.1 = Some(value),
            "haproxy_server_status" if value > 0.0 => {
                let state = label(series, &["state"]).unwrap_or_default();
                let found = match state {
                    "UP" => "up",
                    "DOWN" => "down_other",
                    "MAINT" => "maintenance",
                    _ => continue,
                };
                findings.state(*lines, SERVER_CHECK, found, of.clone(), state);
            }
            _ => {}
        }
        if let Some(attempt) = requests(series, &of) {
            findings.fact(*lines, Claim::Attempt(attempt));
        }
    }
    for pool in pools {
        pool.tell(findings);
    }
    let host = of.host.clone().or(of.address.map(|address| address.to_string()));
    for (series, lines) in measures::measures(&all, host, part.command.as_ref()) {
        findings.fact(lines, Claim::Series(series));
    }
    if let (Some((used, lines)), Some(max)) = sessions {
        let value = if used + 3.0 >= max { "at_limit" } else { "below_limit" };
        findings.state(lines, DB_CONNECTIONS, value, of, format!("{used} of {max}"));
    }
}

/// The process whose metrics these are: the host of the URL that was scraped.
fn scraped(command: Option<&CommandLine>) -> Endpoint {
    Request::of(command).to
}

/// What a series was measured on: Prometheus names it in `instance`. haproxy tells of itself on a port where it serves nobody, and of
/// its servers by name.
fn measured(series: &Series, scraped: &Endpoint) -> Endpoint {
    if series.metric.starts_with("haproxy_server_")
        && let (Some(proxy), Some(server)) = (label(series, &["proxy"]), label(series, &["server"]))
    {
        return Endpoint::named(format!("{proxy}/{server}"));
    }
    let instance = series.labels.get("instance").and_then(|instance| host_port(instance));
    // Without an address, what the monitoring calls it.
    if instance.is_none()
        && scraped.is_empty()
        && let Some(name) = label(series, &["service", "app", "job"])
    {
        return Endpoint::named(name);
    }
    let apart = instance.is_some() || series.metric.starts_with("haproxy_");
    let of = instance.unwrap_or_else(|| scraped.clone());
    if apart { Endpoint { port: None, ..of } } else { of }
}

fn label<'a>(series: &'a Series, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| series.labels.get(*name)).map(String::as_str)
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
    of: Endpoint,
    used: Option<f64>,
    max: Option<f64>,
    waiting: Option<f64>,
    lines: Option<Lines>,
}

impl Pool {
    fn note(&mut self, gauge: &Gauge, value: f64, lines: Lines) {
        match gauge.count {
            Count::Used => self.used = Some(value),
            Count::Max => self.max = Some(value),
            Count::Waiting => self.waiting = Some(value),
            Count::Idle => {}
        }
        let known = self.lines.unwrap_or(lines);
        self.lines = Some(Lines::new(known.first.min(lines.first), known.last.max(lines.last)));
    }

    fn tell(&self, findings: &mut Findings) {
        let Some(at) = self.lines else { return };
        if let (Some(used), Some(max)) = (self.used, self.max)
            && max > 0.0
        {
            let value = if used >= max { "full" } else { "partial" };
            let waiting = self.waiting.map(|waiting| format!(", {waiting} waiting")).unwrap_or_default();
            findings.state(at, POOL_IN_USE, value, self.of.clone(), format!("{used} of {max}{waiting}"));
        }
        if let Some(waiting) = self.waiting {
            let value = if waiting > 0.0 { "waiting" } else { "ok" };
            findings.state(at, POOL_ERROR, value, self.of.clone(), format!("{waiting} waiting"));
        }
    }
}

/// A counter of requests by status, as one request that stands for all of them.
fn requests(series: &Series, of: &Endpoint) -> Option<Attempt> {
    let name = &series.metric;
    // A backend of haproxy counts what its frontend counts already.
    let counted = (name.contains("request") || name.contains("_responses"))
        && !name.starts_with("haproxy_backend_")
        && (name.ends_with("_total") || name.ends_with("_count"));
    let code = label(series, &["status", "code", "http_status"])?;
    let status: Option<u16> = code.parse().ok().filter(|status| (100..600).contains(status));
    let outcome = match (status, code) {
        (Some(status), _) => Outcome::of_status(status),
        // haproxy counts by class.
        (None, "2xx") => Outcome::Ok,
        (None, "4xx") => Outcome::Http4xx,
        (None, "5xx") => Outcome::Http5xx,
        (None, _) => return None,
    };
    let value = series.increase().or(series.latest())?;
    let valid = counted && (1.0..1e9).contains(&value);
    // The cast cannot lose anything: the value lies between 1 and a thousand million.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = value as u32;
    let to = if of.is_empty() { Endpoint::self_of_log(None) } else { of.clone() };
    valid.then(|| Attempt {
        to,
        path: label(series, &["path", "uri", "route", "handler"]).map(str::to_owned),
        protocol: Some("http".to_owned()),
        status,
        count,
        ..Attempt::new(Stage::Exchange, outcome)
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
                "the pool says: waiting (12 waiting)",
                "requests: 1 data point, counter 13, period not said",
                "failed requests: 1 data point, counter 13, period not said",
            ]
        );
    }

    #[test]
    fn of_two_scrapes_only_what_came_in_between_counts() {
        let text = "http_requests_total{code=\"200\"} 900\nhttp_requests_total{code=\"503\"} 70\nhttp_requests_total{code=\"200\"} 940\nhttp_requests_total{code=\"503\"} 70";
        assert_eq!(
            told(READER, text),
            [
                "40 requests to self worked",
                "requests: 2 data points, counter 970 to 1010, period not said",
                "failed requests: 2 data points, counter 70 to 70, period not said",
            ]
        );
    }

    #[test]
    fn of_two_scrapes_in_two_blocks_only_what_came_in_between_counts() {
        let scrape = "curl -s http://10.1.0.2:8080/metrics | grep http_requests_total";
        let row = |code: u32, count: u32| format!("http_requests_total{{path=\"/a\",code=\"{code}\"}} {count}\n");
        let told = |text: &str, command: Option<&str>| -> Vec<String> {
            let facts = crate::read::read(text, command, None);
            let counted = facts.facts().filter(|fact| matches!(fact.claim, Claim::Attempt(_)));
            counted.map(|fact| fact.claim.to_string()).collect()
        };
        let [first, second, third] = [40, 46, 47].map(|ok| row(200, ok) + &row(503, 70));
        let chain =
            format!("{scrape}; for i in 1 2; do wget -q -O /dev/null http://10.1.0.2:8080/a; done; echo; {scrape}");
        let worked = |count: u32| format!("{count} requests to 10.1.0.2:8080 worked");
        assert_eq!(told(&format!("{first}\n{second}"), Some(&chain)), [worked(6)]);
        // Below three prompts; and of another host.
        let prompts = format!("$ {scrape}\n{first}$ {scrape}\n{second}$ {scrape}\n{third}");
        assert_eq!(told(&prompts, None), [worked(6), "the request to 10.1.0.2:8080 worked".to_owned()]);
        let other = scrape.replace("10.1.0.2", "10.1.0.3");
        assert_eq!(told(&format!("$ {scrape}\n{first}$ {other}\n{second}"), None).len(), 4);
    }
}
