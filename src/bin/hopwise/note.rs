//! `hopwise note CASE.json`: the case as an incident note, a chat message, a page for one team, or a picture.

use std::ffi::OsString;
use std::process::ExitCode;

use hopwise::engine::{diagnose, draft};
use hopwise::handoff::{Handoff, Level, chat, note, svg, team_page, teams};
use hopwise::redact::Pseudonyms;
use lexopt::prelude::*;

use crate::case_file::{open, shelf};
use crate::{Refusal, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let (mut file, mut form, mut team, mut pseudonyms) = (None::<OsString>, "markdown".to_owned(), None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("as") => form = arguments.value()?.string()?,
            Long("team") => team = Some(arguments.value()?.string()?),
            Long("pseudonyms") => pseudonyms = Some(Pseudonyms::default()),
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else { return Err(Refusal("note needs a case file, or - for standard input".to_owned())) };
    let opened = open(&file)?;
    let diagnosis = diagnose(&opened.sketch, &opened.evidence, &shelf()?);
    let sketch = if opened.sketch.is_empty() { draft(&opened.evidence) } else { opened.sketch };
    let level = if pseudonyms.is_some() { Level::Pseudonyms } else { Level::Facts };
    let case = Handoff {
        title: &opened.case.title,
        sketch: &sketch,
        evidence: &opened.evidence,
        diagnosis: &diagnosis,
        level,
    };
    let text = match (team, form.as_str()) {
        (Some(team), "markdown") if teams(&case).contains(team.as_str()) => team_page(&case, &team),
        (Some(team), _) => {
            let known: Vec<&str> = teams(&case).into_iter().collect();
            return Err(Refusal(format!("the drawing names no team \"{team}\"; it names {}", known.join(", "))));
        }
        (None, "markdown") => note(&case),
        (None, "chat") => chat(&case, None) + "\n",
        (None, "svg") => svg(&case),
        (None, other) => return Err(Refusal(format!("\"{other}\" is no form of a note: use markdown, chat or svg"))),
    };
    print(&match pseudonyms {
        Some(mut names) => names.apply(&text),
        None => text,
    })
}
