//! Sentences of programs of any language that name a place and say why it could not be reached.
//!
//! ```text
//! Failed to open TCP connection to 10.83.5.5:8080 (Connection refused - connect(2) for 10.83.5.5:8080)
//! fsockopen(): Unable to connect to 10.83.5.5:8080 (Connection refused)
//! failed to connect to all addresses; last error: UNKNOWN: ipv4:10.83.5.5:8080: Failed to connect to remote host: Connection refused
//! establishing connection failed: socket: tcp:10.83.5.5:8080: Connection refused
//! ssh: connect to host 10.83.5.5 port 22: Connection refused
//! System.Net.Http.HttpRequestException: Connection refused (10.83.5.5:8080)
//! getaddrinfo for cart.north.internal failed: Name or service not known
//! sync with arrivals.portauth.example failed (10.142.5.21:8080): [Errno 111] Connection refused
//! 2026-11-29 12:18:06 1xXdr4-00047H-2l H=mx1.post.example [203.0.113.138] Connection refused
//! ```

use super::{Call, words};
use crate::fact::{Endpoint, Outcome};
use crate::read::pick::{between, host_port};
use crate::read::request::endpoint;

pub(super) fn call(text: &str) -> Option<Call> {
    dialed(text)
        .or_else(|| refused_actively(text))
        .or_else(|| tried(text))
        .or_else(|| named_last(text))
        .or_else(|| asked(text))
        .or_else(|| peer(text))
        .or_else(|| handed(text))
}

/// grpcurl: `Failed to dial target host "localhost:3001": context deadline exceeded`. TLS counts as a part of it.
fn dialed(text: &str) -> Option<Call> {
    let (place, why) = text.split_once("ailed to dial target host \"")?.1.split_once("\": ")?;
    why.starts_with("context deadline exceeded").then_some(())?;
    Some(Call::to(host_port(place)?, "tcp", Outcome::Unconnected))
}

/// Ruby's OpenSSL: `SSL_connect returned=1 errno=0 peeraddr=10.91.0.22:443 state=error: certificate verify failed (certificate has expired)`.
fn peer(text: &str) -> Option<Call> {
    let (_, rest) = text.split_once("peeraddr=")?;
    let (to, why) = rest.split_once(' ')?;
    Some(Call::to(host_port(to)?, "https", words::certificate(why).unwrap_or(Outcome::TlsFailed)))
}

/// Exim: `H=mx1.post.example [203.0.113.138] Connection refused`.
fn handed(text: &str) -> Option<Call> {
    let (host, rest) = text.split_once(" H=")?.1.split_once(" [")?;
    let (address, why) = rest.split_once("] ")?;
    let connects = why.starts_with("Connection ") || why.starts_with("No route");
    let outcome = match words::errno(why).filter(|_| connects)? {
        // Nothing was said before the connection stood.
        Outcome::TimedOut | Outcome::Hang => Outcome::ConnectTimeout,
        outcome => outcome,
    };
    let to = Endpoint { host: Some(host.to_ascii_lowercase()), ..endpoint(address, Some(25)) };
    Some(Call::to(to, "smtp", outcome))
}

/// Windows' words, and whom .NET says it was: `… because the target machine actively refused it. (localhost:5000)`, `… refused it [::ffff:10.0.0.5]:5432`.
fn refused_actively(text: &str) -> Option<Call> {
    let (_, rest) = text.split_once("actively refused it")?;
    let place = rest.trim_start_matches(['.', ' ', '(']).split([' ', ')', ',', '\'']).next()?;
    Some(Call::to(host_port(place)?, "tcp", Outcome::Refused))
}

/// .NET puts the place behind the reason: `Connection refused (cart:8080)`, `No such host is known. (cart:8080)`.
fn named_last(text: &str) -> Option<Call> {
    let (why, rest) = text.split_once("Exception: ")?.1.rsplit_once(" (")?;
    let to = host_port(rest.split_once(')')?.0)?;
    if let Some(host) = &to.host
        && let Some(outcome) = words::unresolved(why)
    {
        return Some(Call::for_name(host, outcome));
    }
    Some(Call::to(to, "tcp", words::errno(why)?))
}

