//! What database drivers, HTTP clients and runtimes say when a call fails, in whatever log it stands.
//!
//! ```text
//! connection to server at "10.83.5.5", port 5432 failed: Connection refused
//! QueuePool limit of size 4 overflow 0 reached, connection timed out, timeout 3.00
//! dial tcp 10.83.5.5:5432: connect: connection refused
//! Error: connect ECONNREFUSED 10.83.5.5:6379
//! HTTPConnectionPool(host='cart', port=8080): Max retries exceeded with url: /v1 (Caused by NewConnectionError('…: [Errno 111] Connection refused'))
//! ```
//!
//! Only wordings that name what they called become requests; a bare "timeout" names neither the stage nor the target.

use super::observable::{
    COMPLAINT, DB_ERROR, DB_LOCKS, DISK, FDS, MEMORY, POOL_ERROR, PROCESS, PROXY_REASON, THREADS, WORKER_POOL,
};
use super::request::Url;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, State};

mod http;
mod place;
mod runtime;
mod store;
mod topology;
mod words;

/// What `connect` or a read failed with, in the words of any language.
pub(super) fn errno(text: &str) -> Option<Outcome> {
    words::errno(text)
}

/// Why a name did not resolve, in the words of any language.
pub(super) fn unresolved(text: &str) -> Option<Outcome> {
    words::unresolved(text)
}

/// What verifying a certificate failed with, in the words of any language.
pub(super) fn certificate(text: &str) -> Option<Outcome> {
    words::certificate(text)
}

/// Whether a line can hold any of these wordings; most lines of a log cannot.
pub(super) fn is_suspicious(text: &str) -> bool {
    words::suspicious(text)
}

/// A call that failed in the words of a driver that does not say whom it called. What could not connect may have lacked an address,
/// as only the lines below tell.
pub(super) fn nameless(text: &str, unresolved: impl FnOnce() -> bool) -> Option<Claim> {
    let outcome = words::nameless(text)?;
    let outcome = if outcome == Outcome::Unconnected && unresolved() { Outcome::Unresolved } else { outcome };
    Some(Claim::Attempt(Attempt::new(outcome.stage(), outcome)))
}

/// Whom a line names as what was called, where it does not say how that ended: the lines below may.
pub(super) fn target(text: &str) -> Option<Endpoint> {
    if let Some(to) = runtime::erlang_target(text) {
        return Some(to);
    }
    let mut urls = text.split_whitespace().filter_map(Url::parse);
    match (urls.next(), urls.next()) {
        (Some(url), None) => Some(url.endpoint()),
        _ => place::named(text),
    }
}

/// Every claim that a line of a log makes about a call that failed.
pub(super) fn said(text: &str) -> Vec<Claim> {
    if !words::suspicious(text) {
        return Vec::new();
    }
    // A logger sets what it quotes between quotes of its own.
    if text.contains("\\\"") {
        return said(&text.replace("\\\"", "\""));
    }
    let mut call =
        store::call(text).or_else(|| http::call(text)).or_else(|| runtime::call(text)).or_else(|| place::call(text));
    // In the pod to which a port is forwarded "localhost" is that pod, which the line does not name.
    if let Some(Call::Tried(attempt)) = &mut call
        && text.contains("error forwarding port ")
    {
        (attempt.to, attempt.resolved) = (Endpoint { port: attempt.to.port, ..Endpoint::default() }, false);
    }
    let of = match &call {
        Some(Call::Tried(attempt)) => Endpoint { name: None, ..attempt.to.clone() },
        _ => Endpoint::default(),
    };
    // A driver that looked at every member of a set tells of each.
    let members = topology::members(text);
    let calls = if members.is_empty() { call.into_iter().collect() } else { members };
    let claim = |call: Call| match call {
        Call::Tried(attempt) => Claim::Attempt(*attempt),
        Call::Asked(lookup) => Claim::Lookup(*lookup),
    };
    let mut claims: Vec<Claim> = calls.into_iter().map(claim).collect();
    let states = [
        (POOL_ERROR, words::pool_error(text)),
        (DB_ERROR, store::db_error(text)),
        (DB_LOCKS, store::locks(text)),
        (DISK, words::disk(text)),
        (MEMORY, words::memory(text)),
        (FDS, words::fds(text)),
        (THREADS, words::threads(text)),
        (PROCESS, words::process(text)),
        (WORKER_POOL, words::workers(text)),
        (PROXY_REASON, http::envoy(text)),
        (COMPLAINT, words::shell(text).or_else(|| topology::no_primary(text))),
    ];
    for (observable, (value, detail)) in states.into_iter().filter_map(|(name, found)| Some((name, found?))) {
        let of = if observable == DB_ERROR { of.clone() } else { Endpoint::default() };
        claims.push(Claim::State(State { observable: observable.to_owned(), value: value.to_owned(), of, detail }));
    }
    claims
}

