//! Holds the routes of a host against the way that requests come to it: answers that leave over another router are lost there.
//!
//! ```text
//! docs-1$ ip route
//! default via 10.91.5.1 dev eth0
//! 172.29.40.0/24 via 10.91.6.1 dev eth1          (requests from 172.29.40.15 come over 10.91.5.1)
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::network::Network;
use super::{Observation, Paste, Sampled, Sight};
use crate::diagnosis::Seen;
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Fact, State};
use crate::order;
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx, Sketch};

/// Over which router a host answers a caller.
pub(super) struct Return {
    host: NodeIx,
    caller: NodeIx,
    /// The hop that has the router's address, where one is drawn.
    router: Option<NodeIx>,
    /// No request of that caller passes it.
    other: bool,
    seen: Seen,
    says: String,
}

/// Notes over which routers answers leave, by the routes that one command showed.
pub(super) fn returns(paste: &mut Paste, facts: &[Fact]) {
    let Some(host) = paste.vantage else { return };
    let (sketch, routes) = (paste.targets.sketch, paste.targets.routes);
    let table: Vec<(Network, IpAddr, &Fact)> = facts.iter().filter_map(row).collect();
    if table.is_empty() {
        return;
    }
    for caller in sketch.node_indices().filter(|caller| *caller != host) {
        let Some(way) = routes.shortest(caller, host).filter(|way| way.len() > 1) else { continue };
        // Who ends the connection of its callers gets the answer itself.
        let mut between = way.iter().map(|(_, node)| *node).filter(|node| *node != host);
        if !between.all(|node| sketch.kind(node).only_forwards()) {
            continue;
        }
        let addresses = sketch.node(caller).map(|node| node.ips.as_slice()).unwrap_or_default();
        let leading = addresses.iter().filter_map(|ip| {
            table.iter().filter(|(network, ..)| network.contains(*ip)).max_by_key(|(network, ..)| network.length)
        });
        for (_, via, fact) in leading {
            let router = paste.targets.by_address(*via);
            let hops = |from, to| routes.shortest(from, to).map(|way| way.len());
            let other = match router {
                Some(router) if router == host || router == caller => continue,
                // A longer way over the router may be drawn, for others or for the way back.
                Some(router) => {
                    hops(caller, router).zip(hops(router, host)).is_none_or(|(there, on)| there + on > way.len())
                }
                // One that nobody drew is another than the last hop before the host, where that one is the way to others.
                None if way.iter().rev().nth(1).is_some_and(|(_, last)| leads_over(sketch, *last, &table)) => true,
                None => continue,
            };
            let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default();
            let (to, over) = (name(caller), router.map_or_else(|| via.to_string(), name));
            paste.notes.returns.push(Return {
                host,
                caller,
                router,
                other,
                seen: Seen { evidence: paste.evidence, lines: fact.lines },
                says: match other {
                    true => format!("answers to {to} leave over {over}, and its requests come another way"),
                    false => format!("answers to {to} leave over {over}, as its requests come"),
                },
            });
        }
    }
}

