//! Measured numbers with what makes them comparable: unit, statistic, period, and what they were measured on.
//!
//! ```text
//! elb 5xx   Sum per 300 s   17:05 → 41   17:10 → 38
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::order;

mod exported;
mod labels;
mod measure;
mod window;

pub use exported::family;
pub use labels::{ASKED, ASKS, PLACES, labels_of, says_where};
pub use measure::{Measure, Named};
pub use window::Window;

/// What a number counts. A reader converts to these and keeps no milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Requests, errors, connections, waiters.
    Count,
    /// Counted per second.
    PerSecond,
    Seconds,
    /// 0 to 100.
    Percent,
    Bytes,
    /// The text does not say.
    Unknown,
}

/// How the samples of a period became one number. Two statistics of one metric are two series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    /// How many samples the period had.
    SampleCount,
    /// In hundredths of a percent: p99.9 is 9990.
    Percentile(u16),
    /// A gauge read at one moment.
    Instant,
    /// A counter that runs since its process started; two readings make a rate.
    Counter,
    /// The text does not say.
    Unknown,
}

/// One number and when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Seconds since 1970 at the start of its period; of a gauge, when it was read. `None` where the text names no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<f64>,
    pub value: f64,
}

/// One metric of one thing over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The metric's own name: `HTTPCode_Backend_5XX`, `http_requests_total`.
    pub metric: String,
    /// What it counts, where its name says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// What it was measured on, in the words of the source: `job`, `instance`, `LoadBalancer`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    pub unit: Unit,
    pub statistic: Statistic,
    /// Seconds that one sample covers. `None` is a question to the person, never a guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<f64>,
    /// Oldest first where they have times.
    pub samples: Vec<Sample>,
}

impl Statistic {
    /// Reads the words of CloudWatch, of Prometheus' quantiles and of people: `Sum`, `p99`, `p99.9`, `max`.
    pub fn from_word(word: &str) -> Option<Statistic> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "sum" | "total" => Statistic::Sum,
            "average" | "avg" | "mean" => Statistic::Average,
            "minimum" | "min" => Statistic::Minimum,
            "maximum" | "max" => Statistic::Maximum,
            "samplecount" | "count" => Statistic::SampleCount,
            "median" => Statistic::Percentile(5000),
            _ => {
                let percent: f64 = word.strip_prefix('p')?.parse().ok()?;
                (0.0..=100.0).contains(&percent).then(|| Statistic::percentile(percent))?
            }
        })
    }

    /// `percent` from 0 to 100; hundredths are kept.
    pub fn percentile(percent: f64) -> Statistic {
        // The cast cannot lose anything: the value lies between 0 and 10,000.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Statistic::Percentile((percent.clamp(0.0, 100.0) * 100.0).round() as u16)
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statistic::Sum => f.write_str("sum"),
            Statistic::Average => f.write_str("average"),
            Statistic::Minimum => f.write_str("minimum"),
            Statistic::Maximum => f.write_str("maximum"),
            Statistic::SampleCount => f.write_str("number of samples"),
            Statistic::Percentile(hundredths) => write!(f, "p{}", f64::from(*hundredths) / 100.0),
            Statistic::Instant => f.write_str("gauge"),
            Statistic::Counter => f.write_str("counter"),
            Statistic::Unknown => f.write_str("unknown statistic"),
        }
    }
}

impl Series {
    /// What it was measured on, as monitoring calls it: the values of its labels.
    pub fn of(&self) -> String {
        let places: Vec<&str> = self.labels.values().map(String::as_str).collect();
        places.join(" ")
    }

    /// The last value.
    pub fn latest(&self) -> Option<f64> {
        self.samples.last().map(|sample| sample.value)
    }

    /// How much a counter grew from its first reading to its last. A counter that fell began anew at zero. `None` below two readings.
    pub fn increase(&self) -> Option<f64> {
        let steps = self.samples.windows(2).map(|pair| match pair {
            [one, next] if next.value >= one.value => next.value - one.value,
            [_, next] => next.value,
            _ => 0.0,
        });
        (self.samples.len() > 1).then(|| steps.sum())
    }

    /// The smallest distance between samples, in seconds: their period, where the source names none.
    pub fn spacing(&self) -> Option<f64> {
        let mut starts: Vec<f64> = self.samples.iter().filter_map(|sample| sample.start).collect();
        order::by(&mut starts, f64::total_cmp);
        let gaps = starts.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?)).filter(|gap| *gap > 0.0);
        gaps.min_by(f64::total_cmp)
    }

    /// The samples whose whole period lies inside the window.
    pub fn within(&self, window: Window) -> impl Iterator<Item = Sample> {
        let period = self.period.unwrap_or(0.0);
        self.samples
            .iter()
            .copied()
            .filter(move |sample| sample.start.is_some_and(|start| window.holds(start, start + period)))
    }
}

/// `failed requests of shop: 4 data points, sum 297 to 1003, one per 300 s`
impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.measure {
            Some(measure) => f.write_str(measure.word())?,
            None => f.write_str(&self.metric)?,
        }
        if !self.labels.is_empty() {
            write!(f, " of {}", self.of())?;
        }
        f.write_str(": ")?;
        let values = || self.samples.iter().map(|sample| sample.value);
        match (values().min_by(f64::total_cmp), values().max_by(f64::total_cmp)) {
            (Some(low), Some(high)) if self.samples.len() > 1 => {
                write!(f, "{} data points, {} {low} to {high}", self.samples.len(), self.statistic)?;
            }
            (Some(value), _) => write!(f, "1 data point, {} {value}", self.statistic)?,
            _ => return f.write_str("no data points"),
        }
        match self.period {
            Some(period) => write!(f, ", one per {period} s"),
            None => f.write_str(", period not said"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(values: &[f64]) -> Series {
        let sample = |(at, value): (usize, &f64)| Sample { start: Some(at as f64 * 60.0), value: *value };
        Series {
            metric: "requests_total".to_owned(),
            measure: None,
            labels: BTreeMap::new(),
            unit: Unit::Count,
            statistic: Statistic::Counter,
            period: None,
            samples: values.iter().enumerate().map(sample).collect(),
        }
    }

    #[test]
    fn a_counter_that_fell_began_anew() {
        assert_eq!(counter(&[400.0, 640.0]).increase(), Some(240.0));
        assert_eq!(counter(&[400.0, 410.0, 5.0, 7.0]).increase(), Some(17.0));
        assert_eq!(counter(&[400.0]).increase(), None);
    }

    #[test]
    fn a_period_that_nobody_named_is_not_guessed() {
        let series = counter(&[1.0, 2.0]);
        assert_eq!(series.to_string(), "requests_total: 2 data points, counter 1 to 2, period not said");
        assert_eq!(series.spacing(), Some(60.0));
        assert_eq!(counter(&[1.0]).spacing(), None);
    }

    #[test]
    fn statistics_are_read_in_the_words_of_all_tools() {
        assert_eq!(Statistic::from_word("p99.9"), Some(Statistic::Percentile(9990)));
        assert_eq!(Statistic::from_word("Average"), Some(Statistic::Average));
        assert_eq!(Statistic::from_word("p101"), None);
        assert_eq!(Statistic::from_word("petty"), None);
    }

    #[test]
    fn a_sample_that_reaches_over_the_edge_is_left_out() {
        let series = Series { period: Some(60.0), ..counter(&[1.0, 2.0, 3.0]) };
        let window = Window { start: 0.0, end: 150.0 };
        assert_eq!(series.within(window).map(|sample| sample.value).collect::<Vec<_>>(), [1.0, 2.0]);
    }
}
