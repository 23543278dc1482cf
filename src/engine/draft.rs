//! Draws the path that the evidence shows, for a case without a drawing: vantage point, name server, target.

use std::collections::{BTreeMap, BTreeSet};

use super::Evidence;
use crate::fact::{Attempt, Claim, Endpoint, Fact};
use crate::order;
use crate::place::{is_of_a_gate, is_of_a_server, shuts_out};
use crate::read::Block;
use crate::sketch::{Edge, Kind, Node, Sketch};

/// One client per vantage point, one name server if a name was asked for, one node per host name tried. Behind a node stands what its log
/// says it called; before it, the firewall whose rules shut it out, where nobody says whose rules they are.
pub fn draft(evidence: &[Evidence]) -> Sketch {
    let mut plan = Plan::default();
    let unsaid = only_vantage(evidence).unwrap_or("client");
    for one in evidence {
        for block in one.reading.blocks.iter().filter(|block| !is_written_by_a_server(one, block)) {
            let vantage = vantage(one, block).unwrap_or(unsaid).to_owned();
            for fact in &block.facts {
                match &fact.claim {
                    Claim::Attempt(attempt) if is_tunnel(attempt) => plan.tunnel(&vantage, attempt),
                    Claim::Attempt(attempt) => plan.target(&vantage, &attempt.to, attempt.protocol.as_deref()),
                    Claim::Lookup(lookup) => plan.lookup(&vantage, lookup),
                    // Whatever was sounded out is on the way of whoever sounded.
                    Claim::State(state) if SOUNDINGS.contains(&state.observable.as_str()) => {
                        plan.target(&vantage, &state.of, None);
                    }
                    Claim::State(_) | Claim::Span(_) | Claim::Series(_) => {}
                }
                if let Claim::Attempt(attempt) = &fact.claim
                    && attempt.to.host.is_some()
                    && attempt.resolved
                    && !is_tunnel(attempt)
                {
                    plan.resolver(&vantage);
                }
            }
        }
    }
    for (one, block) in evidence.iter().flat_map(|one| one.reading.blocks.iter().map(move |block| (one, block))) {
        if is_written_by_a_server(one, block) {
            plan.log(vantage(one, block), &block.facts);
        }
    }
    for block in evidence.iter().filter(|one| one.origin.vantage.is_none()).flat_map(|one| &one.reading.blocks) {
        if block.prompt_host.is_none() && is_of_a_gate(block) {
            plan.gate(&block.facts);
        }
    }
    plan.sketch()
}

/// What `ping`, `traceroute` and `mtr` find out.
const SOUNDINGS: [&str; 5] = ["ping", "ping.large", "path", "path.loss", "neighbor"];

/// Whether a server wrote it: a proxy's log, or an application's of which nobody says where it lies.
fn is_written_by_a_server(one: &Evidence, block: &Block) -> bool {
    is_of_a_server(block) || block.kind == "log" && vantage(one, block).is_none()
}

/// Whether a proxy was asked for a way through: `CONNECT partner.example:8443`.
fn is_tunnel(attempt: &Attempt) -> bool {
    let authority = |path: &str| !path.starts_with('/') && path.contains(':');
    attempt.to.address.is_some() && attempt.path.as_deref().is_some_and(authority)
}

/// What speaks such a protocol, or answers on a port that hardly anything else uses; a service where neither says anything.
fn kind_of(protocol: Option<&str>, port: Option<u16>) -> Kind {
    match protocol {
        Some("postgres" | "mysql" | "mongodb") => return Kind::Database,
        Some("redis") => return Kind::Cache,
        _ => {}
    }
    match port {
        Some(1433 | 1521 | 3306 | 5432 | 5984 | 6432 | 9042 | 26257 | 27017) => Kind::Database,
        Some(6379 | 11211) => Kind::Cache,
        Some(1883 | 4222 | 5672 | 8883 | 9092 | 61616) => Kind::Queue,
        _ => Kind::Service,
    }
}

/// Where a part of a paste was taken, if it says so.
fn vantage<'a>(one: &'a Evidence, block: &'a Block) -> Option<&'a str> {
    one.origin.vantage.as_deref().or(block.prompt_host.as_deref())
}

