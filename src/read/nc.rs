//! Reads `nc -vz`: OpenBSD's, macOS's, the traditional one, Nmap's ncat and busybox's; and bash's /dev/tcp.
//!
//! ```text
//! Connection to 203.0.113.10 80 port [tcp/http] succeeded!
//! nc: connect to 203.0.113.74 port 80 (tcp) timed out: Operation now in progress
//! Ncat: Connection to 2001:db8:2::10 failed: Connection refused.
//! (UNKNOWN) [203.0.113.10] 4430 (?) : Connection refused
//! bash: line 1: /dev/tcp/203.0.113.10/4430: Connection refused
//! ```

use std::net::IpAddr;

use super::errno::of_reason;
use super::observable::COMPLAINT;
use super::request::endpoint;
use super::{CommandLine, Findings, Part, Reader, complaint, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "nc", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let asked = Asked::of(part.command.as_ref());
    let certain = |text: &str| {
        (is_banner(text) && !asked.to.is_empty())
            || result(text, &asked).is_some()
            || udp(text)
            || text.starts_with("Ncat: ")
    };
    if part.any(certain) {
        return 0.97;
    }
    let shown = |text: &str| loop_row(text).is_some() || asked.ended(text).is_some() || asked.is_read(text);
    if (asked.in_shell || asked.asks) && part.any(shown) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut asked = Asked::of(part.command.as_ref());
    // Of several in a chain each ncat begins with its version, and what does not name its target is of any of them.
    let runs = part.command.iter().flat_map(|command| ["nc", "ncat"].map(|program| command.each(program)).concat());
    let mut runs: Vec<CommandLine> = runs.filter(|run| !run.words().any(|word| word.contains("/dev/tcp/"))).collect();
    if runs.len() > 1 && !asked.in_shell {
        asked.to = Endpoint::default();
        runs.reverse();
    } else {
        runs.clear();
    }
    let mut concluded: Option<Endpoint> = None;
    let mut connected: Option<Endpoint> = None;
    for line in &part.lines {
        let text = line.text.trim();
        if text.starts_with("Ncat: Version ")
            && let Some(run) = runs.pop()
        {
            asked = Asked::of(Some(&run));
        }
        let found = result(text, &asked).or_else(|| {
            let (port, open) = loop_row(text).filter(|_| asked.in_shell)?;
            let to = Endpoint { port: Some(port), ..asked.to.clone() };
            // bash says why a connection failed, unless it is silenced; the time limit cut off what it says nothing of.
            let silence = asked.limited.then_some(Outcome::ConnectTimeout);
            Some((to, if open { Outcome::Ok } else { silence? }))
        });
        let found = found.or_else(|| Some((asked.to.clone(), asked.ended(text)?)));
        // What a server says first proves the connection.
        let found = found.or_else(|| {
            ((is_banner(text) || asked.is_read(text)) && !asked.to.is_empty()).then(|| (asked.to.clone(), Outcome::Ok))
        });
        if let Some((to, outcome)) = found {
            findings.noise(line.number);
            connected = (outcome == Outcome::Ok).then(|| to.clone());
            // A loop repeats in its own words what bash has said above.
            if concluded.as_ref() != Some(&to) {
                tell(line.number, to.clone(), outcome, findings);
            }
            if asked.in_shell {
                concluded = Some(to);
            }
        } else if connected.is_some()
            && (text.starts_with("ERROR ") || text.starts_with("-ERR") || text.starts_with("-NOAUTH"))
        {
            // The connection stands, and who listens there refuses to talk.
            findings.state(
                Lines::one(line.number),
                COMPLAINT,
                complaint::value(text),
                connected.clone().unwrap_or_default(),
                text,
            );
        } else if udp(text) || is_decoration(text) || (asked.in_shell && loop_row(text).is_some()) {
            findings.noise(line.number);
        }
    }
}

fn tell(line: u32, to: Endpoint, outcome: Outcome, findings: &mut Findings) {
    let attempt = Attempt {
        resolved: to.host.is_some() && outcome.stage() > Stage::Resolve,
        to,
        protocol: Some("tcp".to_owned()),
        ..Attempt::new(Stage::Connect, outcome)
    };
    findings.fact(Lines::one(line), Claim::Attempt(attempt));
}

/// The greeting of SSH, SMTP, FTP, IMAP or POP3.
fn is_banner(text: &str) -> bool {
    ["SSH-2.0-", "SSH-1.99-", "220 ", "* OK ", "+OK "].iter().any(|greeting| text.starts_with(greeting))
}

