//! Reads HAR, the network log that browsers save: one request per entry.
//!
//! ```text
//! {"log": {"entries": [{"time": 5004.1, "request": {"url": "https://api.shop.example/v1/orders?t=…"}, "response": {"status": 504},
//!   "serverIPAddress": "203.0.113.10", "timings": {"dns": 1, "connect": 30, "ssl": 20, "wait": 4950}}]}}
//! ```
//!
//! Headers, cookies, bodies and query strings are not read. Format: HAR 1.2; `_error` is what Chromium adds.

use serde_json::Value;

use super::json::{below, documents_even_cut, list, number, text};
use super::request::Url;
use super::{Findings, Part, Reader};
use crate::fact::{Attempt, Claim, Lookup, Outcome, Stage, Times};

pub(super) const READER: Reader = Reader { kind: "har", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let log = part.any(|text| text.contains("\"log\""));
    let has = |name: &str| part.any(|text| text.contains(name));
    match () {
        () if log && has("\"entries\"") => 0.98,
        () if has("\"startedDateTime\"") && has("\"request\"") => 0.95,
        () => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    for document in documents_even_cut(part) {
        let Some(value) = document.parse() else { continue };
        let entries = match value.get("log") {
            Some(log) => list(log, "entries"),
            // One entry, cut out of its list.
            None => std::slice::from_ref(&value),
        };
        for entry in entries {
            if let Some(claim) = claim(entry) {
                (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
                let url = below(entry, "request", "url").as_str().unwrap_or_default();
                findings.fact(document.line_of(url), claim);
            }
        }
    }
}

fn claim(entry: &Value) -> Option<Claim> {
    let url = Url::parse(below(entry, "request", "url").as_str()?)?;
    let response = entry.get("response")?;
    let status = number(response, "status").filter(|status| *status >= 100.0).map(|status| status as u16);
    let errors = [text(response, "_error"), text(response, "_failureText"), text(response, "statusText")];
    let error = errors.into_iter().find(|error| !error.is_empty());
    let outcome = match status {
        Some(status) => Outcome::of_status(status),
        None => failure(error?)?,
    };
    if outcome.stage() == Stage::Resolve {
        return Some(Claim::Lookup(Lookup::new(&url.host, outcome)));
    }
    let mut to = url.endpoint();
    to.address = text(entry, "serverIPAddress").trim_matches(['[', ']']).parse().ok().or(to.address);
    Some(Claim::Attempt(Attempt {
        resolved: to.host.is_some(),
        to,
        protocol: Some(url.scheme),
        path: Some(url.path),
        status,
        times: times(entry),
        ..Attempt::new(Stage::Exchange, outcome)
    }))
}

/// In milliseconds, -1 where a part did not happen. TLS is counted within the connection.
fn times(entry: &Value) -> Times {
    let seconds = |part: &Value| part.as_f64().filter(|part| *part >= 0.0).map(|part| part / 1000.0);
    let resolved = seconds(below(entry, "timings", "dns"));
    let connected = seconds(below(entry, "timings", "connect")).map(|connect| connect + resolved.unwrap_or(0.0));
    let first_byte = seconds(below(entry, "timings", "wait")).map(|wait| wait + connected.or(resolved).unwrap_or(0.0));
    Times { resolved, connected, first_byte, total: entry.get("time").and_then(seconds), ..Times::default() }
}

/// Chromium's error names (`net_error_list.h`).
fn failure(error: &str) -> Option<Outcome> {
    let words = [
        ("ERR_CONNECTION_REFUSED", Outcome::Refused),
        ("ERR_CONNECTION_TIMED_OUT", Outcome::ConnectTimeout),
        ("ERR_ADDRESS_UNREACHABLE", Outcome::Unreachable),
        ("ERR_INTERNET_DISCONNECTED", Outcome::NoLocalRoute),
        ("ERR_NAME_NOT_RESOLVED", Outcome::Unresolved),
        ("ERR_CONNECTION_RESET", Outcome::Reset),
        ("ERR_EMPTY_RESPONSE", Outcome::EmptyReply),
        ("ERR_CONNECTION_CLOSED", Outcome::EmptyReply),
        ("ERR_CONTENT_LENGTH_MISMATCH", Outcome::Truncated),
        ("ERR_INCOMPLETE_CHUNKED_ENCODING", Outcome::Truncated),
        // Expired, or not yet valid.
        ("ERR_CERT_DATE_INVALID", Outcome::TlsFailed),
        ("ERR_CERT_COMMON_NAME_INVALID", Outcome::TlsWrongName),
        ("ERR_CERT_AUTHORITY_INVALID", Outcome::TlsUntrusted),
        ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", Outcome::TlsVersion),
        ("ERR_SSL_PROTOCOL_ERROR", Outcome::TlsPlaintext),
        ("ERR_TOO_MANY_REDIRECTS", Outcome::RedirectLoop),
        ("ERR_TIMED_OUT", Outcome::TimedOut),
        // BrowserMob's proxy.
        ("NO RESPONSE", Outcome::Unserved),
    ];
    words.into_iter().find(|(name, _)| error.contains(name)).map(|(_, outcome)| outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn answers_and_failures_of_a_browser_are_requests() {
        let text = "{\"log\": {\"version\": \"1.2\", \"entries\": [\n{\"time\": 5004.0, \"request\": {\"method\": \"GET\", \"url\": \"https://api.shop.example/v1/orders?token=x\"}, \"response\": {\"status\": 504}, \"serverIPAddress\": \"203.0.113.10\", \"timings\": {\"dns\": 1, \"connect\": 30, \"wait\": 4950}},\n{\"time\": 2.0, \"request\": {\"method\": \"GET\", \"url\": \"https://cdn.shop.example/a.js\"}, \"response\": {\"status\": 0, \"_error\": \"net::ERR_CONNECTION_REFUSED\"}}\n]}}";
        assert_eq!(
            told(READER, text),
            [
                "the request to 203.0.113.10:443 was answered 504, after 5.0 s",
                "the request to cdn.shop.example:443 was refused",
            ]
        );
    }
}
