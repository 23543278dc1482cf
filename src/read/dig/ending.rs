//! What one answer has told when it is over.

use super::Open;
use super::asked::Asked;
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};
use crate::read::Findings;
use crate::read::observable::{COMPLAINT, DNS_RECORD, DNS_STATUS};
use crate::read::request::endpoint;

/// An answer that takes longer than this is slow: resolvers answer from their cache in milliseconds, and even a full
/// recursion rarely takes half a second.
const SLOW_SECONDS: f64 = 0.9;

impl Open {
    pub(super) fn finish(&mut self, asked: &Asked, findings: &mut Findings) {
        let open = std::mem::take(self);
        let Some(first) = open.first else { return };
        let outcome = match open.status {
            Some(Outcome::Ok) | None if !open.addresses.is_empty() => match open.seconds {
                Some(seconds) if seconds >= SLOW_SECONDS => Outcome::DnsSlow,
                _ => Outcome::Ok,
            },
            Some(Outcome::Ok) if open.owner.is_none() => match open.answers {
                // The records were counted and cut off.
                Some(1..) => Outcome::Ok,
                // Another server is to be asked: of the name itself nothing is told.
                Some(0) if let Some((line, zone, server)) = &open.referral => {
                    let detail = format!("NS {server}");
                    findings.state(Lines::one(*line), DNS_RECORD, "seen", endpoint(zone, None), detail);
                    return open.tell_status(first, asked, findings);
                }
                // The records did not go into it.
                Some(0) if open.cut => return open.tell_status(first, asked, findings),
                Some(0) => Outcome::NoData,
                None => return open.tell_status(first, asked, findings),
            },
            Some(outcome) => outcome,
            None if open.owner.is_some() => Outcome::Ok,
            // Only the banner, or a first server that stayed silent: nothing was said yet.
            None => match open.trouble {
                Some(trouble) => trouble,
                None => return,
            },
        };
        if let (Some((line, said)), Some(server)) = (&open.withheld, open.server.or(asked.server)) {
            findings.state(Lines::one(*line), COMPLAINT, "declines", Endpoint::at(server, None), said.clone());
        }
        let named = open.name.is_some() || asked.name.is_some() || open.owner.is_some();
        if !named {
            return open.tell_status(first, asked, findings);
        }
        let Some(name) = open.name.or_else(|| asked.name.clone()).or(open.owner) else { return };
        let of = endpoint(&name, None);
        for (number, value) in open.values {
            findings.state(Lines::one(number), DNS_RECORD, "seen", of.clone(), value);
        }
        let record = open.record.or_else(|| asked.record.clone());
        let lookup = Lookup {
            name,
            record: record.unwrap_or_default(),
            server: open.server.or(asked.server),
            outcome,
            addresses: open.addresses,
            aliases: open.aliases,
            ttl: open.ttl,
            seconds: open.seconds,
        };
        findings.fact(Lines::new(first, open.last), Claim::Lookup(lookup.for_mail(open.mail)));
    }

    /// That somebody answered, and with which status: which records came, or even for which name, is not shown.
    fn tell_status(self, first: u32, asked: &Asked, findings: &mut Findings) {
        let Some(status) = self.status else { return };
        let server = self.server.or(asked.server);
        let (of, detail) = match (self.name.or_else(|| asked.name.clone()), server) {
            (Some(name), Some(server)) => (endpoint(&name, None), format!("says {server}")),
            (Some(name), None) => (endpoint(&name, None), String::new()),
            (None, Some(server)) => (Endpoint::at(server, Some(53)), "for which name is not shown".to_owned()),
            (None, None) => return,
        };
        let detail = if self.cut { detail + ", cut short (tc)" } else { detail };
        let value = if status == Outcome::Ok { "noerror" } else { status.word() };
        findings.state(Lines::new(first, self.last), DNS_STATUS, value, of, detail);
    }
}
