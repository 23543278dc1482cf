//! `hopwise link CASE.json`: the case as the fragment of a link, at facts level.

use std::ffi::OsString;
use std::process::ExitCode;

use hopwise::link::to_fragment;
use lexopt::prelude::*;

use crate::{Refusal, case_file, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let mut file = None::<OsString>;
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else { return Err(Refusal("link needs a case file, or - for standard input".to_owned())) };
    let opened = case_file::open(&file)?;
    let mut case = opened.case;
    for (entry, evidence) in case.evidence.iter_mut().zip(opened.evidence) {
        entry.facts = Some(evidence.reading);
    }
    let fragment = to_fragment(&case).map_err(|error| Refusal(error.to_string()))?;
    print(&format!("{fragment}\n"))
}
