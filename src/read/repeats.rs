//! Finds in any log where one request was sent again and again within a second, in the words of who sent it.
//!
//! ```text
//! 2026-11-28 18:17:49,154 WARNING gateway: rid=f2d1e18c85fa35d16fb4e73b68cd2bca attempt 1/8 inventory answered 503
//! 2026-11-28 18:17:49,158 WARNING gateway: rid=f2d1e18c85fa35d16fb4e73b68cd2bca attempt 8/8 inventory answered 503
//! ```
//!
//! Who waits between its attempts is careful, and multiplies nothing.

use super::observable::REQUEST_REPEATS;
use super::{Findings, Part};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};
use crate::moment::moment;

/// So many attempts …
const MANY: u32 = 5;

/// … within so many milliseconds are more than any wait between them, doubled each time, would leave room for.
const AT_ONCE: i64 = 1_000;

/// Nor does who waits longer each time come again so soon after the fourth.
const NO_WAIT: i64 = 100;

/// What a log calls them, in small letters.
const WORDS: [&str; 5] = ["attempt", "retry", "retrying", "try", "retries"];

pub(super) fn read(part: &Part, findings: &mut Findings) {
    let mut begun: Option<(u32, i64)> = None;
    // The attempt on the line before, of whom, and when.
    let mut before: Option<(u32, Vec<&str>, i64)> = None;
    for line in &part.lines {
        let Some(((number, of), at)) = attempt(&line.text).and_then(|told| Some((told, moment(&line.text)?))) else {
            continue;
        };
        let follows = before
            .replace((number, of.clone(), at))
            .filter(|(last, whose, then)| last + 1 == number && *whose == of && (0..=NO_WAIT).contains(&(at - then)));
        match begun.or(follows.map(|(.., then)| (line.number, then))) {
            Some((first, since)) if number >= MANY && (0..=AT_ONCE).contains(&(at - since)) => {
                let state = State {
                    observable: REQUEST_REPEATS.to_owned(),
                    value: "many".to_owned(),
                    of: Endpoint::default(),
                    detail: format!("{number} attempts within {} ms", at - since),
                };
                findings.fact(Lines::new(first, line.number), Claim::State(state));
                return;
            }
            _ if number == 1 => begun = Some((line.number, at)),
            _ => {}
        }
    }
}

/// Which attempt a line tells of, and the words before it: `attempt 3/8`, `retry 3 of 8`, `attempt=3`, `(attempt #3)`.
fn attempt(text: &str) -> Option<(u32, Vec<&str>)> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let word = words.find(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))?;
    let number = words.next()?.parse().ok().filter(|number| (1..1_000).contains(number))?;
    // What tells the time is another on every line.
    let is_time = |word: &&str| word.trim_end_matches(':').contains(':');
    Some((number, text.split_once(word)?.0.split(' ').filter(|word| !is_time(word)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    fn told(second_at: &str) -> Vec<String> {
        let line = |at: &str, n: u32| {
            format!("2026-11-28 18:17:{at} WARNING gateway: rid=f2d1e1 attempt {n}/8 inventory answered 503\n")
        };
        let mut findings = Findings::default();
        read(&Part::new(None, clean(&(line("49,154", 1) + &line(second_at, 6)))), &mut findings);
        findings.facts.iter().map(|fact| fact.claim.to_string()).collect()
    }

    #[test]
    fn attempts_at_once_are_repeats_and_those_that_wait_are_not() {
        assert_eq!(told("49,157"), ["requests repeats is many (6 attempts within 3 ms)"]);
        assert!(told("55,157").is_empty());
    }

    #[test]
    fn the_end_of_a_row_of_attempts_shows_it_as_well() {
        let told = |id: &str, at: &str| {
            let line = |id: &str, at: &str, n: u32| {
                format!("2026-11-29 11:46:20,{at} WARNING bff: {id} GET /fare/3 attempt {n}/8 got 503, retrying now\n")
            };
            let mut findings = Findings::default();
            read(&Part::new(None, clean(&(line("r00039", "273", 7) + &line(id, at, 8)))), &mut findings);
            findings.facts.len()
        };
        assert_eq!(told("r00039", "274"), 1);
        // Another's attempt, and one after a wait.
        assert_eq!((told("r00040", "274"), told("r00039", "974")), (0, 0));
    }
}
