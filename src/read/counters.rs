//! The kernel's TCP counters that matter here, whichever program prints them: `nstat`, `netstat -s` or /proc/net.

use super::{Findings, observable};
use crate::evidence::Lines;
use crate::fact::Endpoint;

/// What is counted since the host started, or since the last call of `nstat`: by its name in RFC 4022 or among Linux' TCP extensions, and by
/// the sentence of net-tools 1.60 to 2.10, where it has one of its own.
const COUNTERS: &[(&str, &str, &str)] = &[
    ("TcpRetransSegs", "segments retransmitted", observable::TCP_RETRANSMITS),
    ("TcpRetransSegs", "segments retransmited", observable::TCP_RETRANSMITS),
    ("TcpExtListenOverflows", "times the listen queue of a socket overflowed", observable::LISTEN_OVERFLOWS),
    ("TcpExtListenDrops", "SYNs to LISTEN sockets dropped", observable::LISTEN_DROPS),
    ("TcpExtIPReversePathFilter", "", observable::REVERSE_PATH_DROPS),
    ("TcpAttemptFails", "failed connection attempts", observable::TCP_ATTEMPTS_FAILED),
    ("TcpEstabResets", "connection resets received", observable::TCP_RESETS),
    ("TcpExtTCPTimeouts", "other TCP timeouts", observable::TCP_TIMEOUTS),
    ("TcpExtTCPSynRetrans", "", observable::TCP_SYN_RETRANSMITS),
    ("TcpExtTCPAbortOnTimeout", "connections aborted due to timeout", observable::TCP_ABORTED),
    ("IpOutDiscards", "outgoing packets dropped", observable::PACKETS_DROPPED),
];

/// The observable of a counter by its name.
pub(super) fn named(name: &str) -> Option<&'static str> {
    COUNTERS.iter().find(|(known, ..)| *known == name).map(|(.., observable)| *observable)
}

/// The observable of a line of `netstat -s`, and the count: `    123 segments retransmitted`, `    TCPSynRetrans: 25`.
pub(super) fn of_netstat(text: &str) -> Option<(&'static str, u64)> {
    let (first, rest) = text.trim().split_once(' ')?;
    // What has no sentence of its own is printed by its name.
    if let Some(name) = first.strip_suffix(':') {
        let known = COUNTERS.iter().find(|(known, ..)| known.strip_prefix("TcpExt") == Some(name));
        return Some((known?.2, rest.trim().parse().ok()?));
    }
    let known = COUNTERS.iter().find(|(_, sentence, _)| *sentence == rest.trim_end_matches('.'));
    Some((known?.2, first.parse().ok()?))
}

/// Records the count.
pub(super) fn tell(observable: &str, line: u32, count: u64, findings: &mut Findings) {
    let value = if count > 0 { "some" } else { "none" };
    findings.state(Lines::one(line), observable, value, Endpoint::default(), count.to_string());
}