/// The one machine that is named anywhere: most people look from one place, and not every paste shows its prompt. It is another place
/// where something else was tried from it, or the same with another outcome.
fn only_vantage(evidence: &[Evidence]) -> Option<&str> {
    let blocks = || evidence.iter().flat_map(|one| one.reading.blocks.iter().map(move |block| (one, block)));
    let named: BTreeSet<&str> = order::set(blocks().filter_map(|(one, block)| vantage(one, block)));
    let only = named.first().copied().filter(|_| named.len() == 1)?;
    let attempts = |here: bool| {
        let asks = move |(one, block): &(&Evidence, &Block)| {
            vantage(one, block).is_some() == here && !is_written_by_a_server(one, block)
        };
        let facts = blocks().filter(asks).flat_map(|(_, block)| &block.facts);
        facts.filter_map(|fact| if let Claim::Attempt(attempt) = &fact.claim { Some(attempt) } else { None })
    };
    let tried = |here| -> BTreeSet<(String, bool)> {
        order::set(attempts(here).map(|one| (one.to.to_string(), one.outcome.is_success())))
    };
    let ports = |here| -> BTreeSet<Option<u16>> { order::set(attempts(here).map(|one| one.to.port)) };
    let (there, here) = (tried(false), tried(true));
    let differs = there.iter().any(|(target, worked)| here.contains(&(target.clone(), !worked)));
    let agrees = !there.is_disjoint(&here);
    let alike = there.is_empty() || agrees || !differs && !ports(false).is_disjoint(&ports(true));
    alike.then_some(only)
}

#[derive(Default)]
struct Plan {
    nodes: BTreeMap<String, Node>,
    edges: Vec<Edge>,
}

impl Plan {
    fn node(&mut self, id: &str, kind: Kind) -> &mut Node {
        self.nodes.entry(id.to_owned()).or_insert_with(|| Node::new(id, kind))
    }

    fn resolver(&mut self, vantage: &str) {
        self.node("dns", Kind::Dns);
        self.join(vantage, "dns", Some("dns"), Some(53));
    }

    fn lookup(&mut self, vantage: &str, lookup: &crate::fact::Lookup) {
        self.resolver(vantage);
        if let Some(server) = lookup.server {
            let dns = self.node("dns", Kind::Dns);
            if !dns.ips.contains(&server) {
                dns.ips.push(server);
            }
        }
        for address in &lookup.addresses {
            self.target(
                vantage,
                &Endpoint { host: Some(lookup.name.clone()), address: Some(*address), ..Endpoint::default() },
                None,
            );
        }
    }

    /// Draws the proxy, known by its address alone, and behind it whom it was asked for.
    fn tunnel(&mut self, vantage: &str, attempt: &Attempt) {
        let Some(address) = attempt.to.address else { return };
        let proxy = Endpoint { host: None, ..attempt.to.clone() };
        self.target(vantage, &proxy, Some("http"));
        let Some(front) = self.nodes.values_mut().find(|node| node.ips.contains(&address)) else { return };
        front.kind = Kind::Proxy.into();
        let front = front.id.clone();
        let Some((host, port)) = attempt.path.as_deref().and_then(|path| path.rsplit_once(':')) else { return };
        let to = Endpoint { host: Some(host.to_owned()), port: port.parse().ok(), ..Endpoint::default() };
        self.target(&front, &to, None);
    }

    fn target(&mut self, vantage: &str, to: &Endpoint, protocol: Option<&str>) {
        let known = self
            .nodes
            .values()
            .find(|node| to.address.is_some_and(|ip| node.ips.contains(&ip)))
            .map(|node| node.id.clone());
        let id = match (known, &to.host, to.address) {
            (Some(id), _, _) => id,
            (None, Some(host), _) => host.clone(),
            (None, None, Some(address)) => address.to_string(),
            (None, None, None) => return,
        };
        let kind = kind_of(protocol, to.port);
        let node = self.node(&id, kind);
        if node.kind.kind == Kind::Service {
            node.kind = kind.into();
        }
        if let Some(host) = &to.host
            && !node.hosts.contains(host)
        {
            node.hosts.push(host.clone());
        }
        if let Some(address) = to.address
            && !node.ips.contains(&address)
        {
            node.ips.push(address);
        }
        if let Some(port) = to.port
            && !node.ports.contains(&port)
        {
            node.ports.push(port);
        }
        // One name with several addresses is what a load balancer looks like from outside.
        if node.ips.len() > 1 {
            node.kind = Kind::LoadBalancer.into();
        }
        self.join(vantage, &id, protocol, to.port);
    }

