//! Text of a paste inside Markdown, Mermaid, a chat and SVG: shown, never obeyed.

use crate::clean::plain;

/// One line of plain text for any of the forms.
fn line(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join(" ").replace('\t', " ")
}

/// Text in Markdown (CommonMark §2.4). A zero-width space keeps `@team` from calling anybody.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@\u{200b}"),
            c if "\\`*_{}[]()#+!|~$".contains(c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    // A link without any marks is one too.
    out.replace("://", ":\u{200b}//").replace("www.", "www\u{200b}.")
}

/// A block of code that nothing inside it can close.
pub(super) fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sh\n{}\n{fence}", code.split('\n').map(plain).collect::<Vec<_>>().join("\n"))
}

/// A label between quotes in Mermaid, whose entities begin with `#`.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::new();
    for c in line(text).chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '@' => out.push_str("@\u{200b}"),
            '#' | '(' | ')' | '[' | ']' | '{' | '}' => out.push_str(&format!("#{};", u32::from(c))),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' | '\\' | ';' => out.push(' '),
            c => out.push(c),
        }
    }
    out.replace("://", ":\u{200b}//")
}

/// Text in a chat: Slack's three escapes (its page "Formatting text"), and no mention, link or format.
pub(super) fn chat(text: &str) -> String {
    let mut out = String::new();
    for c in line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@\u{200b}"),
            '`' => out.push('\''),
            '*' | '_' | '~' => out.extend([c, '\u{200b}']),
            c => out.push(c),
        }
    }
    out.replace("://", ":\u{200b}//")
}

/// Text and attributes of XML.
pub(super) fn xml(text: &str) -> String {
    line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
