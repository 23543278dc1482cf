//! Finds an address that two hosts have at the same time.
//!
//! ```text
//! lb-a$ ip -br -4 addr        eth0  UP  10.83.5.11/24 10.83.5.10/24
//! lb-b$ ip -br -4 addr        eth0  UP  10.83.5.12/24 10.83.5.10/24
//! ```

use std::net::IpAddr;

use super::{Observation, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Fact, State};
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
        let pairs = [(other.host, one.host), (one.host, other.host)];
        let ways = pairs.iter().filter_map(|(from, to)| sketch.edge_between(*from, *to)).map(Element::Edge);
        let begins = ways.chain([Element::Node(other.host), Element::Node(one.host)]).collect();
        let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default();
        observations.push(Observation {
            sight: Sight::Blame { begins, not: Vec::new() },
            count: 1,
            seen: one.seen.clone(),
            says: format!("{} and {} both have {}", name(other.host), name(one.host), one.address),
            sampled: Sampled::Whole,
            at: None,
        });
    }
}
