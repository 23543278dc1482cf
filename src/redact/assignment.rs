//! `NAME=value`, `name: value` and `"name": "value"` where the name says that the value is a secret.

use std::ops::Range;

use super::{Line, Place, Secret};

/// Last words of a name behind which a secret stands.
const SECRET: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "assertion",
    "cred",
    "creds",
    "credential",
    "credentials",
    "csrf",
    "dbpass",
    "encryptionkey",
    "jwt",
    "masterauth",
    "masterkey",
    "otp",
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "psk",
    "pwd",
    "requirepass",
    "samlrequest",
    "samlresponse",
    "secret",
    "secretkey",
    "secrets",
    "sessid",
    "sessionid",
    "sessionkey",
    "sharedkey",
    "sig",
    "signature",
    "signingkey",
    "token",
    "userpass",
    "xsrf",
];

/// Ends of a last word written together: `authtoken`, `PGPASSWORD`, `PHPSESSID`.
const ENDINGS: &[&str] =
    &["apikey", "passphrase", "passwd", "password", "secret", "secretkey", "sessid", "sessionid", "token"];

/// Last words behind which a secret stands when it also looks like one.
const PERHAPS: &[&str] = &["auth", "bearer", "session", "sid", "ticket"];

/// `key` is a secret behind these words: `api_key`, `AccountKey`.
const KEYS: &[&str] = &[
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "client",
    "crypto",
    "deploy",
    "encryption",
    "function",
    "functions",
    "hmac",
    "license",
    "master",
    "private",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "ssh",
    "storage",
    "subscription",
    "tsig",
    "webhook",
    "wrapping",
];

/// In the capitals of an environment variable `…_KEY` is a secret, but not behind these words.
const OPEN_KEYS: &[&str] = &[
    "cache",
    "foreign",
    "host",
    "idempotency",
    "index",
    "partition",
    "primary",
    "public",
    "routing",
    "sort",
    "surrogate",
];

/// Words after the telling one: `SECRET_KEY_BASE`, `password_1`, `token_value`.
const AFTER: &[&str] = &[
    "b64",
    "base",
    "base64",
    "current",
    "dev",
    "new",
    "old",
    "previous",
    "primary",
    "prod",
    "secondary",
    "staging",
    "string",
    "test",
    "value",
];

/// How surely a name says that its value is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Perhaps,
    Secret,
}

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if line.place == Place::Public {
        return;
    }
    for (at, sign) in line.text.char_indices().filter(|(_, c)| matches!(c, '=' | ':')) {
        let Some(name) = name_before(line.text, at) else { continue };
        let word = line.text.get(name.clone()).unwrap_or_default();
        let says = if line.place == Place::Named && word == "value" { Says::Secret } else { says(word) };
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
pub(super) fn names_a_secret(line: &str) -> bool {
    let field = line.trim_start_matches(['-', ' ', '{']).replace(['"', ','], "");
    field.split_once(':').is_some_and(|(key, name)| key.trim() == "name" && says(name.trim()) == Says::Secret)
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

/// What a name says, judged by its last words, in whatever way they are joined.
pub(super) fn says(name: &str) -> Says {
    let mut words = words(name);
    while words.len() > 1
        && words.last().is_some_and(|word| {
            AFTER.contains(&word.as_str()) || word.len() <= 2 && word.ends_with(|c: char| c.is_ascii_digit())
        })
    {
        words.pop();
    }
    let last = words.last().map(String::as_str).unwrap_or_default();
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default();
    let is_variable = is_variable(name);
    let is_key = last == "key" && (KEYS.contains(&before) || is_variable && !OPEN_KEYS.contains(&before));
    let is_id = last == "id" && (before == "session" || before == "key" && words.iter().any(|word| word == "access"));
    let is_secret =
        SECRET.contains(&last) || ENDINGS.iter().any(|ending| last.ends_with(ending)) || is_variable && last == "auth";
    if is_secret || is_key || is_id {
        Says::Secret
    } else if PERHAPS.contains(&last) {
        Says::Perhaps
    } else {
        Says::Nothing
    }
}

/// `STRIPE_KEY`: a variable of the environment.
fn is_variable(name: &str) -> bool {
    name.contains('_') && !name.chars().any(|c| c.is_ascii_lowercase())
}

/// `secretAccessKey`, `secret_access_key` and `secret-access-key` are the same three words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = ' ';
    for c in name.chars() {
        let is_separator = !c.is_ascii_alphanumeric();
        if (is_separator || c.is_ascii_uppercase() && last.is_ascii_lowercase())
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !is_separator) {
            word.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name before a `=` or `:`, behind which a quote, an escape and one space may stand.
fn name_before(text: &str, sign: usize) -> Option<Range<usize>> {
    let before = text.get(..sign)?;
    let before = before.strip_suffix(' ').unwrap_or(before).trim_end_matches(['"', '\'', '\\', ']']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
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
        return if sign == ':' { to(start, None) } else { to(start, Some(first.len())) };
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
fn closing(inside: &str, quote: char) -> Option<usize> {
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
fn is_telling(value: &str, says: Says) -> bool {
    const SWITCHES: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "ok", "enabled", "disabled", "required", "optional", "prompt",
        "failed", "invalid", "expired", "missing", "env",
    ];
    let plain = value.trim_end_matches(['.', ',']);
    let is_switch = SWITCHES.iter().any(|word| plain.eq_ignore_ascii_case(word));
    let is_count = plain.len() < 4 && plain.bytes().all(|byte| byte.is_ascii_digit());
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let is_coded = value.len() >= 8
        && !value.contains(' ')
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase));
    !value.is_empty() && !is_switch && !is_count && (says == Says::Secret || is_coded)
}
