//! Reads PostgreSQL's server log, with any `log_line_prefix` that begins with a time.
//!
//! ```text
//! 2026-11-21 01:52:51.737 UTC [1234] FATAL:  sorry, too many clients already
//! 2026-11-21 01:52:52.101 UTC [1240] app@shop LOG:  process 1240 still waiting for ShareLock on transaction 741 after 1000.123 ms
//! 2026-11-21 01:52:53.000 UTC [1240] app@shop STATEMENT:  update items set qty = qty - 1 where id = 7
//! ```
//!
//! Statements may hold anything and stay unreported.

use super::log_line::{LogLine, is_time};
use super::observable::{DB_STATEMENT, PROCESS};
use super::pick::{between, number_after, word_after};
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint};

pub(super) const READER: Reader = Reader { kind: "postgres", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any_message(is_entry) { 0.97 } else { 0.0 }
}

/// Whether PostgreSQL wrote this line to its log.
pub(super) fn is_entry(text: &str) -> bool {
    entry(text).is_some()
}

fn read(part: &Part, findings: &mut Findings) {
    // Who is behind each process; with `log_connections` the first line of each tells.
    let mut senders: Vec<(&str, &str)> = Vec::new();
    for line in &part.lines {
        let Some((severity, said)) = entry(LogLine::parse(&line.text).message) else { continue };
        let at = Lines::one(line.number);
        if matches!(severity, "STATEMENT" | "DETAIL" | "HINT" | "CONTEXT" | "QUERY") {
            findings.noise(line.number);
            continue;
        }
        // With the severity, so that "ERROR:  out of memory" is told from a message that only mentions it.
        for claim in driver::said(&format!("{severity}:  {said}")) {
            if let Claim::State(mut state) = claim {
                let sender = senders.iter().rfind(|(one, _)| Some(*one) == process_id(&line.text));
                if let (Some((_, host)), true) = (sender, said.contains("authentication failed")) {
                    state.detail = format!("from {host}");
                }
                findings.state(at, &state.observable, &state.value, Endpoint::default(), state.detail);
            }
        }
        if let Some((value, detail)) = process(said) {
            findings.state(at, PROCESS, value, Endpoint::default(), detail);
        }
        if let Some(milliseconds) = number_after(said, "duration: ").filter(|_| said.starts_with("duration: ")) {
            let value = if milliseconds >= 1000.0 { "over_1s" } else { "under_1s" };
            findings.state(at, DB_STATEMENT, value, Endpoint::default(), format!("{milliseconds} ms"));
        }
        if severity == "LOG" {
            senders.extend(process_id(&line.text).zip(word_after(said, "connection received: host=")));
            findings.noise(line.number);
        }
    }
}

/// The `%p` of the line's prefix.
fn process_id(text: &str) -> Option<&str> {
    between(text, "[", "]")
}

/// What the postmaster says of itself and of its children.
fn process(said: &str) -> Option<(&'static str, String)> {
    let value = match () {
        () if said.contains("was terminated by signal ") => "crashed",
        () if said.starts_with("all server processes terminated; reinitializing") => "restarted",
        () if said.starts_with("database system is ready to accept") => "running",
        () if said.starts_with("database system is shut down") => "stopped",
        () => return None,
    };
    Some((value, said.chars().take(120).collect()))
}

const SEVERITIES: [&str; 10] =
    ["LOG", "ERROR", "FATAL", "PANIC", "WARNING", "STATEMENT", "DETAIL", "HINT", "CONTEXT", "QUERY"];

/// The severity and message of a line; two spaces stand between them.
fn entry(text: &str) -> Option<(&str, &str)> {
    let prefixed = || {
        // `%t:%r:%u@%d:[%p]:` of Amazon's service ends in a colon, what others write ends in a space.
        let (before, said) =
            text.split_once(":  ").or_else(|| text.split_once("]:LOG: ").map(|(_, said)| ("]:LOG", said)))?;
        let (prefix, severity) = before.rsplit_once([' ', ':'])?;
        let timed = prefix == "]" || prefix.split([' ', '[', ']']).take(3).any(is_time);
        (timed && SEVERITIES.contains(&severity)).then_some((severity, said))
    };
    prefixed().or_else(|| csv(text))
}

/// The fields of `log_destination = csvlog`: time, …, severity, SQL state, message, … (PostgreSQL's manual, table 19.3).
fn csv(text: &str) -> Option<(&str, &str)> {
    let (time, rest) = text.split_once(',')?;
    time.split(' ').nth(1).filter(|time| is_time(time))?;
    let (severity, said) = SEVERITIES.iter().find_map(|severity| {
        let (_, said) = rest.split_once(&format!(",{severity},"))?;
        Some((*severity, said))
    })?;
    let (state, message) = said.split_once(",\"")?;
    (state.len() == 5).then(|| (severity, message.split("\",").next().unwrap_or(message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn who_is_refused_is_known_by_its_process() {
        // PostgreSQL 15
        let text = "2026-11-29 21:08:25.628 UTC [4105] [unknown]@[unknown] LOG:  connection received: host=10.34.4.6 port=57166\n\
                    2026-11-29 21:08:25.630 UTC [4106] [unknown]@[unknown] LOG:  connection received: host=10.34.4.7 port=57167\n\
                    2026-11-29 21:08:25.631 UTC [4105] app@shop FATAL:  password authentication failed for user \"app\"";
        assert_eq!(told(READER, text), ["the database refuses: whoever asked is not let in (from 10.34.4.6)"]);
    }

    #[test]
    fn refusals_locks_and_crashes_are_told() {
        let text = "2026-11-21 01:52:51.737 UTC [1234] FATAL:  sorry, too many clients already\n\
                    2026-11-21 01:52:52.101 UTC [1240] app@shop LOG:  process 1240 still waiting for ShareLock on transaction 741 after 1000.123 ms\n\
                    2026-11-21 01:52:53.000 UTC [1240] app@shop STATEMENT:  update users set password = 'x'\n\
                    2026-11-21 01:52:54.000 UTC [7] LOG:  server process (PID 1240) was terminated by signal 9: Killed\n\
                    2026-11-21 01:52:55.000 UTC [9] LOG:  duration: 5012.345 ms  statement: select 1";
        assert_eq!(
            told(READER, text),
            [
                "the database refuses: too many clients",
                "db locks is waiting (ShareLock for 1000.123 ms)",
                "process is killed (server process (PID 1240) was terminated by signal 9: Killed)",
                "db statement is over 1s (5012.345 ms)",
            ]
        );
    }
}
