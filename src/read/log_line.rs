//! Takes off what syslog, journald, Docker and kubectl put before a program's own log line.
//!
//! ```text
//! Nov 21 01:52:46 ilb-1 haproxy[25219]: backend be_inventory has no server available!
//! 2026-11-21T01:52:46.123456+00:00 web-2 gunicorn[811]: [2026-11-21 01:52:46 +0000] [811] [CRITICAL] WORKER TIMEOUT (pid:812)
//! [pod/cart-7d4b/cart] 2026-11-21 01:52:51,737 ERROR cart: GET /cart/77 failed
//! web-1  | 10.0.0.1 - - [21/Nov/2026:01:52:46 +0000] "GET / HTTP/1.1" 200 12
//! ```

use crate::fact::Endpoint;
use crate::moment::MONTHS;

/// A log line without the prefix of whatever carried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogLine<'a> {
    /// The host that the prefix names.
    pub host: Option<&'a str>,
    /// The program that the prefix names.
    pub program: Option<&'a str>,
    pub message: &'a str,
    /// How many lines it stands for, where `uniq -c` has counted them.
    pub count: u32,
}

impl<'a> LogLine<'a> {
    pub(super) fn parse(text: &'a str) -> LogLine<'a> {
        let (count, text) = counted(text);
        let text = text
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .map_or(text, |(priority, rest)| if priority.chars().all(|c| c.is_ascii_digit()) { rest } else { text });
        let text = without_facility(without_number(text));
        let bare = || LogLine { host: None, program: None, message: carried(text), count };
        LogLine { count, ..syslog(text).or_else(|| rfc5424(text)).unwrap_or_else(bare) }
    }

    /// The host whose log it is, where the prefix names it.
    pub(super) fn origin(&self) -> Endpoint {
        Endpoint { name: self.host.map(str::to_owned), ..Endpoint::default() }
    }
}

/// `      9 10.0.0.1 - - [21/Nov/2026:…`: `uniq -c` indents its counts, seven columns wide with the space behind; no log does.
fn counted(text: &str) -> (u32, &str) {
    let bare = text.trim_start();
    let (digits, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    let indented = text.starts_with(' ') && text.len() - bare.len() + digits.len() >= 7;
    match digits.parse() {
        Ok(count) if indented && !rest.starts_with(' ') && rest.contains(':') => (count, rest),
        _ => (1, bare),
    }
}

/// `17:2026/11/21 01:52:45 [error] …`: `grep -n` puts the number of the line in front.
fn without_number(text: &str) -> &str {
    let numbered = |(number, rest): &(&str, &str)| {
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && (is_dated(rest) || after_month_time(rest).is_some())
    };
    text.split_once(':').filter(numbered).map_or(text, |(_, rest)| rest)
}

/// `daemon.debug: Oct 14 …`: busybox and others put facility and level in front.
fn without_facility(text: &str) -> &str {
    const LEVELS: [&str; 8] = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
    let level = |word: &str| word.split_once('.').is_some_and(|(_, level)| LEVELS.contains(&level));
    text.split_once(": ").filter(|(word, _)| level(word)).map_or(text, |(_, rest)| rest)
}

/// `Nov 21 01:52:46 host program[pid]: message`, or the same with an RFC 3339 time, or without the host.
fn syslog(text: &str) -> Option<LogLine<'_>> {
    let Some(rest) = after_month_time(text).or_else(|| after_rfc3339(text)).or_else(|| after_unix_time(text)) else {
        // "haproxy[674]: …": where the time was cut off, the number of the process still tells it from other text.
        let (word, message) = text.split_once(' ')?;
        let program = tag(word).filter(|_| word.ends_with("]:"))?;
        return Some(LogLine { host: None, program: Some(program), message: message.trim_start(), count: 1 });
    };
    let (first, rest_of) = rest.split_once(' ')?;
    if let Some(program) = tag(first) {
        return Some(LogLine { host: None, program: Some(program), message: rest_of.trim_start(), count: 1 });
    }
    let (second, message) = rest_of.trim_start().split_once(' ')?;
    let host = first.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c));
    let program = tag(second).filter(|_| host)?;
    Some(LogLine { host: Some(first), program: Some(program), message: message.trim_start(), count: 1 })
}

