//! Reads the page of nginx's `stub_status`: connections now, and how many requests there were since it started.
//!
//! ```text
//! Active connections: 291
//! server accepts handled requests
//!  16630948 16630948 31070465
//! Reading: 6 Writing: 179 Waiting: 106
//! ```
//!
//! Requests are a counter: two pages, one below the other or in two pastes, tell what came in between.

use std::collections::BTreeMap;

use super::request::Request;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Claim;
use crate::metrics::{Measure, Sample, Series, Statistic, Unit};

pub(super) const READER: Reader = Reader { kind: "stub_status", most: 0.97, recognize, read };

const HEAD: &str = "server accepts handled requests";

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.trim().starts_with(HEAD)) { 0.97 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut samples = Vec::new();
    let mut lines: Option<Lines> = None;
    let mut counts = false;
    for line in &part.lines {
        let text = line.text.trim();
        if counts && let Some(requests) = counters(text) {
            findings.noise(line.number);
            samples.push(Sample { start: None, value: requests });
            lines = Some(Lines::new(lines.map_or(line.number, |lines| lines.first), line.number));
        }
        counts = text.starts_with(HEAD);
        if counts || text.starts_with("Active connections:") || text.starts_with("Reading:") {
            findings.noise(line.number);
        }
    }
    let of = Request::of(part.command.as_ref()).to;
    let host = of.host.or(of.address.map(|address| address.to_string()));
    if let Some(lines) = lines {
        let series = Series {
            metric: "nginx requests".to_owned(),
            measure: Some(Measure::Requests),
            labels: host.map(|host| BTreeMap::from([("instance".to_owned(), host)])).unwrap_or_default(),
            unit: Unit::Count,
            statistic: Statistic::Counter,
            period: None,
            samples,
        };
        findings.fact(lines, Claim::Series(series));
    }
}

/// The third of three counters; newer modules add a fourth, the time of the requests.
fn counters(text: &str) -> Option<f64> {
    let mut words = text.split_whitespace().map(str::parse::<u64>);
    let (_, _, requests) = (words.next()?.ok()?, words.next()?.ok()?, words.next()?.ok()?);
    // A counter beyond what a float counts exactly would take centuries.
    Some(requests as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn two_pages_are_two_readings_of_one_counter() {
        let page =
            "Active connections: 2 \nserver accepts handled requests\n 10 10 31 \nReading: 0 Writing: 1 Waiting: 1 \n";
        let later = page.replace(" 31 ", " 531 ");
        assert_eq!(
            told(READER, &format!("{page}{later}")),
            ["requests: 2 data points, counter 31 to 531, period not said"]
        );
    }
}
