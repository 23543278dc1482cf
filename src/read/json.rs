//! Finds the JSON documents in a paste and the lines they stand on.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::Part;
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

/// Every complete document that begins at the start of a line. A document cut short is not read.
pub(super) fn documents(part: &Part) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut rest = part.lines.as_slice();
    while let Some(start) = rest.iter().position(|line| line.text.starts_with(['{', '['])) {
        let tail = rest.get(start..).unwrap_or_default();
        let text: String = tail.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
        let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
        let used = match stream.next() {
            Some(Ok(_)) => text.get(..stream.byte_offset()).map(|body| body.lines().count()),
            // The end is missing: what follows is inside this document.
            Some(Err(error)) if error.is_eof() => break,
            _ => None,
        };
        if let Some(count) = used
            && let (Some(first), Some(last)) = (tail.first(), tail.get(count.saturating_sub(1)))
        {
            let body = tail.iter().take(count).flat_map(|line| [line.text.as_str(), "\n"]).collect();
            documents.push(Document { lines: Lines::new(first.number, last.number), text: body });
        }
        rest = tail.get(used.unwrap_or(1).max(1)..).unwrap_or_default();
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_between_other_lines() {
        let lines = crate::clean::clean("note\n{\"a\":\n 1}\n[2026-11-21] log\n{\"b\": \"x-1\"}\n{\"cut\": ");
        let part = Part { command: None, lines };
        let found: Vec<Lines> = documents(&part).iter().map(|document| document.lines).collect();
        assert_eq!(found, [Lines::new(2, 3), Lines::one(5)]);
    }
}
