//! The walk on small drawings.

use super::*;
use crate::sketch::from_arrows;

fn traffic(requests: f64, seconds: f64, failed: f64) -> Traffic {
    Traffic { requests: Some(requests), seconds: Some(seconds), spread: None, failed: Some(failed) }
}

type Row<'a> = (&'a str, (f64, f64, f64), (f64, f64, f64));

/// Requests, seconds and failed share before and after, for each node.
fn walked(arrows: &str, rows: &[Row], symptom: Symptom) -> (Sketch, Blame) {
    let sketch = from_arrows(arrows, &Sketch::default()).unwrap();
    let change = |(_, before, after): &Row| Change {
        before: traffic(before.0, before.1, before.2),
        after: traffic(after.0, after.1, after.2),
        unrest: Unrest::default(),
    };
    let changes = rows.iter().filter_map(|row| Some((sketch.element(row.0)?, change(row)))).collect();
    let start = sketch.find(rows[0].0).unwrap();
    let blame = blame(&sketch, &changes, start, symptom);
    (sketch, blame)
}

fn first(answer: &(Sketch, Blame)) -> String {
    answer.0.element_id(answer.1.ranking[0].element)
}

#[test]
fn what_the_callees_explain_does_not_stay_at_the_caller() {
    let rows: [Row; 3] = [
        ("shop", (500.0, 0.1, 0.0), (500.0, 0.2, 0.0)),
        ("search", (800.0, 0.01, 0.0), (800.0, 0.07, 0.0)),
        ("table", (900.0, 0.005, 0.0), (900.0, 0.005, 0.0)),
    ];
    let answer = walked("shop -> search -> table", &rows, Symptom::Latency);
    assert_eq!(first(&answer), "search");
    assert_eq!(
        answer.1.steps,
        [
            "shop took 50.0 s longer for 500 requests (100.0 ms each before, 200.0 ms now). What it calls explains that: search alone 48.0 s.",
            "search took 48.0 s longer for 800 requests (10.0 ms each before, 70.0 ms now). What it calls is clean, so it stays here.",
        ]
    );
}

#[test]
fn a_callee_that_had_no_traffic_before_explains_nothing() {
    let rows: [Row; 3] = [
        ("shop", (500.0, 0.1, 0.0), (500.0, 0.1, 0.1)),
        ("search", (500.0, 0.01, 0.0), (500.0, 0.01, 0.1)),
        ("bucket", (0.0, 0.0, 0.0), (50.0, 0.2, 1.0)),
    ];
    let answer = walked("shop -> search -> bucket", &rows, Symptom::Failures);
    assert_eq!(first(&answer), "search");
    let step = answer.1.steps.last().unwrap();
    assert!(step.ends_with("bucket had no traffic before, so its part stays with its caller."), "{step}");
}

#[test]
fn time_that_only_the_caller_measured_was_lost_on_the_way() {
    let rows: [Row; 3] = [
        ("shop", (500.0, 0.1, 0.0), (500.0, 0.3, 0.0)),
        ("shop->search", (500.0, 0.02, 0.0), (500.0, 0.22, 0.0)),
        ("search", (500.0, 0.01, 0.0), (500.0, 0.01, 0.0)),
    ];
    let answer = walked("shop -> search", &rows, Symptom::Latency);
    assert_eq!(first(&answer), "shop->search");
}

#[test]
fn a_queue_takes_work_that_nobody_waits_for() {
    let rows: [Row; 3] = [
        ("shop", (500.0, 0.1, 0.0), (500.0, 0.3, 0.0)),
        ("sqs", (500.0, 0.01, 0.0), (500.0, 0.01, 0.0)),
        ("mailer", (500.0, 1.0, 0.0), (500.0, 9.0, 0.0)),
    ];
    let answer = walked("shop -> sqs -> mailer", &rows, Symptom::Latency);
    assert_eq!(first(&answer), "shop");
}

#[test]
fn nothing_significant_is_said_to_be_so() {
    let rows: [Row; 1] = [("shop", (500.0, 0.1, 0.01), (510.0, 0.101, 0.012))];
    let (_, answer) = walked("shop -> search", &rows, Symptom::Failures);
    assert_eq!(
        answer.steps[0],
        "No significant change at shop: 1.0 requests, where chance alone makes 3.5 requests more or less."
    );
}

