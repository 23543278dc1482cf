//! Reads dated remarks in settings, zones and schedules: whoever changed them has noted when.
//!
//! ```text
//!  # SRE-90 fail fast, 2026-11-27 (was 30s)
//! ; 2026-11-27 ROE-221 every name without a service shows the landing page
//! # address clean-up of the customer base, 410k rows (ticket CRM-1288, since 2026-11-26)
//! ```
//!
//! A date that goes on with a time of day stands in a head that a program wrote.

use std::collections::BTreeMap;

use super::settings::bare;
use super::{Findings, Part};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};
use crate::moment::moment;

/// What begins a remark in one language of settings or another.
const MARKS: [&str; 6] = ["# ", "; ", "// ", "-- ", "! ", "<!-- "];

pub(super) fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let text = bare(&line.text);
        let Some(remark) = MARKS.iter().find_map(|mark| text.strip_prefix(mark)) else { continue };
        if let Some(at) = date(remark) {
            let (observable, value) = ("change".to_owned(), "noted".to_owned());
            let state = State { observable, value, of: Endpoint::default(), detail: remark.trim().to_owned() };
            let numbers = BTreeMap::from([("at_s".to_owned(), at)]);
            findings.measured(Lines::one(line.number), numbers, Claim::State(state));
        }
    }
}

/// Seconds since 1970 of the day that a remark names in words of its own, and of no time of day.
fn date(remark: &str) -> Option<f64> {
    let mut words = remark.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_ascii_digit())).peekable();
    while let Some(word) = words.next() {
        let day = moment(&format!("{word} 00:00:00")).filter(|_| word.len() == 10);
        let goes_on = words.peek().is_some_and(|next| next.contains(':'));
        if let Some(day) = day.filter(|_| !goes_on) {
            return Some(day as f64 / 1e3);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    #[test]
    fn a_remark_with_a_day_tells_of_a_change_and_a_head_with_a_time_does_not() {
        let told = |text: &str| told_below("cat /etc/haproxy/haproxy.cfg", text, read);
        assert_eq!(
            told(" # SRE-90 fail fast, 2026-11-27 (was 30s)"),
            ["change is noted (SRE-90 fail fast, 2026-11-27 (was 30s))"]
        );
        assert_eq!(told("/etc/x.conf:7:; 2026-11-27 ROE-221"), ["change is noted (2026-11-27 ROE-221)"]);
        for text in [
            "# Logfile created on 2026-11-28 21:52:28 +0000",
            "; serial 2026112703",
            "timeout server 4s",
            "# ticket 2026-11",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }
}
