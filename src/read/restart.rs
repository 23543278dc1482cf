//! Finds in any log where something stopped and serves again, just began to serve, or could not because another program has its port, in
//! the words of whoever says so.
//!
//! ```text
//! 28-Nov-2026 12:03:24.755 INFO [Thread-1] org.apache.catalina.core.StandardService.stopInternal Stopping service [Catalina]
//! 28-Nov-2026 12:03:29.695 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1146] milliseconds
//! Nov 28 12:03:26 school-lb haproxy[19523]: Server grades/grades8 is DOWN, reason: Layer4 connection problem, …
//! Nov 28 12:03:31 school-lb haproxy[19523]: Server grades/grades8 is UP, reason: Layer7 check passed, …
//! ```

use std::collections::BTreeMap;

use super::log_line::LogLine;
use super::observable::{PROCESS, RESTART};
use super::{Findings, Part, systemd};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};
use crate::moment::{between, moment};

/// A word of an end or a beginning stands within so many bytes of its line.
const NEAR: usize = 300;

/// Words of something that stops, in small letters.
const STOPS: [&str; 8] =
    ["stopping", "stopped", "shutting down", "shut down", "shutdown", " is down", " going down", "sigterm"];

/// Words of something that serves. That it is only starting is no end of anything.
const SERVES: [&str; 12] = [
    "started ",
    "server startup in",
    "startup complete",
    " is up,",
    " is up.",
    "ready to accept",
    "ready for connections",
    "listening at",
    "booting worker",
    "start worker process",
    "running on http",
    "active (running) since",
];

/// Words of those of a whole program that has begun; a worker or a member of a balancer begins without one.
const BEGINS: [&str; 8] = [
    "listening at",
    "server startup in",
    "startup complete",
    "ready to accept",
    "ready for connections",
    "running on http",
    "active (running) since",
    " seconds (",
];

/// So many milliseconds apart, two lines tell of one beginning.
const ONE_BEGINNING: i64 = 30_000;

/// What a system says to a program whose port another one has, by strerror(3), gunicorn, Node.js and Windows.
const TAKEN: [&str; 4] =
    ["ddress already in use", "EADDRINUSE", "Connection in use: ", "Only one usage of each socket address"];

/// With one of these the line tells of something else: that it did not stop, or did not start.
const FAILS: [&str; 6] = ["fail", "error", "could not", "cannot", "unable", "already"];

/// One line of such a log.
struct Turn {
    serves: bool,
    /// It is a whole program that serves.
    begins: bool,
    /// The server of a balancer or the unit of an init system that it names.
    of: String,
}

