//! All runbooks in use: the shipped ones, and those a team opens.

use super::Runbook;

include!(concat!(env!("OUT_DIR"), "/shipped_runbooks.rs"));

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
        let runbook: Runbook = serde_json::from_str(json).map_err(|error| error.to_string())?;
        self.runbooks.push(runbook);
        Ok(())
    }

    pub fn runbooks(&self) -> &[Runbook] {
        &self.runbooks
    }
}
