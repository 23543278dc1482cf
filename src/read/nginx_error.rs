//! Reads nginx's error log.
//!
//! ```text
//! 2026/11/21 01:52:45 [error] 24992#24992: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.70.1.9, server: , request: "GET /profile/1881 HTTP/1.1", upstream: "http://10.70.3.31:9000/profile/1881", host: "www.lumen.example"
//! 2026/11/21 01:53:49 [error] 30830#30830: *1 client intended to send too large body: 4000000 bytes, client: 10.103.1.5, server: , request: "POST /photos HTTP/1.1", host: "upload.shop.example"
//! ```
//!
//! The wordings are those of `ngx_event_connect.c`, `ngx_http_upstream.c` and `ngx_http_request.c`.

use super::log_line::LogLine;
use super::observable::{BACKEND_SERVERS, CERTIFICATE_DATES, COMPLAINT, DISK, PROCESS, PROXY_REASON};
use super::pick::{between, word_after};
use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, Stage};

mod messages;

use messages::{reason, upstream_failure};

pub(super) const READER: Reader = Reader { kind: "nginx", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any_message(is_entry) { 0.97 } else { 0.0 }
}

/// Whether nginx wrote this line to its error log.
pub(super) fn is_entry(text: &str) -> bool {
    Entry::parse(text).is_some()
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let log = LogLine::parse(&line.text);
        let Some(entry) = Entry::parse(log.message) else { continue };
        let at = Lines::one(line.number);
        let mut understood = matches!(entry.level, "notice" | "info" | "debug" | "warn");
        if let Some(attempt) = entry.upstream_attempt(log.origin()) {
            findings.fact(at, Claim::Attempt(attempt));
            understood = true;
        }
        if let Some(lookup) = entry.lookup() {
            findings.fact(at, Claim::Lookup(lookup));
            understood = true;
        }
        if let Some(attempt) = entry.client_handshake() {
            findings.fact(at, Claim::Attempt(attempt));
            understood = true;
        }
        if entry.said.starts_with("connect() to unix:") && entry.said.contains("(2: No such file or directory)") {
            findings.state(at, PROXY_REASON, "upstream_missing", Endpoint::default(), entry.phrase());
            understood = true;
        }
        if let Some(value) = reason(entry.said) {
            findings.state(at, PROXY_REASON, value, Endpoint::default(), entry.phrase());
            understood = true;
        }
        if entry.said.contains("no live upstreams") {
            let name = entry.field("upstream").and_then(|url| Upstream::parse(url).to.host);
            let of = Endpoint { name, ..Endpoint::default() };
            findings.state(at, BACKEND_SERVERS, "none_up", of, entry.phrase());
        }
        // A short write is the last one that a full volume takes.
        let short = entry.level == "crit" && entry.said.contains(" has written only ");
        if short || entry.said.contains("(28: No space left on device)") {
            let detail = if short { entry.phrase() } else { "No space left on device".to_owned() };
            findings.state(at, DISK, "full", Endpoint::default(), detail);
            understood = true;
        }
        if let Some((_, rest)) = entry.said.split_once("client SSL certificate verify error: (") {
            let client = entry.field("client").and_then(|address| address.parse().ok());
            let of = Endpoint { address: client, ..Endpoint::default() };
            match rest.split_once(':').map(|(number, _)| number) {
                Some("10") => findings.state(at, CERTIFICATE_DATES, "expired", of, "the client's certificate"),
                Some("9") => findings.state(at, CERTIFICATE_DATES, "not_yet_valid", of, "the client's certificate"),
                _ => findings.state(at, COMPLAINT, "failed", Endpoint::default(), entry.phrase()),
            }
            understood = true;
        }
        if !understood
            && matches!(entry.level, "emerg" | "alert" | "crit")
            && !entry.said.contains(" exited on signal ")
        {
            findings.state(at, COMPLAINT, "failed", Endpoint::default(), entry.phrase());
            understood = true;
        }
        if entry.level == "alert" && entry.said.contains(" exited on signal ") {
            findings.state(at, PROCESS, "crashed", Endpoint::default(), entry.phrase());
            understood = true;
        }
        if understood {
            findings.noise(line.number);
        }
    }
}

/// One line of the log: its level, the message, and the fields behind it.
struct Entry<'a> {
    level: &'a str,
    said: &'a str,
    fields: &'a str,
}

