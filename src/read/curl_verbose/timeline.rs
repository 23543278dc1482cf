//! The timeline of one `curl -v`: which address was being tried, how far it came, and when it is over.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::super::findings::length_of;
use super::super::request::{Request, Url, endpoint, proxy_at, split_port};
use super::super::{Findings, observable, tls};
use super::answer::{Answer, Said, header_value, is_redirected};
use super::messages::{Message, understand};
use super::trying::{Trying, place};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, State, Times};

mod ending;
mod proxy;
mod redirects;

/// What is known at one line of the transcript.
pub(super) struct Timeline {
    request: Request,
    host: Option<String>,
    /// The name was taken from curl's own cache (`--resolve`), so nothing was resolved.
    pinned: bool,
    open: Vec<Trying>,
    answer: Option<Answer>,
    path: Option<String>,
    /// Its body is asked for, and nothing is sent.
    gets: bool,
    /// Positions of the facts about redirects that were followed; a circle takes them back.
    followed: Vec<usize>,
    circled: bool,
    /// Whether the transcript has shown an attempt since curl's last word on the request before.
    saw_attempt: bool,
    /// Where FTP's data is to go, until that connection is made or fails.
    data: Option<Endpoint>,
    /// Where connections were made to; a later request may use one again.
    kept: Vec<Endpoint>,
    /// What the connections are made to in place of the host that is asked for.
    proxy: Option<Endpoint>,
    /// Where curl itself says so.
    proxy_line: Option<u32>,
    /// The requests of a command line without transcript, as many as there are errors.
    each: VecDeque<Request>,
    /// The answer has no end: that curl's own time ran out says nothing against it.
    stream: bool,
}

impl Timeline {
    /// `each` holds one request per error line where the text is nothing but errors.
    pub(super) fn new(request: Request, each: VecDeque<Request>, stream: bool) -> Timeline {
        Timeline {
            stream,
            each,
            kept: Vec::new(),
            data: None,
            host: request.proxy.as_ref().unwrap_or(&request.to).host.clone(),
            proxy: request.proxy.clone(),
            proxy_line: None,
            pinned: request.pinned,
            request,
            open: Vec::new(),
            answer: None,
            path: None,
            gets: false,
            followed: Vec::new(),
            circled: false,
            saw_attempt: false,
        }
    }

