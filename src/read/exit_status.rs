//! Takes the status with which a program ended for an answer, where nothing else is shown: `echo $?`, or a word for either end.
//!
//! ```text
//! $ rsync -a /srv/shop/spool/ rsync://10.69.8.3/shop/; echo rc=$?
//! rc=0
//! $ curl -sI http://10.20.0.15:9999/healthz; echo "rc=$?"
//! rc=7
//! $ nc -z -w 1 10.20.0.15 25 && echo open || echo closed
//! closed
//! $ time timeout 12 psql -h 10.34.8.6 -U app shop -c 'select id, tag, bay from pallets'
//! real    0m12.007s
//! ```
//!
//! Every program numbers its failures in its own way. curl's numbers are known (curl(1), section EXIT CODES), and the 124 of `timeout`
//! (GNU coreutils): it had to end the program.

use super::request::Request;
use super::source::commanded;
use super::{CommandLine, Findings, Part, complaint, curl_verbose, nc, prompt};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Outcome, Stage};

/// Programs that end with 0 only where the other side has done what it was asked for.
const HONEST: &[&str] = &[
    "ssh",
    "scp",
    "sftp",
    "rsync",
    "git",
    "kinit",
    "ldapsearch",
    "ldapwhoami",
    "smbclient",
    "lftp",
    "mosquitto_pub",
    "mysql",
    "mariadb",
    "psql",
    "rclone",
    "s3cmd",
    "snmpget",
    "swaks",
];

/// Whether a statement prints the status of the one before it.
pub(super) fn is_asked(statement: &str) -> bool {
    statement.starts_with("echo ") && statement.contains("$?") && !statement.contains("$(")
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    let Some(command) = part.command.as_ref().filter(|_| findings.facts.is_empty()) else { return };
    let Some(line) = part.lines.iter().rfind(|line| !line.text.trim().is_empty()) else { return };
    if let Some(attempt) = ended(command, line.text.trim()).and_then(|ended| told(command, ended)) {
        findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
    }
}

/// How a program ended.
#[derive(Clone, Copy)]
enum Ended<'a> {
    With(&'a str),
    /// Not with 0.
    Badly,
}

/// Whether `time` has measured just as long as `timeout` gives a program: it was ended, and with `time` before it nobody prints the 124.
pub(super) fn is_cut_off(command: &CommandLine, text: &str) -> bool {
    let mut words = command.words().skip_while(|word| *word != "timeout").skip(1);
    let allowed =
        words.find(|word| !word.starts_with('-')).and_then(|word| word.trim_end_matches('s').parse::<f64>().ok());
    let over = allowed.zip(prompt::measured(text)).map(|(allowed, took)| took - allowed);
    over.is_some_and(|over| (0.0..1.0).contains(&over))
}

fn ended<'a>(command: &CommandLine, text: &'a str) -> Option<Ended<'a>> {
    if is_cut_off(command, text) {
        return Some(Ended::With("124"));
    }
    if command.words().any(|word| word.ends_with("$?") || word.ends_with("${?}")) {
        return status(text).map(Ended::With);
    }
    // "… && echo open || echo closed"
    let words: Vec<&str> = command.words().collect();
    let is_word_for = |mark: &str| {
        let mut after = words.iter().skip_while(|word| **word != mark).skip(1);
        let said: Vec<&str> = after.by_ref().take_while(|word| !matches!(**word, "&&" | "||")).copied().collect();
        said.split_first().is_some_and(|(echo, said)| *echo == "echo" && said.join(" ") == text)
    };
    match (is_word_for("&&"), is_word_for("||")) {
        (true, false) => Some(Ended::With("0")),
        (false, true) => Some(Ended::Badly),
        _ => None,
    }
}

fn told(command: &CommandLine, ended: Ended) -> Option<Attempt> {
    // Of a pipe it is the last program's.
    let words: Vec<&str> = command.words().collect();
    let last = words.rsplit(|word| *word == "|").next().unwrap_or_default();
    let piped = last.len() < words.len();
    let known = |stage, outcome| Attempt::new(stage, outcome);
    let to = || complaint::target(command).unwrap_or_default();
    match (commanded(command), ended) {
        (_, Ended::With("124")) if command.runs("timeout") => {
            Some(Attempt { to: to(), ..known(Stage::Exchange, Outcome::TimedOut) })
        }
        (Some("curl"), ended) if !piped => of_curl(command, ended),
        (Some("nc") | None, ended) if !piped && nc::tried(command).is_some() => {
            let to = nc::tried(command).unwrap_or_default();
            let outcome = if matches!(ended, Ended::With("0")) { Outcome::Ok } else { Outcome::Unconnected };
            let resolved = to.host.is_some() && outcome == Outcome::Ok;
            Some(Attempt { to, resolved, protocol: Some("tcp".to_owned()), ..known(Stage::Connect, outcome) })
        }
        (_, Ended::With("0")) if last.iter().any(|word| HONEST.contains(word)) => {
            Some(Attempt { to: to(), ..known(Stage::Exchange, Outcome::Ok) })
        }
        _ => None,
    }
}

