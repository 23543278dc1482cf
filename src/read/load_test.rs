//! Reads what load testers count: how many requests were answered, and with which status.
//!
//! ```text
//! Complete requests:      300
//! Failed requests:        291
//!    (Connect: 0, Receive: 0, Length: 291, Exceptions: 0)
//! Non-2xx responses:      12
//!
//! Status code distribution:
//!   [200]    32 responses
//!   [503]    8 responses
//! Error distribution:
//!   [8]    Get "http://127.0.0.1:18089/": dial tcp 127.0.0.1:18089: connect: connection refused
//!
//!   878 requests in 1.10s, 100.67KB read
//!   Non-2xx or 3xx responses: 176
//!
//! status codes: 33 2xx, 0 3xx, 0 4xx, 27 5xx
//! ```
//!
//! `ab` calls a request failed whose answer is not as long as the first one was: an answer all the same.

use super::driver::errno;
use super::observable::{COMPLAINT, REQUEST_RATE};
use super::request::{Request, endpoint};
use super::{Findings, Part, Reader, driver, errno};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Outcome, Stage};

pub(super) const AB: Reader = Reader { kind: "ab", most: 0.95, recognize: is_ab, read: read_ab };
pub(super) const HEY: Reader = Reader { kind: "hey", most: 0.95, recognize: is_hey, read: read_hey };
pub(super) const WRK: Reader = Reader { kind: "wrk", most: 0.95, recognize: is_wrk, read: read_wrk };
pub(super) const H2LOAD: Reader = Reader {
    kind: "h2load",
    most: 0.95,
    recognize: |part| by_counts(part, "h2load"),
    read: |part, findings| read_counts(part, "h2load", findings),
};
pub(super) const SIEGE: Reader = Reader {
    kind: "siege",
    most: 0.95,
    recognize: |part| by_counts(part, "siege"),
    read: |part, findings| read_counts(part, "siege", findings),
};

/// The counts of those that need no more than a line for each: the program, how the line begins or what stands in it, and the mark that
/// the number stands before (where the mark begins with a blank) or behind. Without an outcome it counts failures of any kind.
#[rustfmt::skip]
const COUNTS: &[(&str, &str, &str, Option<Outcome>)] = &[
    // "status codes: 33 2xx, 0 3xx, 0 4xx, 27 5xx"
    ("h2load", "status codes: ", " 2xx", Some(Outcome::Ok)),
    ("h2load", "status codes: ", " 3xx", Some(Outcome::Redirected)),
    ("h2load", "status codes: ", " 4xx", Some(Outcome::Http4xx)),
    ("h2load", "status codes: ", " 5xx", Some(Outcome::Http5xx)),
    // "requests: 60 total, 60 started, 60 done, 33 succeeded, 27 failed, 0 errored, 0 timeout"
    ("h2load", "requests: ", " errored", None),
    // "\t\"successful_transactions\":\t          22,"
    ("siege", "\"successful_transactions\":", "\"successful_transactions\":", Some(Outcome::Ok)),
    ("siege", "\"failed_transactions\":", "\"failed_transactions\":", None),
];

fn is_ab(part: &Part) -> f64 {
    if part.any(|text| text.starts_with("This is ApacheBench")) {
        0.95
    } else if part.any(|text| text.starts_with("Benchmarking ") || text.starts_with("Complete requests: ")) {
        0.9
    } else {
        0.0
    }
}

fn is_hey(part: &Part) -> f64 {
    let any = |wanted: &str| part.any(|text| text.trim_end() == wanted);
    // Often cut down to the last part of it.
    let counts = |text: &str| statuses(text).is_some() || (part.runs("hey") && text.trim() == "Error distribution:");
    if any("Status code distribution:") && (any("Summary:") || any("Latency distribution:")) {
        0.95
    } else if part.any(counts) {
        0.9
    } else {
        0.0
    }
}

/// `[200]    81 responses`
fn statuses(text: &str) -> Option<(u16, u32)> {
    let (status, rest) = text.trim().strip_prefix('[')?.split_once(']')?;
    let count = rest.trim_start().strip_suffix(" responses")?;
    Some((status.parse().ok().filter(|status| (100..600).contains(status))?, count.parse().ok()?))
}

fn is_wrk(part: &Part) -> f64 {
    let runs = |text: &str| text.starts_with("Running ") && text.contains(" test @ ");
    let measured = part.any(runs) && part.any(|text| text.trim_start().starts_with("Thread Stats "));
    if measured || part.any(|text| unconnected(text).is_some()) { 0.95 } else { 0.0 }
}

/// `unable to connect to 10.0.0.5:8080 Connection refused`: why wrk did not even begin.
fn unconnected(text: &str) -> Option<Outcome> {
    let (_, reason) = text.strip_prefix("unable to connect to ")?.split_once(' ')?;
    errno::of_reason(reason)
}

