//! A message for a chat, within what Slack takes in one section (3,000 characters; Teams takes more).

use std::fmt::Write;

use super::Handoff;
use super::escape::chat as escaped;

/// The most Slack shows of one section block, in characters.
pub const LONGEST: usize = 3_000;

/// How many reasons a message has room for.
const REASONS: usize = 3;

/// The case in a few lines: verdict, why, what to run, and a link where there is one. The link comes whole or not at all.
pub fn chat(case: &Handoff, link: Option<&str>) -> String {
    let diagnosis = case.diagnosis;
    let mut text = format!("*{}*\n", escaped(&shortened(case.title(), 150)));
    let _ = writeln!(text, "{}: {}", diagnosis.verdict.in_words(), escaped(&shortened(&diagnosis.headline, 400)));
    if let Some(first) = diagnosis.suspects.first() {
        for reason in first.because.iter().filter(|reason| reason.bits > 0.0).take(REASONS) {
            let _ = writeln!(text, "• {}", escaped(&shortened(&reason.says, 200)));
        }
    }
    if let Some(next) = diagnosis.next.first() {
        let place = next.place(&case.name(&next.from));
        let place = if place.is_empty() { place } else { format!(" {place}") };
        let command = next.command.replace('`', "'");
        let command = command.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // Half a command is worse than none.
        if command.chars().count() <= 600 {
            let _ = writeln!(text, "Run next{}: `{command}`", escaped(&shortened(&place, 100)));
        }
    }
    let end = format!("_{}_", escaped(&case.made_by()));
    let room = LONGEST.saturating_sub(text.chars().count() + end.chars().count() + 1);
    match link.filter(|link| link.chars().count() < room) {
        Some(link) => text.push_str(&format!("{link}\n")),
        None if link.is_some() => text.push_str("The case is too long for a link here: ask for it as a file.\n"),
        None => {}
    }
    text + &end
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
