//! Places what a balancer says of its servers: its health checks as requests, and what waits for room at one.
//!
//! ```text
//! be_inventory,inv1,0,0,0,0,DOWN,1,L4CON,
//! … public catalog/catalog-b1 0/6986/2/502/7490 200 …       (7 of 7.5 s spent in front of it)
//! ```

use super::{Paste, Sight};
use crate::fact::{Fact, Outcome, Stage, State};
use crate::sketch::{Element, NodeIx};

impl Paste<'_> {
    /// A balancer's health check of one member is a request the balancer made, as far as it says how it failed.
    pub(super) fn health_check(&mut self, fact: &Fact, state: &State) -> bool {
        let front = self.front();
        let Some(to) = self.server(state) else { return false };
        let (tests, outcome) = match state.value.as_str() {
            "up" => (Stage::Connect, Outcome::Ok),
            "down_refused" => (Stage::Connect, Outcome::Refused),
            "down_timeout" => (Stage::Connect, Outcome::ConnectTimeout),
            "down_tls" => (Stage::Tls, Outcome::TlsFailed),
            // A check may ask for the wrong thing, but that its server has an error is the server's own.
            "down_status" if status(&state.detail).is_some_and(|status| status >= 500) => {
                (Stage::Exchange, Outcome::of_status(status(&state.detail).unwrap_or(500)))
            }
            "down_status" | "down_other" => {
                let at = vec![Element::Node(to), front.map_or(Element::Node(to), Element::Node)];
                let value = state.value.clone();
                self.push(fact, 1, Sight::State { observable: state.observable.clone(), value, at });
                return true;
            }
            _ => return true,
        };
        self.request(fact, state, front, to, (tests, outcome));
        true
    }

    /// The server of a balancer that a state names, or the only one.
    fn server(&self, state: &State) -> Option<NodeIx> {
        let front = self.front();
        let only = || self.targets.routes.only_dependency(front?);
        let member = || self.targets.member(front?, state.of.name.as_deref()?);
        self.targets.endpoint(&state.of, None).or_else(only).or_else(member)
    }

    /// Requests that wait in a balancer wait for one of its servers: that has too little room, or the balancer sends it too many.
    pub(super) fn queue(&mut self, fact: &Fact, state: &State) -> bool {
        let at: Vec<Element> = self.front().into_iter().chain(self.server(state)).map(Element::Node).collect();
        let (observable, value) = (state.observable.clone(), state.value.clone());
        let known = !at.is_empty();
        if known {
            self.push(fact, 1, Sight::State { observable, value, at });
        }
        known
    }
}

/// The HTTP status that a failed check tells: `code: 503` in a log, `L7STS/503` in a table.
fn status(detail: &str) -> Option<u16> {
    let (_, rest) = detail.split_once("code: ").or_else(|| detail.split_once("L7STS/"))?;
    rest.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// haproxy 2.6.
    #[test]
    fn what_waits_for_room_at_a_server_is_said_of_both_and_neither_is_cleared_by_the_answers() {
        let drawn = "buyer(client)[10.1.40.8] -> lb(lb)[10.1.1.3]:80 -> catalog-b1(service)[10.1.2.16]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let log = "Nov 29 15:04:29 lb haproxy[12552]: 10.1.40.8:43768 [29/Nov/2026:15:04:22.148] public catalog/catalog-b1 0/6986/2/502/7490 200 179 - - ---- 4/4/3/1/0 0/28 \"GET /c/108 HTTP/1.1\"\n";
        let origin = Origin { vantage: Some("lb".to_owned()), ..Origin::default() };
        let evidence = Evidence { origin, reading: read(&log.repeat(4), None, None) };
        let diagnosis = diagnose(&sketch, &[evidence], &Shelf::shipped().0);
        assert!(diagnosis.unplaced.is_empty(), "{:?}", diagnosis.unplaced);
        assert!(diagnosis.cleared.iter().all(|one| !one.element.contains("catalog-b1")), "{:?}", diagnosis.cleared);
    }
}
