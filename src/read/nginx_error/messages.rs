//! The wordings of nginx's errors and what they mean.

use crate::fact::{Outcome, Stage};

/// How far a request to an upstream came, from what nginx says of it.
pub(super) fn upstream_failure(said: &str) -> Option<(Stage, Outcome)> {
    let has = |words: &str| said.contains(words);
    if has("upstream SSL certificate") || has("while SSL handshaking to upstream") {
        let outcome = if has("upstream timed out") { Some(Outcome::TlsHang) } else { handshake_failure(said) };
        return outcome.map(|outcome| (Stage::Tls, outcome));
    }
    if has("while connecting to upstream") {
        let outcome = match () {
            // Linux, the BSDs with macOS, and Windows have numbers of their own.
            () if has("(111: ") || has("(61: ") || has("(10061: ") => Outcome::Refused,
            () if has("(110: ") || has("(60: ") || has("(10060: ") => Outcome::ConnectTimeout,
            () if has("(113: ") || has("(65: ") || has("(10065: ") => Outcome::Unreachable,
            () if has("(101: ") || has("(51: ") || has("(10051: ") => Outcome::NoLocalRoute,
            () if has("(99: ") => Outcome::NoLocalPort,
            () => return None,
        };
        return Some((Stage::Connect, outcome));
    }
    let reset = has("(104: ") || has("(54: ") || has("(10054: ");
    let before_head = has("while reading response header from upstream") || has("while sending request to upstream");
    let outcome = match () {
        () if has("upstream timed out") && before_head => Outcome::Hang,
        () if has("upstream timed out") && has("while proxying upgraded connection") => Outcome::Truncated,
        () if has("prematurely closed connection") && has("client") => return None,
        () if has("prematurely closed connection") && before_head => Outcome::EmptyReply,
        () if reset && before_head => Outcome::Reset,
        // It broke the answer off itself: none of the rest came for so long (`proxy_read_timeout`).
        () if has("while reading upstream") && has("timed out") => Outcome::SlowBody,
        () if has("while reading upstream") && (reset || has("prematurely closed")) => Outcome::Truncated,
        () if has("upstream sent no valid HTTP/") || has("upstream sent invalid ") => Outcome::Garbled,
        () => return None,
    };
    Some((Stage::Exchange, outcome))
}

/// How a TLS handshake failed: OpenSSL's words, or the number of a verification error (`x509_vfy.h`).
pub(super) fn handshake_failure(said: &str) -> Option<Outcome> {
    let words = [
        ("verify error: (10:", Outcome::TlsExpired),
        ("certificate has expired", Outcome::TlsExpired),
        ("alert certificate expired", Outcome::TlsExpired),
        ("verify error: (9:", Outcome::TlsNotYetValid),
        ("verify error: (18:", Outcome::TlsSelfSigned),
        ("verify error: (19:", Outcome::TlsSelfSigned),
        ("verify error: (20:", Outcome::TlsUntrusted),
        ("verify error: (21:", Outcome::TlsUntrusted),
        ("alert unknown ca", Outcome::TlsUntrusted),
        ("certificate does not match", Outcome::TlsWrongName),
        ("wrong version number", Outcome::TlsPlaintext),
        ("http request", Outcome::TlsPlaintext),
        ("packet length too long", Outcome::TlsPlaintext),
        ("unrecognized name", Outcome::TlsFailed),
        ("no shared cipher", Outcome::TlsVersion),
        ("unsupported protocol", Outcome::TlsVersion),
        ("alert protocol version", Outcome::TlsVersion),
        ("alert handshake failure", Outcome::TlsVersion),
        ("version too low", Outcome::TlsVersion),
        ("peer closed connection in SSL handshake", Outcome::TlsClosed),
        ("(104: ", Outcome::TlsClosed),
        ("unexpected eof", Outcome::TlsClosed),
    ];
    words.into_iter().find(|(words, _)| said.contains(words)).map(|(_, outcome)| outcome)
}

/// The reason nginx gives for an answer of its own, as a value of `proxy.reason`.
pub(super) fn reason(said: &str) -> Option<&'static str> {
    let has = |words: &str| said.contains(words);
    if let Some((stage, outcome)) = upstream_failure(said) {
        return match (stage, outcome) {
            (Stage::Tls, _) => Some("upstream_tls"),
            (_, Outcome::Refused) => Some("upstream_refused"),
            (_, Outcome::ConnectTimeout | Outcome::Hang) => Some("upstream_timeout"),
            (_, Outcome::NoLocalPort) => Some("ports_exhausted"),
            (_, Outcome::Truncated) if has("timed out") => Some("upstream_timeout"),
            (_, Outcome::EmptyReply | Outcome::Reset | Outcome::Truncated) => Some("upstream_closed"),
            _ => None,
        };
    }
    let words = [
        ("limiting requests", "rate_limited"),
        ("limiting connections", "rate_limited"),
        ("access forbidden by rule", "forbidden_by_rule"),
        ("client intended to send too large body", "body_too_large"),
        ("upstream sent too big header", "header_too_big"),
        ("client sent too long header line", "header_too_big"),
        ("client sent too long URI", "header_too_big"),
        ("(24: Too many open files)", "fds_exhausted"),
        ("(13: Permission denied) while reading upstream", "buffer_unwritable"),
        ("(28: No space left on device) while reading upstream", "buffer_unwritable"),
        ("worker_connections are not enough", "connections_exhausted"),
        ("while reading PROXY protocol", "proxy_protocol"),
        ("no live upstreams", "no_server"),
        ("invalid port in upstream", "upstream_invalid"),
        ("no resolver defined to resolve", "upstream_invalid"),
        ("while proxying upgraded connection", "idle_timeout"),
        ("while proxying connection", "idle_timeout"),
        ("client prematurely closed connection", "client_left"),
        ("client closed connection", "client_left"),
    ];
    // A proxied stream ends in many ways; only its silence is the proxy's own decision.
    let ended = |value: &str| value != "idle_timeout" || has("timed out");
    words.into_iter().find(|(words, value)| has(words) && ended(value)).map(|(_, value)| value)
}
