//! All runbooks in use: the shipped ones, and those a team opens.

use super::{FailureMode, Observable, Probe, Runbook};

include!(concat!(env!("OUT_DIR"), "/shipped_runbooks.rs"));

/// The probability of a state that no runbook describes; the same under every hypothesis, so it moves nothing.
const UNKNOWN_STATE: f64 = 0.2;

/// The probability of a value that the runbook of its observable does not list: it lists what healthy elements show.
const UNKNOWN_VALUE: f64 = 0.02;

/// Runbooks to diagnose with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shelf {
    runbooks: Vec<Runbook>,
}

impl Shelf {
    /// The runbooks of `runbooks/`, built into the program.
    ///
    /// # Errors
    /// One sentence per file that is not a runbook, with file, line and column. A test keeps the shipped ones free of them.
    pub fn shipped() -> (Shelf, Vec<String>) {
        let mut shelf = Shelf::default();
        let mut complaints = Vec::new();
        for (file, json) in SHIPPED {
            match shelf.add(json) {
                Ok(()) => {}
                Err(complaint) => complaints.push(format!("runbooks/{file}: {complaint}")),
            }
        }
        (shelf, complaints)
    }

    /// Puts one more runbook on the shelf.
    ///
    /// # Errors
    /// What is wrong with it, where, and which words are allowed there.
    pub fn add(&mut self, json: &str) -> Result<(), String> {
        self.runbooks.push(Runbook::open(json)?);
        Ok(())
    }

    /// Puts a runbook in the place of the one with its name, or beside the others.
    pub fn replace(&mut self, runbook: Runbook) {
        match self.runbooks.iter_mut().find(|known| known.runbook == runbook.runbook) {
            Some(known) => *known = runbook,
            None => self.runbooks.push(runbook),
        }
    }

    pub fn runbooks(&self) -> &[Runbook] {
        &self.runbooks
    }

    pub fn modes(&self) -> impl Iterator<Item = &FailureMode> {
        self.runbooks.iter().flat_map(|runbook| &runbook.failure_modes)
    }

    pub fn probes(&self) -> impl Iterator<Item = &Probe> {
        self.runbooks.iter().flat_map(|runbook| &runbook.probes)
    }

    /// The failure mode with this id.
    pub fn mode(&self, id: &str) -> Option<&FailureMode> {
        self.modes().find(|mode| mode.id == id)
    }

    /// Names of all observables.
    pub fn observables(&self) -> impl Iterator<Item = &str> {
        self.runbooks.iter().flat_map(|runbook| runbook.observables.keys().map(String::as_str))
    }

    pub fn observable(&self, name: &str) -> Option<&Observable> {
        self.runbooks.iter().find_map(|runbook| runbook.observables.get(name))
    }

    /// How likely an observable has this value on a healthy element; an observable no runbook knows says nothing.
    pub fn normally(&self, observable: &str, value: &str) -> f64 {
        let Some(known) = self.observable(observable) else { return UNKNOWN_STATE };
        let sum: f64 = known.normally.values().map(|chance| chance.probability()).sum();
        known.normally.get(value).map_or(UNKNOWN_VALUE, |chance| chance.probability() / sum.max(1.0))
    }
}
