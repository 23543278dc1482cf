//! Reads what the command line of `ping` asks for: whom, with how large packets, and past how many routers.
//!
//! ```text
//! ping -D -n -c 2 -t 1 172.31.40.17
//! ```

use crate::fact::Endpoint;
use crate::read::request::endpoint;
use crate::read::{CommandLine, Part};

/// The payload that the command line asks for: `-s 1472`, or `-l 1472` on Windows.
pub(super) fn size_asked(part: &Part) -> u32 {
    let asked = part.command.as_ref().filter(|_| part.runs("ping"));
    let size = asked.and_then(|command| command.option("-s", "--size").or_else(|| command.option("-l", "\0")));
    size.and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// Whether the command line lets a packet pass fewer routers than a path may have: `-t 1` of iputils, `-m 1` of the BSDs.
pub(super) fn lives_shortly(part: &Part) -> bool {
    const LONGEST: u32 = 30;
    let asked = part.command.as_ref().filter(|_| part.runs("ping"));
    let routers = |command: &CommandLine| {
        let mut given = ["-t", "-m"].into_iter().filter_map(|letter| command.option(letter, "--ttl")?.parse().ok());
        given.any(|routers: u32| (1..LONGEST).contains(&routers))
    };
    asked.is_some_and(routers)
}

pub(super) fn target_of(part: &Part) -> Option<Endpoint> {
    let command = part.command.as_ref().filter(|_| part.runs("ping"))?;
    let word = command.words().filter(|word| !word.starts_with('-') && word.contains(['.', ':'])).last()?;
    (word.parse::<f64>().is_err()).then(|| endpoint(word, None))
}
