//! Measures how the time for a diagnosis grows with the drawing: `cargo run --release --example scale`.
//!
//! ```text
//!   hops   hypotheses   first paste   ms per diagnosis
//!    100        …            …
//! growth exponent 1.02 (goal: at most 1.1)
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops, and says where"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use hopwise::engine::{Evidence, diagnose};
use hopwise::read::read;
use hopwise::runbook::Shelf;
use hopwise::sketch::{Edge, Kind, Node, Sketch};

/// The goal of the growth exponent.
const GOAL: f64 = 1.1;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// Each size is measured so many times; the quickest counts, for the machine does other things, too.
const ROUNDS: usize = 5;

fn main() {
    let (shelf, _) = Shelf::shipped();
    let evidence = pastes();
    let mut measured = Vec::new();
    println!("  hops  elements  ms per diagnosis");
    for size in SIZES {
        let sketch = sparse(size);
        let seconds = (0..ROUNDS).map(|_| {
            let start = Instant::now();
            let diagnosis = diagnose(&sketch, &evidence, &shelf);
            assert!(!diagnosis.elements.is_empty());
            start.elapsed().as_secs_f64()
        });
        let best = seconds.fold(f64::INFINITY, f64::min);
        println!("{size:>6}  {:>8}  {:>8.2}", sketch.nodes().len() + sketch.edges().len(), 1_000.0 * best);
        measured.push((size as f64, best));
    }
    let exponent = slope(&measured);
    println!("growth exponent {exponent:.2} (goal: at most {GOAL})");
    if exponent > GOAL {
        std::process::exit(1);
    }
}

/// A client, a balancer and a tree of services, most of which call two others; each tenth has a database.
fn sparse(size: usize) -> Sketch {
    let id = |number: usize| format!("s{number}");
    let edge = |from: &str, to: &str| Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        protocol: Some("http".to_owned()),
        port: Some(8080),
        attrs: BTreeMap::new(),
    };
    let mut nodes = vec![Node::new("client", Kind::Client), Node::new("lb", Kind::LoadBalancer)];
    let mut edges = vec![edge("client", "lb"), edge("lb", "s0")];
    for number in 0..size.saturating_sub(2) {
        let kind = if number % 10 == 9 { Kind::Database } else { Kind::Service };
        nodes.push(Node::new(&id(number), kind));
        if number > 0 {
            edges.push(edge(&id((number - 1) / 2), &id(number)));
        }
    }
    Sketch::new(nodes, edges).unwrap()
}

/// Twenty reports from several places, most of them good.
fn pastes() -> Vec<Evidence> {
    (0..20)
        .map(|number| {
            let text = match number {
                0 => "client -> lb: some 502".to_owned(),
                1 => "s0 -> s1: half 502".to_owned(),
                n => format!("s{} -> s{}: works", n / 2, n + 1),
            };
            Evidence { reading: read(&text, None, None), ..Evidence::default() }
        })
        .collect()
}

/// Least squares through the logarithms of both numbers.
fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mx, my) = (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    let both: f64 = logs.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
    both / logs.iter().map(|(x, _)| (x - mx).powi(2)).sum::<f64>()
}