impl<'a> Entry<'a> {
    /// Splits `2026/11/21 01:52:45 [error] 24992#24992: *1 message, client: …`.
    fn parse(text: &'a str) -> Option<Entry<'a>> {
        let (stamp, rest) = text.split_once(" [")?;
        let dated = stamp.len() == 19 && stamp.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b':' | b' '));
        let (level, rest) = rest.split_once("] ")?;
        let known =
            matches!(level, "debug" | "info" | "notice" | "warn" | "error" | "crit" | "alert" | "emerg") && dated;
        let (process, rest) = rest.split_once(": ")?;
        if !known || !process.contains('#') {
            return None;
        }
        let rest = match rest.strip_prefix('*').and_then(|rest| rest.split_once(' ')) {
            Some((_, rest)) => rest,
            None => rest,
        };
        let end = [", client: ", ", server: ", ", upstream: "].iter().filter_map(|mark| rest.find(mark)).min();
        let (said, fields) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        Some(Entry { level, said, fields })
    }

    /// `upstream` of `, upstream: "http://10.70.3.31:9000/", host: "x"`.
    fn field(&self, name: &str) -> Option<&'a str> {
        let (_, rest) = self.fields.split_once(&format!(", {name}: "))?;
        let value = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split(',').next(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The message without what the client sent.
    fn phrase(&self) -> String {
        self.said.split(": \"").next().unwrap_or(self.said).chars().take(160).collect()
    }

    /// The request that nginx made and lost.
    fn upstream_attempt(&self, from: Endpoint) -> Option<Attempt> {
        let (tests, outcome) = upstream_failure(self.said)?;
        let upstream = Upstream::parse(self.field("upstream")?);
        let (to, protocol) = (upstream.to, Some(upstream.protocol));
        Some(Attempt { to, from, protocol, path: upstream.path, ..Attempt::new(tests, outcome) })
    }

    /// `api.example could not be resolved (3: Host not found)`; the numbers are DNS response codes (`ngx_resolver.c`).
    fn lookup(&self) -> Option<Lookup> {
        if let Some((_, name)) = self.said.split_once("host not found in upstream \"") {
            let (name, _) = split_port(name.split('"').next()?);
            return Some(Lookup::new(name, Outcome::Unresolved));
        }
        let (name, why) = self.said.split_once(" could not be resolved (")?;
        let outcome = match why.split(':').next()? {
            "2" => Outcome::Servfail,
            "3" => Outcome::Nxdomain,
            "5" => Outcome::DnsRefused,
            "110" => Outcome::DnsTimeout,
            _ => Outcome::Unresolved,
        };
        Some(Lookup::new(name.rsplit(' ').next()?, outcome))
    }

    /// A TLS handshake that a client began and that failed.
    fn client_handshake(&self) -> Option<Attempt> {
        if !self.said.contains("while SSL handshaking") || self.said.contains("upstream") {
            return None;
        }
        let outcome = messages::handshake_failure(self.said)?;
        let from = Endpoint { address: self.field("client")?.parse().ok(), ..Endpoint::default() };
        Some(Attempt { to: Endpoint::self_of_log(None), from, ..Attempt::new(Stage::Tls, outcome) })
    }
}

/// Where nginx sent a request, from `http://10.70.3.31:9000/profile/1881`, `fastcgi://127.0.0.1:9000`, `http://unix:/run/app.sock:/x`.
struct Upstream {
    to: Endpoint,
    protocol: String,
    path: Option<String>,
}

impl Upstream {
    fn parse(url: &str) -> Upstream {
        let (protocol, rest) = url.split_once("://").unwrap_or(("tcp", url));
        if let Some(socket) = rest.strip_prefix("unix:") {
            let name = socket.split(':').next().map(str::to_owned);
            return Upstream {
                to: Endpoint { name, ..Endpoint::default() },
                protocol: protocol.to_owned(),
                path: between(rest, ":/", "?").map(|path| format!("/{path}")),
            };
        }
        let (authority, path) = rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
        let (host, port) = split_port(authority);
        let default = match protocol {
            "https" | "grpcs" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        // The name of an upstream group stands where a port would make it an address: "http://backend/".
        let to = endpoint(host, port.or(default));
        let path = path.and_then(|path| word_after(path, "").or(Some(""))).and_then(|path| path.split('?').next());
        Upstream { to, protocol: protocol.to_owned(), path: path.map(|path| format!("/{path}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_refused_upstream_is_an_attempt_and_a_reason() {
        let text = "2026/11/21 01:52:45 [error] 24992#24992: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.70.1.9, server: , request: \"GET /profile/1881?token=x HTTP/1.1\", upstream: \"http://10.70.3.31:9000/profile/1881?token=x\", host: \"www.lumen.example\"";
        assert_eq!(
            told(READER, text),
            [
                "the request to 10.70.3.31:9000 was refused",
                "proxy reason is upstream refused (connect() failed (111: Connection refused) while connecting to upstream)"
            ]
        );
    }

    #[test]
    fn an_upstream_that_cannot_be_one_is_a_setting_of_the_proxy() {
        let text = "2026/11/28 12:34:04 [error] 4125#4125: *1 invalid port in upstream \"10.112.9.4:8080cart\", client: 127.0.0.1, server: , request: \"GET /shop/cart HTTP/1.1\", host: \"127.0.0.1:18093\"\n\
                    2026/11/28 12:34:04 [error] 4125#4125: *2 no resolver defined to resolve orders.internal, client: 127.0.0.1, server: , request: \"GET /x/cart HTTP/1.1\", host: \"127.0.0.1:18093\"";
        assert_eq!(
            told(READER, text),
            [
                "proxy reason is upstream invalid (invalid port in upstream \"10.112.9.4:8080cart\")",
                "proxy reason is upstream invalid (no resolver defined to resolve orders.internal)",
            ]
        );
    }

    #[test]
    fn every_stage_of_an_upstream_request_can_fail() {
        let line = |said: &str| {
            format!(
                "2026/11/21 01:52:45 [error] 7#7: *1 {said}, client: 10.0.0.9, server: , request: \"GET / HTTP/1.1\", upstream: \"https://10.0.3.1:9000/\", host: \"a.example\""
            )
        };
        let cases = [
            ("upstream timed out (110: Connection timed out) while connecting to upstream", "connect_timeout"),
            ("upstream timed out (110: Connection timed out) while reading response header from upstream", "hang"),
            ("upstream prematurely closed connection while reading response header from upstream", "empty_reply"),
            ("upstream prematurely closed connection while reading upstream", "truncated"),
            ("recv() failed (104: Connection reset by peer) while reading response header from upstream", "reset"),
            (
                "connect() to 10.0.3.1:9000 failed (99: Cannot assign requested address) while connecting to upstream",
                "no_local_port",
            ),
            (
                "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream",
                "tls_expired",
            ),
            (
                "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream",
                "tls_plaintext",
            ),
        ];
        for (said, word) in cases {
            let text = line(said);
            let entry = Entry::parse(&text).unwrap();
            assert_eq!(entry.upstream_attempt(Endpoint::default()).unwrap().outcome.word(), word, "{said}");
        }
    }
}
