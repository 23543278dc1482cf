//! Reads tinyproxy's log: whom it connected to, whom it could not, and what its own rules refused.
//!
//! ```text
//! CONNECT   Nov 29 11:51:13.719 [7611]: Request (file descriptor 2): CONNECT blocked.example:443 HTTP/1.1
//! NOTICE    Nov 29 11:51:13.722 [7611]: Proxying refused on filtered domain "blocked.example"
//! INFO      Nov 29 11:51:13.763 [7611]: opensock: opening connection to 10.77.1.20:3128
//! ERROR     Nov 29 11:51:13.769 [7611]: opensock: Could not establish a connection to 10.77.1.20:3128
//! CONNECT   Nov 29 11:51:13.814 [7611]: Established connection to host "10.77.1.20" using file descriptor 3.
//! INFO      Nov 29 11:51:13.823 [7611]: process_server_headers failed: Connection reset by peer. host "10.77.1.20" using file descriptor 3.
//! ```

use super::log_line::LogLine;
use super::observable::PROXY_REASON;
use super::pick::{between, host_port};
use super::request::endpoint;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "tinyproxy", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    const OWN: [&str; 4] =
        [" tinyproxy[", "]: opensock: ", "]: Connect (file descriptor ", "]: Request (file descriptor "];
    let own = |text: &str| OWN.iter().any(|words| text.contains(words));
    if part.any(own) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    // Where the connection leads that is being opened; the line of its success names no port.
    let mut to = Endpoint::default();
    for line in &part.lines {
        let at = Lines::one(line.number);
        let text = line.text.as_str();
        findings.noise(line.number);
        let said = text.split_once("]: ").map_or(text, |(_, said)| said);
        let log = LogLine::parse(text).origin();
        let attempt = |to: &Endpoint, outcome: Outcome, tests: Stage| {
            let resolved = to.host.is_some();
            Claim::Attempt(Attempt { to: to.clone(), from: log.clone(), resolved, ..Attempt::new(tests, outcome) })
        };
        let sock = said.strip_prefix("opensock: ").unwrap_or_default();
        if let Some(place) = sock.strip_prefix("opening connection to ") {
            to = host_port(place).unwrap_or_default();
        } else if let Some(place) = sock.strip_prefix("Could not establish a connection to ").and_then(host_port) {
            findings.fact(at, attempt(&place, Outcome::Unconnected, Stage::Connect));
        } else if let Some((place, why)) =
            sock.strip_prefix("Could not retrieve address info for ").and_then(|rest| rest.split_once(": "))
            && let Some(host) = host_port(place).and_then(|place| place.host)
        {
            let outcome = driver::unresolved(why).unwrap_or(Outcome::Unresolved);
            findings.fact(at, Claim::Lookup(Lookup::new(&host, outcome)));
        } else if let Some(host) = between(said, "host \"", "\"") {
            // Of several at once, or over a proxy of its own, it names another than the last that was opened.
            let named = endpoint(host, None);
            let to = if to.host == named.host && to.address == named.address { &to } else { &named };
            let outcome = match said.strip_prefix("process_server_headers failed: ") {
                Some(why) if why.starts_with("Success.") => Some(Outcome::EmptyReply),
                Some(why) if why.starts_with("Resource temporarily unavailable.") => Some(Outcome::Hang),
                Some(why) => driver::errno(why),
                None => said.starts_with("Established connection").then_some(Outcome::Ok),
            };
            if let Some(outcome) = outcome {
                let tests = if outcome == Outcome::Ok { Stage::Connect } else { outcome.stage() };
                findings.fact(at, attempt(to, outcome, tests));
            }
        } else if ["Proxying refused on", "Refused CONNECT method", "Unauthorized connection from"]
            .iter()
            .any(|opening| said.starts_with(opening))
        {
            findings.state(at, PROXY_REASON, "forbidden_by_rule", Endpoint::default(), said);
        } else if said.starts_with("Maximum number of connections reached") {
            findings.state(at, PROXY_REASON, "connections_exhausted", Endpoint::default(), said);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    #[test]
    fn who_else_speaks_of_a_file_descriptor_is_not_tinyproxy() {
        let reading = read("accept failed: Too many open files (file descriptor 1024)\n", None, None);
        assert!(reading.blocks.iter().all(|block| block.kind != "tinyproxy"));
    }
}
