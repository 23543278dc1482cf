//! What a command line with `dig` asks: a name, a type, a server.

use std::net::IpAddr;

use crate::read::CommandLine;
use crate::read::dns::{is_record_type, name};

/// What the command line asks.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) name: Option<String>,
    pub(super) record: Option<String>,
    pub(super) server: Option<IpAddr>,
}

/// What asks name servers and prints answers as dig does.
const PROGRAMS: [&str; 5] = ["dig", "kdig", "delv", "drill", "mdig"];

impl Asked {
    /// Of several on one command line, those with `+short` print no header and are not read here.
    pub(super) fn of_command(command: &CommandLine) -> Asked {
        let words: Vec<&str> = command.words().collect();
        // A loop over servers or names, whose body stands on lines of its own: what it asks is not shown.
        if matches!(words.first(), Some(&("for" | "while"))) && !PROGRAMS.iter().any(|program| command.runs(program)) {
            return Asked::default();
        }
        let runs: Vec<&[&str]> = words.split(|word| *word == "dig").skip(1).collect();
        let mut long = runs.iter().filter(|run| !run.contains(&"+short"));
        match (long.next(), long.next()) {
            (Some(only), None) => Asked::of(only.iter().copied()),
            (Some(_), Some(_)) => Asked::default(),
            (None, _) => Asked::of(words.into_iter()),
        }
    }

    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Asked {
        let mut asked = Asked::default();
        let mut traces = false;
        for word in words.skip_while(|word| *word == "dig") {
            traces |= word == "+trace";
            if let Some(server) = word.strip_prefix('@') {
                asked.server = server.parse().ok();
            } else if is_record_type(word) {
                asked.record = Some(word.to_owned());
            } else if !word.starts_with(['+', '-', '>', '|']) && word.contains('.') && !word.contains('$') {
                asked.name = asked.name.or_else(|| Some(name(word)));
            }
        }
        // It asks that one only for the root's servers.
        Asked { server: asked.server.filter(|_| !traces), ..asked }
    }
}
