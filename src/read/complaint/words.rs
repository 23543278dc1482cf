//! The words in which programs of whatever kind tell of a failure, in small letters.

use crate::fact::Outcome;

/// Whether a text in small letters tells of a failure.
pub(super) fn tell_of_failure(lower: &str) -> bool {
    FAILED.iter().chain(DECLINES).any(|words| lower.contains(words))
}

/// Words of a failure, in small letters, that every language's programs use.
pub(super) const FAILED: &[&str] = &[
    "error",
    "failed",
    "failure",
    "refused",
    "denied",
    "timed out",
    "timeout",
    "unreachable",
    "cannot ",
    "can't ",
    "could not",
    "unable to",
    "not authori",
    "unauthori",
    "not allowed",
    "unhealthy",
    "rejected",
    "exceeded",
    "exception",
    "fatal",
    "unknown host",
    "not resolve",
    "aborted",
    "broken pipe",
    "bad ownership",
    "bad permission",
    "bigger than",
    "larger than",
    "too large",
    "too big",
    "too long",
    "invalid ",
    "malformed",
    "not permitted",
    "exceeds",
    "too many",
    "no space",
    "has changed",
    "insufficient",
    "alarm on ",
    "alarm set",
    "exhausted",
    "giving up",
    "unknown authority",
    "closed the connection",
    "not enough",
    // What came is not what should have come: "in bed B-11 (expected C-03)".
    "(expected ",
    ", expected ",
    "but expected ",
    "command not found",
    "no such file or directory",
    // What a shell says of a program it does not find.
    ": not found",
    "[crit]",
    "[alert]",
    "[emerg]",
];

/// Words of a program that has run out of something, or may have no more of it: room, connections, memory.
pub(super) const EXHAUSTED: &[&str] = &[
    "no space",
    "nospace",
    "space exceeded",
    "disk full",
    "disk quota",
    "quota exceeded",
    "has written only",
    "resourceexhausted",
    "too many open",
    "limit exceeded",
    "limit reached",
    "resource exhausted",
    "resource_exhausted",
    "too many connections",
    "too many clients",
    "connection limit",
    "out of memory",
    "cannot allocate memory",
];

/// Words that take it back.
pub(super) const NOT: &[&str] = &[
    "no error",
    // What a name server answers where all is well.
    "noerror",
    // By its own word it only informs.
    " info: ",
    "(info): ",
    "[info]",
    "any error",
    // The reference that SQLAlchemy prints below its errors.
    "(background on this error",
    "0 error",
    "errors: 0",
    "error: 0",
    "errors 0",
    " 0 failed",
    "failed: 0",
    "failed 0",
    "without error",
    // The head of a table of counters.
    "packets errors",
    "errors dropped",
    "errors  dropped",
];

/// Words by which a program says that it leaves its own work undone.
pub(super) const DECLINES: &[&str] = &[
    "nothing done",
    "nothing to do because",
    "lock held",
    "held by pid",
    "already running",
    "already in progress",
    "another run is",
    "another instance",
    "be blocked",
    "refusing to",
    // Name servers that keep an answer back: dnsmasq, BIND's and Unbound's response policy zones, Pi-hole.
    "dns-rebind attack",
    "rpz qname",
    "rpz: applied",
    "gravity blocked",
];

/// What became of the request, where the words leave no doubt; the first that fits.
pub(super) const OUTCOMES: &[(&str, Outcome)] = &[
    ("no route to host", Outcome::Unreachable),
    ("host is unreachable", Outcome::Unreachable),
    ("network is unreachable", Outcome::NoLocalRoute),
    ("reset by peer", Outcome::Reset),
    ("could not resolve", Outcome::Unresolved),
    ("cannot resolve", Outcome::Unresolved),
    ("unable to resolve", Outcome::Unresolved),
    ("name or service not known", Outcome::Unresolved),
    ("name resolution", Outcome::Unresolved),
    ("unknown host", Outcome::Unresolved),
    ("no such host", Outcome::Unresolved),
    ("certificate has expired", Outcome::TlsExpired),
    ("certificate expired", Outcome::TlsExpired),
    ("certificate verify failed", Outcome::TlsFailed),
    ("handshake fail", Outcome::TlsFailed),
    ("timed out", Outcome::TimedOut),
    ("timeout", Outcome::TimedOut),
    ("connection refused", Outcome::Refused),
];

/// Where a refusal is not one of the connection but of whoever asked.
pub(super) const REJECTED: &[&str] =
    &["authori", "authenticat", "denied", "credential", "password", "login", "not allowed", "forbidden"];
