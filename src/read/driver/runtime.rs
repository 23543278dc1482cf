//! What runtimes say of a socket they could not connect: Go's `dial`, Node's codes, Java's exceptions.

use super::{Call, words};
use crate::fact::{Endpoint, Lookup, Outcome};
use crate::read::pick::{between, host_port, word_after};
use crate::read::request::{Url, endpoint};

pub(super) fn call(text: &str) -> Option<Call> {
    go(text)
        .or_else(|| node(text))
        .or_else(|| java(text))
        .or_else(|| python(text))
        .or_else(|| unbound(text))
        .or_else(|| bind(text))
}

/// Whom a term of Erlang's names: `{failed_connect,[{to_address,{"10.0.0.7",9001}},`, `{"http://10.0.0.7:9013/c",{error,timeout}}`.
pub(super) fn erlang_target(text: &str) -> Option<Endpoint> {
    if let Some(place) = between(text, "{to_address,{\"", "}") {
        let (host, port) = place.split_once("\",")?;
        return Some(endpoint(host, Some(port.parse().ok()?)));
    }
    let url = text.trim_start().strip_prefix("{\"").filter(|rest| rest.starts_with("http"))?;
    Url::parse(url.split('"').next()?).map(|url| url.endpoint())
}

/// How its call failed, in the words of inets and its sockets: `{inet,[inet],econnrefused}`, `{error,socket_closed_remotely}`.
pub(super) fn erlang(text: &str) -> Option<Outcome> {
    // An alert has one word for a certificate that is over and for one that is not valid yet.
    if text.contains(" generated CLIENT ALERT: Fatal - ") {
        return Some(Outcome::TlsFailed);
    }
    let reasons = [
        ("],econnrefused}", Outcome::Refused),
        ("],timeout}", Outcome::ConnectTimeout),
        ("],ehostunreach}", Outcome::Unreachable),
        ("],enetunreach}", Outcome::NoLocalRoute),
        ("],nxdomain}", Outcome::Nxdomain),
        ("{error,timeout}", Outcome::TimedOut),
        ("{error,socket_closed_remotely}", Outcome::EmptyReply),
    ];
    reasons.into_iter().find(|(words, _)| text.contains(words)).map(|(_, outcome)| outcome)
}

/// `validation failure <www.example. A IN>: signature expired from 192.0.2.53 for trust anchor …`; what was learned from it repeats it.
fn unbound(text: &str) -> Option<Call> {
    let (question, why) = text.rsplit_once("validation failure <")?.1.split_once(" IN>: ")?;
    let (name, record) = question.split_once(' ')?;
    let server = word_after(why, " from ")?.parse().ok();
    let lookup = Lookup { record: record.to_owned(), server, ..Lookup::new(name, Outcome::DnsBogus) };
    Some(Call::Asked(Box::new(lookup)))
}

/// What BIND 9.18 says of the name servers it asks, and of those it copies its zones from:
/// `connection refused resolving 'www.partner.example/A/IN': 10.20.0.15#53`,
/// `zone shop.example/IN: refresh: failure trying primary 10.20.0.15#53 (source 0.0.0.0#0): connection refused`.
fn bind(text: &str) -> Option<Call> {
    let outcome = |why: &str| {
        let words = [
            ("connection refused", Outcome::DnsUnreachable),
            ("host unreachable", Outcome::DnsUnreachable),
            ("timed out", Outcome::DnsTimeout),
            ("REFUSED unexpected RCODE", Outcome::DnsRefused),
            ("SERVFAIL unexpected RCODE", Outcome::Servfail),
        ];
        words.into_iter().find(|(words, _)| why.contains(words)).map(|(_, outcome)| outcome)
    };
    let (name, record, server, outcome) = if let Some((why, rest)) = text.split_once(" resolving '") {
        let (question, server) = rest.split_once("/IN': ")?;
        let (name, record) = question.rsplit_once('/')?;
        (name, record, server, outcome(why)?)
    } else {
        let (name, rest) = text.split_once("zone ")?.1.split_once("/IN: refresh: ")?;
        let (said, rest) = rest.split_once(" primary ").or_else(|| rest.split_once(" master "))?;
        let given_up = said.starts_with("retry limit for");
        (name, "SOA", rest, if given_up { Outcome::DnsTimeout } else { outcome(rest)? })
    };
    let server = server.split('#').next()?.parse().ok();
    Some(Call::Asked(Box::new(Lookup { record: record.to_owned(), server, ..Lookup::new(name, outcome) })))
}

