//! Reads access logs of nginx, Apache and their kin: combined, with upstream fields, ingress-nginx, `key=value`, JSON, IIS, AWS.
//!
//! ```text
//! 10.0.0.9 - - [21/Nov/2026:01:52:45 +0000] "GET /profile/1881 HTTP/1.1" 502 157 "-" "curl/7.88.1"
//! 10.0.0.9 - - [21/Nov/2026:01:52:45 +0000] "GET /export HTTP/1.1" 504 167 "-" "curl/7.88.1" rt=60.001 uct=0.000 uht=- urt=60.001 ua="10.81.3.40:8080" us="504"
//! time=2026-11-21T01:52:45+00:00 remote_addr=10.0.0.9 method=GET uri=/items status=200 request_time=0.004 upstream_addr=10.0.3.1:80 upstream_status=200
//! ```
//!
//! Each line is a request that the log's own host received; where it names an upstream, also the request sent there.

use super::findings::length_of;
use super::log_line::LogLine;
use super::observable::PROXY_REASON;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, Times};

mod balancer;
mod fields;
mod plain;
mod upstream;
mod w3c;

use fields::Fields;

pub(super) const READER: Reader = Reader { kind: "access_log", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    let request = |message: &str| Request::parse(message).is_some() || plain::request(message).is_some();
    let other = |text: &str| {
        balancer::attempts(text).is_some() || w3c::columns(text).is_some() || balancer::is_network_entry(text)
    };
    if part.any_message(request) || part.any(other) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut columns = Vec::new();
    for line in &part.lines {
        let log = LogLine::parse(&line.text);
        let at = Lines::one(line.number);
        if let Some(names) = w3c::columns(&line.text) {
            columns = names;
        }
        if line.text.starts_with('#') || balancer::is_network_entry(&line.text) {
            findings.noise(line.number);
            continue;
        }
        let other = || balancer::attempts(&line.text).or_else(|| plain::request(log.message).map(|one| vec![one]));
        let Some(request) = Request::parse(log.message) else {
            let named = if columns.is_empty() { None } else { w3c::request(&columns, &line.text) };
            for attempt in named.map(|one| vec![one]).or_else(other).unwrap_or_default() {
                findings.fact(at, Claim::Attempt(Attempt { count: log.count, ..attempt }));
            }
            if let Some(attempt) = plain::forwarded(log.message) {
                findings.fact(at, Claim::Attempt(attempt));
            } else if log.message.contains(" TCP_DENIED") && log.message.contains("/403 ") {
                findings.state(at, PROXY_REASON, "forbidden_by_rule", Endpoint::default(), "TCP_DENIED of Squid");
            }
            continue;
        };
        findings.noise(line.number);
        if let Some(status) = request.status {
            let numbers = length_of(request.bytes());
            findings.measured(at, numbers, Claim::Attempt(Attempt { count: log.count, ..request.received(status) }));
        }
        if let Some((value, detail)) = request.reason() {
            findings.state(at, PROXY_REASON, value, Endpoint::default(), detail);
        }
        // Caddy says in the same record whom it called and how that failed.
        for claim in request.fields.get(&["msg"]).map(driver::said).unwrap_or_default() {
            findings.fact(at, claim);
        }
        for attempt in upstream::attempts(&request.fields, &log.origin()) {
            findings.fact(at, Claim::Attempt(Attempt { count: log.count, ..attempt }));
        }
    }
}

/// One line, whatever its format.
struct Request<'a> {
    client: Option<&'a str>,
    host: Option<&'a str>,
    /// `GET /x HTTP/1.1`, or whatever bytes came.
    line: &'a str,
    status: Option<u16>,
    /// Of the answer's body, where it stands in its own place.
    size: Option<&'a str>,
    fields: Fields<'a>,
}

