//! What it was in the end, beside what was believed: how far the percentages in one's own cases were right.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Belief in the first suspect when it was settled, in percent.
    pub believed: u8,
    /// Whether the first suspect was it.
    pub right: bool,
}

impl Settled {
    /// As it stands in a draft.
    pub(super) fn read(value: &Value) -> Option<Settled> {
        let believed = value.get("believed")?.as_u64()?.try_into().ok()?;
        Some(Settled { believed, right: value.get("right")?.as_bool()? })
    }
}

/// Cases whose first suspects were believed about as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Percent, both included.
    pub from: u8,
    pub to: u8,
    pub cases: usize,
    /// In how many of them the first suspect was it.
    pub right: usize,
}

/// The settled cases by what was believed, from the surest down; bands without a case are left out.
pub fn bands(all: &[Settled]) -> Vec<Band> {
    let bands = [(90, 100), (70, 89), (40, 69), (0, 39)].map(|(from, to)| {
        let here = || all.iter().filter(|one| (from..=to).contains(&one.believed));
        Band { from, to, cases: here().count(), right: here().filter(|one| one.right).count() }
    });
    bands.into_iter().filter(|band| band.cases > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Salt;
    use crate::session::{Action, Edit, Heading, Saved, Session};

    #[test]
    fn settled_cases_are_counted_by_what_was_believed() {
        let settled = |believed, right| Settled { believed, right };
        let all = [settled(97, true), settled(90, false), settled(89, true), settled(12, false), settled(100, true)];
        let band = |(from, to), cases, right| Band { from, to, cases, right };
        assert_eq!(bands(&all), [band((90, 100), 3, 2), band((70, 89), 1, 1), band((0, 39), 1, 0)]);
        assert_eq!(bands(&[]), []);
    }

    #[test]
    fn what_it_was_is_kept_with_the_case_and_can_be_taken_back() {
        let mut session = Session::new(Salt([7; 16]));
        let settled = Settled { believed: 84, right: true };
        session.apply(Action::Edit(Edit::Settle(settled)));
        let draft = Saved::from(session.work()).to_json();
        assert_eq!(Heading::of(&draft).unwrap().settled, Some(settled));
        assert_eq!(Saved::work(&draft).unwrap().settled, Some(settled));
        session.apply(Action::Undo);
        assert_eq!(session.work().settled, None);
    }
}
