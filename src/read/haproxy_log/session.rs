//! One line about one session: who came, where haproxy sent it, how long each part took, and how it ended.

use crate::fact::{Answerer, Attempt, Endpoint, Outcome, Stage, Times};
use crate::read::pick::host_port;
use crate::read::request::endpoint;

/// A session as haproxy logs it at its end.
pub(super) struct Session<'a> {
    client: Endpoint,
    /// Without the `~` of one that speaks TLS.
    pub frontend: &'a str,
    pub backend: &'a str,
    /// `<NOSRV>` where none was chosen.
    server: &'a str,
    /// Both, as they stand in the line.
    pub sent_to: &'a str,
    /// Milliseconds; -1 where that part was not reached.
    timers: Vec<i64>,
    /// Only in the HTTP format.
    status: Option<u16>,
    bytes: u64,
    /// Termination state: `SH--`, or `SD` in the TCP format.
    pub flags: &'a str,
    request: Option<&'a str>,
}

impl<'a> Session<'a> {
    /// Reads `client:port [date] frontend backend/server timers (status) bytes … flags …`.
    pub(super) fn parse(message: &'a str) -> Option<Session<'a>> {
        let (client, rest) = message.split_once(" [")?;
        // A client of IPv6 stands without brackets.
        let bare = || client.rsplit_once(':').map(|(host, port)| endpoint(host, port.parse().ok()));
        let client = host_port(client).or_else(|| bare().filter(|client| client.address.is_some()))?;
        let (_, rest) = rest.split_once("] ")?;
        let mut words = rest.split_whitespace();
        let frontend = words.next()?.trim_end_matches('~');
        let sent_to = words.next()?;
        let (backend, server) = sent_to.split_once('/')?;
        let timers: Option<Vec<i64>> =
            words.next()?.split('/').map(|timer| timer.trim_start_matches('+').parse().ok()).collect();
        let timers = timers?;
        let status = match timers.len() {
            5 => Some(words.next()?.parse::<i16>().ok()?),
            3 => None,
            _ => return None,
        };
        let bytes = words.next()?.trim_start_matches('+').parse().ok()?;
        if status.is_some() {
            // The captured cookies of request and response, which stay unread.
            words.nth(1)?;
        }
        let flags = words.next()?;
        let known = (2..=4).contains(&flags.len()) && flags.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        let request = rest.split_once('"').and_then(|(_, rest)| rest.split('"').next());
        let status = status.and_then(|status| u16::try_from(status).ok()).filter(|status| *status > 0);
        known.then_some(Session { client, frontend, backend, server, sent_to, timers, status, bytes, flags, request })
    }

    fn is_http(&self) -> bool {
        self.timers.len() == 5
    }

    /// The two characters that say how it ended: who ended it, and in which phase.
    fn ending(&self) -> (char, char) {
        let mut flags = self.flags.chars();
        (flags.next().unwrap_or('-'), flags.next().unwrap_or('-'))
    }

    fn reached_a_server(&self) -> bool {
        !self.server.starts_with('<') && self.server != "-"
    }

    /// Whether haproxy had no server it considered usable. `SC` with a server's name is that server refusing.
    pub(super) fn found_no_server(&self) -> bool {
        self.server == "<NOSRV>" && self.flags.starts_with("SC")
    }

    /// How many seconds it waited for its server to have room for it, where that was long, and most of all the time it took.
    pub(super) fn queued(&self) -> Option<f64> {
        let (waited, all) = (self.timer(if self.is_http() { 1 } else { 0 })?, self.timer(self.timers.len() - 1)?);
        (self.reached_a_server() && waited >= 1.0 && waited * 2.0 >= all).then_some(waited)
    }

    /// The request that haproxy received, and the one it sent on.
    pub(super) fn attempts(&self, log: &Endpoint) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        if let Some(status) = self.status {
            let cut = self.toward_server().map(|(_, outcome)| outcome).filter(|outcome| *outcome == Outcome::Truncated);
            attempts.push(Attempt {
                to: Endpoint::self_of_log(None),
                from: Endpoint { port: None, ..self.client.clone() },
                path: self.path(),
                protocol: Some("http".to_owned()),
                status: Some(status),
                times: Times { total: self.timer(4), ..Times::default() },
                answerer: Answerer {
                    served_by: self.is_refused_by_server().then(|| self.server.to_owned()),
                    ..Answerer::default()
                },
                ..Attempt::new(Stage::Exchange, cut.unwrap_or(Outcome::of_status(status)))
            });
        }
        if let Some((tests, outcome)) = self.toward_server() {
            let connected = self.timer(if self.is_http() { 2 } else { 1 });
            let head = if self.is_http() { self.timer(3) } else { None };
            // A lost SYN is sent again after a second (RFC 6298); no connection inside a site takes as long.
            let late = outcome == Outcome::Ok && connected.is_some_and(|seconds| seconds >= 0.9);
            let outcome = if late { Outcome::ConnectSlow } else { outcome };
            attempts.push(Attempt {
                to: Endpoint::named(format!("{}/{}", self.backend, self.server)),
                from: log.clone(),
                path: self.path(),
                // Where no byte came nothing is known of what is spoken there.
                protocol: Some(if self.is_http() { "http" } else { "tcp" }.to_owned())
                    .filter(|_| self.bytes > 0 || tests > Stage::Connect || outcome != Outcome::Ok),
                status: self.status.filter(|status| outcome == Outcome::of_status(*status)),
                times: Times {
                    connected,
                    first_byte: head.zip(connected).map(|(head, connected)| head + connected),
                    ..Times::default()
                },
                ..Attempt::new(tests, outcome)
            });
        }
        attempts
    }