/// What a program did that failed.
enum Call {
    Tried(Box<Attempt>),
    Asked(Box<Lookup>),
}

impl Call {
    /// A request to `to` that ended as `outcome`, at that outcome's own stage.
    fn to(to: Endpoint, protocol: &str, outcome: Outcome) -> Call {
        let resolved = to.host.is_some();
        let protocol = Some(protocol.to_owned());
        Call::Tried(Box::new(Attempt { to, resolved, protocol, ..Attempt::new(outcome.stage(), outcome) }))
    }

    /// A name that did not resolve.
    fn for_name(name: &str, outcome: Outcome) -> Call {
        Call::Asked(Box::new(Lookup::new(name, outcome)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        said(text).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_resolver_says_whose_signature_does_not_hold() {
        // unbound 1.17
        let expired = "validation failure <sftp.pay.example. A IN>: signature expired from 192.0.2.53 for trust anchor pay.example.";
        let again = format!(
            "validation failure <sftp.pay.example. AAAA IN>: key is marked as invalid because of a previous {expired}"
        );
        for text in [expired, &again] {
            let claims = said(text);
            let [Claim::Lookup(lookup)] = claims.as_slice() else { panic!("{claims:?}") };
            assert_eq!((lookup.name.as_str(), lookup.outcome), ("sftp.pay.example", Outcome::DnsBogus));
            assert_eq!(lookup.server, "192.0.2.53".parse().ok());
        }
    }

    #[test]
    fn bind_says_which_name_server_failed_it() {
        let cases = [
            (
                "connection refused resolving 'www.partner.example/A/IN': 10.20.0.15#53",
                "www.partner.example",
                Outcome::DnsUnreachable,
            ),
            (
                "zone shop.example/IN: refresh: failure trying primary 10.20.0.15#53 (source 0.0.0.0#0): connection refused",
                "shop.example",
                Outcome::DnsUnreachable,
            ),
            (
                "zone late.example/IN: refresh: retry limit for primary 10.20.0.15#53 exceeded (source 0.0.0.0#0)",
                "late.example",
                Outcome::DnsTimeout,
            ),
        ];
        for (text, name, outcome) in cases {
            let claims = said(text);
            let [Claim::Lookup(lookup)] = claims.as_slice() else { panic!("{text}: {claims:?}") };
            assert_eq!((lookup.name.as_str(), lookup.outcome), (name, outcome));
            assert_eq!(lookup.server, "10.20.0.15".parse().ok());
        }
    }

    #[test]
    fn every_language_tells_whom_it_called_and_how_it_failed() {
        let cases = [
            (
                "connection to server at \"10.83.5.5\", port 5432 failed: Connection refused",
                "the request to 10.83.5.5:5432 was refused",
            ),
            (
                "connection to server at \"db.example\" (10.83.5.5), port 5432 failed: timeout expired",
                "the request to 10.83.5.5:5432 was never answered: the connection timed out",
            ),
            (
                "could not translate host name \"db.example\" to address: Name or service not known",
                "the lookup of db.example found no such name",
            ),
            ("dial tcp 10.83.5.5:5432: connect: connection refused", "the request to 10.83.5.5:5432 was refused"),
            (
                "dial tcp: lookup db.example on 10.0.0.10:53: no such host",
                "the lookup of db.example found no such name",
            ),
            (
                "dial tcp 10.83.5.5:5432: i/o timeout",
                "the request to 10.83.5.5:5432 was never answered: the connection timed out",
            ),
            ("Error: connect ECONNREFUSED 10.83.5.5:6379", "the request to 10.83.5.5:6379 was refused"),
            (
                "Failed to dial target host \"cart:3001\": context deadline exceeded",
                "the request to cart:3001 could not connect",
            ),
            ("Error: getaddrinfo ENOTFOUND cart.example", "the lookup of cart.example found no such name"),
            (
                "Error: getaddrinfo EAI_AGAIN cart.example cart.example:80",
                "the lookup of cart.example could not resolve the name",
            ),
            ("java.net.UnknownHostException: cart.example", "the lookup of cart.example found no such name"),
            (
                "org.postgresql.util.PSQLException: Connection to 10.83.5.5:5432 refused. Check that the hostname and port are correct",
                "the request to 10.83.5.5:5432 was refused",
            ),
            (
                "redis.exceptions.ConnectionError: Error 111 connecting to 10.9.0.4:6379. Connection refused.",
                "the request to 10.9.0.4:6379 was refused",
            ),
            (
                "Failed to open TCP connection to 10.83.5.5:8080 (Connection refused - connect(2) for 10.83.5.5:8080)",
                "the request to 10.83.5.5:8080 was refused",
            ),
            (
                "Failed to open TCP connection to cart.example:80 (getaddrinfo: Name or service not known)",
                "the lookup of cart.example found no such name",
            ),
            ("ssh: connect to host 10.83.5.5 port 22: Connection refused", "the request to 10.83.5.5:22 was refused"),
            (
                "socat[23788] E connect(5, AF=2 10.83.5.5:8080, 16): Connection refused",
                "the request to 10.83.5.5:8080 was refused",
            ),
            (
                "php_network_getaddresses: getaddrinfo for cart.example failed: Name or service not known in /srv/a.php",
                "the lookup of cart.example found no such name",
            ),
            ("Failed to connect to 10.83.5.5 port 8080 after 0 ms: Couldn't connect to server", ""),
            (
                "HTTPConnectionPool(host='cart', port=8080): Read timed out. (read timeout=5)",
                "the request to cart:8080 was accepted but never answered, after 5.0 s",
            ),
            (
                "requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: http://cart.example:8080/v1",
                "the request to cart.example:8080 was answered 429",
            ),
            (
                "level=error err=\"Get \\\"https://cart.example:8441/\\\": x509: certificate signed by unknown authority\"",
                "the request to cart.example:8441 met a certificate whose issuer it does not know",
            ),
            (
                "npm error request to https://npm.example/left-pad failed, reason: certificate has expired",
                "the request to npm.example:443 met an expired certificate",
            ),
            ("Connection to 10.44.60.16 port 25 timed out", "the request to 10.44.60.16:25 timed out"),
            // No port is named, and none is made up.
            (
                "Can't connect to MySQL server on 'db.example' (timed out)",
                "the request to db.example was never answered: the connection timed out",
            ),
            (
                "pymongo.errors.ServerSelectionTimeoutError: Timeout: 1.0s SSL handshake failed: localhost:27017: [Errno 0] Error",
                "the request to localhost:27017 failed at the TLS handshake",
            ),
            // .NET 8, the .NET Framework, and Go on Windows.
            (
                "System.Net.Http.HttpRequestException: No connection could be made because the target machine actively refused it. (cart.example:5000)",
                "the request to cart.example:5000 was refused",
            ),
            (
                "No connection could be made because the target machine actively refused it [::1]:1883",
                "the request to [::1]:1883 was refused",
            ),
            (
                "dial tcp 127.0.0.1:8000: connectex: No connection could be made because the target machine actively refused it.",
                "the request to 127.0.0.1:8000 was refused",
            ),
            (
                "file_get_contents(http://cart.example:83/): Failed to open stream: Connection refused",
                "the request to cart.example:83 was refused",
            ),
            (
                "EndpointConnectionError: Could not connect to the endpoint URL: \"http://s3.example:9000/\"",
                "the request to s3.example:9000 could not connect",
            ),
            (
                "ERROR 2003 (HY000): Can't connect to MySQL server on '10.3.0.9:3306' (110)",
                "the request to 10.3.0.9:3306 was never answered: the connection timed out",
            ),
            (
                "pymongo.errors.ServerSelectionTimeoutError: 10.3.0.9:27017: [Errno 111] Connection refused, Timeout: 30s",
                "the request to 10.3.0.9:27017 was refused",
            ),
        ];
        for (text, sentence) in cases {
            assert_eq!(told(text), sentence, "{text}");
        }
    }

    #[test]
    fn a_driver_tells_of_its_pool_and_the_database_of_itself() {
        let cases = [
            (
                "QueuePool limit of size 4 overflow 0 reached, connection timed out, timeout 3.00",
                "the pool says: exhausted (QueuePool limit of size 4 overflow 0)",
            ),
            (
                "Timed out while checking out a connection from connection pool. maxPoolSize: 10, timeout: 5.0",
                "the pool says: exhausted (maxPoolSize 10)",
            ),
            (
                "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
                "the pool says: exhausted (HikariCP)",
            ),
            (
                "could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds)",
                "the pool says: exhausted (Active Record)",
            ),
            ("FATAL:  sorry, too many clients already", "the database refuses: too many clients"),
            ("ERROR:  cannot execute INSERT in a read-only transaction", "the database refuses: it is read-only"),
            ("ERROR:  deadlock detected", "db locks is deadlock"),
            (
                "WARNING: [pool www] server reached pm.max_children setting (3), consider raising it",
                "worker pool is all busy (server reached pm.max_children setting)",
            ),
            (
                "offsite.sh: line 3: rclone: command not found",
                "complaint: “offsite.sh: line 3: rclone: command not found”",
            ),
            ("OSError: [Errno 28] No space left on device", "disk is full (No space left on device)"),
        ];
        for (text, sentence) in cases {
            assert_eq!(told(text), sentence, "{text}");
        }
    }

    #[test]
    fn a_refused_login_still_shows_that_the_server_was_reached() {
        let text = "connection to server at \"10.83.5.5\", port 5432 failed: FATAL:  password authentication failed for user \"app\"";
        assert_eq!(
            told(text),
            "the connection to 10.83.5.5:5432 was made; the database refuses: whoever asked is not let in at 10.83.5.5:5432"
        );
    }
}
