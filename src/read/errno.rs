//! The sentences in which a system says why a connection failed: strerror(3) of glibc, musl and macOS.

use crate::fact::Outcome;

/// What a sentence means for a connection that was being made.
pub(super) fn of_reason(reason: &str) -> Option<Outcome> {
    Some(match reason.trim() {
        "Connection refused" => Outcome::Refused,
        "Connection timed out" | "Operation timed out" | "Timed out" => Outcome::ConnectTimeout,
        "No route to host" | "Host is unreachable" | "Permission denied" => Outcome::Unreachable,
        "Network is unreachable" => Outcome::NoLocalRoute,
        "Cannot assign requested address" | "Can't assign requested address" => Outcome::NoLocalPort,
        "Connection reset by peer" => Outcome::Refused,
        _ => return None,
    })
}
