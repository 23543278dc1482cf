//! Reads `swaks`, which hands a mail to a server and shows the conversation.
//!
//! ```text
//! === Trying 198.51.100.25:25...
//! === Connected to 198.51.100.25.
//! <-  220 mx.partner41.example ESMTP Postfix
//!  -> RCPT TO:<desk@partner41.example>
//! <** 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.41]
//! *** TLS startup failed (connect(): error:0A000086:SSL routines::certificate verify failed)
//! *** Error connecting to 198.51.100.25:25:
//! ***     IO::Socket::INET6: connect: Connection refused
//! ```
//!
//! A refusal of the server is kept in its own words: whose fault it is, they do not say.

use super::driver::errno;
use super::observable::COMPLAINT;
use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader, tls};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "swaks", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let turn = |text: &str| text.starts_with(" -> ") || text.starts_with("<-  ") || text.starts_with("<** ");
    let tried = |text: &str| text.starts_with("=== Trying ") || text.starts_with("*** Error connecting ");
    if part.any(tried) || (part.any(turn) && part.any(|text| text.starts_with("=== "))) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut to = Endpoint::default();
    let mut first = None;
    let mut failed = false;
    let mut accepted = None;
    for line in &part.lines {
        let text = line.text.as_str();
        let at = Lines::one(line.number);
        findings.noise(line.number);
        let attempt = |to: &Endpoint, tests: Stage, outcome: Outcome| {
            let (protocol, resolved) = (Some("smtp".to_owned()), to.host.is_some());
            Claim::Attempt(Attempt { to: to.clone(), protocol, resolved, ..Attempt::new(tests, outcome) })
        };
        if let Some(target) = text.strip_prefix("=== Trying ").or(text.strip_prefix("*** Error connecting to ")) {
            let (host, port) = split_port(target.trim_end_matches(['.', ':']));
            to = endpoint(host, port);
            first = Some(line.number);
        } else if text.starts_with("=== Connected to ") {
            findings
                .fact(Lines::new(first.unwrap_or(line.number), line.number), attempt(&to, Stage::Connect, Outcome::Ok));
        } else if text.starts_with("<** ") {
            failed = true;
            findings.state(at, COMPLAINT, "failed", to.clone(), text);
        } else if let Some(said) = text.strip_prefix("*** ") {
            failed = true;
            // The certificate's own fault is told by OpenSSL's sentence, where swaks shows it.
            let outcome = if said.starts_with("TLS startup failed") {
                Some(tls::outcome(said).unwrap_or(Outcome::TlsFailed))
            } else {
                errno(said)
            };
            match outcome {
                Some(outcome) => findings.fact(at, attempt(&to, outcome.stage(), outcome)),
                None if said.trim_start().starts_with("Error connecting") => {}
                None => findings.state(at, COMPLAINT, "failed", to.clone(), said.trim()),
            }
        } else if text.starts_with("<-  250 2.1.5") || (text.starts_with("<-  250 2.0.0") && !text.contains("Bye")) {
            accepted = Some(line.number);
        }
    }
    if let (Some(number), false, false) = (accepted, failed, to.is_empty()) {
        let (protocol, resolved) = (Some("smtp".to_owned()), to.host.is_some());
        let attempt = Attempt { to, protocol, resolved, ..Attempt::new(Stage::Exchange, Outcome::Ok) };
        findings.fact(Lines::one(number), Claim::Attempt(attempt));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_server_that_refuses_a_mail_was_reached() {
        let text = "=== Trying 198.51.100.25:25...\n=== Connected to 198.51.100.25.\n<-  220 mx ESMTP Postfix\n -> RCPT TO:<a@b.example>\n<** 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.41]\n -> QUIT\n<-  221 2.0.0 Bye";
        assert_eq!(
            told(READER, text),
            [
                "the connection to 198.51.100.25:25 was made",
                "complaint about 198.51.100.25:25: “<** 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.41]”"
            ]
        );
        let refused = "=== Trying 10.0.0.9:25...\n*** Error connecting to 10.0.0.9:25:\n*** \tIO::Socket::INET6: connect: Connection refused";
        assert_eq!(told(READER, refused), ["the request to 10.0.0.9:25 was refused"]);
    }
}
