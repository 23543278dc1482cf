//! Drivers of PostgreSQL, MySQL, Redis and MongoDB.

use super::{Call, words};
use crate::fact::{Attempt, Endpoint, Outcome, Stage};
use crate::read::pick::{between, host_port};
use crate::read::request::endpoint;

pub(super) fn call(text: &str) -> Option<Call> {
    libpq(text)
        .or_else(|| libpq_before_14(text))
        .or_else(|| mysql(text))
        .or_else(|| redis(text))
        .or_else(|| mongo(text))
}

/// `connection to server at "db.example" (10.83.5.5), port 5432 failed: Connection refused` (libpq 14 and later).
fn libpq(text: &str) -> Option<Call> {
    if let Some((_, rest)) = text.split_once("could not translate host name \"") {
        let (name, why) = rest.split_once('"')?;
        return Some(Call::for_name(name, words::unresolved(why).unwrap_or(Outcome::Unresolved)));
    }
    let (_, rest) = text.split_once("connection to server at \"")?;
    let (host, rest) = rest.split_once('"')?;
    let (place, why) = rest.split_once(" failed: ")?;
    let port = place.rsplit(' ').next()?.parse().ok();
    let mut to = endpoint(host, port);
    if let Some(address) = between(place, "(", ")") {
        to.address = address.parse().ok();
    }
    // A FATAL message is the server's own answer: it was reached, and what it said is a state.
    if why.contains("FATAL:") {
        return Some(reached(to, "postgres"));
    }
    Some(Call::to(to, "postgres", words::errno(why).or_else(|| words::certificate(why))?))
}

/// `could not connect to server: Connection refused` with the target on the lines below: `Is the server running on host "db" (10.1.1.1) and accepting`.
fn libpq_before_14(text: &str) -> Option<Call> {
    let (_, rest) = text.split_once("could not connect to server: ")?;
    let outcome = words::errno(rest)?;
    let (host, rest) = rest.split_once("on host \"")?.1.split_once('"')?;
    let port = between(rest, "on port ", "?").and_then(|port| port.parse().ok());
    let mut to = endpoint(host, port);
    to.address = between(rest, "(", ")").and_then(|address| address.parse().ok()).or(to.address);
    Some(Call::to(to, "postgres", outcome))
}

/// `Can't connect to MySQL server on '10.3.0.9:3306' (110)`, also with the error in words; MariaDB leaves the name out.
fn mysql(text: &str) -> Option<Call> {
    let (_, rest) =
        text.split_once("t connect to MySQL server on '").or_else(|| text.split_once("t connect to server on '"))?;
    let (place, why) = rest.split_once('\'')?;
    let outcome = match why.trim().trim_start_matches('(').split(')').next()? {
        "111" | "61" | "10061" => Outcome::Refused,
        "110" | "60" | "10060" => Outcome::ConnectTimeout,
        "113" | "65" => Outcome::Unreachable,
        "101" => Outcome::NoLocalRoute,
        other => words::errno(other)
            .or_else(|| words::unresolved(other))
            .or_else(|| other.contains("timed out").then_some(Outcome::ConnectTimeout))?,
    };
    let to = host_port(place).unwrap_or_else(|| endpoint(place, None));
    match (outcome.stage(), &to.host) {
        (Stage::Resolve, Some(host)) => Some(Call::for_name(host, outcome)),
        _ => Some(Call::to(to, "mysql", outcome)),
    }
}

/// `Error 111 connecting to 10.9.0.4:6379. Connection refused.`, `Could not connect to Redis at 10.9.0.4:6379: …`.
fn redis(text: &str) -> Option<Call> {
    let (place, why) = if let Some((before, rest)) = text.split_once(" connecting to ")
        && before.contains("Error ")
    {
        rest.split_once(". ").or_else(|| rest.split_once(' '))?
    } else {
        let (_, rest) = text.split_once("Could not connect to Redis at ")?;
        rest.split_once(": ")?
    };
    let to = host_port(place.trim_end_matches('.'))?;
    if let (Some(outcome), Some(host)) = (words::unresolved(why), &to.host) {
        return Some(Call::for_name(host, outcome));
    }
    Some(Call::to(to, "redis", words::errno(why)?))
}

/// `ServerSelectionTimeoutError: 10.3.0.9:27017: [Errno 111] Connection refused`, `NetworkTimeout: 10.3.0.9:27017: timed out`.
fn mongo(text: &str) -> Option<Call> {
    let (_, rest) = ["ServerSelectionTimeoutError: ", "AutoReconnect: ", "NetworkTimeout: "]
        .into_iter()
        .find_map(|name| text.split_once(name))?;
    // "Timeout: 1.0s SSL handshake failed: localhost:27017: [Errno 0] Error": what it failed with, in parentheses or not at all.
    let (rest, handshake) = match rest.split_once("SSL handshake failed: ") {
        Some((_, rest)) => (rest, Some(Outcome::TlsFailed)),
        None => (rest, None),
    };
    let (place, why) = rest.split_once(": ")?;
    let to = host_port(place)?;
    // What is said of the next server, and of all of them behind the first, is not said of this one.
    let why = why.split([',', '(', '<']).find(|part| !part.trim().is_empty()).unwrap_or(why);
    if let (Some(outcome), Some(host)) = (words::unresolved(why), &to.host) {
        return Some(Call::for_name(host, outcome));
    }
    if let Some(handshake) = handshake {
        return Some(Call::to(to, "mongodb", words::certificate(why).unwrap_or(handshake)));
    }
    let waited = why.starts_with("timed out").then_some(Outcome::ConnectTimeout);
    // A query that was sent and not answered is another matter than a server that was not found.
    let waited = waited.map(|outcome| if text.contains("NetworkTimeout") { Outcome::Hang } else { outcome });
    Some(Call::to(to, "mongodb", words::errno(why).or(waited)?))
}

