//! Looks at a file of runbooks before it is used: what it holds, its fingerprint, what the linter says, how its tests go.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::lint::{Care, File, Finding, Severity, lint};
use crate::order;
use crate::rehearsal::rehearse;
use crate::runbook::{Shelf, Volume};

/// A list with more findings is no list any more; errors come first.
const LISTED: usize = 60;

/// What a file holds and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Examined {
    /// Id of the runbook, or the file's name where it holds overrides; empty where it does not open.
    pub id: String,
    pub title: String,
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// How many failure modes, commands and overrides it holds.
    pub modes: usize,
    pub probes: usize,
    pub overrides: usize,
    /// It stands in the place of a shipped runbook of the same name.
    pub replaces: bool,
    pub findings: Vec<Finding>,
    /// How many findings are not listed.
    pub more: usize,
    /// How many of its tests pass.
    pub passed: usize,
    /// What a failing test expected, one sentence each.
    pub failed: Vec<String>,
}

impl Examined {
    /// Whether it can be used at all.
    pub fn works(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads a file as a reviewer would, beside the runbooks of this shelf, and runs its tests.
pub fn examine(name: &str, text: &str, shelf: &Shelf, care: Care) -> Examined {
    let mut findings = lint(&[File { name, json: text }], shelf, care);
    order::by_key(&mut findings, |finding| finding.severity);
    let more = findings.len().saturating_sub(LISTED);
    findings.truncate(LISTED);
    let looked = Examined { sha256: sha256(text), findings, more, ..Examined::default() };
    match Volume::open(text) {
        Ok(Volume::Overrides(file)) => {
            Examined { id: name.to_owned(), title: "Overrides".to_owned(), overrides: file.overrides.len(), ..looked }
        }
        Ok(Volume::Runbook(runbook)) => {
            let mut with = shelf.clone();
            with.replace(runbook.clone());
            let went = if looked.works() { rehearse(&runbook, &with) } else { Vec::new() };
            let failed = went.iter().filter(|one| !one.unmet.is_empty());
            let failed: Vec<String> = failed.map(|one| format!("{}: {}", one.test, one.unmet.join("; "))).collect();
            Examined {
                modes: runbook.failure_modes.len(),
                probes: runbook.probes.len(),
                replaces: shelf.runbooks().iter().any(|other| other.runbook == runbook.runbook),
                passed: went.len() - failed.len(),
                failed,
                title: runbook.title,
                id: runbook.runbook,
                ..looked
            }
        }
        Err(_) => looked,
    }
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
