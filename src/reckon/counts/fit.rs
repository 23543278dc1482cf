//! Which products of the multipliers give the numbers seen.

use std::collections::BTreeSet;

use crate::diagnosis::Missing;
use crate::order;
use crate::reckon::binomial::short;

/// A product may be off by this share: numbers read off a graph are no better.
const OFF: f64 = 1.34;

/// Periods that consoles offer for one data point, in seconds.
const PERIODS: [f64; 4] = [60.0, 300.0, 900.0, 3_600.0];

/// How often a health check comes by default at the cloud providers, in seconds.
const INTERVALS: [f64; 3] = [5.0, 10.0, 30.0];

/// Listeners of one balancer, where nobody has counted them.
const LISTENERS: [f64; 5] = [1.0, 2.0, 5.0, 10.0, 20.0];

/// Machines a cloud balancer consists of, at least one per zone; each checks for itself.
const NODES: [f64; 4] = [1.0, 2.0, 3.0, 6.0];

/// Attempts per check or connection.
const ATTEMPTS: [f64; 3] = [1.0, 2.0, 3.0];

/// What is known of the multipliers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub period: Option<f64>,
    pub interval: Option<f64>,
    pub listeners: Option<f64>,
    pub nodes: Option<f64>,
}

/// One choice of all multipliers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Set {
    period: f64,
    interval: f64,
    listeners: f64,
    nodes: f64,
    attempts: f64,
}

impl Set {
    fn predicts(&self, targets: f64) -> f64 {
        targets * self.period / self.interval * self.listeners * self.nodes * self.attempts
    }

    /// How many multipliers it needs that nobody has seen, and by how much it is off.
    fn effort(&self, observed: &[(f64, f64)]) -> (usize, f64) {
        let needs = [self.listeners, self.nodes, self.attempts].iter().filter(|factor| **factor > 1.0).count();
        let off = observed.iter().map(|(targets, errors)| (self.predicts(*targets) / errors).ln().abs()).sum();
        (needs, off)
    }

    pub(super) fn spoken(&self, known: &Known, observed: &[(f64, f64)]) -> String {
        let mut parts = vec![format!("{} per data point", minutes(self.period))];
        if known.interval.is_none() {
            parts.push(format!("a check every {} s", short(self.interval)));
        }
        let counted = [(self.listeners, "listeners"), (self.nodes, "balancer nodes"), (self.attempts, "attempts each")];
        parts.extend(counted.iter().filter(|(n, _)| *n > 1.0).map(|(n, what)| format!("{} {what}", short(*n))));
        let predicted: Vec<String> =
            observed.iter().map(|(targets, _)| format!("{:.0}", self.predicts(*targets))).collect();
        format!("{} → {}", parts.join(", "), predicted.join(" and "))
    }
}

/// Every set whose product is near all numbers seen (targets and errors), the simplest first.
pub(super) fn fits(observed: &[(f64, f64)], known: &Known) -> Vec<Set> {
    let or = |known: Option<f64>, usual: &[f64]| known.map_or(usual.to_vec(), |value| vec![value]);
    // A count of listeners need not multiply: a check may ask one of them only.
    let mut listeners = known.listeners.map_or(LISTENERS.to_vec(), |count| vec![1.0, count]);
    listeners.dedup();
    let mut fits = Vec::new();
    for period in or(known.period, &PERIODS) {
        for interval in or(known.interval, &INTERVALS) {
            for listeners in &listeners {
                for nodes in or(known.nodes, &NODES) {
                    for attempts in ATTEMPTS {
                        fits.push(Set { period, interval, listeners: *listeners, nodes, attempts });
                    }
                }
            }
        }
    }
    let near = |set: &Set| {
        observed.iter().all(|(targets, errors)| {
            let ratio = set.predicts(*targets) / errors;
            ratio.max(1.0 / ratio) <= OFF
        })
    };
    fits.retain(near);
    order::by(&mut fits, |a, b| {
        let (a, b) = (a.effort(observed), b.effort(observed));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    fits
}

/// The numbers that would tell the sets apart. Listeners and balancer nodes multiply alike, so one question asks for both;
/// attempts are asked for only where everything else is known.
pub(super) fn missing(fits: &[Set], known: &Known) -> Vec<Missing> {
    let bits = |of: fn(&Set) -> f64| {
        let values: BTreeSet<u64> = order::set(fits.iter().map(|set| of(set).to_bits()));
        (values.len().max(1) as f64).log2()
    };
    let behind = match (known.listeners, known.nodes) {
        (None, Some(_)) => "the number of listeners",
        (Some(_), None) => "the number of balancer nodes",
        _ => "the number of listeners and balancer nodes",
    };
    let multiplied = known.listeners.is_none() || known.nodes.is_none();
    let asked = [
        ("period_s", "the period of one data point", known.period.is_none(), bits(|set| set.period)),
        ("interval_s", "how often the health check comes", known.interval.is_none(), bits(|set| set.interval)),
        (
            if known.listeners.is_some() { "balancer_nodes" } else { "listeners" },
            behind,
            multiplied,
            bits(|set| set.listeners * set.nodes),
        ),
        ("attempts", "how often a failed connection is tried again", true, bits(|set| set.attempts)),
    ];
    let mut missing: Vec<Missing> = Vec::new();
    for (number, says, unknown, bits) in asked {
        if unknown && bits > 0.0 && (number != "attempts" || missing.is_empty()) {
            missing.push(Missing { number: number.to_owned(), says: says.to_owned(), bits });
        }
    }
    missing
}

fn minutes(seconds: f64) -> String {
    match seconds / 60.0 {
        minutes if minutes >= 60.0 => format!("{} h", short(minutes / 60.0)),
        minutes => format!("{} min", short(minutes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_leaves_out_multipliers_is_underdetermined() {
        let seen = [(3.0, 300.0), (9.0, 1_000.0)];
        let known = Known { interval: Some(10.0), ..Known::default() };
        let all = fits(&seen, &known);
        let told: Vec<String> = all.iter().map(|set| set.spoken(&known, &seen)).collect();
        assert!(told.contains(&"5 min per data point, 3 balancer nodes → 270 and 810".to_owned()), "{told:?}");
        assert!(told.contains(&"1 min per data point, 20 listeners → 360 and 1080".to_owned()), "{told:?}");
        let asked: Vec<String> = missing(&all, &known).into_iter().map(|missing| missing.says).collect();
        assert_eq!(asked, ["the period of one data point", "the number of listeners and balancer nodes"]);
    }

    #[test]
    fn with_everything_known_nothing_is_missing() {
        let known = Known { period: Some(300.0), interval: Some(10.0), listeners: Some(1.0), nodes: Some(3.0) };
        let seen = [(3.0, 270.0)];
        let all = fits(&seen, &known);
        assert_eq!((all.len(), missing(&all, &known).len()), (1, 0));
    }
}
