//! Reads applications' logs and stack traces, of whatever language, for calls that failed.
//!
//! ```text
//! 2026-11-21 01:52:51,737 ERROR [ThreadPoolExecutor-0_1] cart: GET /cart/77 failed: connection to server at "10.83.5.5", port 5432 failed: Connection refused
//!     Is the server running on that host and accepting TCP/IP connections?
//! {"level":"error","ts":1795226005.1,"msg":"dial tcp 10.83.5.5:5432: connect: connection refused"}
//! Caused by: java.net.UnknownHostException: cart.north.internal
//! ```
//!
//! A chain of exceptions names one failure several times: within one record it counts once.

use super::log_line::{LogLine, begins_record, is_time};
use super::observable::{CACHE_HITS, DB_STATEMENT, WORKER_POOL};
use super::pick::host_port;
use super::{Findings, Part, Reader, complaint, driver, gunicorn, nginx_error, postgres_log};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Outcome};

mod cached;
mod called;
mod level;
mod timed;

use called::Called;
use level::Level;
use timed::{staged, waited};

pub(super) const READER: Reader = Reader { kind: "log", most: 0.86, recognize, read };

/// How many lines are looked at to tell a log by its shape alone.
const SHAPE_LINES: usize = 200;

/// Before version 14, libpq named the server on the lines below this one.
const OLD_LIBPQ: &str = "could not connect to server: ";

fn recognize(part: &Part) -> f64 {
    let said = |text: &str| {
        // Most lines are no errors; the cheapest question comes first.
        if !driver::is_suspicious(text) {
            return false;
        }
        let dated = begins_record(text);
        let text = LogLine::parse(text).message;
        (dated || Level::of(text).is_some() || opens_with_an_error(text) || is_certain_frame(text))
            && !speaks_for_another_tool(text)
            && (text.contains(OLD_LIBPQ)
                || !driver::said(text).is_empty()
                || driver::nameless(text, || false).is_some())
    };
    if is_answer(part) {
        // A long answer may quote anything.
        let short = |text: &str| text.starts_with(['{', '[']) || part.lines.len() <= ANSWER_LINES;
        return if part.any(|text| tells(text) && short(text)) { 0.86 } else { 0.0 };
    }
    if part.any(said) {
        return 0.85;
    }
    let timed = |text: &str| begins_record(text) && !speaks_for_another_tool(LogLine::parse(text).message);
    if part.any(|text| driver::is_suspicious(text) && timed(text) && is_stalled(text)) {
        return 0.7;
    }
    let record = |text: &str| {
        let text = LogLine::parse(text).message;
        Level::of(text).is_some() && !speaks_for_another_tool(text)
    };
    let shaped = part.lines.iter().take(SHAPE_LINES).any(|line| record(&line.text));
    match () {
        () if shaped => 0.6,
        () if part.any(|text| is_certain_frame(text) || names_an_exception(text)) => SHAPE_ALONE,
        // A log whose records say nothing that is known is still a log.
        () if mostly_records(part) => SHAPE_ALONE,
        () => 0.0,
    }
}

/// The body of an answer is read up to so many lines.
const ANSWER_LINES: usize = 40;

/// Whether a text is what a server answered: an error in it is the word of whoever made the answer.
fn is_answer(part: &Part) -> bool {
    ["curl", "wget", "http"].iter().any(|program| part.runs(program))
}

/// Whether a line of an answer tells of a call that failed. A page is written for people, and may quote anybody.
pub(super) fn tells(text: &str) -> bool {
    !text.trim_start().starts_with('<')
        && driver::is_suspicious(text)
        && !speaks_for_another_tool(text)
        && !driver::said(&plain(text)).is_empty()
}

/// What stands inside JSON or HTML, as it was before.
fn plain(text: &str) -> String {
    let escapes = [("\\\"", "\""), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("\\n", " "), ("\\t", "")];
    escapes.iter().fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

/// Enough to call a text a log, too little to cut the unread lines of another tool off as one.
const SHAPE_ALONE: f64 = 0.55;

/// Whether half of the lines, or more, begin a record.
fn mostly_records(part: &Part) -> bool {
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).take(SHAPE_LINES);
    let record = |text: &str| begins_record(text) && !speaks_for_another_tool(LogLine::parse(text).message);
    let looked_at: Vec<bool> = filled.map(|line| record(&line.text)).collect();
    let records = looked_at.iter().filter(|record| **record).count();
    records > 0 && records * 2 >= looked_at.len()
}

