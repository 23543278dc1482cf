//! When what was seen, in UTC, whatever time zone it was written in.

use super::Handoff;
use crate::link::clock;
use crate::order;

/// One moment of the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Seconds since 1970; pieces without a time come last.
    pub at: Option<i64>,
    /// Position of the evidence, from 0.
    pub evidence: usize,
    pub says: String,
}

impl Moment {
    /// `2026-11-21 01:52:07 UTC`.
    pub(super) fn clock(&self) -> String {
        let time = self.at.and_then(clock::time);
        time.map_or_else(|| "time unknown".to_owned(), |time| time.replace('T', " ").replace('Z', " UTC"))
    }
}

/// The evidence in the order of time.
pub(super) fn timeline(case: &Handoff) -> Vec<Moment> {
    let mut moments: Vec<Moment> = case
        .evidence
        .iter()
        .enumerate()
        .map(|(position, evidence)| {
            let origin = &evidence.origin;
            let from = origin.vantage.as_deref().map(|id| format!(" on {}", case.name(id))).unwrap_or_default();
            let command = origin.command.as_deref().unwrap_or("evidence");
            let mut facts = evidence.reading.facts();
            let first = facts.next().map(|fact| format!(": {}", fact.claim)).unwrap_or_default();
            let more = match facts.count() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            Moment {
                at: origin.at.as_deref().and_then(utc),
                evidence: position,
                says: format!("{command}{from}{first}{more}"),
            }
        })
        .collect();
    order::by_key(&mut moments, |moment| (moment.at.is_none(), moment.at, moment.evidence));
    moments
}

/// Seconds since 1970 of a time of RFC 3339, with any offset.
pub(super) fn utc(time: &str) -> Option<i64> {
    let (date, rest) = time.split_at_checked(10)?;
    let clock = rest.get(1..9)?;
    let zone = rest.get(9..)?;
    let zone = zone.strip_prefix('.').map_or(zone, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let seconds = hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60;
            if zone.starts_with('-') { -seconds } else { seconds }
        }
    };
    clock::seconds(&format!("{date}T{clock}Z")).map(|seconds| seconds - offset)
}
