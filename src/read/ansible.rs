//! Reads `ansible` and `ansible-playbook`: which hosts it could not reach, and which tasks failed on a host and why.
//!
//! ```text
//! fatal: [web-2]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: ssh: connect to host 10.20.0.15 port 22: Connection refused", "unreachable": true}
//! fatal: [web-1]: FAILED! => {"changed": false, "elapsed": 2, "msg": "Timeout when waiting for 10.20.0.15:8443"}
//! web-3 | UNREACHABLE! => {
//!     "msg": "Failed to connect to the host via ssh: ssh: Could not resolve hostname web-3.example: Name or service not known",
//! web-3                      : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0
//! ```
//!
//! A host that is not reached was tried from where ansible runs; what fails in a task was tried from the host.

use super::observable::COMPLAINT;
use super::pick::{between, host_port};
use super::request::Url;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "ansible", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    let heading = |text: &str| text.starts_with("PLAY [") || text.starts_with("PLAY RECAP *");
    if part.any(|text| heading(text) || result(text).is_some() || recap(text).is_some()) { 0.95 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    // Hosts whose failure has been told: the recap counts it again.
    let mut told: Vec<&str> = Vec::new();
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        findings.noise(line.number);
        if let Some((host, failed)) = recap(&line.text) {
            if failed && !told.contains(&host) {
                let (_, counts) = line.text.split_once(" : ").unwrap_or_default();
                let counts: Vec<&str> = counts.split_whitespace().collect();
                findings.state(Lines::one(line.number), COMPLAINT, "failed", Endpoint::named(host), counts.join(" "));
            }
            continue;
        }
        let Some((host, way)) = result(&line.text) else { continue };
        let mut at = Lines::one(line.number);
        let mut said = line.text.clone();
        // The command `ansible` spreads the answer over several lines.
        while said.trim_end().ends_with(['{', ',']) || at.last > at.first && !said.ends_with('}') {
            let Some(more) = lines.next() else { break };
            said.push_str(more.text.trim());
            at.last = more.number;
        }
        let from = if way == "UNREACHABLE!" { Endpoint::default() } else { Endpoint::named(host) };
        told.push(host);
        let mut claims: Vec<Claim> = waited(&said).into_iter().chain(driver::said(&said)).collect();
        if claims.is_empty() {
            claims.extend(asked(&said));
        }
        if claims.is_empty() {
            let message = between(&said, "\"msg\": \"", "\"").unwrap_or(way);
            let message = message.chars().take(160).collect::<String>();
            findings.state(at, COMPLAINT, "failed", Endpoint::named(host), message);
        }
        for claim in &mut claims {
            if let Claim::Attempt(attempt) = claim {
                attempt.from = from.clone();
            }
        }
        claims.into_iter().for_each(|claim| findings.fact(at, claim));
    }
}

/// Host and way of a failure: `fatal: [web-1]: FAILED! => {…}`, `failed: [web-1] (item=a) => {…}`, `web-1 | UNREACHABLE! => {`.
fn result(text: &str) -> Option<(&str, &str)> {
    let (before, _) = text.split_once(" => {")?;
    if let Some((host, way)) = before.split_once(" | ") {
        return matches!(way, "UNREACHABLE!" | "FAILED!").then_some((host, way));
    }
    let rest = before.strip_prefix("fatal: [").or_else(|| before.strip_prefix("failed: ["))?;
    let (host, way) = rest.split_once(']')?;
    // "web-1 -> db-1(10.0.0.7)": the task of one host was handed to another.
    let host = host.split_once(" -> ").map_or(host, |(_, other)| other.split('(').next().unwrap_or(other));
    Some((host, if way.ends_with("UNREACHABLE!") { "UNREACHABLE!" } else { "FAILED!" }))
}

/// Host of a row of the recap, and whether anything failed there.
fn recap(text: &str) -> Option<(&str, bool)> {
    let (host, counts) = text.split_once(" : ok=")?;
    let count = |name: &str| between(counts, name, " ").is_some_and(|count| count != "0");
    counts.contains(" unreachable=").then(|| (host.trim_end(), count("unreachable=") || count("failed=")))
}

/// `wait_for` asks again and again, and does not say in which way it failed.
fn waited(said: &str) -> Option<Claim> {
    let to = host_port(between(said, "\"Timeout when waiting for ", "\"")?)?;
    Some(Claim::Attempt(Attempt { to, ..Attempt::new(Stage::Connect, Outcome::Unconnected) }))
}

/// `uri` and `get_url` name what they asked for beside their message.
fn asked(said: &str) -> Option<Claim> {
    let outcome = driver::errno(between(said, "\"msg\": \"", "\"")?)?;
    let to = Url::parse(between(said, "\"url\": \"", "\"")?)?.endpoint();
    let resolved = to.host.is_some();
    Some(Claim::Attempt(Attempt { to, resolved, ..Attempt::new(Stage::Exchange, outcome) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_failure_is_told_once_and_the_recap_only_where_nothing_else_is() {
        let text = "fatal: [web-1]: UNREACHABLE! => {\"msg\": \"Failed to connect to the host via ssh: ssh: connect to host 10.0.0.5 port 22: Connection refused\"}\n\
                    fatal: [web-2]: FAILED! => {\"changed\": false, \"msg\": \"non-zero return code\"}\n\
                    PLAY RECAP ****\nweb-1 : ok=0    changed=0    unreachable=1    failed=0    skipped=0\n\
                    web-3 : ok=1    changed=0    unreachable=0    failed=1    skipped=0";
        assert_eq!(
            told(READER, text),
            [
                "the request to 10.0.0.5:22 was refused",
                "complaint about web-2: “non-zero return code”",
                "complaint about web-3: “ok=1 changed=0 unreachable=0 failed=1 skipped=0”",
            ]
        );
    }
}
