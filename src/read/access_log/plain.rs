//! Lines of servers that write neither the common format nor names of fields: uWSGI and Squid.
//!
//! ```text
//! [pid: 88185|app: 0|req: 1/1] 127.0.0.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 2016] POST /update_metrics => generated 47 bytes in 129 msecs (HTTP/1.1 200) 9 headers in 378 bytes
//! 1386543323.000      4 91.188.124.227 TCP_DENIED/403 4099 GET http://www.shop.example/a - HIER_NONE/- text/html
//! ```

use crate::fact::{Attempt, Endpoint, Outcome, Stage, Times};
use crate::read::pick::{between, number_after};
use crate::read::request::Url;

pub(super) fn request(text: &str) -> Option<Attempt> {
    uwsgi(text).or_else(|| squid(text))
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
    let words: Vec<&str> = text.split_whitespace().collect();
    let [time, elapsed, client, result, _, _, url, _, hierarchy, ..] = words.as_slice() else { return None };
    (time.parse::<f64>().is_ok() && time.contains('.') && hierarchy.contains('/')).then_some(())?;
    let (word, status) = result.split_once('/')?;
    word.chars().all(|c| c.is_ascii_uppercase() || c == '_').then_some(())?;
    let milliseconds: f64 = elapsed.parse().ok()?;
    let url = Url::parse(url);
    let (host, path) = url.map(|url| (url.endpoint().host, url.path)).unzip();
    let path = path.unwrap_or_default();
    Some(received(client, host.flatten().as_deref(), &path, status.parse().ok()?, Some(milliseconds / 1e3)))
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
