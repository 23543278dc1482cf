//! `NAME=value`, `name: value` and `"name": "value"` where the name says that the value is a secret.

use std::ops::Range;

use super::name::{Says, is_variable, says};
use super::{Line, Place, Secret, header};

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if line.place == Place::Public {
        return;
    }
    for (at, sign) in line.text.char_indices().filter(|(_, c)| matches!(c, '=' | ':' | '＝' | '：')) {
        let Some(name) = name_before(line.text, at) else { continue };
        let word = line.text.get(name.clone()).unwrap_or_default();
        let before = line.text.get(..name.start).unwrap_or_default();
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
        // `error: invalid token: signature mismatch` is a sentence, `PASS: 31  FAIL: 0` a count.
        let after = line.text.get(value.end..).unwrap_or_default();
        let lower = word.to_ascii_lowercase();
        let is_password = ["pass", "pwd", "pw"].iter().any(|part| lower.contains(part));
        let is_sentence = before.ends_with(' ') && after.starts_with(' ') || !is_password;
        let is_prose = sign == ':' && is_sentence && super::beside::is_word(text)
            // A label of Kubernetes: what a secret's content hashes to.
            || before.ends_with("checksum/")
            // Where a shell stands.
            || matches!(word, "PWD" | "OLDPWD") && text.starts_with('/')
            || word == "PASS" && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':');
        if is_telling(text, says) && !is_prose {
            found.push(Secret::new(value, line.text.get(name).unwrap_or_default()));
        }
    }
}

/// Whether a line of YAML or JSON says that the next line's value is a secret: `- name: API_TOKEN`.
/// So does any header but the listed ones in an HTTP archive, and `variable "api_token" {`.
pub(super) fn names_a_secret(line: &str, is_archive: bool) -> bool {
    let field = line.trim_start_matches(['-', ' ', '{']).replace(['"', ','], "");
    // `"db_password": {`, as `terraform output -json` prints it.
    let opens = field.strip_suffix('{').and_then(|rest| rest.trim_end().strip_suffix(':'));
    if opens.is_some_and(|name| says(name) == Says::Secret) {
        return true;
    }
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
        let Some(open) = before.rfind('>').filter(|open| open + 1 < at) else { continue };
        // `<AdministratorPassword><Value>x</Value>`: the element around it may tell.
        let around =
            before.get(..open).and_then(|outside| outside.rsplit_once("><")).map_or("", |(outside, _)| outside);
        let around = around.rsplit('<').next().unwrap_or_default();
        let names = [name, around].map(|name| name.rsplit(':').next().unwrap_or(name));
        if let Some(telling) = names.into_iter().find(|name| !name.contains(' ') && says(name) == Says::Secret) {
            found.push(Secret::new(open + 1..at, telling));
        }
    }
}

/// The name before a `=` or `:`, behind which a quote, an escape and one space may stand.
fn name_before(text: &str, sign: usize) -> Option<Range<usize>> {
    let before = text.get(..sign)?;
    let before = before.trim_end_matches(' ').trim_end_matches(['"', '\'', '\\', ']']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = before.trim_end_matches(is_name).len();
    // `Access Key:`, `Secret ID =`, `Key Content :` are names of two words.
    let is_half = ["key", "id", "content"]
        .iter()
        .any(|half| before.get(start..).is_some_and(|word| word.eq_ignore_ascii_case(half)));
    let start = match before.get(..start).and_then(|rest| rest.strip_suffix(' ')) {
        Some(rest) if is_half => rest.trim_end_matches(is_name).len(),
        _ => start,
    };
    (before.len() > start && before.len() - start <= 80).then_some(start..before.len())
}

fn value_after(text: &str, name: Range<usize>, sign_at: usize, sign: char) -> Option<Range<usize>> {
    let after = text.get(sign_at + sign.len_utf8()..)?;
    let sign = if matches!(sign, '=' | '＝') { '=' } else { ':' };
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
    // Braces of a connection string: `password={p;w}`.
    if let Some(inside) = after.strip_prefix('{').filter(|inside| sign == '=' && !inside.starts_with('{'))
        && let Some(end) = closing(inside, '}')
    {
        return to(start + 1, Some(end));
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
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote && !escaped {
            // `'it''s'`: a quote written twice is part of the text, except around an empty one.
            if at == 0 || chars.next_if(|(_, next)| *next == quote).is_none() {
                return Some(at);
            }
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// Whether a value can be a secret: not a switch, not a count, and coded where the name alone is not enough.
pub(super) fn is_telling(value: &str, says: Says) -> bool {
    const SWITCHES: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "ok", "enabled", "disabled", "required", "optional", "prompt",
        "failed", "invalid", "expired", "missing", "env",
    ];
    let plain = value.trim_end_matches(['.', ',', ')']);
    let is_switch = SWITCHES.iter().any(|word| plain.eq_ignore_ascii_case(word));
    // What opens an object or a list of them; what stands in it has names of its own.
    let is_opening = value.starts_with("[{") || value.bytes().all(|byte| matches!(byte, b'{' | b'[' | b'('));
    let is_count = plain.len() < 4 && plain.bytes().all(|byte| byte.is_ascii_digit());
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let is_coded = value.len() >= 8
        && !value.contains(' ')
        // `OPS-1234` is a ticket of another kind.
        && value.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches('-').bytes().any(|byte| !byte.is_ascii_digit())
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
    !value.is_empty()
        && !is_switch
        && !is_opening
        && !is_count
        && match says {
            Says::Secret => true,
            Says::Perhaps => is_coded,
            Says::Key => is_token(value),
            Says::Nothing => false,
        }
}

/// Whether a value is one long word of letters and digits, as keys of services are.
fn is_token(value: &str) -> bool {
    let count = |test: fn(&u8) -> bool| value.bytes().filter(test).count();
    let is_uniform = count(u8::is_ascii_hexdigit) + count(|byte| *byte == b'-') == value.len();
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte))
        && count(u8::is_ascii_digit) >= 3
        && count(u8::is_ascii_alphabetic) >= 3
        && (value.len() >= 32 && is_uniform || value.len() >= 20 && super::entropy::is_code(value) > 0)
}
