//! Reads `openssl s_client`, in full and with `-brief`, from 1.1.1 to 3.6.
//!
//! ```text
//! CONNECTED(00000003)
//! depth=0 CN = api.shop.example
//! verify error:num=10:certificate has expired
//! SSL handshake has read 1436 bytes and written 402 bytes
//! Verify return code: 10 (certificate has expired)
//! ```
//!
//! Session keys and tickets in the text are passed over: they are secrets and say nothing.

use super::certificate_chain::Chain;
use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader, certificate, http_head, observable, tls};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, State};

mod passed_over;

use passed_over::says_nothing;

pub(super) const READER: Reader = Reader { kind: "openssl", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let certain = |text: &str| {
        text.starts_with("CONNECTED(0")
            || text == "CONNECTION ESTABLISHED"
            || text.starts_with("verify error:num=")
            || text.starts_with("SSL handshake has read ")
            || text.trim_start().starts_with("Verify return code: ")
            || text.starts_with("connect:errno=")
            || text.contains(", Cipher is ")
            || text.starts_with("Collecting connection statistics for ")
    };
    if part.any(certain) {
        return 0.98;
    }
    // With -quiet nothing but the verification is shown of the session.
    if part.any(|text| text.starts_with("verify return:")) {
        return if part.runs("openssl") { 0.98 } else { 0.8 };
    }
    match (part.any(|text| library_error(text).is_some() || text.starts_with("write:errno=")), part.runs("openssl")) {
        (true, true) => 0.95,
        (true, false) => 0.6,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let nameless = part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "-noservername"));
    let certified = part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "-cert"));
    let mut session = Session { to: target(part), nameless, certified, ..Session::default() };
    let mut in_block = false;
    let mut answered = false;
    for line in &part.lines {
        let text = line.text.trim_end();
        // What comes over a session that stands is no word on its handshake, until the next one begins.
        if http_head::status(text).is_some() && session.first.is_some() {
            (session.answered, answered) = (true, true);
        }
        if session.answered && !(begins(text) || text.starts_with("depth=")) {
            if library_error(text).is_some() {
                findings.noise(line.number);
            }
            continue;
        }
        if session.answered {
            let next = session.next();
            std::mem::replace(&mut session, next).finish(findings);
        }
        if text.starts_with("-----BEGIN ") || text.ends_with("TLS session ticket:") {
            in_block = true;
        }
        let known = session.line(line.number, text, findings) || in_block || says_nothing(text);
        if text.starts_with("-----END ") || text.is_empty() {
            in_block = false;
        }
        if known {
            findings.noise(line.number);
        }
    }
    session.finish(findings);
    if answered {
        http_head::read(part, findings);
    }
}

/// Whether a line announces a connection.
fn begins(text: &str) -> bool {
    text.starts_with("Connecting to ") || text.starts_with("CONNECTED(0")
}

/// One connection while its lines are coming.
#[derive(Default)]
struct Session {
    to: Endpoint,
    first: Option<u32>,
    last: u32,
    connected: bool,
    /// It has said that it connects.
    announced: bool,
    /// A cipher was agreed on.
    secured: bool,
    /// It has ended without one.
    unsecured: bool,
    /// What verification or the library complained of; the last word is the final one.
    trouble: Option<Outcome>,
    /// The library gave it up.
    broken: bool,
    interrupted: bool,
    /// The command line gives a certificate of the client's.
    certified: bool,
    /// The server wants to see a certificate of the client's.
    asks_for_certificate: bool,
    /// A server of HTTP has answered over it.
    answered: bool,
    /// The command line keeps the name back.
    nameless: bool,
    chain: Chain,
    seen: Vec<(&'static str, String)>,
}

impl Session {
    /// One more to the same server.
    fn next(&self) -> Session {
        Session { to: self.to.clone(), nameless: self.nameless, certified: self.certified, ..Session::default() }
    }

