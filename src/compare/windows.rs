//! The windows before and after: around the change that somebody names, or where most moved.

use super::timeline::Timeline;
use super::traffic;
use crate::blame::{Change, DOUBT, Symptom};
use crate::metrics::Window;
use crate::order;

/// The two windows of everything with times, and of everything that only has an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Windows {
    pub timed: Option<Pair>,
    pub ordered: Option<Pair>,
    /// Whether the first readings of counters stand for all that was before.
    since_start: bool,
}

/// Before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub before: Window,
    pub after: Window,
    pub chosen: Chosen,
    /// Whether a period between them holds some of both.
    pub left_out: bool,
}

/// Who chose the windows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chosen {
    /// There are no others.
    Only,
    /// The person said when something changed.
    Named,
    /// Most moved between them, of so many periods.
    Proposed { of: usize },
}

impl Windows {
    /// The windows in which a timeline is compared.
    pub fn of(&self, timeline: &Timeline) -> Option<Pair> {
        if timeline.timed { self.timed } else { self.ordered }
    }

    /// How many standard deviations are a change: the more, the more windows chance could pick from. Neighboring windows share most of
    /// their periods, so that four count as one.
    pub fn doubt(&self) -> f64 {
        let tries = [self.timed, self.ordered].into_iter().flatten().map(|pair| match pair.chosen {
            Chosen::Proposed { of } => (of as f64 / 4.0).max(1.0),
            Chosen::Only | Chosen::Named => 1.0,
        });
        // The chance of z deviations falls as exp(-z²/2).
        (DOUBT * DOUBT + 2.0 * tries.fold(1.0, f64::max).ln()).sqrt()
    }

    /// Both windows in one sentence.
    pub fn spoken(&self) -> String {
        let timed = self.timed.map(|Pair { before, after, chosen, left_out }| {
            let why = match chosen {
                Chosen::Only => "",
                Chosen::Named => ", around the change that was named",
                Chosen::Proposed { .. } => ", between which most moved",
            };
            let left = match left_out {
                true => format!(
                    " What lies between ({:.0} s) holds some of both and is left out.",
                    after.start - before.end
                ),
                false => String::new(),
            };
            format!(
                "Before: {} to {}; after: {} to {}{why}.{left}",
                clock(before.start),
                clock(before.end),
                clock(after.start),
                clock(after.end)
            )
        });
        let ordered = || match self.since_start {
            true => {
                "Before: since the counters began, up to the first reading; after: between the two readings.".to_owned()
            }
            false => "Before: the earlier readings; after: the later ones.".to_owned(),
        };
        timed.unwrap_or_else(ordered)
    }
}

/// A time of day, with the date where there is one.
pub fn clock(seconds: f64) -> String {
    const DAY: f64 = 86_400.0;
    let of_day = seconds.rem_euclid(DAY);
    let (hours, minutes, rest) = (of_day / 3600.0, of_day / 60.0 % 60.0, of_day % 60.0);
    let time = format!("{:02}:{:02}", hours.floor(), minutes.floor());
    if rest >= 1.0 { format!("{time}:{:02}", rest.floor()) } else { time }
}

/// `None` where nothing has two stretches.
pub fn choose(timelines: &[Timeline], changed: Option<f64>) -> Option<Windows> {
    let of = |timed: bool| -> Vec<&Timeline> {
        timelines.iter().filter(|timeline| timeline.timed == timed && timeline.is_comparable()).collect()
    };
    let (with_times, in_order) = (of(true), of(false));
    let windows = Windows {
        timed: split(&with_times, changed),
        ordered: split(&in_order, None),
        since_start: in_order.iter().any(|timeline| timeline.since_start),
    };
    (windows.timed.is_some() || windows.ordered.is_some()).then_some(windows)
}

/// More windows than this are not tried one by one.
const MANY: usize = 60;

fn split(timelines: &[&Timeline], changed: Option<f64>) -> Option<Pair> {
    let mut starts: Vec<f64> =
        timelines.iter().flat_map(|timeline| timeline.stretches.iter().map(|stretch| stretch.start)).collect();
    order::by(&mut starts, f64::total_cmp);
    starts.dedup();
    let ends = timelines.iter().flat_map(|timeline| timeline.stretches.iter().map(|stretch| stretch.end));
    let end = ends.fold(f64::NEG_INFINITY, f64::max);
    let first = *starts.first()?;
    let edge = |at: usize| starts.get(at).copied().unwrap_or(end);
    let gaps = starts.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?));
    let period = gaps.fold(f64::INFINITY, f64::min);
    // Two pastes may lie hours apart: a window ends with its last period.
    let last = |at: usize| (edge(at.saturating_sub(1)) + period).min(edge(at));
    let pair = |before: usize, after: usize, until: usize, chosen| Pair {
        before: Window { start: first, end: last(before) },
        after: Window { start: edge(after), end: edge(until) },
        chosen,
        left_out: after > before,
    };
    if let Some(named) = changed.and_then(|at| around(at, &starts, end)) {
        return Some(Pair { chosen: Chosen::Named, ..named });
    }
    match starts.len() {
        0 | 1 => None,
        2 => Some(pair(1, 1, 2, Chosen::Only)),
        bins => {
            let step = (bins / MANY).max(1);
            let mut best: Option<(f64, Pair)> = None;
            for before in (1..bins).step_by(step) {
                // The period in which it began holds some of both, unless nobody looked between the two.
                let adjoins = edge(before) - last(before) < period / 2.0;
                let after = if adjoins && before + 1 < bins { before + 1 } else { before };
                let until = if bins <= MANY { after + 1..bins + 1 } else { bins..bins + 1 };
                for until in until {
                    let tried = pair(before, after, until, Chosen::Proposed { of: bins });
                    let moved = moved(timelines, tried);
                    if best.is_none_or(|(most, _)| moved > most) {
                        best = Some((moved, tried));
                    }
                }
            }
            best.map(|(_, pair)| pair)
        }
    }
}

/// The windows before and after a moment. One without a date is taken on the first day of the numbers.
fn around(at: f64, starts: &[f64], end: f64) -> Option<Pair> {
    const DAY: f64 = 86_400.0;
    let (first, second) = (*starts.first()?, *starts.get(1)?);
    let at = if at < DAY && first >= DAY { (first / DAY).floor() * DAY + at } else { at };
    let (before, after) = Window::around(at, starts, second - first)?;
    Some(Pair {
        before: Window { start: first, end: before.end },
        after: Window { start: after.start, end: end.max(after.end) },
        chosen: Chosen::Named,
        left_out: after.start > before.end,
    })
}

/// How much the hops lost between two windows, in standard deviations, added up.
fn moved(timelines: &[&Timeline], pair: Pair) -> f64 {
    const ENOUGH: f64 = 30.0;
    let changes = traffic::between(timelines.iter().copied(), |_| Some(pair));
    let sure = |change: &Change, symptom: Symptom| {
        change
            .loss(symptom)
            .map_or(0.0, |loss| if loss.noise > 0.0 { (loss.extra / loss.noise).clamp(0.0, ENOUGH) } else { 0.0 })
    };
    changes.values().map(|change| sure(change, Symptom::Failures) + sure(change, Symptom::Latency)).sum()
}
