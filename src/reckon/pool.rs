//! Holds a connection pool against its load. Little's law: connections needed = requests per second × seconds each holds one.
//!
//! Far fewer needed than the pool has, and still all taken: they are not given back. More needed than it has: it is too small
//! for how long each is held.

use super::binomial::short;
use super::{Grown, Here, Place, Reckoning, Says, state};
use crate::diagnosis::Sum;
use crate::evidence::Lines;
use crate::fact::{Claim, Fact};
use crate::runbook::GrowsWith;

/// Below this share of its size a pool is far from too small.
const FAR_BELOW: f64 = 0.6;

/// From this share on it is too small, for demand comes in waves.
const TOO_SMALL: f64 = 0.9;

/// One row of a pool's history.
#[derive(Clone, Copy)]
struct Row {
    lines: Lines,
    in_use: f64,
    waiting: f64,
    rps: Option<f64>,
    hold: Option<f64>,
}

pub(super) fn reckon(facts: &[Here]) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let mut tables: Vec<(Place, Vec<Row>)> = Vec::new();
    for here in facts {
        let Some(row) = row(here.fact) else { continue };
        match tables.last_mut() {
            Some((place, rows)) if (place.evidence, place.block) == (here.place.evidence, here.place.block) => {
                rows.push(row);
            }
            _ => tables.push((here.place, vec![row])),
        }
    }
    for (place, rows) in tables {
        of_table(place, &rows, &mut reckoning);
    }
    reckoning
}

fn row(fact: &Fact) -> Option<Row> {
    let Claim::State(state) = &fact.claim else { return None };
    let number = |name: &str| fact.numbers.get(name).copied();
    state.observable.starts_with("pool.").then_some(Row {
        lines: fact.lines,
        in_use: number("in_use")?,
        waiting: number("waiting")?,
        rps: number("rps"),
        hold: number("hold_s"),
    })
}

fn of_table(place: Place, rows: &[Row], reckoning: &mut Reckoning) {
    // Nobody waits while a connection is free: the most in use while somebody waited is the size.
    let size = rows.iter().filter(|row| row.waiting > 0.0).map(|row| row.in_use).fold(f64::NAN, f64::max);
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    if size.is_nan() || size < 1.0 {
        return;
    }
    let lines = Lines::new(first.lines.first, last.lines.last);
    let mut told = Vec::new();
    let needed = rows.iter().filter_map(|row| Some((row.rps? * row.hold?, row.rps?, row.hold?)));
    let needed = needed.max_by(|a, b| a.0.total_cmp(&b.0));
    let demand = needed.and_then(|(needed, rps, hold)| {
        told.push(format!(
            "needed at most: {} requests/s × {} s = {} connections, of {}",
            short(rps),
            trimmed(hold),
            short(needed),
            short(size)
        ));
        match needed / size {
            share if share < FAR_BELOW => Some("below_size"),
            share if share > TOO_SMALL => Some("above_size"),
            _ => None,
        }
    });
    let trend = trend(rows, size);
    if let Some((value, says)) = &trend {
        told.push(says.clone());
        let says = state("pool.trend", value, says.clone());
        reckoning.findings.push(place.finding(lines, Says::State(says)));
    }
    if let (Some(value), Some(says)) = (demand, told.first()) {
        reckoning.findings.push(place.finding(lines, Says::State(state("pool.demand", value, says.clone()))));
    }
    if let (Some("above_size"), Some(says)) = (demand, told.first()) {
        reckoning.growths.push(Grown { with: GrowsWith::Load, says: says.clone(), seen: place.seen(lines) });
    }
    let concludes = match (demand, trend.as_ref().map(|(value, _)| *value)) {
        (Some("below_size"), Some("stays_full")) => {
            "The size is not the fault: connections are taken and not given back (a leak)."
        }
        (Some("below_size"), _) => "The size is not the fault: it is many times what the load needs.",
        (Some("above_size"), _) => {
            "The pool is too small for how long each connection is held: ask why it is held so long."
        }
        (_, Some("stays_full")) => "Connections stay taken when the load is gone: they are not given back (a leak).",
        _ => return,
    };
    reckoning.sums.push(Sum {
        title: "The pool against its load (Little's law)".to_owned(),
        rows: told,
        concludes: concludes.to_owned(),
        missing: Vec::new(),
        because: vec![place.seen(lines)],
    });
}

/// Whether connections in use follow the load, or stay.
fn trend(rows: &[Row], size: f64) -> Option<(&'static str, String)> {
    let busiest = rows.iter().filter_map(|row| row.rps).fold(f64::NAN, f64::max);
    let full = rows.iter().position(|row| row.in_use >= size)?;
    let mut after = rows.iter().skip(full + 1).filter(|row| row.rps.is_some_and(|rps| rps <= 0.5 * busiest));
    let calm = after.next_back()?;
    let rps = calm.rps?;
    let says = format!(
        "at {} requests/s, down from {}: {} of {} in use",
        short(rps),
        short(busiest),
        short(calm.in_use),
        short(size)
    );
    match calm.in_use / size {
        share if share >= 0.9 => Some(("stays_full", says)),
        share if share <= 0.6 => Some(("follows_load", says)),
        _ => None,
    }
}

fn trimmed(seconds: f64) -> String {
    let text = format!("{seconds:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
