//! Reads runbooks as a reviewer would: an error is what cannot work, a warning what makes a diagnosis weaker than it could be.
//!
//! ```text
//! tls/cipher.json:14:16: error: no slot is called {hots}: write one of {host}, {address}, {port} …, or quote the brace
//! tls/cipher.json:9:13: warning: no test puts cipher-mismatch on top: add one whose "top" is "<element> / cipher-mismatch"
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::order;
use crate::runbook::{Flaw, Runbook, Shelf, Volume};

mod document;
mod expectations;
mod modes;
mod names;
mod overrides;
mod probes;
mod simulation;
mod tables;
mod twins;
mod wording;

use document::Document;

/// A file as the linter is given it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path, as the person who gave it wrote it.
    pub name: &'a str,
    pub json: &'a str,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// It cannot work.
    Error,
    /// It works, but tells less than it could.
    Warning,
}

/// Something to mend in a runbook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub severity: Severity,
    /// What is wrong, and what to do.
    pub says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}:{}: {severity}: {}", self.file, self.line, self.column, self.says)
    }
}

/// How closely files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// What stands in them: words, names, places, quotes. Takes milliseconds, so it keeps up with somebody who types.
    Words,
    /// Also how the modes fare beside all others. Runs the engine hundreds of times, and takes seconds.
    Whole,
}

/// What is to be mended in some files, in their order, line by line. `others` are the runbooks in use beside them; one of the
/// same name is taken as the older version of the file.
pub fn lint(files: &[File], others: &Shelf, care: Care) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut documents = Vec::new();
    let (overriding, describing): (Vec<&File>, Vec<&File>) =
        files.iter().partition(|file| Volume::holds_overrides(file.json));
    for file in describing {
        match Document::open(*file) {
            Ok(document) => documents.push(document),
            Err(finding) => findings.push(finding),
        }
    }
    let mut shelf = others.clone();
    for document in &documents {
        shelf.replace(document.runbook.clone());
    }
    findings.extend(overriding.into_iter().flat_map(|file| overrides::check(*file, &shelf)));
    names::check(&mut documents, others);
    for document in &mut documents {
        modes::check(document, &shelf);
        probes::check(document, &shelf);
        tables::check(document);
        expectations::check(document, &shelf);
    }
    // With a broken file the engine's answers would mean nothing.
    let broken = documents.iter().any(|document| document.has_errors()) || !findings.is_empty();
    if care == Care::Whole && !broken {
        twins::check(&mut documents, &shelf);
        simulation::check(&mut documents, &shelf);
        documents.iter_mut().for_each(|document| wording::check(document, &shelf));
    }
    findings.extend(documents.into_iter().flat_map(Document::into_findings));
    let place = |finding: &Finding| files.iter().position(|file| file.name == finding.file);
    order::by(&mut findings, |a, b| place(a).cmp(&place(b)).then_with(|| (a.line, a.column).cmp(&(b.line, b.column))));
    findings
}

/// What is wrong with a file that does not open as a runbook, and where.
fn unopened(file: File, flaw: Flaw) -> Finding {
    let Flaw { line, column, says } = flaw;
    Finding { file: file.name.to_owned(), line, column, severity: Severity::Error, says }
}

/// Line and column of a byte of a text, both from 1; columns count characters.
fn position(json: &str, at: usize) -> (usize, usize) {
    let before = json.get(..at).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

impl Runbook {
    /// Whether it describes this mode.
    fn describes(&self, mode: &str) -> bool {
        self.failure_modes.iter().any(|own| own.id == mode)
    }
}
