//! Reads the head of an answer as `curl -i` and `curl -I` print it, and loops that print one line per answer.
//!
//! ```text
//! HTTP/1.1 200 OK
//! Server: nginx/1.22.1
//! Date: Sat, 21 Nov 2026 01:52:26 GMT
//! ```

use super::caching::Caching;
use super::curl_verbose::POOL_MEMBER;
use super::findings::length_of;
use super::observable::{PROXY, PROXY_REASON};
use super::request::{Request, Url, endpoint, split_port};
use super::{CommandLine, Findings, Part, Reader, app_log, curl_verbose, curl_write_out};
use crate::evidence::Lines;
use crate::fact::{Answerer, Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "curl", most: 0.9, recognize, read };

/// The same of clients that print their own request above it and name themselves there, or in the command line.
pub(super) const WITH_REQUEST: Reader =
    Reader { kind: "http", most: 0.99, recognize: recognize_with_request, read: read_with_request };

fn recognize_with_request(part: &Part) -> f64 {
    let named = ["User-Agent: HTTPie/", "User-Agent: python-httpx/", "user-agent: xh/"];
    if part.any(|text| named.iter().any(|name| text.starts_with(name))) {
        return 0.99;
    }
    // With --print=hb the request is not shown.
    let runs = ["http", "https", "xh", "xhs", "httpx"].iter().any(|program| part.runs(program));
    if runs && part.any(|text| status(text).is_some()) { 0.9 } else { 0.0 }
}

fn read_with_request(part: &Part, findings: &mut Findings) {
    read(part, findings);
    // The request and the body are noise once the answer is read, unless the body tells what failed.
    part.lines.iter().filter(|line| !app_log::tells(&line.text)).for_each(|line| findings.noise(line.number));
}

