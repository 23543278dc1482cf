//! Reads what programs that no reader knows say of their own failures: in which words, and of which target.
//!
//! ```text
//! idle 9 s: TimeoutError('timed out')
//! Connection error: Connection Refused: not authorised.
//! Failed to get unit file state for mail-worker.service: No such file or directory
//! ```
//!
//! Only a failure that its line tells is taken for one; that nothing is said is no success.

use super::observable::COMPLAINT;
use super::request::{Url, endpoint, split_port};
use super::{CommandLine, Findings, Part, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

/// Words of a failure, in small letters, that every language's programs use.
const FAILED: &[&str] = &[
    "error",
    "failed",
    "failure",
    "refused",
    "denied",
    "timed out",
    "timeout",
    "unreachable",
    "cannot ",
    "can't ",
    "could not",
    "unable to",
    "not authori",
    "unauthori",
    "not allowed",
    "unhealthy",
    "rejected",
    "exceeded",
    "exception",
    "fatal",
    "unknown host",
    "not resolve",
];

/// Words that take it back.
const NOT: &[&str] = &[
    "no error",
    "0 error",
    "errors: 0",
    "error: 0",
    "errors 0",
    " 0 failed",
    "failed: 0",
    "failed 0",
    "without error",
];

/// What became of the request, where the words leave no doubt; the first that fits.
const OUTCOMES: &[(&str, Outcome)] = &[
    ("no route to host", Outcome::Unreachable),
    ("host is unreachable", Outcome::Unreachable),
    ("network is unreachable", Outcome::NoLocalRoute),
    ("reset by peer", Outcome::Reset),
    ("could not resolve", Outcome::Unresolved),
    ("cannot resolve", Outcome::Unresolved),
    ("unable to resolve", Outcome::Unresolved),
    ("name or service not known", Outcome::Unresolved),
    ("name resolution", Outcome::Unresolved),
    ("unknown host", Outcome::Unresolved),
    ("no such host", Outcome::Unresolved),
    ("certificate has expired", Outcome::TlsExpired),
    ("certificate expired", Outcome::TlsExpired),
    ("certificate verify failed", Outcome::TlsFailed),
    ("handshake fail", Outcome::TlsFailed),
    ("timed out", Outcome::TimedOut),
    ("timeout", Outcome::TimedOut),
    ("connection refused", Outcome::Refused),
];

/// Where a refusal is not one of the connection but of whoever asked.
const REJECTED: &[&str] =
    &["authori", "authenticat", "denied", "credential", "password", "login", "not allowed", "forbidden"];

/// Programs that show a text which somebody else wrote: a file, a page of a manual, a change.
const SHOWS: &[&str] = &[
    "less", "more", "head", "tail", "grep", "zgrep", "sed", "awk", "vi", "vim", "view", "man", "git", "bat", "diff",
    "find", "ls", "xxd", "jq",
];

/// Reads a text that no other reader recognizes, where a command line says that a program printed it: prose, a manual, a file of settings
/// speak of failures all the time.
pub(super) fn read(part: &Part, findings: &mut Findings) {
    let Some(command) = &part.command else { return };
    let counts = command.runs("wc") || (command.runs("grep") && command.words().any(|word| word == "-c"));
    let of_a_log = !counts && command.words().any(|word| word.ends_with(".log") || word.contains("/log/"));
    if counts || !of_a_log && SHOWS.iter().any(|program| command.runs(program)) {
        return;
    }
    // What a server answers is told by whoever wrote the page.
    if ["curl", "wget", "cat", "http", "docker", "kubectl"].iter().any(|program| command.runs(program)) {
        return;
    }
    let asked = target(command);
    for line in part.lines.iter().filter(|line| is_complaint(&line.text)) {
        // A sentence that is known names its target better than the command line.
        let claims = driver::said(&line.text);
        if claims.iter().any(|claim| matches!(claim, Claim::Attempt(attempt) if !attempt.to.is_empty())) {
            for claim in claims {
                findings.fact(Lines::one(line.number), claim);
            }
            continue;
        }
        let lower = line.text.to_ascii_lowercase();
        let named = || CommandLine::parse(&line.text).words().find_map(address).or_else(|| asked.clone());
        // A log is its own host's; an address in it is as often the one that was turned away.
        let of = if of_a_log { Endpoint::default() } else { named().unwrap_or_default() };
        let rejected = REJECTED.iter().any(|word| lower.contains(word));
        let outcome =
            OUTCOMES.iter().find(|(words, _)| lower.contains(words) && !rejected).map(|(_, outcome)| *outcome);
        let at = Lines::one(line.number);
        match outcome {
            Some(outcome) => {
                findings.fact(at, Claim::Attempt(Attempt { to: of, ..Attempt::new(Stage::Exchange, outcome) }))
            }
            None => findings.state(at, COMPLAINT, "failed", of, line.text.trim()),
        }
    }
}

/// A line in which a program, not a person, says that something failed.
fn is_complaint(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let by_a_program = text.contains([':', '(', '=', '[']) && !text.contains('?');
    by_a_program && FAILED.iter().any(|words| lower.contains(words)) && !NOT.iter().any(|words| lower.contains(words))
}

/// What a command line speaks to: a URL, an address, or the value of its option for a host.
fn target(command: &CommandLine) -> Option<Endpoint> {
    let url = command.words().find_map(Url::parse).map(|url| url.endpoint());
    let host = || command.option("-h", "--host").or_else(|| command.option("-H", "--hostname"));
    let port = || command.option("-p", "--port").and_then(|port| port.parse().ok());
    url.or_else(|| command.words().find_map(address)).or_else(|| Some(endpoint(host()?, port())))
}

/// `10.57.2.2`, `10.57.2.2:1883`, `tcp://10.57.2.2:1883`, also between quotes and brackets.
fn address(word: &str) -> Option<Endpoint> {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    let word = word.rsplit('@').next().unwrap_or(word);
    let (host, port) = split_port(word.split('/').next()?);
    host.parse::<std::net::IpAddr>().ok().map(|ip| Endpoint::at(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    fn told(command: &str, text: &str) -> Vec<String> {
        let part = Part { command: Some(CommandLine::parse(command)), lines: clean(text) };
        let mut findings = Findings::default();
        read(&part, &mut findings);
        findings.facts.iter().map(|fact| fact.claim.to_string()).collect()
    }

    #[test]
    fn an_unknown_program_that_fails_is_heard() {
        assert_eq!(
            told("python3 idle.py", "idle 4 s: b'+PONG'\nidle 9 s: TimeoutError('timed out')"),
            ["the request to the target timed out"]
        );
        assert_eq!(
            told("mosquitto_pub -h 10.57.2.2 -t s/1 -m 21.5", "Connection error: Connection Refused: not authorised."),
            ["complaint is failed at 10.57.2.2 (Connection error: Connection Refused: not authorised.)"]
        );
        assert_eq!(
            told("ldapsearch -H ldap://10.1.1.1", "connect error: Connection refused"),
            ["the request to 10.1.1.1 was refused"]
        );
    }

    #[test]
    fn a_text_that_no_program_printed_has_no_complaint() {
        for text in [
            "Postmortem: payments timed out (503), and 10.2.3.4:5432 was suspected.",
            "Timeout: 300\n# ErrorLog: where errors go",
            "except ConnectionRefusedError:\n    log.error(\"connect to 10.0.0.1:80 timed out\")",
            "If curl prints \"curl: (7) Failed to connect: Connection refused\", nothing listens.",
        ] {
            assert_eq!(crate::read::read(text, None, None).facts().count(), 0, "{text}");
        }
    }

    #[test]
    fn people_and_good_news_are_not_complaints() {
        for text in ["did it fail again since noon?", "errors: 0", "it failed since lunch", "requests: 50, 0 failed"] {
            assert!(told("tool", text).is_empty(), "{text}");
        }
    }
}