/// `1 2003-10-11T22:14:15.003Z host program 8710 ID47 [data] message`, or `-` in place of what is not known (RFC 5424).
fn rfc5424(text: &str) -> Option<LogLine<'_>> {
    let rest = after_rfc3339(text.strip_prefix("1 ")?)?;
    let mut words = rest.splitn(5, ' ');
    let (host, program) = (words.next()?, words.next()?);
    let rest = words.nth(2)?;
    let message = match rest.strip_prefix('[') {
        Some(data) => data.split_once("] ").map_or("", |(_, message)| message),
        None => rest.strip_prefix("- ").unwrap_or(rest),
    };
    let known = |word| Some(word).filter(|word| *word != "-");
    Some(LogLine { host: known(host), program: known(program), message: message.trim_start(), count: 1 })
}

/// `haproxy[25219]:` or `kernel:`, and nothing that is a time or a level.
fn tag(word: &str) -> Option<&str> {
    let word = word.strip_suffix(':')?;
    let (name, rest) = word.split_once('[').unwrap_or((word, "]"));
    let plausible = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/()".contains(c));
    let level = matches!(name, "ERROR" | "WARNING" | "WARN" | "INFO" | "DEBUG" | "FATAL" | "CRITICAL");
    (plausible && !level && rest.ends_with(']')).then_some(name)
}

fn after_month_time(text: &str) -> Option<&str> {
    let (month, rest) = text.split_once(' ')?;
    let (day, rest) = rest.trim_start().split_once(' ')?;
    let (time, rest) = rest.split_once(' ')?;
    // A journal in another language abbreviates its months in other words.
    let bare = month.strip_suffix('.').unwrap_or(month);
    let named = (3..=4).contains(&bare.chars().count()) && bare.chars().all(char::is_alphabetic);
    let dated = named && day.len() <= 2 && day.chars().all(|c| c.is_ascii_digit());
    (dated && is_time(time)).then_some(rest.trim_start())
}

/// What follows `2026-11-21T01:52:46.123Z ` or `2026-11-21T01:52:46+00:00 `.
fn after_rfc3339(text: &str) -> Option<&str> {
    let (word, rest) = text.split_once(' ')?;
    let (date, time) = word.split_once('T')?;
    let dated = date.len() == 10 && date.chars().all(|c| c.is_ascii_digit() || c == '-');
    let clock = time.trim_end_matches('Z').split(['+', '-']).next()?;
    (dated && is_time(clock)).then_some(rest.trim_start())
}

/// What follows `1795878454.037583 `, as `journalctl -o short-unix` writes.
fn after_unix_time(text: &str) -> Option<&str> {
    let (time, rest) = text.split_once(' ')?;
    let (seconds, fraction) = time.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (seconds.len() == 10 && fraction.len() == 6 && digits(seconds) && digits(fraction)).then_some(rest)
}

/// `01:52:46`, with or without a fraction.
pub(super) fn is_time(text: &str) -> bool {
    text.len() >= 8
        && text.bytes().filter(|b| *b == b':').count() == 2
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','))
}

/// Whether a line begins as a record of a log does: with a date and a time, as a JSON object that has one, or as klog writes.
pub(super) fn begins_record(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with('{') {
        const TIMES: [&str; 7] =
            ["\"time\"", "\"ts\"", "\"timestamp\"", "\"@timestamp\"", "\"__REALTIME_TIMESTAMP\"", "\"date\"", "\"t\""];
        const WORDS: [&str; 5] = ["\"msg\"", "\"message\"", "\"MESSAGE\"", "\"log\"", "\"level\""];
        return TIMES.iter().any(|key| text.contains(key)) && WORDS.iter().any(|key| text.contains(key));
    }
    let bare = text.trim_start_matches(['[', '(', '<', '"']);
    let bare = bare.strip_prefix("time=\"").unwrap_or(bare);
    LogLine::parse(text).program.is_some()
        || is_of_compose(text)
        || after_month_time(text).is_some()
        || is_dated(bare)
        || is_klog(bare)
        || is_of_its_own_kind(text)
}

/// `web_1       | …`, as docker compose puts the service in front; what follows is whatever the service printed.
fn is_of_compose(text: &str) -> bool {
    text.split_once('|').is_some_and(|(name, rest)| {
        let bare = name.trim_end();
        name.ends_with(' ')
            && (rest.is_empty() || rest.starts_with(' '))
            // A table has such cells, too; what follows tells a record of a service with a short name.
            && (bare.contains(['-', '_']) || is_dated(rest.trim_start()) && !bare.is_empty())
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    })
}

