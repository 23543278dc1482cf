//! HTTP clients that name what they called: Python's urllib3 and aiohttp, Go's net/http, Apache's and others' for Java.

use super::{Call, words};
use crate::fact::{Attempt, Endpoint, Outcome, Stage};
use crate::read::pick::{between, host_port};
use crate::read::request::{Url, endpoint};

pub(super) fn call(text: &str) -> Option<Call> {
    urllib3(text)
        .or_else(|| go(text))
        .or_else(|| aiohttp(text))
        .or_else(|| botocore(text))
        .or_else(|| php(text))
        .or_else(|| returned(text))
        .or_else(|| raised(text))
        .or_else(|| reasoned(text))
        .or_else(|| reqwest(text))
        .or_else(|| listed(text))
}

/// Whether a line names a URL and ends in a status.
pub(super) fn ends_in_status(text: &str) -> bool {
    let last = text.trim_end_matches('}').rsplit([' ', ',']).next().unwrap_or_default();
    last.len() == 3 && text.contains("://") && status(last).is_some()
}

fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (200..599).contains(status))
}

/// What a script prints of each request: `http://10.0.0.7:7008/orders 503`, `http://10.0.0.7:9010/c 500 Internal Server Error`, and nothing else
/// but the time. A status of its own that Perl's HTTP::Tiny makes up is 599.
fn listed(text: &str) -> Option<Call> {
    // Erlang's `{"http://10.0.0.7:9003/f",429}`.
    let term = text.strip_prefix("{\"").and_then(|rest| rest.strip_suffix('}')?.split_once("\","));
    let (url, said) = term.or_else(|| text.get(text.find("http")?..)?.split_once(' '))?;
    let (code, reason) = said.split_once(' ').unwrap_or((said, ""));
    let before = text.split("http").next().unwrap_or_default();
    let dated = term.is_some() || before.bytes().all(|b| b.is_ascii_digit() || b" -:.,TZ[]".contains(&b));
    let worded = reason.bytes().all(|b| b.is_ascii_alphabetic() || b" -'".contains(&b));
    let named = reason.is_empty() || reason.starts_with(|c: char| c.is_ascii_uppercase());
    (status(code).is_some() && dated && worded && named).then_some(())?;
    answered(Url::parse(url)?, code)
}

/// `Could not connect to the endpoint URL: "http://s3.example:9000/"`, where how it failed is not told, and its timeouts.
fn botocore(text: &str) -> Option<Call> {
    let (before, url) = text.split_once("endpoint URL: \"")?;
    let outcome = match before.trim_end() {
        before if before.ends_with("Could not connect to the") => Outcome::Unconnected,
        before if before.ends_with("Connect timeout on") => Outcome::ConnectTimeout,
        before if before.ends_with("Read timeout on") => Outcome::Hang,
        _ => return None,
    };
    Some(of_url(Url::parse(url.split('"').next()?)?, outcome, None))
}

/// Why Envoy says that it has no answer from whom it asked: `upstream connect error or disconnect/reset before headers. reset reason:
/// connection failure, transport failure reason: delayed connect error: 111`.
pub(super) fn envoy(text: &str) -> Option<(&'static str, String)> {
    let (_, why) = text.split_once("upstream connect error or disconnect/reset before headers. ")?;
    let values = [
        ("111", "upstream_refused"),
        ("TLS", "upstream_tls"),
        ("timeout", "upstream_timeout"),
        ("termination", "upstream_closed"),
        ("", "upstream_unreached"),
    ];
    let value = values.iter().find(|(word, _)| why.contains(word)).map(|(_, value)| *value);
    Some((value?, why.trim().to_owned()))
}

/// `file_get_contents(http://cart.example:83/): Failed to open stream: Connection refused`.
fn php(text: &str) -> Option<Call> {
    let (before, why) = text.split_once("): ")?;
    let why = why.strip_prefix("Failed to open stream: ").or_else(|| why.strip_prefix("failed to open stream: "))?;
    let (_, url) = before.rsplit_once('(')?;
    match why.split_once(" HTTP/") {
        Some((_, answer)) => answered(Url::parse(url)?, answer.split(' ').nth(1)?),
        None => Some(of_url(Url::parse(url)?, words::errno(why)?, None)),
    }
}

/// `HTTPSConnectionPool(host='cart', port=443): Max retries exceeded with url: /v1 (Caused by …)`, `… Read timed out. (read timeout=5)`.
fn urllib3(text: &str) -> Option<Call> {
    let (before, rest) = text.split_once("ConnectionPool(host='")?;
    let (host, rest) = rest.split_once('\'')?;
    let port = between(rest, "port=", ")").and_then(|port| port.parse().ok());
    let path = rest.split_once("with url: ").and_then(|(_, url)| url.split([' ', '?']).next());
    let protocol = if before.ends_with("HTTPS") { "https" } else { "http" };
    if let Some(outcome) = words::unresolved(rest) {
        return Some(Call::for_name(host, outcome));
    }
    let outcome = match () {
        () if rest.contains("Read timed out") => Outcome::Hang,
        () if rest.contains("connect timeout=") => Outcome::ConnectTimeout,
        () => words::certificate(rest).or_else(|| words::alert(rest)).or_else(|| words::errno(rest))?,
    };
    let Call::Tried(mut attempt) = Call::to(endpoint(host, port), protocol, outcome) else { return None };
    attempt.path = path.map(str::to_owned);
    attempt.times.total = between(rest, "read timeout=", ")").and_then(|seconds| seconds.parse().ok());
    Some(Call::Tried(attempt))
}

