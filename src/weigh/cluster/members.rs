//! How many of its members a balancer finds usable also speaks of the members: what is broken there shows here.

use crate::hypotheses::{Cause, Hypotheses};
use crate::routes::{Role, Routes, Step};
use crate::sketch::NodeIx;

/// A health check sees a fault of a member about this often; others it does not ask for.
const NOTICED: f64 = 0.7;

/// How often one fault takes down a member beside the one it is at: the same release, the same certificate, the same file.
const COMMON: f64 = 0.3;

/// Probabilities of the values `all`, `some` and `none` under hypotheses about what a balancer calls.
pub(super) fn rows(balancer: NodeIx, routes: &Routes, hypotheses: &Hypotheses, value: &str) -> Vec<(usize, f64)> {
    let steps = routes.of_request(Some(balancer), balancer, None, false);
    let members = routes.dependencies(balancer).len().max(1);
    let near = |step: &&Step| {
        step.caller == Some(balancer) && matches!(step.role, Role::Link | Role::Receiver | Role::Address)
    };
    let mut rows = Vec::new();
    for step in steps.iter().filter(near) {
        // An address is one of several places behind which the member is.
        let alone = members == 1 && step.role != Role::Address;
        let none = if alone { NOTICED } else { NOTICED * COMMON };
        let p = match value {
            "none_up" | "none" => none,
            "some_down" | "some" => (NOTICED - none).max(0.03),
            _ => 1.0 - NOTICED,
        };
        let Some(spot) = hypotheses.places.spot(step.element) else { continue };
        for (h, cause) in spot.hypotheses().zip(hypotheses.causes(step.element, spot)) {
            let breaks = match cause {
                Cause::Described(_, mode) => !mode.breaks.is_empty(),
                Cause::NotDescribed(_) => true,
                Cause::Nothing | Cause::Outside => false,
            };
            if breaks {
                rows.push((h, p));
            }
        }
    }
    rows
}