    /// Whether the server itself answered with an error, and haproxy only passed it on: its head came, and nothing cut it off.
    fn is_refused_by_server(&self) -> bool {
        let answered = self.reached_a_server() && self.timer(3).is_some();
        let passed_on = matches!(self.ending(), ('-', '-') | ('C' | 'c', 'D' | 'L'));
        answered && passed_on && self.status.is_some_and(|status| status >= 400)
    }

    /// What became of the connection to the server.
    fn toward_server(&self) -> Option<(Stage, Outcome)> {
        if !self.reached_a_server() {
            return None;
        }
        Some(match self.ending() {
            ('S', 'C') => (Stage::Connect, Outcome::Refused),
            ('s', 'C') => (Stage::Connect, Outcome::ConnectTimeout),
            ('S', 'H') => (Stage::Exchange, Outcome::EmptyReply),
            ('s', 'H') => (Stage::Exchange, Outcome::Hang),
            ('P', 'H') => (Stage::Exchange, Outcome::Garbled),
            ('S', 'D' | 'L') if self.is_http() => (Stage::Exchange, Outcome::Truncated),
            ('S', 'D' | 'L') => (Stage::Exchange, Outcome::Reset),
            ('s', 'D' | 'L') if self.is_http() => (Stage::Exchange, Outcome::Truncated),
            ('s' | 'c', 'D') if self.bytes == 0 => (Stage::Exchange, Outcome::Hang),
            ('-', '-') => match self.status {
                Some(status) => (Stage::Exchange, Outcome::of_status(status)),
                // A check of the port, or a server that never spoke: it was reached, and no more is known of it.
                None if self.bytes == 0 => (Stage::Connect, Outcome::Ok),
                None => (Stage::Exchange, Outcome::Ok),
            },
            // The client did not wait for the end of an answer, which has begun all the same.
            ('C' | 'c', 'D' | 'L') if self.is_refused_by_server() => {
                (Stage::Exchange, Outcome::of_status(self.status.unwrap_or_default()))
            }
            // The client left or was too slow: the server connected, and no more is known of it.
            ('C' | 'c', 'H' | 'D' | 'L') => (Stage::Connect, Outcome::Ok),
            _ => return None,
        })
    }

    /// The reason haproxy gives, as a value of `proxy.reason`.
    pub(super) fn reason(&self) -> Option<&'static str> {
        Some(match (self.ending(), self.status) {
            (('S', 'C'), _) if self.reached_a_server() => "upstream_refused",
            (('S', 'C'), _) => "no_server",
            (('s', 'C' | 'H'), _) => "upstream_timeout",
            (('S', 'H' | 'D' | 'L'), _) => "upstream_closed",
            (('s', 'Q'), _) => "queue_timeout",
            (('c' | 's', 'D'), _) => "idle_timeout",
            (('P', 'R' | 'T'), Some(429)) => "rate_limited",
            (('P', 'R' | 'T'), Some(403)) => "forbidden_by_rule",
            (('C', _), _) => "client_left",
            _ => return None,
        })
    }

    /// A timer in seconds.
    fn timer(&self, position: usize) -> Option<f64> {
        let milliseconds = u32::try_from(*self.timers.get(position)?).ok()?;
        Some(f64::from(milliseconds) / 1000.0)
    }

    /// The path of `GET https://www.shop.example/a?b HTTP/2.0`, without the query.
    fn path(&self) -> Option<String> {
        let target = self.request?.split(' ').nth(1)?;
        let target = match target.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/"),
            None => target,
        };
        target.starts_with('/').then(|| target.split('?').next().unwrap_or(target).to_owned())
    }
}

/// A TLS handshake of a client with haproxy that failed; whose fault it was is not told.
pub(super) fn lost_handshake(client: &str) -> Attempt {
    let from = host_port(client).map(|client| Endpoint { port: None, ..client }).unwrap_or_default();
    Attempt { to: Endpoint::self_of_log(None), from, ..Attempt::new(Stage::Tls, Outcome::TlsFailed) }
}