/// What is true of every request of the test.
fn asked(part: &Part, program: &str) -> Attempt {
    let command = part.command.as_ref().map(|command| command.only(program, |_| true));
    let Request { to, protocol, path, unchecked_certificate, .. } = Request::of(command.as_ref());
    let resolved = to.host.is_some();
    // None of them looks at certificates.
    let unchecked = unchecked_certificate || protocol.as_deref() == Some("https");
    Attempt { to, protocol, path, resolved, unchecked, ..Attempt::new(Stage::Exchange, Outcome::Ok) }
}

fn answered(attempt: &Attempt, count: u32, outcome: Outcome) -> Claim {
    Claim::Attempt(Attempt { count, outcome, ..attempt.clone() })
}

/// What stands behind a label, up to the first blank.
fn value<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    text.trim_start().strip_prefix(label)?.split_whitespace().next()
}

fn number(text: &str, label: &str) -> Option<u32> {
    value(text, label)?.trim_end_matches(',').parse().ok()
}

fn said(line: &Line, findings: &mut Findings) {
    for claim in driver::said(&line.text) {
        findings.fact(Lines::one(line.number), claim);
    }
}

/// The answers that are no complaint: all but those that failed.
fn counted(all: Option<(u32, u32)>, bad: u32, asked: &Attempt, findings: &mut Findings) {
    if let Some((at, count)) = all.and_then(|(at, all)| Some((at, all.checked_sub(bad).filter(|good| *good > 0)?))) {
        findings.fact(Lines::one(at), answered(asked, count, Outcome::Ok));
    }
}

/// How many requests went through per second, and how long the slowest hundredth took: `Requests/sec: 1321.77`, `99% in 0.0059 secs`.
fn rate(part: &Part, asked: &Attempt, findings: &mut Findings) {
    let labels = ["Requests per second:", "Requests/sec:", "Transaction rate:", "\"transaction_rate\":"];
    let counted = |line: &Line| {
        let count = labels.iter().find_map(|label| value(&line.text, label))?.trim_end_matches(',');
        (count.parse::<f64>().ok()? > 0.0).then(|| (line.number, count.to_owned()))
    };
    let Some((number, count)) = part.lines.iter().find_map(counted) else { return };
    let mut detail = format!("{count} per second");
    let slowest = part.lines.iter().find_map(|line| line.text.trim_start().strip_prefix("99%"));
    let slowest = slowest.map(|rest| rest.trim().trim_start_matches("% ").trim_start_matches("in ").to_owned());
    // wrk counts no answer that came too late.
    if let Some(slowest) = slowest.filter(|time| time.contains(|c: char| c.is_ascii_digit() && c != '0')) {
        // ab has its unit in a heading.
        let unit = if slowest.bytes().all(|byte| byte.is_ascii_digit()) { " ms" } else { "" };
        detail = format!("{detail}, 99 % took {slowest}{unit} at most");
    }
    findings.state(Lines::one(number), REQUEST_RATE, "seen", asked.to.clone(), detail);
}

fn read_ab(part: &Part, findings: &mut Findings) {
    let mut asked = asked(part, "ab");
    let (mut host, mut all, mut bad) = (None, None, 0);
    for line in &part.lines {
        let text = line.text.as_str();
        said(line, findings);
        findings.noise(line.number);
        // The test was given up: "Benchmarking 10.20.0.15 (be patient)...apr_socket_recv: Connection refused (111)".
        let given_up = text.split_once("apr_").map(|(_, why)| errno(why));
        if let Some(outcome) = given_up {
            let outcome = outcome.unwrap_or(Outcome::TimedOut);
            findings.fact(Lines::one(line.number), answered(&asked, 1, outcome));
        } else if let Some(name) = value(text, "Server Hostname:") {
            host = Some(name);
        } else if let (Some(name), Some(port)) = (host, number(text, "Server Port:")) {
            asked.to = endpoint(name, u16::try_from(port).ok());
            asked.resolved = asked.to.host.is_some();
        } else if let Some(path) = value(text, "Document Path:") {
            asked.path = Some(path.to_owned());
        } else if let Some(count) = number(text, "Complete requests:") {
            all = Some((line.number, count));
        } else if text.trim_start().starts_with("(Connect: ") {
            let inner = text.trim().trim_matches(['(', ')']);
            let count = |label| inner.split(", ").find_map(|one| number(one, label)).unwrap_or_default();
            let broken = count("Connect:") + count("Receive:") + count("Exceptions:");
            bad += broken;
            if broken > 0 {
                findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), text.trim());
            }
        } else if let Some(count) = number(text, "Non-2xx responses:") {
            bad += count;
            findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), text.trim());
        }
    }
    counted(all, bad, &asked, findings);
    rate(part, &asked, findings);
}