/// What stands before a place, longest first where one ends another.
const BEFORE: [&str; 13] = [
    "onnection failed, host ",
    "onnection to ",
    "onnect to host ",
    "onnect to address ",
    "onnect to ",
    "onnecting to ",
    "socket: tcp:",
    "ailed (",
    "AF=2 ",
    "AF=10 ",
    "ipv4:",
    "ipv6:",
    "tcp://",
];

/// The place that could not be reached, where the reason stands on a line below: `Failed to connect to 127.0.0.1:5432`.
pub(super) fn named(text: &str) -> Option<Endpoint> {
    let failed = text.contains("ailed");
    BEFORE.iter().filter(|_| failed).find_map(|mark| Some(place(text.split_once(mark)?.1)?.0))
}

fn tried(text: &str) -> Option<Call> {
    BEFORE.iter().find_map(|mark| {
        let (_, rest) = text.split_once(mark)?;
        // Behind a jump host, ssh knows no host of its own.
        let (mut to, why) = place(rest).filter(|(to, _)| to.host.as_deref() != Some("unknown"))?;
        // Ruby: "(Connection refused - connect(2) for 10.83.5.5:8080)".
        to.address = to.address.or(between(why, "connect(2) for ", ")").and_then(host_port).and_then(|to| to.address));
        if let Some(host) = &to.host
            && let Some(outcome) = words::unresolved(why)
        {
            return Some(Call::for_name(host, outcome));
        }
        // The reason belongs to this place only as far as the sentence goes.
        let why = why.split([';', '\n']).next().unwrap_or(why);
        // ssh gives up while it waits for the other side's first words.
        let waited = || why.trim_start().starts_with("timed out").then_some(Outcome::TimedOut);
        let outcome = words::errno(why).or_else(waited)?;
        // What ends a connection that stood says nothing of how far a request came.
        (outcome != Outcome::EmptyReply).then(|| Call::to(to, "tcp", outcome))
    })
}

/// `host:port` or `host port N`, and what comes after it. A word alone may be anything, so a port must follow.
fn place(text: &str) -> Option<(Endpoint, &str)> {
    let end = text.find([' ', ',', ')', '(', '\'', '"']).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let word = word.trim_end_matches([':', '.']);
    // Postfix: "mx.example[198.51.100.200]:25".
    if let Some((host, inside)) = word.split_once('[').filter(|(host, _)| !host.is_empty())
        && let Some((address, port)) = inside.split_once("]:")
    {
        let named = endpoint(host, port.parse().ok());
        return Some((Endpoint { address: address.parse().ok().or(named.address), ..named }, rest));
    }
    if let Some(to) = host_port(word.trim_end_matches('/')) {
        return Some((to, rest));
    }
    let (before, after) = rest.split_once("port ").filter(|(before, _)| before.len() < 50 && !before.contains(": "))?;
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (port, why) = after.split_at_checked(digits)?;
    let plausible = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c));
    let mut to = endpoint(word, Some(port.parse().ok()?));
    let inside = before.split(['(', '[', ')', ']']).nth(1);
    to.address = to.address.or(inside.and_then(|address| address.parse().ok()));
    plausible.then_some((to, why))
}

/// `getaddrinfo for db.example failed: …`, `getaddrinfo("db.example", …): …`, `Could not resolve host: db.example`, `lookup db.example on 10.0.0.10:53: …`.
fn asked(text: &str) -> Option<Call> {
    let (rest, outcome) = if let Some((_, rest)) = text.split_once("Could not resolve host: ") {
        (rest, Outcome::Unresolved)
    } else if let Some((_, rest)) = text.split_once("ould not resolve '") {
        (rest, Outcome::Unresolved)
    } else if let Some((_, rest)) = text.split_once("ould not resolve hostname ") {
        (rest, words::unresolved(rest).unwrap_or(Outcome::Unresolved))
    } else {
        let (_, rest) = [
            "getaddrinfo for ",
            "getaddrinfo(\"",
            "getaddrinfo: ",
            "ailed to resolve host: ",
            "ailed to resolve '",
            "annot resolve ",
            "lookup ",
        ]
        .into_iter()
        .find_map(|mark| text.split_once(mark))?;
        (rest, words::unresolved(rest)?)
    };
    let name = rest.split([' ', '"', '\'', ':', ';', ',']).next()?;
    let plausible = name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    plausible.then(|| Call::for_name(name, outcome))
}
