//! Reads programs that say in one sentence why they could not connect: ssh, git, socat, rsync, package managers, speed tests.
//!
//! ```text
//! ssh: connect to host 10.83.5.5 port 22: Connection refused
//! 2026/11/28 02:25:58 socat[23788] E connect(5, AF=2 10.83.5.5:8080, 16): Connection refused
//! fatal: unable to access 'http://git.north.internal/a.git/': Could not resolve host: git.north.internal
//! npm error FetchError: request to http://10.83.5.5:4873/left-pad failed, reason: connect ECONNREFUSED 10.83.5.5:4873
//! ```
//!
//! What they print besides is noise to a diagnosis.

use super::pick::between;
use super::request::{Url, endpoint, split_port};
use super::source::commanded;
use super::{CommandLine, Findings, Part, Reader, complaint, driver, tls};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

mod gnutls;

/// How a line of each begins.
macro_rules! program {
    ($name:ident, $kind:literal, $($opening:literal),+) => {
        pub(super) const $name: Reader = Reader {
            kind: $kind,
            most: 0.95,
            recognize: |part| recognize(part, $kind, &[$($opening),+]),
            read: |part, findings| read(part, &[$($opening),+], findings),
        };
    };
}

program!(
    SSH,
    "ssh",
    "@@@@@@@@",
    "Host key verification failed",
    "Permission denied (",
    "ssh: ",
    "ssh_exchange_identification: ",
    "kex_exchange_identification: ",
    "debug1: ",
    "OpenSSH_",
    "Connection timed out during banner",
    "Connection closed by ",
    "Connection reset by ?"
);
program!(
    GIT,
    "git",
    "fatal: unable to access '",
    "fatal: repository '",
    "Cloning into '",
    "fatal: Could not read from remote repository"
);
program!(SOCAT, "socat", "????/??/?? ??:??:?? socat[");
program!(HTTPIE, "http", "http: error: ", "http: LogLevel.ERROR: ", "https: error: ");
program!(RSYNC, "rsync", "rsync: ", "rsync error: ");
program!(
    GNUTLS,
    "gnutls-cli",
    "Resolving '",
    "Could not connect to ",
    "Cannot resolve ",
    "Connecting to '",
    "*** Fatal error: ",
    "- Certificate type: X.509",
    "|<1>| ",
    "- Status: The certificate is",
    "- Got a certificate list of ",
    "- Certificate[",
    "- subject `",
    "Public Key ID:",
    "Public Key PIN:",
    "pin-sha256:",
    "sha1:",
    "sha256:",
    "*** PKI verification of server certificate failed",
    "- Description: (",
    "- Session ID: ",
    "- Options:",
    "- Handshake was completed",
    "- Simple Client Mode:",
    "Processed "
);
program!(IPERF, "iperf3", "iperf3: error - ", "[ ID] Interval", "Server listening on ????");
program!(NPM, "npm", "npm ERR! ", "npm error ", "npm WARN ", "npm warn ");
program!(
    PIP,
    "pip",
    "WARNING: Retrying (Retry(total=",
    "Retrying (Retry(total=",
    "ERROR: Could not find a version that satisfies",
    "Looking in indexes: ",
    "Collecting "
);
program!(
    SSLSCAN,
    "sslscan",
    "Testing SSL server ",
    "SSLv",
    "TLSv1",
    "Accepted  ",
    "Preferred ",
    "ERROR: Could not open a connection to host ",
    "ERROR: Could not resolve hostname "
);
program!(
    APT,
    "apt",
    "Err:",
    "W: Failed to fetch ",
    "W: Some index files",
    "E: ",
    "Get:",
    "Hit:",
    "Ign:",
    "Reading package lists"
);
program!(HPING, "hping3", "HPING ", "len=");

fn opens(line: &Line, openings: &[&str]) -> bool {
    let text = line.text.trim_start();
    // "?" stands for a digit of the time in front.
    openings.iter().any(|opening| {
        text.len() >= opening.len()
            && text.bytes().zip(opening.bytes()).all(|(b, o)| b == o || (o == b'?' && b.is_ascii_digit()))
    })
}

/// Most lines begin as this program's do, or its command line stands above one that does.
fn recognize(part: &Part, program: &str, openings: &[&str]) -> f64 {
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty());
    let (own, all) = filled.fold((0u32, 0u32), |(own, all), line| (own + u32::from(opens(line, openings)), all + 1));
    match (own, part.runs(program)) {
        (0, _) => 0.0,
        (_, true) => 0.95,
        // Another program that is known may begin its sentences alike.
        _ if own * 2 >= all && part.command.as_ref().and_then(commanded).is_none_or(|kind| kind == program) => 0.9,
        _ => 0.0,
    }
}

