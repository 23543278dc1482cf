//! The level of a record of a log: `2026-11-21 01:52:51,737 ERROR [main] cart: …`, `{"level":"error","ts":…}`.

use crate::read::log_line::is_time;

/// Time and level stand within so many bytes of a line's beginning.
const LEVEL_BYTES: usize = 120;

/// Whether a record is worth attention.
pub(super) enum Level {
    Loud,
    Quiet,
}

impl Level {
    /// The level of a line that begins a record: a time and a level near its start, or a JSON object with both.
    pub(super) fn of(text: &str) -> Option<Level> {
        if text.bytes().take(LEVEL_BYTES).filter(|b| *b == b':').count() < 2 {
            return None;
        }
        let head = match text.char_indices().nth(LEVEL_BYTES) {
            Some((end, _)) => text.get(..end).unwrap_or(text),
            None => text,
        };
        let json = text.starts_with('{') && (text.contains("\"level\"") || text.contains("\"severity\""));
        if !json && !head.split([' ', '\t', '[', ']', 'T', '"', '=']).take(6).any(is_clock) {
            return None;
        }
        let words = if json { text } else { head };
        let level = words.split(|c: char| !c.is_ascii_alphabetic()).find_map(|word| {
            match word.to_ascii_uppercase().as_str() {
                "ERROR" | "FATAL" | "CRITICAL" | "PANIC" | "SEVERE" | "ERR" => Some(Level::Loud),
                "WARN" | "WARNING" | "INFO" | "DEBUG" | "TRACE" | "NOTICE" => Some(Level::Quiet),
                _ => None,
            }
        })?;
        Some(level)
    }
}

/// A time of day, also as `01:52:51Z` or `01:52:51+00:00`.
fn is_clock(word: &str) -> bool {
    let word = word.trim_end_matches(['Z', ',']);
    is_time(word.split(['+']).next().unwrap_or(word))
}
