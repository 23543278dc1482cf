//! Lines of `openssl s_client` that say nothing of use: headings, keys, tickets, what the session is made of.
//!
//! ```text
//! Server Temp Key: X25519, 253 bits
//!     Session-ID: 4FF1A3…
//! ```

/// Whether a line is one of them.
pub(super) fn says_nothing(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "---",
        "depth=",
        "Certificate chain",
        "Server certificate",
        "No client certificate CA names sent",
        "Requested Signature Algorithms",
        "Shared Requested Signature Algorithms",
        "Peer signature type",
        "Server Temp Key",
        "Peer Temp Key",
        "Negotiated TLS1.3 group",
        "Verification: OK",
        "Verified peername",
        "Server public key is",
        "Secure Renegotiation",
        "This TLS version forbids",
        "Compression:",
        "Expansion:",
        "No ALPN negotiated",
        "ALPN protocol:",
        "Early data was not sent",
        "SSL-Session:",
        "Post-Handshake New Session Ticket",
        "read R BLOCK",
        "DONE",
        "closed",
        "QUIT",
        "Can't use SSL_get_servername",
        "Ciphersuite:",
        "Hash used:",
        "Signature type:",
        "Protocol: TLS",
        "Supported Elliptic",
        "Peer signing",
        "New, ",
        "Reused, ",
        "SSL3 alert",
        "OCSP response",
    ];
    const SESSION: &[&str] = &[
        "Protocol  :",
        "Cipher    :",
        "Session-ID",
        "Resumption PSK",
        "PSK identity",
        "SRP username",
        "TLS session ticket",
        "Start Time:",
        "Timeout   :",
        "Extended master secret",
        "Max Early Data",
        "Master-Key",
        "Key-Arg",
        "Compression:",
    ];
    let inner = text.trim_start();
    text.is_empty()
        || STARTS.iter().any(|start| text.starts_with(start))
        || SESSION.iter().any(|start| text.starts_with(' ') && inner.starts_with(start))
}
