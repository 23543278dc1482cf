//! Cells of a table: cut apart, and read as numbers with their units or as times.

use crate::metrics::Unit;
use crate::moment::moment;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Char(char),
    /// Bars around every cell, as Markdown draws them.
    Bars,
    /// Runs of blanks.
    Blanks,
}

/// The cells of a line. A quoted cell may hold the separator, and a quote written twice.
pub fn cells(text: &str, separator: Separator) -> Vec<String> {
    match separator {
        Separator::Blanks => text.split_whitespace().map(str::to_owned).collect(),
        Separator::Bars => text.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect(),
        Separator::Char(separator) => quoted(text.trim_end(), separator),
    }
}

fn quoted(text: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => inside = !inside,
            c if c == separator && !inside => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A number, with its unit and what makes the usual one of it where the cell names one: `150 ms`, `2.3 %`, `1.2k`.
pub fn number(cell: &str) -> Option<(f64, Option<(Unit, f64)>)> {
    let cell = cell.trim();
    let end = cell.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | ','))).unwrap_or(cell.len());
    // An exponent belongs to the number.
    if let Ok(value) = cell.parse::<f64>() {
        return value.is_finite().then_some((value, None));
    }
    let (digits, unit) = cell.split_at_checked(end)?;
    let value: f64 = digits.replace(',', "").parse().ok()?;
    match unit.trim() {
        "" => Some((value, None)),
        "ms" => Some((value, Some((Unit::Seconds, 1e-3)))),
        "µs" | "us" => Some((value, Some((Unit::Seconds, 1e-6)))),
        "s" | "sec" => Some((value, Some((Unit::Seconds, 1.0)))),
        "%" => Some((value, Some((Unit::Percent, 1.0)))),
        "k" | "K" => Some((value * 1e3, None)),
        "req/s" | "reqps" | "rps" | "/s" | "ops/s" => Some((value, Some((Unit::PerSecond, 1.0)))),
        _ => None,
    }
}

/// Seconds: since 1970 where there is a date or a Unix time, otherwise since midnight.
pub fn time(cell: &str) -> Option<f64> {
    const YEAR_1973: f64 = 1e8;
    if let Ok(unix) = cell.parse::<f64>() {
        return match unix {
            _ if unix >= YEAR_1973 * 1e3 => Some(unix / 1e3),
            _ if unix >= YEAR_1973 => Some(unix),
            _ => None,
        };
    }
    if !cell.contains(':') {
        return None;
    }
    // Without seconds, as people write it.
    let whole = moment(cell).or_else(|| moment(&format!("{cell}:00")));
    whole.map(|milliseconds| milliseconds as f64 / 1e3)
}
