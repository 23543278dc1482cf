//! Reads `wget`, GNU's and busybox's, one fact per address tried and one for the answer.
//!
//! ```text
//! Resolving api.shop.example (api.shop.example)... 203.0.113.74, 203.0.113.10
//! Connecting to api.shop.example (api.shop.example)|203.0.113.74|:80... failed: Connection timed out.
//! Connecting to api.shop.example (api.shop.example)|203.0.113.10|:80... connected.
//! HTTP request sent, awaiting response... 503 Service Unavailable
//! wget: can't connect to remote host (10.40.3.21): Connection refused
//! 2026-11-29 05:13:53 (0.00 B/s) - Read error at byte 0/300000 (Connection timed out). Giving up.
//! ```

use std::net::IpAddr;

use super::caching::Caching;
use super::curl_verbose::POOL_MEMBER;
use super::errno::of_reason;
use super::request::{Request, Url, endpoint, split_port};
use super::{Findings, Part, Reader, tls};
use crate::evidence::Lines;
use crate::fact::{Answerer, Attempt, Claim, Endpoint, Outcome, Stage};

mod translated;

use translated::english;

pub(super) const READER: Reader = Reader { kind: "wget", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let certain = |text: &str| {
        let text = &*english(text);
        opening(text).is_some()
            || text.starts_with("HTTP request sent, awaiting response...")
            || text.starts_with("wget: ")
            || text.starts_with("Resolving ") && text.contains("... ")
            || connecting(text).is_some()
            || bare_error(text).is_some()
            || text.starts_with("FINISHED --")
            || finished(text).is_some() && text.contains("] -> \"")
    };
    match (part.any(certain), part.runs("wget")) {
        (true, true) => 0.98,
        (true, false) => 0.9,
        (false, true) if part.any(|text| finished(text).is_some() || is_terse(&english(text)) || is_head(text)) => 0.9,
        _ => 0.0,
    }
}

/// The status of `2026-11-28 18:57:42 ERROR 404: Not Found.`, whatever the word for an error.
fn bare_error(text: &str) -> Option<&str> {
    let (time, said) = text.split_at_checked(19)?;
    let (number, _) = said.strip_prefix(' ')?.split_once(' ')?.1.split_once(':')?;
    let number = number.trim_end();
    let numbered = number.len() == 3 && number.parse::<u16>().is_ok();
    (numbered && time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(' ')).then_some(number)
}

fn read(part: &Part, findings: &mut Findings) {
    let mut request = Request::of(part.command.as_ref());
    // What the command line pins is curl's; wget resolves every name it is given.
    request.pinned = request.to.host.is_none();
    let to_output = |word: &str| word == "--output-document=-" || word.starts_with('-') && word.ends_with("O-");
    let prints = part.command.as_ref().is_some_and(|command| {
        command.option("-O", "--output-document") == Some("-") || command.words().any(to_output)
    });
    let mut transfer = Transfer { request, prints, ..Transfer::default() };
    // With -d the heads of the request and of the answer are printed as they are.
    let mut debugged = None;
    for line in &part.lines {
        let text = &*english(line.text.trim_end());
        match text {
            "---request begin---" => debugged = Some(false),
            "---response begin---" => debugged = Some(true),
            "---request end---" | "---response end---" => debugged = None,
            _ => match debugged {
                Some(true) => transfer.header(line.number, text),
                Some(false) => {}
                None if transfer.line(line.number, text, findings) || is_decoration(&line.text) => {}
                None => continue,
            },
        }
        findings.noise(line.number);
    }
    transfer.finish(findings);
    // With -nv an address that failed is not named, and another one may have answered.
    if let Some((number, outcome)) = transfer.failed.filter(|_| findings.facts.is_empty()) {
        transfer.to = transfer.request.to.clone();
        transfer.at(number);
        transfer.trouble = Some(outcome);
        transfer.finish(findings);
    }
}

/// Whether an answer's head begins as -S prints it.
fn is_head(text: &str) -> bool {
    text.starts_with("  HTTP/1.")
}