fn read_hey(part: &Part, findings: &mut Findings) {
    let asked = asked(part, "hey");
    let mut below = "";
    let late = late(part);
    rate(part, &asked, findings);
    for line in &part.lines {
        let text = line.text.trim();
        findings.noise(line.number);
        if text.ends_with("distribution:") {
            below = text;
            continue;
        }
        if let Some((status, count)) = statuses(text) {
            let outcome = Outcome::of_status(status);
            let attempt = Attempt { status: Some(status), ..asked.clone() };
            // Which status the late ones had is not told: most likely the usual one.
            let late = if outcome == Outcome::Ok { late.min(count) } else { 0 };
            for (count, outcome) in [(count - late, outcome), (late, Outcome::Slow)] {
                if count > 0 {
                    findings.fact(Lines::one(line.number), answered(&attempt, count, outcome));
                }
            }
        } else if below == "Error distribution:"
            && let Some((count, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']'))
        {
            let claims = driver::said(rest);
            if claims.is_empty() {
                findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), rest.trim());
            }
            for claim in claims {
                let claim = match (claim, count.parse()) {
                    (Claim::Attempt(attempt), Ok(count)) => Claim::Attempt(Attempt { count, ..attempt }),
                    (claim, _) => claim,
                };
                findings.fact(Lines::one(line.number), claim);
            }
        }
    }
}

/// How many answers took over a second and ten times as long as half of them: `1.003 [3]    |■■` in the histogram.
fn late(part: &Part) -> u32 {
    let lines = || part.lines.iter().map(|line| line.text.trim());
    let median = lines().find_map(|text| value(text, "50% in")?.parse::<f64>().ok()).unwrap_or(f64::INFINITY);
    let bars = lines().filter_map(|text| {
        let (upper, rest) = text.split_once(" [")?;
        let seconds: f64 = upper.parse().ok()?;
        Some((seconds, rest.split_once(']')?.0.parse::<u32>().ok()?))
    });
    bars.filter(|(seconds, _)| *seconds > (median * 10.0).max(1.0)).map(|(_, count)| count).sum()
}

fn by_counts(part: &Part, program: &str) -> f64 {
    // What counts only failures is no more than a word of it.
    let telling = |text: &str| {
        let mut rows = COUNTS.iter().filter(|(of, _, _, outcome)| *of == program && outcome.is_some());
        rows.any(|(_, begin, mark, _)| text.contains(begin) && text.contains(mark))
    };
    if part.any(telling) { 0.95 } else { 0.0 }
}

fn read_counts(part: &Part, program: &str, findings: &mut Findings) {
    let asked = asked(part, program);
    rate(part, &asked, findings);
    for line in &part.lines {
        findings.noise(line.number);
        for (_, _, mark, outcome) in COUNTS.iter().filter(|(of, begin, ..)| *of == program && line.text.contains(begin))
        {
            let Some((before, after)) = line.text.split_once(mark) else { continue };
            let word =
                if mark.starts_with(' ') { before.split_whitespace().last() } else { after.split_whitespace().next() };
            let count = word.and_then(|word| word.trim_end_matches(',').parse().ok()).filter(|count| *count > 0);
            match (count, outcome) {
                (Some(count), Some(outcome)) => {
                    findings.fact(Lines::one(line.number), answered(&asked, count, *outcome))
                }
                (Some(_), None) => {
                    let words: Vec<&str> = line.text.split_whitespace().collect();
                    let detail = words.join(" ");
                    findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), detail);
                }
                (None, _) => {}
            }
        }
    }
}

fn read_wrk(part: &Part, findings: &mut Findings) {
    let asked = asked(part, "wrk");
    let (mut all, mut bad) = (None, 0);
    for line in &part.lines {
        let text = line.text.trim();
        findings.noise(line.number);
        said(line, findings);
        if let Some((count, _)) = text.split_once(" requests in ") {
            all = count.parse().ok().map(|count| (line.number, count));
        } else if let Some(count) = number(text, "Non-2xx or 3xx responses:") {
            bad += count;
            findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), text);
        } else if text.starts_with("Socket errors: ") && text.contains(|c: char| c.is_ascii_digit() && c != '0') {
            findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), text);
        }
    }
    counted(all, bad, &asked, findings);
    rate(part, &asked, findings);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{told, told_below};

    #[test]
    fn an_answer_of_another_length_is_an_answer() {
        let text = "This is ApacheBench, Version 2.3 <$Revision$>\nServer Hostname:        10.240.4.2\nServer Port:            80\n\
                    Document Path:          /feed\nComplete requests:      300\nFailed requests:        291\n   \
                    (Connect: 0, Receive: 0, Length: 291, Exceptions: 0)\n";
        assert_eq!(told(AB, text), ["300 requests to 10.240.4.2:80 worked"]);
    }

    #[test]
    fn what_is_left_of_a_summary_still_counts() {
        let (command, text) =
            ("hey -n 100 http://10.60.2.2/a | grep '\\['", "  [200]\t81 responses\n  [503]\t19 responses\n");
        let said = ["81 requests to 10.60.2.2:80 worked", "19 requests to 10.60.2.2:80 were answered 503"];
        assert_eq!(told_below(command, text, read_hey), said);
        let text = "status codes: 33 2xx, 0 3xx, 0 4xx, 27 5xx\n";
        assert_eq!(
            told(H2LOAD, text),
            ["33 requests to the target worked", "27 requests to the target were answered with a server error"]
        );
    }
}
