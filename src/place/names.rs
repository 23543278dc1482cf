//! What the nodes of a drawing can be called by, looked up once for all facts.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::order;
use crate::sketch::{Kind, NodeIx, Sketch};

/// Addresses, hosts and names of a drawing.
#[derive(Debug)]
pub struct Names {
    pub(super) by_address: BTreeMap<IpAddr, NodeIx>,
    /// In lower case.
    pub(super) by_host: BTreeMap<String, NodeIx>,
    /// Ids and labels, letters and digits only: the first two nodes called so. Two are as ambiguous as many.
    called: BTreeMap<String, (NodeIx, Option<NodeIx>)>,
    /// The only node of kind client, or the only one that nothing calls.
    pub(super) only_client: Option<NodeIx>,
}

impl Names {
    pub fn of(sketch: &Sketch) -> Names {
        let only = |wanted: &dyn Fn(NodeIx) -> bool| {
            let mut found = sketch.node_indices().filter(|ix| wanted(*ix));
            found.next().filter(|_| found.next().is_none())
        };
        let only_client = only(&|ix| sketch.kind(ix) == Kind::Client)
            .or_else(|| only(&|ix| sketch.callers(ix).is_empty() && !sketch.callees(ix).is_empty()));
        let (by_address, by_host, called) = Default::default();
        let mut names = Names { by_address, by_host, called, only_client };
        for ix in sketch.node_indices() {
            let Some(node) = sketch.node(ix) else { continue };
            for ip in &node.ips {
                names.by_address.entry(*ip).or_insert(ix);
            }
            for host in &node.hosts {
                names.by_host.entry(host.to_ascii_lowercase()).or_insert(ix);
            }
            // "www-60 (nginx)" is called www-60.
            let apart = node.label.split_once(" (");
            // "office router (rt-office)" is called rt-office; "(nginx)" is what runs there.
            let host = apart.and_then(|(_, rest)| rest.split_once(')')).map(|(host, _)| host);
            let host = host.filter(|host| host.contains(['-', '.']) && !host.contains(' '));
            for name in [node.id.as_str(), &node.label].into_iter().chain(apart.map(|(name, _)| name)).chain(host) {
                let (first, second) = names.called.entry(simple(name)).or_insert((ix, None));
                if *first != ix {
                    second.get_or_insert(ix);
                }
            }
        }
        names
    }

    /// The only node that is called by one of these names.
    pub(super) fn only(&self, names: &[String]) -> Option<NodeIx> {
        let all = names.iter().filter_map(|name| self.called.get(name));
        let mut all = order::set(all.flat_map(|(first, second)| [Some(*first), *second]).flatten()).into_iter();
        all.next().filter(|_| all.next().is_none())
    }
}

/// Letters and digits only, so that "product 2", "product-2" and "Product_2" are one name.
pub(super) fn simple(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