impl<'a> Request<'a> {
    fn parse(text: &'a str) -> Option<Request<'a>> {
        Request::common(text).or_else(|| Request::key_value(text)).or_else(|| Request::json(text))
    }

    /// The common log format and what people append to it, also behind Apache's `%v:%p`.
    fn common(text: &'a str) -> Option<Request<'a>> {
        let (before, rest) = text.split_once('[')?;
        let (date, rest) = rest.split_once("] \"")?;
        // "21/Nov/2026:01:52:45 +0000", without zone and with a space in Python's servers: a date that no other log writes so.
        // nginx's $time_iso8601 between the same brackets; Envoy has nothing in front of its own.
        let iso = date.as_bytes().get(10) == Some(&b'T') && !before.trim().is_empty();
        let dated = date.len() >= 20 && (date.split('/').count() == 3 || iso) && date.split(':').count() >= 3;
        let mut words = before.split_whitespace();
        let first = words.next();
        let (host, client) = match words.next() {
            Some(client) if client != "-" && words.count() >= 2 => (first, Some(client)),
            _ => (None, first),
        };
        let (line, rest) = rest.split_once("\" ")?;
        let mut words = rest.split(' ');
        let status: u16 = words.next()?.trim_end_matches(',').parse().ok()?;
        let size = words.next();
        let sized = size.is_some_and(|size| size == "-" || size.bytes().all(|b| b.is_ascii_digit()));
        let valid = dated && (sized || line.contains(" HTTP/")) && (status == 0 || (100..600).contains(&status));
        let host = host.map(|host| host.split(':').next().unwrap_or(host));
        let fields = Fields::behind_combined(rest);
        valid.then(|| Request {
            client,
            host: fields.get(&["host", "vhost"]).or(host),
            line,
            // nginx writes 000 for a client that left before it was answered.
            status: Some(status).filter(|status| *status > 0),
            size,
            fields,
        })
    }

    /// `remote_addr=… request="GET / HTTP/1.1" status=502 …`, also Heroku's router.
    fn key_value(text: &'a str) -> Option<Request<'a>> {
        let fields = Fields::pairs(text);
        // Heroku's router has a code of its own beside the status: "at=error code=H12 … status=503".
        let status = ["status", "status_code", "code"]
            .iter()
            .find_map(|name| fields.get(&[name])?.parse().ok())
            .filter(|status| (100..600).contains(status))?;
        let known = fields.get(&["request", "uri", "request_uri", "path", "url"])?;
        // A line of an application's log may have a status and a path too; a method makes it a request.
        fields.get(&["method", "request_method", "request", "verb"])?;
        let client = fields.get(&["remote_addr", "client", "client_ip", "remote", "fwd", "clientip"]);
        let host = fields.get(&["host", "http_host", "vhost", "server_name"]);
        Some(Request { client, host, line: known, status: Some(status), size: None, fields })
    }

    /// One object for each request: nginx with `escape=json`, Caddy, Traefik, Cloudflare.
    fn json(text: &'a str) -> Option<Request<'a>> {
        // Caddy's console puts time, level, logger and message in front, with tabs between.
        let text = text.split_once("\thandled request\t").map_or(text, |(_, rest)| rest);
        let fields = Fields::json(text)?;
        // What curl writes of its own request has a status, a method and a URL, too.
        fields.get(&["time_namelookup"]).is_none().then_some(())?;
        let names = ["status", "status_code", "response_code", "DownstreamStatus", "EdgeResponseStatus", "http_status"];
        let status = fields.get(&names)?.parse().ok().filter(|status| *status == 0 || (100..600).contains(status))?;
        let names =
            ["request_uri", "uri", "path", "RequestPath", "ClientRequestURI", "request", "url", "http_path", "req"];
        let line = fields.get(&names)?;
        fields.get(&[
            "method",
            "request_method",
            "RequestMethod",
            "ClientRequestMethod",
            "request",
            "verb",
            "http_method",
            "req",
        ])?;
        let client = fields.get(&[
            "remote_addr",
            "remote_ip",
            "client_ip",
            "ClientHost",
            "ClientIP",
            "client",
            "x_forwarded_for",
        ]);
        let host =
            fields.get(&["host", "http_host", "server_name", "RequestHost", "ClientRequestHost", "authority", "vhost"]);
        Some(Request { client, host, line, status: Some(status).filter(|status| *status > 0), size: None, fields })
    }

    fn path(&self) -> Option<String> {
        let target = self.line.split(' ').find(|word| word.starts_with('/'))?;
        Some(target.split('?').next().unwrap_or(target).to_owned())
    }

    /// How many bytes of a body answered a request for one.
    fn bytes(&self) -> Option<f64> {
        self.line.starts_with("GET ").then_some(())?;
        self.size.or_else(|| self.fields.get(&["size", "body_bytes_sent"]))?.parse().ok()
    }

    fn received(&self, status: u16) -> Attempt {
        let from = Endpoint { address: self.client.and_then(|client| client.parse().ok()), ..Endpoint::default() };
        let total =
            self.fields.seconds(&["rt", "request_time", "duration", "time", "service", "responseTime", "req_s"]);
        Attempt {
            to: Endpoint::self_of_log(self.host),
            from,
            path: self.path(),
            protocol: Some("http".to_owned()),
            status: Some(status),
            times: Times { total, ..Times::default() },
            ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
        }
    }

    /// What a status or a request line tells of its reason.
    fn reason(&self) -> Option<(&'static str, &'static str)> {
        match self.status {
            // nginx writes 499 where the client closed the connection before the answer.
            Some(499) => Some(("client_left", "status 499")),
            Some(400) if self.line.starts_with("PROXY TCP") => {
                Some(("proxy_protocol", "a PROXY protocol header as request"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_combined_line_is_a_request_received() {
        let text = "10.0.0.9 - - [21/Nov/2026:01:52:45 +0000] \"GET /profile/1881?token=abc HTTP/1.1\" 502 157 \"-\" \"curl/7.88.1\"";
        let mut findings = Findings::default();
        read(&Part::new(None, crate::clean::clean(text)), &mut findings);
        let Claim::Attempt(attempt) = &findings.facts[0].claim else { panic!("no attempt") };
        assert_eq!((attempt.path.as_deref(), attempt.status), (Some("/profile/1881"), Some(502)));
        assert_eq!(attempt.from.address, Some("10.0.0.9".parse().unwrap()));
    }

    #[test]
    fn each_upstream_that_was_tried_is_a_request_of_its_own() {
        let text = "10.0.0.9 - - [21/Nov/2026:01:52:45 +0000] \"GET /export HTTP/1.1\" 200 167 \"-\" \"curl\" rt=5.1 uct=\"-, 0.001\" uht=\"-, 0.1\" urt=\"5.000, 0.1\" ua=\"10.81.3.40:8080, 10.81.3.41:8080\" us=\"504, 200\"";
        assert_eq!(
            told(READER, text),
            [
                "the request to self worked, after 5.1 s",
                "the request to 10.81.3.40:8080 was never answered: the connection timed out, after 5.0 s",
                "the request to 10.81.3.41:8080 worked",
            ]
        );
    }

    #[test]
    fn the_ingress_controller_names_its_pods() {
        let text = "10.1.0.4 - - [21/Nov/2026:01:52:45 +0000] \"GET /a HTTP/1.1\" 200 612 \"-\" \"curl\" 78 0.005 [default-web-80] [] 10.244.0.5:8080 612 0.004 200 7f9c";
        assert_eq!(told(READER, text), ["the request to self worked", "the request to 10.244.0.5:8080 worked"]);
    }
}
