//! Finds the node that an address, a host name, or the name in a balancer's log stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};

use super::names::{Names, simple};
use super::{Aim, stand_in};
use crate::fact::{Claim, Endpoint, Fact};
use crate::order;
use crate::routes::Routes;
use crate::sketch::{Kind, NodeIx, Sketch};

/// Every way to name a node.
pub(super) struct Targets<'a> {
    pub sketch: &'a Sketch,
    pub routes: &'a Routes,
    names: &'a Names,
    /// Names that name servers gave for what is drawn.
    aliases: BTreeMap<String, NodeIx>,
    /// Which addresses somebody was given for which names, by a name server or by a host.
    pub given: BTreeSet<(String, IpAddr)>,
    /// Paths that brought a body of their own, and where.
    pub filled: Vec<(String, NodeIx)>,
}

impl<'a> Targets<'a> {
    /// Learns aliases from what name servers answered.
    pub(super) fn new<'f>(
        sketch: &'a Sketch,
        routes: &'a Routes,
        names: &'a Names,
        facts: impl Iterator<Item = &'f Fact>,
    ) -> Targets<'a> {
        let mut aliases: BTreeMap<String, NodeIx> = BTreeMap::new();
        let (mut filled, mut given) = (Vec::new(), Vec::new());
        for fact in facts {
            filled.extend(stand_in::filled(fact));
            if let Claim::Lookup(lookup) = &fact.claim {
                given.extend(lookup.addresses.iter().map(|ip| (lookup.name.clone(), *ip)));
                let known = names.by_host.get(&lookup.name).or_else(|| aliases.get(&lookup.name)).copied();
                let known = known.or_else(|| lookup.addresses.iter().find_map(|ip| names.by_address.get(ip).copied()));
                if let Some(ix) = known {
                    for alias in lookup.aliases.iter().chain([&lookup.name]) {
                        aliases.entry(alias.clone()).or_insert(ix);
                    }
                }
            }
        }
        let mut targets = Targets { sketch, routes, names, aliases, given: order::set(given), filled: Vec::new() };
        for (path, to) in filled {
            targets.filled.extend(targets.endpoint(to, None).map(|to| (path, to)));
        }
        targets
    }

    pub(super) fn by_address(&self, address: IpAddr) -> Option<NodeIx> {
        self.names.by_address.get(&address).copied()
    }

    pub(super) fn by_host(&self, host: &str) -> Option<NodeIx> {
        let host = host.to_ascii_lowercase();
        self.names.by_host.get(&host).or_else(|| self.aliases.get(&host)).copied()
    }

    /// Whether a name belongs to something drawn; where no names are drawn, any may.
    pub(super) fn aim_of_name(&self, name: &str) -> Aim {
        let mut drawn = self.sketch.nodes().iter().flat_map(|node| &node.hosts).peekable();
        if drawn.peek().is_none() || self.by_host(name).is_some() {
            return Aim::Drawn;
        }
        // A short name, or one that a search domain has been added to: "ledger.build.local" for "ledger.core.internal".
        let first = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let other = |host: &String| first(host) != first(name) && !is_slip(host, name);
        if name.contains('.') && drawn.all(other) { Aim::Drawn } else { Aim::Astray }
    }

    /// A node by what a prompt, a log or a header calls it: its id, its label, or the first label of a host name.
    pub(super) fn by_name(&self, name: &str) -> Option<NodeIx> {
        let name = name.rsplit('/').next().unwrap_or(name);
        if let Some(ix) = self.sketch.find(name).or_else(|| self.by_host(name)) {
            return Some(ix);
        }
        let wanted = simple(name);
        let short = simple(name.split('.').next().unwrap_or(name));
        self.names.only(&[wanted, short])
    }

    /// The only node that is drawn as running a program: "nginx on wiki-5" for `nginx`.
    pub(super) fn by_program(&self, program: &str) -> Option<NodeIx> {
        let wanted = simple(program);
        let called = |ix: &NodeIx| {
            self.sketch
                .node(*ix)
                .is_some_and(|node| simple(&node.id) == wanted || simple(&node.label).contains(&wanted))
        };
        let mut found = self.sketch.node_indices().filter(called);
        found.next().filter(|_| found.next().is_none() && wanted.len() > 3)
    }

    /// The node an endpoint stands for, seen from `vantage`.
    pub(super) fn endpoint(&self, to: &Endpoint, vantage: Option<NodeIx>) -> Option<NodeIx> {
        // Addresses that start with 127 can be drawn on several hops of one host; 127.0.0.1 is everybody's own.
        let own = [IpAddr::from([127, 0, 0, 1]), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let drawn = |ip: IpAddr| !own.contains(&ip) && self.by_address(ip).is_some();
        if to.address.is_some_and(|ip| ip.is_loopback() && !drawn(ip))
            || to.host.as_deref() == Some("localhost")
            || to.name.as_deref() == Some("self")
        {
            return vantage;
        }
        let by_address = to.address.and_then(|ip| self.by_address(ip));
        // Two names on one address (virtual hosts) and one name on many addresses both occur: the address decides.
        by_address
            .or_else(|| to.host.as_deref().and_then(|host| self.by_host(host)))
            .or_else(|| self.by_short_name(to.host.as_deref()?))
            .or_else(|| to.name.as_deref().and_then(|name| self.by_name(name)))
    }

    /// A name without a domain is what its own site calls a host of which the drawing tells the whole name, or none.
    fn by_short_name(&self, host: &str) -> Option<NodeIx> {
        let called = if host.contains('.') { None } else { self.by_name(host) };
        let first = |full: &String| full.split('.').next().is_some_and(|first| first.eq_ignore_ascii_case(host));
        called.filter(|ix| {
            self.sketch.node(*ix).is_some_and(|node| node.hosts.is_empty() || node.hosts.iter().any(first))
        })
    }

    /// The node that runs what a cluster calls `cart-5d8f7c9b6d-x2x7k` or `shop/cart`: by name, or the only pod that is drawn.
    pub(super) fn workload(&self, name: &str) -> Option<NodeIx> {
        let name = name.rsplit('/').next().unwrap_or(name);
        let wanted = simple(name);
        let part = |ix: &NodeIx| {
            self.sketch.node(*ix).is_some_and(|node| {
                let hosts = node.hosts.iter().filter_map(|host| host.split('.').next());
                let mut called = hosts.chain([node.id.as_str(), node.label.as_str()]).map(simple);
                called.any(|known| known.len() > 2 && wanted.starts_with(&known))
            })
        };
        let pods = || self.sketch.node_indices().filter(|ix| self.sketch.kind(*ix) == Kind::Pod);
        let only_pod = || pods().next().filter(|_| pods().count() == 1);
        let found = pods().find(part).or_else(|| self.sketch.node_indices().find(part)).or_else(only_pod)?;
        // A service is called like what it leads to.
        let behind = self.routes.dependencies(found);
        match (self.sketch.kind(found), behind.as_slice()) {
            (Kind::K8sService, [(_, pod)]) if self.sketch.kind(*pod) == Kind::Pod => Some(*pod),
            _ => Some(found),
        }
    }

    /// The one that a balancer calls and whose name has most in common with what it calls its member: "quotes app" for `quotes/q8`,
    /// "box office 2" for `box/box2`.
    pub(super) fn member(&self, front: NodeIx, name: &str) -> Option<NodeIx> {
        let words = |text: &str| -> Vec<String> {
            let parts = text.split(|c: char| !c.is_alphanumeric()).flat_map(|part| {
                let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
                [letters, part.get(letters.len()..).unwrap_or_default()]
            });
            parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
        };
        let wanted = words(name);
        let is_number = |word: &String| word.starts_with(|c: char| c.is_ascii_digit());
        let in_common = |ix: NodeIx| {
            let node = self.sketch.node(ix)?;
            let hosts = node.hosts.iter().filter_map(|host| host.split('.').next());
            let called = words(&hosts.chain([node.id.as_str(), node.label.as_str()]).collect::<Vec<_>>().join(" "));
            let long = wanted.iter().filter(|word| word.len() > 2 && !is_number(word) && called.contains(word)).count();
            let number = wanted.iter().rfind(|word| is_number(word)).is_some_and(|number| called.contains(number));
            (long > 0).then_some((long, number))
        };
        let mut best: Vec<((usize, bool), NodeIx)> = Vec::new();
        for (_, called) in self.routes.dependencies(front) {
            best.extend(in_common(called).map(|score| (score, called)));
        }
        let highest = best.iter().map(|(score, _)| *score).max()?;
        let mut highest = best.into_iter().filter(|(score, _)| *score == highest).map(|(_, node)| node);
        let first = highest.next()?;
        // One that is called on several ports is still one.
        highest.all(|other| other == first).then_some(first)
    }

    /// The nodes whose address or host a command line names.
    pub(super) fn mentioned(&self, command: &str) -> Vec<NodeIx> {
        let words = command.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
        let known = |word: &&str| {
            let address = word.parse().ok().and_then(|ip: IpAddr| self.names.by_address.get(&ip));
            address.is_some() || self.names.by_host.contains_key(&word.to_ascii_lowercase())
        };
        let words: Vec<&str> = words.filter(known).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let named = |ix: &NodeIx| {
            self.sketch.node(*ix).is_some_and(|node| {
                words.iter().any(|word| {
                    node.hosts.iter().any(|host| host.eq_ignore_ascii_case(word))
                        || word.parse::<IpAddr>().is_ok_and(|ip| node.ips.contains(&ip))
                })
            })
        };
        self.sketch.node_indices().filter(named).collect()
    }

    /// The nodes that an endpoint with a variable of the shell may mean: `10.15.3.$b`, `web-$i`.
    pub(super) fn alike(&self, to: &Endpoint) -> Vec<NodeIx> {
        let Some((before, after)) = to.host.as_deref().or(to.name.as_deref()).and_then(|text| text.split_once('$'))
        else {
            return Vec::new();
        };
        let after = after.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '{' | '}'));
        let fits =
            |name: &str| name.len() > before.len() + after.len() && name.starts_with(before) && name.ends_with(after);
        let named = |ix: &NodeIx| {
            self.sketch.node(*ix).is_some_and(|node| {
                node.ips.iter().any(|ip| fits(&ip.to_string()))
                    || node.hosts.iter().chain([&node.id]).any(|name| fits(name))
            })
        };
        if before.len() + after.len() < 3 { Vec::new() } else { self.sketch.node_indices().filter(named).collect() }
    }

    /// The only node of kind client, or the only node that nothing calls.
    pub(super) fn only_client(&self) -> Option<NodeIx> {
        self.names.only_client
    }
}

