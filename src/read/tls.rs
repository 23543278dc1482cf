//! TLS failures across libraries: OpenSSL 1.0 to 3.6, LibreSSL, GnuTLS, NSS, Schannel, SecureTransport.
//!
//! ```text
//! curl: (60) SSL certificate problem: certificate has expired
//! schannel: next InitializeSecurityContext failed: SEC_E_UNTRUSTED_ROOT (0x80090325)
//! 4017FF68D77F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl3_record.c:350:
//! ```

use super::Findings;
use super::observable::{CERTIFICATE_NAMES, SERVER_NAME};
use crate::evidence::Lines;
use crate::fact::{Endpoint, Outcome};

/// Whether it is the alert of a server that has nothing under the name it was asked for, or was asked for none (RFC 6066, section 3).
/// No certificate was shown.
pub(super) fn is_about_server_name(said: &str) -> bool {
    ["unrecognized name", "unrecognized_name", "alert number 112", "alert [112]"]
        .iter()
        .any(|words| said.contains(words))
}

/// Records that alert: what it says depends on whether a name was sent.
pub(super) fn tell_server_name(number: u32, of: Endpoint, sent: bool, findings: &mut Findings) {
    let (observable, value, detail) = match sent {
        true => (CERTIFICATE_NAMES, "none", "the server does not know the name"),
        false => (SERVER_NAME, "missing", "the client sent none"),
    };
    findings.state(Lines::one(number), observable, value, of, detail);
}

/// TLS failures by what the libraries have in common: their reason words and codes, not their sentences.
pub(super) fn outcome(said: &str) -> Option<Outcome> {
    let lower = said.to_ascii_lowercase();
    if !is_of_tls(&lower) {
        return None;
    }
    of_an_alert(said, &lower)
        .or_else(|| first(OF_CERTIFICATES, &lower))
        .or_else(|| of_a_client_certificate(&lower))
        .or_else(|| first(OF_HANDSHAKES, &lower))
        .or_else(|| of_the_end(&lower))
}

/// What is said, and one of these words in it.
type Reasons = &'static [(Outcome, &'static [&'static str])];

/// What is wrong with the certificate that was shown, or that none can have been.
const OF_CERTIFICATES: Reasons = &[
    (
        Outcome::TlsExpired,
        &[
            "has expired",
            "certificate expired",
            "uses expired certificate",
            "sec_e_cert_expired",
            "expired_certificate",
            "badcert_expired",
            "peer certificate: expired",
        ],
    ),
    (Outcome::TlsNotYetValid, &["not yet valid", "not activated", "not yet activated"]),
    (
        Outcome::TlsWrongName,
        &[
            "no alternative certificate subject name",
            "wrong_principal",
            "does not match target",
            "does not match hostname",
            "match requested host",
            "subject alternative name matches",
            "hostname mismatch",
            "ip address mismatch",
            "badcert_cn_mismatch",
            "notvalidforname",
        ],
    ),
    // The server has sent all of its chain, up to an authority that signs itself (X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN).
    (Outcome::TlsUnknownRoot, &["certificate in certificate chain", "certificate in chain"]),
    (Outcome::TlsSelfSigned, &["self signed", "self-signed"]),
    (
        Outcome::TlsUntrusted,
        &[
            "local issuer",
            "unable to verify the first",
            "untrusted_root",
            "unknown_issuer",
            "unknown ca",
            "not trusted",
            "issuer is unknown",
            "known issuer",
            "locally verify the issuer",
            "badcert_not_trusted",
            "unknownissuer",
            "asn no signer error",
        ],
    ),
    (Outcome::TlsPlaintext, &["wrong version number", "unknown protocol", "record_too_long", "unexpected tls packet"]),
];

/// Why the two ends could not agree.
const OF_HANDSHAKES: Reasons = &[
    // Without the word "alert" it is what an end says that was left alone in the middle of the handshake.
    (Outcome::TlsClosed, &["ssl handshake failure"]),
    (
        Outcome::TlsVersion,
        &[
            "protocol version",
            "handshake failure",
            "no protocols available",
            "unsupported_function",
            "no cipher",
            "legacy sigalg",
            "unsupported protocol",
        ],
    ),
    // Nobody could say whether the certificate was withdrawn: that is no word on the certificate itself.
    (
        Outcome::TlsFailed,
        &["revocation_status_unknown", "revocation_offline", "no_revocation_check", "0x80092012", "0x80092013"],
    ),
];

fn first(reasons: Reasons, lower: &str) -> Option<Outcome> {
    reasons.iter().find(|(_, words)| has(lower, words)).map(|(outcome, _)| *outcome)
}

fn has(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|word| lower.contains(word))
}

fn is_of_tls(lower: &str) -> bool {
    const WORDS: &[&str] = &[
        "ssl",
        "tls",
        "schannel",
        "gnutls",
        "certificate",
        "sec_e_",
        "crypt_e_",
        "alert",
        "handshake",
        "nss error",
        "osstatus",
        "cert verify failed",
    ];
    let told = lower.starts_with("tlsv1") || lower.starts_with("alpn");
    has(lower, WORDS) && !told && !has(lower, &["verify ok", "verify result: ok"])
}

