//! Recognizes `tshark`'s list of packets, so that it is not taken for something else.
//!
//! ```text
//!     1 0.000000000    127.0.0.1 → 127.0.0.1    TCP 74 38002 → 22222 [SYN] Seq=0 Win=65495 Len=0
//! ```

use super::{Findings, Part, Reader};

pub(super) const READER: Reader = Reader { kind: "tshark", recognize, read };

fn recognize(part: &Part) -> f64 {
    let said = |text: &str| is_packet(text) || text.starts_with("Capturing on '") || text.starts_with("tshark: ");
    if part.any(said) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    part.lines.iter().for_each(|line| findings.noise(line.number));
}

/// Number, time, source, an arrow, target.
fn is_packet(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(5).collect();
    let [number, time, _, arrow, _] = words.as_slice() else { return false };
    number.parse::<u32>().is_ok() && time.parse::<f64>().is_ok() && matches!(*arrow, "→" | "->")
}
