//! Secrets that only their surroundings tell: data of a Kubernetes `Secret`, columns of tables, the headers of an HTTP archive.

use std::ops::Range;

use super::name::{Says, says};
use super::{Line, Place, Secret, header};

/// The rule for lines whose place says that what stands there is a secret.
pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    let text = line.text;
    match line.place {
        Place::Data(column) if text.get(column..).is_some_and(|rest| rest.starts_with([' ', '\t'])) => {
            // The value behind `name:`, or a line of a block below it.
            let inside = text.get(column..).unwrap_or_default();
            let start = inside.find(": ").map_or(text.len() - inside.trim_start().len(), |colon| column + colon + 2);
            if !inside.trim_end().ends_with(':') && !inside.trim_end().ends_with(": |") {
                found.push(Secret::new(trimmed(text, start..text.len()), "data"));
            }
        }
        Place::Announced | Place::Hinted => {
            // A prompt may follow right behind; `2) "x"` is an answer of redis-cli, `string(9) "x"` one of PHP.
            let given = text.trim_start();
            let counts = |count: &str| count.len() < 3 || count.starts_with("string(");
            let given = given.split_once(") ").filter(|(count, _)| counts(count)).map_or(given, |(_, rest)| rest);
            // `<string>x</string>`
            let inside =
                given.strip_prefix('<').and_then(|rest| rest.split_once('>')).map_or(given, |(_, inside)| inside);
            let start = text.len() - inside.len();
            let end = text.trim_end().trim_end_matches([' ', '$', '#']).len();
            let end = inside.find("</").map_or(end, |length| start + length);
            let is_word = text.get(start..end).is_some_and(|word| !word.contains(' ') && !word.ends_with(':'));
            let is_said = line.place == Place::Announced
                || text
                    .get(start..end)
                    .is_some_and(|word| super::beside::is_coded(word) && !word.contains(['/', '|', '=']));
            if is_word && is_said && text.get(start..end).is_some_and(|word| !word.starts_with("-----")) {
                found.push(Secret::new(trimmed(text, start..end), "printed"));
            }
        }
        Place::Table(column) => {
            if let Some(cell) = cells(text).nth(column).filter(|cell| {
                let given = text.get(cell.clone()).unwrap_or_default();
                says(given) != Says::Secret && given.bytes().any(|byte| byte.is_ascii_alphanumeric())
            }) {
                found.push(Secret::new(cell, "cell"));
            }
        }
        _ => {}
    }
}

/// The rule for what stands in one line as JSON: `"data":{"a":"…"}` of a `Secret`, `"cookies":[{"name":"a","value":"…"}]`.
pub(super) fn inline(line: &Line, found: &mut Vec<Secret>) {
    if line.paste.has_manifest {
        for word in ["data\"", "data\\\"", "stringData\"", "stringData\\\""] {
            for (at, _) in line.text.match_indices(word) {
                let Some(open) = line.text.get(at + word.len()..).filter(|rest| rest.starts_with(':')) else {
                    continue;
                };
                let Some(inside) = open.get(1..).and_then(|rest| rest.trim_start().strip_prefix('{')) else { continue };
                let start = line.text.len() - inside.len();
                let end = start + inside.find('}').unwrap_or(inside.len());
                values(line.text, start..end, found);
            }
        }
    }
    if line.paste.is_archive {
        archived(line.text, found);
    }
}

/// Masks the values of an object of JSON whose values are all strings.
fn values(text: &str, object: Range<usize>, found: &mut Vec<Secret>) {
    let mut at = object.start;
    for pair in text.get(object).unwrap_or_default().split(',') {
        if let Some((name, value)) = pair.split_once(':') {
            let start = at + name.len() + 1;
            found.push(Secret::new(trimmed(text, start..start + value.len()), "data"));
        }
        at += pair.len() + 1;
    }
}

/// Headers, cookies, parameters and bodies of an HTTP archive: only listed headers keep their values.
fn archived(text: &str, found: &mut Vec<Secret>) {
    let mut rest = 0;
    while let Some(at) = text.get(rest..).and_then(|after| after.find("\"name\"")).map(|at| at + rest) {
        rest = at + 6;
        let Some(name) = string(text, rest) else { continue };
        let kept = header::is_kept(&text.get(name.clone()).unwrap_or_default().to_ascii_lowercase());
        let after = text.get(name.end + 1..).unwrap_or_default();
        let is_pair = after.trim_start_matches([',', ' ']).starts_with("\"value\"");
        if let Some(value) =
            after.find("\"value\"").filter(|_| is_pair && !kept).and_then(|at| string(text, name.end + 8 + at))
        {
            rest = value.end;
            found.push(Secret::new(value, text.get(name).unwrap_or_default()));
        }
    }
    for (at, word) in text.match_indices("\"text\"") {
        if let Some(body) = string(text, at + word.len()) {
            found.push(Secret::new(body, "body"));
        }
    }
}

/// The string behind a colon.
fn string(text: &str, from: usize) -> Option<Range<usize>> {
    let inside = text.get(from..)?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let start = text.len() - inside.len();
    Some(start..start + super::assignment::closing(inside, '"').unwrap_or(inside.len()))
}

/// Without white space, quotes and what JSON puts behind a value.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let given = text.get(range.clone()).unwrap_or_default();
    let start = given.len() - given.trim_start_matches([' ', '\t', '"', '\'', '\\']).len();
    let end = given.trim_end_matches([' ', '\t', '"', '\'', ',', '\\']).len();
    range.start + start..range.start + end.max(start)
}

/// The column at which `data:` or `"data": {` stands alone on its line.
pub(super) fn data_column(line: &str) -> Option<usize> {
    let text = line.trim_end().trim_end_matches('{').trim_end().strip_suffix(':')?;
    let name = text.trim_end_matches('"');
    let start = ["stringData", "data"].iter().find_map(|word| name.strip_suffix(word))?.trim_end_matches('"');
    (start.is_empty() || start.ends_with([' ', '\t'])).then_some(start.len())
}

/// The column of a table's head that names secrets: `user | password`. Two cells with a frame are a name and its value.
pub(super) fn secret_column(line: &str) -> Option<usize> {
    let is_head = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !line.contains(SEPARATORS) || !cells(line).all(|cell| line.get(cell).is_some_and(is_head)) {
        return None;
    }
    cells(line).position(|cell| line.get(cell).is_some_and(|cell| says(cell) == Says::Secret))
}

/// What stands between the cells of a table, the first that a line has.
pub(super) const SEPARATORS: [char; 3] = ['|', '\t', ','];

/// The cells of a row, without the frame.
fn cells(line: &str) -> impl Iterator<Item = Range<usize>> {
    let frame = line.trim_end().trim_end_matches('|');
    let first = line.len() - line.trim_start().trim_start_matches('|').len();
    let mut start = first;
    let separator = SEPARATORS.into_iter().find(|separator| line.contains(*separator)).unwrap_or('|');
    frame.get(first..).unwrap_or_default().split(separator).map(move |cell| {
        let at = start + cell.len() - cell.trim_start().len();
        start += cell.len() + 1;
        at..at + cell.trim().len()
    })
}
