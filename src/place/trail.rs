//! Finds the hop that an echo or a trace itself names: where packets were refused, or up to where all was well.
//!
//! ```text
//! From 192.168.254.2 icmp_seq=1 Destination Host Unreachable
//!  2  192.168.254.2  0.011 ms !H *
//!  2.|-- 172.29.0.2 23.3%    60   17.0  17.6  16.7  19.2   0.5
//! ```

use super::Paste;
use crate::fact::State;
use crate::sketch::{EdgeIx, Element, NodeIx};

impl Paste<'_> {
    /// The router on the way that says it does not let packets through: `!X` of a trace, "Packet filtered" of an echo.
    pub(super) fn refuser(&self, state: &State, vantage: NodeIx, target: NodeIx) -> Option<NodeIx> {
        if state.value != "prohibited" && !state.detail.contains("(filtered)") {
            return None;
        }
        let mut words = state.detail.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
        let said = words.find_map(|word| word.trim_end_matches([':', '.']).parse().ok())?;
        self.targets.by_address(said).filter(|router| *router != target && *router != vantage)
    }

    /// The hop on the way up to which all is well, where the text names it: "so said 10.1.0.1", "none up to 10.1.0.1".
    pub(super) fn last_good(&self, state: &State, vantage: NodeIx, target: NodeIx) -> Option<NodeIx> {
        let marks = ["so said ", "says ", "none up to "];
        let (_, said) = marks.iter().find_map(|mark| state.detail.split_once(mark))?;
        let said = said.split([' ', ',', ')', ';']).next()?.parse().ok()?;
        let hop = self.targets.by_address(said).filter(|hop| *hop != target && *hop != vantage)?;
        let routes = self.targets.routes;
        let way = routes.shortest(vantage, target)?;
        (way.iter().any(|(_, on_it)| *on_it == hop)).then_some(hop)
    }

    /// A hop and the ways to and from it that a request takes.
    pub(super) fn around(&self, hop: NodeIx, from: NodeIx, to: NodeIx) -> Vec<Element> {
        let way = self.targets.routes.shortest(from, to).unwrap_or_default();
        let touches = |edge: &EdgeIx| self.targets.sketch.ends(*edge).is_some_and(|(a, b)| a == hop || b == hop);
        let ways = way.iter().map(|(edge, _)| *edge).filter(touches).map(Element::Edge);
        std::iter::once(Element::Node(hop)).chain(ways).collect()
    }
}
