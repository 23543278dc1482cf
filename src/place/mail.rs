//! Places refusals of mail that are about what DNS says of its sender: whose host may send for the domain, and what its address is called.
//!
//! ```text
//! <** 550 5.7.23 SPF validation failed: 203.0.113.80 is not allowed to send mail from kaffeekiste.example
//! <** 450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.41]
//! ```

use super::{Paste, Sight};
use crate::fact::{Fact, State};
use crate::sketch::{Element, Kind, NodeIx};

/// Enhanced status codes of RFC 7372 section 3, and the words of servers that send none.
const REFUSALS: [(&str, &str); 6] = [
    (".7.23", "spf"),
    ("spf fail", "spf"),
    ("spf validation", "spf"),
    (".7.25", "unnamed"),
    ("cannot find your hostname", "unnamed"),
    ("cannot find your reverse hostname", "unnamed"),
];

impl Paste<'_> {
    /// Says of a refusal that it is about the records of the sender's zone, or about a sender that uses another address than these name.
    pub(super) fn refused_mail(&mut self, fact: &Fact, state: &State, about: &[Element]) -> bool {
        let words = state.detail.to_ascii_lowercase();
        let Some((_, value)) = REFUSALS.iter().find(|(sign, _)| words.contains(sign)) else { return false };
        let sketch = self.targets.sketch;
        let holds_zones = |ix: &NodeIx| sketch.kind(*ix) == Kind::Dns && self.targets.routes.resolvers(*ix).is_empty();
        let zones: Vec<Element> = sketch.node_indices().filter(holds_zones).map(Element::Node).collect();
        if zones.is_empty() {
            return false;
        }
        let sends = |element: &&Element| matches!(element, Element::Node(ix) if sketch.kind(*ix) != Kind::External);
        let at = zones.iter().chain(about.iter().filter(sends)).copied().collect();
        self.push(fact, 1, Sight::State { observable: "mail.sender".to_owned(), value: (*value).to_owned(), at });
        true
    }
}