    /// Takes in one of curl's own messages; false if it means nothing known.
    pub(super) fn message(&mut self, number: u32, said: &str, findings: &mut Findings) -> bool {
        match understand(said) {
            Message::Trying(target) => {
                if self.answer.is_some() || self.open.iter().any(|trying| trying.connected) {
                    self.finish(findings);
                }
                let (address, port) = place(target, self.request.to.port);
                let mut to = endpoint(address, port);
                to.port = to.port.or(self.request.to.port);
                to.host.clone_from(&self.host);
                self.open.push(Trying::new(to, number));
                self.divert();
                self.saw_attempt = true;
            }
            Message::Data { address, port } => {
                self.data = Some(Endpoint::at(address, Some(port)));
                self.divert();
            }
            Message::Failed { address, outcome, seconds } => {
                let position = match address {
                    Some(address) => self.open.iter_mut().position(|trying| trying.is_to(address)),
                    None => self.open.len().checked_sub(1),
                };
                if let Some(mut trying) = position.map(|position| self.open.remove(position)) {
                    trying.last = number;
                    trying.seconds = trying.seconds.or(seconds);
                    self.failed(trying, outcome, findings);
                } else if self.answer.is_some() {
                    // An answer is coming in: whoever failed to connect, it was not this curl.
                    return false;
                } else if let (None, Some(seconds)) = (address, seconds) {
                    self.lasted(number, seconds, findings);
                } else if let Some(address) = address {
                    let mut to = Endpoint::at(address, self.request.to.port);
                    to.host.clone_from(&self.host);
                    self.failed(Trying::new(to, number), outcome, findings);
                }
            }
            Message::MoveOn { seconds } => {
                if let Some(mut trying) = self.open.pop() {
                    trying.last = number;
                    trying.seconds = Some(seconds);
                    // "After 14998ms connect time, move on!" is followed by a "failed" line for the same address.
                    if said.starts_with("After ") {
                        self.open.push(trying);
                    } else {
                        self.conclude(trying, Outcome::ConnectTimeout, findings);
                    }
                }
            }
            Message::Connected { host, address, port } => self.connected(number, host, address, port, findings),
            Message::Reused { host } => {
                self.finish(findings);
                let same = |to: &&Endpoint| host.is_none_or(|host| to.host.as_deref() == Some(host));
                let previous = self.kept.iter().rev().find(same).cloned();
                let mut trying = Trying::new(previous.unwrap_or_else(|| self.request.to.clone()), number);
                trying.connected = true;
                self.open.push(trying);
                self.saw_attempt = true;
            }
            // A kept connection turned out to be closed; the same request goes out again.
            Message::Retried => self.open.clear(),
            Message::ClientHello => self.note(number, |trying| {
                trying.connected = true;
                trying.client_hello = true;
            }),
            Message::CertificateWanted => {
                if let Some(trying) = self.open.last().filter(|trying| !trying.certificate_wanted) {
                    let (of, at) = (trying.to.clone(), Lines::one(number));
                    findings.state(at, observable::CLIENT_CERTIFICATE, "asked_for", of, "");
                }
                self.note(number, |trying| trying.certificate_wanted = true);
            }
            Message::Objected(outcome) => self.note(number, |trying| trying.objected = Some(outcome)),
            Message::Secured => self.note(number, |trying| {
                trying.connected = true;
                trying.secured = true;
            }),
            Message::Proxy(url) => {
                self.proxy = Some(proxy_at(url));
                self.proxy_line.get_or_insert(number);
                self.host = self.proxy.as_ref().and_then(|proxy| proxy.host.clone());
            }
            // What comes now is said by the host itself.
            Message::Tunneled => {
                self.answer = None;
                let host = self.path.take().map(|path| proxy_at(&path));
                self.note(number, |trying| {
                    trying.sent = false;
                    trying.to = host.clone().unwrap_or_else(|| trying.to.clone());
                });
            }
            Message::LedTo(host) => {
                let led = endpoint(host, None);
                self.request.elsewhere = led.host.is_some();
                self.pinned = led.host.is_none();
                self.host = led.host.or(self.host.take());
            }
            Message::Cached(host) => {
                // After the first request the cache holds what was resolved for it.
                self.pinned |= findings.facts.is_empty();
                self.host = Some(host.to_owned());
            }
            Message::Resolved(host) => self.host = Some(host.to_owned()),
            Message::Unresolved { host, seconds } => self.unresolved(number, host, seconds, findings),
            Message::Broke(outcome) => {
                if let Some(trying) = self.open.last().filter(|_| tls::is_about_server_name(said)) {
                    tls::tell_server_name(number, trying.to.clone(), trying.to.host.is_some(), findings);
                }
                self.broke(number, outcome, None, findings);
            }
            Message::Status(status) => {
                self.answer.get_or_insert_with(|| Answer::new(status, number));
                self.broke(number, Outcome::of_status(status), None, findings);
            }
            Message::TimedOut { seconds, received } => self.timed_out(number, seconds, received, findings),
            Message::Redirect(url) => {
                self.finish(findings);
                self.followed.extend(findings.facts.len().checked_sub(1));
                self.moved(url);
            }
            Message::TooManyRedirects => self.circle(number, findings),
            Message::Certificate { observable, value } => {
                let of = self.open.last().map(|trying| trying.to.clone()).unwrap_or_default();
                let detail = value.to_owned();
                let state = State { observable: observable.to_owned(), value: "seen".to_owned(), of, detail };
                findings.fact(Lines::one(number), Claim::State(state));
            }
            Message::Socks { target, code } => self.refused_by_socks(number, target, code, findings),
            Message::Noise => {}
            Message::Unknown => return false,
        }
        true
    }

