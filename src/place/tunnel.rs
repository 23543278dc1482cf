//! Holds the networks that one end of a tunnel carries against what the drawing puts behind the other end.
//!
//! ```text
//! wg-north$ wg show wg0
//!   endpoint: 198.51.100.130:51820
//!   allowed ips: 10.255.44.2/32, 10.44.2.0/24          (behind it are drawn 10.44.2.10 and 10.44.3.10)
//! ```

use super::network::Network;
use super::{Paste, Sight};
use crate::fact::{Fact, State};
use crate::sketch::{Element, NodeIx};

/// The observable of the networks that one end carries.
const NETWORKS: &str = "tunnel.networks";

/// Whether a state lists the networks of a tunnel, and so is placed here.
pub(super) fn is_list(state: &State) -> bool {
    state.observable == NETWORKS
}

/// Turns a list into `carries` or `lacks`, where some of what is drawn behind the other end is in it.
pub(super) fn place(paste: &mut Paste, fact: &Fact, state: &State) -> bool {
    let (sketch, routes) = (paste.targets.sketch, paste.targets.routes);
    let peer = paste.targets.endpoint(&state.of, None);
    let (Some(here), Some(peer)) = (paste.vantage, peer.filter(|peer| Some(*peer) != paste.vantage)) else {
        return false;
    };
    let networks: Vec<Network> = state.detail.split(',').filter_map(Network::parse).collect();
    let passes = |from: NodeIx, to: NodeIx| {
        routes.shortest(from, to).is_some_and(|way| way.iter().any(|(_, node)| *node == peer))
    };
    let behind = |node: &NodeIx| *node != here && *node != peer && (passes(here, *node) || passes(*node, here));
    let carried = |node: NodeIx| {
        let ips = sketch.node(node).map(|node| node.ips.as_slice()).unwrap_or_default();
        (!ips.is_empty()).then(|| ips.iter().any(|ip| networks.iter().any(|network| network.contains(*ip))))
    };
    let all: Vec<bool> = sketch.node_indices().filter(behind).filter_map(carried).collect();
    // Where none is in it, addresses are rewritten on the way.
    if !all.contains(&true) {
        return true;
    }
    let value = if all.contains(&false) { "lacks" } else { "carries" }.to_owned();
    let at = vec![Element::Node(here)];
    paste.push(fact, 1, Sight::State { observable: NETWORKS.to_owned(), value, at });
    true
}
