//! Header lines, wherever a tool prints them: only listed values stay. What is not on the list is masked, because no
//! pattern recognizes an opaque token.

use std::ops::Range;

use super::{Line, Place, Secret};

mod names;

use names::{COOKIE_ATTRIBUTES, KEPT, KEPT_BEGINNINGS, KEPT_ENDINGS, SCHEMES};

/// The rule for whole header lines.
pub(super) fn lines(line: &Line, found: &mut Vec<Secret>) {
    if let Some((name, value)) = carried(line.text, line.place) {
        mask(name, line.text, value, found);
    }
}

/// The rule for `Authorization` and `Cookie` in any other text: JSON, logs, command lines, maps printed by a program.
pub(super) fn by_name(line: &Line, found: &mut Vec<Secret>) {
    let lower = line.lower.as_str();
    for word in ["authorization", "cookie"] {
        for (at, _) in lower.match_indices(word) {
            let Some(value) = value_after(line.text, at + word.len()) else { continue };
            let start = lower
                .get(..at)
                .map_or(at, |before| before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').len());
            let Some(name) = lower.get(start..at + word.len()) else { continue };
            // "cookie" is also a word of DNS and of prose; a cookie has a name and a value.
            let is_pair = line.text.get(value.clone()).is_some_and(|value| value.contains('='));
            if word == "authorization" || is_pair {
                mask(name, line.text, value, found);
            }
        }
    }
}

/// The rule for what curl says of credentials in its own words.
pub(super) fn said_by_curl(line: &Line, found: &mut Vec<Secret>) {
    for said in ["Added cookie ", "Replaced cookie "] {
        if let Some(at) = line.text.find(said).map(|at| at + said.len())
            && let Some((name, after)) = line.text.get(at..).and_then(|rest| rest.split_once('='))
        {
            let start = at + name.len() + 1;
            let length = after.find(" for domain").unwrap_or(after.len());
            let quotes = usize::from(after.starts_with('"'));
            let closing = usize::from(after.get(..length).is_some_and(|value| value.len() > 1 && value.ends_with('"')));
            found.push(Secret::new(start + quotes..start + length - closing, "cookie"));
        }
    }
    if let Some(at) = line.text.find(" with user '").map(|at| at + " with user '".len())
        && let Some(length) = line.text.get(at..).and_then(|rest| rest.rfind('\''))
    {
        found.push(Secret::new(at..at + length, "user"));
    }
}

/// Whether a line is a header line.
pub(super) fn is_line(text: &str, place: Place) -> bool {
    carried(text, place).is_some()
}

/// Where the value of a listed header stands, which entropy does not judge: request ids, entity tags.
pub(super) fn kept(line: &Line) -> Option<Range<usize>> {
    carried(line.text, line.place).filter(|(name, _)| is_kept(&name.to_ascii_lowercase())).map(|(_, value)| value)
}

/// Whether a line opens a bare head: `HTTP/1.1 200 OK`, `GET / HTTP/1.1`.
pub(super) fn opens_head(text: &str) -> bool {
    let text = text.get(offset(text)..).unwrap_or(text);
    let is_status = |rest: &str| {
        rest.split(' ').nth(1).is_some_and(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.strip_prefix("HTTP/").is_some_and(is_status) || {
        let mut words = text.split(' ');
        let method =
            words.next().is_some_and(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
        method && words.next_back().is_some_and(|last| last.starts_with("HTTP/"))
    }
}

/// Whether a line stands behind an offset of `--trace-ascii`.
pub(super) fn is_offset(text: &str) -> bool {
    offset(text) > 0
}

/// The length of `0000: `, which `--trace-ascii` puts before every line.
fn offset(text: &str) -> usize {
    let is_offset = text.get(..4).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if is_offset && text.get(4..).is_some_and(|rest| rest.starts_with(": ")) { 6 } else { 0 }
}

/// Name and value of `Name: value`.
pub(super) fn field(text: &str) -> Option<(&str, Range<usize>)> {
    let colon = text.get(1..)?.find(':')? + 1;
    let (name, rest) = text.split_at_checked(colon)?;
    let name = name.trim_end();
    let token = name.strip_prefix(':').unwrap_or(name);
    let is_name = token.starts_with(|c: char| c.is_ascii_alphabetic())
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    let value = rest.get(1..)?;
    let start = colon + 1 + (value.len() - value.trim_start().len());
    let end = colon + 1 + value.trim_end().len();
    // `api.example.com:443` and `http://…` are no headers.
    let spaced = value.is_empty() || value.starts_with([' ', '\t']);
    (is_name && (spaced || !value.starts_with("//") && !token.contains('.'))).then_some((name, start..end.max(start)))
}

/// The header a line carries: behind `>` or `<`, in the brackets of HTTP/2 and HTTP/3, or bare within a head.
fn carried(text: &str, place: Place) -> Option<(&str, Range<usize>)> {
    let mut at = text.len() - text.trim_start().len();
    at += stamp(text.get(at..)?);
    let mut marked = place == Place::Head;
    if marked {
        at += offset(text.get(at..)?);
    }
    loop {
        let rest = text.get(at..)?;
        let quoted = rest.starts_with("> ") || rest.starts_with("< ") || rest.starts_with('>') && rest.len() > 1;
        if !quoted {
            break;
        }
        marked = true;
        at += 1;
        at += text.get(at..)?.len() - text.get(at..)?.trim_start().len();
    }
    let rest = text.get(at..)?;
    if let Some(said) = rest.strip_prefix("* ") {
        let inside = said.strip_prefix("[HTTP/2] [").or_else(|| said.strip_prefix("[HTTP/3] ["));
        let inside = inside.and_then(|numbered| numbered.split_once("] [")).map(|(_, inside)| inside);
        let inside = inside.or_else(|| ["h2h3 [", "h2 [", "h3 ["].iter().find_map(|mark| said.strip_prefix(mark)))?;
        let start = text.len() - inside.len();
        let inside = inside.trim_end();
        let inside = inside.strip_suffix(']').unwrap_or(inside);
        let (name, value) = field(inside)?;
        return Some((name, start + value.start..start + value.end));
    }
    let (name, value) = field(rest)?;
    marked.then_some((name, at + value.start..at + value.end))
}

/// The length of what `--trace-time` and `--trace-ids` put before a line.
fn stamp(text: &str) -> usize {
    let mut at = 0;
    for digits_and in ["0123456789:.", "[]0123456789-x"] {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((word, _)) = rest.split_once(' ')
            && word.len() >= 5
            && word.chars().all(|c| digits_and.contains(c))
        {
            at += word.len() + 1;
        }
    }
    at
}

pub(super) fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
        || KEPT_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || KEPT_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Masks the secret part of one header's value.
pub(super) fn mask(name: &str, text: &str, value: Range<usize>, found: &mut Vec<Secret>) {
    let name = name.to_ascii_lowercase();
    let Some(given) = text.get(value.clone()) else { return };
    let after_scheme = || {
        let (scheme, rest) = given.split_once(' ')?;
        SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()).then(|| value.end - rest.trim_start().len()..value.end)
    };
    match name.as_str() {
        "cookie" | "set-cookie" | "cookie2" | "set-cookie2" => cookies(&name, text, value, found),
        // A challenge names its scheme first; what follows may be a nonce or a ticket.
        "www-authenticate" | "proxy-authenticate" => {
            let scheme = given.find(' ').map_or(given.len(), |space| space + 1);
            found.push(Secret::new(value.start + scheme..value.end, &name));
        }
        _ if name.ends_with("authorization") => found.push(Secret::new(after_scheme().unwrap_or(value), &name)),
        _ if is_kept(&name) => {}
        _ => found.push(Secret::new(value, &name)),
    }
}

/// Keeps the names of cookies, which tell how a balancer sticks, and drops their values.
fn cookies(header: &str, text: &str, value: Range<usize>, found: &mut Vec<Secret>) {
    let Some(given) = text.get(value.clone()) else { return };
    let mut at = value.start;
    for (number, part) in given.split(';').enumerate() {
        let start = at + (part.len() - part.trim_start().len());
        let end = at + part.trim_end().len();
        at += part.len() + 1;
        let (name, after) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
        let is_attribute = header.starts_with("set-")
            && number > 0
            && COOKIE_ATTRIBUTES.contains(&name.trim().to_ascii_lowercase().as_str());
        let is_name = name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.$".contains(c));
        if is_attribute || start >= end {
            continue;
        }
        if is_name && !after.is_empty() {
            found.push(Secret::new(end - after.len()..end, "cookie"));
        } else if after.is_empty() && !part.contains('=') || !is_name {
            found.push(Secret::new(start..end, "cookie"));
        }
    }
}

/// The value after a name: behind `:` or `=`, to the closing quote or bracket, or to the end of the line.
fn value_after(text: &str, after_name: usize) -> Option<Range<usize>> {
    let rest = text.get(after_name..)?;
    let closed = rest.trim_start_matches(['"', '\'', '\\', ' ']);
    let sign = closed.chars().next().filter(|c| matches!(c, ':' | '='))?;
    let value = closed.get(1..)?.trim_start_matches(['>', ' ']);
    let start = text.len() - value.len();
    let open = value.chars().next()?;
    let enclosed = |from: usize, until: &[&str]| {
        let inside = text.get(from..)?;
        let length = until.iter().filter_map(|end| inside.find(end)).min().unwrap_or(inside.len());
        Some(from..from + length)
    };
    match open {
        '"' | '\'' => return enclosed(start + 1, &[&open.to_string()]),
        '\\' => return enclosed(start + 2, &["\\\""]),
        '[' => return enclosed(start + 1, &["]"]),
        _ => {}
    }
    // `-H 'Authorization: Bearer x' https://…`: the quote before the name closes the value.
    let before = text.get(..after_name)?.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    match before.chars().next_back() {
        Some(quote @ ('"' | '\'')) if !rest.starts_with(quote) => enclosed(start, &[&quote.to_string()]),
        Some('[') => enclosed(start, &["]"]),
        _ if sign == '=' => {
            let first = value.split([' ', ',', '&']).next().unwrap_or(value);
            let is_scheme = SCHEMES.contains(&first.to_ascii_lowercase().as_str());
            let second = value.get(first.len() + 1..).and_then(|rest| rest.split([' ', ',', '&']).next());
            let length = first.len() + second.filter(|_| is_scheme).map_or(0, |second| second.len() + 1);
            Some(start..start + length)
        }
        _ => Some(start..text.trim_end().len().max(start)),
    }
}