/// Where trouble begins if requests fail whose answers leave by another back.
pub(super) fn compare(observations: &mut Vec<Observation>, returns: Vec<Return>, sketch: &Sketch, routes: &Routes) {
    for back in returns {
        let fails = observations.iter().any(|one| match &one.sight {
            Sight::Request(request) => {
                request.to == back.host
                    && request.from.is_none_or(|from| from == back.caller)
                    && !request.outcome.is_success()
            }
            Sight::State { .. } | Sight::Blame { .. } => false,
        });
        let known = observations.iter().any(|one| one.says == back.says);
        if !fails || known {
            continue;
        }
        let at = vec![Element::Node(back.host)];
        let value = if back.other { "other" } else { "same" };
        let state = Sight::State { observable: "return.way".to_owned(), value: value.to_owned(), at };
        let note = |sight, seen, says| Observation { sight, count: 1, seen, says, sampled: Sampled::Whole, at: None };
        observations.push(note(state, back.seen.clone(), back.says.clone()));
        if !back.other {
            continue;
        }
        // Behind a router that nobody drew the way back may well be right.
        let Some(router) = back.router else { continue };
        let ways = [(back.host, router), (router, back.host)];
        let ways = ways.iter().filter_map(|(from, to)| sketch.edge_between(*from, *to)).map(Element::Edge);
        let mut begins: Vec<Element> = vec![Element::Node(back.host), Element::Node(router)];
        begins.extend(ways);
        // What carried the request to the host did its part.
        let came = routes.shortest(back.caller, back.host).unwrap_or_default();
        let says = format!("the request arrives, and {}", back.says);
        let not = came.iter().map(|(edge, _)| (Element::Edge(*edge), says.clone())).collect();
        observations.push(note(Sight::Blame { begins, not }, back.seen, back.says));
    }
}

/// Whether some routes lead over a hop.
fn leads_over(sketch: &Sketch, hop: NodeIx, table: &[(Network, IpAddr, &Fact)]) -> bool {
    sketch.node(hop).is_some_and(|node| table.iter().any(|(_, via, _)| node.ips.contains(via)))
}

/// A route over another router.
fn row(fact: &Fact) -> Option<(Network, IpAddr, &Fact)> {
    let Claim::State(State { observable, value, of, detail }) = &fact.claim else { return None };
    if observable != "route" || value != "present" {
        return None;
    }
    let via = detail.strip_prefix("via ")?.split(' ').next()?.parse().ok()?;
    Some((network(of)?, via, fact))
}

/// The lines of a table of routes that decide nothing over what is drawn: a route beside the one that swallows the requests, one that
/// swallows what nobody drew, a default that nobody needs.
pub(super) fn idle(paste: &Paste, facts: &[Fact]) -> BTreeSet<Lines> {
    let table: Vec<(Lines, Network, &str)> = facts.iter().filter_map(route).collect();
    let (sketch, here) = (paste.targets.sketch, paste.vantage);
    // Few pastes show routes, and a large drawing is long to look through.
    if table.len() < 2 || here.is_none() {
        return BTreeSet::new();
    }
    let others = sketch.node_indices().filter(|ix| Some(*ix) != here).filter_map(|ix| sketch.node(ix));
    let drawn: Vec<IpAddr> = others.flat_map(|node| node.ips.iter().copied()).collect();
    if drawn.is_empty() {
        return BTreeSet::new();
    }
    let swallows = |value: &str| matches!(value, "blackhole" | "unreachable" | "prohibit");
    let deciding = |ip: &IpAddr| {
        let fitting = table.iter().filter(|(_, network, value)| *value != "missing" && network.contains(*ip));
        fitting.max_by_key(|(_, network, _)| network.length)
    };
    let decides = |line: Lines| drawn.iter().filter_map(deciding).any(|(other, ..)| *other == line);
    let swallowed = drawn.iter().filter_map(deciding).any(|(_, _, value)| swallows(value));
    let covered = drawn.iter().all(|ip| deciding(ip).is_some());
    let is_idle = |(line, _, value): &&(Lines, Network, &str)| match *value {
        "present" => swallowed,
        "missing" => covered,
        value => swallows(value) && !decides(*line),
    };
    order::set(table.iter().filter(is_idle).map(|(line, ..)| *line))
}

fn route(fact: &Fact) -> Option<(Lines, Network, &str)> {
    let Claim::State(State { observable, value, of, .. }) = &fact.claim else { return None };
    (observable == "route").then_some((fact.lines, network(of)?, value.as_str()))
}

/// The network that a route leads to.
pub(super) fn network(of: &Endpoint) -> Option<Network> {
    match (of.address, of.name.as_deref()) {
        (Some(address), _) => Some(Network::of(address)),
        (None, Some("default")) => Some(Network::everything()),
        (None, name) => Network::parse(name?),
    }
}
