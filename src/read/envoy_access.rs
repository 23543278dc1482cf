//! Reads Envoy's and Istio's access log with its response flags.
//!
//! ```text
//! [2026-11-21T01:52:45.123Z] "GET /cart HTTP/1.1" 503 UF,URX - "-" 0 91 2 - "-" "curl/7.88.1" "5c9f" "cart.north.internal" "10.1.2.3:8080"
//! [2026-11-21T01:52:45.123Z] "GET /cart HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_failure} - "delayed_connect_error:_111" 0 91 2 - "-" "curl" "5c9f" "cart" "10.1.2.3:8080" outbound|80||cart.shop.svc.cluster.local - 10.1.9.9:80 10.1.5.5:41000 - default
//! ```
//!
//! Flags: Envoy's documentation, "Access logging", `%RESPONSE_FLAGS%`.

use super::log_line::LogLine;
use super::observable::{BACKEND_SERVERS, PROXY_REASON, TCP_CONNECT};
use super::pick::host_port;
use super::{Findings, Part, Reader, json, tls};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, Times};

pub(super) const READER: Reader = Reader { kind: "envoy", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any_message(|text| Entry::parse(text).is_some()) { 0.96 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let log = LogLine::parse(&line.text);
        let Some(entry) = Entry::parse(log.message) else { continue };
        let at = Lines::one(line.number);
        findings.noise(line.number);
        if entry.status > 0 {
            findings.fact(at, Claim::Attempt(entry.received()));
        }
        if let Some(attempt) = entry.sent(log.origin()) {
            findings.fact(at, Claim::Attempt(attempt));
        }
        if let Some(reason) = entry.reason() {
            findings.state(at, PROXY_REASON, reason, Endpoint::default(), format!("response flags {}", entry.flags));
        }
        if let Some(upstream) = entry.upstream.clone().filter(|_| entry.flagged("UF") && entry.reason().is_none()) {
            findings.state(at, TCP_CONNECT, "failed", upstream, "response flag UF");
        }
        if entry.flagged("UH") {
            findings.state(at, BACKEND_SERVERS, "none_up", entry.cluster(), "response flag UH");
        }
    }
}

