//! Finds an alias that leads to a name which does not exist: whoever gives it is as likely to be wrong as whoever lacks the name, and alone
//! is so where the name differs from one that exists by a slip.
//!
//! ```text
//! shop.brew.example. 300 IN CNAME brrew.cdn.example.       at the name server of brew.example
//! status: NXDOMAIN                                         for brrew.cdn.example, at that of cdn.example
//! brew.cdn.example. 60 IN A 203.0.113.147                  at the same
//! ```

use super::slip::{question, questions};
use super::target::is_slip;
use super::{Observation, Request, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::Outcome;
use crate::sketch::{Element, NodeIx, Sketch};

/// What a name server gave in place of an address.
pub(super) struct Alias {
    pub giver: NodeIx,
    pub leads_to: String,
    pub seen: Seen,
}

/// Tells where the trouble begins in place of telling that a name does not exist.
pub(super) fn compare(observations: &mut Vec<Observation>, aliases: &[Alias], sketch: &Sketch) {
    for Alias { giver, leads_to, seen } in aliases {
        let lacks = |one: &Request| one.outcome == Outcome::Nxdomain && one.subject == *leads_to && one.to != *giver;
        let lacking: Vec<NodeIx> = questions(observations).filter(|one| lacks(one)).map(|one| one.to).collect();
        if lacking.is_empty() {
            continue;
        }
        let meant = |name: &String| is_slip(name, leads_to);
        let slipped = questions(observations).any(|one| one.outcome == Outcome::Ok && meant(&one.subject))
            || sketch.nodes().iter().flat_map(|node| &node.hosts).any(meant);
        // That it does not exist is the one thing both were wrong about, and is told once.
        observations.retain(|one| question(one).is_none_or(|one| !lacks(one)));
        let others = lacking.into_iter().filter(|_| !slipped);
        observations.push(Observation {
            sight: Sight::State {
                observable: "dns.alias".to_owned(),
                value: "dangling".to_owned(),
                at: std::iter::once(*giver).chain(others).map(Element::Node).collect(),
            },
            count: 1,
            seen: seen.clone(),
            says: format!("the alias leads to {leads_to}, which does not exist"),
            sampled: Sampled::Whole,
            at: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Diagnosis;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    fn diagnosed(existing: &str) -> Diagnosis {
        let drawn = "pc(client)[198.51.100.74] -> res(dns)[198.51.100.126]\nres -> own(dns)[192.0.2.35]\nres -> far(dns)[203.0.113.130]\n\
                     pc -> edge(proxy)[203.0.113.147]:80";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let pastes = [
            ("dig +noall +answer shop.brew.example @192.0.2.35", "shop.brew.example. 300 IN CNAME brrew.cdn.example.\n".to_owned()),
            (
                "dig brrew.cdn.example @203.0.113.130",
                ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 23649\n;; QUESTION SECTION:\n;brrew.cdn.example.\tIN\tA\n\
                 ;; SERVER: 203.0.113.130#53(203.0.113.130) (UDP)\n"
                    .to_owned(),
            ),
            ("dig +noall +answer @203.0.113.130", format!("{existing}. 60 IN A 203.0.113.147\n")),
        ];
        let evidence = |(command, text): &(&str, String)| Evidence {
            origin: Origin {
                vantage: Some("res".to_owned()),
                command: Some((*command).to_owned()),
                ..Origin::default()
            },
            reading: read(text, Some(command), None),
        };
        let evidence: Vec<Evidence> = pastes.iter().map(evidence).collect();
        diagnose(&sketch, &evidence, &Shelf::shipped().0)
    }

    #[test]
    fn an_alias_that_leads_nowhere_is_held_against_its_giver() {
        let of = |diagnosis: &Diagnosis, id: &str| {
            diagnosis.elements.iter().find(|one| one.element == id).map(|one| one.probability).unwrap_or_default()
        };
        let slipped = diagnosed("brew.cdn.example");
        assert_eq!(slipped.elements.first().map(|one| one.element.as_str()), Some("own"), "{:?}", slipped.elements);
        let open = diagnosed("other-shop.cdn.example");
        assert!(of(&open, "own") > 0.1 && of(&open, "far") > 0.1, "{:?}", open.elements);
        assert!([slipped, open].iter().all(|one| one.cleared.iter().all(|cleared| cleared.element != "own")));
    }
}
