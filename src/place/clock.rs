//! Compares the clocks of several hosts, each with the time at which it was read.
//!
//! ```text
//! issuer$ date -u        Sat Nov 21 06:00:05 UTC 2026        (read at 05:56:05)
//! api$ date -u           Sat Nov 21 05:56:05 UTC 2026        (read at 05:56:05)
//! ```

use super::{Observation, Sight};
use crate::diagnosis::Seen;
use crate::evidence::Origin;
use crate::fact::{Fact, State};
use crate::moment::{days, month};

/// A clock that is off by more than this many seconds breaks tokens and certificates; less is the time it takes to type.
const OFF: i64 = 30;

/// Half a day: without their dates, times of day are taken for the nearest ones.
const HALF_A_DAY: i64 = 43_200;

const DAY: i64 = 86_400;

/// What one clock said.
pub(super) struct Reading {
    seen: Seen,
    /// Seconds by which it was ahead of the time at which it was read.
    ahead: i64,
}

impl Reading {
    /// A reading of `date`, where the paste knows its own time.
    pub(super) fn of(state: &State, fact: &Fact, evidence: usize, origin: &Origin) -> Option<Reading> {
        let universal = state.detail.contains("UTC") || state.detail.contains("GMT");
        if state.observable != "clock" || state.value != "read" || !universal {
            return None;
        }
        let words: Vec<&str> = state.detail.split_whitespace().collect();
        let told = words.iter().find_map(|word| of_day(word))?;
        // `date` of some places: "Wed 18 Nov 2026 09:03:45 PM UTC".
        let half = |from: i64| if words.contains(&"PM") { HALF_A_DAY - from } else { -from };
        let told = if words.iter().any(|word| matches!(*word, "AM" | "PM")) {
            told + half(told / HALF_A_DAY * HALF_A_DAY)
        } else {
            told
        };
        let at = origin.at.as_deref()?;
        let read = of_day(at.split_once('T')?.1.get(..8)?)?;
        let ahead = match (date(&words), date(&[at])) {
            (Some(told_on), Some(read_on)) => (told_on - read_on) * DAY + told - read,
            _ => (told - read + HALF_A_DAY).rem_euclid(DAY) - HALF_A_DAY,
        };
        Some(Reading { seen: Seen { evidence, lines: fact.lines }, ahead })
    }
}

/// Seconds of the day, of `05:56:05`.
fn of_day(text: &str) -> Option<i64> {
    let parts: Vec<i64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [hour, minute, second] => Some(hour * 3_600 + minute * 60 + second),
        _ => None,
    }
}

/// Days since 1970 of "Sat Nov 21 … 2026", "Sat 21 Nov 2026" or "2026-11-21T…".
fn date(words: &[&str]) -> Option<i64> {
    let number = |word: &&str| word.trim_end_matches(',').parse::<i64>().ok();
    let spelled = |word: &&str| {
        let mut parts = word.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
        Some(days(parts.next()??, parts.next()??, parts.next()??))
    };
    if let Some(day) = words.iter().find_map(spelled) {
        return Some(day);
    }
    let named = words.iter().position(|word| month(word).is_some())?;
    let year = words.iter().find_map(|word| number(word).filter(|year| (1970..3000).contains(year)))?;
    let beside = [named.checked_sub(1), Some(named + 1)].into_iter().flatten();
    let day = beside.filter_map(|at| words.get(at).and_then(number)).find(|day| (1..=31).contains(day))?;
    Some(days(year, month(words.get(named)?)?, day))
}

/// Says of a clock that it is off where another one, read in the same case, is not.
pub(super) fn compare(observations: &mut [Observation], clocks: &[Reading]) {
    if !clocks.iter().any(|clock| clock.ahead.abs() < OFF) {
        return;
    }
    for clock in clocks.iter().filter(|clock| clock.ahead.abs() >= OFF) {
        let direction = if clock.ahead > 0 { "ahead of" } else { "behind" };
        for observation in observations.iter_mut().filter(|observation| observation.seen == clock.seen) {
            if let Sight::State { observable, value, .. } = &mut observation.sight
                && observable == "clock"
            {
                "off".clone_into(value);
                let by = match clock.ahead.abs() {
                    seconds if seconds >= 2 * DAY => format!("{} days", seconds / DAY),
                    seconds => format!("{seconds} s"),
                };
                observation.says = format!("the clock is {by} {direction} the other ones");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Claim;
    use crate::read::read;

    #[test]
    fn a_clock_is_off_by_whole_days_too_where_it_tells_its_date() {
        let ahead = |told: &str| {
            let reading = read(&format!("$ date -u\n{told}\n"), None, None);
            let origin = Origin { at: Some("2026-11-29T21:03:45Z".to_owned()), ..Origin::default() };
            reading.facts().find_map(|fact| match &fact.claim {
                Claim::State(state) => Reading::of(state, fact, 0, &origin).map(|reading| reading.ahead),
                _ => None,
            })
        };
        assert_eq!(ahead("Sun Nov 29 21:03:49 UTC 2026"), Some(4));
        assert_eq!(ahead("Wed Nov 18 21:03:45 UTC 2026"), Some(-11 * 86_400));
        assert_eq!(ahead("Sun 29 Nov 2026 09:03:45 PM UTC"), Some(0));
    }
}