    /// Takes in one line; false if it means nothing to a session.
    fn line(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        let told = text.trim_start();
        let again = begins(text);
        let over = self.announced && (self.secured || self.trouble.is_some());
        // With -brief nothing is announced: what stands now is not what broke above it.
        let stands = self.broken && text == "CONNECTION ESTABLISHED";
        if again && over || stands || self.chain.ends_before(text) {
            // A loop connects again. What stands above the first announcement is the standard error of the same session.
            let next = self.next();
            std::mem::replace(self, next).finish(findings);
        }
        self.announced |= again;
        if self.chain.line(number, text) {
            self.at(number);
            return true;
        }
        if let Some(address) = text.strip_prefix("Connecting to ") {
            self.to.address = address.parse().ok().or(self.to.address);
        } else if text.starts_with("CONNECTED(0") || text == "CONNECTION ESTABLISHED" {
            self.connected = true;
            self.secured |= text == "CONNECTION ESTABLISHED";
        } else if let Some(complaint) = complaint(told) {
            self.connected = true;
            if let Some(outcome) = of_verification(complaint) {
                self.trouble = Some(outcome);
            }
        } else if let Some((_, cipher)) = text.split_once(", Cipher is ") {
            self.unsecured = cipher == "(NONE)";
            self.secured |= !self.unsecured;
            if let Some((_, agreed)) = text.split_once(", ").filter(|_| !self.unsecured) {
                self.agreed(number, &agreed.replace("Cipher is ", ""), findings);
            }
        } else if let Some(version) = text.strip_prefix("Protocol version: ") {
            self.agreed(number, version, findings);
        } else if text.starts_with("Acceptable client certificate CA names")
            || text.starts_with("Client Certificate Types")
        {
            if !std::mem::replace(&mut self.asks_for_certificate, true) {
                let at = Lines::one(number);
                findings.state(at, observable::CLIENT_CERTIFICATE, "asked_for", self.to.clone(), "");
            }
        } else if text.starts_with("verify return:") {
            self.connected = true;
        } else if let Some(number) = text.strip_prefix("connect:errno=").or(text.strip_prefix("write:errno=")) {
            // Only a connection that stands is written to. A library error above has said more than the number; 0 is no system error at all.
            self.connected |= text.starts_with("write");
            self.trouble = self.trouble.or(of_errno(number, self.connected));
        } else if let Some(error) = library_error(text) {
            if tls::is_about_server_name(error) {
                let sent = self.to.host.is_some() && !self.nameless;
                tls::tell_server_name(number, self.to.clone(), sent, findings);
            }
            let trouble = of_library(error, self.connected);
            self.broken |= trouble.is_some();
            self.trouble = trouble.or(self.trouble);
        } else if text == "no peer certificate available" || text.starts_with("SSL handshake has read ") {
            self.connected = true;
        } else if text == "^C" {
            self.interrupted = true;
        } else {
            return self.certificate(number, text, findings);
        }
        self.at(number);
        true
    }

    /// The version that was agreed on, and the cipher where it stands beside it.
    fn agreed(&self, number: u32, version: &str, findings: &mut Findings) {
        findings.state(Lines::one(number), observable::TLS_VERSION, "seen", self.to.clone(), version);
    }

    /// Properties of the server's own certificate; those of the chain above it are passed over.
    fn certificate(&mut self, number: u32, text: &str, findings: &mut Findings) -> bool {
        let properties = certificate::properties(text);
        for (observable, value) in &properties {
            if self.seen.iter().any(|(known, _)| known == observable) {
                continue;
            }
            self.seen.push((observable, (*value).to_owned()));
            let state = State {
                observable: (*observable).to_owned(),
                value: "seen".to_owned(),
                of: self.to.clone(),
                detail: (*value).to_owned(),
            };
            findings.fact(Lines::one(number), Claim::State(state));
        }
        !properties.is_empty()
    }

    /// Whether the certificate's common name is not the name asked for.
    fn names_another(&self) -> bool {
        let subject = self.seen.iter().find(|(observable, _)| *observable == observable::CERTIFICATE_SUBJECT);
        let common = subject.and_then(|(_, subject)| {
            subject.split("CN").nth(1)?.trim_start_matches([' ', '=']).split([',', '/']).next()
        });
        let (Some(host), Some(common)) = (self.to.host.as_deref(), common) else { return false };
        let covers = |wildcard: &str| host.split_once('.').is_some_and(|(_, parent)| parent == wildcard);
        !common.eq_ignore_ascii_case(host) && !common.strip_prefix("*.").is_some_and(covers)
    }

    fn at(&mut self, number: u32) {
        self.first = self.first.or(Some(number));
        self.last = number;
    }

