//! The only door to the diagnosis: plain values in, a `Diagnosis` out. No clock, no network, no randomness.

use crate::diagnosis::{Diagnosis, Verdict};
use crate::evidence::Origin;
use crate::read::Reading;
use crate::runbook::Shelf;
use crate::sketch::Sketch;

/// One piece of evidence, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    pub origin: Origin,
    pub reading: Reading,
}

/// Diagnoses a case. An empty sketch stands for "not drawn": one is drafted from the evidence.
pub fn diagnose(sketch: &Sketch, evidence: &[Evidence], shelf: &Shelf) -> Diagnosis {
    let _ = (sketch, evidence, shelf);
    Diagnosis {
        hopwise: 1,
        verdict: Verdict::NoEvidence,
        headline: String::new(),
        suspects: Vec::new(),
        elements: Vec::new(),
        cleared: Vec::new(),
        untested: Vec::new(),
        next: Vec::new(),
        unread: Vec::new(),
        unplaced: Vec::new(),
        assumed: Vec::new(),
        outside: 0.0,
        nothing: 0.0,
    }
}

/// Draws the path that the evidence shows: vantage, resolver, and the addresses tried.
pub fn draft(evidence: &[Evidence]) -> Sketch {
    let _ = evidence;
    Sketch::default()
}