/// `Get "https://cart:8443/v1": x509: certificate has expired`, `Post "http://cart/": EOF`. A failed dial is told by its own words.
fn go(text: &str) -> Option<Call> {
    // Before 1.14 the URL stood without quotes.
    let (_, rest) =
        ["Get ", "Post ", "Put ", "Delete ", "Head ", "Patch "].into_iter().find_map(|verb| text.split_once(verb))?;
    let (url, why) = rest.split_once(": ")?;
    let url = url.trim_matches('"');
    let url = Url::parse(url)?;
    let outcome = match () {
        () if why.contains("dial ") => return None,
        () if why.trim_end_matches(['"', ' ', '}']) == "EOF" || why.contains("unexpected EOF") => Outcome::EmptyReply,
        // Its client counts from the beginning of the request, whatever it was waiting for.
        () if why.contains("context deadline exceeded") || why.contains("Client.Timeout exceeded") => Outcome::TimedOut,
        () if why.contains("server gave HTTP response to HTTPS client") => Outcome::TlsPlaintext,
        () => words::certificate(why).or_else(|| words::errno(why))?,
    };
    Some(of_url(url, outcome, None))
}

/// `Cannot connect to host cart:8080 ssl:default [Connect call failed ('10.0.0.7', 8080)]`.
fn aiohttp(text: &str) -> Option<Call> {
    if let Some(rest) = text.split_once("Cannot connect to host ").map(|(_, rest)| rest) {
        let (place, why) = rest.split_once(' ')?;
        let to = host_port(place)?;
        if let (Some(outcome), Some(host)) = (words::unresolved(why), &to.host) {
            return Some(Call::for_name(host, outcome));
        }
        // asyncio leaves the reason out where it tries one address only.
        let called = called(why);
        let outcome = words::certificate(why).or_else(|| words::errno(why));
        let outcome = outcome.or(called.is_some().then_some(Outcome::Unconnected))?;
        let address = to.address.or(called.and_then(|called| called.address));
        return Some(Call::to(Endpoint { address, ..to }, "http", outcome));
    }
    let to = called(text)?;
    Some(Call::to(to, "tcp", words::errno(text)?))
}

/// What asyncio called: `Connect call failed ('10.0.0.7', 8080)`.
fn called(text: &str) -> Option<Endpoint> {
    let (address, port) = between(text, "Connect call failed ('", ")")?.split_once("', ")?;
    Some(Endpoint::at(address.parse().ok()?, Some(port.split(',').next()?.parse().ok()?)))
}

/// `http://cart.example/v1 returned HTTP 502`.
fn returned(text: &str) -> Option<Call> {
    let (before, after) = text.split_once(" returned HTTP ")?;
    answered(Url::parse(before.split([' ', '(']).next_back()?)?, after.get(..3)?)
}

/// `429 Client Error: Too Many Requests for url: http://cart.example/v1` of requests, `Server error '503 …' for url 'http://…'` of httpx, and a
/// record's `url=http://cart.example/v1 status=503`.
fn raised(text: &str) -> Option<Call> {
    let (before, url) = text
        .split_once(" for url")
        .or_else(|| text.split_once("url=").or_else(|| text.split_once(" target=")).map(|(_, url)| (text, url)))?;
    let url = Url::parse(url.trim_start_matches(':').split_whitespace().next()?)?;
    let status = ["lient error '", "erver error '", " status=", " status_code="]
        .into_iter()
        .find_map(|mark| before.split_once(mark)?.1.get(..3))
        .or_else(|| {
            let end = before.find(" Client Error").or_else(|| before.find(" Server Error"))?;
            before.get(end.checked_sub(3)?..end)
        })?;
    answered(url, status)
}

/// Rust's reqwest: `error sending request for url (http://cart.example/v1): error trying to connect: … Connection refused (os error 111)`.
fn reqwest(text: &str) -> Option<Call> {
    let (url, why) = text.split_once("error sending request for url (")?.1.split_once("): ")?;
    let url = Url::parse(url)?;
    if let Some(outcome) = words::unresolved(why) {
        return Some(Call::for_name(&url.host, outcome));
    }
    Some(of_url(url, words::certificate(why).or_else(|| words::errno(why))?, None))
}

/// npm and node-fetch: `request to https://cart.example/v1 failed, reason: certificate has expired`.
fn reasoned(text: &str) -> Option<Call> {
    let (url, why) = text.split_once("request to ")?.1.split_once(" failed, reason: ")?;
    let reset = why.starts_with("read ECONNRESET").then_some(Outcome::Reset);
    Some(of_url(Url::parse(url)?, words::certificate(why).or(reset)?, None))
}

fn answered(url: Url, status: &str) -> Option<Call> {
    let status = status.parse().ok().filter(|status| (100..600).contains(status))?;
    Some(of_url(url, Outcome::of_status(status), Some(status)))
}

fn of_url(url: Url, outcome: Outcome, status: Option<u16>) -> Call {
    let to = url.endpoint();
    let resolved = to.host.is_some() && outcome != Outcome::Unconnected;
    let (protocol, path) = (Some(url.scheme), Some(url.path));
    let tests = if status.is_some() { Stage::Exchange } else { outcome.stage() };
    Call::Tried(Box::new(Attempt { to, resolved, protocol, path, status, ..Attempt::new(tests, outcome) }))
}
