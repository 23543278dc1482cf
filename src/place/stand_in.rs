//! Knows an answer that stands in for a site its server does not have: an empty 200, or the server's own welcome page, where the same path
//! brings something else under another name or straight from what stands behind.
//!
//! ```text
//! customer$ curl -v http://www.greenthumb.example/seeds/4       < HTTP/1.1 200 OK  < Server: Caddy  < Content-Length: 0
//! customer$ curl -si http://www.gardenshop.example/seeds/4      HTTP/1.1 200 OK    Content-Length: 37
//! ```

use super::target::Targets;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome};
use crate::sketch::NodeIx;

/// The path of an answer with a body of its own, and who was asked for it.
pub(super) fn filled(fact: &Fact) -> Option<(String, &Endpoint)> {
    match &fact.claim {
        Claim::Attempt(attempt) if brings(fact, attempt) == Some(true) => Some((attempt.path.clone()?, &attempt.to)),
        _ => None,
    }
}

/// Whether an answer that looks like a success only stands in for what this path brings under another name of the same hop, in front of
/// it or behind it. Other services have paths of their own that are called alike: `/healthz`.
pub(super) fn stands_in(fact: &Fact, attempt: &Attempt, to: NodeIx, targets: &Targets) -> bool {
    let leads = |from, to| targets.routes.shortest(from, to).is_some();
    let same = |other: NodeIx| other == to || leads(other, to) || leads(to, other);
    brings(fact, attempt) == Some(false)
        && targets.filled.iter().any(|(path, other)| attempt.path.as_ref() == Some(path) && same(*other))
}

/// Whether what was asked for came; nothing where that is not told, or something else than 200 was answered.
pub fn brings(fact: &Fact, attempt: &Attempt) -> Option<bool> {
    let answered = attempt.outcome == Outcome::Ok && attempt.status == Some(200);
    let bytes = fact.numbers.get("bytes").filter(|_| answered)?;
    Some(*bytes > 0.0 && attempt.answerer.page_of.is_none())
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Verdict;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    #[test]
    fn an_empty_answer_is_none_where_the_same_hop_brings_a_body_and_one_of_another_service_is_its_own() {
        let verdict = |drawn: &str| {
            let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
            let curl = |ip: &str, body: &str| {
                let length = body.len();
                let text = format!(
                    "$ curl -i http://{ip}/healthz\nHTTP/1.1 200 OK\nContent-Length: {length}\nContent-Type: text/plain\n\n{body}\n"
                );
                let origin = Origin { vantage: Some("pc".into()), ..Origin::default() };
                Evidence { origin, reading: read(&text, None, None) }
            };
            diagnose(&sketch, &[curl("10.1.0.1", "fine"), curl("10.1.0.2", "")], &Shelf::shipped().0).verdict
        };
        let beside = verdict("pc(client) -> a(service)[10.1.0.1]:80\npc -> b(service)[10.1.0.2]:80");
        assert_eq!(beside, Verdict::NothingWrong);
        let behind = verdict("pc(client) -> web(proxy)[10.1.0.2]:80 -> a(service)[10.1.0.1]:80");
        assert_ne!(behind, Verdict::NothingWrong);
    }
}
