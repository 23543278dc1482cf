//! The files of the PetShop benchmark: a call graph, and metrics in five-minute bins with three header rows.
//!
//! ```text
//! microservice,PetSite,PetSite,…
//! metric,latency,requests,…
//! statistic,Average,Sum,…
//! unix_timestamp,,,
//! 1681853520.0,0.098,496,…
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use hopwise::blame::{Symptom, Traffic, spread};
use hopwise::metrics::Window;
use hopwise::sketch::{Edge, Kind, Node, Sketch};

/// Bins of one issue.
const ISSUE_BINS: usize = 5;

/// Seconds of one bin.
pub const BIN: f64 = 300.0;

/// Every metric of every node, bin by bin.
#[derive(Clone, Default)]
pub struct Recording {
    /// Start of each bin, seconds since 1970.
    pub starts: Vec<f64>,
    pub nodes: BTreeMap<String, Metrics>,
}

/// The metrics of one node; a column that does not exist is empty.
#[derive(Clone, Default)]
pub struct Metrics {
    columns: BTreeMap<(String, String), Vec<Option<f64>>>,
}

impl Metrics {
    fn at(&self, metric: &str, statistic: &str, bin: usize) -> Option<f64> {
        self.columns.get(&(metric.to_owned(), statistic.to_owned()))?.get(bin).copied().flatten()
    }

    pub fn traffic(&self, bin: usize) -> Traffic {
        let percentile = |(q, name)| Some((q, self.at("latency", name, bin)?));
        let percentiles: Vec<(f64, f64)> =
            [(0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99")].into_iter().filter_map(percentile).collect();
        Traffic {
            requests: self.at("requests", "Sum", bin),
            seconds: self.at("latency", "Average", bin),
            spread: spread(&percentiles),
            failed: self.at("availability", "Average", bin).map(|percent| 1.0 - percent / 100.0),
        }
    }
}

impl Recording {
    pub fn open(path: &Path) -> io::Result<Recording> {
        let text = read(path)?;
        let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
        let mut head = || rows.next().unwrap_or_default();
        let (names, metrics, statistics) = (head(), head(), head());
        let mut recording = Recording::default();
        for row in rows {
            let Some(start) = row.first().and_then(|start| start.parse().ok()) else { continue };
            recording.starts.push(start);
            for (column, cell) in row.iter().enumerate().skip(1) {
                let (Some(name), Some(metric), Some(statistic)) =
                    (names.get(column), metrics.get(column), statistics.get(column))
                else {
                    continue;
                };
                let node = recording.nodes.entry((*name).to_owned()).or_default();
                let values = node.columns.entry(((*metric).to_owned(), (*statistic).to_owned())).or_default();
                values.push(cell.parse().ok());
            }
        }
        Ok(recording)
    }
}

/// The rows of a 0/1 matrix are callers, its columns callees.
pub fn open_graph(path: &Path) -> io::Result<Sketch> {
    let text = read(path)?;
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let names: Vec<&str> = rows.next().unwrap_or_default().into_iter().skip(1).collect();
    let mut edges = Vec::new();
    for row in rows {
        let Some((caller, cells)) = row.split_first() else { continue };
        for (callee, cell) in names.iter().zip(cells) {
            if cell.parse::<f64>().is_ok_and(|drawn| drawn != 0.0) {
                edges.push(edge(caller, callee));
            }
        }
    }
    let nodes = names.iter().map(|name| Node::new(name, Kind::Other)).collect();
    Sketch::new(nodes, edges).map_err(|complaint| io::Error::other(format!("{}: {complaint}", path.display())))
}

pub fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), protocol: None, port: None, attrs: BTreeMap::new() }
}

/// One injected fault.
#[derive(Clone)]
pub struct Issue {
    /// `low_traffic`.
    pub scenario: String,
    /// `low_traffic/train/issue_0`.
    pub name: String,
    pub sketch: Sketch,
    pub recording: Recording,
    /// The bins before and after the change.
    pub bins: (usize, usize),
    /// Where it hurts, and what.
    pub target: String,
    pub symptom: Symptom,
    pub truth: String,
}

/// What can be scored, and a sentence for everything that cannot.
#[derive(Default)]
pub struct Benchmark {
    pub issues: Vec<Issue>,
    pub missing: Vec<String>,
}

/// Every issue in every `train` and `test` folder of every scenario.
pub fn open_all(folder: &Path) -> io::Result<Benchmark> {
    let mut benchmark = Benchmark::default();
    for scenario in folders(folder)? {
        let halves = ["train", "test"].map(|half| scenario.join(half));
        let issues: Vec<PathBuf> = halves.iter().flat_map(|half| folders(half).unwrap_or_default()).collect();
        if issues.is_empty() {
            let name = scenario.display();
            benchmark.missing.push(format!("{name} has no issues in train/ or test/, so it is left out."));
            continue;
        }
        let graph = scenario.join("graph.csv");
        let sketch = match open_graph(&graph) {
            Ok(sketch) => sketch,
            Err(error) => {
                benchmark
                    .missing
                    .push(format!("{} cannot be used ({error}), so its scenario is left out.", graph.display()));
                continue;
            }
        };
        for issue in issues {
            match open_issue(&issue, folder, &scenario, sketch.clone()) {
                Ok(issue) => benchmark.issues.push(issue),
                Err(error) => {
                    benchmark.missing.push(format!("{} cannot be used ({error}), so it is left out.", issue.display()));
                }
            }
        }
    }
    Ok(benchmark)
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| io::Error::other(format!("{}: {error}", name_of(path))))
}

fn open_issue(issue: &Path, root: &Path, scenario: &Path, sketch: Sketch) -> io::Result<Issue> {
    let target: serde_json::Value = serde_json::from_str(&read(&issue.join("target.json"))?)?;
    let word = |pointer: &str| target.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default();
    let recording = Recording::open(&issue.join("metrics.csv"))?;
    let change = target.pointer("/target/timestamp").and_then(serde_json::Value::as_f64);
    let position = |window: Window| recording.starts.iter().position(|start| *start == window.start);
    let around = change.and_then(|change| Window::around(change, &recording.starts, BIN));
    let bins = around.and_then(|(before, after)| Some((position(before)?, position(after)?)));
    // An issue of the benchmark has five bins: the first before the fault, the third always inside it.
    let bins = bins.filter(|_| recording.starts.len() != ISSUE_BINS).unwrap_or((0, recording.starts.len() / 2));
    Ok(Issue {
        scenario: name_of(scenario),
        name: issue.strip_prefix(root).unwrap_or(issue).display().to_string(),
        sketch,
        bins,
        recording,
        target: word("/target/node").to_owned(),
        symptom: if word("/target/metric") == "latency" { Symptom::Latency } else { Symptom::Failures },
        truth: word("/root_cause/node").to_owned(),
    })
}

/// The folders inside a folder, by name.
pub fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
