//! `hopwise test [FILE…]`: runs the tests inside runbooks, of the shipped ones or of the files named, and tells a failing one as a story.

use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

use hopwise::rehearsal::rehearse;
use hopwise::report::report;
use hopwise::runbook::Runbook;
use lexopt::prelude::*;

use crate::case_file::shelf;
use crate::{Refusal, input, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let mut files: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) => files.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut shelf = shelf()?;
    let mut chosen: Vec<Runbook> = Vec::new();
    for file in &files {
        let json = input::text(file)?;
        let name = file.to_string_lossy();
        let runbook = Runbook::open(&json).map_err(|error| Refusal(format!("{name}: {error}")))?;
        shelf.replace(runbook.clone());
        chosen.push(runbook);
    }
    if files.is_empty() {
        chosen = shelf.runbooks().to_vec();
    }
    let (mut passed, mut failed, mut text) = (0, 0, String::new());
    for runbook in &chosen {
        for rehearsal in rehearse(runbook, &shelf) {
            if rehearsal.unmet.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            let _ = writeln!(text, "{}: {}", rehearsal.runbook, rehearsal.test);
            for sentence in &rehearsal.unmet {
                let _ = writeln!(text, "  {sentence}");
            }
            for line in rehearsal
                .diagnosis
                .iter()
                .flat_map(|diagnosis| report(diagnosis).lines().map(str::to_owned).collect::<Vec<_>>())
            {
                let _ = writeln!(text, "  | {line}");
            }
        }
    }
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    print(&text)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
