//! Measures how the time for an answer grows with the drawing, and holds it against the goals:
//! `cargo run --release --example scale`, or `… scale tree` for one shape alone; `node script/scale-in-wasm.mjs [SHAPE]` measures
//! the same in WebAssembly, compiled as for the page.
//!
//! ```text
//! shape    hops  elements  drawing  first paste  one more paste  first command  next command  whole answer   (ms)
//! tree      100       199     0.09         0.96            1.10           4.29          2.23          5.05
//! …
//! tree: growth exponent 0.07 of one more paste, 0.23 of the next command (goal: at most 1.1)
//! tree: at 10000 hops 2.52 ms for one more paste (goal: at most 2), 28.15 ms for the next command (goal: at most 16): missed
//! ```
//!
//! A drawing is looked at once; a paste is read, placed and weighed with all earlier ones, and after it a command is searched, as on the
//! page: the first one with nothing to go by, the next after one more paste with what was reckoned for those before. It ends
//! with status 1 where an exponent is missed; times depend on the machine and on what else it does, so they are printed only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops, and says where"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use hopwise::advise::advise;
use hopwise::engine::{Evidence, Ground};
use hopwise::read::read;
use hopwise::runbook::Shelf;
use hopwise::sketch::{Edge, Kind, Node, Sketch};

/// The goal of the growth exponent, where each hop calls few others.
const GOAL: f64 = 1.1;

/// The goals of one more paste and of the next command, in milliseconds.
const PASTE: f64 = 2.0;
const COMMAND: f64 = 16.0;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// Each size is measured so many times; the quickest counts, for the machine does other things, too.
const ROUNDS: usize = 5;

/// Who calls whom, by the number of the service that is called, from 1.
type Callers = fn(usize) -> Vec<usize>;

const SHAPES: [(&str, bool, Callers); 4] = [
    ("chain", true, |called| vec![called - 1]),
    ("tree", true, |called| vec![(called - 1) / 2]),
    ("mesh", true, |called| vec![(called - 1) / 2, called * 7 % called, called * called / 3 % called]),
    ("dense", false, |called| (0..20).map(|other| (called * (2 * other + 7) + other) % called).collect()),
];

/// Milliseconds of each step of an answer.
#[derive(Clone, Copy)]
struct Times {
    drawing: f64,
    first: f64,
    more: f64,
    command: f64,
    next: f64,
    whole: f64,
}

fn main() {
    if surroundings::report(measured) {
        std::process::exit(1);
    }
}

/// Adds lines to `report` for every shape, or for `only` one; whether a goal of growth is missed.
fn measured(only: Option<&str>, report: &mut String) -> bool {
    let (shelf, _) = Shelf::shipped();
    let mut missed = false;
    writeln!(
        report,
        "shape    hops  elements  drawing  first paste  one more paste  first command  next command  whole answer   (ms)"
    )
    .unwrap();
    for (shape, is_sparse, callers) in SHAPES {
        if only.is_some_and(|only| only != shape) {
            continue;
        }
        let mut measured: Vec<(f64, Times)> = Vec::new();
        for size in SIZES {
            let sketch = drawing(size, callers);
            let rounds: Vec<Times> = (0..ROUNDS).map(|_| times(&sketch, &shelf)).collect();
            let best = |of: fn(&Times) -> f64| rounds.iter().map(of).fold(f64::INFINITY, f64::min);
            let best = Times {
                drawing: best(|one| one.drawing),
                first: best(|one| one.first),
                more: best(|one| one.more),
                command: best(|one| one.command),
                next: best(|one| one.next),
                whole: best(|one| one.whole),
            };
            let Times { drawing, first, more, command, next, whole } = best;
            let elements = sketch.nodes().len() + sketch.edges().len();
            writeln!(
                report,
                "{shape:<6} {size:>6}  {elements:>8}  {drawing:>7.2}  {first:>11.2}  {more:>14.2}  {command:>13.2}  {next:>12.2}  {whole:>12.2}"
            )
            .unwrap();
            measured.push((size as f64, best));
        }
        let exponent = |of: fn(&Times) -> f64| slope(measured.iter().map(|(size, times)| (*size, of(times))));
        let (more, next) = (exponent(|times| times.more), exponent(|times| times.next));
        let goal = if is_sparse { format!(" (goal: at most {GOAL})") } else { String::new() };
        writeln!(report, "{shape}: growth exponent {more:.2} of one more paste, {next:.2} of the next command{goal}")
            .unwrap();
        missed |= is_sparse && more.max(next) > GOAL;
        if let Some((size, Times { more, next, .. })) = measured.last() {
            let verdict = if *more <= PASTE && *next <= COMMAND { "met" } else { "missed" };
            writeln!(
                report,
                "{shape}: at {size} hops {more:.2} ms for one more paste (goal: at most {PASTE}), \
                 {next:.2} ms for the next command (goal: at most {COMMAND}): {verdict}"
            )
            .unwrap();
        }
    }
    missed
}

