//! The words that a link writes as numbers. The order is part of version 1: words are only ever added, at the end.

use super::LinkError;
use super::stream::{Reader, Writer};

/// Words with a number each.
pub(super) struct Words {
    /// What they are, for the sentence that refuses an unknown one.
    pub what: &'static str,
    pub list: &'static [&'static str],
}

impl Words {
    /// Writes a word by its number, from 1. One that has none is written out, behind a 0.
    pub(super) fn write(&self, word: &str, writer: &mut Writer) -> Result<(), LinkError> {
        match self.list.iter().position(|known| *known == word) {
            Some(position) => writer.number(u32::try_from(position + 1).unwrap_or(u32::MAX)),
            None => {
                writer.number(0);
                writer.text(word)?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// [`LinkError::Unsound`] for a number that only a later Hopwise knows.
    pub(super) fn read(&self, reader: &mut Reader) -> Result<String, LinkError> {
        let code = reader.whole(u32::MAX)? as usize;
        match code.checked_sub(1) {
            None => reader.text(),
            Some(position) => {
                self.list.get(position).map(|word| (*word).to_owned()).ok_or_else(|| self.unknown(&code.to_string()))
            }
        }
    }

    pub(super) fn unknown(&self, word: &str) -> LinkError {
        LinkError::Unsound(format!(
            "it names the {} \"{word}\", which this Hopwise does not know; a newer one may",
            self.what
        ))
    }
}

pub(super) const KINDS: Words = Words {
    what: "kind of node",
    list: &[
        "client",
        "dns",
        "load_balancer",
        "proxy",
        "service",
        "database",
        "cache",
        "queue",
        "function",
        "job",
        "gateway",
        "firewall",
        "k8s_node",
        "k8s_service",
        "pod",
        "storage",
        "external",
        "other",
        "lb",
        "pool",
        "connection_pool",
        "k8s_nodeport",
        "vpc_peering",
    ],
};

/// Names of the numbers in facts.
pub(super) const NUMBERS: Words = Words {
    what: "number",
    list: &[
        "errors",
        "targets",
        "requests",
        "listeners",
        "period_s",
        "interval_s",
        "in_use",
        "waiting",
        "rps",
        "hold_s",
        "runs_s",
        "age_h",
        "age_s",
        "lifetime_s",
        "body",
    ],
};

pub(super) const STAGES: Words = Words { what: "stage", list: &["resolve", "connect", "tls", "exchange"] };

pub(super) const OUTCOMES: Words = Words {
    what: "outcome",
    list: &[
        "ok",
        "nxdomain",
        "no_data",
        "servfail",
        "dns_refused",
        "dns_timeout",
        "dns_unreachable",
        "dns_slow",
        "unresolved",
        "connect_timeout",
        "overtaken",
        "connect_slow",
        "refused",
        "unreachable",
        "no_local_route",
        "no_local_port",
        "tls_expired",
        "tls_not_yet_valid",
        "tls_wrong_name",
        "tls_self_signed",
        "tls_untrusted",
        "tls_plaintext",
        "tls_version",
        "tls_closed",
        "tls_hang",
        "tls_client_certificate",
        "reset",
        "empty_reply",
        "hang",
        "truncated",
        "garbled",
        "slow",
        "redirect_loop",
        "http_400",
        "http_401",
        "http_403",
        "http_404",
        "http_413",
        "http_421",
        "http_429",
        "http_4xx",
        "http_500",
        "http_502",
        "http_503",
        "http_504",
        "http_5xx",
    ],
};

pub(super) const PROTOCOLS: Words = Words {
    what: "protocol",
    list: &[
        "", "http", "https", "tcp", "dns", "tls", "udp", "grpc", "postgres", "mysql", "redis", "amqp", "HTTP/1.1",
        "HTTP/2", "HTTP/1.0", "icmp",
    ],
};

/// What printed a text.
pub(super) const TOOLS: Words = Words {
    what: "tool",
    list: &[
        "unknown",
        "curl",
        "dig",
        "nc",
        "ping",
        "mtr",
        "traceroute",
        "tracepath",
        "note",
        "openssl",
        "nginx",
        "haproxy",
        "ss",
        "tcpdump",
        "kubectl",
        "nslookup",
        "host",
        "getent",
        "counts",
    ],
};
