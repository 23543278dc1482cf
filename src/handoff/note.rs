//! The incident note, as Markdown with a Mermaid diagram: what GitHub, GitLab and most wikis show as it is meant.

use std::fmt::Write;

use super::escape::{fenced, markdown, mermaid};
use super::timeline::timeline;
use super::{Handoff, team, teams};
use crate::diagnosis::Standing;

/// How many reasons and suspects are told.
const MOST: usize = 6;

/// The whole case as a note.
pub fn note(case: &Handoff) -> String {
    let mut text = format!("# {}\n\n", markdown(case.title()));
    let diagnosis = case.diagnosis;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "**{}:** {}\n", diagnosis.verdict.in_words(), markdown(&diagnosis.headline));
    if let Some(first) = diagnosis.suspects.first().filter(|first| !first.because.is_empty()) {
        let _ = writeln!(text, "## Why\n");
        for reason in first.because.iter().take(MOST) {
            let side = if reason.bits >= 0.0 { "for" } else { "against" };
            let _ = writeln!(
                text,
                "- {} ({side}; evidence {}, {})",
                markdown(&reason.says),
                reason.evidence + 1,
                reason.lines.spoken()
            );
        }
        text.push('\n');
    }
    if diagnosis.suspects.len() > 1 {
        let _ = writeln!(text, "## Suspects\n");
        for suspect in diagnosis.suspects.iter().take(MOST) {
            let _ = writeln!(text, "- {:.0} % {}", suspect.probability * 100.0, markdown(&suspect.title));
        }
        text.push('\n');
    }
    for team in teams(case) {
        team::section(case, team, &mut text);
    }
    next(case, &mut text);
    diagram(case, &mut text);
    let moments = timeline(case);
    if !moments.is_empty() {
        let _ = writeln!(text, "## Timeline, in UTC\n");
        for moment in moments {
            let _ = writeln!(text, "- {} — {}", moment.clock(), markdown(&moment.says));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "_{}_", markdown(&case.made_by()));
    text
}

/// The command to run next, who runs it, and what its outcomes mean.
pub(super) fn next(case: &Handoff, text: &mut String) {
    let Some(next) = case.diagnosis.next.first() else { return };
    let place = next.place(&case.name(&next.from));
    let place = if place.is_empty() { place } else { format!(", {place}") };
    let team = case.team(if next.from.is_empty() { &next.about } else { &next.from });
    let who = if team.is_empty() { String::new() } else { format!(", by {team}") };
    let _ = writeln!(text, "## Run next{}\n", markdown(&format!("{place}{who}")));
    let _ = writeln!(text, "{}\n\n{}\n", markdown(&next.asks), fenced(&next.command));
    for outcome in next.outcomes.iter().take(MOST) {
        let _ = writeln!(text, "- If {}: {}", markdown(&outcome.sees), markdown(&outcome.then));
    }
    text.push('\n');
}

fn diagram(case: &Handoff, text: &mut String) {
    if case.sketch.is_empty() {
        return;
    }
    text.push_str("## Map\n\n```mermaid\nflowchart LR\n");
    for (position, node) in case.sketch.nodes().iter().enumerate() {
        let standing = case.diagnosis.standing(&node.id, None);
        let _ = writeln!(
            text,
            "  n{position}[\"{} {}<br>{}\"]:::{}",
            standing.glyph(),
            mermaid(node.name()),
            standing.word(),
            class(standing)
        );
    }
    for edge in case.sketch.edge_indices() {
        let Some((from, to)) = case.sketch.ends(edge) else { continue };
        let id = case.sketch.edge(edge).map(|edge| format!("{}->{}", edge.from, edge.to)).unwrap_or_default();
        let standing = case.diagnosis.standing(&id, None);
        let label = match standing {
            Standing::Failing | Standing::Suspect => format!("|\"{}\"|", standing.sign()),
            _ => String::new(),
        };
        let _ = writeln!(text, "  n{} -->{label} n{}", from.0, to.0);
    }
    text.push_str(
        "  classDef failing stroke:#b3261e,stroke-width:3px\n  classDef suspect stroke:#9a6700,stroke-dasharray:4\n",
    );
    text.push_str("  classDef cleared stroke:#1a7f37\n  classDef other stroke:#6e7781\n```\n\n");
}

pub(super) fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Failing => "failing",
        Standing::Suspect => "suspect",
        Standing::Cleared => "cleared",
        Standing::Open | Standing::Untested => "other",
    }
}
