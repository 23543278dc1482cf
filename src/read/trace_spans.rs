//! Reads traces as JSON: Jaeger's API, OTLP, X-Ray, Zipkin. A span whose parent ran in another service is a request between the two.
//!
//! ```text
//! {"data": [{"spans": [{"spanID": "b", "references": [{"spanID": "a"}], "operationName": "GET /cart", "duration": 5001000, "processID": "p2", "tags": […]}],
//!   "processes": {"p1": {"serviceName": "web"}, "p2": {"serviceName": "cart"}}}]}
//! {"resourceSpans": [{"resource": {"attributes": […]}, "scopeSpans": [{"spans": [{"spanId": "b", "parentSpanId": "a", "name": "GET", …}]}]}]}
//! ```
//!
//! Many calls make rates of each edge over time, as a metric would tell them. A call that has no span on its other side (a database, a queue) is told by its `peer.service`, `server.address` or `db.system`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json::{Document, documents_even_cut};
use super::request::Url;
use super::{Findings, Part, Reader, complaint};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Span, Stage, Times};
use crate::order;

mod jaeger;
mod otlp;
mod rates;
mod xray;
mod zipkin;

use rates::Call;

pub(super) const READER: Reader = Reader { kind: "trace", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let otlp = part.any(|text| text.contains("\"resourceSpans\""));
    let jaeger = part.any(|text| text.contains("\"operationName\"")) && part.any(|text| text.contains("\"processes\""));
    // X-Ray's segments come as JSON inside of a string, where every quote has a backslash before it.
    let xray = part.any(|text| text.contains("\"trace_id\"") || text.contains("\\\"trace_id\\\""))
        && part.any(|text| text.contains("start_time"));
    let zipkin = part.any(|text| text.contains("\"localEndpoint\"")) && part.any(|text| text.contains("\"traceId\""));
    // Spans that somebody copied out of the middle of a trace.
    let spans = part.any(|text| text.trim_start().starts_with("\"spanI"))
        && part.any(|text| text.contains("\"operationName\"") || text.contains("\"startTimeUnixNano\""));
    match () {
        () if otlp || jaeger || xray || zipkin => 0.98,
        () if spans => 0.9,
        () => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut calls = Vec::new();
    let mut told: Option<Lines> = None;
    for document in documents_even_cut(part) {
        let Some(answer) = document.parse() else { continue };
        let spans = jaeger::spans(&answer)
            .or_else(|| otlp::spans(&answer))
            .or_else(|| xray::spans(&answer))
            .or_else(|| zipkin::spans(&answer))
            .unwrap_or_default();
        if !spans.is_empty() {
            (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
            // A span tells something by itself; who counts calls must have seen all of them.
            let mut counted = Vec::new();
            tell(&document, &spans, &mut counted, findings);
            if !document.is_whole() {
                continue;
            }
            calls.append(&mut counted);
            told = Some(Lines::new(told.map_or(document.lines.first, |lines| lines.first), document.lines.last));
        }
    }
    if let Some(lines) = told {
        rates::rates(&calls).into_iter().for_each(|series| findings.fact(lines, Claim::Series(series)));
    }
}

/// The tag that holds what a span says of its failure.
const REASON: &str = "status.message";

/// One span of either format.
struct Entry {
    span: Span,
    /// Seconds since 1970.
    start: Option<f64>,
    /// Attributes by name; of OpenTelemetry's and OpenTracing's conventions only a few are looked at.
    tags: BTreeMap<String, String>,
}

impl Entry {
    fn tag(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.tags.get(*name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn status(&self) -> Option<u16> {
        let status = self.tag(&["http.response.status_code", "http.status_code"])?.parse().ok()?;
        (100..600).contains(&status).then_some(status)
    }

    /// A failed span without a status: at most its own words tell how far it came.
    fn outcome(&self) -> Outcome {
        let said = self.tag(&[REASON]).filter(|_| self.span.failed).and_then(complaint::outcome);
        match self.status() {
            Some(status) => Outcome::of_status(status),
            None if self.span.failed => said.unwrap_or(Outcome::Unserved),
            None => Outcome::Ok,
        }
    }

    /// The same as one call among many.
    fn call(&self, from: Option<&str>, to: &str) -> Option<Call> {
        let failed = self.status().map_or(self.span.failed, |status| status >= 500);
        let (from, to) = (from.map(str::to_owned), to.to_owned());
        Some(Call { from, to, at: self.start?, seconds: self.span.seconds, failed })
    }
}

/// A tag's value as text: a string, a number or a truth.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Where a span names what it calls; a leaf that calls something which sends no spans of its own is told by it.
const PEERS: [&str; 5] = ["peer.service", "server.address", "net.peer.name", "db.system", "db.system.name"];

fn tell(document: &Document, entries: &[Entry], calls: &mut Vec<Call>, findings: &mut Findings) {
    let by_id: BTreeMap<&str, &Span> = order::map(entries.iter().map(|entry| (entry.span.id.as_str(), &entry.span)));
    let called: BTreeSet<&str> = order::set(entries.iter().filter_map(|entry| entry.span.parent.as_deref()));
    for entry in entries {
        let lines = document.line_of(&entry.span.id);
        let span = Span { peer: entry.tag(&PEERS).map(str::to_owned), ..entry.span.clone() };
        let parent = span.parent.as_deref().and_then(|parent| by_id.get(parent));
        let caller = parent.filter(|parent| parent.service != span.service);
        let ends = match (caller, &span.peer) {
            (Some(caller), _) => Some((caller.service.as_str(), span.service.as_str())),
            (None, Some(peer)) if !called.contains(span.id.as_str()) && !span.waits_for_a_pool() => {
                Some((span.service.as_str(), peer.as_str()))
            }
            (None, _) => None,
        };
        calls.extend(ends.and_then(|(from, to)| entry.call(Some(from), to)));
        if caller.is_some() || parent.is_none() {
            calls.extend(entry.call(None, &span.service));
        }
        // "error" without a status may be anything but a success: what came at once may have been an answer that the caller did not like.
        let outcome = entry.outcome();
        if let Some((from, to)) = ends.filter(|_| outcome != Outcome::Unserved || span.seconds >= 1.0) {
            let attempt = Attempt {
                to: Endpoint::named(to),
                from: Endpoint::named(from),
                status: entry.status(),
                times: Times { total: Some(span.seconds), ..Times::default() },
                ..Attempt::new(Stage::Exchange, outcome)
            };
            findings.fact(lines, Claim::Attempt(attempt));
        } else if let (None, None, Some(status)) = (parent, &span.parent, entry.status()) {
            // Where the trace begins, somebody outside of it asked.
            let attempt = Attempt {
                to: Endpoint::named(&span.service),
                path: entry.tag(&["http.url"]).and_then(Url::parse).map(|url| url.path),
                status: Some(status),
                times: Times { total: Some(span.seconds), ..Times::default() },
                ..Attempt::new(Stage::Exchange, outcome)
            };
            findings.fact(lines, Claim::Attempt(attempt));
        }
        findings.fact(lines, Claim::Span(span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn calls_between_services_are_read_from_jaeger() {
        let text = "{\"data\": [{\"spans\": [{\"spanID\": \"a\", \"operationName\": \"GET /\", \"references\": [], \"duration\": 5024000, \"processID\": \"p1\", \"tags\": []},\n{\"spanID\": \"b\", \"references\": [{\"refType\": \"CHILD_OF\", \"spanID\": \"a\"}], \"operationName\": \"GET /cart\", \"duration\": 5001000, \"processID\": \"p2\", \"tags\": [{\"key\": \"http.status_code\", \"value\": 503}]},\n{\"spanID\": \"c\", \"references\": [{\"refType\": \"CHILD_OF\", \"spanID\": \"b\"}], \"operationName\": \"find\", \"duration\": 41000, \"processID\": \"p2\", \"tags\": [{\"key\": \"db.system\", \"value\": \"mongodb\"}]}],\n\"processes\": {\"p1\": {\"serviceName\": \"web\"}, \"p2\": {\"serviceName\": \"cart\"}}}]}";
        assert_eq!(
            told(READER, text),
            [
                "GET / of web took 5.0 s",
                "the request to cart was answered 503, after 5.0 s",
                "GET /cart of cart took 5.0 s",
                "the request to mongodb worked",
                "find of cart took 41 ms",
            ]
        );
    }

    #[test]
    fn calls_between_services_are_read_from_otlp() {
        let text = "{\"resourceSpans\": [{\"resource\": {\"attributes\": [{\"key\": \"service.name\", \"value\": {\"stringValue\": \"web\"}}]}, \"scopeSpans\": [{\"spans\": [{\"traceId\": \"t\", \"spanId\": \"a\", \"name\": \"GET /\", \"startTimeUnixNano\": \"1000000000\", \"endTimeUnixNano\": \"2000000000\"}]}]},\n{\"resource\": {\"attributes\": [{\"key\": \"service.name\", \"value\": {\"stringValue\": \"cart\"}}]}, \"scopeSpans\": [{\"spans\": [{\"traceId\": \"t\", \"spanId\": \"b\", \"name\": \"GET /cart\", \"parentSpanId\": \"a\", \"startTimeUnixNano\": \"1000000000\", \"endTimeUnixNano\": \"1500000000\", \"attributes\": [{\"key\": \"http.response.status_code\", \"value\": {\"intValue\": \"500\"}}], \"status\": {\"code\": 2}}]}]}]}";
        assert_eq!(
            told(READER, text),
            [
                "GET / of web took 1.0 s",
                "the request to cart was answered 500, after 0.5 s",
                "GET /cart of cart took 500 ms and failed",
            ]
        );
    }

    #[test]
    fn many_calls_are_rates_of_the_service_and_of_each_edge() {
        let span = |minute: u32, number: u32| {
            let start = (u64::from(minute) * 60 + u64::from(number)) * 1_000_000;
            let (id, failed) = (minute * 100 + number, minute == 1 && number < 3);
            format!(
                r#"{{"traceId":"t{id}","id":"a{id}","kind":"SERVER","name":"get /","timestamp":{start},"duration":200000,"localEndpoint":{{"serviceName":"web"}}}},
{{"traceId":"t{id}","parentId":"a{id}","id":"b{id}","kind":"CLIENT","name":"query","timestamp":{start},"duration":100000,"localEndpoint":{{"serviceName":"web"}},"remoteEndpoint":{{"serviceName":"mysql"}},"tags":{{{}}}}}"#,
                if failed { r#""error":"timeout""# } else { "" }
            )
        };
        let spans: Vec<String> = (0..8).flat_map(|minute| (0..6).map(move |number| span(minute, number))).collect();
        let told = told(READER, &format!("[{}]", spans.join(",\n")));
        let series: Vec<&str> = told.iter().filter(|says| says.contains("data points")).map(String::as_str).collect();
        assert_eq!(
            series,
            [
                "requests of web: 8 data points, sum 6 to 6, one per 60 s",
                "failed requests of web: 8 data points, sum 0 to 0, one per 60 s",
                "seconds of all requests of web: 8 data points, sum 1.2 to 1.2, one per 60 s",
                "requests of mysql web: 8 data points, sum 6 to 6, one per 60 s",
                "failed requests of mysql web: 8 data points, sum 0 to 3, one per 60 s",
                "seconds of all requests of mysql web: 8 data points, sum 0.6 to 0.6, one per 60 s",
            ]
        );
    }

    #[test]
    fn calls_between_services_are_read_from_zipkin() {
        let text = r#"[{"traceId":"t","id":"a","kind":"SERVER","name":"get /","duration":5024000,"localEndpoint":{"serviceName":"web"}},
{"traceId":"t","parentId":"a","id":"b","kind":"CLIENT","name":"query","duration":41000,"localEndpoint":{"serviceName":"web"},"remoteEndpoint":{"serviceName":"mysql"},"tags":{"error":"timeout"}}]"#;
        assert_eq!(told(READER, text), ["get / of web took 5.0 s", "query of web took 41 ms and failed"]);
    }

    #[test]
    fn calls_between_services_are_read_from_x_ray() {
        let segment = r#"{\"id\":\"a\",\"name\":\"web\",\"trace_id\":\"1-5f\",\"start_time\":10.0,\"end_time\":15.1,\"subsegments\":[{\"id\":\"b\",\"name\":\"cart.north.internal\",\"namespace\":\"remote\",\"start_time\":10.0,\"end_time\":15.0,\"fault\":true,\"http\":{\"response\":{\"status\":504}}}]}"#;
        let text = format!(
            "{{\"Traces\": [{{\"Id\": \"1-5f\", \"Segments\": [{{\"Id\": \"a\", \"Document\": \"{segment}\"}}]}}]}}"
        );
        assert_eq!(
            told(READER, &text),
            [
                "the request to cart.north.internal was answered 504, after 5.0 s",
                "cart.north.internal of web took 5.0 s and failed",
                "web of web took 5.1 s",
            ]
        );
    }
}
