//! A proxy that is asked in place of the host.

use super::Timeline;
use crate::evidence::Lines;
use crate::read::{Findings, observable};

impl Timeline {
    /// That a proxy was asked, beside what became of it.
    pub(in crate::read::curl_verbose) fn tell_proxy(&self, findings: &mut Findings) {
        let Some((proxy, fact)) = self.proxy.as_ref().zip(findings.facts.first()) else { return };
        let at = Lines::one(self.proxy_line.unwrap_or(fact.lines.first));
        let detail = if self.request.to.is_empty() { String::new() } else { format!("for {}", self.request.to) };
        findings.state(at, observable::PROXY, "used", proxy.clone(), detail);
    }
}