    /// Draws whoever wrote a log, if need be, and what it says it called in turn.
    fn log(&mut self, host: Option<&str>, facts: &[Fact]) {
        let attempts =
            || facts.iter().filter_map(|fact| if let Claim::Attempt(one) = &fact.claim { Some(one) } else { None });
        let received = |one: &&Attempt| one.to.name.as_deref() == Some(Endpoint::SELF);
        let sent: Vec<&Attempt> = attempts().filter(|one| !received(one)).collect();
        // Whoever tells both of what came in and of what went out passes on what it is asked.
        let passes_on = !sent.is_empty()
            && facts.iter().any(|fact| match &fact.claim {
                Claim::Attempt(attempt) => received(&attempt),
                Claim::State(state) => state.observable == "proxy.reason",
                Claim::Lookup(_) | Claim::Span(_) | Claim::Series(_) => false,
            });
        let host = host.or_else(|| sent.iter().find_map(|one| one.from.name.as_deref()));
        // Whoever was called from outside and whoever tells of being called are one, as long as there is only one of each.
        let mut called =
            self.nodes.values().filter(|node| !matches!(node.kind.kind, Kind::Client | Kind::Dns | Kind::Firewall));
        let only = called.next().filter(|_| called.next().is_none()).map(|node| node.id.clone());
        let known = host.filter(|host| self.nodes.contains_key(*host)).map(str::to_owned);
        let Some(id) = known.or(only).or(host.map(str::to_owned)) else { return };
        let kind = if passes_on { Kind::Proxy } else { Kind::Service };
        let front = self.node(&id, kind);
        if !sent.is_empty() && matches!(front.kind.kind, Kind::Service | Kind::Client) {
            front.kind = kind.into();
        }
        if let Some(host) = host.filter(|host| *host != id && front.label.is_empty()) {
            host.clone_into(&mut front.label);
        }
        for attempt in sent {
            let mut to = attempt.to.clone();
            // haproxy names backend and server: `cache/cache93`.
            to.host = to.host.or(to.name.as_deref().and_then(|name| name.rsplit('/').next()).map(str::to_owned));
            self.target(&id, &to, attempt.protocol.as_deref());
        }
    }

    /// Leads the ways on which a rule lets nothing pass through the firewall that has the rule.
    fn gate(&mut self, rules: &[Fact]) {
        let shut = |edge: &Edge| {
            let target = self.nodes.get(&edge.to).filter(|target| target.kind.kind != Kind::Dns);
            let mut ips = target.into_iter().flat_map(|target| &target.ips);
            ips.any(|ip| rules.iter().any(|rule| shuts_out(rule, *ip, edge.port)))
        };
        let (shut, open): (Vec<Edge>, Vec<Edge>) = std::mem::take(&mut self.edges).into_iter().partition(shut);
        self.edges = open;
        for edge in shut {
            self.node("firewall", Kind::Firewall);
            self.join(&edge.from, "firewall", None, None);
            self.join("firewall", &edge.to, edge.protocol.as_deref(), edge.port);
        }
    }

    fn join(&mut self, from: &str, to: &str, protocol: Option<&str>, port: Option<u16>) {
        if from == to {
            return;
        }
        self.node(from, Kind::Client);
        match self.edges.iter_mut().find(|edge| edge.from == from && edge.to == to) {
            Some(edge) => {
                edge.protocol = edge.protocol.take().or(protocol.map(str::to_owned));
                edge.port = edge.port.or(port);
            }
            None => self.edges.push(Edge {
                from: from.to_owned(),
                to: to.to_owned(),
                protocol: protocol.map(str::to_owned),
                port,
                attrs: BTreeMap::new(),
            }),
        }
    }

