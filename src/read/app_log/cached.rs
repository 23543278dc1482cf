//! What a log tells of its cache: that it no longer has what it had.
//!
//! ```text
//! 2026-11-29 14:51:53,131 INFO labels: GET /label/302 hit cache=0.5ms
//! 2026-11-29 14:52:01,519 INFO labels: GET /label/302 MISS cache=3.6ms db=732ms
//! ```
//!
//! Where nothing was ever cached, and where everything is new, misses are as they should be.

use crate::evidence::Lines;
use crate::read::Part;

/// So many lookups before it and after it make a turn.
const MANY: usize = 4;

/// Whether lookups that were hits have become misses, also of what had been asked for before: where, and in which numbers.
pub(super) fn fell(part: &Part) -> Option<(Lines, String)> {
    let all: Vec<(u32, &str, bool)> =
        part.lines.iter().filter_map(|line| lookup(&line.text).map(|(what, hit)| (line.number, what, hit))).collect();
    let missed = all.iter().rev().take_while(|(_, _, hit)| !hit).count();
    let (before, after) = all.split_at_checked(all.len() - missed)?;
    let hits = before.iter().filter(|(_, _, hit)| *hit).count();
    let known = |at: usize, what: &str| all.iter().take(before.len() + at).any(|(_, other, _)| *other == what);
    let again = after.iter().enumerate().filter(|(at, (_, what, _))| known(*at, what)).count();
    let turned = missed >= MANY && hits >= MANY && hits * 5 >= before.len() * 4 && again >= 2;
    let lines = Lines::new(after.first()?.0, after.last()?.0);
    turned.then(|| (lines, format!("{hits} of {} hits, then {missed} misses", before.len())))
}

/// What was looked up, and whether the cache had it.
fn lookup(text: &str) -> Option<(&str, bool)> {
    let what = text.split_whitespace().find(|word| word.len() > 1 && word.starts_with('/'))?;
    let mut said = text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|word| match word {
        "hit" | "HIT" | "Hit" => Some(true),
        "miss" | "MISS" | "Miss" => Some(false),
        _ => None,
    });
    let hit = said.next()?;
    said.next().is_none().then_some((what, hit))
}

#[cfg(test)]
mod tests {
    use crate::read::app_log::READER;
    use crate::read::told;

    #[test]
    fn hits_that_became_misses_are_told_and_misses_of_what_is_new_are_not() {
        let log = |lookups: &[(&str, &str)]| {
            let line = |(what, said): &(&str, &str)| {
                format!("2026-11-29 14:51:53,131 INFO labels: GET /label/{what} {said} cache=0.5ms\n")
            };
            told(READER, &lookups.iter().map(line).collect::<String>())
        };
        let warm = [("1", "hit"), ("2", "hit"), ("3", "hit"), ("4", "hit")];
        let gone = [("1", "MISS"), ("2", "MISS"), ("3", "MISS"), ("1", "MISS")];
        let new = [("5", "MISS"), ("6", "MISS"), ("7", "MISS"), ("8", "MISS")];
        assert_eq!(log(&[warm, gone].concat()), ["cache hit ratio is fell (4 of 4 hits, then 4 misses)"]);
        assert!(log(&[warm, new].concat()).is_empty());
        assert!(log(&[gone, gone].concat()).is_empty());
        assert!(log(&[gone, warm].concat()).is_empty());
    }
}
