//! Places a session that others wait for: it is whoever keeps it open that all the waiting is due to, however busy the database looks.
//!
//! ```text
//!   pid  |   application   | client_addr |        state        | blocked_by
//!  23005 | tableau-extract | 10.85.7.30  | idle in transaction | {}
//!  23256 | flyway          | 10.85.8.2   | active              | {23005}
//! ```

use super::{Observation, Paste, Sight};
use crate::fact::{Fact, State};
use crate::sketch::{Element, NodeIx};

impl Paste<'_> {
    /// Notes whose session it is, if that is drawn: there the trouble begins, or on its way to the database, which ended without a word.
    pub(super) fn blocker(&mut self, fact: &Fact, state: &State) -> bool {
        let Some(holder) = state.of.address.and_then(|ip| self.targets.by_address(ip)) else { return false };
        let ways = self.targets.routes.dependencies(holder).into_iter().map(|(edge, _)| Element::Edge(edge));
        let begins = std::iter::once(Element::Node(holder)).chain(ways).collect();
        self.push(fact, 1, Sight::Blame { begins, not: Vec::new() });
        self.notes.holders.push(holder);
        true
    }
}

/// Says of the locks and of the open transactions that a database tells of whose they are, where that is known.
pub(super) fn compare(observations: &mut [Observation], holders: &[NodeIx]) {
    for observation in observations.iter_mut().filter(|_| !holders.is_empty()) {
        if let Sight::State { observable, value, at } = &mut observation.sight
            && (observable == "db.locks" || observable == "db.sessions" && value == "idle_in_transaction")
        {
            *at = holders.iter().map(|holder| Element::Node(*holder)).collect();
        }
    }
}