/// A claim is told once among so many: with all of them, reading a long text would take as long as its square.
const REMEMBERED: usize = 500;

fn read(part: &Part, openings: &[&str], findings: &mut Findings) {
    let mut told: Vec<Claim> = Vec::new();
    let (mut own, mut troubles) = (Vec::new(), Vec::new());
    let of_gnutls = openings.contains(&"|<1>| ");
    let mut to = gnutls::asked(part).filter(|_| of_gnutls).unwrap_or_default();
    let mut shown = gnutls::Shown::default();
    let farewell = Farewell::of(part);
    for line in &part.lines {
        if of_gnutls {
            shown.line(line.number, &line.text, &mut to, findings);
        }
        if let Some(url) = line.text.split([' ', '\'']).find_map(Url::parse) {
            to = url.endpoint();
        }
        // "debug1: Connecting to a.example [10.0.0.7] port 22."
        if let Some((host, rest)) = line.text.strip_prefix("debug1: Connecting to ").and_then(|to| to.split_once(' ')) {
            let port = between(rest, "port ", ".").and_then(|port| port.parse().ok());
            to = endpoint(host, port);
            to.address = to.address.or(between(rest, "[", "]").and_then(|address| address.parse().ok()));
        }
        // gnutls-cli and apt say of the whole chain what is wrong with it.
        let status = line.text.split_once("The certificate is NOT trusted").and_then(|(_, said)| tls::outcome(said));
        let status =
            status.map(|outcome| Claim::Attempt(Attempt { to: to.clone(), ..Attempt::new(Stage::Tls, outcome) }));
        let mut claims = driver::said(&line.text);
        claims.extend(handshake(&line.text).or(status));
        if line.text == "debug1: Connection established." && !to.is_empty() {
            let (to, resolved) = (to.clone(), to.host.is_some());
            claims.push(Claim::Attempt(Attempt { to, resolved, ..Attempt::new(Stage::Connect, Outcome::Ok) }));
        }
        if claims.is_empty() {
            claims.extend(
                farewell
                    .as_ref()
                    .and_then(|one| one.said(&line.text))
                    .or_else(|| ended(&line.text, part, &to, told.is_empty())),
            );
        }
        let grave = ["rror", "RROR", "atal"].iter().any(|word| line.text.contains(word));
        if claims.is_empty() && grave && complaint::is_trouble(&line.text) {
            troubles.push(line.number);
        }
        for claim in claims {
            if !told.iter().rev().take(REMEMBERED).any(|before| *before == claim) {
                findings.fact(Lines::one(line.number), claim.clone());
                told.push(claim);
            }
        }
        if opens(line, openings) {
            own.push(line.number);
        }
    }
    // What else a program says of a failure is left over only where none of its words is understood.
    own.retain(|number| !told.is_empty() || !troubles.contains(number));
    findings.understood.append(&mut own);
}

/// What a program's last line says of the request that its command line, or a URL before it, names:
/// `fatal: unable to access 'https://git.example/a.git/': server certificate verification failed. CAfile: none CRLfile: none`,
/// `http: LogLevel.ERROR: Request timed out (3.0s).`
fn ended(text: &str, part: &Part, to: &Endpoint, first: bool) -> Option<Claim> {
    // apt shows the answer of the URL above it: "  404  File not found [IP: 10.0.0.7 80]".
    let status = text.trim_start().split_once("  ").filter(|(_, rest)| rest.contains(" [IP: "));
    if let Some(status) = status.and_then(|(status, _)| status.parse().ok()) {
        let attempt = Attempt { to: to.clone(), ..Attempt::new(Stage::Exchange, Outcome::of_status(status)) };
        return Some(Claim::Attempt(Attempt { status: Some(status), ..attempt }));
    }
    let last = [
        "fatal: unable to access '",
        "http: LogLevel.ERROR: ",
        "http: error: ",
        "Connection timed out during banner",
        "iperf3: error - ",
        "rsync: ",
        "rsync error: ",
    ];
    last.iter().any(|opening| text.starts_with(opening)).then_some(())?;
    let code = text.split_once("returned error: ").and_then(|(_, code)| code.trim().parse().ok());
    let answered = code.map(Outcome::of_status);
    // "rsync error: …" sums up what stands above it; where nothing does, it is all that is told.
    let summed_up = text.starts_with("rsync error: ");
    if summed_up && !first {
        return None;
    }
    let waited = text.contains("timeout waiting for daemon connection").then_some(Outcome::ConnectTimeout);
    let outcome = answered.or(waited).or_else(|| complaint::outcome(text)).or_else(|| match () {
        () if text.contains("t connect to server") => Some(Outcome::Unconnected),
        () if text.contains("certificate verification failed") => Some(Outcome::TlsFailed),
        () if text.contains("Empty reply") => Some(Outcome::EmptyReply),
        () if text.contains("Too many redirects") => Some(Outcome::RedirectLoop),
        () if summed_up && text.contains("error in socket IO") => Some(Outcome::Unserved),
        () => None,
    })?;
    let asked = || part.command.as_ref().and_then(|command| complaint::target(command).or_else(|| remote(command)));
    let to = if to.is_empty() { asked()? } else { to.clone() };
    let resolved = to.host.is_some() && outcome.stage() > Stage::Resolve;
    Some(Claim::Attempt(Attempt { to, resolved, ..Attempt::new(Stage::Exchange, outcome) }))
}

