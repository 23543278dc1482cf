//! Takes the status that `echo $?` prints for an answer, behind a program that says nothing where it works.
//!
//! ```text
//! $ rsync -a /srv/shop/spool/ rsync://10.69.8.3/shop/; echo rc=$?
//! rc=0
//! $ ssh -o BatchMode=yes root@10.205.4.10 true; echo exit $?
//! exit 0
//! ```
//!
//! Only 0 tells something, and the 124 of `timeout` (GNU coreutils): it had to end the program. Every other program numbers its
//! failures in its own way, and says in words what failed.

use super::{Findings, Part, complaint};
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
    let asks = command.words().any(|word| word.ends_with("$?") || word.ends_with("${?}"));
    let last = part.lines.iter().rfind(|line| !line.text.trim().is_empty());
    let Some(line) = last.filter(|_| asks) else { return };
    let outcome = match status(&line.text) {
        Some(0) if HONEST.iter().any(|program| command.runs(program)) => Outcome::Ok,
        Some(124) if command.runs("timeout") => Outcome::TimedOut,
        _ => return,
    };
    let to = complaint::target(command).unwrap_or_default();
    let attempt = Attempt { to, ..Attempt::new(Stage::Exchange, outcome) };
    findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
}

/// The number of `rc=0`, `exit 255`, `0`.
fn status(text: &str) -> Option<u8> {
    let text = text.trim();
    let number = text.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    (text.len() < 20).then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    fn told(command: &str, text: &str) -> Vec<String> {
        told_below(command, text, read)
    }

    #[test]
    fn zero_is_an_answer_and_what_timeout_had_to_end_a_failure() {
        let rsync = "rsync -a /srv/shop/spool/ rsync://10.69.8.3/shop/; echo rc=$?";
        assert_eq!(told(rsync, "rc=0"), ["the request to 10.69.8.3 worked"]);
        assert!(told(rsync, "rc=24").is_empty());
        assert!(told("test -f /etc/motd; echo rc=$?", "rc=0").is_empty());
        let ended = told("timeout 4 redis-cli --tls -h 10.127.8.33 ping || echo rc=$?", "rc=124");
        assert_eq!(ended, ["the request to 10.127.8.33 timed out"]);
    }
}
