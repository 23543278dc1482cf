//! Mermaid flowcharts, both ways, as far as a path needs them.
//!
//! ```text
//! flowchart LR
//!   browser([User]) -->|https| lb{{"Edge LB"}}
//!   lb --> api & web
//!   api -- sql --> db[(Orders)]
//! ```

use super::Plan;
use crate::sketch::{Kind, Sketch};

/// Statements that say how something looks, not what calls what.
const LOOKS: [&str; 8] = ["subgraph", "end", "style", "classDef", "class", "linkStyle", "click", "direction"];

/// What opens the text of a box, what closes it; the longer ones first.
const SHAPES: [(&str, &str); 10] = [
    ("(((", ")))"),
    CYLINDER,
    ("([", "])"),
    ("[[", "]]"),
    ("((", "))"),
    ("{{", "}}"),
    ("[", "]"),
    ("(", ")"),
    ("{", "}"),
    (">", "]"),
];
const CYLINDER: (&str, &str) = ("[(", ")]");

pub(super) fn read(text: &str) -> Option<Plan> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("%%"));
    let (kind, direction) = lines.next()?.split_once(' ')?;
    let direction = direction.trim().trim_end_matches(';');
    if !matches!(kind, "flowchart" | "graph") || !matches!(direction, "TB" | "TD" | "BT" | "LR" | "RL") {
        return None;
    }
    let mut plan = Plan::default();
    for statement in lines.flat_map(|line| line.split(';')).map(str::trim) {
        let word = statement.split_whitespace().next().unwrap_or_default();
        if !LOOKS.contains(&word) {
            chain(statement, &mut plan);
        }
    }
    Some(plan)
}

/// `a[Text] & b -->|text| c --> d`
fn chain(statement: &str, plan: &mut Plan) {
    let mut rest = statement;
    let mut callers: Vec<String> = Vec::new();
    loop {
        let mut called = Vec::new();
        loop {
            let Some((id, after)) = node(rest.trim_start(), plan) else { return };
            called.push(id);
            rest = after.trim_start();
            match rest.strip_prefix('&') {
                Some(after) => rest = after,
                None => break,
            }
        }
        for (from, to) in callers.iter().flat_map(|from| called.iter().map(move |to| (from, to))) {
            plan.join(from, to);
        }
        callers = called;
        let Some(after) = arrow(rest) else { return };
        rest = after;
    }
}

/// `db[(Orders)]:::red`
fn node<'a>(text: &'a str, plan: &mut Plan) -> Option<(String, &'a str)> {
    let mut letters = text.char_indices().peekable();
    let mut end = 0;
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let inside = letter.is_alphanumeric() || "_./".contains(letter)
            // A dash belongs to the name where it does not begin an arrow.
            || letter == '-' && next.is_some_and(char::is_alphanumeric);
        if !inside {
            break;
        }
        end = at + letter.len_utf8();
    }
    let (id, mut rest) = text.split_at_checked(end).filter(|(id, _)| !id.is_empty())?;
    plan.hop(id);
    if let Some((open, close)) = SHAPES.into_iter().find(|(open, _)| rest.starts_with(open)) {
        let (label, after) = rest.strip_prefix(open)?.split_once(close)?;
        plan.label(id, &label.trim().trim_matches('"').replace("<br/>", " ").replace("<br>", " "));
        if let Some(node) = plan.hop(id).filter(|_| open == CYLINDER.0) {
            node.kind = Kind::Database.into();
        }
        rest = after;
    }
    if let Some(class) = rest.strip_prefix(":::") {
        rest = class.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
    }
    Some((id.to_owned(), rest))
}

/// What follows `-->`, `-.->|text|`, `== text ==>` and their kin.
fn arrow(text: &str) -> Option<&str> {
    let of_arrows = |letter: char| "<-.=>".contains(letter);
    let after = text.trim_start_matches(of_arrows);
    let stem = text.strip_suffix(after).filter(|stem| stem.len() > 1)?;
    let mut rest = after.strip_prefix(['o', 'x']).filter(|rest| rest.starts_with(' ')).unwrap_or(after);
    if !stem.ends_with('>') && stem.len() == 2 {
        // The text stands inside the arrow: it goes on where the arrow does.
        let (_, tail) = rest.split_once(if stem.contains('=') {
            "=="
        } else if stem.contains('.') {
            ".-"
        } else {
            "--"
        })?;
        rest = tail.trim_start_matches(of_arrows);
    }
    match rest.trim_start().strip_prefix('|') {
        Some(text) => text.split_once('|').map(|(_, after)| after),
        None => Some(rest),
    }
}

/// Writes the drawing as a Mermaid flowchart.
pub fn to_mermaid(sketch: &Sketch) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (number, node) in sketch.nodes().iter().enumerate() {
        let name = node.name().replace('"', "'");
        let (open, close) = if node.kind.kind == Kind::Database { CYLINDER } else { ("[", "]") };
        text.push_str(&format!("  h{number}{open}\"{name}\"{close}\n"));
    }
    for (from, to) in sketch.edge_indices().filter_map(|edge| sketch.ends(edge)) {
        text.push_str(&format!("  h{} --> h{}\n", from.0, to.0));
    }
    text
}