/// Whether nothing is asked again after an answer of this status: no redirect, no demand for a name and a password.
fn is_last(status: u16) -> bool {
    !matches!(status, 100..=199 | 300..=399 | 401 | 407)
}

/// What -nv leaves of a request that failed.
fn is_terse(text: &str) -> bool {
    ["failed: ", "Read error (", "ERROR: The certificate of ", "ERROR: cannot verify ", "The certificate's owner does "]
        .iter()
        .any(|start| text.starts_with(start))
}

/// One request while its lines are coming.
#[derive(Default)]
struct Transfer {
    request: Request,
    to: Endpoint,
    first: Option<u32>,
    last: u32,
    connected: bool,
    status: Option<u16>,
    answerer: Answerer,
    caching: Caching,
    /// The body is printed (`-O-`) …
    prints: bool,
    /// … and, with -q, nothing else below the head.
    in_body: bool,
    trouble: Option<Outcome>,
    /// Something was told of a request before.
    told: bool,
    /// The last address of which nothing is told but why it failed.
    failed: Option<(u32, Outcome)>,
}

impl Transfer {
    /// Takes in one line; false if it means nothing known.
    fn line(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        if let Some(status) = bare_error(text).filter(|_| self.first.is_none()) {
            // With -nv nothing but this is said of a request, and its URL stands above or in the command line.
            self.begin();
            self.at(number);
            self.answer(status);
        } else if let Some(url) = opening(text).or_else(|| text.strip_suffix(':')).and_then(Url::parse) {
            self.finish(findings);
            (self.request.protocol, self.request.path) = (Some(url.scheme.clone()), Some(url.path.clone()));
            self.to = url.endpoint();
        } else if let Some((to, ending)) = connecting(text) {
            self.finish(findings);
            self.to = to;
            self.at(number);
            match ending.strip_prefix("failed: ").map(|reason| reason.trim_end_matches('.')) {
                Some(reason) => {
                    self.trouble = Some(of_reason(reason).unwrap_or(Outcome::Refused));
                    self.finish(findings);
                }
                None => self.connected = ending.starts_with("connected"),
            }
        } else if let Some((host, reason)) =
            text.strip_prefix("Resolving ").and_then(|rest| rest.split_once("... failed: "))
        {
            self.unresolved(number, host.split(' ').next().unwrap_or(host), reason, findings);
        } else if let Some(host) = text.strip_prefix("wget: bad address ") {
            self.unresolved(number, host.trim_matches('\''), "", findings);
        } else if let Some(rest) = text.strip_prefix("HTTP request sent, awaiting response... ") {
            self.at(number);
            self.answer(rest);
        } else if let Some(error) = text.strip_prefix("wget: ") {
            return self.error(number, error);
        } else if text.starts_with('\'') && text.ends_with("' saved") && self.first.is_some() {
            // busybox says nothing of the status of an answer that it keeps.
            self.at(number);
            self.status = Some(200);
        } else if text.ends_with(" redirections exceeded.") && self.first.is_some() {
            self.at(number);
            self.trouble = Some(Outcome::RedirectLoop);
        } else if text.contains(" - Connection closed at byte ") || text.contains(" - Read error at byte ") {
            self.at(number);
            self.trouble = Some(Outcome::Truncated);
        } else if let Some(outcome) =
            text.strip_prefix("failed: ").and_then(|reason| of_reason(reason.trim_end_matches('.')))
        {
            self.failed = Some((number, outcome));
        } else if is_terse(text) && self.first.is_none() {
            self.begin();
            self.at(number);
            self.answer(text);
            let certificate = tls::outcome(text).filter(|_| text.contains("certificate"));
            self.trouble = self.trouble.or(certificate).or(Some(Outcome::Unserved));
        } else if text.contains(" ERROR ") && text.contains(": ") && self.status.is_some() {
            self.at(number);
        } else if let Some(header) = text.strip_prefix("  ").filter(|_| self.connected || is_head(text)) {
            // A head below an answer that leads nowhere else is that of the next request, in a loop.
            if is_head(text) && self.status.is_some_and(is_last) {
                self.finish(findings);
            }
            // With -q the answer's head is all that -S leaves, and with -O- its body.
            self.in_body |= !self.connected && self.prints;
            self.begin();
            self.connected = true;
            self.header(number, header);
        } else if text == "Unable to establish SSL connection." && self.connected {
            self.at(number);
            self.trouble.get_or_insert(Outcome::TlsFailed);
        } else if let Some(outcome) = tls::outcome(text).filter(|_| self.connected) {
            self.at(number);
            // "is not trusted" says less than the line that gives the reason.
            let vague = self.trouble.is_none_or(|trouble| trouble == Outcome::TlsUntrusted);
            self.trouble = if vague { Some(outcome) } else { self.trouble };
        } else if let Some(url) = finished(text).and_then(Url::parse) {
            self.finish(findings);
            self.to = url.endpoint();
            // With --spider the status stands behind it.
            let said = text.split_once(" URL: ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
            (self.status, self.connected) = (said.or(Some(200)), true);
            self.at(number);
            self.finish(findings);
        } else if self.in_body {
            self.caching.body(text);
        } else {
            return false;
        }
        true
    }

    /// A request of which only the end is shown.
    fn begin(&mut self) {
        if self.to.is_empty() {
            self.to = self.request.to.clone();
        }
    }

    /// What follows `awaiting response...`: a status, or why there is none.
    fn answer(&mut self, said: &str) {
        self.connected = true;
        self.status = said.split(' ').next().and_then(|status| status.parse().ok());
        if said.starts_with("No data received") {
            self.trouble = Some(Outcome::EmptyReply);
        } else if let Some(reason) = said.strip_prefix("Read error (") {
            self.trouble = Some(if reason.contains("timed out") { Outcome::Hang } else { Outcome::Reset });
        } else if said.contains("Malformed status line") {
            self.trouble = Some(Outcome::Garbled);
        }
    }

    /// busybox's errors.
    fn error(&mut self, number: u32, error: &str) -> bool {
        let (what, reason) = error.rsplit_once(": ").unwrap_or((error, ""));
        let outcome = if let Some(rest) = what.strip_prefix("can't connect to remote host") {
            let address = rest.trim_matches([' ', '(', ')']).parse::<IpAddr>().ok();
            self.to.address = address.or(self.to.address);
            of_reason(reason).unwrap_or(Outcome::Refused)
        } else if what == "server returned error" {
            self.status = reason.split(' ').nth(1).and_then(|status| status.parse().ok());
            self.status.map_or(Outcome::Garbled, Outcome::of_status)
        } else if error == "download timed out" {
            if self.connected { Outcome::Hang } else { Outcome::ConnectTimeout }
        } else if error.starts_with("connection closed prematurely") {
            Outcome::Truncated
        } else if error.starts_with("error getting response") {
            if error.contains("reset") { Outcome::Reset } else { Outcome::EmptyReply }
        } else {
            let Some(host) = error.strip_prefix("unable to resolve host address ") else { return false };
            // GNU wget repeats in other words what it has said above, but for -nv.
            if self.told {
                return true;
            }
            self.to = self.named(host.trim_matches(['‘', '’', '\'', '"']));
            Outcome::Unresolved
        };
        self.at(number);
        self.trouble = Some(outcome);
        true
    }

    /// A header line of `-S`.
    fn header(&mut self, number: u32, header: &str) {
        self.at(number);
        if let Some(rest) = header.strip_prefix("HTTP/") {
            self.status = rest.split(' ').nth(1).and_then(|status| status.parse().ok()).or(self.status);
            // `paste` put the next lines of the head behind it.
            rest.split("   ").skip(1).for_each(|header| self.header(number, header));
        } else if let Some((name, value)) = header.split_once(": ") {
            self.caching.header(header);
            let slot = match name.to_ascii_lowercase().as_str() {
                "server" => &mut self.answerer.server,
                "via" => &mut self.answerer.via,
                name if POOL_MEMBER.contains(&name) => &mut self.answerer.served_by,
                _ => return,
            };
            *slot = Some(value.trim().to_owned());
        }
    }

    /// A host that was asked for; a redirect leads to another one, by a port that is not shown.
    fn named(&self, host: &str) -> Endpoint {
        let mut to = endpoint(host, None);
        to.port = [&self.to, &self.request.to].into_iter().find(|one| one.host == to.host).and_then(|one| one.port);
        to
    }

    fn unresolved(&mut self, number: u32, host: &str, reason: &str, findings: &mut Findings) {
        self.to = self.named(host);
        self.at(number);
        let unknown = reason.starts_with("Name or service not known");
        self.trouble = Some(if unknown { Outcome::Nxdomain } else { Outcome::Unresolved });
        self.finish(findings);
    }

    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    /// Records the request if it has come to an end.
    fn finish(&mut self, findings: &mut Findings) {
        let request = self.request.clone();
        let (told, failed, prints) = (self.told, self.failed, self.prints);
        let Transfer { to, first, last, connected, status, answerer, caching, trouble, .. } = std::mem::replace(
            self,
            Transfer { request, to: self.to.clone(), told, failed, prints, ..Transfer::default() },
        );
        let (Some(first), true) = (first, status.is_some() || trouble.is_some() || connected) else { return };
        let outcome = trouble.or(status.map(Outcome::of_status)).unwrap_or(Outcome::Ok);
        let attempt = Attempt {
            resolved: to.host.is_some() && outcome.stage() > Stage::Resolve,
            to,
            protocol: self.request.protocol.clone(),
            path: self.request.path.clone(),
            status,
            answerer,
            ..Attempt::new(
                if status.is_some() || trouble.is_some() { Stage::Exchange } else { Stage::Connect },
                outcome,
            )
        };
        findings.measured(Lines::new(first, last), caching.numbers(), Claim::Attempt(attempt));
        self.told = true;
    }
}

/// The URL of `--2026-11-21 03:24:28--  http://api.shop.example:8086/`.
fn opening(text: &str) -> Option<&str> {
    let (stamp, url) = text.strip_prefix("--")?.split_once("--  ")?;
    stamp.starts_with(|c: char| c.is_ascii_digit()).then_some(url)
}

/// `Connecting to HOST (HOST)|IP|:PORT... connected.`, or busybox's `Connecting to HOST:PORT (IP:PORT)`.
fn connecting(text: &str) -> Option<(Endpoint, &str)> {
    let rest = text.strip_prefix("Connecting to ")?;
    if let Some((target, ending)) = rest.split_once("... ") {
        let mut to = endpoint(split_port(target.split([' ', '|']).next()?).0, None);
        let port = target.rsplit(':').next()?.parse().ok();
        to.port = port;
        to.address = target.split('|').nth(1).and_then(|address| address.parse().ok()).or(to.address);
        return Some((to, ending));
    }
    let (target, address) = rest.strip_suffix(')')?.split_once(" (")?;
    let (address, port) = split_port(address);
    let mut to = endpoint(split_port(target).0, port);
    to.address = to.address.or(address.parse().ok());
    to.address.is_some().then_some((to, ""))
}

/// The URL of `-nv`: `2026-11-21 03:24:32 URL:http://api.shop.example/ [16/16] -> "index.html" [1]`.
fn finished(text: &str) -> Option<&str> {
    text.split_once(" URL:")?.1.trim_start().split(' ').next()
}

fn is_decoration(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "Spider mode enabled",
        "Resolving ",
        "Length: ",
        "Saving to: ",
        "Remote file exists",
        "Giving up.",
        "Retrying.",
        "Location: ",
        "saving to '",
        "Reusing existing connection",
        "wget: note: ",
        "To connect to ",
        "HTTP request sent",
        "Proxy request sent",
        "DEBUG output created by Wget ",
        "Created socket ",
        "Releasing 0x",
        "Caching ",
        "Registered socket ",
        "URI encoding = ",
        "Reading HSTS entries from ",
        "FINISHED --",
        "Total wall clock time: ",
        "Downloaded: ",
    ];
    let text = text.trim();
    text.is_empty()
        || STARTS.iter().any(|start| text.starts_with(start))
        || text.ends_with("saved")
        || (text.contains(" - ") && text.ends_with(']') && text.contains(" saved ["))
        || (text.contains('%') && (text.contains('[') || text.contains('|')))
}