fn read(part: &Part, findings: &mut Findings) {
    let answer = is_answer(part);
    let mut told: Vec<Claim> = Vec::new();
    let mut record = Record::default();
    // Whom the record called, where a line below says how that failed.
    let mut called: Option<Endpoint> = None;
    let mut names = Called::default();
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let text = LogLine::parse(&line.text).message;
        if speaks_for_another_tool(text) {
            continue;
        }
        names.learn(text);
        let level = Level::of(text);
        if level.is_some() || (!told.is_empty() && begins_record(text)) {
            record.close(&mut told, findings);
            called = None;
        }
        let mut claims = if answer { driver::said(&plain(text)) } else { driver::said(text) };
        let mut last = line.number;
        if claims.is_empty() && text.contains(OLD_LIBPQ) {
            let mut joined = text.to_owned();
            while let Some(more) = lines.next_if(|next| next.text.starts_with(['\t', ' '])) {
                joined.push(' ');
                joined.push_str(more.text.trim());
                last = more.number;
            }
            claims = driver::said(&joined);
        }
        // A cause repeats what its consequence has said.
        let cause = ["Caused by: ", "---> ", "[cause]: "].iter().any(|mark| text.trim_start().starts_with(mark));
        if !cause && opens_with_an_error(text) {
            record.before = told.len();
        }
        if claims.is_empty() && !answer && (told.len() <= record.before || !cause) {
            // Java's cause of it, further down in the same record: the name had no address.
            let unresolved = || {
                let mut below = lines.clone().take_while(|line| !begins_record(&line.text));
                below.any(|line| line.text.starts_with("Caused by: java.nio.channels.UnresolvedAddressException"))
            };
            claims.extend(driver::nameless(text, unresolved));
            let told_here = driver::target(text).filter(|_| !claims.is_empty());
            for claim in &mut claims {
                if let (Claim::Attempt(attempt), Some(to)) = (claim, told_here.as_ref().or(called.as_ref())) {
                    // What could not connect may have had nobody to connect to.
                    let resolved =
                        !matches!(attempt.outcome, Outcome::Unconnected | Outcome::Unresolved | Outcome::Nxdomain);
                    (attempt.to, attempt.resolved) = (to.clone(), to.host.is_some() && resolved);
                }
            }
        }
        if claims.is_empty() && !answer && !matches!(level, Some(Level::Quiet)) && !is_frame(&line.text) {
            // "ERROR [worker] open 10.0.0.7:6443": a loud record that ends in a place is about it.
            let last = text.rsplit(' ').next().filter(|_| matches!(level, Some(Level::Loud)));
            let named = driver::target(text).or_else(|| host_port(last.filter(|last| last.contains('.'))?));
            if !cause && named.is_some() && named != called {
                record.close(&mut told, findings);
            }
            called = named.or(called);
        }
        if claims.is_empty() {
            claims.extend(staged(text));
            record.echoes.extend(Some(line.number).filter(|_| {
                (text.contains("xception") || driver::is_suspicious(text)) && complaint::is_trouble(&line.text)
            }));
        }
        let at = Lines::new(line.number, last);
        if let Some(detail) = waited(text) {
            findings.state(at, DB_STATEMENT, "over_1s", Endpoint::default(), detail);
        }
        // Ruby puts what went wrong behind the place, its class in brackets; what the system said comes again with its target.
        let is_message = text.contains(":in ") && text.ends_with(')') && driver::errno(text).is_none();
        // Exim lets a mail wait because of what the lines above have told.
        let waits = text.contains(" defer (") && text.contains(" T=");
        let quiet = matches!(level, Some(Level::Quiet)) || waits || (is_frame(&line.text) && !is_message);
        if quiet || !claims.is_empty() {
            (at.first..=at.last).for_each(|number| findings.noise(number));
        }
        // Node prints an error's members below it.
        while !claims.is_empty()
            && text.ends_with('{')
            && let Some(member) = lines.next_if(|next| next.text.starts_with([' ', '}']))
        {
            findings.noise(member.number);
        }
        for mut claim in claims {
            names.name(&mut claim);
            // The same failure, told with less.
            let same = |before: &Claim| match (before, &claim) {
                (Claim::Attempt(before), Claim::Attempt(one)) => before.to == one.to && before.outcome == one.outcome,
                _ => *before == claim,
            };
            if !told.iter().any(same) {
                findings.fact(at, claim.clone());
                told.push(claim);
            }
        }
    }
    record.close(&mut told, findings);
    if let Some((at, detail)) = cached::fell(part) {
        findings.state(at, CACHE_HITS, "fell", Endpoint::default(), detail);
    }
}

