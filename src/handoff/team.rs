//! What the case means for one team, without blame: what is cleared on its side, what is open, and what one command would settle.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::escape::markdown;
use super::{Handoff, note};
use crate::order;

/// Belief above which an open question is worth a line.
const OPEN: f64 = 0.02;

/// Every team the drawing names, in the order of the alphabet.
pub fn teams<'a>(case: &Handoff<'a>) -> BTreeSet<&'a str> {
    order::set(case.sketch.nodes().iter().map(|node| node.team.as_str()).filter(|team| !team.is_empty()))
}

/// The page for one team, as Markdown.
pub fn team_page(case: &Handoff, team: &str) -> String {
    let mut text = format!("# {}\n\n", markdown(case.title()));
    section(case, team, &mut text);
    note::next(case, &mut text);
    let _ = writeln!(text, "_{}_", markdown(&case.made_by()));
    text
}

/// A team's part of a note. A clearance goes no further than what was tested; that is said with it.
pub(super) fn section(case: &Handoff, team: &str, text: &mut String) {
    let _ = writeln!(text, "## For {}\n", markdown(team));
    let mut is_empty = true;
    for cleared in case.diagnosis.cleared.iter().filter(|cleared| case.team(&cleared.element) == team) {
        let address = cleared.address.map(|ip| format!(" {ip}")).unwrap_or_default();
        let _ = writeln!(
            text,
            "- Cleared: {}{address}, only for {}",
            markdown(&case.name(&cleared.element)),
            markdown(&cleared.scope)
        );
        is_empty = false;
    }
    for suspect in &case.diagnosis.suspects {
        if suspect.probability >= OPEN && case.team(&suspect.element) == team {
            let _ = writeln!(text, "- Open: {}", markdown(&suspect.title));
            is_empty = false;
        }
    }
    for id in case.diagnosis.untested.iter().filter(|id| case.team(id) == team) {
        let _ = writeln!(text, "- Not tested: {}", markdown(&case.name(id)));
        is_empty = false;
    }
    if is_empty {
        let _ = writeln!(text, "- Nothing on this side was touched by the evidence so far.");
    }
    text.push('\n');
}
