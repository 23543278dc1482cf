//! Reads `curl -v`, from 7.29 to 8.x, one fact per address tried and one for the answer.
//!
//! ```text
//! *   Trying 203.0.113.74:80...
//! * connect to 203.0.113.74 port 80 failed: Connection timed out
//! *   Trying 203.0.113.138:80...
//! * Connected to api.shop.example (203.0.113.138) port 80 (#0)
//! > GET /v1/orders HTTP/1.1
//! < HTTP/1.1 200 OK
//! < server: nginx/1.22.1
//! ```
//!
//! Only lines that curl itself prints are read. Of a response body only the signature of a proxy's own error page counts:
//! an error page that quotes "Connection refused" is not curl being refused.

use std::collections::VecDeque;

use super::request::Request;
use super::{Findings, Part, Reader, app_log, http_head};

mod answer;
mod messages;
mod timeline;
mod trying;

use answer::header_value;
pub(super) use answer::{POOL_MEMBER, length, told, welcomes};
pub(super) use messages::of_exit_code;
use timeline::Timeline;

pub(super) const READER: Reader = Reader { kind: "curl", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    let certain = |text: &str| {
        let text = message(text).unwrap_or_default();
        text.starts_with("  Trying ")
            || text.starts_with("Connected to ")
            || text.starts_with("Could not resolve host")
            || text.starts_with("About to connect() to ")
            || text.starts_with("Hostname ") && text.ends_with("DNS cache")
            || text.starts_with("Host ") && text.ends_with(" was resolved.")
    };
    if part.any(certain) {
        return 0.98;
    }
    if part.any(|text| unstamped(text).starts_with("curl: (")) {
        return 0.95;
    }
    if part.any(|text| text.contains("== Info: ") || Dump::heading(unstamped(text)).is_some()) {
        return 0.9;
    }
    // A text cut at its upper end still shows the request or the answer.
    let sent = part.any(|text| text.starts_with("> ") && text.contains(" HTTP/"));
    let answered = part.any(|text| text.starts_with("< HTTP/"));
    match (sent, answered) {
        (true, true) => 0.9,
        (false, true) => 0.8,
        (true, false) => 0.6,
        _ => 0.0,
    }
}

/// Whether events came one after the other (text/event-stream): such an answer goes on until its reader leaves.
fn is_stream(part: &Part) -> bool {
    part.lines.iter().filter(|line| line.text.starts_with("data:")).nth(1).is_some()
}

fn read(part: &Part, findings: &mut Findings) {
    let mut timeline = Timeline::new(Request::of(part.command.as_ref()), requests(part), is_stream(part));
    let mut in_body = false;
    let mut dump = None;
    // Heads alone, without the transcript in which curl itself says where it goes next.
    let heads_alone = part.command.as_ref().is_some_and(|command| command.flag('L', "--location"))
        && !part.any(|text| unstamped(text).starts_with("< HTTP/"));
    // The head that stands alone above (`-i`, `-D -`) since the error before.
    let mut head = None;
    // With -I the head is what curl prints besides its transcript.
    let bare = part.command.as_ref().is_some_and(|command| command.flag('I', "--head"));
    let repeats =
        |text: &str| bare && text.contains([':', '/']) && part.any(|line| line.strip_prefix("< ") == Some(text));
    for (position, line) in part.lines.iter().enumerate() {
        let text = unstamped(&line.text);
        let above = position.checked_sub(1).and_then(|at| part.lines.get(at)).map(|line| line.text.as_str());
        head = if http_head::status(text).is_some() { Some(position) } else { head };
        // With -I the heads stand alone, and what fails then is the request to where the last one leads.
        if let Some(url) = header_value(text, "location").filter(|_| heads_alone) {
            timeline.moved(url.trim());
            continue;
        }
        if let Some(heading) = Dump::heading(text) {
            dump = Some(heading);
            findings.noise(line.number);
        } else if let Some((dump, bytes)) = dump.zip(Dump::line(text)) {
            match dump {
                Dump::Sent => timeline.sent(line.number, bytes, findings),
                Dump::Received => timeline.received(line.number, bytes.trim(), findings),
                Dump::Other => {}
            }
            findings.noise(line.number);
        } else if let Some(said) = message(text) {
            in_body = false;
            if timeline.message(line.number, said, findings) {
                findings.noise(line.number);
            }
        } else if let Some(header) = text.strip_prefix("> ").or((text == ">").then_some("")) {
            timeline.sent(line.number, header, findings);
            findings.noise(line.number);
        } else if let Some(header) = text.strip_prefix("< ").or((text.trim_end() == "<").then_some("")) {
            in_body = header.trim().is_empty();
            timeline.received(line.number, header.trim(), findings);
            findings.noise(line.number);
        } else if let Some(error) = text.strip_prefix("curl: (") {
            in_body = false;
            if let Some(head) = head.take().filter(|_| breaks_off(error)) {
                // What began well is the request that broke off, and no second one that worked.
                let lines = part.lines.iter().skip(head);
                let lines = lines.take_while(|line| line.text.starts_with("HTTP/") || line.text.contains(": "));
                lines.for_each(|line| findings.noise(line.number));
            }
            if timeline.final_error(line.number, error, findings) {
                findings.noise(line.number);
            }
        } else if is_decoration(text) || above.and_then(|above| above.strip_prefix("< ")) == Some(text) || repeats(text)
        {
            // With -i a header stands alone below the transcript's.
            findings.noise(line.number);
        } else if in_body || (timeline.is_answered() && is_page(text)) {
            // A page may come after all that curl says, where both were written to one file.
            // The body may end with curl's own words on the same line: "…}* Connection #0 to host a.example left intact".
            let (body, said) = text.split_once("* Connection #").map_or((text, None), |(body, _)| (body, Some(())));
            timeline.body(body);
            in_body = said.is_none();
            // What it tells of calls that failed is its maker's word.
            if !app_log::tells(body) {
                findings.noise(line.number);
            }
        }
    }
    timeline.finish(findings);
    timeline.tell_proxy(findings);
}

