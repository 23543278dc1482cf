//! Why a text is no runbook, as a sentence to its author.
//!
//! ```text
//! line 12, column 14: nothing is called "priory" here: write one of id, on, title, prior
//! ```

use std::fmt;

use serde_json::error::Category;

/// The first thing in a text that is not as a runbook has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and what to do.
    pub says: String,
}

impl Flaw {
    pub(super) fn of(error: &serde_json::Error, json: &str) -> Flaw {
        // serde_json ends its sentences with the position, and counts bytes.
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said);
        let says = match error.classify() {
            Category::Data => sentence(said),
            Category::Eof => format!("the file ends too early ({said}): close what is open, or take the whole file"),
            _ => format!("this is no JSON: {said}; repair it there, or open the file in an editor that knows JSON"),
        };
        let line = error.line().max(1);
        let text = json.lines().nth(line - 1).unwrap_or_default();
        let before = text.as_bytes().get(..error.column().min(text.len())).unwrap_or_default();
        let column = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Flaw { line, column: column.max(1), says }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.says)
    }
}

/// What serde says, in words for somebody who writes a runbook and no Rust.
fn sentence(said: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let known = |text: &str| {
        let words: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
        words.join(", ")
    };
    if let Some((what, expected)) = said.split_once(", expected ") {
        if let Some(word) = what.strip_prefix("unknown field ").or_else(|| what.strip_prefix("unknown variant ")) {
            return format!("nothing is called \"{}\" here: write one of {}", quoted(word), known(expected));
        }
        if let Some(found) = what.strip_prefix("invalid type: ").or_else(|| what.strip_prefix("invalid value: ")) {
            return format!("{} cannot stand here: write {}", spoken(found), wanted(expected));
        }
    }
    match said.split_once(" field ") {
        Some(("missing", field)) => {
            let field = quoted(field);
            format!("what ends here lacks \"{field}\": add it")
        }
        Some(("duplicate", field)) => {
            let field = quoted(field);
            format!("\"{field}\" stands here twice, and only one of them would count: remove the other")
        }
        _ => said.to_owned(),
    }
}

/// What serde found: `string "5"`, `integer 3`, `map`, `sequence`, `null`.
fn spoken(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text {text}"),
        Some((_, value)) if found.starts_with("integer") || found.starts_with("floating") => {
            format!("the number {}", value.trim_start_matches("point ").trim_matches('`'))
        }
        Some(("boolean", value)) => value.trim_matches('`').to_owned(),
        _ if found == "map" => "an object in { }".to_owned(),
        _ if found == "sequence" => "a list in [ ]".to_owned(),
        _ => found.to_owned(),
    }
}

/// What serde wanted: `a string`, `a sequence`, `struct Probe`, `f64`, `u16`.
fn wanted(expected: &str) -> String {
    match expected {
        "a string" | "string or map" => "a text in quotes".to_owned(),
        "a sequence" => "a list in [ ]".to_owned(),
        "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        whole if whole.starts_with('u') || whole.starts_with("nonzero") => "a whole number".to_owned(),
        object if object == "a map" || object.starts_with("struct ") => "an object in { }".to_owned(),
        other => other.to_owned(),
    }
}
