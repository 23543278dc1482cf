//! Reads what programs that no reader knows say of their own failures: in which words, and of which target.
//!
//! ```text
//! idle 9 s: TimeoutError('timed out')
//! Connection error: Connection Refused: not authorised.
//! Failed to get unit file state for mail-worker.service: No such file or directory
//! ```
//!
//! Only a failure that its line tells is taken for one; that nothing is said is no success.

use super::observable::{COMPLAINT, DISK, MEMORY, WORKER_POOL};
use super::request::{Url, endpoint, split_port};
use super::{CommandLine, Findings, Part, driver, json};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome, Stage, State};
use crate::moment::moment;
use crate::order;

mod words;

use words::{DECLINES, EXHAUSTED, NOT, OUTCOMES, REJECTED, tell_of_failure};

/// Programs that show a text which somebody else wrote: a file, a page of a manual, a change.
const SHOWS: &[&str] = &[
    "less", "more", "head", "tail", "grep", "zgrep", "sed", "awk", "vi", "vim", "view", "man", "git", "bat", "diff",
    "find", "ls", "xxd", "jq",
];

/// Programs that print what a server answered.
const ANSWERS: &[&str] = &["curl", "wget", "http"];

/// What browsers ask every site for.
const UNASKED: &[&str] = &["favicon.ico", "robots.txt", "apple-touch-icon"];

/// So many letters of a complaint are kept.
const LONGEST: usize = 160;

/// So many complaints of one part are kept.
const MOST: usize = 5;

/// Reads a text that no other reader recognizes, where a command line says that a program printed it: prose, a manual, a file of settings
/// speak of failures all the time.
pub(super) fn read(part: &Part, findings: &mut Findings) {
    let Some(command) = &part.command else { return };
    let counts = command.runs("wc") || (command.runs("grep") && command.words().any(|word| word == "-c"));
    let of_a_log =
        !counts && command.words().any(|word| word.ends_with(".log") || word.contains("/log/") || word == "journalctl");
    // What stands behind a pipe only shortens what the first program printed.
    if counts || !of_a_log && SHOWS.contains(&program(command)) {
        return;
    }
    // What a server answers is told by whoever wrote the page.
    if ["curl", "wget", "cat", "http", "docker", "kubectl"].iter().any(|program| command.runs(program)) {
        return;
    }
    let asked = target(command);
    // In a log, people's words stand beside those of programs.
    let tells = |text: &str| !is_quoted(text) && (is_complaint(text) || !of_a_log && is_message(text));
    let mut above = None;
    for line in part.lines.iter().filter(|line| tells(&line.text)) {
        // A cause that failed as its consequence did is the same failure.
        let said = outcome(&line.text);
        if line.text.trim_start().starts_with("Caused by: ") && said.is_some() && said == above {
            findings.noise(line.number);
            continue;
        }
        above = said;
        // A sentence that is known names its target better than the command line.
        let claims = driver::said(&line.text);
        let known = |claim: &Claim| match claim {
            Claim::Attempt(attempt) => !attempt.to.is_empty(),
            Claim::Lookup(_) => true,
            Claim::State(state) => [DISK, MEMORY, WORKER_POOL].contains(&state.observable.as_str()),
            _ => false,
        };
        if claims.iter().any(known) {
            for claim in claims {
                findings.fact(Lines::one(line.number), claim);
            }
            continue;
        }
        let named = || line.text.split_whitespace().find_map(address).or_else(|| asked.clone());
        // A log is its own host's; an address in it is as often the one that was turned away.
        let of = if of_a_log { None } else { named() }.unwrap_or_default();
        // What a log waited for in vain is as often a neighbor's message or a lock as a request that it sent.
        let in_vain = |outcome: &Outcome| of_a_log && *outcome == Outcome::TimedOut;
        let at = Lines::one(line.number);
        match outcome(&line.text).filter(|outcome| !in_vain(outcome)) {
            Some(outcome) => {
                findings.fact(at, Claim::Attempt(Attempt { to: of, ..Attempt::new(Stage::Exchange, outcome) }));
            }
            None => findings.state(at, COMPLAINT, value(&line.text), of, kept(&line.text)),
        }
    }
}