    fn finish(self, findings: &mut Findings) {
        let Some(first) = self.first else { return };
        if matches!(self.trouble, Some(Outcome::TlsUntrusted | Outcome::TlsUnknownRoot)) {
            self.chain.tell(self.to.clone(), findings);
        }
        let outcome = match self.trouble {
            Some(outcome) => outcome,
            None if self.secured => Outcome::Ok,
            // The answer says more than that the session stood.
            None if self.answered => return,
            None if self.connected && self.interrupted => Outcome::TlsHang,
            // What it verified was nothing, and so "ok".
            None if self.unsecured => Outcome::TlsFailed,
            None if self.connected => Outcome::Ok,
            // It failed, and nothing that is known says how.
            None => return,
        };
        // Nothing but "CONNECTED", and the text ends before the handshake does. Nor has a session to another name passed:
        // s_client checks the issuer and the dates, the name only with -verify_hostname. A server that wants a certificate may end the
        // session after all that is shown of it.
        let unproven = !self.secured || self.names_another() || self.asks_for_certificate && !self.certified;
        let tests = if outcome == Outcome::Ok && unproven { Stage::Connect } else { Stage::Tls };
        let attempt = Attempt {
            resolved: self.to.host.is_some() && self.to.address.is_none() && outcome.stage() > Stage::Resolve,
            to: self.to,
            protocol: Some("tls".to_owned()),
            ..Attempt::new(tests, outcome)
        };
        findings.fact(Lines::new(first, self.last), Claim::Attempt(attempt));
    }
}

/// Where the command line connects to: `-connect host:port`, with the name of `-servername` for an address.
fn target(part: &Part) -> Endpoint {
    let Some(command) = part.command.as_ref().filter(|command| command.runs("openssl")) else {
        return Endpoint::default();
    };
    let positional = || command.words().skip_while(|word| *word != "s_client").nth(1).filter(|word| word.contains(':'));
    let Some(connect) = command.option("\0", "-connect").or_else(positional) else { return Endpoint::default() };
    let (host, port) = split_port(connect);
    let mut to = endpoint(host, port);
    to.host = to.host.or(command.option("\0", "-servername").map(str::to_owned));
    to
}

/// The reason in a verification's lines; `ok` where it found none.
fn complaint(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("verify error:num=") {
        return Some(rest.split_once(':').map_or(rest, |(_, reason)| reason));
    }
    if let Some(rest) = text.strip_prefix("Verify return code: ") {
        return Some(rest.split_once('(').map_or(rest, |(_, reason)| reason.trim_end_matches(')')));
    }
    text.strip_prefix("Verification error: ")
}

/// The sentences of X509_verify_cert_error_string(3).
fn of_verification(reason: &str) -> Option<Outcome> {
    if reason == "ok" { None } else { tls::outcome(&format!("certificate: {reason}")) }
}

/// `4017FF68D77F0000:error:0A00010B:SSL routines:…`; 1.1.1 begins with a decimal number of the thread.
fn library_error(text: &str) -> Option<&str> {
    let (thread, rest) = text.split_once(":error:")?;
    let plain = !thread.is_empty() && thread.chars().all(|c| c.is_ascii_hexdigit());
    plain.then_some(rest)
}

fn of_library(error: &str, connected: bool) -> Option<Outcome> {
    let reasons = [
        ("Name or service not known", Outcome::Unresolved),
        ("Temporary failure in name resolution", Outcome::Unresolved),
        ("nodename nor servname", Outcome::Unresolved),
        ("Connection refused", Outcome::Refused),
        ("Connection timed out", Outcome::ConnectTimeout),
        ("No route to host", Outcome::Unreachable),
        ("Network is unreachable", Outcome::NoLocalRoute),
        // On Windows there are only the numbers of winsock2.h, in hexadecimal.
        ("8000274C:system library", Outcome::ConnectTimeout),
        ("8000274D:system library", Outcome::Refused),
        ("80002751:system library", Outcome::Unreachable),
        ("80002743:system library", Outcome::NoLocalRoute),
        ("80002AF9:system library", Outcome::Unresolved),
    ];
    let before_tls = reasons.iter().find(|(reason, _)| error.contains(reason)).map(|(_, outcome)| *outcome);
    before_tls.filter(|_| !connected).or_else(|| tls::outcome(error))
}

/// errno(3) of Linux.
fn of_errno(number: &str, connected: bool) -> Option<Outcome> {
    match number.trim() {
        "104" | "32" | "54" if connected => Some(Outcome::TlsClosed),
        "111" | "61" => Some(Outcome::Refused),
        "110" | "60" => Some(Outcome::ConnectTimeout),
        "113" | "65" => Some(Outcome::Unreachable),
        "101" | "51" => Some(Outcome::NoLocalRoute),
        "0" if connected => Some(Outcome::TlsClosed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn errors_that_a_pipe_brings_first_are_of_the_same_session() {
        let text = "depth=0 CN = shop.lab.example\nverify error:num=18:self-signed certificate\nverify return:1\n\
                    800B0C9A677F0000:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:rec_layer_s3.c:318:\n\
                    CONNECTED(00000003)\n---\nVerification error: self-signed certificate\n---\n\
                    New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nVerify return code: 18 (self-signed certificate)";
        let version = "tls version is TLSv1.3, TLS_AES_256_GCM_SHA384";
        assert_eq!(told(READER, text), [version, "the request to the target met a self-signed certificate"]);
    }
}