/// `dial tcp 10.0.0.1:80: connect: connection refused`, `dial tcp: lookup db on 10.0.0.10:53: no such host`, `read tcp a->b: read: connection reset by peer`.
fn go(text: &str) -> Option<Call> {
    if let Some((_, rest)) = text.split_once("lookup ")
        && (text.contains("dial ") || rest.contains(":53: "))
    {
        let (place, why) = rest.split_once(": ")?;
        let (name, server) = place.split_once(" on ").map_or((place, None), |(name, server)| (name, Some(server)));
        let outcome = words::unresolved(why)
            .or_else(|| why.contains("i/o timeout").then_some(Outcome::DnsTimeout))
            .or_else(|| why.contains("connection refused").then_some(Outcome::DnsUnreachable))?;
        let server = server.and_then(host_port).and_then(|server| server.address);
        return Some(Call::Asked(Box::new(Lookup { server, ..Lookup::new(name, outcome) })));
    }
    if let Some((_, rest)) = text.split_once("dial tcp ") {
        let (place, why) = rest.split_once(": ")?;
        // "dial tcp 10.0.0.9:41000->10.0.0.1:80" names both ends.
        let to = host_port(place.rsplit("->").next()?)?;
        return Some(Call::to(to, "tcp", words::errno(why)?));
    }
    let (_, rest) = text.split_once("read tcp ")?;
    let (place, why) = rest.split_once(": ")?;
    let outcome = match words::errno(why)? {
        Outcome::ConnectTimeout => Outcome::Hang,
        other => other,
    };
    Some(Call::to(host_port(place.split_once("->")?.1)?, "tcp", outcome))
}

/// `connect ECONNREFUSED 10.0.0.1:5432`, `connect ETIMEDOUT [::1]:80`, `getaddrinfo ENOTFOUND db.example`.
fn node(text: &str) -> Option<Call> {
    for code in ["ENOTFOUND", "EAI_AGAIN"] {
        if let Some(name) = word_after(text, &format!("getaddrinfo {code} ")) {
            let name = name.trim_matches(['"', '\'', '}']).split(':').next()?;
            return Some(Call::for_name(name, words::unresolved(code)?));
        }
    }
    let (_, rest) = text.split_once("connect E")?;
    let (code, rest) = rest.split_once(' ')?;
    let outcome = words::errno(&format!("E{code}"))?;
    Some(Call::to(host_port(rest.split([' ', ')', '"', ',', '\'']).next()?)?, "tcp", outcome))
}

/// `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'db.example'.`
fn python(text: &str) -> Option<Call> {
    // Cassandra's: "Tried connecting to [('10.0.0.7', 9042)]. Last error: Connection refused".
    if let Some((_, rest)) = text.split_once("Tried connecting to [('") {
        let (address, rest) = rest.split_once("', ")?;
        let (port, why) = rest.split_once(')')?;
        let to = endpoint(address, port.split(',').next().and_then(|port| port.parse().ok()));
        return Some(Call::to(to, "tcp", words::errno(why)?));
    }
    let name =
        between(text, "certificate is not valid for '", "'").filter(|_| text.contains("CERTIFICATE_VERIFY_FAILED"))?;
    Some(Call::to(endpoint(name, None), "tls", Outcome::TlsWrongName))
}

/// `UnknownHostException: db`, `Connection to 10.0.0.1:5432 refused`, `Connect to cart:80 [cart/10.0.0.1] failed: …`, `Connection refused: cart/10.0.0.1:80`.
fn java(text: &str) -> Option<Call> {
    if let Some(name) = word_after(text, "UnknownHostException: ") {
        let name = name.trim_end_matches(':');
        let plausible = name.contains(|c: char| c.is_ascii_alphanumeric());
        return plausible.then(|| Call::for_name(name, words::unresolved(text).unwrap_or(Outcome::Nxdomain)));
    }
    // Kafka's: "Connection to node -1 (broker-1.example/10.0.0.7:9092) could not be established. Broker may not be available."
    if text.contains(" could not be established. Broker may not be available")
        && let Some(place) =
            between(text, "Connection to node ", ") could").and_then(|node| node.split_once('(')).map(|at| at.1)
    {
        let (host, socket) = place.split_once('/').unwrap_or(("", place));
        let to = host_port(socket)?;
        let host = to.host.clone().or_else(|| endpoint(host, None).host).filter(|host| !host.is_empty());
        return Some(Call::to(Endpoint { host, ..to }, "kafka", Outcome::Unconnected));
    }
    // The PostgreSQL driver.
    if let Some(place) = between(text, "Connection to ", " refused") {
        return Some(Call::to(host_port(place)?, "postgres", Outcome::Refused));
    }
    // Apache HttpClient.
    if let Some((_, rest)) = text.split_once("Connect to ")
        && let Some((place, why)) = rest.split_once(" failed: ")
    {
        let mut to = host_port(place.split(' ').next()?)?;
        to.address =
            between(place, "/", "]").and_then(|address| address.split([':', ',']).next()?.parse().ok()).or(to.address);
        return Some(Call::to(to, "http", words::errno(why)?));
    }
    // Netty and OkHttp write "host/address:port".
    let place = ["Connection refused: ", "onnection timed out: ", "ailed to connect to ", "No route to host: "]
        .into_iter()
        .find_map(|words| word_after(text, words))?;
    let (host, socket) = place.split_once('/')?;
    let socket = host_port(socket)?;
    let named = if host.is_empty() { Endpoint::default() } else { endpoint(host, None) };
    let to = Endpoint { host: named.host, ..socket };
    Some(Call::to(to, "tcp", words::errno(text).unwrap_or(Outcome::Refused)))
}