/// Records every stop that is followed by a beginning of the same thing, at the lines of both, and every beginning of which no stop is
/// told, at its own.
pub(super) fn read(part: &Part, findings: &mut Findings) {
    let mut down: BTreeMap<String, (u32, i64, &str)> = BTreeMap::new();
    let mut over: Vec<(String, Lines, i64, String)> = Vec::new();
    let mut begun: Vec<(Lines, i64, &str)> = Vec::new();
    let mut taken: Option<(u32, &str)> = None;
    let mut unit = "";
    for line in &part.lines {
        unit = systemd::headline(&line.text).unwrap_or(unit);
        if TAKEN.iter().any(|words| line.text.contains(words)) {
            taken = Some((line.number, &line.text));
            findings.noise(line.number);
        }
        // What is mounted or waited for is no process, however it runs.
        let of_a_process = unit.is_empty() || unit.contains(".service");
        let Some(turn) = turn(&line.text).filter(|turn| of_a_process || !turn.begins) else { continue };
        if turn.begins {
            // It came to its port in the end.
            taken = None;
        }
        let Some(at) = moment(&line.text) else { continue };
        if !turn.serves {
            down.entry(turn.of).or_insert((line.number, at, &line.text));
        } else if let Some((first, since, stopped)) = down.remove(&turn.of)
            && let Some(lasted) = between(since, at).filter(|lasted| *lasted >= 0)
        {
            let words = format!("{} … {}", said(stopped), said(&line.text));
            over.push((turn.of, Lines::new(first, line.number), lasted, words));
            begun.push((Lines::new(first, line.number), at, ""));
        } else if turn.begins {
            let known = begun.last().is_some_and(|(_, before, _)| at - before <= ONE_BEGINNING);
            begun.push((Lines::one(line.number), at, if known { "" } else { &line.text }));
        }
    }
    if let Some((number, text)) = taken {
        findings.state(Lines::one(number), PROCESS, "without_its_port", Endpoint::default(), said(text));
    }
    for (lines, _, text) in begun.into_iter().filter(|(.., text)| !text.is_empty()) {
        let of = Endpoint::default();
        let state = State { observable: RESTART.to_owned(), value: "begun".to_owned(), of, detail: said(text) };
        findings.beside(lines, BTreeMap::new(), Claim::State(state));
    }
    // What has stopped once more, and no word says that it serves, is not over.
    for (name, lines, lasted, detail) in over.into_iter().filter(|(name, ..)| !down.contains_key(name)) {
        let of = Some(name).filter(|name| name.contains('/')).map(Endpoint::named).unwrap_or_default();
        let state = State { observable: RESTART.to_owned(), value: "over".to_owned(), of, detail };
        findings.beside(lines, BTreeMap::from([("lasted_s".to_owned(), lasted as f64 / 1e3)]), Claim::State(state));
    }
}

fn turn(text: &str) -> Option<Turn> {
    // Most lines have none of these; only what has one is looked at word by word.
    if !["tart", "top", "own", "UP", "DOWN", "TERM", "ready", "istening", "ooting", "unning"]
        .iter()
        .any(|part| text.contains(part))
    {
        return None;
    }
    let head = match text.char_indices().nth(NEAR) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    };
    let words = head.to_ascii_lowercase();
    let has = |all: &[&str]| all.iter().any(|word| words.contains(word));
    let serves = has(&SERVES);
    if serves == has(&STOPS) || has(&FAILS) {
        return None;
    }
    let message = LogLine::parse(text).message;
    let named = |word: &&str| word.ends_with(".service") || message.starts_with("Server ") && word.contains('/');
    let of = message.split_whitespace().take(4).find(named).unwrap_or_default().to_owned();
    Some(Turn { serves, begins: has(&BEGINS), of })
}