/// What other programs begin a record with: Java's own logging, Redis, RabbitMQ before 3.7, the kernel's audit, PostgreSQL without a prefix.
fn is_of_its_own_kind(text: &str) -> bool {
    let words: Vec<&str> = text.splitn(6, ' ').collect();
    let number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    match words.as_slice() {
        // "Nov 28, 2026 2:21:50 AM shop.Cart main", and its message on the next line.
        [month, day, year, time, "AM" | "PM", ..] => {
            MONTHS.contains(month) && day.ends_with(',') && number(year) && time.split(':').count() == 3
        }
        // "98738:M 30 May 12:23:52.442 * Saving", "[2932] 31 May 04:32:08 * …", with the year from Redis 5 on.
        [_, day, month, time, rest @ ..] if number(day) && MONTHS.contains(month) => {
            is_time(time) || rest.first().is_some_and(|word| is_time(word))
        }
        _ => {
            const OPENINGS: [&str; 12] = [
                "=INFO REPORT====",
                "=ERROR REPORT====",
                "=WARNING REPORT====",
                "=CRASH REPORT====",
                "LOG:  ",
                "FATAL:  ",
                "INFO: ",
                "WARNING: ",
                "SEVERE: ",
                "ERROR: ",
                "I, [",
                "E, [",
            ];
            (text.starts_with("type=") && text.contains(" msg=audit("))
                || OPENINGS.iter().any(|opening| text.starts_with(opening))
        }
    }
}

/// `2026-11-21T01:52:46`, `2026-11-21 01:52:46`, `2026/11/21 01:52:46`, `21-11-2026 01:52:46`, `20261121-01:52:46`, `01:52:46] [INF]`.
fn is_dated(text: &str) -> bool {
    const SHAPES: [&str; 8] = [
        // MariaDB before ten in the morning.
        "0000-00-00  0:00:00",
        "0000-00-00T00:00:00",
        "0000-00-00 00:00:00",
        "0000/00/00 00:00:00",
        "00-00-0000 00:00:00",
        "00/00/0000 00:00:00",
        "00000000-00:00:00",
        "00:00:00] [",
    ];
    let shape: String = text.chars().take(19).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    SHAPES.iter().any(|known| shape.starts_with(known))
}

/// `E1121 01:52:46.619632   71 file.go:253] message`, also where what stands before the file was cut off.
fn is_klog(text: &str) -> bool {
    let file = text.split_once("] ").and_then(|(place, _)| place.split_once(".go:"));
    if file.is_some_and(|(name, line)| !name.contains(' ') && line.bytes().all(|b| b.is_ascii_digit())) {
        return true;
    }
    let shape: String = text.chars().take(14).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.strip_prefix(['I', 'W', 'E', 'F']).is_some_and(|rest| rest.starts_with("0000 00:00:00"))
}

/// Strips `[pod/…] `, `web-1  | `, `2026-11-21T01:52:46.1Z ` and `2026-11-21T01:52:46.1Z stdout F `.
fn carried(text: &str) -> &str {
    let text = match text.strip_prefix("[pod/").and_then(|rest| rest.split_once("] ")) {
        Some((_, rest)) => rest,
        None => text,
    };
    let text = match text.split_once(" | ") {
        Some((name, rest))
            if !name.is_empty()
                && name.trim_end().chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
                && (name.trim_end().contains(['-', '_']) || is_dated(rest.trim_start())) =>
        {
            rest.trim_start()
        }
        _ => text,
    };
    let text = after_rfc3339(text).unwrap_or(text);
    ["stdout F ", "stderr F "].into_iter().find_map(|stream| text.strip_prefix(stream)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_every_carrier_are_taken_off() {
        let cases = [
            ("Nov 21 01:52:46 ilb-1 haproxy[25219]: backend x", Some("ilb-1"), "backend x"),
            ("2026-11-21T01:52:46.123456+00:00 web-2 kernel: Out of memory", Some("web-2"), "Out of memory"),
            ("[pod/cart-7d4b/cart] ERROR a: b", None, "ERROR a: b"),
            ("web-1  | 10.0.0.1 - - [x]", None, "10.0.0.1 - - [x]"),
            ("2026-11-21T01:52:46.1Z stdout F hello", None, "hello"),
            ("2026/11/21 01:52:45 [error] 2#2: *1 x", None, "2026/11/21 01:52:45 [error] 2#2: *1 x"),
            (" idle in transaction |     4", None, "idle in transaction |     4"),
            ("db   | 2026-11-21 01:52:51.7 UTC [1] FATAL:  x", None, "2026-11-21 01:52:51.7 UTC [1] FATAL:  x"),
            ("      9 10.0.0.1 - - [21/Nov/2026:01:52:46 +0000]", None, "10.0.0.1 - - [21/Nov/2026:01:52:46 +0000]"),
        ];
        for (text, host, message) in cases {
            let line = LogLine::parse(text);
            assert_eq!((line.host, line.message), (host, message), "{text}");
        }
    }
}
