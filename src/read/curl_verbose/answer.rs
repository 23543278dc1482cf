//! The head and body of one answer, while their lines are coming.

use crate::fact::{Answerer, Claim, Fact};
use crate::read::observable::PROXY_REASON;
use crate::read::request::Url;

/// Headers in which a pool's member names itself.
pub(in crate::read) const POOL_MEMBER: [&str; 7] =
    ["x-served-by", "x-backend", "x-backend-server", "x-upstream", "x-pod", "x-instance", "x-hostname"];

/// The answer while its headers and body are still coming.
pub(super) struct Answer {
    pub status: u16,
    pub first: u32,
    pub last: u32,
    pub answerer: Answerer,
    /// What other headers say, by line.
    pub told: Vec<(u32, Said)>,
    /// nginx's page for a client that showed no certificate.
    pub asks_for_certificate: bool,
    /// How long the body is said to be.
    pub bytes: Option<f64>,
}

impl Answer {
    pub(super) fn new(status: u16, number: u32) -> Answer {
        Answer {
            status,
            first: number,
            last: number,
            answerer: Answerer::default(),
            told: Vec::new(),
            asks_for_certificate: false,
            bytes: None,
        }
    }

    /// One header line; an empty one ends the head.
    pub(super) fn header(&mut self, number: u32, header: &str) {
        if header.is_empty() {
            return;
        }
        self.last = number;
        self.bytes = length(header).or(self.bytes);
        self.told.extend(told(header).map(|said| (number, said)));
        let value = |name: &str| header_value(header, name).map(str::to_owned);
        let answerer = &mut self.answerer;
        answerer.server = answerer.server.take().or(value("server"));
        answerer.via = answerer.via.take().or(value("via"));
        answerer.served_by = answerer.served_by.take().or_else(|| POOL_MEMBER.iter().find_map(|name| value(name)));
    }

    /// Where it sends the client.
    pub(super) fn led(&self) -> Option<&str> {
        let (_, said) = self.told.iter().find(|(_, said)| said.observable == "header.location")?;
        Some(&said.detail)
    }

    /// One line of the body; only a proxy's own error page is recognized.
    pub(super) fn body(&mut self, text: &str) {
        if text.contains("<center>nginx") {
            self.answerer.page_of = Some("nginx".to_owned());
        } else if text.contains("<center>No required SSL certificate was sent") {
            self.asks_for_certificate = true;
        } else if text.starts_with("No server is available to handle this request") {
            self.answerer.page_of = Some("haproxy".to_owned());
        } else if let Some(program) = welcomes(text) {
            self.answerer.page_of = Some(program.to_owned());
        }
    }
}

/// The program whose welcome page it is: what it answers where no site of its own has the name.
pub(in crate::read) fn welcomes(text: &str) -> Option<&'static str> {
    let title = text.split_once("<title>")?.1;
    let known = |(start, program): &(&str, &'static str)| title.starts_with(start).then_some(*program);
    [("Welcome to nginx!", "nginx"), ("Apache2 ", "apache")].iter().find_map(known)
}

/// How long a header says that the body is.
pub(in crate::read) fn length(header: &str) -> Option<f64> {
    header_value(header, "content-length").and_then(|value| value.parse().ok())
}

/// What a header says of whom it comes from.
pub(in crate::read) struct Said {
    pub observable: &'static str,
    pub value: &'static str,
    pub detail: String,
}

/// What a header says that explains the status: where to go, when to come again, as whom, why a proxy failed; nothing that may be a
/// secret.
pub(in crate::read) fn told(header: &str) -> Option<Said> {
    let (key, value) = header.split_once(':')?;
    let value = value.trim();
    if key.eq_ignore_ascii_case("x-squid-error") {
        return Some(Said { observable: PROXY_REASON, value: squid_reason(value)?, detail: value.to_owned() });
    }
    let observable = match key.trim().to_ascii_lowercase().as_str() {
        "location" => "header.location",
        "retry-after" => "header.retry_after",
        "www-authenticate" | "proxy-authenticate" => "header.authenticate",
        _ => return None,
    };
    let kept = match (observable, Url::parse(value)) {
        ("header.authenticate", _) => {
            let realm = value.split_once("realm=\"").and_then(|(_, rest)| rest.split('"').next());
            [value.split(' ').next(), realm].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        (_, Some(url)) => format!("{}://{}{}", url.scheme, url.endpoint(), url.path),
        _ => value.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    (!kept.is_empty()).then_some(Said { observable, value: "seen", detail: kept })
}

/// Squid's name for an error page, and the number of the system's error behind it: `ERR_CONNECT_FAIL 111` (errno(3) of Linux).
fn squid_reason(said: &str) -> Option<&'static str> {
    Some(match said.split_once(' ').unwrap_or((said, "")) {
        ("ERR_CONNECT_FAIL", "111") => "upstream_refused",
        ("ERR_CONNECT_FAIL", "110") | ("ERR_READ_TIMEOUT", _) => "upstream_timeout",
        ("ERR_CONNECT_FAIL" | "ERR_CANNOT_FORWARD", _) => "upstream_unreached",
        ("ERR_SECURE_CONNECT_FAIL", _) => "upstream_tls",
        ("ERR_READ_ERROR" | "ERR_ZERO_SIZE_OBJECT", _) => "upstream_closed",
        ("ERR_DNS_FAIL", _) => "upstream_unresolved",
        ("ERR_ACCESS_DENIED", _) => "forbidden_by_rule",
        _ => return None,
    })
}

/// The value of a header line with this name, whatever its case.
pub(super) fn header_value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = header.split_once(':')?;
    key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
}

/// Whether a fact is an answer that sends the client elsewhere.
pub(super) fn is_redirect(fact: &Fact) -> bool {
    matches!(&fact.claim, Claim::Attempt(attempt) if attempt.status.is_some_and(is_redirected))
}

pub(super) fn is_redirected(status: u16) -> bool {
    (300..400).contains(&status)
}
