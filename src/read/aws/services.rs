//! `aws ecs describe-services` and `aws acm describe-certificate`: how many copies run, what a service tells of them, and until when a
//! certificate is valid.

use serde_json::Value;

use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::{Document, list, number, text};
use crate::read::observable::{CERTIFICATE_NOT_AFTER, COMPLAINT, DEPLOYMENT, SERVER_CHECK};
use crate::read::pick::between;

/// What an event of a service begins with, also where it was cut out of its document.
pub(super) const EVENT: &str = "\"(service ";

/// The newest stands first: what a service told before it was steady is over.
/// `"message": "(service web) (port 8000) is unhealthy in (target-group arn:…) due to (reason Health checks failed)."`
pub(super) fn event(number: u32, text: &str, steady: &mut bool, findings: &mut Findings) {
    let Some((name, said)) = text.split_once(EVENT).and_then(|(_, rest)| rest.split_once(") ")) else { return };
    *steady |= said.starts_with("has reached a steady state");
    if *steady {
        return findings.noise(number);
    }
    let (at, said) = (Lines::one(number), said.trim_end_matches([',', '"']));
    let port = between(said, "(port ", ")").and_then(|port| port.parse().ok());
    let of = Endpoint { port, ..Endpoint::named(name) };
    if let Some((_, why)) = said.split_once(" due to (reason ").filter(|_| said.contains(" is unhealthy in ")) {
        let value = match () {
            () if why.contains(" codes: ") => "down_status",
            () if why.contains("timed out") => "down_timeout",
            () => "down_other",
        };
        findings.state(at, SERVER_CHECK, value, of, why.trim_end_matches(['.', ')']));
    } else if said.starts_with("was unable to place a task") {
        findings.state(at, COMPLAINT, "failed", of, said);
    }
}

pub(super) fn read(document: &Document, answer: &Value, findings: &mut Findings) {
    for service in list(answer, "services") {
        let name = text(service, "serviceName");
        let (Some(runs), Some(wanted)) = (number(service, "runningCount"), number(service, "desiredCount")) else {
            continue;
        };
        let value = match runs {
            runs if runs >= wanted => "all_ready",
            runs if runs > 0.0 => "some_ready",
            _ => "none_ready",
        };
        let detail = format!("{runs}/{wanted} running");
        findings.state(document.line_of(name), DEPLOYMENT, value, Endpoint::named(name), detail);
    }
    let Some(certificate) = answer.get("Certificate") else { return };
    // A date as text, or seconds since 1970 from the first version of the program.
    let (date, name) = (text(certificate, "NotAfter"), text(certificate, "DomainName"));
    if !date.is_empty() && !name.is_empty() {
        let of = Endpoint { host: Some(name.to_ascii_lowercase()), ..Endpoint::default() };
        findings.state(document.line_of(date), CERTIFICATE_NOT_AFTER, "seen", of, date);
    }
}
