//! `hopwise test [FILE|FOLDER …]`: runs the tests inside runbooks, of the shipped ones or of those named, and tells a failing one
//! as a story.

use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

use hopwise::rehearsal::{Rehearsal, rehearse};
use hopwise::report::report;
use hopwise::runbook::Runbook;
use lexopt::prelude::*;

use crate::case_file::shelf;
use crate::{Refusal, print, runbook_files};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let mut named: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) => named.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut shelf = shelf()?;
    let mut chosen: Vec<Runbook> = Vec::new();
    for (name, json) in runbook_files::open(&named)? {
        let runbook = Runbook::open(&json).map_err(|error| Refusal(format!("{name}: {error}")))?;
        shelf.replace(runbook.clone());
        chosen.push(runbook);
    }
    if named.is_empty() {
        chosen = shelf.runbooks().to_vec();
    }
    let (mut passed, mut failed, mut text) = (0, 0, String::new());
    for rehearsal in chosen.iter().flat_map(|runbook| rehearse(runbook, &shelf)) {
        if rehearsal.unmet.is_empty() {
            passed += 1;
        } else {
            failed += 1;
            text.push_str(&story(&rehearsal));
        }
    }
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    print(&text)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A failing test: what should have been, and what was diagnosed instead.
fn story(rehearsal: &Rehearsal) -> String {
    let mut text = format!("{}: {}\n", rehearsal.runbook, rehearsal.test);
    for sentence in &rehearsal.unmet {
        let _ = writeln!(text, "  {sentence}");
    }
    let told = rehearsal.diagnosis.as_ref().map(report).unwrap_or_default();
    for line in told.lines() {
        let _ = writeln!(text, "  | {line}");
    }
    text
}
