//! `kubectl top`: what pods, containers and nodes use just now.
//!
//! ```text
//! NAME                   CPU(cores)   MEMORY(bytes)
//! cart-7d4b9c6f5-x2x7k   779m         221Mi
//!
//! NAME     CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%
//! node-1   1036m        51%    3811Mi          99%
//! ```

use std::collections::BTreeMap;

use super::Row;
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint};
use crate::metrics::{Sample, Series, Statistic, Unit};
use crate::order;
use crate::read::Findings;
use crate::read::observable::MEMORY;

/// From this percentage on a node has nothing left to give; the kubelet evicts pods before.
const EXHAUSTED: f64 = 99.0;

/// What the columns count: their name in old and in new versions, what it is called here, its unit.
const COLUMNS: [(&[&str], &str, Unit); 4] = [
    (&["CPU(cores)"], "cpu_cores", Unit::Count),
    (&["CPU%", "CPU(%)"], "cpu_percent", Unit::Percent),
    (&["MEMORY(bytes)"], "memory_bytes", Unit::Bytes),
    (&["MEMORY%", "MEMORY(%)"], "memory_percent", Unit::Percent),
];

pub(super) fn row(row: &Row, findings: &mut Findings) {
    findings.noise(row.number);
    let lines = Lines::one(row.number);
    let cell = |names: &[&str]| names.iter().find_map(|name| row.cell(name));
    // With --containers there is a column more, and the name is the container's.
    let (pod, name) = (row.cell("POD"), row.cell("NAME"));
    let is_node = cell(&["MEMORY%", "MEMORY(%)"]).is_some();
    let of: Vec<(&str, &str)> = match (pod, name) {
        (Some(pod), Some(container)) => vec![("pod", pod), ("container", container)],
        (None, Some(name)) if is_node => vec![("node", name)],
        (Some(name), None) | (None, Some(name)) => vec![("pod", name)],
        (None, None) => return,
    };
    let labels: BTreeMap<String, String> =
        order::map(of.into_iter().map(|(label, value)| (label.to_owned(), value.to_owned())));
    for (names, metric, unit) in COLUMNS {
        let Some(value) = cell(names).and_then(quantity) else { continue };
        let series = Series {
            metric: metric.to_owned(),
            measure: None,
            labels: labels.clone(),
            unit,
            statistic: Statistic::Instant,
            period: None,
            samples: vec![Sample { start: None, value }],
        };
        findings.fact(lines, Claim::Series(series));
        if let (Some(node), "memory_percent") = (name, metric) {
            let state = if value >= EXHAUSTED { "exhausted" } else { "ok" };
            findings.state(lines, MEMORY, state, Endpoint::named(node), format!("{value} % of what pods may have"));
        }
    }
}

/// A quantity as Kubernetes writes it: `779m`, `2`, `221Mi`, `99%`. `<unknown>` is none.
fn quantity(text: &str) -> Option<f64> {
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, suffix) = text.split_at_checked(end)?;
    let factor = match suffix {
        "" | "%" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use crate::read::told;

    #[test]
    fn a_node_without_memory_is_a_state_and_everything_else_a_number() {
        let text = "NAME     CPU(cores)   CPU%        MEMORY(bytes)   MEMORY%\n\
                    node-1   1036m        51%         3811Mi          99%\n\
                    node-2   <unknown>    <unknown>   <unknown>       <unknown>";
        let told = told(super::super::READER, text);
        assert_eq!(
            told,
            [
                "cpu_cores of node-1: 1 data point, gauge 1.036, period not said",
                "cpu_percent of node-1: 1 data point, gauge 51, period not said",
                "memory_bytes of node-1: 1 data point, gauge 3996123136, period not said",
                "memory_percent of node-1: 1 data point, gauge 99, period not said",
                "memory is exhausted at node-1 (99 % of what pods may have)",
            ]
        );
    }

    #[test]
    fn containers_are_told_with_their_pod() {
        let text = "POD        NAME    CPU(cores)   MEMORY(bytes)\ncart-0     proxy   2m           48Mi";
        let told = told(super::super::READER, text);
        assert_eq!(
            told.first().map(String::as_str),
            Some("cpu_cores of proxy cart-0: 1 data point, gauge 0.002, period not said")
        );
    }
}