fn recognize(part: &Part) -> f64 {
    match (part.any(|text| status(text).is_some()), part.runs("curl")) {
        (true, true) => 0.9,
        (true, false) => 0.7,
        _ => 0.0,
    }
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    let shows = |run: &CommandLine| run.flag('i', "--include") || run.flag('I', "--head");
    let command = part.command.as_ref().map(|command| command.only("curl", shows));
    let mut common = Request::of(command.as_ref());
    let gets = command.as_ref().is_some_and(CommandLine::only_gets);
    if let Some(to) = part.command.as_ref().filter(|_| common.to.is_empty()).and_then(by_hand) {
        // s_client goes on whatever the certificate is.
        (common.to, common.unchecked_certificate) = (to, true);
    }
    let heads = part.lines.iter().filter(|line| status(&line.text).is_some_and(is_final)).count();
    let follows = common.follows;
    let mut visited: Vec<String> = Vec::new();
    // Where the redirect above leads, if the command follows it.
    let mut moved: Option<Url> = None;
    // One head for each URL of the command line: "curl -sI a; curl -sI b".
    let mut each = Request::each(command.as_ref()).into_iter().filter(|_| common.urls == heads);
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(status) = status(&line.text) else { continue };
        let mut answerer = Answerer::default();
        let mut location = None;
        let mut told = Vec::new();
        let mut last = line.number;
        let mut bytes = None;
        let mut caching = Caching::default();
        // "HTTP/1.1 200 OK x-served-by: product-1 total=0.28": a loop that joined the head, and what `-w` wrote, into one line.
        note(&line.text, &mut answerer);
        answerer.served_by = answerer.served_by.and_then(|name| name.split_whitespace().next().map(str::to_owned));
        let times = curl_write_out::times(&line.text);
        while let Some(header) = lines.next_if(|next| next.text.contains(": ") && self::status(&next.text).is_none()) {
            note(&header.text, &mut answerer);
            told.extend(curl_verbose::told(&header.text).map(|said| (header.number, said)));
            location = location.or_else(|| location_of(&header.text));
            bytes = bytes.or_else(|| curl_verbose::length(&header.text));
            caching.header(&header.text);
            last = header.number;
        }
        // What follows the blank line is the body, up to the next head.
        let mut wants_certificate = false;
        let asked = common.urls > 0 || !common.to.is_empty();
        if lines.next_if(|next| next.text.trim().is_empty()).is_some() && asked {
            while let Some(body) = lines.next_if(|next| self::status(&next.text).is_none()) {
                caching.body(&body.text);
                if body.text.contains("<center>nginx") {
                    answerer.page_of = Some("nginx".to_owned());
                } else if let Some(program) = curl_verbose::welcomes(&body.text) {
                    answerer.page_of = Some(program.to_owned());
                }
                wants_certificate |= body.text.contains("<center>No required SSL certificate was sent");
                if body.text.contains("Request Header Or Cookie Too Large") {
                    let of = common.to.clone();
                    findings.state(
                        Lines::one(body.number),
                        PROXY_REASON,
                        "header_too_big",
                        of,
                        "so says its error page",
                    );
                }
                if !app_log::tells(&body.text) {
                    findings.noise(body.number);
                }
            }
        }
        if !is_final(status) {
            findings.noise(line.number);
            continue;
        }
        if status == 101
            && let Some(end) = lines.next_if(|next| next.text.starts_with("curl: (28)"))
        {
            // What was switched to is no longer curl's to end.
            findings.noise(end.number);
        }
        let mut request = each.next().unwrap_or_else(|| common.clone());
        if let Some(url) = moved.take() {
            (request.to, request.pinned) = (url.endpoint(), false);
            (request.protocol, request.path) = (Some(url.scheme), Some(url.path));
        }
        moved = location.as_deref().filter(|_| follows).and_then(|location| led(&request, location));
        let circle = location.filter(|_| Outcome::of_status(status) == Outcome::Redirected).is_some_and(|location| {
            let again = if follows { visited.contains(&location) } else { leads_back(&request, &location) };
            visited.push(location);
            again
        });
        // Of a plain request the proxy gives the answer, whoever it had it from.
        if let Some(proxy) = request.proxy.take().filter(|_| request.protocol.as_deref() == Some("http")) {
            findings.state(Lines::one(line.number), PROXY, "used", proxy.clone(), format!("for {}", request.to));
            (request.to, request.pinned) = (proxy, true);
        }
        let outcome = match () {
            () if circle => Outcome::RedirectLoop,
            // nginx's page for a client that showed no certificate.
            () if wants_certificate => Outcome::TlsClientCertificate,
            () => Outcome::of_status(status),
        };
        let attempt = Attempt {
            to: request.to.clone(),
            resolved: request.to.host.is_some() && !request.pinned,
            unchecked: request.unchecked_certificate,
            protocol: request.protocol.clone(),
            path: request.path.clone(),
            status: Some(status),
            answerer,
            times,
            count: counted(&line.text).0,
            ..Attempt::new(Stage::Exchange, outcome)
        };
        for (number, said) in told {
            findings.state(Lines::one(number), said.observable, said.value, attempt.to.clone(), said.detail);
        }
        let mut numbers = length_of(bytes.filter(|_| gets));
        numbers.extend(caching.numbers());
        findings.measured(Lines::new(line.number, last), numbers, Claim::Attempt(attempt));
    }
}

/// Whom a request was sent to that somebody typed or piped in: `telnet H P`, `nc H P`, `openssl s_client -connect H:P`.
fn by_hand(command: &CommandLine) -> Option<Endpoint> {
    if let Some(connect) = command.option("\0", "-connect").filter(|_| command.runs("openssl")) {
        let (host, port) = split_port(connect);
        return Some(endpoint(host, port));
    }
    let tool = |word: &&str| matches!(*word, "telnet" | "nc" | "ncat" | "netcat");
    let mut words = command.words().skip_while(|word| !tool(word)).skip(1).filter(|word| !word.starts_with('-'));
    let (host, port) = (words.next()?, words.next()?.parse().ok()?);
    host.contains(|c: char| c.is_ascii_alphabetic() || c == '.').then(|| endpoint(host, Some(port)))
}

