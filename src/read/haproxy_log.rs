//! Reads haproxy's log: requests in the HTTP and TCP formats, and changes of servers' health.
//!
//! ```text
//! Nov 21 01:53:51 lb-b haproxy[30038]: 198.51.100.23:60110 [21/Nov/2026:01:53:51.429] public be_feed/feed-2 0/0/0/-1/0 502 209 - - SH-- 1/1/0/0/0 0/0 "GET /f HTTP/1.1"
//! Nov 21 01:52:46 ilb-1 haproxy[25219]: Server be_inventory/inv2 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.
//! Nov 21 01:52:46 ilb-1 haproxy[25219]: backend be_inventory has no server available!
//! ```
//!
//! Formats and termination states: haproxy's configuration manual, sections 8.2 and 8.5.

use std::collections::{BTreeMap, BTreeSet};

use super::log_line::LogLine;
use super::observable::{BACKEND_SERVERS, LB_QUEUE, PROXY_REASON, SERVER_CHECK};
use super::pick::between;
use super::{Findings, Part, Reader, haproxy_check};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome, spoken_seconds};
use crate::order;

mod debug;
mod session;

use session::Session;

pub(super) const READER: Reader = Reader { kind: "haproxy", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let known = |message: &str| {
        Session::parse(message).is_some() || Event::parse(message).is_some() || debug::parse(message).is_some()
    };
    let of_its_own = |text: &str| text.contains("<NOSRV>") && text.contains("haproxy[");
    if part.any_message(known) || part.any(of_its_own) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut health = Health::default();
    // A frontend that hands some requests to a backend has none for those that it answers under its own name.
    let sessions = part.lines.iter().filter_map(|line| Session::parse(LogLine::parse(&line.text).message));
    let handed = sessions.filter(|one| one.backend != one.frontend).map(|one| one.frontend);
    let choosing = if part.any(|text| text.contains("<NOSRV>")) { order::set(handed) } else { BTreeSet::new() };
    for line in &part.lines {
        let log = LogLine::parse(&line.text);
        let at = Lines::one(line.number);
        if let Some(session) = Session::parse(log.message) {
            findings.noise(line.number);
            for attempt in session.attempts(&log.origin()) {
                findings.fact(at, Claim::Attempt(attempt));
            }
            let unrouted =
                session.found_no_server() && session.backend == session.frontend && choosing.contains(session.backend);
            if let Some(reason) = if unrouted { Some("no_route") } else { session.reason() } {
                let detail = format!("termination state {}", session.flags);
                findings.state(at, PROXY_REASON, reason, Endpoint::default(), detail);
            }
            if let Some(waited) = session.queued() {
                health.queue(session.sent_to, at, waited);
            }
            if session.found_no_server() && !unrouted {
                health.backend(session.backend, at, "none_up", format!("{} and <NOSRV>", session.flags));
            }
        } else if let Some(said) = debug::parse(log.message) {
            findings.noise(line.number);
            if let Some(attempt) = said.attempt() {
                findings.fact(at, Claim::Attempt(attempt));
            }
        } else if let Some(event) = Event::parse(log.message) {
            findings.noise(line.number);
            event.tell(at, &mut health, findings);
        } else if log.message.contains("<NOSRV>") && has_no_server(log.message) {
            // A format of somebody's own.
            findings.state(at, PROXY_REASON, "no_server", Endpoint::default(), "<NOSRV>");
        }
    }
    health.tell(findings);
}

/// Whether a line of somebody's own format says that no server could be had: a termination state that stands in it tells of other reasons.
fn has_no_server(message: &str) -> bool {
    let mut words = message.split(|c: char| !c.is_ascii_alphabetic() && c != '-');
    let flags = words.find(|word| word.len() == 4 && word.ends_with("--") && *word != "----");
    flags.is_none_or(|flags| flags.starts_with("SC"))
}

/// The last word on every server and backend: what a server was before it changed again is history.
#[derive(Default)]
struct Health<'a> {
    servers: BTreeMap<&'a str, (Lines, &'static str, String)>,
    backends: BTreeMap<&'a str, (Lines, &'static str, String)>,
    /// Servers that requests waited for.
    queues: BTreeMap<&'a str, (Lines, &'static str, String)>,
}

impl<'a> Health<'a> {
    fn backend(&mut self, name: &'a str, at: Lines, value: &'static str, detail: String) {
        self.backends.insert(name, (at, value, detail));
    }

    fn queue(&mut self, server: &'a str, at: Lines, waited: f64) {
        let lines = self.queues.get(server).map_or(at, |(before, ..)| Lines::new(before.first, at.last));
        let detail = format!("a request waited {} for room there", spoken_seconds(waited));
        self.queues.insert(server, (lines, "growing", detail));
    }

