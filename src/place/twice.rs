//! Finds an address that two hosts have at the same time, and a name that two clients use.
//!
//! ```text
//! lb-a$ ip -br -4 addr        eth0  UP  10.83.5.11/24 10.83.5.10/24
//! lb-b$ ip -br -4 addr        eth0  UP  10.83.5.12/24 10.83.5.10/24
//! ```

use std::net::IpAddr;

use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Fact, Stage, State};
use crate::sketch::{Element, NodeIx, Sketch};

/// An address that a host was seen to have.
pub(super) struct Held {
    address: IpAddr,
    host: NodeIx,
    seen: Seen,
}

impl Held {
    /// An address of the host a command ran on, where it is one that others reach it at.
    pub(super) fn of(state: &State, fact: &Fact, evidence: usize, host: Option<NodeIx>) -> Option<Held> {
        // On the loopback interface many hosts have the same address on purpose, and every host of containers has docker's.
        let shared = ["lo", "docker", "br-", "dummy", "virbr", "cni", "flannel"];
        let own = state.observable == "address" && !shared.iter().any(|name| state.detail.starts_with(name));
        let address = state.of.address.filter(|_| own && state.value == "present")?;
        Some(Held { address, host: host?, seen: Seen { evidence, lines: fact.lines } })
    }
}

impl Paste<'_> {
    /// Two clients of a broker that use one name: nobody can tell whose it is.
    pub(super) fn is_shared(&mut self, fact: &Fact, state: &State) -> bool {
        if state.observable != "client.id" {
            return false;
        }
        let named = state.detail.split(' ').filter_map(|word| self.targets.by_address(word.parse().ok()?));
        let at: Vec<Element> = named.map(Element::Node).collect();
        let known = !at.is_empty();
        if known {
            let (observable, value) = (state.observable.clone(), state.value.clone());
            self.push(fact, 1, Sight::State { observable, value, at });
        }
        known
    }
}

/// Says where trouble begins for every drawn address that two hosts have: at either, or where they should hear of each other.
pub(super) fn compare(observations: &mut Vec<Observation>, held: &[Held], sketch: &Sketch) {
    for (position, one) in held.iter().enumerate() {
        let before = held.get(..position).unwrap_or_default();
        let Some(other) = before.iter().find(|other| other.address == one.address && other.host != one.host) else {
            continue;
        };
        if !sketch.nodes().iter().any(|node| node.ips.contains(&one.address)) {
            continue;
        }
        if let Some((owner, intruder)) = instead_of_its_own(held, [one, other], sketch) {
            belongs_elsewhere(observations, one.address, owner, intruder);
            observations.push(Observation {
                sight: Sight::Blame { begins: vec![Element::Node(intruder)], not: Vec::new() },
                count: 1,
                seen: held_by(intruder, one, other).seen.clone(),
                says: format!(
                    "{} has {}, the address of {}, and not its own",
                    name(sketch, intruder),
                    one.address,
                    name(sketch, owner)
                ),
                sampled: Sampled::Whole,
                at: None,
            });
            continue;
        }
        let pairs = [(other.host, one.host), (one.host, other.host)];
        let ways = pairs.iter().filter_map(|(from, to)| sketch.edge_between(*from, *to)).map(Element::Edge);
        let begins = ways.chain([Element::Node(other.host), Element::Node(one.host)]).collect();
        observations.push(Observation {
            sight: Sight::Blame { begins, not: Vec::new() },
            count: 1,
            seen: one.seen.clone(),
            says: format!("{} and {} both have {}", name(sketch, other.host), name(sketch, one.host), one.address),
            sampled: Sampled::Whole,
            at: None,
        });
    }
}

fn name(sketch: &Sketch, ix: NodeIx) -> String {
    sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default()
}

fn held_by<'a>(host: NodeIx, one: &'a Held, other: &'a Held) -> &'a Held {
    if one.host == host { one } else { other }
}

/// Whose the address is by the drawing, and the other host, where that was seen with none of the addresses it is drawn with. Two hosts that
/// share an address on purpose have their own beside it.
fn instead_of_its_own(held: &[Held], pair: [&Held; 2], sketch: &Sketch) -> Option<(NodeIx, NodeIx)> {
    let drawn = |host: NodeIx| sketch.node(host).map(|node| node.ips.as_slice()).unwrap_or_default();
    let [one, other] = pair;
    let (owner, intruder) = match (drawn(one.host).contains(&one.address), drawn(other.host).contains(&one.address)) {
        (true, false) => (one.host, other.host),
        (false, true) => (other.host, one.host),
        _ => return None,
    };
    let own = drawn(intruder);
    let has_its_own = held.iter().any(|held| held.host == intruder && own.contains(&held.address));
    (!own.is_empty() && !has_its_own).then_some((owner, intruder))
}

/// What found nobody at the address came to the wrong one of the two, and that two answer for it is that one's doing.
fn belongs_elsewhere(observations: &mut [Observation], address: IpAddr, owner: NodeIx, intruder: NodeIx) {
    for observation in observations {
        match &mut observation.sight {
            Sight::Request(request) => {
                let lost = request.outcome.stage() == Stage::Connect && !request.outcome.is_success();
                if lost && request.to == owner && request.address == Some(address) && request.from != Some(owner) {
                    request.to = intruder;
                }
            }
            Sight::State { observable, value, at } if observable == "neighbor" && value == "two_hosts" => {
                *at = vec![Element::Node(intruder)];
            }
            Sight::State { .. } | Sight::Blame { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// Who comes first where a second host has the address of the press, seen with iproute2 6.1.
    fn first(of_the_plotter: &str) -> String {
        let drawn = "pc(client)[10.9.7.9] -> press(service)[10.9.7.50]:8631\npc -> plotter(service)[10.9.7.51]:9100";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let address = |of: &str| format!("$ ip -br addr show eth0\neth0@if5         UP             {of} \n");
        let fails =
            "$ nc -v -w 2 10.9.7.50 8631\nnc: connect to 10.9.7.50 port 8631 (tcp) failed: Connection refused\n";
        let evidence =
            [paste("pc", fails), paste("press", &address("10.9.7.50/24")), paste("plotter", &address(of_the_plotter))];
        let elements = diagnose(&sketch, &evidence, &Shelf::shipped().0).elements;
        elements.first().map(|one| one.element.clone()).unwrap_or_default()
    }

    #[test]
    fn who_has_the_address_of_another_and_not_its_own_is_the_wrong_one() {
        assert_eq!(first("10.9.7.50/24"), "plotter");
        assert_ne!(first("10.9.7.51/24"), "plotter");
        assert_ne!(first("10.9.7.51/24 10.9.7.50/24"), "plotter");
    }
}
