//! Fills the slots of a runbook's command: typed, checked, and quoted for a POSIX shell. Nothing is ever run here.
//!
//! ```text
//! curl -sv --resolve {host}:{port}:{address} https://{host}:{port}{path}
//! curl -sv --resolve api.example.com:443:203.0.113.30 https://api.example.com:443/v1/orders
//! ```
//!
//! A value may come from a hostile paste. One that is not what its slot takes leaves the slot open, as `<HOST>`, with the reason.

use std::collections::BTreeMap;
use std::fmt;

use crate::clean::is_invisible;

mod client;
mod effect;
mod quote;
mod slot;
#[cfg(test)]
mod tests;

pub use client::{Client, client};
pub use effect::changes;
pub use slot::Slot;

/// What is known for the slots of a command, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots(BTreeMap<Slot, String>);

impl Slots {
    pub fn set(&mut self, slot: Slot, value: impl fmt::Display) {
        self.0.insert(slot, value.to_string());
    }

    /// The same with one more value, for building in one expression.
    #[must_use]
    pub fn with(mut self, slot: Slot, value: impl fmt::Display) -> Slots {
        self.set(slot, value);
        self
    }

    pub fn get(&self, slot: Slot) -> Option<&str> {
        self.0.get(&slot).map(String::as_str)
    }
}

/// A command ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    /// Without a newline at its end, without control or invisible characters.
    pub command: String,
    /// The slots a person has to fill in, in the order of their first appearance.
    pub missing: Vec<Missing>,
}

/// A slot left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub slot: Slot,
    /// Why, as a sentence to the person who fills it in.
    pub reason: String,
}

/// Fills every `{slot}` of a template. Braces after `%` or `$` (`%{http_code}`, `${HOME}`) belong to the command itself.
pub fn fill(template: &str, slots: &Slots) -> Filled {
    let template = printable(template);
    let mut filled = Filled::default();
    let mut quoting = quote::Quoting::new(&template);
    for piece in pieces(&template) {
        match piece {
            Piece::Text(text) => {
                quoting.follow(text);
                filled.command.push_str(text);
            }
            Piece::Slot { slot, in_brackets } => match value(slot, slots, in_brackets, &quoting) {
                Ok(value) => filled.command.push_str(&value),
                Err(reason) => {
                    filled.command.push_str(slot.hole());
                    if !filled.missing.iter().any(|missing| missing.slot == slot) {
                        filled.missing.push(Missing { slot, reason });
                    }
                }
            },
        }
    }
    filled
}

/// The slots of a template that do not exist, for the linter: a misspelled `{hots}` would reach the shell as it stands.
pub fn unknown_slots(template: &str) -> Vec<&str> {
    braces(template).filter(|(_, word)| Slot::from_word(word).is_none()).map(|(_, word)| word).collect()
}

/// The slots a template has, each once.
pub fn slots_of(template: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    for slot in braces(template).filter_map(|(_, word)| Slot::from_word(word)) {
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    }
    slots
}

/// Gaps that are no slots, for the linter: `<host>` redirects, `$HOST` is empty unless the command itself sets it.
pub fn bare_placeholders(template: &str) -> Vec<String> {
    let angled = template.match_indices('<').filter_map(|(at, _)| {
        let (word, _) = template.get(at + 1..)?.split_once('>')?;
        let is_word = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '));
        (is_word && word.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| format!("<{word}>"))
    });
    let variables = template.match_indices('$').filter_map(|(at, _)| {
        let rest = template.get(at + 1..)?;
        let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| word.len() > 1)?;
        let is_set = template.contains(&format!("{word}=")) || ["HOME", "USER"].contains(&word);
        (!is_set).then(|| format!("${word}"))
    });
    angled.chain(variables).collect()
}

/// Whether a template nests quotes (`$(…)`, backticks, `$'…'`, here-documents), so that only plain values can go in.
pub fn nests_quotes(template: &str) -> bool {
    quote::nests(template)
}

fn value(slot: Slot, slots: &Slots, in_brackets: bool, quoting: &quote::Quoting) -> Result<String, String> {
    let given = slots.get(slot).ok_or_else(|| format!("no {} is known yet: write it in yourself", slot.spoken()))?;
    let checked = slot.check(given)?;
    let shown = if in_brackets && checked.contains(':') { format!("[{checked}]") } else { checked };
    quoting.insert(&shown)
}

enum Piece<'a> {
    Text(&'a str),
    Slot {
        slot: Slot,
        /// Whether an IPv6 address here needs brackets (RFC 3986 §3.2.2): after `//` and before `:port`.
        in_brackets: bool,
    },
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    for (at, word) in braces(template) {
        let Some(slot) = Slot::from_word(word) else { continue };
        let end = at + word.len() + 2;
        let before = template.get(rest..at).unwrap_or_default();
        let in_brackets = matches!(slot, Slot::Address | Slot::Peer | Slot::Resolver)
            && (before.ends_with("//") || template.get(end..).is_some_and(|after| after.starts_with(':')));
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Slot { slot, in_brackets });
        rest = end;
    }
    pieces.push(Piece::Text(template.get(rest..).unwrap_or_default()));
    pieces
}

/// Every `{word}` that is a slot by its form, with the position of its brace.
fn braces(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template.match_indices('{').filter_map(|(at, _)| {
        let (before, from) = template.split_at_checked(at)?;
        let (word, _) = from.strip_prefix('{')?.split_once('}')?;
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_word && !before.ends_with(['%', '$'])).then_some((at, word))
    })
}

/// Without what a terminal would act on or a reader could not see, and without the newline that would run it on pasting.
fn printable(template: &str) -> String {
    let kept = template.chars().filter_map(|c| match c {
        '\n' => Some('\n'),
        '\t' | '\u{a0}' => Some(' '),
        c if c.is_control() || is_invisible(c) => None,
        c => Some(c),
    });
    kept.collect::<String>().trim_end().to_owned()
}
