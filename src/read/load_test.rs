//! Reads what load testers count: `ab`, `hey` and `wrk` tell how many requests were answered, and with which status.
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
//! ```
//!
//! `ab` calls a request failed whose answer is not as long as the first one was: an answer all the same.

use super::driver::errno;
use super::observable::COMPLAINT;
use super::request::{Request, endpoint};
use super::{Findings, Part, Reader, driver, errno};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Outcome, Stage};

pub(super) const AB: Reader = Reader { kind: "ab", most: 0.95, recognize: is_ab, read: read_ab };
pub(super) const HEY: Reader = Reader { kind: "hey", most: 0.95, recognize: is_hey, read: read_hey };
pub(super) const WRK: Reader = Reader { kind: "wrk", most: 0.95, recognize: is_wrk, read: read_wrk };

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
    if any("Status code distribution:") && (any("Summary:") || any("Latency distribution:")) { 0.95 } else { 0.0 }
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
fn asked(part: &Part) -> Attempt {
    let Request { to, protocol, path, unchecked_certificate, .. } = Request::of(part.command.as_ref());
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

fn read_ab(part: &Part, findings: &mut Findings) {
    let mut asked = asked(part);
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
}

fn read_hey(part: &Part, findings: &mut Findings) {
    let asked = asked(part);
    let mut below = "";
    let late = late(part);
    for line in &part.lines {
        let text = line.text.trim();
        findings.noise(line.number);
        if text.ends_with("distribution:") {
            below = text;
            continue;
        }
        let Some((counted, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) else { continue };
        match below {
            "Status code distribution:" => {
                let count = rest.split_whitespace().next().and_then(|count| count.parse().ok());
                if let (Ok(status), Some(count)) = (counted.parse(), count) {
                    let outcome = Outcome::of_status(status);
                    let attempt = Attempt { status: Some(status), ..asked.clone() };
                    // Which status the late ones had is not told: most likely the usual one.
                    let late = if outcome == Outcome::Ok { late.min(count) } else { 0 };
                    for (count, outcome) in [(count - late, outcome), (late, Outcome::Slow)] {
                        if count > 0 {
                            findings.fact(Lines::one(line.number), answered(&attempt, count, outcome));
                        }
                    }
                }
            }
            "Error distribution:" => {
                let claims = driver::said(rest);
                if claims.is_empty() {
                    findings.state(Lines::one(line.number), COMPLAINT, "failed", asked.to.clone(), rest.trim());
                }
                claims.into_iter().for_each(|claim| findings.fact(Lines::one(line.number), claim));
            }
            _ => {}
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

fn read_wrk(part: &Part, findings: &mut Findings) {
    let asked = asked(part);
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn an_answer_of_another_length_is_an_answer() {
        let text = "This is ApacheBench, Version 2.3 <$Revision$>\nServer Hostname:        10.240.4.2\nServer Port:            80\n\
                    Document Path:          /feed\nComplete requests:      300\nFailed requests:        291\n   \
                    (Connect: 0, Receive: 0, Length: 291, Exceptions: 0)\n";
        assert_eq!(told(AB, text), ["300 requests to 10.240.4.2:80 worked"]);
    }
}
