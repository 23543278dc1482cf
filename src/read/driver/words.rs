//! Words that mean the same in every language's errors, and states that name no target.

use super::{http, runtime};
use crate::fact::Outcome;
use crate::read::pick::{between, number_after};
use crate::read::tls;

/// What `connect` or a read failed with: the C library's sentence, the symbol, or Python's number.
pub(super) fn errno(text: &str) -> Option<Outcome> {
    let words: [(&str, Outcome); 24] = [
        ("onnection refused", Outcome::Refused),
        ("ECONNREFUSED", Outcome::Refused),
        ("[Errno 111]", Outcome::Refused),
        ("actively refused", Outcome::Refused),
        ("o route to host", Outcome::Unreachable),
        ("Host is unreachable", Outcome::Unreachable),
        ("EHOSTUNREACH", Outcome::Unreachable),
        ("[Errno 113]", Outcome::Unreachable),
        ("etwork is unreachable", Outcome::NoLocalRoute),
        ("ENETUNREACH", Outcome::NoLocalRoute),
        ("annot assign requested address", Outcome::NoLocalPort),
        ("EADDRNOTAVAIL", Outcome::NoLocalPort),
        ("onnection reset by peer", Outcome::Reset),
        ("ECONNRESET", Outcome::Reset),
        ("onnection timed out", Outcome::ConnectTimeout),
        ("onnect timed out", Outcome::ConnectTimeout),
        ("peration timed out", Outcome::ConnectTimeout),
        ("ETIMEDOUT", Outcome::ConnectTimeout),
        ("[Errno 110]", Outcome::ConnectTimeout),
        ("timeout expired", Outcome::ConnectTimeout),
        ("connect timeout", Outcome::ConnectTimeout),
        ("i/o timeout", Outcome::ConnectTimeout),
        ("server closed the connection unexpectedly", Outcome::EmptyReply),
        ("losed connection without response", Outcome::EmptyReply),
    ];
    words.into_iter().find(|(words, _)| text.contains(words)).map(|(_, outcome)| outcome)
}

/// Why a name did not resolve: the sentences of getaddrinfo(3) in glibc 2.36, in English, German, Spanish and French, and their renderings.
/// "No such name" is -2, "try again" is -3. macOS says the same of a name that does not exist as of a resolver that it cannot reach.
pub(super) fn unresolved(text: &str) -> Option<Outcome> {
    let words = [
        ("ame or service not known", Outcome::Nxdomain),
        ("er Name oder der Dienst ist nicht bekannt", Outcome::Nxdomain),
        ("ombre o servicio desconocido", Outcome::Nxdomain),
        ("om ou service inconnu", Outcome::Nxdomain),
        ("[Errno -2]", Outcome::Nxdomain),
        ("ENOTFOUND", Outcome::Nxdomain),
        ("o such host", Outcome::Nxdomain),
        ("nodename nor servname provided", Outcome::Unresolved),
        ("Unknown host", Outcome::Unresolved),
        ("UnknownHostException", Outcome::Nxdomain),
        ("o address associated with hostname", Outcome::NoData),
        ("u diesem Hostnamen gehört keine Adresse", Outcome::NoData),
        ("o existe ninguna dirección asociada al nombre", Outcome::NoData),
        ("ucune adresse associée avec le nom de l'hôte", Outcome::NoData),
        ("emporary failure in name resolution", Outcome::Unresolved),
        ("emporärer Fehler bei der Namensauflösung", Outcome::Unresolved),
        ("allo temporal en la resolución del nombre", Outcome::Unresolved),
        ("chec temporaire dans la résolution du nom", Outcome::Unresolved),
        ("[Errno -3]", Outcome::Unresolved),
        ("EAI_AGAIN", Outcome::Unresolved),
        ("server misbehaving", Outcome::Servfail),
    ];
    words.into_iter().find(|(words, _)| text.contains(words)).map(|(_, outcome)| outcome)
}

