//! The file as a person would have written it: ids from words, and texts one line per line.

use crate::runbook::{Runbook, Shelf};

/// Longer ids are cut after the last whole word.
const LONGEST: usize = 48;

/// An id made of words that no runbook and no mode has yet.
pub(super) fn free_id(words: &str, shelf: &Shelf) -> String {
    let mut id = String::new();
    for word in words.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if id.len() + word.len() >= LONGEST && !id.is_empty() {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.extend(word.chars().take(LONGEST));
    }
    if id.is_empty() {
        id.push_str("incident");
    }
    let is_taken = |id: &str| shelf.mode(id).is_some() || shelf.runbooks().iter().any(|other| other.runbook == id);
    let numbered = |number: u32| if number == 1 { id.clone() } else { format!("{id}-{number}") };
    (1..).map(numbered).find(|id| !is_taken(id)).unwrap_or_default()
}

/// What was said, or what is to be said there.
pub(super) fn unused(said: &str, otherwise: &str) -> String {
    let said = said.trim().trim_end_matches('.');
    if said.is_empty() { otherwise.to_owned() } else { said.to_owned() }
}

/// The text of a runbook's file, indented like the shipped ones, every pasted text as a list of its lines.
pub(super) fn file_text(runbook: &Runbook) -> String {
    let mut bytes = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let written = serde::Serialize::serialize(runbook, &mut serde_json::Serializer::with_formatter(&mut bytes, format));
    let pretty = written.ok().and_then(|()| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut file: String = pretty.lines().flat_map(|line| [in_lines(line), "\n".to_owned()]).collect();
    file.truncate(file.trim_end().len());
    file + "\n"
}

/// `"text": "a\nb",` as a list; every other line as it is.
fn in_lines(line: &str) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let Some(value) = line.trim_start().strip_prefix("\"text\": ") else { return line.to_owned() };
    let (value, comma) = value.strip_suffix(',').map_or((value, ""), |value| (value, ","));
    let text: String = serde_json::from_str(value).unwrap_or_default();
    if !text.contains('\n') {
        return line.to_owned();
    }
    let lines: Vec<String> =
        text.split('\n').map(|line| format!("{indent} {}", serde_json::to_string(line).unwrap_or_default())).collect();
    format!("{indent}\"text\": [\n{}\n{indent}]{comma}", lines.join(",\n"))
}
