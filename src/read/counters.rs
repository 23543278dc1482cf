//! The kernel's TCP counters that matter here, whichever program prints them: `nstat`, `netstat -s` or /proc/net.

use super::{Findings, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

/// Counted since the host started, or since the last call of `nstat`.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Counter {
    Retransmits,
    ListenOverflows,
    ReversePathDrops,
}

impl Counter {
    /// The names of RFC 4022 and of Linux' TCP extensions.
    pub(super) fn named(name: &str) -> Option<Counter> {
        match name {
            "TcpRetransSegs" => Some(Counter::Retransmits),
            "TcpExtIPReversePathFilter" => Some(Counter::ReversePathDrops),
            "TcpExtListenOverflows" => Some(Counter::ListenOverflows),
            _ => None,
        }
    }

    /// Records the count.
    pub(super) fn tell(self, line: u32, count: u64, findings: &mut Findings) {
        let observable = match self {
            Counter::Retransmits => observable::TCP_RETRANSMITS,
            Counter::ListenOverflows => observable::LISTEN_OVERFLOWS,
            Counter::ReversePathDrops => observable::REVERSE_PATH_DROPS,
        };
        let state = State {
            observable: observable.to_owned(),
            value: if count > 0 { "some" } else { "none" }.to_owned(),
            of: Endpoint::default(),
            detail: count.to_string(),
        };
        findings.fact(Lines::one(line), Claim::State(state));
    }
}
