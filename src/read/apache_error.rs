//! Reads Apache's error log, 2.2 and 2.4.
//!
//! ```text
//! [Sat Nov 21 01:52:45.569531 2026] [proxy:error] [pid 4101:tid 2992] (111)Connection refused: AH00957: HTTP: attempt to connect to 10.0.3.1:8080 (10.0.3.1) failed
//! [Sat Jun 01 02:17:42 2013] [error] [client 192.168.33.1] File does not exist: /srv/http/site/favicon.ico
//! ```
//!
//! The numbers are those of the APLOGNO marks in httpd's sources (`modules/proxy/proxy_util.c`, `server/mpm`).

use super::log_line::{LogLine, is_time};
use super::observable::{COMPLAINT, PROXY_REASON, SERVER_CHECK};
use super::pick::{between, host_port, word_after};
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "apache", most: 0.96, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any_message(|text| entry(text).is_some()) { 0.96 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        let log = LogLine::parse(&line.text);
        let Some((level, said)) = entry(log.message) else { continue };
        let at = Lines::one(line.number);
        if matches!(level, "notice" | "info" | "debug" | "warn")
            || level.starts_with("trace")
            || said.contains("AH01114:")
            || said.contains("AH01097:")
        {
            // AH01114 and AH01097 repeat what failed, without saying why.
            findings.noise(line.number);
        }
        // "AH00959: ap_proxy_connect_backend disabling worker for (10.0.3.1:8080) for 60s"
        if let Some(to) = between(said, "disabling worker for (", ")").and_then(host_port) {
            findings.state(at, SERVER_CHECK, "down_other", to, said);
        }
        if let Some((to, tests, outcome)) = upstream(said) {
            let attempt = Attempt { to, from: log.origin(), ..Attempt::new(tests, outcome) };
            findings.fact(at, Claim::Attempt(attempt));
        }
        if let Some(name) = unresolved(said) {
            findings.fact(at, Claim::Lookup(Lookup::new(name, Outcome::Unresolved)));
        }
        let grave = matches!(level, "emerg" | "alert" | "crit")
            || (level == "error"
                && (said.contains(" SNI")
                    || said.contains("Certificate Verification: ")
                    || said.contains("SSL Library Error")));
        if grave && reason(said).is_none() && upstream(said).is_none() {
            findings.state(at, COMPLAINT, "failed", Endpoint::default(), said.chars().take(160).collect::<String>());
        }
        if said.contains("Error reading from remote server")
            && findings.facts.last().is_some_and(|fact| fact.lines.last + 1 == line.number)
        {
            // Told on the line above, with the reason.
            findings.noise(line.number);
        } else if let Some(reason) = reason(said) {
            findings.state(at, PROXY_REASON, reason, Endpoint::default(), said.chars().take(160).collect::<String>());
        }
    }
}

/// The level and message of `[date] [module:level] [pid …] [client …] message`.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (date, mut rest) = text.strip_prefix('[')?.split_once("] [")?;
    let dated = date.split(' ').count() >= 5 && date.split(' ').any(is_time);
    let (level, after) = rest.split_once("] ")?;
    let level = level.rsplit(':').next().unwrap_or(level);
    let known = matches!(level, "emerg" | "alert" | "crit" | "error" | "warn" | "notice" | "info" | "debug")
        || level.starts_with("trace");
    (dated && known).then_some(())?;
    rest = after;
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        rest = after;
    }
    Some((level, rest))
}

/// The name that mod_proxy found no address for: `AH00898: DNS lookup failure for: app.internal returned by /cart`.
fn unresolved(said: &str) -> Option<&str> {
    between(said, "DNS lookup failure for: ", " returned by ").filter(|name| !name.is_empty() && !name.contains(' '))
}

/// The request that mod_proxy sent on and lost.
fn upstream(said: &str) -> Option<(Endpoint, Stage, Outcome)> {
    if said.contains("AH00957:") || said.contains(": attempt to connect to ") {
        let to = host_port(word_after(said, "attempt to connect to ")?)?;
        let outcome = match () {
            () if said.starts_with("(111)") || said.starts_with("(61)") => Outcome::Refused,
            () if said.starts_with("(110)") || said.starts_with("(70007)") || said.starts_with("(60)") => {
                Outcome::ConnectTimeout
            }
            () if said.starts_with("(113)") => Outcome::Unreachable,
            () if said.starts_with("(101)") => Outcome::NoLocalRoute,
            () if said.starts_with("(99)") => Outcome::NoLocalPort,
            () => return None,
        };
        return Some((to, Stage::Connect, outcome));
    }
    // "AH01084: pass request body failed to 10.0.3.1:8080 (10.0.3.1)"
    if let Some(to) = word_after(said, "AH01084: pass request body failed to ").and_then(host_port) {
        let cut = said.starts_with("(104)") || said.starts_with("(32)");
        return Some((to, Stage::Exchange, if cut { Outcome::Reset } else { Outcome::Unserved }));
    }
    // "AH01102: error reading status line from remote server 10.0.3.1:8080"
    let to = host_port(word_after(said, "error reading status line from remote server ")?)?;
    let outcome = match () {
        () if said.starts_with("(70007)") => Outcome::Hang,
        () if said.starts_with("(104)") => Outcome::Reset,
        () if said.starts_with("(70014)") || said.starts_with("(20014)") => Outcome::EmptyReply,
        () => return None,
    };
    Some((to, Stage::Exchange, outcome))
}

/// The reason for an answer of Apache's own, as a value of `proxy.reason`.
fn reason(said: &str) -> Option<&'static str> {
    if let Some((_, _, outcome)) = upstream(said) {
        return Some(match outcome {
            Outcome::Refused => "upstream_refused",
            Outcome::ConnectTimeout | Outcome::Hang => "upstream_timeout",
            Outcome::NoLocalPort => "ports_exhausted",
            Outcome::Reset | Outcome::EmptyReply => "upstream_closed",
            _ => return None,
        });
    }
    let numbered = between(said, "AH", ":").filter(|number| number.len() == 5).unwrap_or_default();
    match numbered {
        "01630" | "01797" => Some("forbidden_by_rule"),
        "00161" | "00484" | "10159" => Some("connections_exhausted"),
        "00898" if said.contains("Error reading from remote server") => Some("upstream_closed"),
        "00898" if said.contains("Error during SSL Handshake with remote server") => Some("upstream_tls"),
        _ if said.starts_with("client denied by server configuration") => Some("forbidden_by_rule"),
        _ if said.contains("server reached MaxClients setting") => Some("connections_exhausted"),
        _ if said.starts_with("(24)Too many open files") => Some("fds_exhausted"),
        _ if said.starts_with("Requested content-length of ") => Some("body_too_large"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_name_without_an_address_is_a_question_to_a_name_server() {
        let text = "[Sat Nov 28 08:53:42.946797 2026] [proxy:error] [pid 23095:tid 23179] (EAI 2)Name or service not known: [client 198.51.100.112:46048] AH00898: DNS lookup failure for: 10.112.9.4:8080cart returned by /shop/cart/open";
        assert_eq!(told(READER, text), ["the lookup of 10.112.9.4:8080cart could not resolve the name"]);
    }
}