/// What became of a request, where a message says it in words that leave no doubt.
pub(super) fn outcome(message: &str) -> Option<Outcome> {
    let lower = message.to_ascii_lowercase();
    let rejected = REJECTED.iter().any(|word| lower.contains(word));
    let mut known = OUTCOMES.iter().filter(|(words, _)| lower.contains(words) && !rejected);
    driver::certificate(message).or_else(|| known.next().map(|(_, outcome)| *outcome))
}

/// Lines of a known tool's output that no reader understood and that tell of a failure: kept as complaints of whoever printed them, and
/// still not understood.
pub(super) fn overheard(part: &Part, findings: &mut Findings) {
    let Some(command) = &part.command else { return };
    let program = program(command);
    let is_of_a_log = command.words().any(|word| word.contains("log") || word == "journalctl");
    // The text of an answer, and of a file that is no log, is somebody else's.
    let is_of_a_file = !is_of_a_log && (SHOWS.contains(&program) || program == "cat");
    if is_of_a_file || ANSWERS.iter().any(|program| command.runs(program)) {
        return;
    }
    // A log names its clients as well as whom it asked: it is heard as its own host's.
    let asked = if is_of_a_log { None } else { target(command) }.unwrap_or_default();
    let unread = part.lines.iter().filter(|line| findings.understood.binary_search(&line.number).is_err());
    // More of the same tells nothing new.
    let shape = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let mut shapes: Vec<String> = Vec::new();
    let mut is_new = |text: &str| {
        let shape = shape(text);
        let is_new = !shapes.contains(&shape) && shapes.len() < MOST;
        if is_new {
            shapes.push(shape);
        }
        is_new
    };
    let heard: Vec<Fact> = unread
        .filter(|line| is_trouble(&line.text) && is_new(&line.text))
        .map(|line| {
            let state = State {
                observable: COMPLAINT.to_owned(),
                value: value(&line.text).to_owned(),
                of: spoken_of(&line.text, &asked),
                detail: kept(&line.text),
            };
            Fact {
                lines: Lines::one(line.number),
                at: moment(&line.text),
                numbers: Default::default(),
                claim: Claim::State(state),
            }
        })
        .collect();
    if !heard.is_empty() {
        findings.facts.extend(heard);
        order::by_key(&mut findings.facts, |fact| fact.lines.first);
    }
}

/// Whom a line speaks of: whoever was asked, unless it names another address. One behind an `@` is where somebody came from.
fn spoken_of(text: &str, asked: &Endpoint) -> Endpoint {
    let is_asked = asked.host.as_deref().is_some_and(|host| text.contains(host));
    let another = || text.split_whitespace().filter(|word| !word.contains('@')).find_map(address);
    let another = if is_asked || asked.is_empty() { None } else { another() };
    another.filter(|other| other.address != asked.address).unwrap_or_else(|| asked.clone())
}

/// `exhausted` where it says that something has run out, `declines` where it leaves its own work undone, otherwise `failed`.
pub(super) fn value(text: &str) -> &'static str {
    let lower = text.to_ascii_lowercase();
    let says = |known: &[&str]| known.iter().any(|words| lower.contains(words));
    match () {
        () if says(EXHAUSTED) => "exhausted",
        () if says(DECLINES) => "declines",
        () => "failed",
    }
}

/// What of a line is kept: of a record its message and error, of anything else so much that a person still reads it.
fn kept(text: &str) -> String {
    let pairs = if text.trim_start().starts_with('{') { json::pairs(text.trim()) } else { Vec::new() };
    let value =
        |names: &[&str]| pairs.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| (*value).to_owned());
    let said: Vec<String> = [value(&["msg", "message"]), value(&["error", "err"])].into_iter().flatten().collect();
    let said = if said.is_empty() { text.trim().to_owned() } else { said.join(": ") };
    if said.chars().count() <= LONGEST { said } else { said.chars().take(LONGEST).chain(['…']).collect() }
}

/// Whether words that stand alone tell of a failure.
pub(super) fn tells_of_failure(said: &str) -> bool {
    let lower = said.to_ascii_lowercase();
    words::tell_of_failure(&lower) && !takes_it_back(&lower)
}

