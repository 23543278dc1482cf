//! Runs the tests inside runbooks: small incidents that must be diagnosed as their authors say.

use std::collections::BTreeSet;

use crate::diagnosis::{Diagnosis, Suggestion};
use crate::engine::{Evidence, diagnose};
use crate::expectation::{self, unmet};
use crate::read::read;
use crate::runbook::{Runbook, RunbookTest, Shelf};
use crate::sketch::{Sketch, SketchErrors};

/// How one test of a runbook went.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    pub runbook: String,
    pub test: String,
    /// Every expectation that is not met; empty means passed.
    pub unmet: Vec<String>,
    /// What was diagnosed; nothing where the test's drawing cannot be used.
    pub diagnosis: Option<Diagnosis>,
}

/// Runs every test of one runbook with all runbooks of the shelf at work.
pub fn rehearse(runbook: &Runbook, shelf: &Shelf) -> Vec<Rehearsal> {
    runbook.tests.iter().map(|test| run(runbook, test, shelf)).collect()
}

/// How often everything suggested is answered before one gives up; by then no test has a suggestion left that is new.
const ROUNDS: usize = 6;

/// Ids of the probes suggested at any point of a test, played piece of evidence by piece. At each point every question that is
/// suggested is answered with what is normal, until nothing new is suggested: what comes fifth today is asked tomorrow.
pub fn suggested(test: &RunbookTest, shelf: &Shelf) -> BTreeSet<String> {
    let Ok((sketch, evidence)) = opened(test) else { return BTreeSet::new() };
    let mut all = BTreeSet::new();
    for count in 0..=evidence.len() {
        let mut seen: Vec<Evidence> = evidence.iter().take(count).cloned().collect();
        for _ in 0..ROUNDS {
            let next = diagnose(&sketch, &seen, shelf).next;
            let answers = next.iter().filter_map(|suggestion| normal(suggestion, shelf));
            let fresh: Vec<Evidence> = answers.filter(|answer| !seen.contains(answer)).collect();
            all.extend(next.into_iter().map(|suggestion| suggestion.probe));
            if fresh.is_empty() {
                break;
            }
            seen.extend(fresh);
        }
    }
    all
}

/// The answer to a suggested question about a state where nothing is wrong there, as a person would report it.
fn normal(suggestion: &Suggestion, shelf: &Shelf) -> Option<Evidence> {
    let probe = shelf.probes().find(|probe| probe.id == suggestion.probe)?;
    let observable = probe.asks.observable()?;
    let values = &shelf.observable(observable)?.normally;
    let (value, _) = values.iter().max_by(|(_, a), (_, b)| a.probability().total_cmp(&b.probability()))?;
    let about = suggestion.address.map_or_else(|| suggestion.about.clone(), |ip| format!("{}#{ip}", suggestion.about));
    let reading = read(&format!("{about}: {observable} = {value}"), None, None);
    Some(Evidence { reading, ..Evidence::default() })
}

/// How many times as likely the first suspect of a test is as the second.
pub fn margin(test: &RunbookTest, shelf: &Shelf) -> f64 {
    let Ok((sketch, evidence)) = opened(test) else { return f64::INFINITY };
    match diagnose(&sketch, &evidence, shelf).suspects.as_slice() {
        [first, second, ..] => first.probability / second.probability.max(f64::MIN_POSITIVE),
        _ => f64::INFINITY,
    }
}

/// What comes out on top of a test, spelled as precisely as `top` is.
pub fn leader(test: &RunbookTest, top: &str, shelf: &Shelf) -> Option<String> {
    let (sketch, evidence) = opened(test).ok()?;
    expectation::leader(&diagnose(&sketch, &evidence, shelf), top)
}

fn run(runbook: &Runbook, test: &RunbookTest, shelf: &Shelf) -> Rehearsal {
    let (unmet, diagnosis) = match opened(test) {
        Err(errors) => (errors.0, None),
        Ok((sketch, evidence)) => {
            let diagnosis = diagnose(&sketch, &evidence, shelf);
            (unmet(&test.expect, &diagnosis), Some(diagnosis))
        }
    };
    Rehearsal { runbook: runbook.runbook.clone(), test: test.name.clone(), unmet, diagnosis }
}

/// The drawing of a test and its evidence as it is read.
fn opened(test: &RunbookTest) -> Result<(Sketch, Vec<Evidence>), SketchErrors> {
    let sketch = Sketch::new(test.graph.nodes.clone(), test.graph.edges.clone())?;
    let evidence = test.evidence.iter().map(|entry| {
        let text = entry.text.as_deref().unwrap_or_default();
        let reading = entry.facts.clone().unwrap_or_else(|| read(text, entry.command.as_deref(), None));
        Evidence { origin: entry.origin(), reading }
    });
    Ok((sketch, evidence.collect()))
}
