//! What a packet filter rule says, whichever program lists it: `iptables` or `nft`.

use std::net::IpAddr;

use super::{Findings, observable};
use crate::evidence::Lines;
use crate::fact::Endpoint;

/// What happens to a packet that a rule matches.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Accept,
    Drop,
    Reject,
}

impl Verdict {
    pub(super) fn of(word: &str) -> Option<Verdict> {
        match word.trim_end_matches(';').to_ascii_lowercase().as_str() {
            "accept" => Some(Verdict::Accept),
            "drop" => Some(Verdict::Drop),
            "reject" => Some(Verdict::Reject),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Drop => "drop",
            Verdict::Reject => "reject",
        }
    }
}

/// One rule of a chain.
pub(super) struct Rule<'a> {
    pub chain: &'a str,
    pub verdict: Verdict,
    /// Address or network the rule is about; nothing where it matches any.
    pub destination: Option<&'a str>,
    pub ports: Vec<u16>,
    /// Nothing where the listing does not count.
    pub packets: Option<u64>,
    /// The rule as it is written.
    pub text: &'a str,
}

impl Rule<'_> {
    /// Records the rule if it is known to have met packets, or, uncounted, if it is there to stop them.
    pub(super) fn tell(&self, line: u32, findings: &mut Findings) {
        findings.noise(line);
        let stops = self.verdict != Verdict::Accept;
        let names_something = self.destination.is_some() || !self.ports.is_empty();
        let met = match self.packets {
            Some(packets) => packets > 0 && (stops || names_something),
            None => stops,
        };
        // Whether pings pass says nothing of what else does: `icmp type echo-request`, `icmptype 8`, `--icmp-type 8`.
        let is_of_pings = ["echo-request", "icmptype 8", "icmp-type 8", "DROP 1 ", "REJECT 1 "];
        let is_of_pings = is_of_pings.iter().any(|ping| self.text.contains(ping));
        if !met {
            return;
        }
        // nft writes the count into the rule itself.
        let count = self.packets.filter(|_| !self.text.contains("packets "));
        let count = count.map(|packets| format!(", {packets} packets")).unwrap_or_default();
        let detail = format!("{}: {}{count}", self.chain, self.text.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut of = destination(self.destination);
        let ports: Vec<Option<u16>> = self.ports.iter().copied().map(Some).collect();
        for port in if ports.is_empty() { vec![None] } else { ports } {
            of.port = port;
            let observable = if is_of_pings { observable::FIREWALL_PINGS } else { observable::FIREWALL_RULE };
            findings.state(Lines::one(line), observable, self.value(), of.clone(), detail.clone());
        }
    }

    /// What it does to whom it concerns: one that only stops what comes too often or at once lets the rest pass.
    fn value(&self) -> &'static str {
        // nft's `limit rate over` and `ct count over`; iptables' hashlimit and connlimit, as listed and as saved.
        const LIMITS: [&str; 6] = [
            "limit rate over ",
            "ct count over ",
            "limit: above ",
            "#conn ",
            "--hashlimit-above ",
            "--connlimit-above ",
        ];
        let limits = self.verdict != Verdict::Accept && LIMITS.iter().any(|limit| self.text.contains(limit));
        if limits { "limit" } else { self.verdict.word() }
    }
}

/// Records what a chain does with packets that no rule matches, if that stops them.
pub(super) fn policy(line: u32, chain: &str, verdict: Verdict, packets: Option<u64>, findings: &mut Findings) {
    findings.noise(line);
    if verdict != Verdict::Accept && packets != Some(0) {
        let count = packets.map(|packets| format!(", {packets} packets")).unwrap_or_default();
        let (policy, detail) = (observable::FIREWALL_POLICY, format!("{chain}{count}"));
        findings.state(Lines::one(line), policy, verdict.word(), Endpoint::default(), detail);
    }
}

/// One address, or a network by its name.
fn destination(text: Option<&str>) -> Endpoint {
    let Some(text) = text.filter(|text| !matches!(*text, "0.0.0.0/0" | "::/0" | "anywhere")) else {
        return Endpoint::default();
    };
    let host = text.strip_suffix("/32").or_else(|| text.strip_suffix("/128")).unwrap_or(text);
    match host.parse::<IpAddr>() {
        Ok(address) => Endpoint::at(address, None),
        Err(_) => Endpoint { name: Some(text.to_owned()), ..Endpoint::default() },
    }
}