/// The program that a command line runs first.
fn program(command: &CommandLine) -> &str {
    let first = command.words().find(|word| !matches!(*word, "sudo" | "time")).unwrap_or_default();
    first.rsplit('/').next().unwrap_or(first)
}

/// Whether a line tells of a failure and is neither a setting nor about what browsers ask for by themselves.
pub(super) fn is_trouble(text: &str) -> bool {
    let said = of_a_record(text);
    // "location / { proxy_read_timeout 5s; }" is a line of settings.
    let is_code = said.contains("; ") && said.trim_end().ends_with(['}', ';', '{'])
        // A member of a document that is empty.
        || said.trim_end().trim_end_matches(',').ends_with("\": \"\"");
    let text = said.as_str();
    let lower = text.to_ascii_lowercase();
    let is_setting = !lower.contains("timeout expired")
        && !lower.contains("timeouterror")
        && !tell_of_failure(&lower.replace("timeout", ""));
    let is_asked_by_browsers = UNASKED.iter().any(|path| lower.contains(path));
    (is_complaint(text) || is_message(text)) && !is_setting && !is_code && !is_quoted(text) && !is_asked_by_browsers
}

/// Frames of a stack and lines of a source only quote, and a legend says what a sign would mean: `(ERR):error occurred.`
fn is_quoted(text: &str) -> bool {
    let text = text.trim_start();
    let sign = text.strip_prefix('(').and_then(|rest| rest.split_once("):"));
    sign.is_some_and(|(sign, _)| sign.bytes().all(|b| b.is_ascii_uppercase()))
        || ["at ", "raise ", "throw ", "from "].iter().any(|opening| text.starts_with(opening))
}

/// A sentence of a program that tells of a failure: people write their remarks in small letters, programs begin theirs like sentences.
fn is_message(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.trim_start().starts_with(|c: char| c.is_ascii_uppercase() || matches!(c, '@' | '*'))
        && !text.contains('?')
        && tell_of_failure(&lower)
        && !takes_it_back(&lower)
}

/// Whether the words of a failure are followed by what takes them back: "Failed requests:        0".
fn takes_it_back(lower: &str) -> bool {
    let counts_none = lower.split(|c: char| !c.is_ascii_alphanumeric()).rfind(|word| !word.is_empty()) == Some("0");
    counts_none || is_count(lower) || NOT.iter().any(|words| lower.contains(words))
}

/// A counter by its name, `num.answer.rcode.SERVFAIL=3` or `Failed password attempts: 1`, tells how often, and not whether that is bad.
fn is_count(lower: &str) -> bool {
    // varnishstat, nstat: a name, how often, how often in a second, and what it means.
    let mut words = lower.split_whitespace();
    if words.next().is_some_and(|name| name.contains('.')) && words.next() == Some("0") {
        return true;
    }
    let Some((name, value)) = lower.trim().rsplit_once(['=', ':']) else { return false };
    // `  timeout  : 5`: how long somebody would wait.
    if name.trim_end().ends_with("timeout") && value.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let is_named = name.contains(['.', '_']) || ["attempts", "count", "total"].iter().any(|word| name.ends_with(word));
    is_named && (!name.contains(' ') || name.ends_with("attempts")) && value.trim().parse::<u64>().is_ok()
}

/// Of a record only what it says counts, not the names of its fields.
fn of_a_record(text: &str) -> String {
    if text.trim_start().starts_with('{') { kept(text) + ":" } else { text.to_owned() }
}

/// A line in which a program, not a person, says that something failed.
fn is_complaint(text: &str) -> bool {
    let text = &of_a_record(text);
    let lower = text.to_ascii_lowercase();
    let by_a_program = text.contains([':', '(', '=', '[']) && !text.contains('?');
    by_a_program && tell_of_failure(&lower) && !takes_it_back(&lower)
}

