//! `define('DB_PASSWORD', 'x')`, `bindpw x`, `password%3Dx`, `"--token", "x"`: a telling name, and its value beside it,
//! whatever stands between. Plain `name=value` and `name: value` are assignments.

use std::ops::Range;

use super::assignment::{closing, is_telling};
use super::name::{Says, is_variable, says};
use super::{Line, Place, Secret};

/// Signs between a name and its value, and what each means. Of two that fit, the longer stands first.
const SIGNS: &[(&str, char)] = &[
    ("=>", '>'),
    ("->", '>'),
    ("→", '>'),
    ("\\u001b[0m", ' '),
    ("\\x1b[0m", ' '),
    ("%3D", '='),
    ("%3d", '='),
    ("%3A", ':'),
    ("%3a", ':'),
    ("%20", ' '),
    ("=", '='),
    (":", ':'),
    (">", '>'),
    (",", ','),
    ("(", '('),
    (")", ')'),
    ("[", '['),
    ("]", ']'),
    ("{", '{'),
    (".", '.'),
    ("!", '!'),
    ("|", '|'),
    ("\t", '\t'),
    (" ", ' '),
];

/// Quotes as a page, a URL or a shell writes them.
const QUOTES: &[&str] = &["&quot;", "&#34;", "&#39;", "%22", "%27", "'''", "\"\"\"", "\"", "'", "`"];

/// `{"name": "password", "value": "x"}`, `variable "password" { default = "x" }`.
const VALUES: &[&str] = &["value", "Value", "content", "default"];

/// Words that follow "password" or "token" in sentences and are none.
const WORDS: &[&str] = &[
    "a",
    "accepted",
    "already",
    "also",
    "always",
    "an",
    "auth",
    "authentication",
    "being",
    "blank",
    "case",
    "changed",
    "correct",
    "denied",
    "different",
    "disabled",
    "empty",
    "enabled",
    "encrypted",
    "error",
    "expected",
    "expired",
    "expires",
    "failure",
    "fine",
    "found",
    "generated",
    "given",
    "hashed",
    "here",
    "hidden",
    "in",
    "include",
    "incorrect",
    "invalid",
    "is",
    "kept",
    "known",
    "length",
    "logged",
    "longer",
    "malformed",
    "managed",
    "mandatory",
    "masked",
    "mismatch",
    "missing",
    "mounted",
    "needed",
    "never",
    "new",
    "no",
    "not",
    "now",
    "null",
    "ok",
    "okay",
    "old",
    "on",
    "only",
    "optional",
    "out",
    "parse",
    "policy",
    "provided",
    "random",
    "refused",
    "rejected",
    "required",
    "reset",
    "revoked",
    "rotated",
    "rotation",
    "same",
    "sensitive",
    "sent",
    "set",
    "shared",
    "short",
    "shown",
    "signature",
    "stale",
    "still",
    "stored",
    "supplied",
    "the",
    "to",
    "too",
    "unchanged",
    "unexpected",
    "unknown",
    "unset",
    "unsupported",
    "updated",
    "used",
    "valid",
    "validation",
    "verified",
    "visible",
    "weak",
    "what",
    "where",
    "wrong",
    "your",
];

/// Directives of nginx whose last word only looks like a password.
const PASSES: &[&str] = &["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"];

/// The longest way from a name to its value, in bytes.
const FARTHEST: usize = 40;

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if line.place == Place::Public {
        return;
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut start = 0;
    for (at, c) in line.text.char_indices().chain([(line.text.len(), ' ')]) {
        if is_name(c) {
            continue;
        }
        let word = start..at;
        start = at + c.len_utf8();
        let Some(name) = line.text.get(word.clone()).filter(|name| (2..=80).contains(&name.len())) else { continue };
        // The name of an element is its own business, `error=invalid_token` a value.
        let before = line.text.get(..word.start).unwrap_or_default();
        let says = says(name);
        // `secret_id    2ca9a021-…` in a table of names and values.
        let is_row = says == Says::Perhaps
            && before.trim().is_empty()
            && line.text.get(at..).is_some_and(|rest| {
                rest.starts_with("  ") && rest.trim_start().split(' ').count() == 1 && is_telling(rest.trim(), says)
            });
        if (says == Says::Secret || is_row)
            && !PASSES.contains(&name)
            && !before.ends_with(['<', '='])
            && let Some((value, is_beside)) = value(line.text, word)
            // `reason="bad_password"` is a value itself, unless another follows: `name="csrf" value="x"`.
            && (is_beside || !before.trim_end_matches(['"', '\'', '\\']).ends_with('='))
        {
            found.push(Secret::new(value, name));
        }
    }
}

