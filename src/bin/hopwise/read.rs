//! `hopwise read FILE [--json]`: what each part of a text was read as, the facts with their lines, the lines not understood.

use std::ffi::OsString;
use std::process::ExitCode;

use hopwise::evidence::Lines;
use hopwise::fact::Claim;
use hopwise::read::{Block, Reading, kinds, read};
use hopwise::redact::Salt;
use lexopt::prelude::*;
use serde::Serialize;

use crate::{Refusal, input, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let (mut file, mut json, mut kind, mut command) = (None::<OsString>, false, None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("json") => json = true,
            Long("as") => kind = Some(arguments.value()?.string()?),
            Long("command") => command = Some(arguments.value()?.string()?),
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else { return Err(Refusal("read needs a file, or - for standard input".to_owned())) };
    if let Some(kind) = kind.as_deref().filter(|kind| !kinds().contains(kind)) {
        return Err(Refusal(format!("nothing is read as `{kind}`; the kinds are {}", kinds().join(", "))));
    }
    let reading = read(&input::text(&file)?, command.as_deref(), kind.as_deref());
    if !json {
        return print(&reading.to_string());
    }
    match serde_json::to_string_pretty(&Told::of(&reading)) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => Err(Refusal(format!("the reading cannot be written as JSON: {error}"))),
    }
}

/// A reading as its users' scripts see it: every fact also as a sentence.
#[derive(Serialize)]
struct Told<'a> {
    blocks: Vec<ToldBlock<'a>>,
}

#[derive(Serialize)]
struct ToldBlock<'a> {
    kind: &'a str,
    confidence: f64,
    lines: Lines,
    command: Option<String>,
    prompt_host: Option<&'a str>,
    facts: Vec<ToldFact<'a>>,
    unread: &'a [Lines],
}

#[derive(Serialize)]
struct ToldFact<'a> {
    lines: Lines,
    says: String,
    #[serde(flatten)]
    claim: &'a Claim,
}

impl<'a> Told<'a> {
    fn of(reading: &'a Reading) -> Told<'a> {
        let salt = crate::redact::salt();
        Told { blocks: reading.blocks.iter().map(|block| ToldBlock::of(block, &salt)).collect() }
    }
}

impl<'a> ToldBlock<'a> {
    fn of(block: &'a Block, salt: &Salt) -> ToldBlock<'a> {
        let facts = block.facts.iter().map(|fact| ToldFact {
            lines: fact.lines,
            says: fact.claim.to_string(),
            claim: &fact.claim,
        });
        ToldBlock {
            kind: &block.kind,
            confidence: block.confidence,
            lines: block.lines,
            // A command line may hold a password, and what is printed here is passed on.
            command: block.command.as_deref().map(|command| hopwise::redact::redact(command, salt).text),
            prompt_host: block.prompt_host.as_deref(),
            facts: facts.collect(),
            unread: &block.unread,
        }
    }
}
