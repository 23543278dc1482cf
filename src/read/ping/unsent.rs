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
use crate::read::{Findings, Part};

/// The name that could not be resolved; empty where the text does not repeat it.
pub(super) fn unresolved(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("Ping request could not find host ") {
        return Some(rest.split_once(". ").map_or(rest, |(name, _)| name));
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
    (of_name(reason).is_some() || reason.starts_with("Unknown host")).then_some(name)
}

/// The sentences of gai_strerror(3) in glibc 2.36, in English, German, Spanish and French.
fn of_name(reason: &str) -> Option<Outcome> {
    Some(match reason {
        "Name or service not known"
        | "Der Name oder der Dienst ist nicht bekannt"
        | "Nombre o servicio desconocido"
        | "Nom ou service inconnu" => Outcome::Nxdomain,
        "Temporary failure in name resolution"
        | "Temporärer Fehler bei der Namensauflösung"
        | "Fallo temporal en la resolución del nombre"
        | "Échec temporaire dans la résolution du nom" => Outcome::Unresolved,
        "No address associated with hostname"
        | "Zu diesem Hostnamen gehört keine Adresse"
        | "No existe ninguna dirección asociada al nombre"
        | "Aucune adresse associée avec le nom de l'hôte" => Outcome::NoData,
        _ => return None,
    })
}

pub(super) fn name_unknown(part: &Part, number: u32, text: &str, name: &str, findings: &mut Findings) {
    let asked = target_of(part).and_then(|target| target.host);
    let name =
        if name.is_empty() { asked.unwrap_or_default() } else { name.trim_end_matches('.').to_ascii_lowercase() };
    let outcome = text.rsplit_once(": ").and_then(|(_, reason)| of_name(reason)).unwrap_or(Outcome::Unresolved);
    findings.fact(Lines::one(number), Claim::Lookup(Lookup::new(&name, outcome)));
}

/// `ping: connect: Network is unreachable`, `ping: sendmsg: …`, `ping: sending packet: …`.
pub(super) fn unroutable(text: &str) -> bool {
    text.strip_prefix("ping: ").is_some_and(|rest| {
        ["Network is unreachable", "No route to host", "Network is down"].iter().any(|reason| rest.ends_with(reason))
    })
}
