//! Lines of servers that write neither the common format nor names of fields: uWSGI, Squid, uvicorn, morgan, Gin, Rails, S3.
//!
//! ```text
//! [pid: 88185|app: 0|req: 1/1] 127.0.0.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 2016] POST /update_metrics => generated 47 bytes in 129 msecs (HTTP/1.1 200) 9 headers in 378 bytes
//! INFO:     10.0.0.9:51234 - "GET /cart HTTP/1.1" 503 Service Unavailable
//! GET /cart 503 12 - 40.269 ms
//! [GIN] 2026/11/28 - 02:22:01 | 503 |   40.269ms |        10.0.0.9 | GET      "/cart"
//! Completed 503 Service Unavailable in 40ms (ActiveRecord: 1.0ms)
//! 1386543323.000      4 91.188.124.227 TCP_DENIED/403 4099 GET http://www.shop.example/a - HIER_NONE/- text/html
//! ```

use std::net::IpAddr;

use super::fields::{seconds, took};
use crate::fact::{Attempt, Endpoint, Outcome, Stage, Times};
use crate::read::pick::{between, host_port, number_after};
use crate::read::request::Url;

pub(super) fn request(text: &str) -> Option<Attempt> {
    uwsgi(text)
        .or_else(|| squid(text))
        .or_else(|| quoted(text))
        .or_else(|| bare(text))
        .or_else(|| gin(text))
        .or_else(|| rails(text))
}

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"];

/// Any line with `"GET /path HTTP/1.1" 200` and the caller's address before it.
fn quoted(text: &str) -> Option<Attempt> {
    let (before, rest) = text.split_once('"')?;
    let (request, after) = rest.split_once("\" ")?;
    let mut words = request.split(' ');
    let (method, path, protocol) = (words.next()?, words.next()?, words.next()?);
    (METHODS.contains(&method) && protocol.starts_with("HTTP/")).then_some(())?;
    // chi writes the caller after the request: `"GET http://shop.example/x HTTP/1.1" from 10.0.0.9:1234 - 500 12B in 1.2ms`.
    let (caller, after) =
        after.strip_prefix("from ").and_then(|rest| rest.split_once(" - ")).unwrap_or((before, after));
    let client = caller.split_whitespace().find_map(|word| {
        let address = word.parse().ok().or_else(|| host_port(word)?.address);
        address.map(|address: IpAddr| address.to_string())
    })?;
    let status: f64 = after.split(' ').next()?.parse().ok()?;
    let (host, path) = Url::parse(path).map_or((None, path.to_owned()), |url| (url.endpoint().host, url.path));
    (100.0..600.0)
        .contains(&status)
        .then(|| received(&client, host.as_deref(), &path, status, took(after).and_then(seconds)))
}

/// morgan's `tiny`, `short` and `dev` and what programs print by themselves: method, path and status, and behind them nothing but
/// sizes and durations.
fn bare(text: &str) -> Option<Attempt> {
    let at = text.split_whitespace().take(4).position(|word| METHODS.contains(&word))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let (before, rest) = words.split_at_checked(at)?;
    let (path, rest) = rest.get(1..)?.split_first()?;
    let rest = if rest.first()?.starts_with("HTTP/") { rest.get(1..)? } else { rest };
    let (status, rest) = rest.split_first()?;
    let unit = |c: char| c.is_ascii_alphabetic() || c == 'µ';
    let numeric = |word: &&str| {
        matches!(*word, "-" | "in" | "ms" | "s" | "bytes") || word.trim_end_matches(unit).parse::<f64>().is_ok()
    };
    let client = before.iter().find(|word| word.parse::<IpAddr>().is_ok()).copied().unwrap_or_default();
    let plain = path.starts_with('/')
        && !rest.is_empty()
        && rest.iter().all(numeric)
        && before.iter().all(|word| *word == "-" || *word == client);
    let status: f64 = status.parse().ok().filter(|status| plain && (100.0..600.0).contains(status))?;
    let apart = rest.iter().position(|word| *word == "ms").and_then(|at| rest.get(at.checked_sub(1)?)?.parse().ok());
    let total = apart.or_else(|| rest.iter().find_map(|word| word.strip_suffix("ms")?.parse::<f64>().ok()));
    Some(received(client, None, path, status, total.map(|milliseconds| milliseconds / 1e3)))
}

