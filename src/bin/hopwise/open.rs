//! `hopwise open FRAGMENT`: the case that a link carries, as a case file.

use std::process::ExitCode;

use hopwise::link::from_fragment;
use lexopt::prelude::*;

use crate::{Refusal, input, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let mut fragment = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) if fragment.is_none() => fragment = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(fragment) = fragment else {
        return Err(Refusal("open needs a link or its fragment, or - for standard input".to_owned()));
    };
    let text = if fragment == "-" { input::text(&fragment)? } else { fragment.string()? };
    let case = from_fragment(&text).map_err(|error| Refusal(error.to_string()))?;
    print(&format!("{}\n", case.save()))
}
