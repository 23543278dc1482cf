//! What stands behind the list of suspects, as text: sums, comparisons, what does not fit, why not something else.

use std::fmt::Write;

use crate::diagnosis::{Because, Diagnosis};

/// Writing to a string cannot fail, so results are dropped here.
pub(super) fn explanation(diagnosis: &Diagnosis, text: &mut String) {
    list("Not explained by it", diagnosis.unexplained.iter().map(seen), text);
    for sum in &diagnosis.sums {
        let _ = writeln!(text, "\n{}", sum.title);
        for row in &sum.rows {
            let _ = writeln!(text, "  {row}");
        }
        let _ = writeln!(text, "  = {}", sum.concludes);
    }
    if !diagnosis.charts.is_empty() {
        let commands =
            diagnosis.fetch.iter().map(|fetch| format!("{} of {}: {}", fetch.source, fetch.of, fetch.command));
        list("More numbers, from whichever of these keeps them", commands, text);
    }
    let named = diagnosis.named.iter().map(|named| {
        let owners: Vec<&str> = named.owners.iter().map(|owner| owner.name.as_str()).collect();
        format!(
            "{}: {} (paste {}, line {})",
            named.number,
            owners.join("; or "),
            named.seen.evidence + 1,
            named.seen.lines
        )
    });
    list("Numbers with an owner", named, text);
    for contrast in diagnosis.contrasts.iter().filter(|contrast| contrast.bits > 0.0) {
        let _ = writeln!(text, "\nRequests to {} by {}", contrast.to, contrast.factor.spoken());
        for row in &contrast.rows {
            let _ = writeln!(text, "  {}: {} worked, {} failed", row.value, row.worked, row.failed);
        }
        for value in &contrast.untested {
            let _ = writeln!(text, "  {value}: not tested");
        }
    }
    let why = diagnosis.lowered.iter().map(|idea| {
        format!(
            "{} ({} before the evidence, now {}): {}",
            idea.element,
            percent(idea.before),
            percent(idea.now),
            seen(&idea.because)
        )
    });
    list("Why not", why, text);
    let turns = diagnosis.turns.iter().map(|turn| {
        format!("if {} ({}): {} comes first. {}", turn.sees, percent(turn.probability), turn.to, turn.command)
    });
    list("What would turn it", turns, text);
    if !diagnosis.rests_on.is_empty() {
        let pastes: Vec<String> = diagnosis.rests_on.iter().map(|paste| format!("paste {}", paste + 1)).collect();
        let _ = writeln!(text, "\nWithout it another element would come first: {}", pastes.join(", "));
    }
    let phases = diagnosis.phases.iter().map(|phase| {
        let since =
            if phase.change.is_empty() { "before any change".to_owned() } else { format!("since {}", phase.change) };
        format!("{since}: {} worked, {} failed", phase.worked, phase.failed)
    });
    list("Changes", phases, text);
}

fn list(title: &str, lines: impl Iterator<Item = String>, text: &mut String) {
    for (position, line) in lines.enumerate() {
        if position == 0 {
            let _ = writeln!(text, "\n{title}");
        }
        let _ = writeln!(text, "  {line}");
    }
}

fn seen(because: &Because) -> String {
    format!("{} (paste {}, line {})", because.says, because.evidence + 1, because.lines)
}

fn percent(p: f64) -> String {
    match p * 100.0 {
        small if small < 0.5 => "under 1 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}
