//! `hopwise redact FILE [--pseudonyms]`: what is kept of a text when it is stored or shared; on standard error, what was masked.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::hash::{BuildHasher, Hasher};
use std::process::ExitCode;

use hopwise::redact::{Pseudonyms, Salt, redact};
use lexopt::prelude::*;

use crate::{Refusal, input, print};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let (mut file, mut pseudonyms) = (None::<OsString>, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("pseudonyms") => pseudonyms = Some(Pseudonyms::default()),
            Value(value) if file.is_none() => file = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(file) = file else { return Err(Refusal("redact needs a file, or - for standard input".to_owned())) };
    let redacted = redact(&input::text(&file)?, &salt());
    let kinds: Vec<String> = redacted.counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    match redacted.total() {
        0 => eprintln!("hopwise: nothing to mask was found"),
        total => eprintln!("hopwise: masked {total}: {}", kinds.join(", ")),
    }
    print(&match pseudonyms {
        Some(mut names) => names.apply(&redacted.text),
        None => redacted.text,
    })
}

/// A new salt for every run, from the seed the standard library takes from the system for its hash maps.
pub(crate) fn salt() -> Salt {
    let mut bytes = [0; 16];
    for half in bytes.chunks_exact_mut(8) {
        half.copy_from_slice(&RandomState::new().build_hasher().finish().to_le_bytes());
    }
    Salt(bytes)
}