/// What is known of the record that is being read.
#[derive(Default)]
struct Record {
    /// How much was told before its last exception.
    before: usize,
    /// Lines that tell of a failure in no words that are known.
    echoes: Vec<u32>,
}

impl Record {
    /// What a record says besides of a failure that it has told is no other failure.
    fn close(&mut self, told: &mut Vec<Claim>, findings: &mut Findings) {
        if !told.is_empty() {
            findings.understood.append(&mut self.echoes);
        }
        *self = Record::default();
        told.clear();
    }
}

/// Whether a line tells of an event loop that was held.
fn is_stalled(text: &str) -> bool {
    driver::said(text).iter().any(|claim| matches!(claim, Claim::State(state) if state.observable == WORKER_POOL))
}

/// Lines of tools that have readers of their own.
fn speaks_for_another_tool(text: &str) -> bool {
    const TOOLS: [&str; 8] =
        ["psql:", "curl:", "nc:", "redis-cli", "Could not connect to Redis", "* ", "ssh:", "wget:"];
    TOOLS.iter().any(|tool| text.starts_with(tool))
        || nginx_error::is_entry(text)
        || postgres_log::is_entry(text)
        || gunicorn::is_entry(text)
}

/// `pkg.SomeError: …`, `Error: …`, `panic: …`, `Caused by: …`, or the driver's words themselves.
fn opens_with_an_error(text: &str) -> bool {
    const OPENINGS: [&str; 14] = [
        "Caused by: ",
        // Perl's LWP puts a status of its own in front.
        "500 Can't connect to ",
        "panic: ",
        "connection to server at ",
        "could not connect to server: ",
        "could not translate host name ",
        "QueuePool limit of ",
        "HikariPool-",
        "dial tcp",
        "connect E",
        "PHP Warning: ",
        "PHP Fatal error: ",
        "SQLSTATE[",
        "{",
    ];
    // "[12:00:01.120] HikariPool-1 - …"
    let text = match text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((time, rest)) if is_time(time) => rest,
        _ => text,
    };
    if names_an_exception(text) || OPENINGS.iter().any(|opening| text.starts_with(opening)) {
        return true;
    }
    let first = text.split([':', ' ']).next().unwrap_or_default();
    ["Error", "Exception", "Timeout", "ERROR", "FATAL", "error"].iter().any(|end| first.ends_with(end))
}

/// `System.Net.Http.HttpRequestException: …`, `django.db.utils.OperationalError: …`: a class with its package, in whatever language the rest is.
fn names_an_exception(text: &str) -> bool {
    let Some((class, _)) = text.trim_start_matches([' ', '-', '>']).split_once(": ") else { return false };
    // .NET puts the number of the error behind its name.
    let (class, coded) = class.split_once(" (").map_or((class, 0), |(class, _)| (class, 1));
    let java = class.split('.').count() + coded >= 3 && (class.ends_with("Exception") || class.ends_with("Error"));
    // Ruby's modules: "PG::ConnectionBad".
    let ruby = class.contains("::") && class.starts_with(|c: char| c.is_ascii_uppercase());
    !class.contains(' ') && (java || ruby)
}

/// A line of a stack trace, or one that stands around it: Java's, Node's and .NET's `at …`, Python's `File …`, Ruby's `from …`, PHP's `#0 …`,
/// Go's and Rust's own.
fn is_frame(text: &str) -> bool {
    let trimmed = text.trim_start();
    let indented = trimmed.len() < text.len();
    is_certain_frame(text)
        || trimmed.starts_with("During handling of the above exception")
        || trimmed.starts_with("The above exception was the direct cause")
        || (indented && (trimmed.starts_with("at ") || trimmed.starts_with("File \"") || trimmed.starts_with("from ")))
        || (indented && trimmed.starts_with("... ") && (trimmed.contains("more") || trimmed.contains("stack trace")))
        || trimmed.starts_with("Is the server running on that host")
        || (indented && trimmed.starts_with("Is the server running"))
}

