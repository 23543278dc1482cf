//! Runs the tests inside runbooks: small incidents that must be diagnosed as their authors say.

use crate::diagnosis::Diagnosis;
use crate::engine::{Evidence, diagnose};
use crate::expectation::unmet;
use crate::read::read;
use crate::runbook::{Runbook, RunbookTest, Shelf};
use crate::sketch::Sketch;

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

fn run(runbook: &Runbook, test: &RunbookTest, shelf: &Shelf) -> Rehearsal {
    let sketch = Sketch::new(test.graph.nodes.clone(), test.graph.edges.clone());
    let (unmet, diagnosis) = match sketch {
        Err(errors) => (errors.0, None),
        Ok(sketch) => {
            let evidence: Vec<Evidence> = test
                .evidence
                .iter()
                .map(|entry| {
                    let text = entry.text.as_deref().unwrap_or_default();
                    Evidence { origin: entry.origin(), reading: read(text, entry.command.as_deref(), None) }
                })
                .collect();
            let diagnosis = diagnose(&sketch, &evidence, shelf);
            (unmet(&test.expect, &diagnosis), Some(diagnosis))
        }
    };
    Rehearsal { runbook: runbook.runbook.clone(), test: test.name.clone(), unmet, diagnosis }
}