/// Whether nothing but the body follows: 1xx only announces, except for 101, which hands the connection over.
fn is_final(status: u16) -> bool {
    status >= 200 || status == 101
}

fn location_of(header: &str) -> Option<String> {
    let (name, value) = header.split_once(": ")?;
    name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
}

/// The URL that a redirect names, in full or as another path of the same host.
fn led(request: &Request, location: &str) -> Option<Url> {
    Url::parse(location).or_else(|| {
        let scheme = request.protocol.as_deref().filter(|_| location.starts_with('/') && !request.elsewhere)?;
        let place =
            Endpoint { address: request.to.address.filter(|_| request.to.host.is_none()), ..request.to.clone() };
        Url::parse(&format!("{scheme}://{place}{location}"))
    })
}

/// Whether a redirect leads to the very URL that was asked for.
fn leads_back(request: &Request, location: &str) -> bool {
    Url::parse(location).is_some_and(|url| {
        let to = url.endpoint();
        request.protocol.as_deref() == Some(url.scheme.as_str())
            && request.path.as_deref() == Some(url.path.as_str())
            && request.to.port == to.port
            && request.to.host == to.host
            && request.to.host.is_some()
    })
}

/// How many heads a line stands for, where `uniq -c` has counted them: `     16 HTTP/1.1 200 OK`.
fn counted(text: &str) -> (u32, &str) {
    let counted = text.trim_start().split_once(' ').and_then(|(count, rest)| Some((count.parse().ok()?, rest)));
    counted.filter(|(_, rest)| rest.starts_with("HTTP/")).unwrap_or((1, text))
}

/// The status that a head begins with.
pub(super) fn status(text: &str) -> Option<u16> {
    let rest = counted(text).1.strip_prefix("HTTP/")?;
    let status = rest.split(' ').nth(1)?.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

fn note(text: &str, answerer: &mut Answerer) {
    let lower = text.to_ascii_lowercase();
    let value = |name: &str| {
        let at = lower.find(name)?;
        let value = text.get(at + name.len()..)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    if lower.starts_with("server: ") {
        answerer.server = value("server: ");
    } else if lower.starts_with("via: ") {
        answerer.via = value("via: ");
    } else if answerer.served_by.is_none() {
        answerer.served_by = POOL_MEMBER.iter().find_map(|name| value(&format!("{name}: ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_head_on_one_line_keeps_who_answered_and_how_long_it_took() {
        let text = "HTTP/1.0 200 OK x-served-by: planner-2 total=2.844103\nHTTP/1.0 200 OK x-served-by: planner-3 total=0.285169\n";
        assert_eq!(
            told(READER, text),
            [
                "the request to the target worked, answered by planner-2, after 2.8 s",
                "the request to the target worked, answered by planner-3, after 0.3 s"
            ]
        );
    }

    #[test]
    fn a_plain_request_by_way_of_a_proxy_is_answered_by_the_proxy() {
        // curl 7.88, Squid 5.7
        let text = "# curl -sI -x 10.55.0.20:3128 http://shop.nordlicht.internal:81/\nHTTP/1.1 503 Service Unavailable\n\
                    Server: squid/5.7\nX-Squid-Error: ERR_CONNECT_FAIL 111\nVia: 1.1 egress-1 (squid/5.7)\n";
        let told: Vec<String> =
            crate::read::read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect();
        assert_eq!(
            told,
            [
                "proxy is used at 10.55.0.20:3128 (for shop.nordlicht.internal:81)",
                "the request to 10.55.0.20:3128 was answered 503",
                "proxy reason is upstream refused at 10.55.0.20:3128 (ERR_CONNECT_FAIL 111)",
            ]
        );
    }
}
