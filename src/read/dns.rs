//! Words that all tools of BIND, and busybox after them, share: names, record types, response codes, errors of a server.
//!
//! ```text
//! ;; communications error to 198.51.100.53#53: timed out
//! ** server can't find nowhere.shop.example: NXDOMAIN
//! Host www.private.example not found: 5(REFUSED)
//! ```

use std::net::IpAddr;

use crate::fact::Outcome;

/// A name as people write it: lower case, without the final dot.
pub(super) fn name(text: &str) -> String {
    // The root has no name but its dot.
    let bare = text.trim_end_matches('.');
    if bare.is_empty() { text.to_owned() } else { bare.to_ascii_lowercase() }
}

/// Response codes (RFC 1035 section 4.1.1, RFC 6895), spelled as BIND does or as Windows does.
pub(super) fn of_rcode(rcode: &str) -> Option<Outcome> {
    Some(match rcode {
        "NOERROR" => Outcome::Ok,
        "NXDOMAIN" | "Non-existent domain" => Outcome::Nxdomain,
        "SERVFAIL" | "Server failed" => Outcome::Servfail,
        "REFUSED" | "NOTAUTH" | "Query refused" => Outcome::DnsRefused,
        "No answer" => Outcome::NoData,
        // The question itself is not understood.
        "FORMERR" | "NOTIMP" | "BADVERS" => Outcome::Unresolved,
        _ => return None,
    })
}

pub(super) fn is_record_type(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    matches!(word.as_str(), "A" | "AAAA" | "CNAME" | "MX" | "NS" | "TXT" | "SRV" | "SOA" | "PTR" | "ANY" | "CAA")
}

/// A server that did not answer, and how it failed to.
pub(super) fn server_error(text: &str) -> Option<(Option<IpAddr>, Outcome)> {
    let rest = text.trim_start_matches([';', ' ']);
    // Over TCP: "Connection to 10.0.0.1#53(10.0.0.1) for a.example failed: connection refused."
    if let Some((server, reason)) = rest.strip_prefix("Connection to ").and_then(|rest| rest.split_once(" failed: "))
        && let Some((address, _)) = server.split_once('#')
    {
        return Some((address.parse().ok(), unheard(server.split('(').next().unwrap_or(server), reason)));
    }
    // Knot's tools: "WARNING: response timeout for 10.0.0.1@53(UDP)".
    let rest = rest
        .strip_prefix("communications error to ")
        .or_else(|| rest.strip_prefix("WARNING: response timeout for "))
        .or_else(|| rest.strip_prefix("WARNING: failed to query server "))?;
    let (server, reason) = rest.split_once(": ").unwrap_or((rest, ""));
    let outcome = unheard(server, reason);
    Some((server.split(['#', '@']).next().and_then(|server| server.parse().ok()), outcome))
}

/// What became of a question that `10.0.0.1#53` did not answer.
fn unheard(server: &str, reason: &str) -> Outcome {
    match () {
        () if !reason.contains("refused") => Outcome::DnsTimeout,
        // That nobody listens for TLS or HTTPS says nothing of the port by which others ask.
        () if server.ends_with("#853") || server.ends_with("#443") => Outcome::Unresolved,
        () => Outcome::DnsUnreachable,
    }
}

/// The last word when every server has failed.
pub(super) fn gave_up(text: &str) -> bool {
    text.contains("no servers could be reached") || text.starts_with(";; ERROR: failed to query server")
}

/// What such a word tells where nothing stands above it: Knot's tools say so of a server that cannot be reached or trusted, too.
pub(super) fn no_answer(text: &str) -> Outcome {
    if text.starts_with(";; ERROR") { Outcome::Unresolved } else { Outcome::DnsTimeout }
}

/// The server and the seconds of `SOA ns1.a.example. … 2026112803 7200 900 1209600 300 from server 198.18.53.30 in 0 ms.` (`+nssearch`).
pub(super) fn zone_at(text: &str) -> Option<(Option<IpAddr>, Option<f64>)> {
    let (server, took) = text.strip_prefix("SOA ")?.split_once(" from server ")?.1.split_once(" in ")?;
    let seconds = took.strip_suffix(" ms.")?.parse::<f64>().ok()? / 1000.0;
    Some((server.parse().ok(), Some(seconds)))
}
