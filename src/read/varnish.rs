//! Reads Varnish: its log grouped by request, and the list of its backends.
//!
//! ```text
//! *   << Request  >> 5
//! -   RespStatus     503
//! **  << BeReq    >> 6
//! --  FetchError     backend old: fail errno 111 (Connection refused)
//! --  BackendOpen    24 shop 127.0.0.1 9098 127.0.0.1 32806 connect
//! boot.gone      probe      0/8      sick       Sat, 28 Nov 2026 22:25:24 GMT
//! ```

use super::errno::of_reason;
use super::observable::SERVER_CHECK;
use super::pick::between;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, Times};

pub(super) const LOG: Reader = Reader {
    kind: "varnishlog",
    most: 0.97,
    recognize: |part| if part.any(|text| opening(text).is_some()) { 0.97 } else { 0.0 },
    read: read_log,
};

pub(super) const BACKENDS: Reader = Reader {
    kind: "varnishadm",
    most: 0.97,
    recognize: |part| if part.any(is_head) { 0.97 } else { 0.0 },
    read: read_backends,
};

/// What a record is of, as its first line says: `**  << BeReq    >> 6`.
fn opening(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('*')?.trim_start_matches(['*', ' ']).strip_prefix("<< ")?;
    rest.contains(" >> ").then(|| rest.split(' ').next()).flatten()
}

/// One record while its lines are coming.
#[derive(Default)]
struct Record<'a> {
    first: u32,
    last: u32,
    of_backend: bool,
    to: Endpoint,
    host: Option<&'a str>,
    path: Option<&'a str>,
    status: Option<u16>,
    seconds: Option<f64>,
    /// What Varnish says of a backend that did not answer; the status is its own then.
    failure: Option<&'a str>,
}

fn read_log(part: &Part, findings: &mut Findings) {
    let mut record: Option<Record> = None;
    for line in &part.lines {
        if let Some(of) = opening(&line.text) {
            record.take().into_iter().for_each(|record| record.tell(findings));
            let of_backend = of == "BeReq";
            record = Some(Record { first: line.number, of_backend, ..Record::default() });
        } else if !line.text.starts_with('-') {
            continue;
        }
        findings.noise(line.number);
        if let Some(record) = &mut record {
            record.last = line.number;
            record.line(line.text.trim_start_matches('-').trim());
        }
    }
    record.into_iter().for_each(|record| record.tell(findings));
}

impl<'a> Record<'a> {
    fn line(&mut self, text: &'a str) {
        let Some((tag, value)) = text.split_once(' ') else { return };
        let value = value.trim_start();
        let mut words = value.split(' ');
        match tag {
            "ReqURL" | "BereqURL" => self.path = value.split('?').next(),
            "ReqHeader" | "BereqHeader" => self.host = self.host.or(value.strip_prefix("Host: ")),
            "RespStatus" | "BerespStatus" => self.status = value.parse().ok(),
            "FetchError" => self.failure = self.failure.or(Some(value)),
            "Timestamp" if value.starts_with("Resp:") || value.starts_with("Beresp:") => {
                self.seconds = words.nth(2).and_then(|seconds| seconds.parse().ok());
            }
            "BackendOpen" => {
                let name = words.nth(1).map(str::to_owned);
                let address = words.next().and_then(|address| address.parse().ok());
                let port = words.next().and_then(|port| port.parse().ok());
                self.to = Endpoint { name, address, port, host: None };
            }
            _ => {}
        }
    }

    fn tell(self, findings: &mut Findings) {
        let at = Lines::new(self.first, self.last);
        let mut to = if self.of_backend { self.to } else { Endpoint::self_of_log(self.host) };
        let outcome = match self.failure {
            Some(failure) => {
                if let Some(name) = between(failure, "backend ", ":") {
                    to = Endpoint::named(name);
                }
                if failure.ends_with(": unhealthy") {
                    findings.state(at, SERVER_CHECK, "down_other", to, "unhealthy");
                    return;
                }
                match failure {
                    "first byte timeout" => Some(Outcome::Hang),
                    "between bytes timeout" => Some(Outcome::Truncated),
                    _ => between(failure, "(", ")").and_then(of_reason),
                }
            }
            None => self.status.map(Outcome::of_status),
        };
        let Some(outcome) = outcome.filter(|_| !to.is_empty()) else { return };
        let attempt = Attempt {
            to,
            protocol: Some("http".to_owned()),
            path: self.path.map(str::to_owned),
            status: self.status.filter(|_| self.failure.is_none()),
            times: Times { total: self.seconds, ..Times::default() },
            ..Attempt::new(Stage::Exchange, outcome)
        };
        findings.fact(at, Claim::Attempt(attempt));
    }
}

fn is_head(text: &str) -> bool {
    text.starts_with("Backend name ") && text.contains(" Admin ") && text.contains(" Probe ")
}

fn read_backends(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if is_head(&line.text) {
            findings.noise(line.number);
        } else if let [name, admin, probe, health, ..] = words.as_slice()
            && let Some((_, name)) = name.split_once('.')
        {
            let value = match (*admin, *health) {
                ("sick", _) => "maintenance",
                // Without probes it is only taken to be well.
                (_, "healthy") if *probe != "0/0" => "up",
                (_, "sick") => "down_other",
                _ => continue,
            };
            let detail = format!("{probe} of its probes were good");
            findings.state(Lines::one(line.number), SERVER_CHECK, value, Endpoint::named(name), detail);
        }
    }
}