/// Whom a command line only tries to connect to.
pub(super) fn tried(command: &CommandLine) -> Option<Endpoint> {
    let asked = Asked::of(Some(command));
    (asked.tries && !asked.to.is_empty() && asked.to.port.is_some()).then_some(asked.to)
}

/// The target of the command line: some versions do not repeat it.
#[derive(Default)]
struct Asked {
    to: Endpoint,
    /// bash itself connects, through /dev/tcp.
    in_shell: bool,
    /// It only tries whether it can connect: `-z`.
    tries: bool,
    /// `timeout` ends what takes too long, and standard error is shown.
    limited: bool,
    /// `echo $?` shows how it ended, `<&3` what the other side says.
    asks: bool,
    reads: bool,
}

impl Asked {
    /// How it ended, by the status alone: 124 is that of `timeout`.
    fn ended(&self, text: &str) -> Option<Outcome> {
        match text.trim() {
            "0" if self.asks => Some(Outcome::Ok),
            "124" if self.asks && self.limited && !self.tries => Some(Outcome::ConnectTimeout),
            _ => None,
        }
    }

    /// Whether the other side has said this.
    fn is_read(&self, text: &str) -> bool {
        self.reads && !text.trim().is_empty() && !text.starts_with("bash: ") && !text.starts_with("timeout: ")
    }

    fn of(command: Option<&CommandLine>) -> Asked {
        let Some(command) = command else { return Asked::default() };
        let words: Vec<&str> = command.words().collect();
        if let Some(path) = words.iter().find_map(|word| word.split_once("/dev/tcp/").map(|(_, path)| path)) {
            let to = device(path).unwrap_or_default();
            let silenced = words.iter().any(|word| word.contains("2>"));
            let limited = command.runs("timeout") && !silenced;
            let asks = words.iter().any(|word| word.ends_with("$?"));
            let reads = words.iter().any(|word| word.contains("<&3"));
            return Asked { to, in_shell: true, limited, asks, reads, tries: false };
        }
        let programs = ["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional"];
        let plain: Vec<&str> = words
            .into_iter()
            .skip_while(|word| !programs.contains(word))
            .skip(1)
            .take_while(|word| !matches!(*word, "|" | ";" | "&&" | "||" | "<" | ">" | "echo"))
            .filter(|word| !word.starts_with('-'))
            .collect();
        // The port is the last word; numbers before the host are values of options.
        let port = plain.last().and_then(|word| word.parse().ok());
        let host = plain.iter().rev().find(|word| word.parse::<u32>().is_err());
        let to = host.map(|host| endpoint(host, port)).unwrap_or_default();
        // Of several ports one status tells nothing.
        let ports = plain.iter().rev().take_while(|word| word.parse::<u16>().is_ok()).count();
        let tries = command.flag('z', "--zero") && !command.flag('u', "--udp") && ports == 1;
        let asks = tries && command.words().any(|word| word.ends_with("$?"));
        Asked { to, tries, asks, ..Asked::default() }
    }
}

fn result(text: &str, asked: &Asked) -> Option<(Endpoint, Outcome)> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("Connection to ")
        && text.ends_with("succeeded!")
        && !udp(text)
    {
        return Some((target(rest)?, Outcome::Ok));
    }
    if let Some(rest) = text.strip_prefix("nc: ").or_else(|| text.strip_prefix("netcat: ")) {
        return openbsd(rest).or_else(|| busybox(rest, asked));
    }
    if let Some(rest) = text.strip_prefix("Ncat: ") {
        return ncat(rest, asked);
    }
    if let Some((_, rest)) = text.split_once(": /dev/tcp/") {
        let (path, reason) = rest.split_once(": ")?;
        return Some((device(path)?, of_reason(reason).or(driver::unresolved(reason))?));
    }
    traditional(text)
}

/// `connect to HOST (ADDRESS) port PORT (tcp) failed: REASON`.
fn openbsd(rest: &str) -> Option<(Endpoint, Outcome)> {
    if let Some(rest) = rest.strip_prefix("getaddrinfo for host \"") {
        let (host, rest) = rest.split_once("\" port ")?;
        let (port, reason) = rest.split_once(": ")?;
        return Some((endpoint(host, port.parse().ok()), driver::unresolved(reason)?));
    }
    let rest = rest.strip_prefix("connect to ").or_else(|| rest.strip_prefix("connectx to "))?;
    let outcome = match rest.rsplit_once("failed: ") {
        Some((_, reason)) => of_reason(reason)?,
        None if rest.contains("timed out") => Outcome::ConnectTimeout,
        None => return None,
    };
    Some((target(rest)?, outcome))
}