/// An alert is the other side's word: what it objects to is the certificate it was shown, or was not.
fn of_an_alert(said: &str, lower: &str) -> Option<Outcome> {
    // What SecureTransport's curl makes of any alert at this point; a certificate is only its guess.
    if is_about_server_name(said) || lower.starts_with("ssl peer handshake failed") {
        return Some(Outcome::TlsFailed);
    }
    let objections =
        ["unknown ca", "certificate expired", "bad certificate", "certificate unknown", "certificate required"];
    let alert = lower.contains("alert ") || lower.contains("remote error: tls: ");
    (alert && has(lower, &objections)).then_some(Outcome::TlsClientCertificate)
}

/// That one is wanted or missing; that none is sent by itself, or which, is no failure.
fn of_a_client_certificate(lower: &str) -> Option<Outcome> {
    let missing = ["requir", "missing", "needed", "not provided"];
    let wanted = lower.contains("client certificate") && has(lower, &missing);
    (wanted || has(lower, &["bad_certificate"])).then_some(Outcome::TlsClientCertificate)
}

/// Some other alert, or an end that hung up.
fn of_the_end(lower: &str) -> Option<Outcome> {
    if lower.starts_with("ssl connect error") || lower.contains(":ssl alert number ") {
        return Some(Outcome::TlsFailed);
    }
    const CLOSED: &[&str] = &[
        "reset by peer",
        // NSS: PR_CONNECT_RESET_ERROR.
        "nss error -5961",
        "syscall",
        "unexpected eof",
        "end_of_file",
        "failed to receive handshake",
        "lib(0)",
        "-9806",
        "closed abruptly",
    ];
    (!lower.contains("need more data") && has(lower, CLOSED)).then_some(Outcome::TlsClosed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each library is known to say; those that could not be run here come from public logs.
    const SAID: &[(&str, Outcome)] = &[
        ("error:140770FC:SSL routines:SSL23_GET_SERVER_HELLO:unknown protocol", Outcome::TlsPlaintext),
        ("error:1408F10B:SSL routines:ssl3_get_record:wrong version number", Outcome::TlsPlaintext),
        ("NSS error -12263 (SSL_ERROR_RX_RECORD_TOO_LONG)", Outcome::TlsPlaintext),
        ("error:0A00042E:SSL routines::tlsv1 alert protocol version", Outcome::TlsVersion),
        ("error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported", Outcome::TlsVersion),
        ("LibreSSL SSL_connect: SSL_ERROR_SYSCALL in connection to a.example:443", Outcome::TlsClosed),
        ("schannel: failed to receive handshake, SSL/TLS connection failed", Outcome::TlsClosed),
        ("NSS error -5938 (PR_END_OF_FILE_ERROR)", Outcome::TlsClosed),
        ("SSL certificate problem: certificate has expired", Outcome::TlsExpired),
        ("schannel: next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328)", Outcome::TlsExpired),
        ("SSL certificate OpenSSL verify result: self-signed certificate (18)", Outcome::TlsSelfSigned),
        ("SSL certificate problem: self signed certificate", Outcome::TlsSelfSigned),
        ("SSL certificate problem: unable to get local issuer certificate", Outcome::TlsUntrusted),
        ("schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)", Outcome::TlsUntrusted),
        ("NSS error -8179 (SEC_ERROR_UNKNOWN_ISSUER)", Outcome::TlsUntrusted),
        ("SSL: no alternative certificate subject name matches target host name 'a.example'", Outcome::TlsWrongName),
        ("schannel: SNI or certificate check failed: SEC_E_WRONG_PRINCIPAL (0x80090322)", Outcome::TlsWrongName),
        ("error:0A00045C:SSL routines::tlsv13 alert certificate required", Outcome::TlsClientCertificate),
        ("error:140790E5:SSL routines:ssl23_write:ssl handshake failure:s23_lib.c:177:", Outcome::TlsClosed),
        ("Cert verify failed: BADCERT_EXPIRED, BADCERT_NOT_TRUSTED", Outcome::TlsExpired),
        ("rustls_connection_process_new_packets: invalid peer certificate: UnknownIssuer", Outcome::TlsUntrusted),
        ("error:0A000458:SSL routines::tlsv1 unrecognized name", Outcome::TlsFailed),
        ("error:0A000418:SSL routines::tlsv1 alert unknown ca", Outcome::TlsClientCertificate),
        (
            "error:0A000438:SSL routines:ssl3_read_bytes:tlsv1 alert internal error:../ssl/record/rec_layer_s3.c:1602:SSL alert number 80",
            Outcome::TlsFailed,
        ),
    ];

    #[test]
    fn every_library_is_understood() {
        for (said, expected) in SAID {
            assert_eq!(outcome(said), Some(*expected), "{said}");
        }
    }

    #[test]
    fn what_went_well_is_no_failure() {
        for said in [
            "TLSv1.3 (OUT), TLS handshake, Client hello (1):",
            "SSL certificate verify ok.",
            "ALPN: offers h2",
            // Until the rest has come, for curl 7.55 on Windows.
            "schannel: failed to receive handshake, need more data",
            // curl 8.11 on Windows, of every https request.
            "schannel: disabled automatic use of client certificate",
            "schannel: added 1 certificate(s) from CA file 'ca.pem'",
            "schannel: connection hostname (localhost) validated against certificate name (localhost)",
        ] {
            assert_eq!(outcome(said), None, "{said}");
        }
    }
}
