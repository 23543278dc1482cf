//! A proxy that is asked in place of the host.

use super::Timeline;
use crate::evidence::Lines;
use crate::read::{Findings, observable};

impl Timeline {
    /// The proxy was reached, and it did not reach whom it was asked for.
    pub(super) fn refused_by_socks(&mut self, number: u32, target: &str, code: &str, findings: &mut Findings) {
        self.finish(findings);
        self.saw_attempt = true;
        let reason = match code {
            "2" => "forbidden_by_rule",
            "5" => "upstream_refused",
            _ => "upstream_unreached",
        };
        let of = self.proxy.clone().unwrap_or_default();
        let detail = format!("SOCKS reply {code} for {target}");
        findings.state(Lines::one(number), observable::PROXY_REASON, reason, of, detail);
    }

    /// That a proxy was asked, beside what became of it.
    pub(in crate::read::curl_verbose) fn tell_proxy(&self, findings: &mut Findings) {
        let Some((proxy, fact)) = self.proxy.as_ref().zip(findings.facts.first()) else { return };
        let at = Lines::one(self.proxy_line.unwrap_or(fact.lines.first));
        let detail = if self.request.to.is_empty() { String::new() } else { format!("for {}", self.request.to) };
        findings.state(at, observable::PROXY, "used", proxy.clone(), detail);
    }
}