/// Whom `ssh ana@a.example`, `rsync rsync://a.example/spool/` and `rsync a.example::spool/` name.
fn remote(command: &CommandLine) -> Option<Endpoint> {
    let port = command.option("-p", "--port").and_then(|port| port.parse().ok());
    let host = command.words().find_map(|word| {
        let daemon = word.strip_prefix("rsync://").and_then(|rest| rest.split('/').next());
        daemon.or_else(|| Some(word.split_once("::")?.0)).or_else(|| word.split_once('@')?.1.split(':').next())
    })?;
    let (host, own) = split_port(host);
    (!host.is_empty() && !host.contains('$')).then(|| endpoint(host, own.or(port)))
}

/// What ssh tells besides its last words on a connection that the other end gave up: `Connection reset by 10.20.0.15 port 22`.
struct Farewell<'a> {
    command: &'a CommandLine,
    /// It waited for the other side's first words.
    silent: bool,
    /// Older ones have no last words that name anybody.
    names_somebody: bool,
}

impl Farewell<'_> {
    fn of(part: &Part) -> Option<Farewell<'_>> {
        // A server's log has the same words, for its clients.
        let command = part.command.as_ref()?;
        let of_client = matches!(commanded(command), Some("ssh" | "scp" | "sftp" | "rsync" | "git"));
        let of_log = command.words().any(|word| word.contains(".log") || word.contains("journalctl"));
        (of_client && !of_log).then(|| Farewell {
            command,
            silent: part.any(|text| is_greeting(text) && text.contains("closed")),
            names_somebody: part.any(|text| text.starts_with("Connection ") && text.contains(" by ")),
        })
    }

    fn said(&self, text: &str) -> Option<Claim> {
        let reset = text.strip_prefix("Connection reset by ");
        let closed = || text.strip_prefix("Connection closed by ");
        let (to, outcome) = match reset.or_else(closed) {
            Some(rest) => {
                let (address, port) = rest.split_once(" port ")?;
                let to = Endpoint::at(address.parse().ok()?, Some(port.trim().parse().ok()?));
                let left = if self.silent { Outcome::EmptyReply } else { Outcome::Unserved };
                (to, if reset.is_some() { Outcome::Reset } else { left })
            }
            None if is_greeting(text) && !self.names_somebody => {
                let to = complaint::target(self.command).or_else(|| remote(self.command))?;
                (to, if text.contains("reset") { Outcome::Reset } else { Outcome::EmptyReply })
            }
            None => return None,
        };
        Some(Claim::Attempt(Attempt { to, ..Attempt::new(Stage::Exchange, outcome) }))
    }
}

/// What ssh says where it did not get the other side's first words.
fn is_greeting(text: &str) -> bool {
    text.starts_with("kex_exchange_identification: ") || text.starts_with("ssh_exchange_identification: ")
}

/// `len=44 ip=10.83.5.5 ttl=64 DF id=0 sport=80 flags=SA seq=0 win=65495 rtt=3.8 ms`: hping3 sends a SYN, and this came back.
///
/// `ERROR: Could not open a connection to host db.example (192.0.2.7) on port 443.`: sslscan does not say why.
fn handshake(text: &str) -> Option<Claim> {
    if let Some(rest) = text.strip_prefix("ERROR: Could not open a connection to host ") {
        let port = rest.split_once(" on port ").and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
        let address = between(rest, "(", ")").and_then(|address| address.parse().ok());
        let to = Endpoint { address, ..endpoint(rest.split(' ').next()?, port) };
        return Some(Claim::Attempt(Attempt { to, ..Attempt::new(Stage::Tls, Outcome::Unconnected) }));
    }
    let value = |name: &str| text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let outcome = match value("flags")? {
        "SA" => Outcome::Ok,
        "R" | "RA" => Outcome::Refused,
        _ => return None,
    };
    let to = Endpoint::at(value("ip")?.parse().ok()?, Some(value("sport")?.parse().ok()?));
    let protocol = Some("tcp".to_owned());
    Some(Claim::Attempt(Attempt { to, protocol, ..Attempt::new(Stage::Connect, outcome) }))
}
