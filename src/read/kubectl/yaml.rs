//! Turns YAML as kubectl prints it, in blocks and without anchors, into the value that the same object has as JSON.
//!
//! ```text
//! status:
//!   containerStatuses:
//!   - ready: false
//!     state:
//!       waiting:
//!         reason: CrashLoopBackOff
//!   phase: Running
//! ```

use serde_json::{Map, Value};

/// Deeper than any object of a cluster.
const DEEPEST: usize = 40;

/// The object that begins at the first line.
pub(super) fn value<'a>(lines: impl Iterator<Item = &'a str>) -> Value {
    let mut lines: Vec<(usize, &str)> = lines
        .map(|text| (text.len() - text.trim_start().len(), text.trim()))
        .filter(|(_, text)| !text.is_empty() && !text.starts_with('#'))
        .collect();
    lines.reverse();
    let indent = lines.last().map_or(0, |(indent, _)| *indent);
    block(&mut lines, indent, 0)
}

/// What stands at one indentation; the lines are taken from the end of the list.
fn block(lines: &mut Vec<(usize, &str)>, indent: usize, depth: usize) -> Value {
    let mut list = Vec::new();
    let mut map = Map::new();
    while let Some((at, text)) = lines.last().copied().filter(|(at, _)| *at >= indent) {
        lines.pop();
        if at > indent || depth > DEEPEST {
            // The rest of a text of several lines.
            continue;
        }
        if let Some(item) = text.strip_prefix("- ").or((text == "-").then_some("")) {
            let inner = at + text.len() - item.len();
            if !item.is_empty() && (key(item).is_some() || item.starts_with("- ")) {
                lines.push((inner, item));
                list.push(block(lines, inner, depth + 1));
            } else {
                list.push(scalar(item));
            }
            continue;
        }
        if !list.is_empty() {
            lines.push((at, text));
            break;
        }
        let Some((name, rest)) = key(text) else { continue };
        let nested = lines.last().copied().filter(|_| rest.is_empty());
        let value = match nested {
            Some((next, _)) if next > indent => block(lines, next, depth + 1),
            // A list may stand as far left as its name.
            Some((next, text)) if next == indent && text.starts_with('-') => block(lines, next, depth + 1),
            _ => scalar(rest),
        };
        map.insert(name.to_owned(), value);
    }
    if list.is_empty() { Value::Object(map) } else { Value::Array(list) }
}

/// `name: value`, `name:`.
fn key(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    (!name.is_empty() && !name.contains([' ', '{'])).then(|| (name.trim_matches(['"', '\'']), rest.trim()))
}

fn scalar(text: &str) -> Value {
    match text {
        "" | "null" | "~" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "[]" => Value::Array(Vec::new()),
        "{}" => Value::Object(Map::new()),
        _ => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::String(text.trim_matches(['"', '\'']).to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lists_and_texts_of_several_lines_are_told_apart() {
        let text = "kind: Pod\nmetadata:\n  name: cart-1\nspec:\n  containers:\n  - args:\n    - -c\n    - |\n      echo a: b\n      exit 1\n    name: cart\nstatus:\n  containerStatuses:\n  - ready: false\n    restartCount: 7\n    state:\n      waiting:\n        reason: CrashLoopBackOff\n  phase: Running";
        let value = value(text.lines());
        let at = |path: &str| value.pointer(path).cloned().unwrap_or_default();
        assert_eq!(at("/metadata/name"), "cart-1");
        assert_eq!(at("/spec/containers/0/name"), "cart");
        assert_eq!(at("/status/containerStatuses/0/state/waiting/reason"), "CrashLoopBackOff");
        assert_eq!(at("/status/containerStatuses/0/ready"), false);
        assert_eq!(at("/status/phase"), "Running");
    }
}