#[test]
fn a_loss_that_no_drawn_path_explains_is_a_question() {
    let rows: [Row; 2] =
        [("shop", (500.0, 0.1, 0.0), (500.0, 0.1, 0.1)), ("search", (800.0, 0.01, 0.0), (800.0, 0.01, 0.2))];
    let (sketch, answer) = walked("shop -> cart\nsearch -> table", &rows, Symptom::Failures);
    assert_eq!(first(&(sketch, answer.clone())), "search");
    assert_eq!(
        answer.questions[0],
        "Who calls search? It lost 160.0 requests, more than the drawn callers account for."
    );
}

#[test]
fn a_slow_callee_of_a_failing_caller_comes_second() {
    let rows: [Row; 3] = [
        ("shop", (500.0, 0.1, 0.0), (500.0, 0.1, 0.2)),
        ("search", (500.0, 0.01, 0.0), (500.0, 30.0, 0.0)),
        ("cart", (500.0, 0.01, 0.0), (500.0, 0.01, 0.0)),
    ];
    let answer = walked("shop -> cart\nshop -> search", &rows, Symptom::Failures);
    let places: Vec<String> = answer.1.ranking.iter().map(|share| answer.0.element_id(share.element)).collect();
    assert_eq!(places, ["shop", "search", "cart"]);
    let step = &answer.1.steps[0];
    assert!(step.ends_with("search got worse in another way, so a part of what stays may come from there."), "{step}");
}

#[test]
fn a_callee_that_requests_no_longer_reach_comes_second() {
    let rows: [Row; 2] =
        [("gateway", (500.0, 0.1, 0.0), (500.0, 0.1, 0.8)), ("function", (500.0, 0.01, 0.0), (100.0, 0.01, 0.0))];
    let answer = walked("gateway -> function", &rows, Symptom::Failures);
    assert!(answer.1.ranking[1].share > 0.3);
}

#[test]
fn a_caller_that_gives_up_on_a_slow_callee_comes_second() {
    let rows: [Row; 2] =
        [("shop", (500.0, 0.1, 0.0), (500.0, 0.9, 0.2)), ("search", (500.0, 0.01, 0.0), (500.0, 0.81, 0.0))];
    let answer = walked("shop -> search", &rows, Symptom::Failures);
    assert_eq!(first(&answer), "search");
    let step = &answer.1.steps[0];
    assert!(step.contains("search became so slow that shop may give up on it"), "{step}");
}

#[test]
fn a_callee_that_nobody_measured_is_asked_for_and_comes_second() {
    let rows: [Row; 1] = [("shop", (500.0, 0.1, 0.0), (500.0, 0.1, 0.2))];
    let answer = walked("shop -> search", &rows, Symptom::Failures);
    let places: Vec<String> = answer.1.ranking.iter().map(|share| answer.0.element_id(share.element)).collect();
    assert_eq!(places, ["shop", "search"]);
    assert!(answer.1.questions[0].starts_with("What do requests, seconds and failures of search look like"));
}

#[test]
fn without_counts_a_rare_slow_call_does_not_outweigh_a_frequent_one() {
    let sketch = from_arrows("shop -> search\nshop -> report", &Sketch::default()).unwrap();
    let seconds = |was: f64, is: f64| Change {
        before: Traffic { seconds: Some(was), ..Traffic::default() },
        after: Traffic { seconds: Some(is), ..Traffic::default() },
        unrest: Unrest::default(),
    };
    // Reports take far longer than the shop answers in: it cannot wait for one at each of its requests.
    let rows = [("shop", seconds(0.1, 0.2)), ("search", seconds(0.05, 0.12)), ("report", seconds(20.0, 21.0))];
    let changes = rows.into_iter().filter_map(|(id, change)| Some((sketch.element(id)?, change))).collect();
    let answer = blame(&sketch, &changes, sketch.find("shop").unwrap(), Symptom::Latency);
    assert_eq!(sketch.element_id(answer.ranking[0].element), "search");
}

#[test]
fn calls_in_a_circle_end() {
    let rows: [Row; 2] = [("a", (500.0, 0.1, 0.0), (500.0, 0.1, 0.5)), ("b", (500.0, 0.1, 0.0), (500.0, 0.1, 0.5))];
    let answer = walked("a -> b -> a", &rows, Symptom::Failures);
    assert_eq!(first(&answer), "b");
    let all: f64 = answer.1.ranking.iter().map(|share| share.share).sum();
    assert!((all - 1.0).abs() < 1e-9);
}