fn gin(text: &str) -> Option<Attempt> {
    let cells: Vec<&str> = text.strip_prefix("[GIN] ")?.split('|').map(str::trim).collect();
    let [_, status, took, client, request, ..] = cells.as_slice() else { return None };
    let path = request.split_whitespace().nth(1)?.trim_matches('"');
    let total =
        took.strip_suffix("ms").and_then(|took| took.parse::<f64>().ok()).map(|milliseconds| milliseconds / 1e3);
    Some(received(client, None, path, status.parse().ok()?, total))
}

/// The line that ends a request; its path stands on the line that began it.
fn rails(text: &str) -> Option<Attempt> {
    let (_, rest) = text.split_once("Completed ")?;
    let (status, rest) = rest.split_once(' ')?;
    let took = number_after(rest, " in ").filter(|_| rest.contains("ms"))?;
    let status = status.parse().ok().filter(|status| (100.0..600.0).contains(status))?;
    Some(received("", None, "", status, Some(took / 1e3)))
}

fn uwsgi(text: &str) -> Option<Attempt> {
    let (_, rest) = text.strip_prefix("[pid: ")?.split_once("] ")?;
    let client = rest.split(' ').next()?;
    let (_, request) = rest.split_once("} [")?.1.split_once("] ")?;
    let path = request.split(' ').nth(1)?;
    let status = number_after(between(request, "(HTTP/", ")")?, " ")?;
    let took = number_after(request, " bytes in ")?;
    let factor = if request.contains(" msecs (") { 1e3 } else { 1e6 };
    Some(received(client, None, path, status, Some(took / factor)))
}

/// Squid's own format. Its status comes after the word of its cache: `TCP_MISS/200`, `TCP_DENIED/403`.
fn squid(text: &str) -> Option<Attempt> {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [time, elapsed, client, result, _, _, url, _, hierarchy, ..] = words.as_slice() else { return None };
    (time.parse::<f64>().is_ok() && time.contains('.') && hierarchy.contains('/')).then_some(())?;
    let (word, status) = result.split_once('/')?;
    word.chars().all(|c| c.is_ascii_uppercase() || c == '_').then_some(())?;
    let milliseconds: f64 = elapsed.parse().ok()?;
    // A tunnel names a host and a port only.
    let to = Url::parse(url).map(|url| url.endpoint()).or_else(|| host_port(url)).unwrap_or_default();
    let path = Url::parse(url).map(|url| url.path).unwrap_or_default();
    Some(received(client, to.host.as_deref(), &path, status.parse().ok()?, Some(milliseconds / 1e3)))
}

/// What Squid asked for a client, of whom its last fields tell: `HIER_DIRECT/10.0.3.1`, `FIRSTUP_PARENT/10.0.3.9`.
pub(super) fn forwarded(text: &str) -> Option<Attempt> {
    let received = squid(text)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let (_, address) = words.get(8)?.split_once('/')?;
    let url = words.get(6)?;
    let asked = Url::parse(url).map(|url| url.endpoint()).or_else(|| host_port(url))?;
    let direct = words.get(8)?.contains("DIRECT");
    let port = asked.port.filter(|_| direct);
    let to = Endpoint { host: asked.host.filter(|_| direct), ..Endpoint::at(address.parse().ok()?, port) };
    let status = received.status.filter(|_| !words.get(3).is_some_and(|result| result.contains("DENIED")))?;
    // It answers 503 itself where it could not connect.
    let outcome = if status == 503 { Outcome::Unserved } else { Outcome::of_upstream_status(status) };
    let status = Some(status).filter(|_| outcome == Outcome::of_status(status));
    Some(Attempt {
        to,
        status,
        protocol: received.protocol,
        path: received.path,
        ..Attempt::new(Stage::Exchange, outcome)
    })
}

fn received(client: &str, host: Option<&str>, path: &str, status: f64, total: Option<f64>) -> Attempt {
    let known = (100.0..600.0).contains(&status).then_some(status as u16);
    Attempt {
        to: Endpoint::self_of_log(host),
        from: Endpoint { address: client.parse().ok(), ..Endpoint::default() },
        path: path.starts_with('/').then(|| path.split('?').next().unwrap_or(path).to_owned()),
        protocol: Some("http".to_owned()),
        status: known,
        times: Times { total, ..Times::default() },
        // A status of 0 is what these servers write where the client had left before anything was sent.
        ..Attempt::new(Stage::Exchange, known.map_or(Outcome::ClientLeft, Outcome::of_status))
    }
}
