//! The number names the culprit: failures after a wait that is somebody's default, statuses that only one kind of hop sends, and
//! errors that grow with something.
//!
//! ```text
//! 60.0 s: nginx (proxy_read_timeout)
//! 499: nginx, of a client that left before the answer
//! 502s × 3, requests × 3: the data path
//! ```

use crate::diagnosis::{Named, Owner, Seen};
use crate::fact::{Attempt, Claim, Outcome, Stage};
use crate::read::{Block, CommandLine, Reading};
use crate::reckon::Grown;
use crate::runbook::{Ends, Shelf};

/// How many numbers are shown.
const SHOWN: usize = 6;

/// How far beyond the limit of its command line a program stops, in seconds.
const LATE: f64 = 0.25;

/// Numbers of the evidence that runbooks know, each once, where it stands first.
pub fn named<'a>(
    readings: impl IntoIterator<Item = (usize, &'a Reading)>,
    growths: &[Grown],
    shelf: &Shelf,
) -> Vec<Named> {
    let grown = |grown: &Grown| {
        let known = shelf.generators(grown.with);
        let owners = known.map(|known| Owner { name: known.generator.clone(), source: known.source.clone() }).collect();
        Named { seen: grown.seen.clone(), number: grown.says.clone(), owners }
    };
    let mut all: Vec<Named> = growths.iter().map(grown).filter(|named| !named.owners.is_empty()).collect();
    for (evidence, reading) in readings {
        let facts = reading.blocks.iter().flat_map(|block| block.facts.iter().map(move |fact| (block, fact)));
        for (block, fact) in facts {
            let Claim::Attempt(attempt) = &fact.claim else { continue };
            let seen = || Seen { evidence, lines: fact.lines };
            let mut note = |number: String, owners: Vec<Owner>| {
                if !owners.is_empty() && all.iter().all(|known| known.owners != owners) {
                    all.push(Named { seen: seen(), number, owners });
                }
            };
            if let Some((seconds, stage, ends)) = wait(attempt).filter(|(seconds, ..)| !gave_up(block, *seconds)) {
                let owners = shelf.owners(seconds, stage, ends);
                let owners = owners.map(|known| Owner { name: known.owner.clone(), source: known.source.clone() });
                note(format!("{seconds:.1} s"), owners.collect());
            }
            if let Some(status) = attempt.status {
                let speakers = shelf.speakers(status, attempt.answerer.server.as_deref());
                let speakers = speakers.map(|known| Owner { name: known.spoke.clone(), source: known.source.clone() });
                note(status.to_string(), speakers.collect());
            }
        }
    }
    all.truncate(SHOWN);
    all
}

/// Whether the program only waited as long as its command line told it to: then the number is the caller's own.
fn gave_up(block: &Block, seconds: f64) -> bool {
    let command = CommandLine::parse(block.command.as_deref().unwrap_or_default());
    let limits = [("-m", "--max-time"), ("-w", "--connect-timeout"), ("-T", "--timeout"), ("-W", "--wait")];
    let mut told =
        limits.iter().flat_map(|(short, long)| command.options(short, long)).filter_map(|value| value.parse().ok());
    told.any(|limit: f64| (limit..=limit + LATE).contains(&seconds))
}

/// How long a request waited that did not go well, for what, and how that ended.
fn wait(attempt: &Attempt) -> Option<(f64, Stage, Ends)> {
    let (times, stage) = (&attempt.times, attempt.outcome.stage());
    let since = |from: Option<f64>, to: Option<f64>| to.map(|to| to - from.unwrap_or(0.0));
    let seconds = match (attempt.outcome, stage) {
        (Outcome::Ok, _) => None,
        (_, Stage::Resolve) => times.resolved.or(times.total),
        (Outcome::ConnectSlow, _) => since(times.resolved, times.connected),
        (_, Stage::Connect) => since(times.resolved, times.total),
        (_, Stage::Tls) => since(times.connected, times.total),
        (_, Stage::Exchange) => since(times.secured.or(times.connected), times.first_byte.or(times.total)),
    };
    let late = matches!(attempt.outcome, Outcome::DnsSlow | Outcome::ConnectSlow | Outcome::Slow | Outcome::SlowBody);
    seconds.map(|seconds| (seconds, stage, if late { Ends::Late } else { Ends::Failed }))
}