/// Whether two names in one domain differ by a slip of the pen: a letter left out, doubled, mistaken, or two exchanged.
/// Numbers that differ belong to different hosts.
pub(super) fn is_slip(drawn: &str, written: &str) -> bool {
    let (Some((a, domain)), Some((b, other))) = (drawn.split_once('.'), written.split_once('.')) else { return false };
    if !domain.eq_ignore_ascii_case(other) || a.len().min(b.len()) < 4 {
        return false;
    }
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = |name: &[char], skipped: usize| -> Vec<char> { name.iter().skip(same + skipped).copied().collect() };
    let letter = |name: &[char]| name.get(same).is_some_and(|c| c.is_alphabetic());
    match (a.len(), b.len()) {
        (x, y) if x == y => {
            let exchanged = a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same);
            letter(&a) && letter(&b) && (tail(&a, 1) == tail(&b, 1) || (exchanged && tail(&a, 2) == tail(&b, 2)))
        }
        (x, y) if x == y + 1 => letter(&a) && tail(&a, 1) == tail(&b, 0),
        (x, y) if y == x + 1 => letter(&b) && tail(&a, 0) == tail(&b, 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::from_arrows;

    /// What a balancer's member is drawn as.
    fn member(drawing: &str, name: &str) -> Option<String> {
        let sketch = from_arrows(drawing, &Sketch::default()).unwrap();
        let routes = Routes::new(&sketch);
        let names = Names::of(&sketch);
        let targets = Targets::new(&sketch, &routes, &names, std::iter::empty());
        let member = targets.member(sketch.find("lb").unwrap(), name)?;
        sketch.node(member).map(|node| node.name().to_owned())
    }

    #[test]
    fn a_member_is_the_one_it_shares_most_words_and_its_number_with() {
        let shops = "lb(load_balancer) -> quotes-app(service)\nlb -> rates(service)";
        assert_eq!(member(shops, "quotes/q8").as_deref(), Some("quotes-app"));
        assert_eq!(member(shops, "be/s1"), None);
        let ports = "lb(load_balancer) -> hubs(service):8080\nlb -> hubs:1883";
        assert_eq!(member(ports, "hubs/hub-2").as_deref(), Some("hubs"));
        let office = "lb(load_balancer) -> box-office-1(service)\nlb -> box-office-2(service)";
        assert_eq!(member(office, "box/box2").as_deref(), Some("box-office-2"));
        assert_eq!(member(office, "box/box3"), None);
    }
}