/// What verifying a certificate failed with: OpenSSL's sentence in Python, Go's x509 package, Node's code, Java's exception.
pub(super) fn certificate(text: &str) -> Option<Outcome> {
    // Go says of either end "has expired or is not yet valid: current time … is before …".
    if text.contains("expired or is not yet valid") && text.contains(" is before ") {
        return Some(Outcome::TlsNotYetValid);
    }
    let words = [
        ("certificate has expired", Outcome::TlsExpired),
        ("CERT_HAS_EXPIRED", Outcome::TlsExpired),
        ("CertificateExpiredException", Outcome::TlsExpired),
        ("certificate is not yet valid", Outcome::TlsNotYetValid),
        ("self-signed certificate", Outcome::TlsSelfSigned),
        ("self signed certificate", Outcome::TlsSelfSigned),
        ("DEPTH_ZERO_SELF_SIGNED_CERT", Outcome::TlsSelfSigned),
        ("unable to get local issuer certificate", Outcome::TlsUntrusted),
        ("unable to verify the first certificate", Outcome::TlsUntrusted),
        ("certificate signed by unknown authority", Outcome::TlsUntrusted),
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", Outcome::TlsUntrusted),
        ("PKIX path building failed", Outcome::TlsUntrusted),
        ("x509: certificate is valid for", Outcome::TlsWrongName),
        ("because it doesn't contain any IP SANs", Outcome::TlsWrongName),
        ("ostname mismatch", Outcome::TlsWrongName),
        ("ERR_TLS_CERT_ALTNAME_INVALID", Outcome::TlsWrongName),
        ("WRONG_VERSION_NUMBER", Outcome::TlsPlaintext),
        ("wrong version number", Outcome::TlsPlaintext),
        ("first record does not look like a TLS handshake", Outcome::TlsPlaintext),
        ("TLS handshake timeout", Outcome::TlsHang),
    ];
    words.into_iter().find(|(words, _)| text.contains(words)).map(|(_, outcome)| outcome)
}

/// What Python's ssl was told by the other end: `[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version`.
pub(super) fn alert(text: &str) -> Option<Outcome> {
    tls::outcome(text.get(text.find("[SSL: ")?..)?)
}

/// How a call failed where its target is not named: Java's, Python's, Node's and Ruby's exceptions with their whole names.
pub(super) fn nameless(text: &str) -> Option<Outcome> {
    let words = [
        ("ConnectException: Connection refused", Outcome::Refused),
        ("ConnectionRefusedError: [Errno 111]", Outcome::Refused),
        ("NoRouteToHostException", Outcome::Unreachable),
        ("ConnectTimeoutException: ", Outcome::ConnectTimeout),
        ("ConnectException: Connection timed out", Outcome::ConnectTimeout),
        ("SocketTimeoutException: connect timed out", Outcome::ConnectTimeout),
        ("SocketTimeoutException: Read timed out", Outcome::Hang),
        ("Net::ReadTimeout", Outcome::Hang),
        ("read ECONNRESET", Outcome::Reset),
        ("before secure TLS connection was established", Outcome::TlsClosed),
        ("HTTP connect timed out", Outcome::ConnectTimeout),
        ("HttpTimeoutException", Outcome::TimedOut),
        ("[2002] Connection refused", Outcome::Refused),
        ("[2002] Connection timed out", Outcome::ConnectTimeout),
        ("SocketException (111)", Outcome::Refused),
        // The numbers of Windows' sockets.
        ("SocketException (10061)", Outcome::Refused),
        ("SocketException (10060)", Outcome::ConnectTimeout),
        ("SocketException (10054)", Outcome::Reset),
        ("SocketException (104)", Outcome::Reset),
        ("machine actively refused it", Outcome::Refused),
        ("SocketException (110)", Outcome::ConnectTimeout),
        ("SocketException (113)", Outcome::Unreachable),
        // Java's, where nothing says why.
        ("Caused by: java.net.ConnectException", Outcome::Unconnected),
    ];
    let known = words.into_iter().find(|(words, _)| text.contains(words)).map(|(_, outcome)| outcome);
    // Python's, which says no more where asyncio's time ran out.
    let known = known.or((text.trim() == "TimeoutError").then_some(Outcome::TimedOut));
    let status =
        || number_after(text, "Request failed with status code ").filter(|status| (100.0..600.0).contains(status));
    // The cast cannot lose anything: the number lies between 100 and 600.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let answered = || status().map(|status| Outcome::of_status(status as u16));
    let axios = || (text.contains("imeout of ") && text.contains("ms exceeded")).then_some(Outcome::TimedOut);
    let verified = || ["Error: ", "Exception: ", "cURL error "].iter().any(|mark| text.contains(mark));
    let known = known.or_else(|| runtime::erlang(text));
    known.or_else(answered).or_else(axios).or_else(|| certificate(text).filter(|_| verified()))
}