/// Whether an answer had begun when curl failed so (curl(1), section EXIT CODES).
fn breaks_off(error: &str) -> bool {
    let ends = |code: &str| error.strip_prefix(code).is_some_and(|rest| rest.starts_with(')'));
    let some = error.contains("bytes received") && !error.contains("with 0 bytes");
    ["18", "56", "92"].into_iter().any(ends) || ends("28") && some
}

/// The requests of a command line that prints nothing but its errors, if there is an error for each.
fn requests(part: &Part) -> VecDeque<Request> {
    let errors = part.lines.iter().filter(|line| unstamped(&line.text).starts_with("curl: (")).count();
    let requests = Request::each(part.command.as_ref());
    if requests.len() == errors { requests.into() } else { VecDeque::new() }
}

/// curl's own words: what follows `* `.
fn message(text: &str) -> Option<&str> {
    let text = unstamped(text);
    let said = text.strip_prefix("* ").or_else(|| text.strip_prefix("== Info: ")).or((text == "*").then_some(""))?;
    Some(without_ids(said))
}

/// Which part of the exchange the lines of bytes below a heading of `--trace-ascii` show.
#[derive(Clone, Copy, PartialEq)]
enum Dump {
    Sent,
    Received,
    Other,
}

impl Dump {
    /// `=> Send header, 90 bytes (0x5a)`, `<= Recv header, 17 bytes (0x11)`, `<= Recv data, 1256 bytes (0x4e8)`.
    fn heading(text: &str) -> Option<Dump> {
        let (_, what) = text.split_once("=> Send ").or_else(|| text.split_once("<= Recv "))?;
        what.contains(" bytes (0x").then_some(())?;
        Some(match (what.starts_with("header"), text.contains("=> Send ")) {
            (true, true) => Dump::Sent,
            (true, false) => Dump::Received,
            _ => Dump::Other,
        })
    }

    /// What stands behind the offset: `0018: Host: a.example`.
    fn line(text: &str) -> Option<&str> {
        let (offset, rest) = text.split_once(": ").or_else(|| text.strip_suffix(':').map(|offset| (offset, "")))?;
        (offset.len() >= 4 && offset.bytes().all(|b| b.is_ascii_hexdigit())).then_some(rest)
    }
}

/// A line of curl's without the `14:03:07.123456 ` of `--trace-time` and the `[0-0] ` of `--trace-ids`; others as they are.
fn unstamped(text: &str) -> &str {
    // Jenkins, GitLab and GitHub put the time before each line of a job: "22:15:07 ", "[2026-11-21T22:15:07.123Z] ".
    let untimed = match text.split_once(' ') {
        Some((time, rest))
            if time.len() >= 8
                && time.bytes().filter(|b| *b == b':').count() == 2
                && time.bytes().all(|b| b.is_ascii_digit() || b"[]:.-TZ".contains(&b)) =>
        {
            rest
        }
        _ => return text,
    };
    let bare = without_ids(untimed);
    if bare.starts_with(['*', '<', '>', '{', '}', '=']) || bare.starts_with("curl: (") { bare } else { text }
}

fn without_ids(text: &str) -> &str {
    match text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((ids, after)) if ids.contains('-') && ids.chars().all(|c| c.is_ascii_digit() || "-x".contains(c)) => after,
        _ => text,
    }
}

/// How a page begins.
fn is_page(text: &str) -> bool {
    ["<html>", "<!DOCTYPE html", "<!doctype html"].iter().any(|begin| text.starts_with(begin))
}

