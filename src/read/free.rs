//! Reads `free`.
//!
//! ```text
//!                total        used        free      shared  buff/cache   available
//! Mem:            7.8Gi       7.6Gi       102Mi        12Mi       180Mi        21Mi
//! Swap:              0B          0B          0B
//! ```

use super::observable::MEMORY;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "free", most: 0.97, recognize, read };

/// Below this share of memory available a host has nothing left to give; the kernel starts to reclaim and kill.
const NOTHING_LEFT: f64 = 0.01;

fn recognize(part: &Part) -> f64 {
    let head = part.any(|text| text.contains("total") && text.contains("used") && text.contains("buff"));
    if head && part.any(|text| text.starts_with("Mem:")) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    // With -w there is a column more.
    let mut column = None;
    for line in &part.lines {
        let cells: Vec<&str> = line.text.split_whitespace().collect();
        match cells.as_slice() {
            ["total", names @ ..] => {
                column = names.iter().position(|name| *name == "available").map(|at| at + 1);
                findings.noise(line.number);
            }
            ["Mem:", cells @ ..] => {
                let (Some(total), Some(available)) = (cells.first(), column.and_then(|column| cells.get(column)))
                else {
                    continue;
                };
                let (Some(all), Some(left)) = (bytes(total), bytes(available)) else { continue };
                let value = if left <= all * NOTHING_LEFT { "exhausted" } else { "ok" };
                let detail = format!("{available} of {total} available");
                findings.state(Lines::one(line.number), MEMORY, value, Endpoint::default(), detail);
            }
            ["Swap:" | "Total:" | "-/+", ..] => findings.noise(line.number),
            _ => {}
        }
    }
}

/// A number with or without a unit; only the ratio of two matters.
fn bytes(text: &str) -> Option<f64> {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let factor = match unit.chars().next() {
        Some('T') => 1024f64.powi(4),
        Some('G') => 1024f64.powi(3),
        Some('M') => 1024f64.powi(2),
        Some('K' | 'k') => 1024.0,
        _ => 1.0,
    };
    Some(number.replace(',', ".").parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn memory_is_judged_by_what_is_available() {
        let text = "               total        used        free      shared  buff/cache   available\nMem:            7.8Gi       7.6Gi       102Mi        12Mi       180Mi        21Mi\nSwap:              0B          0B          0B";
        assert_eq!(told(READER, text), ["memory is exhausted (21Mi of 7.8Gi available)"]);
    }
}
