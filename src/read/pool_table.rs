//! Reads a table of a connection pool over time, as people paste it into a chat.
//!
//! ```text
//! t      rps  in_use waiters p95_hold_ms  cpu%
//! 10:30   7    10      6        45         10
//! 10:40   1    10      1        45          6   <- load gone, in_use stays at the cap
//! ```

use std::collections::BTreeMap;

use super::observable::{POOL_ERROR, POOL_IN_USE};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};
use crate::order;

pub(super) const READER: Reader = Reader { kind: "pool", most: 0.9, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| head(text).is_some()) { 0.9 } else { 0.0 }
}

/// The column names, where they are those of a pool.
fn head(text: &str) -> Option<Vec<&str>> {
    if !WAITING.iter().any(|name| text.contains(name)) {
        return None;
    }
    let names: Vec<&str> = text.split_whitespace().collect();
    let used = names.iter().any(|name| IN_USE.contains(name));
    let waiting = names.iter().any(|name| WAITING.contains(name));
    (used && waiting && names.len() >= 3).then_some(names)
}

const IN_USE: [&str; 4] = ["in_use", "inuse", "checked_out", "in-use"];
const WAITING: [&str; 4] = ["waiters", "waiting", "pending", "queued"];

struct Row {
    number: u32,
    used: f64,
    waiting: f64,
    /// The rest of the row, for the person who reads the fact.
    says: String,
    /// What can be reckoned with: `in_use`, `waiting`, `rps`, `hold_s`.
    numbers: BTreeMap<String, f64>,
}

fn read(part: &Part, findings: &mut Findings) {
    let mut names: Vec<&str> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for line in &part.lines {
        if let Some(head) = head(&line.text) {
            names = head;
            findings.noise(line.number);
        } else if let Some(row) = row(&names, &line.text, line.number) {
            rows.push(row);
        }
    }
    // Nobody waits while a connection is free: the most that was in use while some waited is the pool's size.
    let size = rows.iter().filter(|row| row.waiting > 0.0).map(|row| row.used).fold(f64::NAN, f64::max);
    for row in &rows {
        let at = Lines::one(row.number);
        let state = |observable: &str, value: &str| {
            Claim::State(State {
                observable: observable.to_owned(),
                value: value.to_owned(),
                of: Endpoint::default(),
                detail: row.says.clone(),
            })
        };
        // Where somebody waits in the end, the rows before tell how it came to that, and nothing against it.
        let told = match (size.is_nan(), row.waiting > 0.0) {
            (true, _) => state(POOL_ERROR, "ok"),
            (false, true) => state(POOL_ERROR, "waiting"),
            (false, false) => state(POOL_IN_USE, if row.used >= size { "full" } else { "partial" }),
        };
        if row.waiting > 0.0 {
            findings.fact(at, state(POOL_IN_USE, if row.used >= size { "full" } else { "partial" }));
        }
        findings.measured(at, row.numbers.clone(), told);
    }
}

fn row(names: &[&str], text: &str, number: u32) -> Option<Row> {
    let cells: Vec<&str> = text.split_whitespace().take(names.len()).collect();
    let number_of = |known: &[&str]| -> Option<f64> {
        let at = names.iter().position(|name| known.contains(name))?;
        cells.get(at)?.parse().ok()
    };
    let says = names.iter().zip(&cells).map(|(name, cell)| format!("{name} {cell}")).collect::<Vec<_>>().join(", ");
    let (used, waiting) = (number_of(&IN_USE)?, number_of(&WAITING)?);
    let mut numbers = order::map([("in_use".to_owned(), used), ("waiting".to_owned(), waiting)]);
    numbers.extend(number_of(&RATE).map(|rate| ("rps".to_owned(), rate)));
    let held = names.iter().zip(&cells).find_map(|(name, cell)| held(name, cell.parse().ok()?));
    numbers.extend(held.map(|seconds| ("hold_s".to_owned(), seconds)));
    Some(Row { number, used, waiting, says, numbers })
}

const RATE: [&str; 6] = ["rps", "qps", "tps", "req/s", "requests_per_second", "checkouts_per_s"];

/// Seconds that a connection is held, of a column such as `p95_hold_ms`.
fn held(name: &str, value: f64) -> Option<f64> {
    let name = name.to_ascii_lowercase();
    if !["hold", "held", "usage"].iter().any(|word| name.contains(word)) {
        return None;
    }
    match name.rsplit('_').next() {
        Some("ms") => Some(value / 1000.0),
        Some("s" | "seconds") => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn the_pool_is_as_large_as_it_was_when_somebody_waited() {
        let text = "t      rps  in_use waiters p95_hold_ms\n10:20   8     8      0        46\n10:30   7    10      6        45\n10:40   1    10      1        45   <- load gone";
        assert_eq!(
            told(READER, text),
            [
                "pool in use is partial (t 10:20, rps 8, in_use 8, waiters 0, p95_hold_ms 46)",
                "pool in use is full (t 10:30, rps 7, in_use 10, waiters 6, p95_hold_ms 45)",
                "the pool says: waiting (t 10:30, rps 7, in_use 10, waiters 6, p95_hold_ms 45)",
                "pool in use is full (t 10:40, rps 1, in_use 10, waiters 1, p95_hold_ms 45)",
                "the pool says: waiting (t 10:40, rps 1, in_use 10, waiters 1, p95_hold_ms 45)",
            ]
        );
    }
}
