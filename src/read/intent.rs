//! Reads in a person's words that something is closed, down or taken out on purpose.
//!
//! ```text
//! Jo (day shift): cat-3 is out on purpose, I set it to maintenance for the memory swap tomorrow morning.
//! <ines> roster-b (.22) is the passive half, its port stays closed until a switchover. That is by design.
//! ```

use super::observable::INTENT;
use super::{Findings, Part};
use crate::evidence::Lines;
use crate::fact::Endpoint;

/// What a person calls intended, in small letters …
const MEANT: [&str; 2] = ["on purpose", "by design"];

/// … and what that is.
const OUT: [&str; 7] = [" closed", " down ", " off ", " out ", "maintenance", "passive", "standby"];

/// Who asks whether it is, says that it is not, or goes on with what is wrong, explains nothing.
const UNSURE: [&str; 4] = ["?", " not on ", " not by ", " but "];

pub(super) fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let text = line.text.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&MEANT) && has(&OUT) && !has(&UNSURE) {
            findings.state(Lines::one(line.number), INTENT, "on_purpose", Endpoint::default(), line.text.trim());
        }
    }
}
