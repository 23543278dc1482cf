//! Finds the JSON documents in a paste and the lines they stand on.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::Part;
use crate::clean::Line;
use crate::evidence::Lines;

/// One document.
pub(super) struct Document {
    pub lines: Lines,
    text: String,
    /// Where the text can be taken to end, and what closes it there: once for a whole document, of one that was cut once for each
    /// list or object that was open.
    ends: Vec<(usize, String)>,
}

impl Document {
    /// What it holds. A type for each kind of document would be a parser for each in the page.
    pub(super) fn parse(&self) -> Option<Value> {
        self.ends.iter().find_map(|(end, closing)| {
            let text = self.text.get(..*end)?;
            if closing.is_empty() {
                return serde_json::from_str(text).ok();
            }
            serde_json::from_str(&format!("{text}{closing}")).ok()
        })
    }

    /// Whether it reaches its own end.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.ends.as_slice(), [(_, end)] if end.is_empty())
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

/// What a value holds under one name and below that under another; nothing where there is none.
pub(super) fn below<'v>(value: &'v Value, name: &str, inner: &str) -> &'v Value {
    value.get(name).and_then(|value| value.get(inner)).unwrap_or(&Value::Null)
}

/// What a list under a name holds; nothing where there is none.
pub(super) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Every complete document of a part. One cut short is left out: who sums up what a list holds must have seen all of it.
pub(super) fn documents(part: &Part) -> Vec<Document> {
    documents_even_cut(part).into_iter().filter(Document::is_whole).collect()
}

/// The same with the last one as far as it goes, for readers to whom each entry of a list tells something by itself.
pub(super) fn documents_even_cut(part: &Part) -> Vec<Document> {
    // A manual or a mail sets a document in; what is set in further is inside of another.
    let opens = |line: &&Line| line.text.trim_start().starts_with(['{', '[']);
    let indent = |line: &Line| line.text.len() - line.text.trim_start().len();
    let Some(first) = part.lines.iter().find(opens).map(indent) else { return Vec::new() };
    let mut documents = Vec::new();
    let mut rest = part.lines.as_slice();
    while let Some(start) = rest.iter().position(|line| indent(line) <= first && opens(&line)) {
        let tail = rest.get(start..).unwrap_or_default();
        let document = document(tail);
        let count =
            document.as_ref().map_or(1, |document| (document.lines.last + 1).saturating_sub(document.lines.first));
        rest = tail.get(count as usize..).unwrap_or_default();
        documents.extend(document);
    }
    documents
}

/// The document that begins on the first of these lines. A log has one in each line, so the rest is looked at only as far as it reaches.
fn document(tail: &[Line]) -> Option<Document> {
    let first = tail.first()?;
    // What does not begin as JSON does is found out on its first line.
    let begun = serde_json::Deserializer::from_str(&first.text).into_iter::<IgnoredAny>().next();
    if matches!(begun, Some(Err(error)) if !error.is_eof()) {
        return None;
    }
    let mut text = String::new();
    let mut open = Open::default();
    let mut last = first.number;
    for line in tail {
        if let Some(end) = open.line(&line.text, text.len()) {
            text.push_str(&line.text);
            let text = open.without_stray(text);
            let whole = text.get(..end).is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
            let ends = vec![(end, String::new())];
            return whole.then(|| Document { lines: Lines::new(first.number, line.number), text, ends });
        }
        text.push_str(&line.text);
        text.push('\n');
        last = line.number;
    }
    let (text, ends) = (open.without_stray(text), open.ends());
    Some(Document { lines: Lines::new(first.number, last), text, ends })
}

/// The lists and objects that are open at some place of a document.
#[derive(Default)]
struct Open {
    /// What closes each, and where its last complete member ends.
    levels: Vec<(char, usize)>,
    quoted: bool,
    escaped: bool,
    /// The comma since which nothing came but space, and those that turned out to stand before a closing bracket: people leave them
    /// behind when they shorten a document.
    comma: Option<usize>,
    stray: Vec<usize>,
}

impl Open {
    /// Takes in a line that begins at `from`; where the document ends on it, the place behind its end.
    fn line(&mut self, text: &str, from: usize) -> Option<usize> {
        for (at, c) in text.char_indices() {
            let at = from + at;
            let comma = if c.is_whitespace() { None } else { self.comma.take() };
            match c {
                _ if self.escaped => self.escaped = false,
                '\\' if self.quoted => self.escaped = true,
                '"' => self.quoted = !self.quoted,
                _ if self.quoted => {}
                '{' => self.levels.push(('}', at + 1)),
                '[' => self.levels.push((']', at + 1)),
                '}' | ']' => {
                    self.stray.extend(comma);
                    self.levels.pop();
                    match self.levels.last_mut() {
                        Some((_, end)) => *end = at + 1,
                        None => return Some(at + 1),
                    }
                }
                ',' => {
                    if let Some((_, end)) = self.levels.last_mut() {
                        *end = at;
                    }
                    self.comma = Some(at);
                }
                _ => {}
            }
        }
        None
    }

    /// The document with a blank for every comma that nothing follows.
    fn without_stray(&self, mut text: String) -> String {
        for at in &self.stray {
            text.replace_range(*at..*at + 1, " ");
        }
        text
    }

    /// From the innermost on, so that the least is left out; what is left may lack a member that somebody needs.
    fn ends(&self) -> Vec<(usize, String)> {
        let mut ends = Vec::new();
        let mut levels = self.levels.as_slice();
        while let [.., (_, end)] = levels {
            ends.push((*end, levels.iter().rev().map(|(closing, _)| *closing).collect()));
            levels = levels.get(..levels.len() - 1).unwrap_or_default();
        }
        ends
    }
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
