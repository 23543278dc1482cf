//! Reads what a person reports without a paste: who called whom and what became of it, a state, a change.
//!
//! ```text
//! proxy -> backend-pub: half of the calls time out
//! mobile -> backend-pub: works
//! laptop -> api.example.com: 3 of 6 refused
//! web-1: cpu.quota = throttled
//! changed 2 h ago: fw: rule 12 added
//! I changed backend-pub: moved zone c to a public subnet
//! ```

use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

mod change;
mod state;

pub(super) const READER: Reader = Reader { kind: "note", most: 0.9, recognize, read };

/// A reported frequency weighs no more than this many requests: nobody counted.
const REPORTED: u32 = 6;

fn recognize(part: &Part) -> f64 {
    let told = |text: &str| report(text).is_some() || change::change(text).is_some() || state::state(text).is_some();
    if part.any(told) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        for attempt in report(&line.text).into_iter().flatten() {
            findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
        }
        if let Some((state, numbers)) = change::change(&line.text) {
            findings.measured(Lines::one(line.number), numbers, Claim::State(state));
        }
        if let Some(state) = state::state(&line.text) {
            findings.fact(Lines::one(line.number), Claim::State(state));
        }
    }
}

/// Whether a paste is no output but a person's few words, and none of them tells of trouble: "gw-b: I restarted haproxy, done now".
pub(super) fn is_good_news(part: &Part) -> bool {
    const SPOKEN: [&str; 12] = ["i", "we", "the", "is", "was", "were", "has", "have", "it", "now", "just", "nobody"];
    const TROUBLE: [&str; 18] = [
        "fail", "error", "down", "brok", "break", "time", "refus", "reset", "slow", "wrong", "lost", "unreach", "hang",
        "hung", "stuck", "dead", "problem", "crash",
    ];
    const DENIALS: [&str; 5] = ["no", "not", "can", "cannot", "still"];
    let words: Vec<String> = part
        .lines
        .iter()
        .flat_map(|line| line.text.split_whitespace())
        .map(|word| word.trim_matches([',', '.', '!', '?', ':', ';', '(', ')', '"']).to_ascii_lowercase())
        .collect();
    let is_word = |word: &String| word.chars().all(|c| c.is_alphanumeric() || "-'’/".contains(c));
    let troubles = |word: &String| {
        let begins = TROUBLE.iter().any(|trouble| word.starts_with(trouble));
        begins || word.contains("n't") || DENIALS.contains(&word.as_str())
    };
    part.command.is_none()
        && (5..80).contains(&words.len())
        && words.iter().all(is_word)
        && words.iter().any(|word| SPOKEN.contains(&word.as_str()))
        && !words.iter().any(troubles)
}

/// The failing and the working share of one report.
fn report(text: &str) -> Option<Vec<Attempt>> {
    let (path, rest) = text.trim().trim_start_matches(['-', '•']).split_once(": ")?;
    let (from, to) = path.split_once("->")?;
    let (from, to) = (from.trim(), to.trim());
    if from.is_empty() || to.is_empty() || from.contains(' ') || to.contains(' ') {
        return None;
    }
    let rest = rest.to_ascii_lowercase();
    let outcome = OUTCOMES.iter().find(|(word, _)| rest.contains(word)).map(|(_, outcome)| *outcome)?;
    let (share, all) = quantity(&rest);
    let attempt = |outcome, count| Attempt {
        from: Endpoint { name: Some(from.to_owned()), ..Endpoint::default() },
        to: named(to),
        count,
        ..Attempt::new(Stage::Exchange, outcome)
    };
    let mut attempts = Vec::new();
    if share > 0 {
        attempts.push(attempt(outcome, share));
    }
    if all > share {
        attempts.push(attempt(if outcome == Outcome::Ok { Outcome::TimedOut } else { Outcome::Ok }, all - share));
    }
    Some(attempts)
}

fn named(to: &str) -> Endpoint {
    let (host, port) = split_port(to);
    let found = endpoint(host, port);
    if found.address.is_some() { found } else { Endpoint { name: Some(host.to_owned()), port, ..Endpoint::default() } }
}

/// How many of how many: counted ("3 of 6"), or told ("half", "most", "sometimes").
fn quantity(rest: &str) -> (u32, u32) {
    let words: Vec<&str> = rest.split_whitespace().collect();
    for window in words.windows(3) {
        if let [some, "of", all] = window
            && let (Ok(some), Ok(all)) = (some.parse::<u32>(), all.parse::<u32>())
            && some <= all
        {
            return (some, all);
        }
    }
    let has = |word: &str| words.contains(&word);
    match () {
        () if has("half") => (REPORTED / 2, REPORTED),
        () if has("most") => (REPORTED - 1, REPORTED),
        () if has("some") || has("sometimes") || has("occasionally") => (2, REPORTED),
        () if has("rarely") => (1, REPORTED),
        () => (REPORTED, REPORTED),
    }
}

const OUTCOMES: &[(&str, Outcome)] = &[
    ("refused", Outcome::Refused),
    ("cannot connect", Outcome::ConnectTimeout),
    ("connect timeout", Outcome::ConnectTimeout),
    ("time out", Outcome::TimedOut),
    ("timeout", Outcome::TimedOut),
    ("timed out", Outcome::TimedOut),
    ("times out", Outcome::TimedOut),
    ("hang", Outcome::TimedOut),
    ("reset", Outcome::Reset),
    ("502", Outcome::Http502),
    ("503", Outcome::Http503),
    ("504", Outcome::Http504),
    ("500", Outcome::Http500),
    ("403", Outcome::Http403),
    ("404", Outcome::Http404),
    ("slow", Outcome::Slow),
    ("does not resolve", Outcome::Unresolved),
    ("works", Outcome::Ok),
    ("fine", Outcome::Ok),
    ("ok", Outcome::Ok),
];

#[cfg(test)]
mod tests {
    #[test]
    fn words_that_tell_of_no_trouble_leave_no_doubt_and_others_do() {
        let kind = |text: &str| crate::read::read(text, None, None).blocks.first().map(|block| block.kind.clone());
        let said = "gw-b: I restarted haproxy for the new certificate bundle, took a few seconds longer. done now";
        assert_eq!(kind(said).as_deref(), Some("note"));
        for text in
            ["it was slow for me this morning, and now it hangs", "PING api.example 56 data bytes", "is it the cache?"]
        {
            assert_ne!(kind(text).as_deref(), Some("note"), "{text}");
        }
    }
}