    /// Every edge was drawn with both its nodes, so the check cannot fail; were it to, nothing drawn is the honest answer.
    fn sketch(self) -> Sketch {
        Sketch::new(self.nodes.into_values().collect(), self.edges).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Origin;
    use crate::read::read;

    fn paste(text: &str) -> Evidence {
        Evidence { origin: Origin::default(), reading: read(text, None, None) }
    }

    #[test]
    fn a_paste_without_a_prompt_is_taken_to_come_from_the_only_machine_that_shows_one() {
        let sketch = draft(&[
            paste("*   Trying 203.0.113.74:80...\n* connect to 203.0.113.74 port 80 failed: Connection timed out\n"),
            paste(
                "root@ana-laptop:~# nc -vz 203.0.113.10 80\nConnection to 203.0.113.10 80 port [tcp/http] succeeded!\n",
            ),
        ]);
        let clients: Vec<&str> =
            sketch.nodes().iter().filter(|node| node.kind.kind == Kind::Client).map(Node::name).collect();
        assert_eq!(clients, ["ana-laptop"]);
    }

    #[test]
    fn the_only_machine_that_shows_a_prompt_is_another_where_it_tried_something_else_or_met_another_fate() {
        let asked = "*   Trying 10.104.3.4:8080...\n* Connected to loyalty.shop.example (10.104.3.4) port 8080 (#0)\n> GET /points/9 HTTP/1.1\n> \n< HTTP/1.1 503 SERVICE UNAVAILABLE\n< \n";
        let counted = "root@dba-ws:~# psql -h 10.104.5.5 -U app shop -c 'select count(*) from items'\n count \n-------\n   500\n(1 row)\n";
        let timed_out = "nc: connect to 10.104.5.5 port 5432 (tcp) timed out: Operation now in progress\n";
        let ways = |texts: &[&str]| {
            let sketch = draft(&texts.iter().map(|text| paste(text)).collect::<Vec<_>>());
            let kind = |id: &str| sketch.find(id).and_then(|ix| sketch.node(ix)).map(|node| node.kind.kind);
            assert_eq!(kind("10.104.5.5"), Some(Kind::Database));
            sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect::<Vec<_>>()
        };
        let two = ["client->loyalty.shop.example", "client->dns", "dba-ws->10.104.5.5"];
        assert_eq!(ways(&[asked, counted]), two);
        assert_eq!(ways(&[asked, counted, timed_out]), [&two[..], &["client->10.104.5.5"]].concat());
    }

    #[test]
    fn a_log_of_nobody_is_that_of_whoever_was_called_and_leads_on_to_what_it_called() {
        let sketch = draft(&[
            paste("$ curl -sS -o /dev/null -w '%{http_code}' http://203.0.113.93/photos/dent\n413\n"),
            paste(
                "Nov 28 09:05:13 entry-93 haproxy[18612]: 198.51.100.93:54274 [28/Nov/2026:09:05:13.538] fe cache/cache93 0/0/0/1/2 413 328 - - ---- 1/1/0/0/0 0/0 \"POST /photos/dent HTTP/1.1\"\n",
            ),
        ]);
        let ways: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
        assert_eq!(ways, ["client->203.0.113.93", "203.0.113.93->cache93"]);
        let front = sketch.find("203.0.113.93").and_then(|ix| sketch.node(ix)).unwrap();
        assert_eq!((front.kind.kind, front.name()), (Kind::Proxy, "entry-93"));
    }

    #[test]
    fn an_application_s_log_leads_on_to_the_database_it_could_not_reach() {
        let sketch = draft(&[
            paste(
                "*   Trying 10.83.2.10:80...\n* Connected to cart.shop.example (10.83.2.10) port 80 (#0)\n> GET /cart/77 HTTP/1.1\n> \n< HTTP/1.1 500 INTERNAL SERVER ERROR\n< \n",
            ),
            paste(
                "2026-11-21 01:52:51,737 ERROR [ThreadPoolExecutor-0_1] cart: GET /cart/77 failed: connection to server at \"10.83.5.5\", port 5432 failed: Connection refused\n",
            ),
        ]);
        let ways: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
        assert_eq!(ways, ["client->cart.shop.example", "client->dns", "cart.shop.example->10.83.5.5"]);
        let kind = |id: &str| sketch.find(id).and_then(|ix| sketch.node(ix)).unwrap().kind.kind;
        assert_eq!((kind("cart.shop.example"), kind("10.83.5.5")), (Kind::Service, Kind::Database));
    }

    #[test]
    fn a_proxy_that_was_asked_for_a_way_through_stands_before_whom_it_leads_to() {
        let sketch = draft(&[paste(
            "*   Trying 10.112.0.8:3128...\n* Connected to 10.112.0.8 (10.112.0.8) port 3128 (#0)\n* Establish HTTP proxy tunnel to sandbox.partner9.example:8443\n> CONNECT sandbox.partner9.example:8443 HTTP/1.1\n> Host: sandbox.partner9.example:8443\n> \n< HTTP/1.1 403 Forbidden\n< Server: squid/5.7\n< \n* CONNECT tunnel failed, response 403\ncurl: (56) CONNECT tunnel failed, response 403\n",
        )]);
        let ways: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
        assert_eq!(ways, ["client->10.112.0.8", "10.112.0.8->sandbox.partner9.example"]);
    }

    #[test]
    fn what_was_only_pinged_is_drawn_too() {
        let sketch = draft(&[paste(
            "PING 10.20.0.15 (10.20.0.15) 56(84) bytes of data.\n64 bytes from 10.20.0.15: icmp_seq=1 ttl=63 time=0.3 ms\n",
        )]);
        assert!(sketch.find("10.20.0.15").is_some());
    }

    #[test]
    fn rules_of_nobody_that_stop_what_failed_are_those_of_a_firewall_on_the_way() {
        let timed_out =
            "*   Trying 10.20.7.15:4001...\n* connect to 10.20.7.15 port 4001 failed: Connection timed out\n";
        let rules = |network: &str| {
            format!(
                "Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\nnum   pkts bytes target     prot opt in     out     source               destination\n12    4821  289K DROP       tcp  --  *      *       10.10.0.0/16         {network}         tcp dpt:4001\n"
            )
        };
        let ways = |network: &str| {
            let sketch = draft(&[paste(timed_out), paste(&rules(network))]);
            sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect::<Vec<_>>()
        };
        assert_eq!(ways("10.20.0.0/16"), ["client->firewall", "firewall->10.20.7.15"]);
        assert_eq!(ways("10.99.0.0/16"), ["client->10.20.7.15"]);
    }
}