/// A server that was reached and answered with an error of its own.
pub(super) fn reached(to: Endpoint, protocol: &str) -> Call {
    let resolved = to.host.is_some();
    let protocol = Some(protocol.to_owned());
    Call::Tried(Box::new(Attempt { to, resolved, protocol, ..Attempt::new(Stage::Connect, Outcome::Ok) }))
}

/// What a data store refuses with, in its own words or by its error number.
pub(super) fn db_error(text: &str) -> Option<(&'static str, String)> {
    const ERRORS: [(&str, &str); 43] = [
        ("sorry, too many clients already", "too_many_clients"),
        ("remaining connection slots are reserved", "too_many_clients"),
        ("too many connections for ", "too_many_clients"),
        ("Too many connections", "too_many_clients"),
        ("max number of clients reached", "too_many_clients"),
        ("no more connections allowed (max_client_conn)", "too_many_clients"),
        ("too many open connections", "too_many_clients"),
        // PgBouncer, of its own login at the server behind it.
        ("server login failed", "upstream_auth_failed"),
        ("cannot do SCRAM authentication", "upstream_auth_failed"),
        ("password authentication failed", "auth_failed"),
        ("SASL authentication failed", "auth_failed"),
        ("no pg_hba.conf entry for", "auth_failed"),
        ("pg_hba.conf rejects connection", "auth_failed"),
        ("\" is not permitted to log in", "auth_failed"),
        ("Access denied for user", "auth_failed"),
        // MySQL and MariaDB, of the caller's address: errors 1130 and 1129.
        ("is not allowed to connect to this ", "auth_failed"),
        ("is blocked because of many connection errors", "auth_failed"),
        ("NOAUTH Authentication required", "auth_failed"),
        ("WRONGPASS", "auth_failed"),
        ("Authentication failed.", "auth_failed"),
        ("in a read-only transaction", "read_only"),
        ("running with the --read-only option", "read_only"),
        ("write against a read only replica", "read_only"),
        ("NotWritablePrimary", "read_only"),
        ("command not allowed when used memory", "out_of_memory"),
        ("out of shared memory", "out_of_memory"),
        ("ERROR:  out of memory", "out_of_memory"),
        ("could not extend file", "disk_full"),
        ("unable to persist to disk", "disk_full"),
        ("due to statement timeout", "timeout"),
        ("due to lock timeout", "timeout"),
        ("Lock wait timeout exceeded", "timeout"),
        ("due to idle-in-transaction timeout", "canceled"),
        ("due to user request", "canceled"),
        ("due to administrator command", "canceled"),
        ("the database system is starting up", "starting"),
        ("the database system is not yet accepting connections", "starting"),
        ("the database system is shutting down", "starting"),
        ("LOADING Redis is loading", "starting"),
        ("the database system is in recovery mode", "starting"),
        // MySQL and MariaDB: errors 1146, 1054 and 1049.
        ("' doesn't exist", "missing"),
        ("Unknown column '", "missing"),
        ("Unknown database '", "no_such_database"),
    ];
    // PostgreSQL: SQLSTATE 42P01, 42703 and 3D000. A role that does not exist is another matter.
    let kinds = [("relation \"", "missing"), ("column \"", "missing"), ("database \"", "no_such_database")];
    let absent = kinds.into_iter().find(|(kind, _)| text.contains(kind)).filter(|_| text.contains("\" does not exist"));
    if let Some((_, value)) = absent {
        return Some((value, String::new()));
    }
    ERRORS.into_iter().find(|(words, _)| text.contains(words)).map(|(_, value)| (value, String::new()))
}

/// Sessions that wait for, or died of, each other's locks.
pub(super) fn locks(text: &str) -> Option<(&'static str, String)> {
    if text.contains("deadlock detected") || text.contains("Deadlock found when trying to get lock") {
        return Some(("deadlock", String::new()));
    }
    if let Some((_, waits)) = text.split_once(" still waiting for ") {
        let kind = waits.split(' ').next().unwrap_or_default();
        let after = between(text, " after ", " ms").map(|ms| format!(" for {ms} ms")).unwrap_or_default();
        return Some(("waiting", format!("{kind}{after}")));
    }
    let waited = text.contains("due to lock timeout") || text.contains("Lock wait timeout exceeded");
    waited.then(|| ("waiting", "lock timeout".to_owned()))
}
