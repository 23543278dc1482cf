//! The end of a failed curl: its last line, `curl: (7) Failed to connect to …`, and what its exit code alone tells.

use super::Timeline;
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome, Stage};
use crate::read::curl_verbose::messages::{named_in, of_exit_code};
use crate::read::curl_verbose::trying::Trying;
use crate::read::request::split_port;
use crate::read::{Findings, observable};

impl Timeline {
    /// The last line of a failed curl: `7) Failed to connect to …`; false if it means nothing known.
    pub(in crate::read::curl_verbose) fn final_error(
        &mut self,
        number: u32,
        error: &str,
        findings: &mut Findings,
    ) -> bool {
        let Some((code, text)) = error.split_once(") ") else { return false };
        let told = std::mem::take(&mut self.saw_attempt) && self.open.is_empty() && self.answer.is_none();
        if told {
            // The transcript above has said it already.
            if code == "47" {
                self.circle(number, findings);
            }
            return true;
        }
        if self.open.is_empty() && self.answer.is_none() {
            if let Some(request) = self.each.pop_front() {
                self.host.clone_from(&request.to.host);
                self.request = request;
            }
            // Only a SOCKS proxy that was reached says why it does not go on.
            let reached = self.proxy.as_ref().filter(|_| code == "97").unwrap_or(&self.request.to);
            let mut trying = Trying::new(named_in(text).unwrap_or_else(|| reached.clone()), number);
            // These ends come only after a connection was made (curl(1), section EXIT CODES).
            trying.connected = matches!(code, "8" | "16" | "18" | "35" | "52" | "55" | "56" | "61" | "92" | "97");
            trying.client_hello = code == "35";
            self.open.push(trying);
        }
        // Schannel could ask nobody whether the certificate was withdrawn: that is between the client and its authority.
        let unasked = ["0x80092013", "REVOCATION_OFFLINE"].iter().any(|said| text.contains(said));
        if unasked {
            let own = Endpoint { host: Some("localhost".to_owned()), ..Endpoint::default() };
            findings.state(Lines::one(number), observable::COMPLAINT, "failed", own, text);
        }
        let handled = self.message(number, text, findings);
        let ended = (!handled || !self.open.is_empty()) && self.ended(number, (code, text), findings);
        self.saw_attempt = false;
        handled || ended
    }

    /// Nothing but the exit code tells how it ended.
    fn ended(&mut self, number: u32, (code, text): (&str, &str), findings: &mut Findings) -> bool {
        if code == "28" && self.open.last().is_some_and(|trying| trying.connected) {
            // "Time-out" is all that is said of a session over telnet: connected it was, and bytes may have come.
            // "Operation too slow": an answer had begun.
            let begun = self.answer.as_ref().is_some_and(|answer| answer.status < 300);
            self.broke(number, if begun { Outcome::Truncated } else { Outcome::TimedOut }, None, findings);
            return true;
        }
        // "(55) RCPT failed: 550": a server of another protocol answered, and its answer is no reset.
        let answered = text.rsplit_once("failed: ").is_some_and(|(_, reply)| reply.trim().parse::<u16>().is_ok());
        if let Some(outcome) = of_exit_code(code).filter(|outcome| !answered || *outcome != Outcome::Reset) {
            self.broke(number, outcome, None, findings);
            return true;
        }
        let Some(mut trying) = self.open.pop() else { return false };
        trying.last = number;
        match code {
            "7" => self.failed(trying, None, findings),
            // A mistake of the caller's own: an address that is none or not its own, a file that it cannot use.
            "1" | "2" | "3" | "4" | "26" | "27" | "45" | "53" | "58" | "59" | "77" | "83" => {
                if trying.connected {
                    let attempt = Attempt { tests: Stage::Connect, ..self.attempt(&trying, Outcome::Ok) };
                    findings.fact(Lines::new(trying.first, number), Claim::Attempt(attempt));
                }
                let own = Endpoint { host: Some("localhost".to_owned()), ..Endpoint::default() };
                findings.state(Lines::one(number), observable::COMPLAINT, "failed", own, text);
            }
            _ => return false,
        }
        true
    }

    /// The same sentence is printed for a lost SYN, a silent TLS peer and a slow answer: the lines before it decide.
    pub(super) fn timed_out(&mut self, number: u32, seconds: f64, received: Option<u64>, findings: &mut Findings) {
        let outcome = match self.open.last() {
            _ if self.stream && received.is_some_and(|bytes| bytes > 0) => Outcome::Ok,
            Some(trying) if trying.sent && self.answer.is_some() => Outcome::Truncated,
            Some(trying) if trying.sent || (trying.connected && !trying.client_hello) => Outcome::Hang,
            Some(trying) if trying.client_hello && !trying.secured => Outcome::TlsHang,
            Some(trying) if trying.secured => Outcome::Hang,
            // Bytes are counted once a connection stands (curl's lib/multi.c).
            _ if received == Some(0) => Outcome::Hang,
            _ if received.is_some() => Outcome::Truncated,
            _ => Outcome::ConnectTimeout,
        };
        self.broke(number, outcome, Some(seconds), findings);
    }

