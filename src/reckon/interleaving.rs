//! Finds where one session of a database changes what another is in the middle of reading.
//!
//! ```text
//! 12:15:07.101 [app-2]   SELECT id FROM posts …              -- 20 rows
//! 12:15:07.104 [cleanup] DELETE FROM posts …                 -- 312 rows
//! 12:15:07.109 [app-2]   SELECT * FROM posts WHERE id = 88123; -- 0 rows
//! ```
//!
//! The clocks of the sessions must be one; a statement log of the server has only one.

use super::{Here, Reckoning, Says, state};
use crate::diagnosis::Sum;
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

/// One statement of the log.
#[derive(Clone, Copy)]
struct Statement<'a> {
    here: Here<'a>,
    session: &'a str,
    time: &'a str,
    verb: &'a str,
    table: &'a str,
    found: bool,
}

pub(super) fn reckon(facts: &[Here]) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let statements: Vec<Statement> = facts.iter().filter_map(statement).collect();
    for (position, second) in statements.iter().enumerate() {
        // A row that was listed and is gone when it is read …
        if second.verb != "SELECT" || second.found {
            continue;
        }
        let before = statements.get(..position).unwrap_or_default();
        let same_log = |other: &&Statement| other.here.place.evidence == second.here.place.evidence;
        let Some((start, first)) = before.iter().enumerate().rfind(|(_, first)| {
            same_log(first) && first.session == second.session && first.table == second.table && first.found
        }) else {
            continue;
        };
        // … because somebody else took it in between.
        let between = before.get(start + 1..).unwrap_or_default().iter().filter(same_log);
        let mut writers = between.filter(|writer| {
            writer.session != second.session
                && writer.table == second.table
                && matches!(writer.verb, "DELETE" | "UPDATE" | "TRUNCATE")
        });
        let Some(writer) = writers.next() else { continue };
        let lines = Lines::new(first.here.fact.lines.first, second.here.fact.lines.last);
        let told = |statement: &Statement| {
            format!("{} {}: {} {}", statement.time, statement.session, statement.verb, statement.table)
        };
        let detail = format!("{} of {} between two reads of {}", writer.verb, writer.table, second.session);
        let race = State { of: Endpoint::named(writer.session), ..state("statements.race", "between_reads", detail) };
        reckoning.findings.push(second.here.place.finding(lines, Says::State(race)));
        reckoning.sums.push(Sum {
            title: "Two sessions on one timeline".to_owned(),
            rows: vec![told(first), told(writer), format!("{}, no rows any more", told(second))],
            concludes: format!(
                "{} takes rows away between two reads of {}: read in one statement or one snapshot, or tolerate rows that are gone.",
                writer.session, second.session
            ),
            missing: Vec::new(),
            because: vec![second.here.place.seen(lines)],
        });
        // One is enough to know that it happens.
        break;
    }
    reckoning
}

/// The reader tells time, verb, table and rows in the detail: `12:15:07.104 DELETE posts, 312 rows`.
fn statement<'a>(here: &Here<'a>) -> Option<Statement<'a>> {
    let Claim::State(state) = &here.fact.claim else { return None };
    if state.observable != "statement" || state.value == "error" {
        return None;
    }
    let mut words = state.detail.split_whitespace();
    let (time, verb, table) = (words.next()?, words.next()?, words.next()?);
    Some(Statement {
        here: *here,
        session: state.of.name.as_deref()?,
        time,
        verb,
        table: table.trim_end_matches(','),
        found: state.value != "zero_rows",
    })
}
