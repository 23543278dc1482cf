//! Who reached what: every attempt of the evidence as a table, so that "works from here, fails from there" meets the eye.
//!
//! ```text
//!                203.0.113.10:443   203.0.113.30:443
//! laptop         ✓ 2                ✕ 3 of 3: the connection timed out
//! bastion        ✓ 1                not tried
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Item, Voice};
use crate::fact::{Attempt, Claim, Outcome};

/// What came of all attempts from one place at one target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    pub worked: u32,
    pub failed: u32,
    /// The outcome that was seen last among the failures.
    pub failure: Option<Outcome>,
}

/// The table; a cell that is missing was not tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contrast {
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub cells: BTreeMap<(String, String), Tally>,
}

/// What a paste without a vantage point is listed under.
const SOMEWHERE: &str = "not said where";

/// Whether a row of the table is a place from which something can be tried.
pub fn is_place(from: &str) -> bool {
    from != SOMEWHERE && !from.contains(' ')
}

/// Sorts every attempt by where it was made and what it was made at.
pub fn contrast(evidence: &[Arc<Item>]) -> Contrast {
    let mut cells: BTreeMap<(String, String), Tally> = BTreeMap::new();
    for one in evidence.iter().filter(|item| item.voice == Voice::Heard) {
        for block in &one.reading.blocks {
            for fact in &block.facts {
                let Claim::Attempt(attempt) = &fact.claim else { continue };
                let named = one.origin.vantage.as_deref().or(attempt.from.name.as_deref());
                let from = named.or(block.prompt_host.as_deref()).unwrap_or(SOMEWHERE);
                let Some(to) = target(attempt) else { continue };
                let tally = cells.entry((from.to_owned(), to)).or_default();
                if attempt.outcome.is_success() {
                    tally.worked = tally.worked.saturating_add(attempt.count);
                } else {
                    tally.failed = tally.failed.saturating_add(attempt.count);
                    tally.failure = Some(attempt.outcome);
                }
            }
        }
    }
    let from: BTreeSet<String> = cells.keys().map(|(from, _)| from.clone()).collect();
    let to: BTreeSet<String> = cells.keys().map(|(_, to)| to.clone()).collect();
    Contrast { from: from.into_iter().collect(), to: to.into_iter().collect(), cells }
}

/// `203.0.113.10:443`, or the host where no address is known.
fn target(attempt: &Attempt) -> Option<String> {
    let to = &attempt.to;
    let name = to.address.map(|address| address.to_string()).or_else(|| to.host.clone()).or_else(|| to.name.clone())?;
    Some(to.port.map_or(name.clone(), |port| format!("{name}:{port}")))
}

impl Contrast {
    /// Whether there is anything to compare.
    pub fn is_telling(&self) -> bool {
        self.from.len() + self.to.len() > 2
    }

    pub fn cell(&self, from: &str, to: &str) -> Option<&Tally> {
        self.cells.get(&(from.to_owned(), to.to_owned()))
    }
}

impl Tally {
    /// `✓ 2`, `✕ 3: the connection timed out`, `✓ 1, ✕ 2: …`
    pub fn in_words(&self) -> String {
        let failure = self.failure.map(Outcome::spoken).unwrap_or_default();
        match (self.worked, self.failed) {
            (worked, 0) => format!("✓ {worked}"),
            (0, failed) => format!("✕ {failed}: {failure}"),
            (worked, failed) => format!("✓ {worked}, ✕ {failed}: {failure}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Origin;
    use crate::inquiry::Heard;
    use crate::read::read;
    use crate::session::ItemId;

    #[test]
    fn a_note_stands_in_the_row_of_whoever_it_says_tried() {
        let heard = Heard { reading: read("office -> 203.0.113.20: works", None, None), ..Heard::default() };
        let table = contrast(&[Arc::new(Item::new(ItemId(0), heard, Origin::default()))]);
        assert_eq!(table.from, ["office"]);
        assert!(is_place("office") && !is_place(SOMEWHERE));
    }

    #[test]
    fn attempts_are_told_apart_by_where_they_were_made_and_at_which_address() {
        let paste = "root@laptop:~# nc -vz -w 3 203.0.113.10 80; nc -vz -w 3 203.0.113.74 80\n\
                     Connection to 203.0.113.10 80 port [tcp/http] succeeded!\n\
                     nc: connect to 203.0.113.74 port 80 (tcp) timed out: Operation now in progress\n";
        let heard = Heard { reading: read(paste, None, None), ..Heard::default() };
        let evidence = [Arc::new(Item::new(ItemId(0), heard, Origin::default()))];
        let table = contrast(&evidence);
        assert_eq!((table.from.as_slice(), table.to.len()), (["laptop".to_owned()].as_slice(), 2));
        assert_eq!(table.cell("laptop", "203.0.113.10:80").unwrap().in_words(), "✓ 1");
        assert!(table.cell("laptop", "203.0.113.74:80").unwrap().in_words().starts_with("✕ 1: "));
        assert!(table.is_telling());
    }
}