/// Whether a line can hold any of these wordings; most lines of a log cannot.
pub(super) fn suspicious(text: &str) -> bool {
    const STEMS: [&str; 67] = [
        "nxdomain",
        "socket_closed",
        " ALERT: ",
        "NoPrimary",
        "status_code=",
        "retry limit",
        "not be established",
        "not found",
        "o such file",
        "validation failure",
        "status=",
        " for url",
        // A member of a replica set.
        "{address=",
        "certificate",
        "deadline",
        "gave HTTP",
        "loop",
        "Loop",
        "ould not connect",
        "an't contact LDAP server",
        "alarm ",
        "Free disk space",
        "server reached",
        "ready to handle",
        "resol",
        "still waiting",
        "read only",
        "read-only",
        "AUTH",
        "WRONGPASS",
        "LOADING",
        "denied",
        "due to",
        "permitted",
        "reserved",
        "efused",
        "imed out",
        "imeout",
        "ECONN",
        "EHOST",
        "ENET",
        "EADDR",
        "ETIMEDOUT",
        "EAI_",
        "ENOTFOUND",
        "nreachable",
        "navailable",
        "o route",
        "Errno",
        "FATAL",
        "too many",
        "Too many",
        "nknown",
        "not known",
        "lookup",
        "pool",
        "Pool",
        "ERROR",
        "rror",
        "eadlock",
        "emory",
        "space left",
        "reset by",
        "closed",
        "returned HTTP",
        "EOF",
        "failed",
    ];
    // A frame of a stack names functions: "at java.net.http.MultiExchange.toTimeoutException(MultiExchange.java:581)".
    let trimmed = text.trim();
    let is_frame = trimmed.starts_with("at ") && trimmed.ends_with(')') && !trimmed.contains(": ");
    !is_frame && (STEMS.iter().any(|stem| text.contains(stem)) || http::ends_in_status(text))
}

/// What a shell says of a command that it cannot run: `offsite.sh: line 3: rclone: command not found`, `run.sh: 12: pg_dump: not found`.
pub(super) fn shell(text: &str) -> Option<(&'static str, String)> {
    let (before, why) = text.rsplit_once(": ")?;
    let is_why =
        ["command not found", "not found", "cannot execute", "No such file or directory", "required file not found"];
    let numbered = |part: &str| part.trim_start_matches("line ").parse::<u32>().is_ok();
    (is_why.contains(&why.trim_end()) && before.split(": ").skip(1).any(numbered))
        .then(|| ("failed", text.trim().to_owned()))
}

/// A pool that had no connection to give, with its size where the driver tells it.
pub(super) fn pool_error(text: &str) -> Option<(&'static str, String)> {
    let detail = if let Some(sizes) = between(text, "QueuePool limit of ", " reached") {
        format!("QueuePool limit of {sizes}")
    } else if text.to_ascii_lowercase().contains("timed out while checking out a connection from connection pool") {
        match number_after(text, "maxPoolSize: ") {
            Some(size) => format!("maxPoolSize {size}"),
            None => "MongoDB driver".to_owned(),
        }
    } else if text.contains("Connection is not available, request timed out after") {
        "HikariCP".to_owned()
    } else if let Some(counts) =
        between(text, "HikariPool-", ")").and_then(|rest| rest.split_once(" - Timeout failure stats ("))
    {
        counts.1.to_owned()
    } else if text.contains("could not obtain a connection from the pool within") {
        "Active Record".to_owned()
    } else if text.contains("Timeout waiting for connection from pool")
        || text.contains("Timeout acquiring a connection")
    {
        "timeout waiting for a connection".to_owned()
    } else if ["ould not acquire", "ailed to acquire", "nable to acquire"].iter().any(|words| text.contains(words))
        && text.contains("onnection")
        && text.contains("pool")
    {
        "no connection to acquire".to_owned()
    } else if text.contains("couldn't get a connection after") || text.contains("connection pool exhausted") {
        "psycopg pool".to_owned()
    } else if text.contains("query_wait_timeout") {
        // PgBouncer's word, whatever it waited for: that all connections are in use, or that none can be made.
        "query_wait_timeout".to_owned()
    } else if text.contains("WaitQueueTimeoutError") {
        "wait queue timeout".to_owned()
    } else {
        return None;
    };
    Some(("exhausted", detail))
}

