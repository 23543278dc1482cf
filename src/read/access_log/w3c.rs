//! W3C extended logs, as IIS, CloudFront and others write them: a line names the fields, the rows follow.
//!
//! ```text
//! #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken
//! 2015-01-13 00:32:17 100.79.192.81 GET /robots.txt - 80 - 157.55.39.146 Mozilla/5.0+(compatible;+bingbot/2.0) 404 0 2 283
//! ```

use crate::fact::{Attempt, Endpoint, Outcome, Stage, Times};

/// The names of the columns, where the line gives them and they tell a request's end.
pub(super) fn columns(text: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = text.strip_prefix("#Fields:")?.split_whitespace().collect();
    (names.contains(&"sc-status") || names.contains(&"cs-uri-stem")).then_some(names)
}

/// The request of a row. Some writers put texts with spaces into quotes, others write `+` for a space.
pub(super) fn request(columns: &[&str], text: &str) -> Option<Attempt> {
    let values = values(text);
    (values.len() == columns.len()).then_some(())?;
    let value = |name: &str| {
        let at = columns.iter().position(|column| column.eq_ignore_ascii_case(name))?;
        values.get(at).copied().filter(|value| *value != "-")
    };
    let status: u16 = value("sc-status")?.parse().ok().filter(|status| (100..600).contains(status))?;
    // IIS counts milliseconds, CloudFront seconds with a fraction.
    let total = value("time-taken").and_then(|taken| {
        let number: f64 = taken.parse().ok()?;
        Some(if taken.contains('.') { number } else { number / 1000.0 })
    });
    let host = value("x-host-header").or_else(|| value("cs-host")).or_else(|| value("cs(Host)"));
    Some(Attempt {
        to: Endpoint::self_of_log(host),
        from: Endpoint { address: value("c-ip").and_then(|address| address.parse().ok()), ..Endpoint::default() },
        path: value("cs-uri-stem").filter(|path| path.starts_with('/')).map(str::to_owned),
        protocol: Some("http".to_owned()),
        status: Some(status),
        times: Times { total, ..Times::default() },
        ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
    })
}

/// Values between spaces or tabs; a value in quotes may hold spaces.
fn values(text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (value, after) = match rest.strip_prefix('"') {
            Some(inside) => inside.split_once('"').unwrap_or((inside, "")),
            None => rest.split_once([' ', '\t']).unwrap_or((rest, "")),
        };
        values.push(value);
        rest = after.trim_start();
    }
    values
}
