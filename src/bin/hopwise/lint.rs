//! `hopwise lint [FILE|FOLDER …]`: what is to be mended in runbooks, one finding per line; status 1 if something cannot work.

use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;

use hopwise::lint::{Care, File, Severity, lint};
use hopwise::runbook::{SHIPPED, Shelf};
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
    let files: Vec<(String, String)> = if named.is_empty() {
        SHIPPED.iter().map(|(name, json)| (format!("runbooks/{name}"), (*json).to_owned())).collect()
    } else {
        runbook_files::open(&named)?
    };
    let others = if named.is_empty() { Shelf::default() } else { shelf()? };
    let files: Vec<File> = files.iter().map(|(name, json)| File { name, json }).collect();
    let findings = lint(&files, &others, Care::Whole);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let mut text: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    let _ =
        writeln!(text, "{}, {}, {}", count(files.len(), "file"), count(errors, "error"), count(warnings, "warning"));
    print(&text)?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}
