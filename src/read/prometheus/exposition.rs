//! The text format: one sample a line, as `curl /metrics` prints it.

use std::collections::BTreeMap;

use super::Told;
use crate::evidence::Lines;
use crate::metrics::{Sample, Series, Statistic, Unit, labels_of};
use crate::order;
use crate::read::{Findings, Part};

pub(super) fn recognize(part: &Part) -> f64 {
    let (mut samples, mut others) = (0u32, 0u32);
    for line in part.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        match (Line::parse(&line.text), is_comment(&line.text)) {
            (Some(sample), _) if sample.is_labeled_or_typical() => samples += 1,
            (Some(_), _) | (_, true) => {}
            _ => others += 1,
        }
    }
    if samples == 0 || others > samples {
        return 0.0;
    }
    if others == 0 { 0.97 } else { 0.8 }
}

/// Every series once, in the order of the text; of a second scrape below the first, each sample follows the one before.
pub(super) fn read(part: &Part, findings: &mut Findings) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in &part.lines {
        let Some(sample) = Line::parse(&line.text) else {
            if is_comment(&line.text) {
                findings.noise(line.number);
            }
            continue;
        };
        findings.noise(line.number);
        // What was never counted.
        if sample.value.is_nan() {
            continue;
        }
        let value = Sample { start: sample.at, value: sample.value };
        match known.get(&(sample.name, sample.labels)).and_then(|at| all.get_mut(*at)) {
            Some(told) => {
                told.series.samples.push(value);
                told.lines = Lines::one(line.number);
            }
            None => {
                known.insert((sample.name, sample.labels), all.len());
                let series = Series {
                    metric: sample.name.to_owned(),
                    measure: None,
                    labels: order::map(labels_of(sample.labels)),
                    unit: Unit::Unknown,
                    statistic: Statistic::Instant,
                    period: None,
                    samples: vec![value],
                };
                all.push(Told { series, lines: Lines::one(line.number) });
            }
        }
    }
    all
}

fn is_comment(text: &str) -> bool {
    text.starts_with("# HELP ") || text.starts_with("# TYPE ") || text.starts_with("# UNIT ") || text.trim() == "# EOF"
}

/// One line: a name, labels, a value.
struct Line<'a> {
    name: &'a str,
    labels: &'a str,
    value: f64,
    /// Seconds since 1970.
    at: Option<f64>,
}

impl<'a> Line<'a> {
    fn parse(text: &'a str) -> Option<Line<'a>> {
        // An exemplar of OpenMetrics tells of one request.
        let text = text.split(" # {").next().unwrap_or(text).trim();
        let (series, rest) = match text.rsplit_once('}') {
            Some((series, rest)) => (series, rest),
            None => text.split_once(' ')?,
        };
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && !name.ends_with(':')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        // A time may follow the value: in milliseconds, in OpenMetrics in seconds.
        let mut words = rest.split_whitespace();
        let value = words.next()?.parse().ok()?;
        let stamp = words.next().map(str::parse::<f64>);
        let stamped = stamp.as_ref().is_none_or(Result::is_ok);
        let at = stamp.and_then(Result::ok).map(|stamp| if stamp > 1e11 { stamp / 1e3 } else { stamp });
        (named && stamped && words.next().is_none()).then_some(Line { name, labels, value, at })
    }

    /// `name value` alone could be anything; labels, or an underscore in the name, make it a metric.
    fn is_labeled_or_typical(&self) -> bool {
        self.labels.contains("=\"") || self.name.matches('_').count() >= 2
    }
}