    /// A line of the request: `GET /v1/orders HTTP/1.1`.
    pub(super) fn sent(&mut self, number: u32, header: &str, findings: &mut Findings) {
        let mut words = header.split(' ');
        if let (Some(method), Some(path), Some(version)) = (words.next(), words.next(), words.next())
            && version.starts_with("HTTP/")
        {
            // A filter took away what curl says between two requests; the first one's answer says where the second one goes.
            if let Some(answer) = &self.answer {
                let led = answer.led().filter(|_| self.request.follows && is_redirected(answer.status));
                let led = led.map(str::to_owned);
                self.finish(findings);
                led.into_iter().for_each(|url| self.moved(&url));
            }
            // A proxy is told the whole URL, or only with whom to connect.
            let whole = Url::parse(path).map(|url| url.path);
            self.path = whole.or_else(|| Some(path.split('?').next().unwrap_or(path).to_owned()));
            self.gets = method == "GET";
            if method == "CONNECT" && self.proxy.is_none() {
                self.proxy = self.open.last().map(|trying| trying.to.clone());
            }
            if self.open.is_empty() {
                // The upper end of the text is missing: what was connected to is not known.
                self.open.push(Trying::new(self.request.to.clone(), number));
            }
            self.note(number, |trying| {
                trying.connected = true;
                trying.sent = true;
            });
        }
        if let Some(host) = header_value(header, "host") {
            let (host, port) = split_port(host);
            let passed_on = self.proxy.is_some() && self.path.as_ref().is_some_and(|path| path.starts_with('/'));
            if let Some(trying) = self.open.last_mut().filter(|_| passed_on) {
                // Whom the proxy is to ask: the address is the proxy's own.
                trying.to = endpoint(host, port.or(self.request.to.port));
            } else if let Some(trying) =
                self.open.last_mut().filter(|_| self.proxy.is_none() && !self.request.elsewhere)
                && host.parse::<IpAddr>().is_err()
            {
                trying.to.host = Some(host.to_ascii_lowercase());
                trying.to.port = trying.to.port.or(port);
            }
        }
    }

    /// A line of the answer: its status line or a header.
    pub(super) fn received(&mut self, number: u32, header: &str, findings: &mut Findings) {
        if let Some(rest) = header.strip_prefix("HTTP/") {
            let status = rest.split(' ').nth(1).and_then(|status| status.parse().ok());
            match status {
                // 1xx only says that the request was heard.
                Some(100..=199) | None => {}
                Some(status) => {
                    if self.answer.is_some() {
                        self.finish(findings);
                    }
                    self.answer = Some(Answer::new(status, number));
                }
            }
        } else if let Some(answer) = &mut self.answer {
            answer.header(number, header);
        }
    }

    /// Whether an answer has come that may still have its body to come.
    pub(super) fn is_answered(&self) -> bool {
        self.answer.is_some()
    }

    /// A line of the body; only a proxy's own error page is recognized.
    pub(super) fn body(&mut self, text: &str) {
        if let Some(answer) = &mut self.answer {
            answer.body(text);
        }
    }

