//! Reads counts as people report them from a graph: how many errors a balancer had, and what was the case then.
//!
//! ```text
//! elb: about 300 BackendConnectionErrors with 3 instances, 0 requests
//! elb: 1000 BackendConnectionErrors per 5 min with 9 instances, 0 requests
//! elb: health check every 10 s
//! ```

use std::collections::BTreeMap;

use super::observable::{LB_ERRORS, LB_HEALTH_CHECK};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};
use crate::order;

pub(super) const READER: Reader = Reader { kind: "counts", most: 0.85, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| Note::parse(text).is_some()) { 0.85 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let Some(note) = Note::parse(&line.text) else { continue };
        let state = State {
            observable: note.observable.to_owned(),
            value: note.value.to_owned(),
            of: Endpoint::named(note.of),
            detail: note.detail,
        };
        findings.measured(Lines::one(line.number), note.numbers, Claim::State(state));
    }
}

struct Note<'a> {
    of: &'a str,
    observable: &'static str,
    value: &'static str,
    detail: String,
    numbers: BTreeMap<String, f64>,
}

impl<'a> Note<'a> {
    fn parse(text: &'a str) -> Option<Note<'a>> {
        let (of, rest) = text.trim().trim_start_matches(['-', '•', ' ']).split_once(": ")?;
        if of.is_empty() || of.contains([' ', '"', '[', '=', '>']) {
            return None;
        }
        let words: Vec<&str> = rest.split_whitespace().map(|word| word.trim_end_matches([',', '.', ';'])).collect();
        if let ["health", "check" | "checks", "every", seconds, "s" | "sec" | "seconds", ..] = words.as_slice() {
            let numbers = order::map([("interval_s".to_owned(), number(seconds)?)]);
            return Some(Note { of, observable: LB_HEALTH_CHECK, value: "seen", detail: rest.to_owned(), numbers });
        }
        let counted = words.strip_prefix(&["about"]).unwrap_or(&words);
        let (first, rest_of) = counted.split_first()?;
        let (metric, then) = rest_of.split_first()?;
        let errors = number(first)?;
        if !is_error(metric) {
            return None;
        }
        let mut numbers = order::map([("errors".to_owned(), errors)]);
        if let Some(period) =
            then.iter().position(|word| *word == "per").and_then(|at| then.get(at + 1..)).and_then(period)
        {
            numbers.insert("period_s".to_owned(), period);
        }
        let behind = then.iter().position(|word| *word == "with").and_then(|at| then.get(at + 1..)).unwrap_or_default();
        for pair in behind.windows(2) {
            if let [count, what] = pair
                && let (Some(count), Some(what)) = (number(count), multiplier(what))
            {
                numbers.insert(what.to_owned(), count);
            }
        }
        let value = if errors > 0.0 { "counted" } else { "none" };
        Some(Note {
            of,
            observable: LB_ERRORS,
            value,
            detail: format!("{metric}: {}", rest.replacen(&format!("{metric} "), "", 1)),
            numbers,
        })
    }
}

/// `300`, `~300`, `1,000`, `11k`, `no`
fn number(word: &str) -> Option<f64> {
    let word = word.trim_start_matches('~').replace(',', "");
    match word.to_ascii_lowercase().strip_suffix('k') {
        _ if word == "no" => Some(0.0),
        Some(thousands) => thousands.parse::<f64>().ok().map(|thousands| thousands * 1_000.0),
        None => word.parse().ok(),
    }
}

fn is_error(metric: &str) -> bool {
    let metric = metric.to_ascii_lowercase();
    ["error", "5xx", "failures", "rejected", "resets"].iter().any(|word| metric.contains(word))
}

/// Seconds of `minute`, `5 min`, `hour`.
fn period(words: &[&str]) -> Option<f64> {
    let unit = |word: &str| match word {
        "s" | "second" | "seconds" => Some(1.0),
        "min" | "minute" | "minutes" => Some(60.0),
        "h" | "hour" | "hours" => Some(3_600.0),
        _ => None,
    };
    let first = words.first()?;
    unit(first).or_else(|| Some(number(first)? * unit(words.get(1)?)?))
}

/// What multiplies, under one name.
fn multiplier(word: &str) -> Option<&'static str> {
    Some(match word {
        "instance" | "instances" | "target" | "targets" | "nodes" | "members" | "hosts" => "targets",
        "request" | "requests" | "connections" => "requests",
        "listener" | "listeners" => "listeners",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_count_is_told_with_what_was_the_case() {
        let text = "elb: about 300 BackendConnectionErrors with 3 instances, no requests\nelb: health check every 10 s";
        assert_eq!(
            told(READER, text),
            [
                "lb errors is counted at elb (BackendConnectionErrors: about 300 with 3 instances, no requests)",
                "lb health check is health check every 10 s at elb"
            ]
        );
        let note = Note::parse("elb: 11k BackendConnectionErrors per 5 min with 9 instances, 0 requests").unwrap();
        let numbers: Vec<(&str, f64)> = note.numbers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(numbers, [("errors", 11_000.0), ("period_s", 300.0), ("requests", 0.0), ("targets", 9.0)]);
        assert!(Note::parse("kubelet: error syncing pod").is_none());
    }
}