/// Whom else it may have spoken to, curl's status does not say: it counts for one URL that leads nowhere else.
fn of_curl(command: &CommandLine, ended: Ended) -> Option<Attempt> {
    let request = Request::of(Some(command));
    if request.urls != 1 || request.follows || request.proxy.is_some() {
        return None;
    }
    let secure = request.protocol.as_deref() == Some("https");
    let code = match ended {
        Ended::With(code) => code,
        // Without `-f` any answer at all is a good end.
        Ended::Badly => "22",
    };
    let outcome = match code {
        "0" => Outcome::Ok,
        "7" => Outcome::Unconnected,
        // An error status, or with a word in place of the number anything.
        "22" => Outcome::Unserved,
        "28" => Outcome::TimedOut,
        "35" | "60" | "90" => Outcome::TlsFailed,
        "55" | "56" if secure => Outcome::Unserved,
        code => curl_verbose::of_exit_code(code)?,
    };
    let tests = match () {
        () if outcome != Outcome::Ok || command.flag('f', "--fail") => Stage::Exchange,
        () if secure => Stage::Tls,
        () => Stage::Connect,
    };
    Some(Attempt {
        resolved: request.to.host.is_some() && !request.pinned && outcome == Outcome::Ok,
        to: request.to,
        unchecked: request.unchecked_certificate,
        protocol: request.protocol,
        path: request.path,
        ..Attempt::new(tests, outcome)
    })
}

/// Whether a status only repeats what a program has said of its end itself; that it had to be ended, it has not.
pub(super) fn repeats(text: &str) -> bool {
    status(text.trim()).is_some_and(|status| status != "124")
}

/// The number of `rc=0`, `exit 255`, `0`.
fn status(text: &str) -> Option<&str> {
    let number = text.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    (text.len() < 60 && number.parse::<u8>().is_ok()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    fn told(command: &str, text: &str) -> Vec<String> {
        told_below(command, text, read)
    }

    #[test]
    fn what_timeout_ended_is_seen_by_the_time_that_it_took() {
        let took = |command: &str, seconds: &str| {
            let text = format!("\nreal\t0m{seconds}s\nuser\t0m0.027s\nsys\t0m0.004s\n");
            crate::read::read(&text, Some(command), None).facts().map(|fact| fact.claim.to_string()).collect::<Vec<_>>()
        };
        let psql = "time timeout 12 psql -h 10.34.8.6 -U app shop -o list.txt -c 'select id from pallets'";
        assert_eq!(took(psql, "12.007"), ["the request to 10.34.8.6 timed out, after 12.0 s"]);
        assert!(took(psql, "3.2").is_empty());
        assert!(took("time psql -h 10.34.8.6 -c 'select 1'", "12.007").is_empty());
    }

    #[test]
    fn zero_is_an_answer_and_what_timeout_had_to_end_a_failure() {
        let rsync = "rsync -a /srv/shop/spool/ rsync://10.69.8.3/shop/; echo rc=$?";
        assert_eq!(told(rsync, "rc=0"), ["the request to 10.69.8.3 worked"]);
        assert!(told(rsync, "rc=24").is_empty());
        let sftp = "echo put q3.csv | sftp -b - drop@203.0.113.33; echo $?";
        assert_eq!(told(sftp, "sftp> put q3.csv\n0"), ["the request to 203.0.113.33 worked"]);
        assert!(told("ssh 10.0.0.7 uptime | tail -1; echo $?", "0").is_empty());
        assert!(told("test -f /etc/motd; echo rc=$?", "rc=0").is_empty());
        let ended = told("timeout 4 redis-cli --tls -h 10.127.8.33 ping || echo rc=$?", "rc=124");
        assert_eq!(ended, ["the request to 10.127.8.33 timed out"]);
    }

    #[test]
    fn curl_s_number_tells_how_far_it_came_and_no_more() {
        let said = |options: &str, code: &str| {
            told(&format!("curl -s {options} https://10.0.0.7/x; echo $?"), code).first().cloned().unwrap_or_default()
        };
        assert_eq!(said("", "0"), "the connection to 10.0.0.7:443 was made");
        assert_eq!(said("-f", "0"), "the request to 10.0.0.7:443 worked");
        assert_eq!(said("", "7"), "the request to 10.0.0.7:443 could not connect");
        assert_eq!(said("", "28"), "the request to 10.0.0.7:443 timed out");
        assert_eq!(said("", "60"), "the request to 10.0.0.7:443 failed at the TLS handshake");
        for other in ["-L", "-x 10.0.0.1:3128", "http://10.0.0.8/"] {
            assert_eq!(said(other, "7"), "", "{other}");
        }
        assert!(told("curl -s http://10.0.0.7/ | jq .; echo $?", "4").is_empty());
        assert!(told("echo $(curl -s http://10.0.0.7/) $? x", "7 x").is_empty());
    }

    #[test]
    fn a_word_for_either_end_is_as_good_as_a_number() {
        let nc = "nc -z -w 1 10.0.0.7 25 && echo '25 open' || echo '25 closed'";
        assert_eq!(told(nc, "25 open"), ["the request to 10.0.0.7:25 worked"]);
        assert_eq!(told(nc, "25 closed"), ["the request to 10.0.0.7:25 could not connect"]);
        assert!(told(nc, "26 closed").is_empty());
        assert!(told("nc -z 10.0.0.7 25 && echo done || echo done", "done").is_empty());
    }
}
