//! Leaves out what a log tells of days long before the rest: what failed last week and never again is no part of today's incident.

use std::collections::BTreeSet;

use crate::evidence::Origin;
use crate::fact::{Claim, Endpoint, Fact, Outcome};
use crate::moment::moment;
use crate::order;
use crate::read::Reading;

/// A failure this long before the newest line is history, unless it has come back. Two days, so that last night and a weekend's job
/// belong to today. Milliseconds.
const LONG_AGO: i64 = 2 * DAY;

/// A failure is history after a day already where nothing has failed for as long and its target was seen to work.
const DAY: i64 = 24 * 3_600_000;

/// What the case's own clock says.
pub(super) struct History {
    /// When its newest line was written or its newest paste taken; nothing where nothing recent is told but by the old lines themselves.
    newest: Option<i64>,
    /// What failed lately.
    lately: BTreeSet<String>,
    /// The targets that were seen to work within a day, if nothing failed since.
    working: Vec<Endpoint>,
}

impl History {
    pub(super) fn of<'a>(evidence: impl Iterator<Item = (&'a Origin, &'a Reading)>) -> History {
        let mut taken = None;
        let mut facts = Vec::new();
        for (origin, reading) in evidence {
            taken = taken.max(origin.at.as_deref().and_then(moment));
            facts.extend(reading.facts());
        }
        let newest = facts.iter().filter_map(|fact| written(fact)).max().max(taken);
        let recent =
            |fact: &&&Fact| written(fact).is_none_or(|at| newest.is_some_and(|newest| newest - at <= LONG_AGO));
        let goes_on = facts.iter().filter(recent).any(|fact| !is_failure(&fact.claim));
        let lately = facts.iter().filter(recent).filter(|fact| is_failure(&fact.claim)).map(|fact| what(&fact.claim));
        let since = |fact: &&&Fact| written(fact).is_none_or(|at| newest.is_some_and(|newest| newest - at <= DAY));
        let fails = facts.iter().filter(since).any(|fact| is_failure(&fact.claim));
        let works = |fact: &&Fact| match &fact.claim {
            Claim::Attempt(attempt) if attempt.outcome == Outcome::Ok && !fails => Some(attempt.to.clone()),
            _ => None,
        };
        let working = facts.iter().filter(since).filter_map(works).collect();
        History { lately: order::set(lately), newest: newest.filter(|_| goes_on), working }
    }

    /// Days since a failure that has not come back; nothing for anything else.
    pub(super) fn days_past(&self, fact: &Fact) -> Option<i64> {
        let age = self.newest? - written(fact)?;
        let past = age > LONG_AGO && is_failure(&fact.claim) && !self.lately.contains(&what(&fact.claim));
        (past || age > DAY && self.works_again(&fact.claim)).then_some(age / DAY)
    }

    /// Whether the address and port that a request failed at were seen to work since.
    fn works_again(&self, claim: &Claim) -> bool {
        let Claim::Attempt(attempt) = claim else { return false };
        let same = |other: &Endpoint| {
            other.address.is_some() && (other.address, other.port) == (attempt.to.address, attempt.to.port)
        };
        !attempt.outcome.is_success() && self.working.iter().any(same)
    }
}

/// What is said of a line that is left out.
pub(super) fn sentence(paste: usize, line: u32, days: i64) -> String {
    let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
    format!(
        "paste {paste}, line {line}, is {days} older than the rest and nothing like it is told since: it is left out."
    )
}

/// When a line was written, where it says so with the year: one without a year or a date is taken for 1970 ([`moment`]).
fn written(fact: &Fact) -> Option<i64> {
    fact.at.filter(|at| *at >= 365 * DAY)
}

fn is_failure(claim: &Claim) -> bool {
    match claim {
        Claim::Attempt(attempt) => !attempt.outcome.is_success(),
        Claim::State(state) => matches!(state.observable.as_str(), "complaint" | "proxy.reason" | "db.error"),
        Claim::Lookup(_) | Claim::Span(_) | Claim::Series(_) => false,
    }
}

/// In what way something failed.
fn what(claim: &Claim) -> String {
    match claim {
        Claim::Attempt(attempt) => attempt.outcome.word().to_owned(),
        Claim::State(state) => format!("{}={}", state.observable, state.value),
        Claim::Lookup(_) | Claim::Span(_) | Claim::Series(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    const LOG: &str = "2026/11/19 12:03:05 [error] 17431#17431: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 172.23.14.9, server: tours.haulier.example, request: \"GET /geo/tile/2214 HTTP/1.1\", upstream: \"http://172.23.17.40:8090/geo/tile/2214\", host: \"tours.haulier.example\"";

    fn past(text: &str, taken: Option<&str>) -> Vec<Option<i64>> {
        let origin = Origin { at: taken.map(str::to_owned), ..Origin::default() };
        let reading = read(text, None, None);
        let history = History::of([(&origin, &reading)].into_iter());
        reading.facts().filter(|fact| is_failure(&fact.claim)).map(|fact| history.days_past(fact)).collect()
    }

    #[test]
    fn what_failed_last_week_and_not_since_is_past() {
        let since = "172.23.14.9 - - [28/Nov/2026:12:03:13 +0000] \"GET /list HTTP/1.1\" 200 6 \"-\" \"-\"";
        assert!(past(&format!("{LOG}\n{since}"), None).iter().all(|days| *days == Some(9)));
    }

    #[test]
    fn what_failed_a_day_ago_is_past_where_it_works_and_nothing_fails() {
        let log = LOG.replace("2026/11/19", "2026/11/27");
        let works = "$ nc -vz -w 2 172.23.17.40 8090\nConnection to 172.23.17.40 8090 port [tcp/*] succeeded!";
        let other = works.replace("8090", "8091");
        let taken = Some("2026-11-28T18:00:00Z");
        assert!(past(&format!("$ tail error.log\n{log}\n{works}"), taken).contains(&Some(1)));
        assert!(past(&format!("$ tail error.log\n{log}\n{other}"), taken).iter().all(Option::is_none));
        let early = Some("2026-11-28T06:00:00Z");
        assert!(past(&format!("$ tail error.log\n{log}\n{works}"), early).iter().all(Option::is_none));
    }

    #[test]
    fn a_line_without_a_year_is_of_today() {
        let syslog = "Nov 19 12:03:05 lb haproxy[1]: 10.0.0.9:5 [19/Nov/2026:12:03:05.838] web be/q8 0/0/0/-1/0 502 209 - - PH-- 1/1/0/0/0 0/0 \"GET /q HTTP/1.1\"";
        let since = "172.23.14.9 - - [28/Nov/2026:12:03:13 +0000] \"GET /list HTTP/1.1\" 200 6 \"-\" \"-\"";
        assert!(past(&format!("{syslog}\n{since}"), None).iter().all(Option::is_none));
    }

    #[test]
    fn what_is_all_there_is_or_has_come_back_is_not() {
        assert!(past(LOG, Some("2026-11-28T12:03:32Z")).iter().all(Option::is_none));
        let again = LOG.replace("2026/11/19", "2026/11/28");
        let since = "172.23.14.9 - - [28/Nov/2026:12:03:13 +0000] \"GET /list HTTP/1.1\" 200 6 \"-\" \"-\"";
        assert!(past(&format!("{LOG}\n{again}\n{since}"), None).iter().all(Option::is_none));
    }
}
