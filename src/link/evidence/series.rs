//! Measurements inside a link.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::SERIES;
use crate::link::LinkError;
use crate::link::stream::{Reader, Writer};
use crate::metrics::{Sample, Series};

const MOST_LABELS: usize = 64;
const MOST_SAMPLES: usize = 5_000;

pub(super) fn write(series: &Series, writer: &mut Writer) -> Result<(), LinkError> {
    let Series { metric, measure, labels, unit, statistic, period, samples } = series;
    writer.number(SERIES);
    for word in [metric, &word(measure)?, &word(unit)?, &word(statistic)?] {
        writer.text(word)?;
    }
    writer.count(labels.len(), "labels of one series", MOST_LABELS)?;
    for (name, value) in labels {
        writer.text(name)?;
        writer.text(value)?;
    }
    // No period is shorter than nothing.
    writer.number(period.unwrap_or(0.0));
    writer.count(samples.len(), "numbers of one series", MOST_SAMPLES)?;
    let timed = samples.iter().all(|sample| sample.start.is_some());
    writer.number(u32::from(timed));
    let mut before = 0.0;
    for Sample { start, value } in samples {
        if let Some(start) = start.filter(|_| timed) {
            // Thousandths are enough, and differences of floats are long.
            writer.number(((start - before) * 1e3).round() / 1e3);
            before = start;
        }
        writer.number(*value);
    }
    Ok(())
}

pub(super) fn read(reader: &mut Reader) -> Result<Series, LinkError> {
    let metric = reader.text()?;
    let (measure, unit, statistic) = (of_word(&reader.text()?)?, of_word(&reader.text()?)?, of_word(&reader.text()?)?);
    let mut labels = BTreeMap::new();
    for _ in 0..reader.count("labels of one series", MOST_LABELS)? {
        labels.insert(reader.text()?, reader.text()?);
    }
    let period = Some(reader.number()?).filter(|seconds| *seconds > 0.0);
    let count = reader.count("numbers of one series", MOST_SAMPLES)?;
    let timed = reader.whole(1)? == 1;
    let mut before = 0.0;
    let mut samples = Vec::new();
    for _ in 0..count {
        let start = match timed {
            true => {
                before += reader.number()?;
                Some((before * 1e3_f64).round() / 1e3)
            }
            false => None,
        };
        samples.push(Sample { start, value: reader.number()? });
    }
    Ok(Series { metric, measure, labels, unit, statistic, period, samples })
}

fn word(value: &impl Serialize) -> Result<String, LinkError> {
    serde_json::to_string(value).map_err(|error| LinkError::Unsound(error.to_string()))
}

fn of_word<T: DeserializeOwned>(word: &str) -> Result<T, LinkError> {
    serde_json::from_str(word).map_err(|_| {
        LinkError::Unsound(format!(
            "it holds numbers of the kind {word}, which this Hopwise does not know; a newer one may"
        ))
    })
}
