//! What `ping` says where it never sent anything: the name has no address, or the host knows no way.
//!
//! ```text
//! ping: db7.example: Name or service not known
//! ping: db7.example: Der Name oder der Dienst ist nicht bekannt
//! ping: connect: Network is unreachable
//! ```

use super::target_of;
use crate::evidence::Lines;
use crate::fact::{Claim, Lookup, Outcome};
use crate::read::{Findings, Part, driver};

/// The name that could not be resolved; empty where the text does not repeat it.
pub(super) fn unresolved(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("Ping request could not find host ") {
        return Some(rest.split_once(". ").map_or(rest, |(name, _)| name));
    }
    if let Some(rest) = text.strip_prefix("Ping-Anforderung konnte Host \"") {
        return rest.split('"').next();
    }
    let rest = text.strip_prefix("ping: ").or_else(|| text.strip_prefix("ping6: "))?;
    if let Some(name) = rest.strip_prefix("unknown host") {
        return Some(name.trim());
    }
    if let Some(name) = rest.strip_prefix("bad address ") {
        return Some(name.trim_matches('\''));
    }
    if let Some(rest) = rest.strip_prefix("cannot resolve ") {
        return rest.split(':').next();
    }
    let (name, reason) = rest.rsplit_once(": ")?;
    driver::unresolved(reason).map(|_| name)
}

pub(super) fn name_unknown(part: &Part, number: u32, text: &str, name: &str, findings: &mut Findings) {
    let asked = target_of(part).and_then(|target| target.host);
    let name =
        if name.is_empty() { asked.unwrap_or_default() } else { name.trim_end_matches('.').to_ascii_lowercase() };
    let outcome =
        text.rsplit_once(": ").and_then(|(_, reason)| driver::unresolved(reason)).unwrap_or(Outcome::Unresolved);
    findings.fact(Lines::one(number), Claim::Lookup(Lookup::new(&name, outcome)));
}

/// `ping: connect: Network is unreachable`, `ping: sendmsg: …`, `ping: sending packet: …`; Windows' `PING: transmit failed. General failure.`
pub(super) fn unroutable(text: &str) -> bool {
    if text.starts_with("PING: transmit failed") {
        return true;
    }
    text.strip_prefix("ping: ").is_some_and(|rest| {
        ["Network is unreachable", "No route to host", "Network is down"].iter().any(|reason| rest.ends_with(reason))
    })
}
