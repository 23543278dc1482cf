//! Measured numbers with what makes them comparable: unit, statistic, period, and what they were measured on.
//!
//! ```text
//! elb 5xx   Sum per 300 s   17:05 → 41   17:10 → 38
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

mod window;

pub use window::{Overlap, Window};

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
    /// The samples whose whole period lies inside the window. A series without period counts by the start of its samples.
    pub fn within(&self, window: Window) -> impl Iterator<Item = Sample> {
        let period = self.period.unwrap_or(0.0);
        self.samples
            .iter()
            .copied()
            .filter(move |sample| sample.start.is_some_and(|start| window.holds(start, start + period)))
    }
}
