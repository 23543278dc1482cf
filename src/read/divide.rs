//! Gives each command of a chain the lines that it printed, and leaves together what nobody can tell apart.
//!
//! ```text
//! $ pg_isready -h 10.41.5.7; psql -h 10.41.5.7 -U app shop -Atc 'select count(*) from items'
//! 10.41.5.7:5432 - no response
//! psql: error: connection to server at "10.41.5.7", port 5432 failed: timeout expired
//! ```
//!
//! Commands print one after the other, so the lines are cut where all of them together fit their commands best. Where two cuts fit
//! equally well, the commands between them stay one: a success must not be credited to the wrong host.

use super::prompt::Stretch;
use super::voice::Voice;
use super::{chain, exit_status};
use crate::clean::Line;

/// The longest output and the longest chain that are divided: what is looked at grows with both.
const MOST_LINES: usize = 3000;

/// The stretch as one for each command that printed something, in order; a person's words above them stand alone.
pub(super) fn divide(mut stretch: Stretch) -> Vec<Stretch> {
    let first = stretch.lines.iter().position(|line| !line.text.trim().is_empty());
    let remarks = first.filter(|at| stretch.lines.get(*at).is_some_and(|line| is_remark(&line.text)));
    let (Some(at), true) = (remarks, stretch.command.is_some()) else { return divided(stretch) };
    let rest = stretch.lines.split_off(at + 1);
    let remark = Stretch { command: None, host: stretch.host.clone(), lines: stretch.lines };
    let rest = divided(Stretch { command: stretch.command, host: stretch.host, lines: rest });
    std::iter::once(remark).chain(rest).collect()
}

/// Whether a line leads over to what stands below it, as only people do: "works if I ask outside and pin the address:".
fn is_remark(text: &str) -> bool {
    let text = text.trim();
    let said = text.strip_suffix("->").or_else(|| text.strip_suffix(':')).map(str::trim_end);
    let is_word = |word: &str| {
        word.trim_matches([',', '.', '!', '?', '(', ')', '"'])
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'))
    };
    said.is_some_and(|said| said.split(' ').count() > 3 && said.split(' ').all(is_word))
}

fn divided(stretch: Stretch) -> Vec<Stretch> {
    let texts: Vec<&str> = stretch.lines.iter().map(|line| line.text.as_str()).collect();
    let statements = |command: &str| match chain::with_values(command, &texts) {
        Some(command) => chain::statements(&command),
        None => chain::statements(command),
    };
    let statements = stretch.command.as_deref().map(statements).unwrap_or_default();
    if statements.len() < 2 || stretch.lines.len() > MOST_LINES {
        return vec![stretch];
    }
    if let Some(labelled) = labelled(&statements, &stretch) {
        return labelled;
    }
    let voices: Vec<Voice> = statements.iter().map(|statement| Voice::of(statement)).collect();
    let Some((earliest, latest)) = speakers(&voices, &texts) else { return vec![stretch] };
    // Commands between which a line is torn belong together.
    let mut joined = vec![false; statements.len()];
    for (from, to) in earliest.iter().zip(&latest) {
        joined.iter_mut().take(*to).skip(*from).for_each(|joined| *joined = true);
    }
    for (joined, pair) in joined.iter_mut().zip(voices.windows(2)) {
        if let [one, next] = pair {
            *joined |= one.belongs_with(next);
        }
    }
    let mut groups: Vec<(Vec<String>, usize)> = Vec::new();
    let mut before = String::new();
    for (at, statement) in statements.into_iter().enumerate() {
        // What `echo $?` prints is the other one's.
        let asked = exit_status::is_asked(&statement) && !before.is_empty();
        let statement = if asked { format!("{before}; {statement}") } else { statement };
        before.clone_from(&statement);
        match groups.last_mut() {
            Some((group, last)) if at > 0 && joined.get(at - 1) == Some(&true) => {
                group.push(statement);
                *last = at;
            }
            _ => groups.push((vec![statement], at)),
        }
    }
    if groups.len() < 2 {
        return vec![stretch];
    }
    let mut lines = stretch.lines.into_iter().zip(earliest).peekable();
    let divided = groups.into_iter().map(|(group, last)| {
        let mut own = Vec::new();
        while let Some((line, _)) = lines.next_if(|(_, speaker)| *speaker <= last) {
            own.push(line);
        }
        Stretch { command: Some(group.join("; ")), host: stretch.host.clone(), lines: own }
    });
    divided.filter(|one| one.lines.iter().any(|line| !line.text.trim().is_empty())).collect()
}

