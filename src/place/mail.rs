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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Edge, Kind, Node, Sketch};

    #[test]
    fn whoever_tells_it_mail_goes_where_it_is_drawn_to_go() {
        let node = |id: &str, kind: Kind, host: &str| Node { hosts: vec![host.to_owned()], ..Node::new(id, kind) };
        let sketch = |mx: &str| {
            let edge = |to: &str, protocol: &str| Edge {
                from: "out".to_owned(),
                to: to.to_owned(),
                protocol: Some(protocol.to_owned()),
                port: None,
                attrs: Default::default(),
            };
            let nodes = vec![
                node("out", Kind::Service, "out.shop.example"),
                Node { ips: vec!["198.51.100.53".parse().unwrap()], ..Node::new("ns", Kind::Dns) },
                node("mx", Kind::Service, mx),
            ];
            Sketch::new(nodes, vec![edge("ns", "dns"), edge("mx", "smtp")]).unwrap()
        };
        let all = [
            include_str!("../../tests/samples/dig/mail-answer.txt"),
            include_str!("../../tests/samples/dig/mail-short.txt"),
            include_str!("../../tests/samples/host/mail.txt"),
            include_str!("../../tests/samples/nslookup/mail.txt"),
            include_str!("../../tests/samples/resolvectl/mail-of-two.txt"),
        ];
        for text in all {
            let origin = Origin { vantage: Some("out".to_owned()), ..Origin::default() };
            let evidence = [Evidence { origin, reading: read(text, None, None) }];
            let suspected = |mx: &str| {
                let diagnosis = diagnose(&sketch(mx), &evidence, &Shelf::shipped().0);
                diagnosis.elements.first().map(|one| one.element.clone())
            };
            assert_eq!(suspected("gone.post.example").as_deref(), Some("ns"), "{text}");
            assert_ne!(suspected("mx2.post.example").as_deref(), Some("ns"), "{text}");
        }
        let none = include_str!("../../tests/samples/nslookup/mail-none.txt");
        let origin = Origin { vantage: Some("out".to_owned()), ..Origin::default() };
        let evidence = [Evidence { origin, reading: read(none, None, None) }];
        let diagnosis = diagnose(&sketch("mx2.post.example"), &evidence, &Shelf::shipped().0);
        assert_ne!(diagnosis.elements.first().map(|one| one.element.as_str()), Some("ns"), "{}", diagnosis.headline);
    }
}
