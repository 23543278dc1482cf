//! `aws ecs describe-services` and `aws acm describe-certificate`: how many copies run, and until when a certificate is valid.

use serde_json::Value;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::{Document, list, number, text};
use crate::read::observable::{CERTIFICATE_NOT_AFTER, DEPLOYMENT};

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