/// Byte counts, the progress meter, and curl's advice under an error.
fn is_decoration(text: &str) -> bool {
    let trimmed = text.trim();
    trimmed.is_empty()
        || (text.starts_with(['{', '}']) && text.contains(" bytes data]"))
        || trimmed.starts_with("% Total")
        || trimmed.starts_with("Dload")
        || trimmed.contains("--:--:--")
        || trimmed.starts_with("More details here: https://curl.se/")
        || trimmed.starts_with("curl failed to verify the legitimacy")
        || trimmed.starts_with("establish a secure connection to it.")
        || trimmed.starts_with("how to fix it, please visit the web page")
        || trimmed.starts_with("how to fix it, please visit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Claim, Outcome};

    /// What is told of a text with its command line.
    fn told(text: &str) -> Vec<String> {
        crate::read::read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect()
    }

    #[test]
    fn an_answer_that_broke_off_below_its_head_is_no_second_request_that_worked() {
        let text = "$ curl -sSi http://a.example/x\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello\n\
                    curl: (18) transfer closed with outstanding read data remaining\n";
        assert_eq!(told(text), ["the request to a.example:80 got only a part of the answer"]);
    }

    #[test]
    fn a_stream_of_events_goes_on_until_its_reader_leaves() {
        let end = "curl: (28) Operation timed out after 19004 milliseconds with 99 bytes received\n";
        let text = |body: &str| format!("$ curl -sS -N --max-time 19 http://10.76.2.14:7070/live\n{body}{end}");
        assert!(told(&text("data: {\"car\":40}\n\ndata: {\"car\":41}\n\n"))[0].contains("worked"));
        assert!(told(&text("{\"car\":40}\n"))[0].contains("only a part"));
    }

    fn outcomes(text: &str) -> Vec<(String, Outcome)> {
        let mut findings = Findings::default();
        read(&Part::new(None, crate::clean::clean(text)), &mut findings);
        let attempts = findings.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Attempt(attempt) => Some((attempt.to.to_string(), attempt.outcome)),
            _ => None,
        });
        attempts.collect()
    }

    #[test]
    fn an_error_page_that_quotes_a_refusal_is_not_a_refusal() {
        let text = "*   Trying 10.0.0.1:80...\n* Connected to a.example (10.0.0.1) port 80 (#0)\n> GET / HTTP/1.1\n> \n\
                    < HTTP/1.1 200 OK\n< \n* connect to 10.9.9.9 port 80 failed: Connection refused\nbye";
        let seen = outcomes(text);
        assert_eq!(seen.first().map(|(_, outcome)| *outcome), Some(Outcome::Ok));
    }

    #[test]
    fn windows_sends_no_certificate_by_itself_and_lacks_none() {
        let text = "*   Trying [::1]:443...\n* schannel: disabled automatic use of client certificate\n* ALPN: curl offers http/1.1\n\
                    * Connected to localhost (::1) port 443\n> HEAD / HTTP/1.1\n> \n< HTTP/1.1 200 OK";
        assert_eq!(outcomes(text), [("[::1]:443".to_owned(), Outcome::Ok)]);
    }

    #[test]
    fn what_curl_objects_to_is_told_where_its_last_line_names_only_the_library() {
        // curl 8.9.1 with OpenSSL 3.3.1 on macOS.
        let text = "*   Trying 192.168.1.111:8000...\n* Connected to 192.168.1.111 (192.168.1.111) port 8000\n\
                    * TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* TLSv1.3 (IN), TLS handshake, Certificate (11):\n\
                    * TLSv1.3 (OUT), TLS alert, certificate expired (557):\n\
                    * OpenSSL/3.3.1: error:80000002:system library::No such file or directory\n* closing connection #0\n\
                    curl: (35) OpenSSL/3.3.1: error:80000002:system library::No such file or directory";
        assert_eq!(outcomes(text), [("192.168.1.111:8000".to_owned(), Outcome::TlsExpired)]);
    }

    #[test]
    fn a_session_over_telnet_that_ends_in_time_out_was_connected() {
        let text = "*   Trying 10.0.0.1:22...\n* Connected to a.example (10.0.0.1) port 22 (#0)\nSSH-2.0-OpenSSH_9.2p1\n\
                    * Closing connection 0\ncurl: (28) Time-out";
        assert_eq!(outcomes(text), [("10.0.0.1:22".to_owned(), Outcome::TimedOut)]);
    }

    #[test]
    fn the_time_that_a_build_server_puts_in_front_is_passed_over() {
        for stamp in ["22:15:07", "[2026-11-21T22:15:07.123Z]", "2026-11-21T22:15:07.1234567Z"] {
            let text = format!("{stamp} curl: (7) Failed connect to 10.0.2.107:443; Connection refused");
            assert_eq!(outcomes(&text), [("10.0.2.107:443".to_owned(), Outcome::Refused)], "{stamp}");
        }
    }

    #[test]
    fn an_address_overtaken_by_a_racing_client_is_reported() {
        let text = "*   Trying 203.0.113.30:443...\n*   Trying 203.0.113.10:443...\n\
                    * Established connection to a.example (203.0.113.10 port 443) from 198.51.100.7 port 50122";
        assert_eq!(
            outcomes(text),
            [("203.0.113.30:443".to_owned(), Outcome::Overtaken), ("203.0.113.10:443".to_owned(), Outcome::Ok)]
        );
    }
}
