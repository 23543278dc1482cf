//! A shelf with 2,000 failure modes more than the shipped ones: it opens, it answers right, and the time grows as the modes do.
//!
//! `cargo test --test suite many_modes -- --nocapture` prints the table.

use std::time::{Duration, Instant};

use hopwise::engine::{Evidence, diagnose};
use hopwise::read::read;
use hopwise::runbook::Shelf;
use hopwise::sketch::Sketch;
use serde_json::json;

/// The kinds of node that the generated modes strike, in turn.
const KINDS: [&str; 6] = ["service", "load_balancer", "proxy", "database", "cache", "gateway"];

/// One runbook with so many modes; each shows a state of its own, so each can be told from the others.
fn runbook(modes: usize) -> String {
    let name = |number: usize| format!("generated-{number}");
    let modes_json: Vec<serde_json::Value> = (0..modes)
        .map(|number| {
            let kind = KINDS[number % KINDS.len()];
            json!({
                "id": name(number), "on": [format!("node:{kind}")], "title": format!("it fails in way {number}"), "prior": "rare",
                "breaks": {"http_500": "often", "http_503": "rarely"},
                "shows": {format!("generated.state_{number}"): {"bad": "always"}}, "fix": "Mend it."
            })
        })
        .collect();
    let observables: serde_json::Map<String, serde_json::Value> = (0..modes)
        .map(|number| {
            let normally = json!({"good": "always", "bad": "never"});
            (format!("generated.state_{number}"), json!({"title": "a state", "normally": normally}))
        })
        .collect();
    json!({"runbook": "generated", "title": "Generated", "observables": observables, "failure_modes": modes_json})
        .to_string()
}

/// A balancer, a proxy and twelve services with their stores, and an answer 500 of one of them.
fn incident() -> (Sketch, Vec<Evidence>) {
    let mut nodes = vec![
        json!({"id": "pc", "kind": "client"}),
        json!({"id": "lb", "kind": "load_balancer"}),
        json!({"id": "px", "kind": "proxy"}),
    ];
    let mut edges = vec![json!({"from": "pc", "to": "lb"}), json!({"from": "lb", "to": "px"})];
    for number in 0..12 {
        let (service, store) = (format!("s{number}"), format!("db{number}"));
        nodes.push(
            json!({"id": service, "kind": "service", "ips": [format!("10.0.0.{}", number + 10)], "ports": [8080]}),
        );
        nodes.push(json!({"id": store, "kind": "database"}));
        edges.push(json!({"from": "px", "to": service, "protocol": "http", "port": 8080}));
        edges.push(json!({"from": service, "to": store}));
    }
    let sketch =
        Sketch::new(serde_json::from_value(nodes.into()).unwrap(), serde_json::from_value(edges.into()).unwrap())
            .unwrap();
    let evidence = ["px -> s3: answers 500", "s3: generated.state_12 = bad"]
        .map(|text| Evidence { reading: read(text, None, None), ..Evidence::default() });
    (sketch, evidence.into())
}

/// So often every size is measured, in turn, so that a machine busy for a while slows them all.
const ROUNDS: usize = 5;

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

#[test]
fn two_thousand_modes_more_are_opened_and_weighed_in_time_that_grows_no_faster_than_they_do() {
    let (sketch, evidence) = incident();
    let runbooks = [250, 500, 1_000, 2_000].map(|modes| (modes, runbook(modes)));
    let mut quickest = [(Duration::MAX, Duration::MAX); 4];
    for _ in 0..ROUNDS {
        for ((_, json), quickest) in runbooks.iter().zip(&mut quickest) {
            let (opened, shelf) = timed(|| {
                let (mut shelf, _) = Shelf::shipped();
                shelf.add(json).unwrap();
                shelf
            });
            let (answered, diagnosis) = timed(|| diagnose(&sketch, &evidence, &shelf));
            let first = diagnosis.suspects.first().unwrap();
            assert_eq!((first.element.as_str(), first.failure_mode.as_str()), ("s3", "generated-12"));
            *quickest = (quickest.0.min(opened), quickest.1.min(answered));
        }
    }
    println!("modes  opened ms  answered ms");
    for ((modes, _), (opened, answered)) in runbooks.iter().zip(quickest) {
        println!("{modes:>5} {:>10.1} {:>12.1}", opened.as_secs_f64() * 1e3, answered.as_secs_f64() * 1e3);
    }
    for pair in quickest.windows(2) {
        // Twice as many may take twice as long; the rest is for a machine that does something else beside.
        assert!(pair[1].1 < pair[0].1 * 4, "{:?} after {:?} with half as many modes", pair[1].1, pair[0].1);
    }
}