/// `can't connect to remote host (ADDRESS): REASON`, `timed out`, `bad address 'HOST'`.
fn busybox(rest: &str, asked: &Asked) -> Option<(Endpoint, Outcome)> {
    if rest == "timed out" {
        return Some((asked.to.clone(), Outcome::ConnectTimeout));
    }
    if let Some(host) = rest.strip_prefix("bad address ") {
        return Some((endpoint(host.trim_matches('\''), asked.to.port), Outcome::Unresolved));
    }
    let (place, reason) = rest.strip_prefix("can't connect to remote host")?.split_once(": ")?;
    let address: Option<IpAddr> = place.trim_matches([' ', '(', ')']).parse().ok();
    let to = Endpoint { address: address.or(asked.to.address), ..asked.to.clone() };
    Some((to, of_reason(reason)?))
}

/// `Connected to ADDRESS:PORT.`, `Connection to ADDRESS failed: REASON.`, or the bare reason.
fn ncat(rest: &str, asked: &Asked) -> Option<(Endpoint, Outcome)> {
    if let Some(rest) = rest.strip_prefix("Could not resolve hostname \"") {
        let (host, reason) = rest.split_once("\": ")?;
        return Some((endpoint(host, asked.to.port), driver::unresolved(reason)?));
    }
    if let Some(place) = rest.strip_prefix("Connected to ") {
        let (address, port) = place.trim_end_matches('.').rsplit_once(':')?;
        let to = Endpoint { address: address.parse().ok(), port: port.parse().ok(), ..asked.to.clone() };
        return Some((to, Outcome::Ok));
    }
    let (to, reason) = match rest.strip_prefix("Connection to ").and_then(|rest| rest.split_once(" failed: ")) {
        Some((address, reason)) => (Endpoint { address: address.parse().ok(), ..asked.to.clone() }, reason),
        None => (asked.to.clone(), rest),
    };
    let reason = reason.trim_end_matches('.');
    let outcome = if reason == "TIMEOUT" { Some(Outcome::ConnectTimeout) } else { of_reason(reason) };
    Some((to, outcome?))
}

/// `HOST [ADDRESS] PORT (SERVICE) : REASON`, or `… open`.
fn traditional(text: &str) -> Option<(Endpoint, Outcome)> {
    let (host, rest) = text.split_once(" [")?;
    let (address, rest) = rest.split_once("] ")?;
    let (port, rest) = rest.split_once(" (")?;
    let (_, ending) = rest.split_once(") ")?;
    let mut to = Endpoint::at(address.parse().ok()?, Some(port.parse().ok()?));
    to.host = (!host.starts_with('(') && !host.contains(' ')).then(|| host.to_owned());
    let outcome = if ending == "open" { Outcome::Ok } else { of_reason(ending.strip_prefix(": ")?)? };
    Some((to, outcome))
}

/// Sending a datagram succeeds whether anyone listens or not.
fn udp(text: &str) -> bool {
    text.starts_with("Connection to ") && text.contains("[udp/") || text.contains("(udp)")
}

/// `HOST/PORT` of bash's devices.
fn device(path: &str) -> Option<Endpoint> {
    let (host, port) = path.split_once('/')?;
    let digits = port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len());
    let known = !host.contains('$');
    known.then(|| endpoint(host, port.get(..digits).and_then(|port| port.parse().ok())))
}

/// `4430 closed`: how loops over ports report.
fn loop_row(text: &str) -> Option<(u16, bool)> {
    let (port, word) = text.trim().split_once(' ')?;
    let port = port.trim_matches([':', '/']).rsplit([':', '/']).next()?.parse().ok()?;
    match word.trim().to_ascii_lowercase().as_str() {
        "open" | "ok" => Some((port, true)),
        "closed" | "fail" | "failed" => Some((port, false)),
        _ => None,
    }
}

/// Reads `host (address) port N`, `host port N` and `address N port`.
fn target(text: &str) -> Option<Endpoint> {
    let mut words = text.split_whitespace();
    let mut to = endpoint(words.next()?, None);
    for word in words {
        if let Some(address) = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')) {
            to.address = address.parse().ok().or(to.address);
        } else if let Ok(port) = word.parse() {
            to.port = Some(port);
            break;
        }
    }
    Some(to)
}

fn is_decoration(text: &str) -> bool {
    text.is_empty()
        || text.starts_with("Ncat: Version ")
        || text.starts_with("Ncat: Trying next address")
        || (text.starts_with("Ncat: ") && text.contains(" bytes sent, "))
        || text.starts_with("bash: connect: ")
}