/// What stands between a name and its value.
#[derive(Default)]
struct Between<'a> {
    signs: String,
    /// The quote right before the value.
    quote: &'a str,
    /// Something that no plain assignment has.
    is_odd: bool,
    /// A word like `value`.
    is_introduced: bool,
}

/// The value of a name, and whether a word like `value` introduces it.
fn value(text: &str, name: Range<usize>) -> Option<(Range<usize>, bool)> {
    let from = text.get(name.end..)?;
    let mut rest = from;
    let mut between = Between::default();
    while from.len() - rest.len() < FARTHEST {
        if let Some(quote) = quote(rest) {
            rest = rest.get(quote.len()..)?;
            // `""` is no value; `"…" "…"` is a name in quotes and a value in quotes.
            if quote == between.quote && rest.len() + quote.len() < from.len() && between.signs.ends_with(['=', ':']) {
                return None;
            }
            between.is_odd |= !matches!(quote, "\"" | "'");
            between.quote = quote;
        } else if let Some((sign, means)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            rest = rest.get(sign.len()..)?;
            between.is_odd |= !matches!(*sign, "=" | ":" | " ");
            between.signs.push(*means);
            between.quote = "";
        } else if !between.signs.is_empty()
            && let Some(word) = VALUES.iter().find(|word| rest.starts_with(**word))
            && rest.get(word.len()..).is_some_and(|after| after.starts_with(['"', '\'', '\\', '=', ':', ' ']))
        {
            rest = rest.get(word.len()..)?;
            between.is_odd = true;
            between.is_introduced = true;
        } else if between.signs.ends_with(['=', ' ', ','])
            && rest.starts_with(['N', 'b', 'r', '@'])
            && quote(rest.get(1..)?).is_some()
        {
            // `N'…'` in SQL, `b'…'` in Python, `@"…"` in Objective-C.
            rest = rest.get(1..)?;
            between.is_odd = true;
        } else {
            break;
        }
    }
    let only_spaces = between.signs.chars().all(|sign| sign == ' ');
    if between.signs.is_empty() && between.quote.is_empty() || !between.is_odd && !only_spaces {
        return None;
    }
    let start = text.len() - rest.len();
    let value =
        if between.quote.is_empty() { bare(text, name, start, &between) } else { quoted(text, name, start, &between) };
    value.map(|value| (value, between.is_introduced || between.signs.contains('>')))
}

fn quoted(text: &str, name: Range<usize>, start: usize, between: &Between) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let length = match between.quote {
        "\"" | "'" => closing(rest, between.quote.chars().next()?),
        quote => rest.find(quote),
    };
    let value = rest.get(..length.unwrap_or(rest.trim_end().len()))?;
    let after = rest.get(value.len()..)?.strip_prefix(between.quote).unwrap_or_default().trim_start();
    let given = text.get(name.clone())?;
    let before = text.get(..name.start)?.trim_end_matches(['"', '\'', '\\']);
    let is_open = before.len() < name.start;
    let before = before.trim_end();
    let is_call = given.starts_with('-') || is_open && before.ends_with(['(', '[']);
    let is_said = match between.signs.chars().all(|sign| sign == ' ') {
        true => {
            is_variable(given)
                || is_coded(value)
                || after.is_empty()
                || after.starts_with([';', ',', ')', '}', ']', '\\'])
        }
        false => is_call || !between.signs.starts_with(',') || between.signs.contains(['=', ':']),
    };
    (is_said && !after.starts_with(':') && is_telling(value, Says::Secret)).then_some(start..start + value.len())
}

