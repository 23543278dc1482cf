//! `hopwise diagnose CASE.json [--json] [--runbooks FILE|FOLDER]`: the same engine as the page, its answer as text or as JSON.

use std::ffi::OsString;
use std::process::ExitCode;

use hopwise::engine::diagnose;
use hopwise::report::report;
use lexopt::prelude::*;

use crate::case_file::{open, shelf_with};
use crate::{Refusal, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let (mut file, mut json, mut runbooks) = (None::<OsString>, false, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("json") => json = true,
            Long("runbooks") => runbooks.push(arguments.value()?),
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else {
        return Err(Refusal("diagnose needs a case file, or - for standard input".to_owned()));
    };
    let opened = open(&file)?;
    let diagnosis = diagnose(&opened.sketch, &opened.evidence, &shelf_with(&runbooks, &opened.case)?);
    if !json {
        return print(&report(&diagnosis));
    }
    match serde_json::to_string_pretty(&diagnosis) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => Err(Refusal(format!("the diagnosis cannot be written as JSON: {error}"))),
    }
}
