//! Reads gunicorn's error log.
//!
//! ```text
//! [2026-11-21 01:52:46 +0000] [811] [CRITICAL] WORKER TIMEOUT (pid:812)
//! [2026-11-21 01:52:47 +0000] [811] [ERROR] Worker (pid:812) was sent SIGKILL! Perhaps out of memory?
//! ```
//!
//! Wordings: `gunicorn/arbiter.py`, releases 19 to 23.

use super::log_line::LogLine;
use super::observable::PROCESS;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "gunicorn", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any_message(is_entry) { 0.96 } else { 0.0 }
}

/// Whether gunicorn wrote this line to its error log.
pub(super) fn is_entry(text: &str) -> bool {
    entry(text).is_some()
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some((level, said)) = entry(LogLine::parse(&line.text).message) else {
            // The last line of a traceback says why a worker died.
            for claim in driver::said(&line.text) {
                findings.fact(Lines::one(line.number), claim);
            }
            continue;
        };
        let value = match () {
            () if said.starts_with("WORKER TIMEOUT") => Some("worker_timeout"),
            // The arbiter sends SIGKILL itself after a timeout; its question about memory is only a guess.
            () if said.contains("was sent SIG") => Some("crashed"),
            () if said.starts_with("Worker failed to boot") || said.contains("exited with code ") => Some("crashed"),
            () if said.starts_with("App failed to load") => Some("crashed"),
            () if said.starts_with("Shutting down: Master") => Some("stopped"),
            () => None,
        };
        if let Some(value) = value {
            findings.state(Lines::one(line.number), PROCESS, value, Endpoint::default(), said.trim());
        } else if matches!(level, "INFO" | "DEBUG" | "WARNING") {
            findings.noise(line.number);
        }
    }
}

/// The level and message of `[2026-11-21 01:52:46 +0000] [811] [CRITICAL] message`.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (stamp, rest) = text.strip_prefix('[')?.split_once("] [")?;
    let (pid, rest) = rest.split_once("] [")?;
    let (level, said) = rest.split_once("] ")?;
    let dated = stamp.len() >= 19 && stamp.starts_with(|c: char| c.is_ascii_digit());
    let ours = matches!(level, "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL");
    (dated && ours && pid.bytes().all(|b| b.is_ascii_digit())).then_some((level, said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_worker_that_took_too_long_is_told_from_one_that_died() {
        let text = "[2026-11-21 01:52:40 +0000] [811] [INFO] Booting worker with pid: 812\n\
                    [2026-11-21 01:52:46 +0000] [811] [CRITICAL] WORKER TIMEOUT (pid:812)\n\
                    [2026-11-21 01:52:47 +0000] [811] [ERROR] Worker (pid:812) was sent SIGKILL! Perhaps out of memory?";
        assert_eq!(
            told(READER, text),
            [
                "process is worker timeout (WORKER TIMEOUT (pid:812))",
                "process is killed (Worker (pid:812) was sent SIGKILL! Perhaps out of memory?)",
            ]
        );
    }
}
