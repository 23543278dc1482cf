//! Recognizes VPC flow logs of AWS, so that they are not taken for something else: which of two ends was turned away they do not say.
//!
//! ```text
//! 2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 REJECT OK
//! ```

use super::{Findings, Part, Reader};

pub(super) const READER: Reader = Reader { kind: "aws", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_row) { 0.96 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    part.lines.iter().filter(|line| is_row(&line.text)).for_each(|line| findings.noise(line.number));
}

/// A row, or the head above it.
fn is_row(text: &str) -> bool {
    let ends = ["OK", "NODATA", "SKIPDATA", "log-status"].iter().any(|status| text.trim_end().ends_with(status));
    ends && (text.contains(" eni-") || text.contains("interface-id")) && text.split_whitespace().count() >= 10
}
