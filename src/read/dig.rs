//! Reads `dig`, 9.10 to 9.20, with its header, with `+noall +answer` or `+yaml`; also `kdig`, `drill` and `delv`, which print the same.
//!
//! ```text
//! ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 15239
//! ;; QUESTION SECTION:
//! ;pr-1043.preview.lumen.example.        IN      A
//! ;; Query time: 4 msec
//! ;; SERVER: 10.50.0.53#53(10.50.0.53) (UDP)
//! ```

use std::net::IpAddr;

use super::dns::{gave_up, of_rcode, server_error, zone_at};
use super::observable::COMPLAINT;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Lookup, Outcome};

mod asked;
mod dnssec;
mod ending;
mod line;
mod record;

use asked::Asked;
use dnssec::Keys;
use record::record;

pub(super) const READER: Reader = Reader { kind: "dig", most: 0.99, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with(";; ->>HEADER<<-") || text.contains("<<>> DiG ")) {
        return 0.99;
    }
    if part.runs("dig") && part.any(|text| bare_status(text).is_some()) {
        return 0.95;
    }
    if part.any(|text| {
        text.trim_start().starts_with(";; Query time: ")
            || text.starts_with(";; connection timed out; no servers")
            || (text.starts_with(";; ") && (server_error(text).is_some() || gave_up(text)))
            || text.starts_with(";; resolution failed: ")
            || matches!(text, "- type: MESSAGE" | "- type: DIG_ERROR")
    }) {
        return 0.95;
    }
    if part.any(|text| text.starts_with("Error: error sending query: ")) && part.runs("drill") {
        return 0.95;
    }
    if part.any(|text| zone_at(text).is_some()) {
        return 0.97;
    }
    if part.any(|text| record(text).is_some()) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let asked = part.command.as_ref().map(Asked::of_command).unwrap_or_default();
    let mut answer = Open::default();
    let mut keys = Keys::default();
    let yaml = part.any(|text| text == "- type: MESSAGE");
    for line in &part.lines {
        // Quoted in a document, everything is indented.
        let text = if yaml { line.text.trim_end() } else { line.text.trim() };
        let known = match yaml {
            true => answer.line(line.number, &from_yaml(text), &asked, findings),
            false => answer.line(line.number, text, &asked, findings),
        };
        if let Some((server, seconds)) = zone_at(text) {
            let name = asked.name.clone().unwrap_or_default();
            let lookup = Lookup { record: "SOA".to_owned(), server, seconds, ..Lookup::new(&name, Outcome::Ok) };
            findings.fact(Lines::one(line.number), Claim::Lookup(lookup));
        } else if text == "; Transfer failed." {
            let of = asked.server.map(|server| Endpoint::at(server, Some(53))).unwrap_or_default();
            findings.state(Lines::one(line.number), COMPLAINT, "declines", of, "the transfer of the zone failed");
        }
        if keys.line(line.number, text) || known || yaml {
            findings.noise(line.number);
        }
    }
    answer.finish(&asked, findings);
    keys.tell(findings);
}

/// Which records stand here.
#[derive(Default, Clone, Copy, PartialEq)]
enum Section {
    /// `+noall +answer` and `+trace` print records without a heading.
    #[default]
    Unmarked,
    Answer,
    /// Authority and additional records are not what was asked for.
    Beside,
}

/// One answer while its lines are coming.
#[derive(Default)]
struct Open {
    section: Section,
    first: Option<u32>,
    last: u32,
    status: Option<Outcome>,
    trouble: Option<Outcome>,
    name: Option<String>,
    record: Option<String>,
    server: Option<IpAddr>,
    seconds: Option<f64>,
    addresses: Vec<IpAddr>,
    aliases: Vec<String>,
    /// Whether it names hosts that receive mail.
    mail: bool,
    /// What the records hold that are neither an address nor an alias.
    values: Vec<(u32, String)>,
    ttl: Option<u32>,
    owner: Option<String>,
    /// How many records answer, as the line with the flags counts them.
    answers: Option<u32>,
    /// Name servers to ask instead, and no word of the zone's own that there is nothing.
    referral: Option<(u32, String, String)>,
    /// Where it says that it keeps the answer back, and in which words.
    withheld: Option<(u32, String)>,
    question_only: bool,
    /// What came was no whole message, or had to be fetched once more over TCP.
    malformed: bool,
    truncated: bool,
    /// The answer itself says that it holds only as much as went into it: the flag `tc`.
    cut: bool,
}

