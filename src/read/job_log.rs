//! Reads what a script prints of its own rounds, each with its time: requests with their status, and what a job took away.
//!
//! ```text
//! $ bash /opt/probe.sh                       $ tail -n 2 /var/log/sweep.log
//! 21:09:14 deck1 32b9425e 410                21:09:14 sweep upload:* deleted 17
//! 21:09:16 deck1 6a0c59b5 200                21:09:23 sweep upload:* deleted 16
//! ```

use super::curl_write_out::is_registered;
use super::observable::JOB_RUN;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::moment::moment;

pub(super) const REQUESTS: Reader = Reader { kind: "rounds", most: 0.8, recognize: requests, read: read_requests };
pub(super) const RUNS: Reader = Reader { kind: "job", most: 0.8, recognize: runs, read: read_runs };

/// Fewer lines of one shape may be anything.
const FEWEST: usize = 8;

/// The status that ends a line of a few words behind a time.
fn status(text: &str) -> Option<u16> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let short = (2..=5).contains(&words.len()) && text.starts_with(|c: char| c.is_ascii_digit());
    let last = words.last().filter(|word| short && word.len() == 3)?;
    last.parse().ok().filter(|status| is_registered(*status) && moment(text).is_some())
}

fn requests(part: &Part) -> f64 {
    let filled = || part.lines.iter().filter(|line| !line.text.trim().is_empty());
    let shown = part.command.as_ref().is_none_or(|command| {
        ["tail", "head", "cat", "grep", "awk", "sed", "less", "journalctl"].iter().any(|one| command.runs(one))
    });
    let rows = filled().filter(|line| status(&line.text).is_some()).count();
    // A file's lines are a server's as often as a caller's.
    if !shown && rows >= FEWEST && rows == filled().count() { 0.8 } else { 0.0 }
}

fn read_requests(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some(status) = status(&line.text) else { continue };
        let protocol = Some("http".to_owned());
        let attempt = Attempt::new(Stage::Exchange, Outcome::of_status(status));
        let attempt = Attempt { status: Some(status), protocol, ..attempt };
        findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
    }
}

/// Whether a line says when something was taken away, and that it was more than nothing.
fn is_run(text: &str) -> bool {
    const VERBS: [&str; 6] = ["deleted", "removed", "purged", "pruned", "expired", "swept"];
    let number = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().is_ok_and(|n| n > 0);
    let mut words =
        text.split_whitespace().skip(1).skip_while(|word| !VERBS.contains(&word.trim_end_matches([':', '='])));
    words.next().is_some() && words.next().is_some_and(number) && moment(text).is_some()
}

fn runs(part: &Part) -> f64 {
    if part.lines.iter().filter(|line| is_run(&line.text)).count() > 1 { 0.8 } else { 0.0 }
}

fn read_runs(part: &Part, findings: &mut Findings) {
    for line in part.lines.iter().filter(|line| is_run(&line.text)) {
        findings.state(Lines::one(line.number), JOB_RUN, "deleted", Endpoint::default(), "");
    }
}