/// What one drawing takes.
fn times(sketch: &Sketch, shelf: &Shelf) -> Times {
    let copy = Sketch::new(sketch.nodes().to_vec(), sketch.edges().to_vec()).unwrap();
    let (drawing, ground) = clocked(|| Ground::new(&copy, shelf));
    let all: Vec<String> = pastes(sketch);
    let mut evidence: Vec<Evidence> = Vec::new();
    let take = |text: &str, evidence: &mut Vec<Evidence>| {
        clocked(|| {
            evidence.push(Evidence { reading: read(text, None, None), ..Evidence::default() });
            ground.believe(evidence, |belief| belief.leader());
        })
        .0
    };
    let first = take(&all[0], &mut evidence);
    let advised = |evidence: &[Evidence]| ground.believe(evidence, |belief| clocked(|| advise(belief, &[])).0);
    let (mut more, mut commands) = (first, vec![advised(&evidence)]);
    for text in &all[1..] {
        more = take(text, &mut evidence);
        commands.push(advised(&evidence));
    }
    let (command, next) = (commands[0], commands[commands.len() - 1]);
    let (whole, diagnosis) = clocked(|| ground.diagnose(&evidence));
    assert!(!diagnosis.elements.is_empty() && !diagnosis.next.is_empty());
    Times { drawing, first, more, command, next, whole }
}

/// Milliseconds that something takes, and what comes of it.
fn clocked<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = surroundings::now();
    let done = work();
    (surroundings::now() - start, done)
}

/// A client, a balancer and services with hosts and addresses, each tenth a database.
fn drawing(size: usize, callers: Callers) -> Sketch {
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
        let id = format!("s{number}");
        let kind = if number % 10 == 9 { Kind::Database } else { Kind::Service };
        nodes.push(Node {
            hosts: vec![format!("{id}.example")],
            ips: vec![std::net::Ipv4Addr::from(0x0a00_0000 + number as u32).into()],
            ..Node::new(&id, kind)
        });
        let mut from = if number == 0 { Vec::new() } else { callers(number) };
        from.sort_unstable();
        from.dedup();
        edges.extend(from.into_iter().map(|caller| edge(&format!("s{caller}"), &id)));
    }
    Sketch::new(nodes, edges).unwrap()
}

/// Twenty-one reports from several places, most of them good.
fn pastes(sketch: &Sketch) -> Vec<String> {
    let edge = |number: usize| &sketch.edges()[number * sketch.edges().len() / 25];
    let text = |number: usize| match number {
        0 => "client -> lb: some 502".to_owned(),
        1 => "s0 -> s1: half 502".to_owned(),
        2 => "*   Trying 10.0.0.5:8080...\n* connect to 10.0.0.5 port 8080 failed: Connection refused\n".to_owned(),
        n => format!("{} -> {}: works", edge(n).from, edge(n).to),
    };
    (0..21).map(text).collect()
}

/// Least squares through the logarithms of both numbers.
fn slope(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    let logs: Vec<(f64, f64)> = points.map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mx, my) = (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    let both: f64 = logs.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
    both / logs.iter().map(|(x, _)| (x - mx).powi(2)).sum::<f64>()
}

/// The clock and the voice of a terminal program.
#[cfg(not(target_arch = "wasm32"))]
mod surroundings {
    use std::sync::LazyLock;
    use std::time::Instant;

    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

    pub fn now() -> f64 {
        1_000.0 * BEGIN.elapsed().as_secs_f64()
    }

    pub fn report(measured: fn(Option<&str>, &mut String) -> bool) -> bool {
        let mut report = String::new();
        let missed = measured(std::env::args().nth(1).as_deref(), &mut report);
        print!("{report}");
        missed
    }
}

/// The clock of a browser, and two globals that `script/scale-in-wasm.mjs` writes and reads: `shape` and `measured`.
#[cfg(target_arch = "wasm32")]
mod surroundings {
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::js_sys::{Function, Reflect, global};

    pub fn now() -> f64 {
        let performance = Reflect::get(&global(), &JsValue::from_str("performance")).unwrap();
        let now: Function = Reflect::get(&performance, &JsValue::from_str("now")).unwrap().unchecked_into();
        now.call0(&performance).unwrap().as_f64().unwrap()
    }

    pub fn report(measured: fn(Option<&str>, &mut String) -> bool) -> bool {
        let shape = Reflect::get(&global(), &JsValue::from_str("shape")).unwrap().as_string();
        let mut report = String::new();
        measured(shape.as_deref(), &mut report);
        Reflect::set(&global(), &JsValue::from_str("measured"), &JsValue::from_str(&report)).unwrap();
        false
    }
}
