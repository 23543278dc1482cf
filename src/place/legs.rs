//! Holds the legs of a host against each other: a strict reverse-path filter drops what comes in on another leg than its answer would
//! go out on.
//!
//! ```text
//! eth1@if14   UP   192.0.2.20/24                (asked here, from 198.51.100.40)
//! default via 10.44.0.1 dev eth0                (answered there)
//! net.ipv4.conf.eth1.rp_filter = 1              (so nothing is answered: RFC 3704)
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::network::Network;
use super::{Observation, Paste, Sampled, Sight, back};
use crate::diagnosis::Seen;
use crate::fact::{Claim, Fact, State};
use crate::order;
use crate::sketch::{Element, NodeIx, Sketch};

/// What is known of the legs of one host.
#[derive(Default)]
pub(super) struct Legs {
    addresses: BTreeMap<IpAddr, String>,
    routes: Vec<(Network, String)>,
    filters: BTreeMap<String, (String, Seen)>,
}

/// The legs of every host that shows any.
pub(super) type Hosts = BTreeMap<NodeIx, Legs>;

/// Learns addresses, routes and filters from what one command showed.
pub(super) fn learn(paste: &mut Paste, facts: &[Fact]) {
    let Some(host) = paste.vantage else { return };
    for fact in facts {
        let Claim::State(State { observable, value, of, detail }) = &fact.claim else { continue };
        let name = of.name.clone().unwrap_or_default();
        match (observable.as_str(), value.as_str()) {
            ("address", "present") => {
                let leg = detail.split([' ', '@', ',']).next().unwrap_or_default().to_owned();
                let known = &mut paste.notes.hosts.entry(host).or_default().addresses;
                known.extend(of.address.map(|ip| (ip, leg)));
            }
            ("route", "present") => {
                let leg = detail.split_once("dev ").and_then(|(_, rest)| rest.split([' ', ',']).next());
                let known = &mut paste.notes.hosts.entry(host).or_default().routes;
                known.extend(back::network(of).zip(leg.map(str::to_owned)));
            }
            ("rp_filter", setting) => {
                let seen = Seen { evidence: paste.evidence, lines: fact.lines };
                paste.notes.hosts.entry(host).or_default().filters.insert(name, (setting.to_owned(), seen));
            }
            _ => {}
        }
    }
}

impl Legs {
    /// What the filter of a leg does: the stricter of its own setting and that of all, where loose is the last word (ip-sysctl).
    fn filter(&self, leg: &str) -> Option<(&str, &Seen)> {
        let rank = |setting: &str| ["off", "strict", "loose"].iter().position(|known| *known == setting);
        let both = [self.filters.get(leg), self.filters.get("all")].into_iter().flatten();
        both.max_by_key(|(setting, _)| rank(setting)).map(|(setting, seen)| (setting.as_str(), seen))
    }

    fn leg_to(&self, caller: IpAddr) -> Option<&str> {
        let fitting = self.routes.iter().filter(|(network, _)| network.contains(caller));
        fitting.max_by_key(|(network, _)| network.length).map(|(_, leg)| leg.as_str())
    }
}

/// Says of every address that failed to answer a caller whether the filter of its leg drops what that caller sends.
pub(super) fn compare(observations: &mut Vec<Observation>, hosts: &Hosts, sketch: &Sketch) {
    let mut found: BTreeMap<(NodeIx, IpAddr), Observation> = BTreeMap::new();
    for observation in observations.iter() {
        let Sight::Request(request) = &observation.sight else { continue };
        let (Some(address), Some(legs)) = (request.address, hosts.get(&request.to)) else { continue };
        let callers: BTreeSet<IpAddr> = request
            .from
            .and_then(|from| sketch.node(from))
            .map(|node| order::set(node.ips.iter().copied()))
            .unwrap_or_default();
        let Some(leg) = legs.addresses.get(&address).filter(|_| !request.outcome.is_success()) else { continue };
        let Some((setting, seen)) = legs.filter(leg) else { continue };
        let other = callers.iter().filter_map(|ip| legs.leg_to(*ip)).find(|other| other != leg);
        let drops = setting == "strict" && other.is_some();
        let says = match other {
            Some(other) if drops => {
                format!("the reverse-path filter of {leg} is strict, and answers to this caller would leave on {other}")
            }
            _ => format!("the reverse-path filter of {leg} lets this caller pass"),
        };
        let value = if drops { "drops" } else { "passes" }.to_owned();
        let at = vec![Element::Address(request.to, address), Element::Node(request.to)];
        found.entry((request.to, address)).or_insert(Observation {
            sight: Sight::State { observable: "reverse.path".to_owned(), value, at },
            count: 1,
            seen: seen.clone(),
            says,
            sampled: Sampled::Whole,
            at: None,
        });
    }
    observations.extend(found.into_values());
}
