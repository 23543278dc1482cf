//! Knows an answer that stands in for a site its server does not have: an empty 200, or the server's own welcome page, where the same path
//! brings something else under another name or straight from what stands behind.
//!
//! ```text
//! customer$ curl -v http://www.greenthumb.example/seeds/4       < HTTP/1.1 200 OK  < Server: Caddy  < Content-Length: 0
//! customer$ curl -si http://www.gardenshop.example/seeds/4      HTTP/1.1 200 OK    Content-Length: 37
//! ```

use std::collections::BTreeSet;

use crate::fact::{Attempt, Claim, Fact, Outcome};

/// The path of an answer with a body of its own.
pub(super) fn filled(fact: &Fact) -> Option<String> {
    match &fact.claim {
        Claim::Attempt(attempt) if brings(fact, attempt) == Some(true) => attempt.path.clone(),
        _ => None,
    }
}

/// Whether an answer that looks like a success only stands in for what this path brings elsewhere.
pub(super) fn stands_in(fact: &Fact, attempt: &Attempt, filled: &BTreeSet<String>) -> bool {
    brings(fact, attempt) == Some(false) && attempt.path.as_ref().is_some_and(|path| filled.contains(path))
}

/// Whether what was asked for came; nothing where that is not told, or something else than 200 was answered.
fn brings(fact: &Fact, attempt: &Attempt) -> Option<bool> {
    let answered = attempt.outcome == Outcome::Ok && attempt.status == Some(200);
    let bytes = fact.numbers.get("bytes").filter(|_| answered)?;
    Some(*bytes > 0.0 && attempt.answerer.page_of.is_none())
}