/// One line in Envoy's default format, with or without Istio's additions.
struct Entry<'a> {
    path: Option<&'a str>,
    /// 0 where no answer was sent.
    status: u16,
    flags: &'a str,
    /// Why, in Envoy's words.
    details: String,
    milliseconds: Option<u32>,
    authority: Option<&'a str>,
    upstream: Option<Endpoint>,
    cluster: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn parse(text: &'a str) -> Option<Entry<'a>> {
        let text = text.trim_matches('`');
        if text.starts_with('{') {
            return Entry::json(text);
        }
        // A line whose time was cut off still has its flags.
        let cut = text.strip_prefix('"').filter(|_| text.contains("{") || text.contains("|"));
        let (time, rest) = match cut {
            Some(rest) => ("T", rest),
            None => text.strip_prefix('[')?.split_once("] \"")?,
        };
        let (request, rest) = rest.split_once("\" ")?;
        let (status, rest) = rest.split_once(' ')?;
        let (flags, rest) = rest.split_once(' ')?;
        let status: u16 = status.parse().ok()?;
        let known = time.contains('T') && flags.split(',').all(|flag| flag == "-" || is_flag(flag));
        if !known || (status != 0 && !(100..600).contains(&status)) {
            return None;
        }
        // Numbers stand unquoted: bytes received, bytes sent, duration. Istio puts three details before them.
        let words: Vec<&str> = split_quoted(rest);
        let numbers = words.iter().position(|word| word.bytes().all(|b| b.is_ascii_digit()) && !word.is_empty())?;
        let details = words.iter().take(numbers).filter(|word| **word != "-").copied().collect::<Vec<_>>().join(" ");
        let quoted: Vec<&str> = words.iter().skip(numbers + 4).copied().collect();
        let upstream = quoted.get(4).and_then(|host| host_port(host));
        Some(Entry {
            path: request.split(' ').nth(1),
            status,
            flags,
            details,
            milliseconds: words.get(numbers + 2).and_then(|duration| duration.parse().ok()),
            authority: quoted.get(3).copied().filter(|host| *host != "-"),
            upstream,
            cluster: quoted.get(5).copied().filter(|cluster| cluster.contains('|')),
        })
    }

    /// One object for each request, as Istio writes them: `{"response_flags":"UF,URX","upstream_host":"10.1.2.3:8080",…}`.
    fn json(text: &'a str) -> Option<Entry<'a>> {
        (text.contains("\"response_flags\"") || text.contains("\"responseFlags\"")).then_some(())?;
        let pairs = json::pairs(text);
        // "response_flags" or "responseFlags": the names are whatever the configuration calls them.
        let is = |key: &str, name: &str| {
            key.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase()).eq(name.bytes().filter(|b| *b != b'_'))
        };
        let upstream = || {
            let inside = json::pairs(text.split_once("\"upstream\":{")?.1);
            inside.into_iter().find(|(key, _)| *key == "host").and_then(|(_, host)| host_port(host))
        };
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| is(key, name))
                .map(|(_, value)| *value)
                .filter(|value| !matches!(*value, "" | "-" | "null"))
        };
        let said = ["response_code_details", "upstream_transport_failure_reason", "connection_termination_details"];
        Some(Entry {
            path: get("path").or_else(|| get("request_path")),
            status: get("response_code").unwrap_or("0").parse().ok()?,
            flags: get("response_flags").unwrap_or("-"),
            details: said.into_iter().filter_map(get).collect::<Vec<_>>().join(" "),
            milliseconds: get("duration").and_then(|duration| duration.parse().ok()),
            authority: get("authority"),
            upstream: get("upstream_host").and_then(host_port).or_else(upstream),
            cluster: get("upstream_cluster").filter(|cluster| cluster.contains('|')),
        })
    }

    fn flagged(&self, flag: &str) -> bool {
        self.flags.split(',').any(|known| known == flag)
    }

    fn path(&self) -> Option<String> {
        let target = self.path.filter(|target| target.starts_with('/'))?;
        Some(target.split('?').next().unwrap_or(target).to_owned())
    }

    /// `outbound|80||cart.shop.svc.cluster.local` names the service.
    fn cluster(&self) -> Endpoint {
        let name = self.cluster.and_then(|cluster| cluster.rsplit('|').next());
        name.or(self.authority).map(Endpoint::named).unwrap_or_default()
    }

    fn received(&self) -> Attempt {
        let total = self.milliseconds.map(|milliseconds| f64::from(milliseconds) / 1000.0);
        Attempt {
            to: Endpoint::self_of_log(self.authority),
            path: self.path(),
            protocol: Some("http".to_owned()),
            status: Some(self.status),
            times: Times { total, ..Times::default() },
            ..Attempt::new(Stage::Exchange, Outcome::of_status(self.status))
        }
    }

    /// The request to the upstream, as far as flags and details tell what became of it.
    fn sent(&self, from: Endpoint) -> Option<Attempt> {
        let to = self.upstream.clone()?;
        let says = |words: &str| self.details.contains(words);
        let (tests, outcome) = match () {
            () if self.flagged("UF") && (says("_111") || says("refused")) => (Stage::Connect, Outcome::Refused),
            () if self.flagged("UF") && (says("timeout") || says("_110")) => (Stage::Connect, Outcome::ConnectTimeout),
            () if self.flagged("UF") && says("_113") => (Stage::Connect, Outcome::Unreachable),
            () if self.flagged("UF") && (says("TLS_error") || says("CERTIFICATE")) => {
                // BoringSSL writes its reasons in capitals and with underscores.
                let said = self.details.replace('_', " ");
                (Stage::Tls, tls::outcome(&said).unwrap_or(Outcome::TlsFailed))
            }
            () if self.flagged("UF") => return None,
            () if self.flagged("UT") || self.flagged("SI") => (Stage::Exchange, Outcome::Hang),
            () if self.flagged("UC") => (Stage::Exchange, Outcome::EmptyReply),
            () if self.flagged("UR") => (Stage::Exchange, Outcome::Reset),
            () if self.flagged("UPE") => (Stage::Exchange, Outcome::Garbled),
            () if self.flags == "-" && self.status > 0 => (Stage::Exchange, Outcome::of_status(self.status)),
            () => return None,
        };
        let status = Some(self.status).filter(|_| self.flags == "-");
        Some(Attempt {
            to,
            from,
            path: self.path(),
            protocol: Some("http".to_owned()),
            status,
            ..Attempt::new(tests, outcome)
        })
    }

    fn reason(&self) -> Option<&'static str> {
        let says = |words: &str| self.details.contains(words);
        let reasons = [
            ("UH", "no_server"),
            ("NC", "no_route"),
            ("NR", "no_route"),
            ("UT", "upstream_timeout"),
            ("SI", "idle_timeout"),
            ("UC", "upstream_closed"),
            ("UR", "upstream_closed"),
            ("UO", "connections_exhausted"),
            ("DC", "client_left"),
            ("RL", "rate_limited"),
            ("RLSE", "rate_limited"),
        ];
        if self.flagged("UF") {
            return match () {
                () if says("_111") || says("refused") => Some("upstream_refused"),
                () if says("timeout") || says("_110") => Some("upstream_timeout"),
                () if says("TLS_error") || says("CERTIFICATE") => Some("upstream_tls"),
                () => None,
            };
        }
        // With a server's error nobody has decided: whoever was to decide could not be asked.
        if says("rbac_access_denied") || self.flagged("UAEX") && self.status < 500 {
            return Some("forbidden_by_rule");
        }
        reasons.into_iter().find(|(flag, _)| self.flagged(flag)).map(|(_, reason)| reason)
    }
}