pub(super) fn disk(text: &str) -> Option<(&'static str, String)> {
    if text.contains("No space left on device") || text.contains("ENOSPC") {
        return Some(("full", "No space left on device".to_owned()));
    }
    // RabbitMQ stops its publishers when less is free than its own limit.
    let alarm = ["Free disk space is insufficient", "disk resource limit alarm set", "Free disk space alarm on node"];
    alarm.iter().find(|words| text.contains(**words)).map(|words| ("full", (*words).to_owned()))
}

/// An event loop that was held for so many milliseconds served nobody else.
const STALLED: f64 = 1_000.0;

/// Every worker of a server is in a request: PHP-FPM's words, and Apache's.
pub(super) fn workers(text: &str) -> Option<(&'static str, String)> {
    // A single thread that was in one request all that time: "eventloop lag max=4270ms", "Event loop blocked for 3000 ms".
    let lower = text.to_ascii_lowercase();
    let stalled =
        ["eventloop", "event loop", "event-loop", "event_loop"].iter().find_map(|name| lower.split_once(name));
    if let Some((_, rest)) = stalled {
        let lasts = |word: &str| {
            let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
            let digits = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
            let (number, unit) = number.split_at_checked(digits)?;
            let unit = if unit.is_empty() { rest.split_once(word)?.1.trim_start() } else { unit };
            let factor = if unit.starts_with("ms") { 1.0 } else { unit.starts_with('s').then_some(1e3)? };
            Some(number.parse::<f64>().ok()? * factor)
        };
        let longest = rest.split([' ', ',', ';']).filter_map(lasts).fold(0.0, f64::max);
        return (longest >= STALLED).then(|| ("all_busy", format!("event loop held for {longest:.0} ms")));
    }
    // sshd turns away whoever comes while so many have not logged in yet.
    let words = [
        "server reached pm.max_children setting",
        "server reached MaxRequestWorkers setting",
        "beginning MaxStartups throttling",
    ];
    words.iter().find(|words| text.contains(**words)).map(|words| ("all_busy", (*words).to_owned()))
}

/// RabbitMQ stops its publishers when it uses more memory than its own limit.
pub(super) fn memory(text: &str) -> Option<(&'static str, String)> {
    let alarm = ["memory resource limit alarm set", "Memory alarm on node"];
    alarm.iter().find(|words| text.contains(**words)).map(|words| ("exhausted", (*words).to_owned()))
}

pub(super) fn fds(text: &str) -> Option<(&'static str, String)> {
    let none = text.contains("Too many open files") || text.contains("too many open files") || text.contains("EMFILE");
    none.then(|| ("exhausted", "Too many open files".to_owned()))
}

/// Neither another thread nor another process may be started: Python's words, Java's, those of `pthread_create` and of a shell.
pub(super) fn threads(text: &str) -> Option<(&'static str, String)> {
    let words = ["can't start new thread", "unable to create native thread", "unable to create new native thread"];
    let said = words.into_iter().find(|words| text.contains(words));
    // EAGAIN means so of nothing but a start.
    let unavailable = "Resource temporarily unavailable";
    let starts = ["fork: ", "pthread_create", "clone: "].iter().any(|call| text.contains(call));
    let said = said.or_else(|| Some(unavailable).filter(|words| starts && text.contains(words)))?;
    Some(("reached", said.to_owned()))
}

pub(super) fn process(text: &str) -> Option<(&'static str, String)> {
    // AWS Lambda ends a function that is not done: "Task timed out after 6.00 seconds".
    if let Some(seconds) = number_after(text, "Task timed out after ") {
        return Some(("worker_timeout", format!("Task timed out after {seconds} seconds")));
    }
    if text.contains("NOTICE: ready to handle connections") {
        return Some(("running", "ready to handle connections".to_owned()));
    }
    // Java says the same where it may not start another thread.
    let memory = text.contains("java.lang.OutOfMemoryError") && threads(text).is_none();
    memory.then(|| ("killed_oom", "java.lang.OutOfMemoryError".to_owned()))
}
