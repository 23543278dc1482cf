//! `aws ecs describe-services` and `aws acm describe-certificate`: how many copies run, and until when a certificate is valid.

use serde::Deserialize;

use crate::fact::Endpoint;
use crate::read::Findings;
use crate::read::json::Document;
use crate::read::observable::{CERTIFICATE_NOT_AFTER, DEPLOYMENT};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Services {
    services: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    service_name: String,
    desired_count: u32,
    running_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    certificate: Certificate,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate {
    domain_name: String,
    /// A date as text, or seconds since 1970 from the first version of the program.
    not_after: serde_json::Value,
}

pub(super) fn read(document: &Document, findings: &mut Findings) {
    if let Some(Services { services }) = document.parse() {
        for service in services {
            let (runs, wanted) = (service.running_count, service.desired_count);
            let value = match runs {
                runs if runs >= wanted => "all_ready",
                0 => "none_ready",
                _ => "some_ready",
            };
            let at = document.line_of(&service.service_name);
            findings.state(
                at,
                DEPLOYMENT,
                value,
                Endpoint::named(service.service_name),
                format!("{runs}/{wanted} running"),
            );
        }
    }
    if let Some(Described { certificate }) = document.parse()
        && let Some(date) = certificate.not_after.as_str()
    {
        let of = Endpoint { host: Some(certificate.domain_name.to_ascii_lowercase()), ..Endpoint::default() };
        findings.state(document.line_of(date), CERTIFICATE_NOT_AFTER, "seen", of, date);
    }
}