    fn tell(self, findings: &mut Findings) {
        for (name, (at, value, detail)) in self.queues {
            findings.state(at, LB_QUEUE, value, Endpoint::named(name), detail);
        }
        for (name, (at, value, detail)) in self.servers {
            findings.state(at, SERVER_CHECK, value, Endpoint::named(name), detail);
        }
        for (name, (at, value, detail)) in self.backends {
            findings.state(at, BACKEND_SERVERS, value, Endpoint::named(name), detail);
        }
    }
}

/// Something haproxy says of its servers, not of a request.
enum Event<'a> {
    /// A check's result, with `active` usable servers left where the line counts them.
    Check {
        server: &'a str,
        value: &'static str,
        detail: String,
        left: Option<u32>,
    },
    NoServer {
        backend: &'a str,
    },
    ClientHandshake {
        client: &'a str,
    },
    NoProxyProtocol,
    /// A server whose name has no address, told at the start.
    Unresolved {
        name: &'a str,
    },
    Notice,
}

impl<'a> Event<'a> {
    fn parse(message: &'a str) -> Option<Event<'a>> {
        // On a terminal haproxy writes "[WARNING]  (30038) : " before its own messages.
        // "Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)" is all that the oldest format says of a request.
        if message.starts_with("Connect from ") && message.contains(" to ") && message.ends_with(')') {
            return Some(Event::Notice);
        }
        // A container's log has a time in front of that: "2023-04-04 15:54:26 [WARNING]  (8) : ".
        let message = match message.split_once('[') {
            Some((time, _))
                if message.get(time.len() + 1..).is_some_and(|rest| rest.starts_with(char::is_uppercase))
                    && time.bytes().all(|b| b.is_ascii_digit() || b"-:. TZ/,".contains(&b)) =>
            {
                message.get(time.len()..).unwrap_or(message)
            }
            _ => message,
        };
        let message = match message.strip_prefix('[').and_then(|rest| rest.split_once(") : ")) {
            Some((level, rest)) if level.starts_with(|c: char| c.is_ascii_uppercase()) => rest,
            _ => message,
        };
        if let Some(name) = between(message, "could not resolve address '", "'") {
            return Some(Event::Unresolved { name });
        }
        for start in ["backend ", "proxy ", "Backend ", "Proxy "] {
            if let Some(rest) = message.strip_prefix(start) {
                if let Some(backend) = rest.strip_suffix(" has no server available!") {
                    return Some(Event::NoServer { backend: backend.trim_matches('\'') });
                }
                let notice = rest.contains(" started.") || rest.contains(" stopped ");
                return notice.then_some(Event::Notice);
            }
        }
        if message.ends_with(": SSL handshake failure") || message.contains(" during SSL handshake") {
            let (client, _) = message.split_once(" [")?;
            return Some(Event::ClientHandshake { client });
        }
        if message.contains("does not look like a PROXY protocol header")
            || message.ends_with("while waiting for PROXY protocol header")
        {
            return Some(Event::NoProxyProtocol);
        }
        Event::check(message)
    }

    /// `Server be/s1 is DOWN, reason: …`, `Server be/s1 is UP, …`, `Health check for server be/s1 failed, reason: …`.
    fn check(message: &'a str) -> Option<Event<'a>> {
        let message = message.strip_prefix("haproxy ").unwrap_or(message);
        let rest = ["Server ", "Backup Server ", "Health check for server ", "Health check for backup server "]
            .into_iter()
            .find_map(|start| message.strip_prefix(start))?;
        let (server, rest) = rest.split_once(' ')?;
        // Retold without its backend, it is haproxy's by the words of its checks.
        let checked = rest.starts_with("is ") && rest.contains(" reason: Layer");
        if !server.contains('/') && !checked {
            return None;
        }
        if rest.contains("maintenance") {
            let detail = "maintenance".to_owned();
            return Some(Event::Check { server, value: "maintenance", detail, left: left(rest) });
        }
        let reason = between(rest, "reason: ", " check duration").map_or(rest, |reason| reason.trim_end_matches(','));
        let value = match haproxy_check::of_sentence(reason) {
            Some(value) => value,
            None if rest.starts_with("is UP") => "up",
            None if rest.starts_with("is DOWN") || rest.starts_with("failed") => "down_other",
            None => return None,
        };
        let detail = reason.chars().take(120).collect();
        Some(Event::Check { server, value, detail, left: left(rest).filter(|_| server.contains('/')) })
    }

    fn tell(self, at: Lines, health: &mut Health<'a>, findings: &mut Findings) {
        match self {
            Event::Check { server, value, detail, left } => {
                let backend = server.split('/').next().unwrap_or(server);
                match left {
                    Some(0) => health.backend(backend, at, "none_up", "no server left".to_owned()),
                    Some(left) => health.backend(backend, at, "some_down", format!("{left} left")),
                    // How many of them all are up again, the line does not say.
                    None => drop(health.backends.remove(backend)),
                }
                // "is DOWN" after a check that said why is the same failure, told with less.
                let vague = value == "down_other" && detail.starts_with("is DOWN");
                if !vague || health.servers.get(server).is_none_or(|(_, before, _)| !before.starts_with("down_")) {
                    health.servers.insert(server, (at, value, detail));
                }
            }
            Event::NoServer { backend } => health.backend(backend, at, "none_up", "no server available".to_owned()),
            Event::ClientHandshake { client } => {
                findings.fact(at, Claim::Attempt(session::lost_handshake(client)));
            }
            Event::NoProxyProtocol => {
                findings.state(at, PROXY_REASON, "proxy_protocol", Endpoint::default(), "no PROXY protocol header");
            }
            Event::Unresolved { name } => {
                findings.fact(at, Claim::Lookup(Lookup::new(name, Outcome::Unresolved)));
            }
            Event::Notice => {}
        }
    }
}

/// Usable servers after a server went down: `0 active and 1 backup servers left`. Nothing where one came up.
fn left(text: &str) -> Option<u32> {
    let (before, _) = text.split_once(" backup servers left")?;
    let (before, backup) = before.rsplit_once(" active and ")?;
    let active: u32 = before.rsplit(' ').next()?.parse().ok()?;
    Some(active + backup.parse::<u32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_server_that_hangs_up_is_told_from_one_that_answers() {
        let text = "Nov 21 01:53:51 lb-b haproxy[30038]: 198.51.100.23:60100 [21/Nov/2026:01:53:51.414] public be_feed/feed-1 0/0/0/2/2 200 173 - - ---- 1/1/0/0/0 0/0 \"GET /f HTTP/1.1\"\n\
                    Nov 21 01:53:51 lb-b haproxy[30038]: 198.51.100.23:60110 [21/Nov/2026:01:53:51.429] public be_feed/feed-2 0/0/0/-1/0 502 209 - - SH-- 1/1/0/0/0 0/0 \"GET /f HTTP/1.1\"";
        assert_eq!(
            told(READER, text),
            [
                "the request to self worked",
                "the request to be_feed/feed-1 worked",
                "the request to self was answered 502",
                "the request to be_feed/feed-2 was closed without a byte of answer",
                "proxy reason is upstream closed (termination state SH--)",
            ]
        );
    }

    #[test]
    fn what_waited_for_room_at_a_server_is_told_from_what_the_server_was_slow_with() {
        let line = |timers: &str| {
            let text = format!(
                "Nov 29 15:04:29 lb-b haproxy[12552]: 198.51.100.61:43768 [29/Nov/2026:15:04:22.148] public catalog/catalog-b1 {timers} 200 179 - - ---- 4/4/3/1/0 0/28 \"GET /c/108 HTTP/1.1\""
            );
            told(READER, &text).into_iter().find(|said| said.contains("queue"))
        };
        let waited = "lb queue is growing at catalog/catalog-b1 (a request waited 7.0 s for room there)";
        assert_eq!(line("0/6986/2/502/7490").as_deref(), Some(waited));
        assert_eq!(line("0/0/2/7488/7490"), None);
    }

    #[test]
    fn a_server_without_an_address_is_a_question_to_a_name_server() {
        let text = "[ALERT]    (4165) : config : [h.cfg:10] : 'server b/s1' : could not resolve address 'orders.internal.example'.";
        assert_eq!(told(READER, text), ["the lookup of orders.internal.example could not resolve the name"]);
    }

    #[test]
    fn changes_of_health_name_the_server_and_the_reason() {
        let text = "Server be_inventory/inv2 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.\n\
                    Server web/web-2 is UP, reason: Layer4 check passed, check duration: 0ms. 2 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.\n\
                    backend tickets has no server available!";
        assert_eq!(
            told(READER, text),
            [
                "server check is down refused at be_inventory/inv2 (Layer4 connection problem, info: \"Connection refused\")",
                "server check is up at web/web-2 (Layer4 check passed)",
                "backend servers is none up at be_inventory (no server left)",
                "backend servers is none up at tickets (no server available)",
            ]
        );
    }

    #[test]
    fn clients_of_ipv6_and_formats_of_ones_own_are_read() {
        let text = "Nov 28 21:26:15 lb haproxy[3869]: 2001:db8:44:7::20:37238 [28/Nov/2026:21:26:15.367] fe_web~ be_kasse/kasse2 0/0/0/4/4 500 255 - - ---- 1/1/0/0/0 0/0 \"GET /500 HTTP/1.1\"\n\
                    Nov 28 21:26:16 lb haproxy[3869]: 10.44.7.20:37734 [28/Nov/2026:21:26:16.404] fe_web/2: SSL handshake failure\n\
                    <150>Jul 25 18:11:03 haproxy[12]: 172.18.0.9,<NOSRV>,503,0,1001,0,GET,/,-,admin";
        assert_eq!(
            told(READER, text),
            [
                "the request to self was answered 500, answered by kasse2",
                "the request to be_kasse/kasse2 was answered 500",
                "the request to self failed at the TLS handshake",
                "proxy reason is no server (<NOSRV>)",
            ]
        );
    }
}
