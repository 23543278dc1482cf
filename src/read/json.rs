//! Finds the JSON documents in a paste and the lines they stand on.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::Part;
use crate::clean::Line;
use crate::evidence::Lines;

/// One document, complete.
pub(super) struct Document {
    pub lines: Lines,
    text: String,
}

impl Document {
    /// The document as one type; nothing where it is something else.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.text).ok()
    }

    /// The line that holds a value such as an id, or the whole document where it is not found.
    pub(super) fn line_of(&self, value: &str) -> Lines {
        let quoted = format!("\"{value}\"");
        match (self.lines.first..).zip(self.text.lines()).find(|(_, line)| line.contains(&quoted)) {
            Some((number, _)) => Lines::one(number),
            None => self.lines,
        }
    }
}

/// The text under a name; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The number under a name.
pub(super) fn number(value: &Value, name: &str) -> Option<f64> {
    value.get(name)?.as_f64()
}

/// What a list under a name holds; nothing where there is none.
pub(super) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Every complete document that begins at the start of a line. A document cut short is not read.
pub(super) fn documents(part: &Part) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut rest = part.lines.as_slice();
    while let Some(start) = rest.iter().position(|line| line.text.starts_with(['{', '['])) {
        let tail = rest.get(start..).unwrap_or_default();
        match length(tail) {
            Length::Whole(count) => {
                let lines = tail.get(..count).unwrap_or_default();
                if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
                    let text = lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
                    documents.push(Document { lines: Lines::new(first.number, last.number), text });
                }
                rest = tail.get(count..).unwrap_or_default();
            }
            Length::None => rest = tail.get(1..).unwrap_or_default(),
            // The end is missing: what follows is inside this document.
            Length::Cut => break,
        }
    }
    documents
}

/// How many lines a document takes that begins on the first of these.
enum Length {
    Whole(usize),
    /// It is no JSON.
    None,
    Cut,
}

/// A log has one document in each line: the first line is tried alone before the whole rest is looked at.
fn length(tail: &[Line]) -> Length {
    let first = tail.first().map(|line| line.text.as_str()).unwrap_or_default();
    if serde_json::from_str::<IgnoredAny>(first).is_ok() {
        return Length::Whole(1);
    }
    // What does not begin as JSON does is found out on its first line, too.
    if !matches!(parsed(first), Err(error) if error.is_eof()) {
        return Length::None;
    }
    let text: String = tail.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    match parsed(&text) {
        Ok(end) => Length::Whole(text.get(..end).map_or(1, |body| body.lines().count()).max(1)),
        Err(error) if error.is_eof() => Length::Cut,
        Err(_) => Length::None,
    }
}

/// Where the first document of a text ends, in bytes.
fn parsed(text: &str) -> Result<usize, serde_json::Error> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    stream.next().transpose()?;
    Ok(stream.byte_offset())
}

/// Every `"name": value` of one line, however deep, without taking it apart: escapes stay as they are written.
pub(super) fn pairs(text: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = quoted(rest) {
        rest = after;
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        if let Some(inside) = value.strip_prefix('"') {
            let Some(end) = closing(inside) else { break };
            let (value, after) = inside.split_at_checked(end).unwrap_or((inside, ""));
            pairs.push((name, value));
            rest = after.strip_prefix('"').unwrap_or_default();
        } else if !value.starts_with(['{', '[']) {
            let end = value.find([',', '}', ']']).unwrap_or(value.len());
            let (value, after) = value.split_at_checked(end).unwrap_or((value, ""));
            pairs.push((name, value.trim()));
            rest = after;
        }
    }
    pairs
}

/// The next string in quotes, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let (_, inside) = text.split_once('"')?;
    let (value, after) = inside.split_at_checked(closing(inside)?)?;
    Some((value, after.strip_prefix('"')?))
}

/// Where the quote stands that ends a string; one behind a backslash does not.
fn closing(inside: &str) -> Option<usize> {
    let mut escaped = false;
    inside.char_indices().find_map(|(at, c)| match c {
        _ if escaped => {
            escaped = false;
            None
        }
        '\\' => {
            escaped = true;
            None
        }
        '"' => Some(at),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_between_other_lines() {
        let lines = crate::clean::clean("note\n{\"a\":\n 1}\n[2026-11-21] log\n{\"b\": \"x-1\"}\n{\"cut\": ");
        let part = Part::new(None, lines);
        let found: Vec<Lines> = documents(&part).iter().map(|document| document.lines).collect();
        assert_eq!(found, [Lines::new(2, 3), Lines::one(5)]);
    }

    #[test]
    fn pairs_are_found_at_any_depth_and_escapes_do_not_end_a_string() {
        let text = r#"{"a":"x \"y\"","b":{"status":502,"c":[1,{"uri":"/x"}]},"d":true}"#;
        assert_eq!(pairs(text), [("a", r#"x \"y\""#), ("status", "502"), ("uri", "/x"), ("d", "true")]);
    }
}