    /// The request failed after it had connected, or curl's last word names the failure.
    pub(super) fn broke(&mut self, number: u32, outcome: Outcome, seconds: Option<f64>, findings: &mut Findings) {
        // What an error's status says stands, also where its page ends with the connection.
        if outcome == Outcome::Reset && self.answer.as_ref().is_some_and(|answer| answer.status >= 400) {
            self.finish(findings);
            self.saw_attempt = true;
            findings.noise(number);
            return;
        }
        let Some(mut trying) = self.open.pop() else { return };
        trying.last = number;
        trying.seconds = seconds.or(trying.seconds);
        let status = self.answer.take().map(|answer| answer.status);
        let outcome = match outcome {
            // With TLS 1.3 the handshake ends before the server has looked at the certificate it wanted.
            Outcome::Reset | Outcome::EmptyReply if trying.certificate_wanted && !self.request.shows_certificate => {
                Outcome::TlsClientCertificate
            }
            // The last line may name nothing but the library.
            Outcome::TlsFailed => trying.objected.unwrap_or(outcome),
            Outcome::Reset if trying.client_hello && !trying.secured => Outcome::TlsClosed,
            Outcome::Reset if !trying.connected && !trying.sent => Outcome::Refused,
            other => other,
        };
        let mut attempt = self.attempt(&trying, outcome);
        attempt.status = status;
        attempt.times.total = trying.seconds;
        findings.fact(Lines::new(trying.first, number), Claim::Attempt(attempt));
    }

    pub(super) fn conclude(&self, trying: Trying, outcome: Outcome, findings: &mut Findings) {
        let mut attempt = self.attempt(&trying, outcome);
        attempt.times.total = trying.seconds;
        findings.fact(Lines::new(trying.first, trying.last), Claim::Attempt(attempt));
    }

    /// An address that did not take the connection, for a reason that may not be known.
    pub(super) fn failed(&self, trying: Trying, outcome: Option<Outcome>, findings: &mut Findings) {
        match outcome {
            Some(outcome) => self.conclude(trying, outcome, findings),
            None => {
                let at = Lines::new(trying.first, trying.last);
                findings.state(at, observable::TCP_CONNECT, "failed", trying.to, "curl does not say how");
            }
        }
    }

    /// How long it took until curl gave up, told once all addresses have failed: that of the only one, if there was but one.
    pub(super) fn lasted(&self, number: u32, seconds: f64, findings: &mut Findings) {
        if let Some((fact, before)) = findings.facts.split_last_mut()
            && fact.lines.last + 1 == number
            && before.last().is_none_or(|before| before.lines.last + 1 < fact.lines.first)
            && let Claim::Attempt(attempt) = &mut fact.claim
        {
            attempt.times.total = attempt.times.total.or(Some(seconds));
        }
    }

    /// No address came of the name.
    pub(super) fn unresolved(&mut self, number: u32, host: &str, seconds: Option<f64>, findings: &mut Findings) {
        let host = split_port(host).0.trim_end_matches('.').to_ascii_lowercase();
        // A wait that ended says no name.
        let asked_for = || self.host.clone().or_else(|| self.request.to.host.clone()).unwrap_or_default();
        let host = if host.is_empty() { asked_for() } else { host };
        self.open.clear();
        self.saw_attempt = true;
        // A proxy's port is not told, and the port of the request is another's.
        let asked = [&self.request.to.host, &self.host].into_iter().flatten().any(|asked| *asked == host);
        let port = self.request.to.port.filter(|_| asked || host.is_empty());
        let to = Endpoint { host: Some(host), port, ..Endpoint::default() };
        // curl 8.23 says it once for each kind of address.
        let said = |fact: &Fact| matches!(&fact.claim, Claim::Attempt(before) if before.to == to);
        if let Some(fact) = findings.facts.last_mut().filter(|fact| fact.lines.last + 1 == number && said(fact)) {
            fact.lines.last = number;
            findings.noise(number);
            return;
        }
        let mut attempt = self.attempt(&Trying::new(to, number), Outcome::Unresolved);
        attempt.times.total = seconds;
        findings.fact(Lines::one(number), Claim::Attempt(attempt));
    }
}