/// The lines of each round of a loop that marks them itself: `for q in a b; do dig +short $q.example | sed "s/^/$q /"; done`.
fn labelled(statements: &[String], stretch: &Stretch) -> Option<Vec<Stretch>> {
    let taken_apart = |statement: &String| {
        let (command, script) = statement.rsplit_once("| sed ")?;
        let label = script.trim().trim_matches(['"', '\'']).strip_prefix("s/^/")?.strip_suffix('/')?;
        (!label.is_empty()).then(|| (command.trim().to_owned(), label.to_owned()))
    };
    let mut rounds: Vec<(String, String, Vec<Line>)> = Vec::new();
    for statement in statements {
        let (command, label) = taken_apart(statement)?;
        rounds.push((command, label, Vec::new()));
    }
    for line in stretch.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let (text, lines) =
            rounds.iter_mut().find_map(|(_, label, lines)| Some((line.text.strip_prefix(label.as_str())?, lines)))?;
        lines.push(Line { text: text.to_owned(), ..line.clone() });
    }
    let host = &stretch.host;
    let of = |(command, _, lines)| Stretch { command: Some(command), host: host.clone(), lines };
    Some(rounds.into_iter().map(of).filter(|one: &Stretch| !one.lines.is_empty()).collect())
}

/// How well a way of cutting fits, where it does not fit at all.
const NEVER: i32 = i32::MIN / 4;

/// The best fits of the lines up to one of them, by the command that printed it and how many of its counted lines it had printed by then.
type Row = Vec<Vec<i32>>;

/// Which command printed each line, in the earliest and the latest of the best cuts; nothing where no cut fits.
fn speakers(voices: &[Voice], texts: &[&str]) -> Option<(Vec<usize>, Vec<usize>)> {
    let mut rows: Vec<Row> = Vec::with_capacity(texts.len());
    let mut above = None;
    for text in texts {
        let row = row(voices, rows.last(), text, above);
        rows.push(row);
        above = Some(*text).filter(|text| !text.trim().is_empty()).or(above);
    }
    let silent_after = |at: usize| voices.iter().skip(at + 1).map(Voice::silence).sum::<i32>();
    let ends = || {
        let states = rows.last().into_iter().flatten().enumerate();
        states.flat_map(|(at, counts)| counts.iter().enumerate().map(move |(count, fit)| (at, count, *fit)))
    };
    let best = ends().map(|(at, _, fit)| fit + silent_after(at)).max().filter(|best| *best > NEVER / 2)?;
    let mut equal = ends().filter(|(at, _, fit)| fit + silent_after(*at) == best).map(|(at, count, _)| (at, count));
    let first = equal.next()?;
    let last = equal.last().unwrap_or(first);
    Some((traced(voices, texts, &rows, first, true), traced(voices, texts, &rows, last, false)))
}

fn row(voices: &[Voice], before: Option<&Row>, text: &str, above: Option<&str>) -> Row {
    // The best fit of everything above, with this command as the next that prints.
    let mut entering = if before.is_none() { 0 } else { NEVER };
    let mut row = Vec::with_capacity(voices.len());
    let empty = text.trim().is_empty();
    for (at, voice) in voices.iter().enumerate() {
        let counted = usize::from(voice.counts(text));
        let mut cells = vec![NEVER; voice.most() + 1];
        if let (Some(fit), Some(cell)) = (voice.fit(text, above, true), cells.get_mut(counted)) {
            *cell = entering.saturating_add(fit).max(NEVER);
        }
        let printed = before.and_then(|before| before.get(at)).map(Vec::as_slice).unwrap_or_default();
        if let Some(fit) = voice.fit(text, above, false) {
            for (count, value) in printed.iter().enumerate().filter(|(count, _)| empty || !voice.is_done(*count)) {
                if let Some(cell) = cells.get_mut(count + counted) {
                    *cell = (*cell).max(value.saturating_add(fit));
                }
            }
        }
        row.push(cells);
        entering = entering.saturating_add(voice.silence()).max(printed.iter().copied().max().unwrap_or(NEVER));
    }
    row
}

