//! URLs: user name and password, query values and fragments go; scheme, host, port and path stay.

use std::ops::Range;

use super::{Line, Secret};

/// Parameters that only shape an answer.
const KEPT: &[&str] = &["format", "limit", "page", "per_page", "pretty", "sslmode", "wait", "verbose"];

pub(super) fn userinfo(line: &Line, found: &mut Vec<Secret>) {
    for url in urls(line.text) {
        let Some(whole) = line.text.get(url.clone()) else { continue };
        let authority = whole.split(['/', '?', '#']).next().unwrap_or(whole);
        let length = authority.rfind('@').or_else(|| {
            // A password may itself contain `/`, `?` or `#`: then what looks like a port is none.
            let (host, port) = authority.split_once(':')?;
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            (!is_port && !host.starts_with('[')).then(|| whole.rfind('@'))?
        });
        if let Some(length) = length {
            found.push(Secret::new(url.start..url.start + length, "userinfo"));
        }
    }
}

/// Masks the values of every query, in a URL or in a request line.
pub(super) fn query(line: &Line, found: &mut Vec<Secret>) {
    let mut done = 0;
    let mut urls = urls(line.text).peekable();
    for (at, _) in line.text.match_indices('?') {
        let Some(rest) = line.text.get(at + 1..).filter(|_| at >= done) else { continue };
        let query = rest.get(..rest.find(ends_url).unwrap_or(rest.len())).unwrap_or(rest);
        let query = query.split('#').next().unwrap_or(query);
        // `* [HTTP/2] [1] [:path: /?x=y]`: the last bracket is curl's.
        let query = query.strip_suffix(']').filter(|inside| !inside.contains('[')).unwrap_or(query);
        while urls.next_if(|url| url.end <= at).is_some() {}
        let in_url = urls.peek().is_some_and(|url| url.contains(&at));
        let (first, _) = query.split_once('=').unwrap_or((query, ""));
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]%$:~".contains(c));
        if query.is_empty() || !(in_url || query.contains('=') && is_name(first)) {
            continue;
        }
        done = at + 1 + query.len();
        let mut start = at + 1;
        for parameter in query.split(['&', ';']) {
            let end = start + parameter.len();
            match parameter.split_once('=') {
                Some((name, value)) if is_name(name) && name.len() <= 64 => {
                    if !KEPT.contains(&name.to_ascii_lowercase().as_str()) {
                        found.push(Secret::new(end - value.len()..end, "query"));
                    }
                }
                // `?wsdl`, `?health` and the like name a view.
                None if parameter.len() <= 12 && parameter.bytes().all(|byte| byte.is_ascii_lowercase()) => {}
                _ => found.push(Secret::new(start..end, "query")),
            }
            start = end + 1;
        }
    }
}

/// Words of paths behind which a segment is as good as a password: who knows the address may use it.
const CAPABILITIES: &[&str] = &[
    "activate",
    "catch",
    "confirm",
    "hook",
    "hooks",
    "integration",
    "invitation",
    "invite",
    "key",
    "magic",
    "reset",
    "share",
    "token",
    "unsubscribe",
    "verify",
    "webhook",
    "webhooks",
];

/// Masks the random segments of a path behind a word that says what they open: `/hooks/oh9o5qvw…`, `/reset/5f3c…`.
pub(super) fn path(line: &Line, found: &mut Vec<Secret>) {
    let mut behind = "";
    let mut start = 0;
    for (at, c) in line.text.char_indices().chain([(line.text.len(), ' ')]) {
        if c != '/' && !ends_url(c) && !matches!(c, '?' | '#' | ',' | ')') {
            continue;
        }
        let segment = line.text.get(start..at).unwrap_or_default();
        if !behind.is_empty() && is_capability(segment) {
            found.push(Secret::new(start..at, behind));
        } else if let Some(word) = CAPABILITIES.iter().find(|word| segment.eq_ignore_ascii_case(word))
            && c == '/'
            && line.text.get(..start).is_some_and(|before| before.ends_with('/'))
        {
            behind = word;
        }
        if c != '/' {
            behind = "";
        }
        start = at + c.len_utf8();
    }
}

/// A word of letters and digits that nobody would remember.
fn is_capability(segment: &str) -> bool {
    let has = |test: fn(&u8) -> bool| segment.bytes().any(|byte| test(&byte));
    segment.len() >= 16
        && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~=@".contains(&byte))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (super::entropy::is_code(segment) > 0 || !segment.contains(['-', '_', '.']))
}

pub(super) fn fragment(line: &Line, found: &mut Vec<Secret>) {
    for url in urls(line.text) {
        if let Some(at) = line.text.get(url.clone()).and_then(|whole| whole.find('#')) {
            found.push(Secret::new(url.start + at + 1..url.end, "fragment"));
        }
    }
}

/// What follows `scheme://`, up to the end of the URL.
fn urls(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, mark)| {
        let scheme = text.get(..at)?.bytes().next_back()?.is_ascii_alphanumeric();
        let start = at + mark.len();
        let rest = text.get(start..)?;
        scheme.then(|| start..start + rest.find(ends_url).unwrap_or(rest.len()))
    })
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\' | '|' | '{' | '}')
}
