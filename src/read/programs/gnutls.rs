//! Reads what `gnutls-cli` shows of a connection that it made: whom it reached, which version was agreed on, until when the certificate holds.
//!
//! ```text
//! Resolving 'payments.kestrel.lan:443'...
//! Connecting to '172.31.40.17:443'...
//!  - subject `CN=payments.kestrel.lan', issuer `CN=Kestrel Issuing CA 4', …, activated `2026-11-29 17:48:04 UTC', expires `2027-01-08 17:48:04 UTC', pin-sha256="…"
//! - Description: (TLS1.2-X.509)-(ECDHE-SECP256R1)-(ECDSA-SHA256)-(AES-256-GCM)
//! - Handshake was completed
//! ```

use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::read::observable::{CERTIFICATE_NOT_AFTER, CERTIFICATE_NOT_BEFORE, TLS_VERSION};
use crate::read::pick::{between, host_port};
use crate::read::request::endpoint;
use crate::read::{Findings, Part};

/// Whom the command line names: `gnutls-cli -p 8446 rollover.kestrel.lan`. Of several nobody knows which one is meant.
pub(super) fn asked(part: &Part) -> Option<Endpoint> {
    let [run] = part.command.as_ref()?.each("gnutls-cli").try_into().ok()?;
    let port = run.option("-p", "--port").and_then(|port| port.parse().ok());
    let host = run.words().skip(1).filter(|word| word.contains('.') && !word.contains(['/', '>', '='])).last()?;
    Some(host_port(host).unwrap_or_else(|| endpoint(host, port.or(Some(443)))))
}

/// What is known of the connection so far.
#[derive(Default)]
pub(super) struct Shown {
    /// The server's own certificate comes next, and not one of its issuers'.
    own: bool,
    distrusted: bool,
}

impl Shown {
    pub(super) fn line(&mut self, number: u32, text: &str, to: &mut Endpoint, findings: &mut Findings) {
        let at = Lines::one(number);
        if let Some(asked) = between(text, "Resolving '", "'").and_then(host_port) {
            *to = asked;
        } else if let Some(place) = between(text, "Connecting to '", "'") {
            // "2001:db8:31:40::17:443" has its port behind the last colon.
            let place = place.rsplit_once(':').and_then(|(host, port)| Some((host.parse().ok()?, port.parse().ok()?)));
            if let Some((address, port)) = place {
                *to = Endpoint { host: to.host.take(), ..Endpoint::at(address, Some(port)) };
            }
        } else if text.starts_with("- Certificate[") {
            self.own = text.starts_with("- Certificate[0]");
        } else if let Some(dates) = text.trim_start().strip_prefix("- subject `").filter(|_| self.own) {
            for (mark, observable) in
                [(", activated `", CERTIFICATE_NOT_BEFORE), (", expires `", CERTIFICATE_NOT_AFTER)]
            {
                if let Some(date) = between(dates, mark, "'") {
                    findings.state(at, observable, "seen", to.clone(), date);
                }
            }
        } else if let Some(agreed) = text.strip_prefix("- Description: ") {
            findings.state(at, TLS_VERSION, "seen", to.clone(), agreed);
        } else if text.starts_with("- Status: The certificate is NOT trusted") {
            self.distrusted = true;
        } else if text == "- Handshake was completed" && !self.distrusted && !to.is_empty() {
            let resolved = to.host.is_some();
            let attempt = Attempt { to: to.clone(), resolved, ..Attempt::new(Stage::Tls, Outcome::Ok) };
            findings.fact(at, Claim::Attempt(attempt));
        }
    }
}