/// What `grep -o 'status: [A-Z]*'` leaves of the header.
fn bare_status(text: &str) -> Option<Outcome> {
    of_rcode(text.trim_start().strip_prefix("status: ")?.trim_end_matches(','))
}

/// A line of `+yaml` as the same answer prints without it.
fn from_yaml(text: &str) -> String {
    let text = text.trim().trim_start_matches("- ").trim_matches('\'');
    if let Some(section) = text.strip_suffix("_SECTION:") {
        return format!(";; {section} SECTION:");
    }
    match text.split_once(": ") {
        Some(("status", status)) => format!(";; ->>HEADER<<- opcode: QUERY, status: {status}, id: 0"),
        Some(("response_address", server)) => format!(";; SERVER: {server}#53"),
        _ if text.split(' ').count() == 3 && text.contains(". IN ") => format!(";{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn what_a_filter_leaves_of_kdig_tells_how_long_each_answer_took() {
        let one = "shop.lab.example.\t5\tIN\tA\t10.0.0.5\n;; Received 56 B\n;; From 10.0.0.9@53(UDP) in 2108.2 ms\n";
        let told = told(READER, &one.repeat(2));
        assert_eq!(told, ["shop.lab.example resolved to 10.0.0.5, after 2.1 s"; 2]);
    }

    #[test]
    fn a_question_in_full_is_no_answer() {
        let question = ";; ->>HEADER<<- opcode: QUERY, rcode: NOERROR, id: 0\n;; flags: rd ; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0 \n\
                        ;; QUESTION SECTION:\n;; shop.lab.example.\tIN\tA\n\n;; ANSWER SECTION:\n\n;; Query time: 0 msec\n";
        assert_eq!(told(READER, question), [""; 0]);
        let answer = ";; ->>HEADER<<- opcode: QUERY, rcode: NOERROR, id: 63607\n;; flags: qr aa rd ra ; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0 \n\
                      ;; QUESTION SECTION:\n;; shop.lab.example.\tIN\tA\n\n;; ANSWER SECTION:\nshop.lab.example.\t0\tIN\tA\t198.18.5.10\n";
        assert_eq!(told(READER, &format!("{question}{answer}")), ["shop.lab.example resolved to 198.18.5.10"]);
    }

    #[test]
    fn each_name_of_one_list_keeps_its_own_addresses() {
        let text = "shop.lab.example.\t0s\tIN\tA\t198.18.5.10\nwww.lab.example.\t60\tIN\tCNAME\ttwo.lab.example.\n\
                    two.lab.example.\t0s\tIN\tA\t198.18.5.10\ntwo.lab.example.\t0s\tIN\tA\t198.18.5.77\n";
        assert_eq!(
            told(READER, text),
            ["shop.lab.example resolved to 198.18.5.10", "www.lab.example resolved to 198.18.5.10, 198.18.5.77",]
        );
    }

    #[test]
    fn an_answer_that_cannot_be_proved_is_no_silence() {
        let text = ";; REFUSED unexpected RCODE resolving 'example/DS/IN': 198.18.5.10#53\n\
                    ;; broken trust chain resolving 'v6.lab.example/A/IN': 198.18.5.10#53\n;; resolution failed: broken trust chain";
        assert_eq!(told(READER, text), ["the lookup of v6.lab.example got an answer whose signature does not hold"]);
    }
}
