//! `NAME=value`, `name: value` and `"name": "value"` where the name says that the value is a secret.

use std::ops::Range;

use super::name::{Says, is_variable, says};
use super::{Line, Place, Secret, header};

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if line.place == Place::Public {
        return;
    }
    for (at, sign) in line.text.char_indices().filter(|(_, c)| matches!(c, '=' | ':')) {
        let Some(name) = name_before(line.text, at) else { continue };
        let word = line.text.get(name.clone()).unwrap_or_default();
        let says = if line.place == Place::Named && matches!(word, "value" | "Value" | "default") {
            Says::Secret
        } else {
            says(word)
        };
        if says == Says::Nothing {
            continue;
        }
        let Some(value) = value_after(line.text, name.clone(), at, sign) else { continue };
        let text = line.text.get(value.clone()).unwrap_or_default();
        if is_telling(text, says) {
            found.push(Secret::new(value, line.text.get(name).unwrap_or_default()));
        }
    }
}

/// Whether a line of YAML or JSON says that the next line's value is a secret: `- name: API_TOKEN`.
/// So does any header but the listed ones in an HTTP archive, and `variable "api_token" {`.
pub(super) fn names_a_secret(line: &str, is_archive: bool) -> bool {
    let field = line.trim_start_matches(['-', ' ', '{']).replace(['"', ','], "");
    let variable = field.strip_prefix("variable ").map(|rest| ("name", rest.trim_end_matches([' ', '{'])));
    field.split_once(':').or(variable).is_some_and(|(key, name)| {
        let name = name.trim();
        matches!(key.trim(), "name" | "key" | "Name" | "Key")
            && (says(name) == Says::Secret
                || is_archive && !header::is_kept(&name.to_ascii_lowercase())
                || ["cookie", "set-cookie", "authorization"].contains(&name.to_ascii_lowercase().as_str()))
    })
}

/// `<password>hunter2</password>`.
pub(super) fn elements(line: &Line, found: &mut Vec<Secret>) {
    for (at, _) in line.text.match_indices("</") {
        let Some((before, after)) = line.text.split_at_checked(at) else { continue };
        let name = after.trim_start_matches("</").split(['>', ' ']).next().unwrap_or_default();
        let last = name.rsplit(':').next().unwrap_or(name);
        if says(last) == Says::Secret
            && let Some(open) = before.rfind('>')
            && open + 1 < at
        {
            found.push(Secret::new(open + 1..at, last));
        }
    }
}

/// The name before a `=` or `:`, behind which a quote, an escape and one space may stand.
fn name_before(text: &str, sign: usize) -> Option<Range<usize>> {
    let before = text.get(..sign)?;
    let before = before.trim_end_matches(' ').trim_end_matches(['"', '\'', '\\', ']']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = before.trim_end_matches(is_name).len();
    (before.len() > start && before.len() - start <= 80).then_some(start..before.len())
}

fn value_after(text: &str, name: Range<usize>, sign_at: usize, sign: char) -> Option<Range<usize>> {
    let after = text.get(sign_at + 1..)?;
    if after.starts_with("//") {
        return None;
    }
    let spaced = sign == ':' || text.get(..sign_at)?.ends_with([' ', '"', '\'']);
    let after =
        if spaced { after.trim_start_matches(['>', '=', ' ', '\t']) } else { after.trim_start_matches(['=', '>']) };
    let start = text.len() - after.len();
    let to = |from: usize, length: Option<usize>| {
        Some(from..length.map_or(text.trim_end().len().max(from), |length| from + length))
    };
    if let Some(inside) = after.strip_prefix("\\\"") {
        return to(start + 2, inside.find("\\\""));
    }
    if let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let inside = after.get(1..)?;
        return to(start + 1, closing(inside, quote));
    }
    // A setting alone on its line has its value up to the end: `password: p,w;d`.
    let before = text.get(..name.start)?.trim_start_matches("export ").trim_start_matches("- ");
    let first = after.split_whitespace().next().unwrap_or_default();
    if before.trim().is_empty() {
        let is_phrase = text.get(name)?.to_ascii_lowercase().ends_with("phrase");
        return if sign == ':' || is_phrase { to(start, None) } else { to(start, Some(first.len())) };
    }
    // A quote that opened before the name closes the value: `"password=p w"`.
    if let Some(quote) = before.chars().next_back().filter(|c| matches!(c, '"' | '\''))
        && text.get(name.end..sign_at) == Some("")
    {
        return to(start, closing(after, quote));
    }
    // A variable of a shell ends only where a word does; a setting among others ends at their separator.
    let ends: &[char] = match sign {
        ':' => &['"', '\'', '`'],
        _ if is_variable(text.get(name)?) => &['"', '\'', '`'],
        _ => &[',', ';', '&', '|', '"', '\'', '`', ')', '}', ']', '<', '>'],
    };
    let value = after.split(|c: char| c.is_whitespace() || ends.contains(&c)).next().unwrap_or_default();
    to(start, Some(value.trim_end_matches([',', ';', ')', '}', ']']).len()))
}

/// Where a quote closes, escapes skipped.
pub(super) fn closing(inside: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    inside
        .char_indices()
        .find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        })
        .map(|(at, _)| at)
}

/// Whether a value can be a secret: not a switch, not a count, and coded where the name alone is not enough.
pub(super) fn is_telling(value: &str, says: Says) -> bool {
    const SWITCHES: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "ok", "enabled", "disabled", "required", "optional", "prompt",
        "failed", "invalid", "expired", "missing", "env",
    ];
    let plain = value.trim_end_matches(['.', ',', ')']);
    let is_switch = SWITCHES.iter().any(|word| plain.eq_ignore_ascii_case(word));
    let is_count = plain.len() < 4 && plain.bytes().all(|byte| byte.is_ascii_digit());
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let is_coded = value.len() >= 8
        && !value.contains(' ')
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
    !value.is_empty() && !is_switch && !is_count && (says == Says::Secret || is_coded)
}
