//! Reads the body of an answer that stands alone below a client: an error page of a proxy, or the error of an API in JSON.
//!
//! ```text
//! $ curl -s http://api.shop.example:8086/pets
//! {"error":"upstream connect error: Connection refused"}
//! ```
//!
//! Somebody answered, and what went wrong is that somebody's word: nothing was refused to this client.

use serde_json::Value;

use super::observable::COMPLAINT;
use super::request::Request;
use super::source::commanded;
use super::{Findings, Part, complaint, json};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Outcome, Stage};

/// Programs that show what they are given as it was, if shorter.
const SHOW: [&str; 6] = ["jq", "head", "tail", "grep", "less", "json_pp"];

/// How the words behind an error status begin (RFC 9110, section 15).
const REASONS: [&str; 9] =
    ["Bad ", "Unauthorized", "Forbidden", "Not ", "Method ", "Too ", "Internal ", "Service ", "Gateway "];

/// Under which names APIs say what went wrong.
const SAID: [&str; 7] = ["error", "message", "detail", "title", "error_description", "msg", "reason"];

pub(super) fn read(part: &Part, findings: &mut Findings) {
    let Some(command) = part.command.as_ref().filter(|_| findings.facts.is_empty()) else { return };
    let request = Request::of(Some(command));
    let client = matches!(commanded(command), Some("curl" | "wget" | "http"));
    let mut piped = command.words().skip_while(|word| *word != "|").filter(|word| *word != "|");
    let shown = piped.next().is_none_or(|program| SHOW.contains(&program));
    // Where a redirect has led, the body does not say.
    if !client || !shown || request.urls != 1 || request.to.is_empty() || request.follows {
        return;
    }
    let filled = || part.lines.iter().filter(|line| !line.text.trim().is_empty());
    let (Some(first), Some(last)) = (filled().next(), filled().next_back()) else { return };
    let at = Lines::new(first.number, last.number);
    let answer = match first.text.trim_start() {
        text if text.starts_with('{') => of_api(part),
        text if text.starts_with('<') => {
            filled().find_map(|line| headed(&line.text)).map(|status| (Some(status), None))
        }
        _ => None,
    };
    let Some((status, said)) = answer else { return };
    let secure = request.protocol.as_deref() == Some("https");
    let tests = if secure { Stage::Tls } else { Stage::Connect };
    let attempt = match status {
        Some(status) => Attempt { status: Some(status), ..Attempt::new(Stage::Exchange, Outcome::of_status(status)) },
        None => Attempt::new(tests, Outcome::Ok),
    };
    let mut attempt = Attempt {
        resolved: request.to.host.is_some() && !request.pinned && request.proxy.is_none(),
        to: request.to,
        unchecked: request.unchecked_certificate,
        protocol: request.protocol,
        path: request.path,
        ..attempt
    };
    if part.any(|text| text.contains("<center>nginx")) {
        attempt.answerer.page_of = Some("nginx".to_owned());
    } else if part.any(|text| text.starts_with("No server is available to handle this request")) {
        attempt.answerer.page_of = Some("haproxy".to_owned());
    }
    if let Some(said) = said {
        findings.state(at, COMPLAINT, complaint::value(&said), attempt.to.clone(), said);
    }
    // What came from a proxy, the connection to the target does not show.
    if status.is_some() || request.proxy.is_none() {
        findings.fact(at, Claim::Attempt(attempt));
    }
}

/// The status and the words of an object that tells of an error; nothing where it tells of none.
fn of_api(part: &Part) -> Option<(Option<u16>, Option<String>)> {
    let documents = json::documents(part);
    let [document] = documents.as_slice() else { return None };
    let value = document.parse()?;
    let inner = value.get("error").filter(|error| error.is_object()).unwrap_or(&value);
    let said = |value: &Value| {
        SAID.iter().map(|name| json::text(value, name)).find(|said| !said.is_empty()).map(str::to_owned)
    };
    let status = ["status", "code", "statusCode"]
        .iter()
        .find_map(|name| json::number(inner, name).or(json::number(&value, name)));
    // The cast cannot lose anything: the number lies between 400 and 600.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let status = status.filter(|status| (400.0..600.0).contains(status)).map(|status| status as u16);
    let said = said(inner).filter(|said| complaint::tells_of_failure(said));
    (status.is_some() || said.is_some()).then_some((status, said))
}

/// The status in the title or the heading of a page: `<title>502 Bad Gateway</title>`.
fn headed(text: &str) -> Option<u16> {
    let rest = ["<title>", "<h1>", "<TITLE>", "<H1>"].iter().find_map(|tag| text.split_once(tag))?.1;
    let (status, reason) = rest.split_once(' ')?;
    let known = REASONS.iter().any(|known| reason.starts_with(known));
    status.parse().ok().filter(|status| known && (400..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    fn told(command: &str, text: &str) -> Vec<String> {
        told_below(command, text, read)
    }

    #[test]
    fn an_error_in_the_body_is_the_word_of_whoever_answered() {
        let api = "curl -s http://10.0.0.7:8080/pets";
        assert_eq!(
            told(api, "{\"error\":\"upstream connect error: Connection refused\"}"),
            [
                "complaint about 10.0.0.7:8080: “upstream connect error: Connection refused”",
                "the connection to 10.0.0.7:8080 was made"
            ]
        );
        assert_eq!(
            told(api, "{\n \"status\": 503,\n \"error\": \"Service Unavailable\",\n \"path\": \"/pets\"\n}"),
            ["the request to 10.0.0.7:8080 was answered 503"]
        );
        for text in
            ["{\"status\":\"ok\"}", "{\"pets\":[{\"error\":\"timeout\"}]}", "{\"error\":\"no such pet\"}", "[1, 2]"]
        {
            assert!(told(api, text).is_empty(), "{text}");
        }
        assert!(told("curl -sL http://10.0.0.7/", "{\"error\":\"timeout\"}").is_empty());
    }

    #[test]
    fn a_page_is_told_by_its_title() {
        let page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<hr><center>nginx/1.22.1</center>\n</html>";
        assert_eq!(told("curl -s http://10.0.0.7/", page), ["the request to 10.0.0.7:80 was answered 502"]);
        assert!(told("curl -s http://10.0.0.7/", "<html><title>500 miles</title></html>").is_empty());
    }
}