/// The words of a line, without what carried them.
fn said(text: &str) -> String {
    LogLine::parse(text).message.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    /// What was found, with the seconds it lasted.
    fn found(text: &str) -> Vec<(String, f64)> {
        let part = Part::new(None, clean(text));
        let mut findings = Findings::default();
        read(&part, &mut findings);
        let told = |fact: &crate::fact::Fact| match &fact.claim {
            Claim::State(state) => state.of.name.clone().unwrap_or_default(),
            _ => String::new(),
        };
        let over = findings.facts.iter().filter_map(|fact| Some((told(fact), *fact.numbers.get("lasted_s")?)));
        over.collect()
    }

    #[test]
    fn a_restart_is_told_by_whoever_stops_and_serves_again() {
        let tomcat = "28-Nov-2026 12:03:24.755 INFO [Thread-1] org.apache.catalina.core.StandardService.stopInternal Stopping service [Catalina]\n\
                      28-Nov-2026 12:03:28.553 INFO [main] org.apache.catalina.core.StandardService.startInternal Starting service [Catalina]\n\
                      28-Nov-2026 12:03:29.695 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1146] milliseconds";
        assert_eq!(found(tomcat), [(String::new(), 4.94)]);
        let haproxy = "Nov 28 12:03:26 school-lb haproxy[19523]: Server grades/grades8 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active\n\
                       Nov 28 12:03:31 school-lb haproxy[19523]: Server grades/grades8 is UP, reason: Layer7 check passed, code: 200, check duration: 1ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.";
        assert_eq!(found(haproxy), [("grades/grades8".to_owned(), 5.0)]);
        let deploy = "09:07:06 deploy 2026.11.28-2: stopping artifacts (planned, change 8820)\n\
                      09:07:12 deploy 2026.11.28-2: starting artifacts\n\
                      [2026-11-28 09:07:12 +0000] [24330] [INFO] Listening at: http://0.0.0.0:8080 (24330)";
        assert_eq!(found(deploy), [(String::new(), 6.0)]);
    }

    #[test]
    fn a_program_that_begins_is_told_once_and_a_worker_or_a_member_is_none() {
        let begins = |text: &str| {
            let part = Part::new(None, clean(text));
            let mut findings = Findings::default();
            read(&part, &mut findings);
            findings.facts.iter().map(|fact| fact.lines.first).collect::<Vec<u32>>()
        };
        let gunicorn = "[2026-11-29 06:10:46 +0000] [12711] [INFO] Starting gunicorn 27.0.1\n\
                        [2026-11-29 06:10:46 +0000] [12711] [INFO] Listening at: http://0.0.0.0:8080 (12711)\n\
                        [2026-11-29 06:10:46 +0000] [12745] [INFO] Booting worker with pid: 12745\n\
                        [2026-11-29 07:44:10 +0000] [13002] [INFO] Listening at: http://0.0.0.0:8080 (13002)";
        assert_eq!(begins(gunicorn), [2, 4]);
        let mount = "* proc-sys-fs-binfmt_misc.automount - Arbitrary Executable File Formats File System Automount Point\n   Active: active (running) since Thu 2021-09-23 12:03:43 UTC; 3h 7min ago";
        assert!(begins(mount).is_empty() && !begins(&mount.replace(".automount", ".service")).is_empty());
        assert!(begins("[2026-11-29 06:10:46 +0000] [12711] [INFO] Booting worker with pid: 12745").is_empty());
        assert!(begins("Nov 28 12:03:31 lb haproxy[1]: Server a/a1 is UP, reason: Layer7 check passed, code: 200, check duration: 1ms.").is_empty());
    }

    #[test]
    fn a_port_that_another_program_has_is_told_unless_it_was_let_go() {
        let taken = "[2026-11-29 06:08:36 +0000] [8634] [ERROR] Connection in use: ('0.0.0.0', 8000)";
        let told = |text: &str| {
            crate::read::read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(told(taken), [format!("process is without its port ({taken})")]);
        let begun = "[2026-11-29 06:09:46 +0000] [8701] [INFO] Listening at: http://0.0.0.0:8000 (8701)";
        assert!(told(&format!("{taken}\n{begun}")).iter().all(|said| said.contains("restart")));
    }

    #[test]
    fn a_stop_without_a_beginning_is_not_over() {
        let down = "Nov 28 12:03:26 lb haproxy[1]: Server a/a1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 1 active and 0 backup servers left.\n\
                    Nov 28 12:03:31 lb haproxy[1]: Server a/a2 is UP, reason: Layer7 check passed, code: 200, check duration: 1ms. 1 active and 0 backup servers online.";
        assert!(found(down).is_empty());
        let starting =
            "09:07:06 deploy: stopping artifacts\n09:07:12 deploy: artifacts failed to start, not listening at 8080";
        assert!(found(starting).is_empty());
        let again = "Nov 28 12:03:26 lb haproxy[1]: Server a/a1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 1 active and 0 backup servers left.\n\
                     Nov 28 12:03:31 lb haproxy[1]: Server a/a1 is UP, reason: Layer7 check passed, code: 200, check duration: 1ms. 2 active and 0 backup servers online.\n\
                     Nov 28 12:04:26 lb haproxy[1]: Server a/a1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 1 active and 0 backup servers left.";
        assert!(found(again).is_empty());
    }
}
