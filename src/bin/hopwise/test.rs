//! `hopwise test [FILE|FOLDER …]`: runs the tests inside runbooks, of the shipped ones or of those named, and tells a failing one
//! as a story.

use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

use hopwise::rehearsal::{Rehearsal, rehearse};
use hopwise::report::report;
use hopwise::runbook::{Runbook, Volume};
use lexopt::prelude::*;

use crate::case_file::shelf_beside;
use crate::{Refusal, print, runbook_files};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let mut named: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) => named.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let files = runbook_files::open(&named)?;
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, json)| (name.as_str(), json.as_str())).collect();
    let shelf = shelf_beside(&files)?;
    let is_chosen = |runbook: &&Runbook| named.is_empty() || texts.iter().any(|(_, json)| holds(json, runbook));
    let chosen: Vec<&Runbook> = shelf.runbooks().iter().filter(is_chosen).collect();
    let (mut passed, mut failed, mut text) = (0, 0, String::new());
    for rehearsal in chosen.into_iter().flat_map(|runbook| rehearse(runbook, &shelf)) {
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

fn holds(json: &str, runbook: &Runbook) -> bool {
    matches!(Volume::open(json), Ok(Volume::Runbook(own)) if own.runbook == runbook.runbook)
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
