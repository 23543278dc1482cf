//! Whether errors come at the beat of a clock: something that runs every quarter of an hour need not stand on anybody's path.

use super::binomial::ln_at_least;

/// Beats that schedules have, in seconds: 5, 10, 15, 20, 30 minutes, 1, 2, 6, 12 and 24 hours.
const BEATS: [i64; 10] = [300, 600, 900, 1_200, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/// A run is looked for in a window of a minute, and in one of a fifteenth of the beat.
const WINDOW: i64 = 60;

/// Fewer errors have no rhythm.
const FEWEST: usize = 8;

/// As sure as this (ln) it must be that chance did not do it, with all beats and beginnings tried.
const SURE: f64 = -13.8;

/// Errors that come at a beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rhythm {
    /// Seconds from one beat to the next.
    pub beat: i64,
    /// Seconds after the beat's first moment (midnight, the full hour) at which the window begins.
    pub begins: i64,
    pub window: i64,
    pub inside: u32,
    pub of: u32,
    /// ln of the probability that chance alone did it.
    pub ln_chance: f64,
}

/// The clearest beat in some times (milliseconds), if there is one. `others` are times at which all went well: where they have
/// the same beat, it is the requests that have it and not the errors.
pub(super) fn rhythm(times: &[i64], others: &[i64]) -> Option<Rhythm> {
    let (first, last) = (times.iter().min()?, times.iter().max()?);
    if times.len() < FEWEST {
        return None;
    }
    let beats = BEATS.into_iter().filter(|beat| (last - first) / 1_000 >= 3 * beat);
    let found = beats
        .flat_map(|beat| [WINDOW, WINDOW.max(beat / 15)].map(|window| (beat, window)))
        .filter_map(|(beat, window)| at(beat, window, times, others))
        .min_by(|a, b| a.ln_chance.total_cmp(&b.ln_chance))?;
    (found.ln_chance < SURE && 4 * found.inside >= 3 * found.of).then_some(found)
}

/// The fullest window of one beat.
fn at(beat: i64, window: i64, times: &[i64], others: &[i64]) -> Option<Rhythm> {
    let phase = |time: &i64| time.div_euclid(1_000).rem_euclid(beat);
    let within = |begins: i64, time: &i64| (phase(time) - begins).rem_euclid(beat) < window;
    let count = |begins: i64, times: &[i64]| times.iter().filter(|time| within(begins, time)).count();
    // Schedules begin at full minutes.
    let begins =
        times.iter().map(|time| phase(time) / 60 * 60).max_by_key(|begins| (count(*begins, times), -begins))?;
    let inside = u32::try_from(count(begins, times)).ok()?;
    let of = u32::try_from(times.len()).ok()?;
    let share = match others.len() {
        0 => window as f64 / beat as f64,
        all => (count(begins, others) as f64 + 1.0) / (all as f64 + 2.0),
    };
    let tried = (beat as f64 / 60.0 * BEATS.len() as f64).ln();
    Some(Rhythm { beat, begins, window, inside, of, ln_chance: ln_at_least(inside, of, share) + tried })
}

/// "every 15 minutes", "every hour".
pub(super) fn spoken(seconds: i64) -> String {
    match seconds {
        3_600 => "every hour".to_owned(),
        86_400 => "every day".to_owned(),
        s if s % 3_600 == 0 => format!("every {} hours", s / 3_600),
        s => format!("every {} minutes", s / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_at_every_quarter_have_its_beat() {
        let times: Vec<i64> = (0..16).map(|run| (run * 900 + run % 5 * 7) * 1_000).collect();
        let found = rhythm(&times, &[]).unwrap();
        assert_eq!((found.beat, found.begins, found.inside), (900, 0, 16));
        let steady: Vec<i64> = (0..40).map(|run| run * 371_000).collect();
        assert_eq!(rhythm(&steady, &[]), None, "errors all over the hour have none");
        let requests: Vec<i64> = (0..160).map(|run| (run * 90 * 10 + run % 10) * 1_000).collect();
        assert_eq!(rhythm(&times, &requests), None, "requests that come at the beat explain errors that do");
    }
}