fn is_flag(word: &str) -> bool {
    const FLAGS: [&str; 28] = [
        "UH", "UF", "UO", "NR", "URX", "NC", "DT", "DC", "LH", "UT", "LR", "UR", "UC", "DI", "FI", "RL", "UAEX",
        "RLSE", "IH", "SI", "DPE", "UPE", "UMSDR", "OM", "DF", "DO", "DR", "NFCF",
    ];
    FLAGS.contains(&word)
}

/// Words and quoted strings, the quotes off.
fn split_quoted(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn flags_and_details_tell_what_became_of_the_upstream() {
        let text = "[2026-11-21T01:52:45.123Z] \"GET /cart HTTP/1.1\" 503 UF upstream_reset_before_response_started{connection_failure} - \"delayed_connect_error:_111\" 0 91 2 - \"-\" \"curl\" \"5c9f\" \"cart\" \"10.1.2.3:8080\" outbound|80||cart.shop.svc.cluster.local - 10.1.9.9:80 10.1.5.5:41000 - default";
        assert_eq!(
            told(READER, text),
            [
                "the request to cart was answered 503",
                "the request to 10.1.2.3:8080 was refused",
                "proxy reason is upstream refused (response flags UF)",
            ]
        );
    }

    #[test]
    fn no_healthy_upstream_is_said_of_the_service() {
        let text = "[2026-11-21T01:52:45.123Z] \"GET /cart HTTP/1.1\" 503 UH no_healthy_upstream - \"-\" 0 19 0 - \"-\" \"curl\" \"5c9f\" \"cart\" \"-\" outbound|80||cart.shop.svc.cluster.local - 10.1.9.9:80 10.1.5.5:41000 - default";
        assert_eq!(
            told(READER, text)[1..],
            [
                "proxy reason is no server (response flags UH)",
                "backend servers is none up at cart.shop.svc.cluster.local (response flag UH)",
            ]
        );
    }
}
