//! Takes what `echo` put its own words around for what the command inside of it printed.
//!
//! ```text
//! $ for s in 11 12; do echo "res-$s: $(dig +noall +answer +stats geo.tram.internal @10.201.1.$s | paste -sd' ')"; done
//! res-11: ;; communications error to 10.201.1.11#53: timed out ;; no servers could be reached
//! res-12: geo.tram.internal.   30   IN   A   10.201.7.9 ;; Query time: 0 msec
//! ```

use super::prompt::Stretch;
use crate::clean::Line;

/// The stretch as if the command inside had been typed alone.
pub(super) fn unwrapped(stretch: Stretch) -> Stretch {
    let Some((before, inner, after)) = stretch.command.as_deref().and_then(taken_apart) else { return stretch };
    let mut lines = Vec::new();
    let mut opening = before.trim_start();
    for line in stretch.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let Some(text) = line.text.trim_start().strip_prefix(opening) else { return stretch };
        opening = "";
        let text = text.strip_suffix(after.trim_end()).unwrap_or(text).trim();
        // dig's remarks, joined by a filter: each began a line of its own.
        let pieces = text.split(" ;; ").enumerate();
        let pieces = pieces.map(|(at, piece)| if at == 0 { piece.to_owned() } else { format!(";; {piece}") });
        lines.extend(pieces.map(|text| Line { text, ..line.clone() }));
    }
    Stretch { command: Some(inner), lines, ..stretch }
}

/// `echo "res-11: $(dig …) end"` as its words before, the command and its words behind; nothing where more is put in than one command.
fn taken_apart(command: &str) -> Option<(String, String, String)> {
    let said = command.trim().strip_prefix("echo ")?.trim_start().trim_start_matches("-n ").trim_start();
    let (before, rest) = said.split_once("$(")?;
    let mut depth = 1u32;
    let (end, _) = rest.char_indices().find(|(_, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let (inner, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let quote = before.chars().next().filter(|c| *c == '"');
    let (before, after) = match quote {
        Some(quote) => (before.strip_prefix(quote)?, after.trim_end().strip_suffix(quote)?),
        None => (before, after),
    };
    let plain = |words: &str| !words.contains(['$', '`', ';', '|', '>', '"']);
    (plain(before) && plain(after)).then(|| (before.to_owned(), inner.to_owned(), after.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_command_inside_is_taken_out_and_several_are_left() {
        let apart = |command: &str| taken_apart(command).map(|(before, inner, after)| [before, inner, after]);
        let taken = |parts: [&str; 3]| Some(parts.map(str::to_owned));
        assert_eq!(
            apart(r#"echo "res-11: $(dig +short a.b @10.0.0.1)""#),
            taken(["res-11: ", "dig +short a.b @10.0.0.1", ""])
        );
        assert_eq!(apart("echo $(nc -vz h 80 2>&1)."), taken(["", "nc -vz h 80 2>&1", "."]));
        assert_eq!(apart(r#"echo "$(date +%T) $(curl -sI http://h/)""#), None);
        assert_eq!(apart("echo done; date"), None);
    }
}