/// A line that only a stack trace has.
fn is_certain_frame(text: &str) -> bool {
    let line = text.trim();
    let indented = text.starts_with([' ', '\t']);
    let numbered = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let placed = |rest: &str| {
        rest.ends_with(')') && rest.contains('(')
            || rest.contains(":line ")
            || rest.rsplit(':').next().is_some_and(numbered)
    };
    line == "Traceback (most recent call last):"
        || (indented && line.starts_with("at ") && placed(line))
        || (indented && line.starts_with("File \"") && line.contains("\", line "))
        || (indented && line.starts_with("from ") && line.contains(":in "))
        || (line.starts_with('#')
            && line.get(1..).is_some_and(numbered)
            && (line.contains("): ") || line.ends_with("{main}")))
        || (line.starts_with("goroutine ") && line.ends_with("]:"))
        || (line.starts_with("thread '") && line.contains("' panicked at "))
        || line.starts_with("note: run with `RUST_BACKTRACE=")
        || (line.contains(".rb:") && line.contains(":in "))
        || (numbered(line) && line.contains(": ") && line.contains(" - ") && line.contains("::") && line.contains("0x"))
        || line.starts_with("rpc error: code = ")
        || line.starts_with("PHP Warning:  ")
        || line.starts_with("PHP Fatal error:  ")
        || line.starts_with("com.mongodb.Mongo")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_chain_of_exceptions_is_one_failure() {
        let text = "2026-11-21 01:52:51,737 ERROR [main] cart: request failed\n\
                    Traceback (most recent call last):\n  File \"app.py\", line 3, in get\n\
                    psycopg2.OperationalError: connection to server at \"10.83.5.5\", port 5432 failed: Connection refused\n\
                    \tIs the server running on that host and accepting TCP/IP connections?\n\
                    sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at \"10.83.5.5\", port 5432 failed: Connection refused";
        assert_eq!(told(READER, text), ["the request to 10.83.5.5:5432 was refused"]);
    }

    #[test]
    fn libpq_before_14_names_the_server_below() {
        let text = "psycopg2.OperationalError: could not connect to server: Connection refused\n\
                    \tIs the server running on host \"db.example\" (10.1.1.1) and accepting\n\
                    \tTCP/IP connections on port 5432?";
        assert_eq!(told(READER, text), ["the request to 10.1.1.1:5432 was refused"]);
    }

    #[test]
    fn other_tools_logs_are_left_to_their_readers() {
        let others = [
            "2026/11/21 01:52:45 [error] 24992#24992: *1 connect() failed (111: Connection refused) while connecting to upstream",
            "2026-11-21 01:52:51.737 UTC [1234] FATAL:  sorry, too many clients already",
            "psql: error: connection to server at \"10.83.5.5\", port 5432 failed: Connection refused",
            "[2026-11-21 01:52:46 +0000] [811] [CRITICAL] WORKER TIMEOUT (pid:812)",
        ];
        for text in others {
            let part = Part::new(None, crate::clean::clean(text));
            assert!(recognize(&part) < 0.5, "{text}");
        }
    }

    #[test]
    fn whom_a_failure_is_about_may_stand_above_it() {
        let dotnet = "Npgsql.NpgsqlException (0x80004005): Failed to connect to 127.0.0.1:5432\n \
                      ---> System.Net.Sockets.SocketException (111): Connection refused";
        assert_eq!(told(READER, dotnet), ["the request to 127.0.0.1:5432 was refused"]);
        let java = "java.lang.RuntimeException: no stock: http://a.example:8080/s\n\tat Probe.call(Probe.java:5)\n\
                    Caused by: java.net.ConnectException\n\tat Probe.call(Probe.java:4)\n\
                    java.lang.RuntimeException: no stock: https://b.example/\n\
                    Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: x";
        let said = [
            "the request to a.example:8080 could not connect",
            "the request to b.example:443 met a certificate whose issuer it does not know",
        ];
        assert_eq!(told(READER, java), said);
        let node = "[2026-11-28T21:27:27.478Z] ERROR stock: timeout of 2500ms exceeded {\n  status: 503\n}";
        assert_eq!(told(READER, node), ["the request to the target timed out"]);
    }
}
