//! Holds echoes against the requests they stand for: where many requests are served at once, lost echoes are only echoes.
//!
//! ```text
//! 20 packets transmitted, 9 received, 55% packet loss
//! Status code distribution:
//!   [200]    100 responses
//! ```

use std::collections::BTreeMap;

use super::{Observation, Sight};
use crate::fact::{Outcome, Stage};
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx};

/// With one packet of ten lost, so many requests would show it as a wait all but once in a million.
const MANY: u32 = 60;

/// Leaves out what echoes say of a way over which many requests went, were served, and none waited.
pub(super) fn compare(observations: &mut Vec<Observation>, routes: &Routes) {
    let mut served: BTreeMap<(NodeIx, NodeIx), Option<u32>> = BTreeMap::new();
    for observation in observations.iter() {
        if let Sight::Request(request) = &observation.sight
            && let Some(from) = request.from.filter(|_| request.tests == Stage::Exchange)
        {
            let counted = served.entry((from, request.to)).or_insert(Some(0));
            *counted = counted.filter(|_| request.outcome == Outcome::Ok).map(|n| n.saturating_add(observation.count));
        }
    }
    let ways: Vec<Vec<Element>> = served
        .iter()
        .filter(|(_, count)| count.is_some_and(|count| count >= MANY))
        .filter_map(|((from, to), _)| Some((routes.shortest(*from, *to)?, *to)))
        .map(|(way, to)| way.iter().map(|(edge, _)| Element::Edge(*edge)).chain([Element::Node(to)]).collect())
        .collect();
    observations.retain(|observation| match &observation.sight {
        Sight::State { observable, value, at }
            if observable == "ping" && matches!(value.as_str(), "loss" | "silent") =>
        {
            !ways.iter().any(|way| way.iter().all(|element| at.contains(element)))
        }
        _ => true,
    });
}
