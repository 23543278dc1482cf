//! Reads an answer of `kdig +json` (RFC 8427).
//!
//! ```text
//! {"RCODE": 0, "QNAME": "www.shop.example.", "QTYPEname": "A", "answerRRs": [{"TYPEname": "A", "TTL": 60, "rdataA": "203.0.113.10"}]}
//! ```

use std::net::IpAddr;

use serde_json::Value;

use super::dns::name;
use super::json::{documents, list, text};
use super::{Findings, Part, Reader};
use crate::fact::{Claim, Lookup, Outcome};

pub(super) const READER: Reader = Reader { kind: "dig", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let names = |key: &str| part.any(|text| text.contains(key));
    if names("\"QNAME\":") && names("\"QTYPEname\":") && names("\"msgLength\":") { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for document in documents(part) {
        let Some(answer) = document.parse() else { continue };
        let records = list(&answer, "answerRRs");
        let data = |key: &'static str| records.iter().map(move |record| text(record, key));
        let addresses: Vec<IpAddr> =
            data("rdataA").chain(data("rdataAAAA")).filter_map(|data| data.parse().ok()).collect();
        let aliases: Vec<String> = data("rdataCNAME").filter(|alias| !alias.is_empty()).map(name).collect();
        let record = text(&answer, "QTYPEname").to_owned();
        let outcome = match answer.get("RCODE").and_then(Value::as_u64) {
            Some(0) if addresses.is_empty() && matches!(record.as_str(), "A" | "AAAA") => Outcome::NoData,
            Some(0) => Outcome::Ok,
            Some(2) => Outcome::Servfail,
            Some(3) => Outcome::Nxdomain,
            Some(5) => Outcome::DnsRefused,
            _ => continue,
        };
        let lookup = Lookup { record, addresses, aliases, ..Lookup::new(text(&answer, "QNAME"), outcome) };
        findings.fact(document.lines, Claim::Lookup(lookup));
    }
}
