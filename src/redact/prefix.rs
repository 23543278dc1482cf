//! What logs, pagers and `grep` put before a line. Rules look at what stands behind it.
//!
//! ```text
//! Nov 21 01:52:07 web-1 app[1234]: password hunter2
//! 2026-11-21T01:52:07.123Z stdout F password hunter2
//! [pod/app-7d9f8b6c5d-x2k4p/app] password hunter2
//! ./etc/app.conf:12:password hunter2
//!     12    password hunter2
//! ```

use std::ops::Range;

/// Where the text itself stands in a line.
pub(super) fn inside(line: &str, is_quoted: bool) -> Range<usize> {
    let quoted = if is_quoted {
        line.len() - line.strip_prefix("> ").or(line.strip_prefix('>')).unwrap_or(line).len()
    } else {
        0
    };
    let start = quoted + length(line.get(quoted..).unwrap_or_default());
    let is_log = line.get(..start).is_some_and(|prefix| prefix.ends_with('"'));
    // Behind the text Docker says where it was written: `…\n","stream":"stdout"}`.
    let end =
        line.rfind("\",\"stream\"").or_else(|| line.rfind("\", \"stream\"")).filter(|end| is_log && *end >= start);
    let end = end.unwrap_or(line.len());
    let text = line.get(start..end).unwrap_or_default();
    start..start + if is_log { text.strip_suffix("\\n").unwrap_or(text).len() } else { text.len() }
}

/// Whether a paste is quoted as in a mail: every line behind `>`, and not all of them headers of a request.
pub(super) fn is_quoted(lines: &[String]) -> bool {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty()).peekable();
    let is_request = |line: &&String| {
        let text = line.trim_start_matches(['>', ' ']);
        text.is_empty() || super::header::field(text).is_some() || super::header::opens_head(text)
    };
    filled.peek().is_some() && filled.all(|line| line.starts_with('>')) && !lines.iter().all(|line| is_request(&line))
}

/// The length in bytes of everything before the text.
fn length(line: &str) -> usize {
    let mut at = 0;
    // A runtime's time stands before the one of the program.
    for _ in 0..3 {
        let rest = line.get(at..).unwrap_or_default();
        let length =
            [pod, time, grep, number, log].iter().map(|prefix| prefix(rest)).find(|length| *length > 0).unwrap_or_else(
                || usize::from(rest.starts_with('+') && rest.get(1..).is_some_and(|rest| !rest.starts_with('+'))),
            );
        if length == 0 {
            break;
        }
        at += length;
    }
    at
}

/// `[pod/checkout-7d9f8b6c5d-x2k4p/app] `, as `kubectl logs --prefix` and `stern` write it.
fn pod(text: &str) -> usize {
    let inside = text.strip_prefix("[pod/").and_then(|rest| rest.split_once("] "));
    inside.map_or(0, |(name, _)| if name.contains(' ') { 0 } else { name.len() + 7 })
}

/// A time, and behind it what syslog, journald and container runtimes add: a host and `app[12]: `, `stdout F `.
fn time(text: &str) -> usize {
    let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = text.splitn(4, ' ');
    let (first, second, third) =
        (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_clock =
        |word: &str| word.len() >= 8 && word.split(':').count() == 3 && word.starts_with(|c: char| c.is_ascii_digit());
    let is_month = first.len() == 3 && first.starts_with(|c: char| c.is_ascii_uppercase());
    let is_stamp = first.len() >= 19
        && first.get(4..5) == Some("-")
        && first.get(10..11) == Some("T")
        && is_digits(first.get(..4).unwrap_or("x"));
    let stamp = if is_stamp {
        first.len() + 1
    } else if is_month && is_digits(second) && is_clock(third) {
        first.len() + second.len() + third.len() + 3
    } else {
        return 0;
    };
    let rest = text.get(stamp..).unwrap_or_default();
    if let Some(after) =
        ["stdout F ", "stderr F ", "stdout P ", "stderr P "].iter().find(|mark| rest.starts_with(**mark))
    {
        return stamp + after.len();
    }
    // `web-1 app[1234]: `
    let (program, _) = rest.split_once(": ").unwrap_or_default();
    let is_program =
        program.split(' ').count() <= 2 && program.ends_with(']') && program.contains('[') && program.len() < 80;
    stamp.min(text.len()) + if is_program { program.len() + 2 } else { 0 }
}

/// `./etc/app.conf:12:`.
fn grep(text: &str) -> usize {
    let mut parts = text.splitn(3, ':');
    let (file, line) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_file =
        file.contains(['/', '.']) && !file.contains([' ', '"', '=']) && !file.starts_with(|c: char| c.is_ascii_digit());
    let is_line = !line.is_empty() && line.len() < 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    // `db.internal:5432:orders` is no file: a file of settings ends in more than a domain.
    let is_path = file.contains('/')
        || [".conf", ".yaml", ".yml", ".env", ".json", ".ini", ".toml", ".txt", ".log", ".sh", ".py", ".xml"]
            .iter()
            .any(|ending| file.ends_with(ending));
    if is_file && is_line && is_path && parts.next().is_some() { file.len() + line.len() + 2 } else { 0 }
}

/// `    12⇥`, as `cat -n` and `nl` count lines.
fn number(text: &str) -> usize {
    let digits = text.trim_start_matches(' ').bytes().take_while(u8::is_ascii_digit).count();
    let end = text.len() - text.trim_start_matches(' ').len() + digits;
    if digits > 0 && text.get(end..).is_some_and(|rest| rest.starts_with('\t')) { end + 1 } else { 0 }
}

/// `{"log":"`, as Docker keeps what a container wrote.
fn log(text: &str) -> usize {
    let name =
        ["{\"log\":", "{\"message\":", "{\"msg\":", "{\"MESSAGE\":"].iter().find(|name| text.starts_with(**name));
    let Some(name) = name else { return 0 };
    let rest = text.get(name.len()..).unwrap_or_default();
    let quoted = rest.trim_start().strip_prefix('"').map_or(rest.len(), str::len);
    text.len() - quoted
}

/// The lines inside a string of JSON or of C, each with its place in it; of the same length, a space for every `\`.
pub(super) fn unescaped(text: &str) -> Vec<(usize, String)> {
    if !text.contains("\\\"") && !text.contains("\\n") {
        return Vec::new();
    }
    let same = text
        .replace("\\r\\n", "   \n")
        .replace("\\n", " \n")
        .replace("\\t", " \t")
        .replace("\\\\", " \\")
        .replace("\\\"", " \"");
    let mut at = 0;
    let mut lines = Vec::new();
    for line in same.split('\n') {
        let skipped = length(line);
        lines.push((at + skipped, line.get(skipped..).unwrap_or_default().to_owned()));
        at += line.len() + 1;
    }
    lines
}
