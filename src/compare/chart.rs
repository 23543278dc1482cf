//! Small charts of what was compared, for the hops that the walk passed.

use super::timeline::{Stretch, Timeline};
use super::windows::{Windows, clock};
use crate::blame::{Blame, Symptom};
use crate::diagnosis::Chart;
use crate::metrics::{Measure, Unit, Window};
use crate::sketch::Sketch;

/// More charts than these nobody looks at in an incident.
const MOST: usize = 6;

/// More points than these are thinner than a pixel.
const POINTS: usize = 120;

/// One chart for each measure of the symptom, the most blamed hop first.
pub fn charts(sketch: &Sketch, timelines: &[Timeline], windows: &Windows, blame: &Blame) -> Vec<Chart> {
    let wanted = |timeline: &&Timeline| match blame.symptom {
        Symptom::Latency => matches!(timeline.measure, Measure::Seconds | Measure::TotalSeconds),
        Symptom::Failures => matches!(timeline.measure, Measure::Failed | Measure::FailedShare | Measure::WorkedShare),
    };
    let ranked = blame.ranking.iter().filter_map(|share| {
        timelines.iter().filter(wanted).find(|timeline| timeline.element == share.element && timeline.is_comparable())
    });
    ranked.take(MOST).filter_map(|timeline| chart(sketch, timeline, windows)).collect()
}

fn chart(sketch: &Sketch, timeline: &Timeline, windows: &Windows) -> Option<Chart> {
    let pair = windows.of(timeline)?;
    let skipped = timeline.stretches.len().saturating_sub(POINTS);
    let shown = timeline.stretches.get(skipped..)?;
    let (from, to) = (shown.first()?.start, shown.last()?.end);
    let most = shown.iter().map(|stretch| stretch.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let x = |at: f64| tenth((at.clamp(from, to) - from) / (to - from).max(f64::MIN_POSITIVE) * Chart::WIDE);
    // From zero up: a line that exaggerates frightens.
    let y = |value: f64| tenth(Chart::HIGH - value.max(0.0) / most * Chart::HIGH);
    let corners = shown.iter().flat_map(|stretch| {
        let y = y(stretch.value);
        [format!("{},{y}", x(stretch.start)), format!("{},{y}", x(stretch.end))]
    });
    let band = |window: Window| (x(window.start), tenth(x(window.end) - x(window.start)));
    let unit = |value: f64| spoken(timeline, value);
    let mean = |window: Window| {
        let inside: Vec<f64> =
            timeline.stretches.iter().filter(|s| window.holds(s.start, s.end)).map(|s| s.value).collect();
        (!inside.is_empty()).then(|| unit(inside.iter().sum::<f64>() / inside.len() as f64))
    };
    let row = |stretch: &Stretch| {
        let when = if timeline.timed { clock(stretch.start) } else { format!("reading {:.0}", stretch.end + 1.0) };
        (when, unit(stretch.value))
    };
    let title = format!("{} of {}", timeline.measure.word(), sketch.element_name(timeline.element));
    Some(Chart {
        element: sketch.element_id(timeline.element),
        title: match (mean(pair.before), mean(pair.after)) {
            (Some(before), Some(after)) => format!("{title}: {before} before, {after} after"),
            _ => title,
        },
        line: corners.collect::<Vec<_>>().join(" "),
        before: band(pair.before),
        after: band(pair.after),
        rows: shown.iter().map(row).collect(),
    })
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A value with its unit.
fn spoken(timeline: &Timeline, value: f64) -> String {
    match (timeline.measure, timeline.unit) {
        (Measure::Seconds, _) if value < 1.0 => format!("{:.1} ms", value * 1e3),
        (Measure::Seconds | Measure::TotalSeconds, _) => format!("{value:.2} s"),
        (_, Unit::Percent) => format!("{value:.1} %"),
        (_, Unit::PerSecond) => format!("{value:.2}/s"),
        _ => format!("{value:.0}"),
    }
}
