//! Joins lines that a narrow terminal broke at its last column, where a text was copied as it was shown.
//!
//! ```text
//! 1       19  1124 REJECT     6    --  *      *       0.0.0.0/0            172.29.
//! 80.20         tcp dpt:5432 reject-with icmp-admin-prohibited
//! ```

use super::{Reading, prompt};
use crate::clean::Line;

/// No terminal is narrower, and what is set in so few columns is set so on purpose.
const NARROWEST: usize = 60;

/// Longer texts come from files.
const MOST_LINES: usize = 3000;

/// So much of a line tells that the next is another row of the same list.
const ALIKE: usize = 8;

/// Reads the lines as they stand and, where they may have been broken, joined: broken ones tell more once they are whole, others less.
pub(super) fn read(lines: Vec<Line>, read: impl Fn(Vec<Line>) -> Reading) -> Reading {
    let whole = joined(&lines).map(&read);
    let reading = read(lines);
    whole.filter(|whole| whole.facts().count() > reading.facts().count()).unwrap_or(reading)
}

/// The lines as they were before, each with the number of its first piece; nothing where no two lines end at the last column.
fn joined(lines: &[Line]) -> Option<Vec<Line>> {
    // A command line may have been typed elsewhere than where its output was copied.
    let columns = |line: &Line| if prompt::shows_command(&line.text) { 0 } else { line.text.chars().count() };
    let widest = lines.iter().map(columns).max().filter(|widest| *widest >= NARROWEST)?;
    let full = lines.iter().filter(|line| columns(line) == widest).count();
    // A table as wide as two lines fills them all, of which the last may have lost its blanks.
    let filled = lines.iter().filter(|line| columns(line) > 0).count();
    let in_twos = full + 1 >= filled;
    if in_twos && filled % 2 > 0 {
        return None;
    }
    // Rows of a list that happen to be as long begin alike.
    let row = |pair: &[Line]| match pair {
        [line, next] => {
            columns(line) == widest && line.text.get(..ALIKE).is_some_and(|start| next.text.starts_with(start))
        }
        _ => false,
    };
    if lines.len() > MOST_LINES || full < 2 || lines.windows(2).any(row) {
        return None;
    }
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    let mut open = false;
    for line in lines {
        let goes_on = if in_twos { columns(line) > 0 && !open } else { columns(line) == widest };
        let was_open = std::mem::replace(&mut open, goes_on);
        match joined.last_mut().filter(|_| was_open) {
            Some(last) => last.text.push_str(&line.text),
            None => joined.push(line.clone()),
        }
    }
    Some(joined)
}
