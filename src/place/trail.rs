//! Finds the hop that an echo or a trace itself names: where packets were refused, or up to where all was well.
//!
//! ```text
//! From 192.168.254.2 icmp_seq=1 Destination Host Unreachable
//!  2  192.168.254.2  0.011 ms !H *
//!  2.|-- 172.29.0.2 23.3%    60   17.0  17.6  16.7  19.2   0.5
//! ```

use super::{Observation, Paste, Sight};
use crate::fact::{Outcome, State};
use crate::sketch::{EdgeIx, Element, NodeIx};

/// A connection finds "no route" in its own host or is told so by a router: where an echo in the same paste names the router, it is not the
/// sender's.
pub(super) fn compare(observations: &mut [Observation]) {
    let told = observations.iter().filter_map(|one| match &one.sight {
        Sight::State { observable, value, at } if matches!(observable.as_str(), "ping" | "path") => {
            (value == "unreachable" && one.says.contains("so said ")).then(|| (one.seen.evidence, at.clone()))
        }
        _ => None,
    });
    let told: Vec<(usize, Vec<Element>)> = told.collect();
    for observation in observations {
        if let Sight::Request(request) = &mut observation.sight
            && request.outcome == Outcome::NoLocalRoute
            && let Some(from) = request.from.map(Element::Node)
            && told.iter().any(|(paste, at)| *paste == observation.seen.evidence && !at.contains(&from))
        {
            request.outcome = Outcome::Unreachable;
        }
    }
}

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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Edge, Kind, Node, Sketch};

    #[test]
    fn a_router_that_says_so_is_meant_and_not_the_sender() {
        let node = |id: &str, label: &str, kind: Kind, ips: &[&str]| Node {
            label: label.to_owned(),
            ips: ips.iter().map(|ip| ip.parse().unwrap()).collect(),
            ..Node::new(id, kind)
        };
        let nodes = vec![
            node("pc", "office PC (office-15)", Kind::Client, &["10.60.1.15"]),
            node("ra", "office router (rt-office)", Kind::Gateway, &["10.60.1.1", "172.20.9.1"]),
            node("rb", "cellar router (rt-cellar)", Kind::Gateway, &["172.20.9.2", "10.60.12.1"]),
            node("scale", "scales", Kind::Service, &["10.60.12.20"]),
        ];
        let edge = |from: &str, to: &str| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            protocol: None,
            port: None,
            attrs: Default::default(),
        };
        let sketch = Sketch::new(nodes, vec![edge("pc", "ra"), edge("ra", "rb"), edge("rb", "scale")]).unwrap();
        // Each prompt names its host as the labels do, in parentheses.
        let pastes = [
            "office-15:~$ ping -c 3 10.60.12.20\nPING 10.60.12.20 (10.60.12.20) 56(84) bytes of data.\n\
             From 10.60.1.1 icmp_seq=1 Destination Net Unreachable\n\n--- 10.60.12.20 ping statistics ---\n\
             3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 824ms\n\
             office-15:~$ nc -v -w 3 10.60.12.20 4001\nnc: connect to 10.60.12.20 port 4001 (tcp) failed: Network is unreachable\n",
            "rt-office# ip route\n10.60.1.0/24 dev br0 proto kernel scope link src 10.60.1.1 \n\
             rt-cellar# ip route\ndefault via 172.20.9.1 dev wan1 \n10.60.12.0/24 dev br2 proto kernel scope link src 10.60.12.1 \n",
        ];
        let evidence = pastes.map(|text| Evidence { reading: read(text, None, None), ..Evidence::default() });
        let diagnosis = diagnose(&sketch, &evidence, &Shelf::shipped().0);
        assert_eq!(diagnosis.elements.first().map(|one| one.element.as_str()), Some("ra"), "{:?}", diagnosis.elements);
    }
}
