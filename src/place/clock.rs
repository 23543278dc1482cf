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

/// A clock that is off by more than this many seconds breaks tokens and certificates; less is the time it takes to type.
const OFF: i64 = 30;

/// Half a day: only the time of day is compared.
const HALF_A_DAY: i64 = 43_200;

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
        let told = state.detail.split_whitespace().find_map(of_day)?;
        let read = of_day(origin.at.as_deref()?.split_once('T')?.1.get(..8)?)?;
        let ahead = (told - read + HALF_A_DAY).rem_euclid(2 * HALF_A_DAY) - HALF_A_DAY;
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
                observation.says = format!("the clock is {} s {direction} the other ones", clock.ahead.abs());
            }
        }
    }
}
