//! Places where a path becomes slow: on the drawn way into the first hop that answers late, for senders that wait.
//!
//! ```text
//!   1.|-- 10.64.20.1                 0.0%     5    0.1   0.1   0.1   0.1   0.0
//!   2.|-- 10.250.64.2                0.0%     5  283.2 284.9 283.2 285.8   1.2
//!   3.|-- 10.64.1.40                 0.0%     5  290.8 288.8 286.7 290.8   1.9
//! ```
//!
//! A long way takes long without a fault: it counts only where a request over it was slower than others to the same place.

use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Fact, Outcome, State};
use crate::routes::Routes;
use crate::sketch::{EdgeIx, Element, NodeIx};

/// A way on which delay begins, seen by a trace from a sender.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    from: NodeIx,
    way: EdgeIx,
    seen: Seen,
    says: String,
}

impl Paste<'_> {
    pub(super) fn delay(&mut self, fact: &Fact, state: &State) -> bool {
        let late = state.of.address.and_then(|ip| self.targets.by_address(ip));
        let mut words = state.detail.split([' ', ',']).filter_map(|word| word.parse().ok());
        let at_once = words.find(|ip| Some(*ip) != state.of.address).and_then(|ip| self.targets.by_address(ip));
        let Some(from) = self.vantage else { return false };
        // Routers that nobody drew are on the way to what was traced.
        let (at_once, late) = match (at_once, late, self.targets.mentioned(self.command).as_slice()) {
            (Some(at_once), Some(late), _) => (at_once, late),
            (None, None, [traced]) => (from, *traced),
            _ => return false,
        };
        let way = self.targets.routes.shortest(at_once, late).unwrap_or_default();
        // With hops in between that did not answer nobody knows on which way it begins.
        let [(way, _)] = way.as_slice() else { return false };
        let seen = Seen { evidence: self.evidence, lines: fact.lines };
        self.placed.delays.push(Delay { from, way: *way, seen, says: fact.claim.to_string() });
        true
    }
}

/// Says where trouble begins for senders whose requests are late over a way on which delay begins.
pub(super) fn compare(observations: &mut Vec<Observation>, delays: &[Delay], routes: &Routes) {
    let waits = |delay: &&Delay| {
        observations.iter().any(|one| match &one.sight {
            Sight::Request(request) => {
                let late = matches!(request.outcome, Outcome::ConnectSlow | Outcome::Slow | Outcome::SlowBody);
                let over = || routes.shortest(delay.from, request.to).unwrap_or_default();
                late && request.from == Some(delay.from) && over().iter().any(|(edge, _)| *edge == delay.way)
            }
            Sight::State { .. } | Sight::Blame { .. } => false,
        })
    };
    let found: Vec<Observation> = delays
        .iter()
        .filter(waits)
        .map(|delay| Observation {
            sight: Sight::Blame { begins: vec![Element::Edge(delay.way)], not: Vec::new() },
            count: 1,
            seen: delay.seen.clone(),
            says: delay.says.clone(),
            sampled: Sampled::Whole,
            at: None,
        })
        .collect();
    observations.extend(found);
}