/// Goes back from the last line along a best cut, each line with the earliest or the latest command that can have printed it.
fn traced(voices: &[Voice], texts: &[&str], rows: &[Row], end: (usize, usize), earliest: bool) -> Vec<usize> {
    let mut speakers = vec![end.0; texts.len()];
    let (mut at, mut count) = end;
    for number in (1..texts.len()).rev() {
        let (Some(text), Some(voice)) = (texts.get(number), voices.get(at)) else { break };
        let above = texts.iter().take(number).rev().find(|text| !text.trim().is_empty()).copied();
        let cell = |number: usize, at: usize, count: usize| {
            rows.get(number).and_then(|row| row.get(at)?.get(count).copied()).unwrap_or(NEVER)
        };
        let value = cell(number, at, count);
        let counted = usize::from(voice.counts(text));
        let same = count.checked_sub(counted).filter(|before| {
            let fits = voice.fit(text, above, false).map(|fit| cell(number - 1, at, *before).saturating_add(fit));
            (text.trim().is_empty() || !voice.is_done(*before)) && fits == Some(value)
        });
        let others = (0..at).filter(|_| counted == count).flat_map(|other| {
            let silent: i32 = voices.iter().take(at).skip(other + 1).map(Voice::silence).sum();
            let counts = 0..=voices.get(other).map_or(0, Voice::most);
            counts.map(move |count| (other, count, silent))
        });
        let mut others = others.filter(|(other, count, silent)| {
            let fits = voice.fit(text, above, true).map(|fit| cell(number - 1, *other, *count) + silent + fit);
            fits == Some(value)
        });
        let entered = if earliest {
            others.next()
        } else if same.is_none() {
            others.next_back()
        } else {
            None
        };
        match (entered, same) {
            (Some((other, before, _)), _) => (at, count) = (other, before),
            (None, Some(before)) => count = before,
            (None, None) => break,
        }
        if let Some(speaker) = speakers.get_mut(number - 1) {
            *speaker = at;
        }
    }
    speakers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_leads_over_to_an_output_and_a_program_does_not() {
        assert!(is_remark("works if I ask outside and pin the address, so Kestrel is up:"));
        assert!(is_remark("and the script of the night shift shows them as before ->"));
        assert!(!is_remark("Address:"));
        assert!(!is_remark("curl: (6) Could not resolve host:"));
        assert!(!is_remark("Connection to 10.58.0.8 88 port succeeded:"));
    }

    #[test]
    fn a_loop_that_marks_its_lines_is_divided_by_its_marks() {
        let text =
            "$ for q in a b; do dig +short $q.example | sed \"s/^/$q /\"; done\na 10.0.0.1\nb 10.0.0.2\nb 10.0.0.3";
        let told: Vec<String> =
            crate::read::read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect();
        assert_eq!(told, ["a.example resolved to 10.0.0.1", "b.example resolved to 10.0.0.2, 10.0.0.3"]);
    }

    #[test]
    fn a_zones_serial_and_a_names_address_are_told_apart() {
        let text = "$ for s in 10.53.0.2 10.53.0.3; do echo \"== $s\"; dig +short SOA huts.example @$s; dig +short www.huts.example @$s; done\n\
                    == 10.53.0.2\nns1.huts.example. root.huts.example. 2026112703 3600 600 604800 60\n10.53.4.40\n\
                    == 10.53.0.3\nns1.huts.example. root.huts.example. 2026110201 3600 600 604800 60\n10.53.4.9\n";
        let reading = crate::read::read(text, None, None);
        let told: Vec<String> = reading.facts().map(|fact| fact.claim.to_string()).collect();
        let of = |address: &str| told.contains(&format!("www.huts.example resolved to {address}"));
        assert!(of("10.53.4.40") && of("10.53.4.9"), "{told:?}");
    }
}
