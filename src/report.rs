//! A diagnosis as plain text: for the terminal, the clipboard, and the stories under `tests/`.

use std::fmt::Write;

use crate::diagnosis::{Diagnosis, Verdict};

mod explanation;

/// How many facts are shown for the first suspect.
const FACTS: usize = 6;

/// How many untested elements are named.
const UNTESTED: usize = 12;

/// The diagnosis for a reader in a hurry: verdict, facts with their lines, what is cleared, what to run next.
pub fn report(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    let word = diagnosis.verdict.in_words();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{word}: {}", diagnosis.headline);
    suspects(diagnosis, &mut text);
    explanation::explanation(diagnosis, &mut text);
    cleared(diagnosis, &mut text);
    next(diagnosis, &mut text);
    remarks(diagnosis, &mut text);
    text
}

fn suspects(diagnosis: &Diagnosis, text: &mut String) {
    if matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence) {
        return;
    }
    let _ = writeln!(text, "\nSuspects");
    for suspect in diagnosis.suspects.iter().take(5) {
        let _ = writeln!(text, "  {:>3.0} %  {}", suspect.probability * 100.0, suspect.title);
    }
    if let Some(first) = diagnosis.suspects.first() {
        let _ = writeln!(text, "\nBecause");
        for reason in first.because.iter().take(FACTS) {
            let sign = if reason.bits >= 0.0 { '+' } else { '-' };
            let _ = writeln!(
                text,
                "  {sign}{:.1}  {} (paste {}, line {})",
                reason.bits.abs(),
                reason.says,
                reason.evidence + 1,
                reason.lines
            );
        }
        let act = diagnosis.enough.as_ref().map(|enough| ("Enough is known: act", &enough.fix, &enough.verify));
        let isolated = diagnosis.verdict == Verdict::Isolated && !first.fix.is_empty();
        if let Some((title, fix, verify)) = act.or(isolated.then_some(("If that is it", &first.fix, &first.verify))) {
            let _ = writeln!(text, "\n{title}\n  {fix}");
            if !verify.is_empty() {
                let _ = writeln!(text, "  Verify: {verify}");
            }
        }
    }
}

fn cleared(diagnosis: &Diagnosis, text: &mut String) {
    if !diagnosis.cleared.is_empty() {
        let _ = writeln!(text, "\nCleared, only for what was tested");
        for cleared in &diagnosis.cleared {
            let address = cleared.address.map(|ip| format!(" {ip}")).unwrap_or_default();
            let _ = writeln!(text, "  {}{address}: {}", cleared.element, cleared.scope);
        }
    }
    if !diagnosis.untested.is_empty() {
        let all = diagnosis.untested.len() + diagnosis.untested_beyond;
        let more = match all.checked_sub(UNTESTED) {
            Some(more) if more > 0 => format!(" and {more} more"),
            _ => String::new(),
        };
        let first: Vec<&str> = diagnosis.untested.iter().take(UNTESTED).map(String::as_str).collect();
        let _ = writeln!(text, "\nNot tested: {}{more}", first.join(", "));
    }
}

fn next(diagnosis: &Diagnosis, text: &mut String) {
    if let Some(next) = diagnosis.next.first() {
        let place = next.place(&next.from);
        let place = if place.is_empty() { place } else { format!(", {place}") };
        let _ = writeln!(text, "\nRun next ({} min{place}): {}\n  {}", next.minutes, next.asks, next.command);
        for outcome in next.outcomes.iter().take(4) {
            let _ = writeln!(text, "  {:>3.0} %  if {}: {}", outcome.probability * 100.0, outcome.sees, outcome.then);
        }
        match diagnosis.at_most {
            None | Some(0) => {}
            Some(1) => text.push_str("  One command will do, whichever suspect it is.\n"),
            Some(most) => {
                let _ = writeln!(text, "  At most {most} commands will do, whichever suspect it is.");
            }
        }
    }
}

fn remarks(diagnosis: &Diagnosis, text: &mut String) {
    for assumed in &diagnosis.assumed {
        let _ = writeln!(text, "\nAssumed: {assumed}");
    }
    for unplaced in &diagnosis.unplaced {
        let _ =
            writeln!(text, "\nOn no hop (paste {}, line {}): {}", unplaced.evidence + 1, unplaced.lines, unplaced.says);
    }
    if !diagnosis.unread.is_empty() {
        let lines: Vec<String> = diagnosis
            .unread
            .iter()
            .map(|unread| format!("paste {} line {}", unread.evidence + 1, unread.lines))
            .collect();
        let _ = writeln!(text, "\nNot understood: {}", lines.join(", "));
    }
}
