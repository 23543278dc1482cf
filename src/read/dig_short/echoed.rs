//! Reads what a loop echoes of `dig +short`: one row for each question, with the values of the loop in front.
//!
//! ```text
//! $ for s in 10.71.2.53 10.71.9.70; do for n in www nix; do echo "$s $n: $(dig +short @$s $n.vigo.example | tr '\n' ' ')"; done; done
//! 10.71.2.53 www: 10.71.9.71 10.71.9.70
//! 10.71.9.70 www: ;; communications error to 10.71.9.70#53: connection refused ;; no servers could be reached
//! ```

use std::net::IpAddr;

use super::is_alias;
use crate::fact::{Lookup, Outcome};
use crate::read::Part;
use crate::read::dns::{gave_up, is_record_type, name, server_error};

/// What `echo` prints in front of an answer, with the names of the loop's variables, and the dig behind it.
pub(super) struct Echo {
    /// Text and the variable behind it, in order; the last has none.
    pieces: Vec<(String, Option<String>)>,
    dig: String,
}

/// Every `echo … $(dig +short …)` of a command line.
pub(super) fn echoes(part: &Part) -> Vec<Echo> {
    let Some(command) = &part.command else { return Vec::new() };
    let line = command.words().collect::<Vec<_>>().join(" ");
    let mut echoes = Vec::new();
    let mut rest = line.as_str();
    while let Some((before, after)) = rest.split_once("$(dig ") {
        let end = after.find([')', '|']).unwrap_or(after.len());
        let (dig, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        if let Some((_, said)) = before.rsplit_once("echo ").filter(|_| dig.contains("+short")) {
            echoes.push(Echo { pieces: pieces(said.trim_start_matches("-n ")), dig: dig.to_owned() });
        }
        rest = behind;
    }
    echoes
}

fn pieces(said: &str) -> Vec<(String, Option<String>)> {
    let mut pieces = Vec::new();
    let mut rest = said;
    while let Some((before, after)) = rest.split_once('$') {
        let bare = after.trim_start_matches('{');
        let end = bare.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(bare.len());
        let (variable, behind) = bare.split_at_checked(end).unwrap_or((bare, ""));
        pieces.push((before.to_owned(), Some(variable.to_owned())));
        rest = behind.trim_start_matches('}');
    }
    pieces.push((rest.to_owned(), None));
    pieces
}

impl Echo {
    /// The lookup that a row tells of; nothing where nothing was answered, or the row is another's.
    pub(super) fn lookup(&self, row: &str) -> Option<Lookup> {
        let mut dig = self.dig.clone();
        let mut rest = row;
        let mut awaited: Option<&String> = None;
        for (text, variable) in &self.pieces {
            let (value, behind) = match awaited {
                Some(_) if text.trim().is_empty() => rest.split_once(' ')?,
                Some(_) => rest.split_once(text.trim_end())?,
                None => ("", rest.strip_prefix(text.trim_end())?),
            };
            if let Some(variable) = awaited {
                dig = dig.replace(&format!("${{{variable}}}"), value).replace(&format!("${variable}"), value);
            }
            rest = behind.trim_start();
            awaited = variable.as_ref();
        }
        let words = || dig.split_whitespace();
        let server: Option<IpAddr> = words().find_map(|word| word.strip_prefix('@')?.parse().ok());
        let plain = |word: &&str| word.contains('.') && !word.starts_with(['+', '-', '@']) && !is_record_type(word);
        let asked = words().find(plain).filter(|word| !word.contains('$')).map(name)?;
        let record = words().find(|word| is_record_type(word)).unwrap_or("A").to_ascii_uppercase();
        let trouble = rest.split(";; ").find_map(server_error);
        if trouble.is_some() || gave_up(rest) {
            let (at, outcome) = trouble.unwrap_or((None, Outcome::DnsTimeout));
            return Some(Lookup { server: at.or(server), record, ..Lookup::new(&asked, outcome) });
        }
        let answers: Vec<&str> = rest.split_whitespace().map(|word| word.trim_end_matches(',')).collect();
        let addresses: Vec<IpAddr> = answers.iter().filter_map(|word| word.parse().ok()).collect();
        let aliases: Vec<String> = answers.iter().filter(|word| is_alias(word)).map(|word| name(word)).collect();
        let all = addresses.len() + aliases.len() == answers.len() && !answers.is_empty();
        all.then(|| Lookup { server, record, addresses, aliases, ..Lookup::new(&asked, Outcome::Ok) })
    }
}
