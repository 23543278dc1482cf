//! Reads the head of an answer as `curl -i` and `curl -I` print it, and loops that print one line per answer.
//!
//! ```text
//! HTTP/1.1 200 OK
//! Server: nginx/1.22.1
//! Date: Sat, 21 Nov 2026 01:52:26 GMT
//! ```

use super::request::Request;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Answerer, Attempt, Claim, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "curl", recognize, read };

fn recognize(part: &Part) -> f64 {
    match (part.any(|text| status(text).is_some()), part.runs("curl")) {
        (true, true) => 0.9,
        (true, false) => 0.7,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let common = Request::of(part.command.as_ref());
    let heads = part.lines.iter().filter(|line| status(&line.text).is_some_and(|status| status >= 200)).count();
    // One head for each URL of the command line: "curl -sI a; curl -sI b".
    let mut each = Request::each(part.command.as_ref()).into_iter().filter(|_| common.urls == heads);
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(status) = status(&line.text) else { continue };
        let mut answerer = Answerer::default();
        let mut last = line.number;
        // "HTTP/1.1 200 OK x-served-by: product-1": a loop that joined the head into one line.
        note(&line.text, &mut answerer);
        while let Some(header) = lines.next_if(|next| next.text.contains(": ") && self::status(&next.text).is_none()) {
            note(&header.text, &mut answerer);
            last = header.number;
        }
        // What follows the blank line is the body, up to the next head.
        if lines.next_if(|next| next.text.trim().is_empty()).is_some() && common.urls > 0 {
            while let Some(body) = lines.next_if(|next| self::status(&next.text).is_none()) {
                if body.text.contains("<center>nginx") {
                    answerer.page_of = Some("nginx".to_owned());
                }
                findings.noise(body.number);
            }
        }
        if (100..200).contains(&status) {
            findings.noise(line.number);
            continue;
        }
        let request = each.next().unwrap_or_else(|| common.clone());
        let attempt = Attempt {
            to: request.to.clone(),
            resolved: request.to.host.is_some() && !request.pinned,
            unchecked: request.unchecked_certificate,
            protocol: request.protocol.clone(),
            path: request.path.clone(),
            status: Some(status),
            answerer,
            ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
        };
        findings.fact(Lines::new(line.number, last), Claim::Attempt(attempt));
    }
}

fn status(text: &str) -> Option<u16> {
    let rest = text.strip_prefix("HTTP/")?;
    let status = rest.split(' ').nth(1)?.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

fn note(text: &str, answerer: &mut Answerer) {
    let lower = text.to_ascii_lowercase();
    let value = |name: &str| {
        let at = lower.find(name)?;
        let value = text.get(at + name.len()..)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    if lower.starts_with("server: ") {
        answerer.server = value("server: ");
    } else if lower.starts_with("via: ") {
        answerer.via = value("via: ");
    } else if answerer.served_by.is_none() {
        answerer.served_by = value("x-served-by: ").or_else(|| value("x-backend: ")).or_else(|| value("x-upstream: "));
    }
}