    /// Closes what is still open at the end, or before the next request.
    pub(super) fn finish(&mut self, findings: &mut Findings) {
        if let Some(answer) = self.answer.take() {
            let winner = self.open.iter().position(|trying| trying.connected);
            let mut trying = match winner {
                Some(position) => self.open.remove(position),
                None => Trying::new(self.request.to.clone(), answer.first),
            };
            trying.last = trying.last.max(answer.last);
            let outcome = if answer.asks_for_certificate {
                Outcome::TlsClientCertificate
            } else {
                Outcome::of_status(answer.status)
            };
            let mut attempt = self.attempt(&trying, outcome);
            for (number, Said { observable, value, detail }) in answer.told {
                findings.state(Lines::one(number), observable, value, attempt.to.clone(), detail);
            }
            attempt.status = Some(answer.status);
            attempt.answerer = answer.answerer;
            let numbers = length_of(answer.bytes.filter(|_| self.gets));
            findings.measured(Lines::new(answer.first, answer.last), numbers, Claim::Attempt(attempt));
            findings.understood.extend(trying.first..=trying.first);
        }
        let someone_connected = self.open.iter().any(|trying| trying.connected);
        for trying in std::mem::take(&mut self.open) {
            let tests = if trying.secured { Stage::Tls } else { Stage::Connect };
            if trying.connected {
                let mut attempt = self.attempt(&trying, Outcome::Ok);
                attempt.tests = tests;
                findings.fact(Lines::new(trying.first, trying.last), Claim::Attempt(attempt));
            } else if someone_connected {
                self.conclude(trying, Outcome::Overtaken, findings);
            }
        }
    }

    fn connected(
        &mut self,
        number: u32,
        host: &str,
        address: Option<IpAddr>,
        port: Option<u16>,
        findings: &mut Findings,
    ) {
        // Of the data's connection curl 7 says that it is connected to the first one's address.
        let address = self.data.take().map_or(address, |data| data.address);
        let known = address.and_then(|address| self.open.iter_mut().position(|trying| trying.is_to(address)));
        let mut trying = match known.or(self.open.len().checked_sub(1).filter(|_| address.is_none())) {
            Some(position) => self.open.remove(position),
            None => {
                let to = Endpoint { address, port, ..Endpoint::default() };
                Trying::new(to, number)
            }
        };
        trying.connected = true;
        trying.last = number;
        trying.to.port = trying.to.port.or(port);
        // Of a connection that is led to an address, curl 7 says "(nil)".
        if host.parse::<IpAddr>().is_err() && !host.is_empty() && host != "(nil)" {
            trying.to.host = Some(host.to_ascii_lowercase());
        }
        // Addresses of one family that were still being tried when this one connected lost the race.
        for overtaken in std::mem::take(&mut self.open) {
            // The same address once more is HTTP/3 beside HTTP/2.
            if !overtaken.connected && overtaken.to.address != trying.to.address {
                self.conclude(overtaken, Outcome::Overtaken, findings);
            }
        }
        self.kept.push(trying.to.clone());
        self.open.push(trying);
        self.saw_attempt = true;
    }

    /// The address that is being tried is the one for FTP's data, where curl has said so: it names the first connection's port all the same.
    fn divert(&mut self) {
        let Some(data) = &self.data else { return };
        if let Some(trying) = self.open.last_mut().filter(|trying| !trying.connected)
            && trying.to.address == data.address
        {
            trying.to.port = data.port;
        }
    }

    fn note(&mut self, number: u32, change: impl Fn(&mut Trying)) {
        if let Some(trying) = self.open.last_mut() {
            trying.last = number;
            change(trying);
        }
    }

    fn attempt(&self, trying: &Trying, outcome: Outcome) -> Attempt {
        // To a proxy that is not reached nothing of the request is sent.
        let of_proxy =
            self.proxy.as_ref().is_some_and(|proxy| proxy.host == trying.to.host && proxy.port == trying.to.port);
        // What the proxy is asked for, it resolves itself.
        let named = trying.to.host.is_some() && !self.pinned && (of_proxy || self.proxy.is_none());
        Attempt {
            to: trying.to.clone(),
            resolved: named && outcome != Outcome::Unresolved,
            unchecked: self.request.unchecked_certificate,
            protocol: self
                .request
                .protocol
                .clone()
                .filter(|_| !of_proxy)
                .or(trying.client_hello.then(|| "https".to_owned())),
            // Of a way through a proxy, with whom it was to connect.
            path: self.path.clone().or(self.request.path.clone()).filter(|path| !of_proxy || !path.starts_with('/')),
            times: Times { total: trying.seconds, ..Times::default() },
            ..Attempt::new(self.request.tests(), outcome)
        }
    }
}