/// What a command line speaks to: a URL, an address, or the value of its option for a host.
pub(super) fn target(command: &CommandLine) -> Option<Endpoint> {
    let value = |word: &str| Url::parse(word.split_once('=').map_or(word, |(_, value)| value));
    let url = command.words().find_map(|word| Url::parse(word).or_else(|| value(word))).map(|url| url.endpoint());
    let host = || command.option("-h", "--host").or_else(|| command.option("-H", "--hostname"));
    let port = || command.option("-p", "--port").and_then(|port| port.parse().ok());
    url.or_else(|| command.words().find_map(address))
        .or_else(|| Some(endpoint(host()?, port())))
        .or_else(|| only_value(command))
}

/// `--endpoints=10.24.81.2:2379`: the address that stands behind an option, where there is one only.
fn only_value(command: &CommandLine) -> Option<Endpoint> {
    let values = command.words().filter_map(|word| word.split_once('=')).flat_map(|(_, value)| value.split(','));
    let mut addresses = values.filter_map(address);
    let first = addresses.next()?;
    addresses.all(|other| other == first).then_some(first)
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
    use crate::read::told_below;

    fn told(command: &str, text: &str) -> Vec<String> {
        told_below(command, text, read)
    }

    #[test]
    fn an_unknown_program_that_fails_is_heard() {
        assert_eq!(
            told("python3 idle.py", "idle 4 s: b'+PONG'\nidle 9 s: TimeoutError('timed out')"),
            ["the request to the target timed out"]
        );
        assert_eq!(
            told("mosquitto_pub -h 10.57.2.2 -t s/1 -m 21.5", "Connection error: Connection Refused: not authorised."),
            ["complaint about 10.57.2.2: “Connection error: Connection Refused: not authorised.”"]
        );
        assert_eq!(
            told("python publish.py 2>&1 | tail -n 1", "x.BlockedTimeout: Blocked connection timeout expired."),
            ["the request to the target timed out"]
        );
        assert_eq!(
            told("/opt/export.sh", "2026-11-28 09:10:33 lock held by pid 31, nothing done"),
            ["complaint: “2026-11-28 09:10:33 lock held by pid 31, nothing done”"]
        );
        assert_eq!(
            told("tail -n 1 /var/log/keepalived.log", "Sat Nov 28 08:53:44 2026: (VI_1) Receive advertisement timeout"),
            ["complaint: “Sat Nov 28 08:53:44 2026: (VI_1) Receive advertisement timeout”"]
        );
        assert_eq!(
            told(
                "etcdctl --endpoints=http://etcd.example:2379 put a b",
                "Error: etcdserver: mvcc: database space exceeded"
            ),
            ["complaint about etcd.example:2379: “Error: etcdserver: mvcc: database space exceeded”"]
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
    fn what_a_known_tool_says_beside_its_usual_lines_is_overheard() {
        let heard = |command: &str, text: &str| {
            let reading = crate::read::read(text, Some(command), None);
            let complaints = reading
                .facts()
                .filter(|fact| matches!(&fact.claim, Claim::State(state) if state.observable == COMPLAINT));
            (complaints.count(), reading.unread().count())
        };
        let log = "2026/11/28 02:41:10 [alert] 77#77: *3 frobnication of the upstream failed (121: Remote I/O), client: 10.1.1.2\n\
                   2026/11/28 02:41:11 [notice] 77#77: signal 17 (SIGCHLD) received from 78\n";
        assert_eq!(heard("tail -n 2 /var/log/nginx/error.log", log).0, 1);
        assert_eq!(heard("tail -n 1 /etc/nginx/nginx.conf", "error_page 502 = /failed.html; # error: none").0, 0);
        let icon =
            "2026/11/21 03:46:17 [error] 30#30: *3 open() \"/srv/favicon.ico\" failed (2: No such file or directory)";
        assert_eq!(heard("tail -n 1 /var/log/nginx/error.log", icon).0, 0);
    }

    #[test]
    fn people_and_good_news_are_not_complaints() {
        for text in [
            // A setting of macOS' resolver.
            "  timeout  : 5",
            // aria2c's legend.
            "(OK):download completed.(ERR):error occurred.",
            "(ERR):error occurred.",
            "did it fail again since noon?",
            "errors: 0",
            "Failed requests:        0",
            "it failed since lunch",
            "requests: 50, 0 failed",
        ] {
            assert!(told("tool", text).is_empty(), "{text}");
        }
    }
}
