//! Reads the summary of a run of `ping`: how many packets were sent, how many came back, and after what time on average.

use super::translated::{foreign_counts, translated_counts};

/// The numbers of the summary.
pub(super) struct Counts {
    pub sent: u32,
    pub received: u32,
}

impl Counts {
    /// `20 packets transmitted, 15 received, +3 errors, 25% packet loss`, or `Packets: Sent = 4, Received = 0, Lost = 4`.
    pub fn read(text: &str) -> Option<Counts> {
        if windows_counts(text) {
            let after = |word: &str| text.split_once(word)?.1.split([',', ' ']).next()?.parse().ok();
            return Some(Counts { sent: after("Sent = ")?, received: after("Received = ")? });
        }
        if let Some(counts) = foreign_counts(text).or_else(|| translated_counts(text)) {
            return Some(counts);
        }
        let (sent, rest) = text.split_once(" packets transmitted, ")?;
        let received = rest.split(' ').next()?;
        Some(Counts { sent: sent.split_whitespace().last()?.parse().ok()?, received: received.parse().ok()? })
    }
}

pub(super) fn windows_counts(text: &str) -> bool {
    text.trim_start().starts_with("Packets: Sent = ")
}

/// `rtt min/avg/max/mdev = 0.062/0.073/0.084/0.009 ms`, `round-trip min/avg/max = …`, `Minimum = 1ms, Maximum = 3ms, Average = 2ms`.
pub(super) fn average(text: &str) -> Option<String> {
    let number = match text.split_once("Average = ") {
        Some((_, average)) => average.strip_suffix("ms")?,
        None => text.split_once("min/avg/max")?.1.split_once(" = ")?.1.split('/').nth(1)?,
    };
    number.parse::<f64>().ok().map(|_| number.to_owned())
}
