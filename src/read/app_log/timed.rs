//! What a record of a log tells of how long a request and its parts took.
//!
//! ```text
//! 2026-11-28T21:27:27Z INFO probe host=feed.example lookup=2106ms connect=0ms total=2110ms
//! 2026-11-28 09:10:33 INFO GET /open total=2.25s sql=2.22s
//! ```

use crate::fact::{Attempt, Claim, Stage};
use crate::read::pick::host_port;
use crate::read::request::{Url, endpoint};
use crate::read::{curl_write_out, driver};

/// What a record tells of a request that spent most of a second or more on its statements: `total=2.25s … sql=2.22s`.
pub(super) fn waited(text: &str) -> Option<String> {
    let seconds = |names: &[&str]| {
        let mut pairs = text.split([' ', ',']).filter_map(|word| word.split_once('='));
        let value = pairs.find(|(name, _)| names.contains(name))?.1;
        match value.strip_suffix("ms") {
            Some(ms) => ms.parse::<f64>().ok().map(|ms| ms / 1e3),
            None => value.strip_suffix('s')?.parse().ok(),
        }
    };
    let total = seconds(&["total", "took", "duration", "elapsed"]).filter(|total| *total >= 1.0)?;
    let part = seconds(&["sql", "db", "query", "database"]).filter(|part| *part >= 0.8 * total)?;
    Some(format!("{part} s of {total} s"))
}

/// What a record tells of a request by the time of each of its stages: `host=feed lookup=2106ms connect=0ms total=2110ms`.
pub(super) fn staged(text: &str) -> Option<Claim> {
    let mut times = curl_write_out::times(text);
    times.total?;
    // Each stage by itself, or all up to its end.
    if let (Some(resolved), Some(connected)) = (times.resolved, &mut times.connected) {
        *connected += if *connected < resolved { resolved } else { 0.0 };
    }
    times.resolved.or(times.connected)?;
    let value = |name: &str| text.split_whitespace().find_map(|word| word.strip_prefix(name));
    let named = ["host=", "target=", "upstream=", "to="].into_iter().find_map(value);
    let named = named.map(|name| host_port(name).unwrap_or_else(|| endpoint(name, None)));
    let url = || value("url=").and_then(Url::parse).map(|url| url.endpoint());
    let to = driver::target(text).or(named).or_else(url).unwrap_or_default();
    let outcome = curl_write_out::late(&times);
    let resolved = to.host.is_some();
    Some(Claim::Attempt(Attempt { to, resolved, times, ..Attempt::new(Stage::Exchange, outcome) }))
}

#[cfg(test)]
mod tests {
    use crate::read::app_log::READER;
    use crate::read::told;

    #[test]
    fn a_record_that_times_each_stage_tells_which_was_slow() {
        let text = "2026-11-28T21:27:27Z INFO probe host=feed.example lookup=2106ms connect=0ms total=2110ms";
        assert_eq!(told(READER, text), ["the request to feed.example waited long for the name server, after 2.1 s"]);
    }
}