fn bare(text: &str, name: Range<usize>, start: usize, between: &Between) -> Option<Range<usize>> {
    let given = text.get(name.clone())?;
    let mut start = start;
    let mut value = first(text.get(start..)?);
    // `password 7 0822455D0A16`: the digit says how a router has coded it.
    if value.len() == 1 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        start += 1 + text.get(start + 1..)?.len() - text.get(start + 1..)?.trim_start().len();
        value = first(text.get(start..)?);
    }
    let value = value.trim_end_matches(['.', ',', ')']);
    let after = text.get(start + value.len()..)?.trim();
    let is_last = matches!(after, "" | ";");
    let is_first = text.get(..name.start)?.trim_end().is_empty()
        || text.get(..name.start)?.trim_end().ends_with([':', '\t', '+', '-', '>', ']'])
        || text.get(..name.start)?.trim().bytes().all(|byte| byte.is_ascii_digit());
    // `[{name: x`: a name of its own.
    let is_word = is_word(value) || value.contains("://") || value.ends_with(':') && between.signs.ends_with('{');
    let is_said = match between.signs.as_str() {
        signs if signs.chars().all(|sign| sign == ' ') => {
            !is_word && !is_part(value) && (is_coded(value) || is_last && (is_first || is_variable(given)))
        }
        // Two cells: a name and its value. More are the head of a table.
        signs if signs.contains('|') => {
            let is_cell = |text: &str| text.trim_matches([' ', '|']).is_empty();
            !is_word && is_cell(after) && is_cell(text.get(..name.start)?)
        }
        signs if signs.contains('>') => after.starts_with('<') || !signs.starts_with('>') || is_last,
        signs => !is_word && signs.contains(['=', ':', '\t']) && !signs.contains([',', '(', ')', '.']),
    };
    (is_said && !value.starts_with(['<', '(', '[', '{', '/']) && is_telling(value, Says::Secret))
        .then_some(start..start + value.len())
}

/// Whether a word names what handles tokens and secrets: a drawing calls a hop "token check".
fn is_part(value: &str) -> bool {
    const PARTS: &[&str] = &[
        "api", "broker", "cache", "check", "database", "exchange", "gateway", "issuer", "manager", "server", "service",
        "store",
    ];
    PARTS.iter().any(|part| value.eq_ignore_ascii_case(part))
}

/// Whether a word follows "password" or "token" in sentences.
pub(super) fn is_word(value: &str) -> bool {
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// The quote a text begins with, with the backslashes before it.
fn quote(text: &str) -> Option<&str> {
    let backslashes = text.len() - text.trim_start_matches('\\').len();
    let rest = text.get(backslashes..)?;
    let quote = QUOTES.iter().find(|quote| rest.starts_with(**quote))?;
    text.get(..backslashes + quote.len())
}

/// Up to the end of a word, or to what ends a value in a list.
fn first(text: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '"' | '\'' | '<' | '>' | '`' | '\\');
    let length = text.find(ends).unwrap_or(text.len()).min(text.find("%26").unwrap_or(text.len()));
    text.get(..length).unwrap_or(text)
}

/// Whether nobody would write this as a word of a sentence.
pub(super) fn is_coded(value: &str) -> bool {
    let has = |test: fn(char) -> bool| value.chars().any(test);
    let is_date = value.bytes().take(4).all(|byte| byte.is_ascii_digit()) && value.as_bytes().get(4) == Some(&b'-');
    let has_capital = value.as_bytes().windows(2).any(|pair| {
        pair.first().is_some_and(u8::is_ascii_lowercase) && pair.last().is_some_and(u8::is_ascii_uppercase)
    });
    let has_sign = has(|c| matches!(c, '!' | '@' | '#' | '$' | '%' | '^' | '&' | '*' | '+' | '='));
    let has_both = has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_alphabetic());
    value.len() >= 5
        && !value.starts_with(['<', '(', '[', '{', '/', '-', '.'])
        && !value.starts_with("HTTP/")
        && !value.contains("://")
        && !is_date
        && has(|c| c.is_alphabetic())
        && (has_both || has_capital || has_sign)
}
