//! The walk in sentences, each with its numbers.

use std::collections::BTreeMap;

use super::walk::{Stop, Walked};
use super::{Change, Symptom};
use crate::sketch::{Element, NodeIx, Sketch};

/// Ways that carry less than this part of the blame are not told.
const TOLD: f64 = 0.05;

pub fn steps(sketch: &Sketch, changes: &BTreeMap<Element, Change>, walked: &Walked) -> Vec<String> {
    let mut steps = Vec::new();
    let start = walked.loss(Element::Node(walked.start));
    if !start.is_significant() {
        steps.push(format!(
            "No significant change at {}: {}, where chance alone makes {} more or less.",
            name(sketch, walked.start),
            amount(start.extra, walked.symptom),
            amount(start.noise, walked.symptom),
        ));
    }
    steps.extend(walked.stops.iter().filter(|stop| stop.arrived >= TOLD).map(|stop| {
        let mut sentences = vec![lost(sketch, changes, walked, stop.node), calls(sketch, walked, stop)];
        sentences.extend(stop.new.iter().map(|new| {
            let name = name(sketch, *new);
            format!("{name} had no traffic before, so its part stays with its caller.")
        }));
        if stop.keeps >= TOLD {
            sentences.extend(stop.given_up.iter().map(|callee| {
                let (callee, caller) = (name(sketch, *callee), name(sketch, stop.node));
                format!(
                    "{callee} became so slow that {caller} may give up on it: most of what stays may come from there."
                )
            }));
            sentences.extend(stop.otherwise.iter().map(|callee| {
                let name = name(sketch, *callee);
                format!("{name} got worse in another way, so a part of what stays may come from there.")
            }));
        }
        sentences.join(" ")
    }));
    steps
}

/// `search lost 21.9 of 787 requests (0 % failed before, 2.8 % now).`
fn lost(sketch: &Sketch, changes: &BTreeMap<Element, Change>, walked: &Walked, node: NodeIx) -> String {
    let name = name(sketch, node);
    let loss = walked.loss(Element::Node(node));
    let Some(change) = changes.get(&Element::Node(node)) else { return format!("{name} has no numbers.") };
    let of =
        change.after.requests.map(|requests| format!("{requests:.0} requests")).unwrap_or("its requests".to_owned());
    match walked.symptom {
        Symptom::Latency => {
            let (was, is) = (change.before.seconds.unwrap_or(0.0), change.after.seconds.unwrap_or(0.0));
            let (much, way) = (loss.extra.abs(), if loss.extra < 0.0 { "less" } else { "longer" });
            format!("{name} took {much:.1} s {way} for {of} ({} each before, {} now).", seconds(was), seconds(is))
        }
        Symptom::Failures => {
            let (was, is) = (change.before.failed.unwrap_or(0.0), change.after.failed.unwrap_or(0.0));
            format!(
                "{name} lost {:.1} of {of} ({:.1} % failed before, {:.1} % now).",
                loss.extra.max(0.0),
                was * 100.0,
                is * 100.0
            )
        }
    }
}

/// What its calls explain.
fn calls(sketch: &Sketch, walked: &Walked, stop: &Stop) -> String {
    let all: f64 = stop.through.iter().map(|(_, felt)| felt).sum();
    let told: Vec<String> = stop
        .through
        .iter()
        .filter(|(_, felt)| *felt >= TOLD * all && (1.0 - stop.keeps) >= TOLD)
        .map(|(callee, _)| {
            let lost = walked.loss(Element::Node(*callee));
            format!("{} alone {}", name(sketch, *callee), amount(lost.extra, walked.symptom))
        })
        .collect();
    let keeps = stop.keeps * 100.0;
    match told.as_slice() {
        [] if stop.unmeasured.is_empty() => "What it calls is clean, so it stays here.".to_owned(),
        [] => "Nothing measured behind it explains that, so it stays here.".to_owned(),
        told if keeps < 1.0 => format!("What it calls explains that: {}.", told.join(", ")),
        told => format!("What it calls explains {:.0} % of that: {}.", 100.0 - keeps, told.join(", ")),
    }
}

pub fn questions(sketch: &Sketch, changes: &BTreeMap<Element, Change>, walked: &Walked) -> Vec<String> {
    let question = |node: &NodeIx| {
        let called = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).any(|(_, callee)| callee == *node);
        let lost = amount(walked.loss(Element::Node(*node)).extra, walked.symptom);
        let else_ = if called { " else" } else { "" };
        format!("Who{else_} calls {}? It lost {lost}, more than the drawn callers account for.", name(sketch, *node))
    };
    let uncounted = |stop: &&Stop| {
        let change = changes.get(&Element::Node(stop.node));
        stop.arrived >= TOLD
            && change.is_some_and(|change| change.before.requests.is_none() || change.after.requests.is_none())
    };
    let count = |stop: &Stop| {
        let name = name(sketch, stop.node);
        format!(
            "How many requests did {name} get in each window? Without that, rare slow calls weigh as much as frequent ones."
        )
    };
    let unmeasured = |stop: &&Stop| stop.arrived * stop.keeps >= TOLD && !stop.unmeasured.is_empty();
    let measure = |stop: &Stop| {
        let callees: Vec<&str> = stop.unmeasured.iter().map(|callee| name(sketch, *callee)).collect();
        let (callees, caller) = (callees.join(", "), name(sketch, stop.node));
        format!(
            "What do requests, seconds and failures of {callees} look like in both windows? Without them, what stays at {caller} may come from there."
        )
    };
    let strays = walked.strays.iter().map(question);
    let counts = walked.stops.iter().filter(uncounted).map(count);
    strays.chain(counts).chain(walked.stops.iter().filter(unmeasured).map(measure)).collect()
}

fn name(sketch: &Sketch, node: NodeIx) -> &str {
    sketch.node(node).map_or("?", |node| node.name())
}

fn amount(extra: f64, symptom: Symptom) -> String {
    match symptom {
        Symptom::Latency => format!("{extra:.1} s"),
        Symptom::Failures => format!("{extra:.1} requests"),
    }
}

fn seconds(value: f64) -> String {
    if value < 1.0 { format!("{:.1} ms", value * 1000.0) } else { format!("{value:.2} s") }
}
