//! What it says of the others that one node made the answer.

use std::collections::BTreeSet;

use crate::predict::Asked;
use crate::routes::Step;
use crate::sketch::Element;

/// What lies behind the next hop of a proxy that answered for itself is a less likely origin.
pub(super) fn told_apart(asked: Asked, step: &Step, spoke: Option<Element>) -> Asked {
    if Some(step.element) == spoke {
        return Asked { answered: true, ..asked };
    }
    let behind = spoke.is_some() && step.caller.map(Element::Node) != spoke && Some(step.element) != spoke;
    if behind { Asked { sameness: asked.sameness * 0.3, ..asked } } else { asked }
}

/// The elements between the sender and the node that made the answer.
pub(super) fn before(steps: &[Step], spoke: Option<Element>) -> BTreeSet<Element> {
    let Some(spoke) = spoke else { return BTreeSet::new() };
    let mut before = BTreeSet::new();
    let mut wanted = Some(spoke);
    // From the speaker back to the sender, caller by caller.
    while let Some(Element::Node(node)) = wanted {
        let Some(step) = steps.iter().find(|step| step.element == Element::Node(node)) else { break };
        let Some(caller) = step.caller else { break };
        let mut links =
            steps.iter().filter(|link| link.caller == Some(caller) && matches!(link.element, Element::Edge(_)));
        let position = steps.iter().position(|other| other.element == Element::Node(node));
        let link = links.rfind(|link| steps.iter().position(|other| other.element == link.element) < position);
        before.extend(link.map(|link| link.element));
        if !before.insert(Element::Node(caller)) {
            break;
        }
        wanted = Some(Element::Node(caller));
    }
    // The sender itself stays: a wrong request of its own making gets an answer, too.
    if let Some(maker) = steps.first() {
        before.remove(&maker.element);
    }
    before
}
