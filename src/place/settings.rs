//! Compares a hop's own settings with the drawing: whom it is told to send its requests to, and where it is told to listen.
//!
//! ```text
//! web$ grep proxy_pass /etc/nginx/conf.d/shop.conf     proxy_pass http://10.20.3.7:8080;     (and the shop is drawn at 10.20.3.8)
//! ```
//!
//! Settings name more than anybody draws. Only what stands in the place of a drawn callee that no other line names is taken for that one.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::listener::expected_ports;
use super::target::is_slip;
use super::{Aim, Observation, Paste, Sight, peers};
use crate::diagnosis::Seen;
use crate::fact::{Claim, Endpoint, Fact, Stage, State};
use crate::sketch::{EdgeIx, Element, NodeIx, Sketch};

/// Who is told to send its requests for whom somewhere else, and whether by all that its settings say of that one.
pub(super) type Misled = BTreeMap<(NodeIx, NodeIx), bool>;

/// The observable of a setting that was compared with the drawing.
pub(super) const SETTING: &str = "setting";

/// Whether a state tells of a setting, and so is placed here.
pub(super) fn is_setting(state: &State) -> bool {
    matches!(state.observable.as_str(), "target" | "listening")
}

pub(super) fn place(paste: &mut Paste, facts: &[Fact]) {
    let Some(node) = paste.vantage else { return };
    let of = |observable: &str| -> Vec<(&Fact, &State)> {
        let states = facts.iter().filter_map(|fact| match &fact.claim {
            Claim::State(state) => Some((fact, state)),
            _ => None,
        });
        states.filter(|(_, state)| state.observable == observable).collect()
    };
    let (mut set, listening) = (of("target"), of("listening"));
    let rules = forwarded(paste, node, &of("nat.rule"));
    set.extend(rules.iter().map(|(fact, state)| (*fact, state)));
    let routes = paste.targets.routes;
    let called = routes.dependencies(node);
    let leads = |state: &State| paste.targets.endpoint(&state.of, Some(node));
    let named: Vec<NodeIx> = set.iter().filter_map(|(_, state)| leads(state)).collect();
    let mut found: Vec<(&Fact, NodeIx, bool)> = Vec::new();
    for (fact, state) in &set {
        let to = leads(state);
        let direct = called.iter().find(|(_, callee)| Some(*callee) == to);
        let judged = match (direct, to) {
            (Some((edge, callee)), _) => {
                let ports = ports(paste, *edge, *callee);
                Some((*callee, state.of.port.is_none_or(|port| ports.is_empty() || ports.contains(&port))))
            }
            // By its own name from outside.
            (None, Some(to)) if to != node && routes.shortest(to, node).is_some() => None,
            (None, to) => {
                let only = if set.len() == 1 && paste.targets.sketch.kind(node).answers_for_others() {
                    called.len() == 1
                } else {
                    false
                };
                let mut meant = called.iter().filter(|(edge, callee)| {
                    !named.contains(callee) && is_instead(paste, &state.of, (*edge, *callee), only, to == Some(node))
                });
                meant.next().filter(|_| meant.next().is_none()).map(|(_, callee)| (*callee, false))
            }
        };
        found.extend(judged.map(|(callee, right)| (*fact, callee, right)));
    }
    let told = |(fact, callee, _): &(&Fact, NodeIx, bool)| {
        let Claim::State(state) = &fact.claim else { return None };
        let seen = Seen { evidence: paste.evidence, lines: fact.lines };
        Some(peers::Told { node, name: state.detail.clone(), callee: *callee, seen })
    };
    paste.notes.told.extend(found.iter().filter_map(told));
    for (_, callee, right) in &found {
        let all = paste.notes.misled.entry((node, *callee)).or_insert(true);
        *all &= !right;
    }
    // That it knows the right way to one says nothing where the way to another is wrong.
    let wrong = found.iter().any(|(_, _, right)| !right);
    for (fact, callee, right) in found.into_iter().filter(|(_, _, right)| !wrong || !right) {
        let value = if right { "as_drawn" } else { "other" }.to_owned();
        let at = vec![Element::Node(node)];
        paste.push(fact, 1, Sight::State { observable: SETTING.to_owned(), value, at });
        let name = paste.targets.sketch.node(callee).map(|node| node.name()).unwrap_or_default();
        if let Some(observation) = paste.placed.observations.last_mut().filter(|_| !right) {
            observation.says.push_str(&format!(", and {name} is drawn elsewhere"));
        }
    }
    listens(paste, node, &listening);
}

/// What fails by the log of a hop whose settings lead elsewhere has failed there, if the log names no port that tells otherwise:
/// `records/records-1` is wherever the line `server records-1` has it.
pub(super) fn compare(observations: &mut [Observation], misled: &Misled) {
    for observation in observations {
        let Sight::Request(request) = &mut observation.sight else { continue };
        let told = request.from.and_then(|from| misled.get(&(from, request.to))).is_some_and(|all| *all);
        if told && request.port.is_none() && !request.logged && !request.outcome.is_success() {
            request.aim = Aim::Astray;
        }
    }
}

/// What failed of a client's requests by a name that its own files lead elsewhere has failed there, where no address tells otherwise.
pub(super) fn lead_astray(observations: &mut [Observation], client: NodeIx, name: &str, sketch: &Sketch) {
    let is_called = |to: NodeIx| sketch.node(to).is_some_and(|node| node.hosts.iter().any(|host| host == name));
    for observation in observations {
        let Sight::Request(request) = &mut observation.sight else { continue };
        let by_name = request.from == Some(client) && request.address.is_none() && is_called(request.to);
        if by_name && request.tests != Stage::Resolve && !request.outcome.is_success() {
            request.aim = Aim::Astray;
        }
    }
}

/// Where the rules of a hop between others send what is asked of it: `PREROUTING: to 10.30.5.4:80`. A host of containers has such rules for
/// its own.
fn forwarded<'a>(paste: &Paste, node: NodeIx, rules: &[(&'a Fact, &State)]) -> Vec<(&'a Fact, State)> {
    let kind = paste.targets.sketch.kind(node);
    if !kind.answers_for_others() && !kind.only_forwards() {
        return Vec::new();
    }
    let own = paste.targets.sketch.node(node).map(|node| node.ips.clone()).unwrap_or_default();
    let asked_of_it = |state: &State| state.of.address.is_none_or(|ip| own.contains(&ip));
    let mut sent = Vec::new();
    for (fact, rule) in rules.iter().filter(|(_, rule)| rule.value == "dnat" && asked_of_it(rule)) {
        let Some((_, to)) = rule.detail.split_once(": to ") else { continue };
        let of = match to.parse::<SocketAddr>() {
            Ok(to) => Endpoint::at(to.ip(), Some(to.port())),
            Err(_) => Endpoint { address: to.parse().ok(), port: rule.of.port, ..Endpoint::default() },
        };
        if of.address.is_some() {
            sent.push((*fact, State { of, ..(*rule).clone() }));
        }
    }
    sent
}

/// A hop that is told to listen for itself only, or on none of the ports its callers use.
fn listens(paste: &mut Paste, node: NodeIx, set: &[(&Fact, &State)]) {
    let expected = expected_ports(paste, node);
    let sketch = paste.targets.sketch;
    let own = sketch.node(node).map(|node| node.ips.clone()).unwrap_or_default();
    let callers = paste.targets.routes.callers(node);
    // Whoever is drawn on the same host reaches it there.
    let shares = |ix: NodeIx| sketch.node(ix).is_some_and(|other| other.ips.iter().any(|ip| own.contains(ip)));
    let is_local = own.iter().any(|ip| ip.is_loopback()) || callers.iter().any(|(_, caller)| shares(*caller));
    let Some((first, _)) = set.first().filter(|_| !expected.is_empty() && !callers.is_empty() && !is_local) else {
        return;
    };
    let concerns = |state: &State| state.of.port.is_none_or(|port| expected.contains(&port));
    let concerning: Vec<&(&Fact, &State)> = set.iter().filter(|(_, state)| concerns(state)).collect();
    let (fact, value) = match concerning.first() {
        None => (*first, "none"),
        Some((fact, _)) if concerning.iter().all(|(_, state)| state.value == "loopback") => (*fact, "loopback"),
        Some(_) => return,
    };
    let at = vec![Element::Node(node)];
    paste.push(fact, 1, Sight::State { observable: "listener".to_owned(), value: value.to_owned(), at });
}

fn ports(paste: &Paste, edge: EdgeIx, callee: NodeIx) -> Vec<u16> {
    let sketch = paste.targets.sketch;
    let of_node = sketch.node(callee).map(|node| node.ports.clone()).unwrap_or_default();
    of_node.into_iter().chain(sketch.edge(edge).and_then(|edge| edge.port)).collect()
}

/// Whether a setting stands where the address of this callee should: on its port, or almost under its name, but somewhere else.
fn is_instead(paste: &Paste, to: &Endpoint, (edge, callee): (EdgeIx, NodeIx), only: bool, own: bool) -> bool {
    let Some(drawn) = paste.targets.sketch.node(callee) else { return false };
    let slip = to.host.as_deref().is_some_and(|host| drawn.hosts.iter().any(|name| is_slip(name, host)));
    let elsewhere = match &to.host {
        // Only where a name server told of the name is it known whether it leads there.
        Some(host) if !own => {
            let mut told = paste.told.iter().filter(|(name, _)| name == host).peekable();
            told.peek().is_some() && told.all(|(_, ip)| !drawn.ips.contains(ip))
        }
        _ => true,
    };
    let on_its_port = to.port.is_some_and(|port| ports(paste, edge, callee).contains(&port));
    slip || (elsewhere && !drawn.ips.is_empty() && (on_its_port || only))
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Diagnosis;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    fn diagnosed(drawn: &str, pastes: &[(&str, &str)]) -> Diagnosis {
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |(vantage, text): &(&str, &str)| Evidence {
            origin: Origin { vantage: Some((*vantage).to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        diagnose(&sketch, &pastes.iter().map(paste).collect::<Vec<_>>(), &Shelf::shipped().0)
    }

    fn first(diagnosis: &Diagnosis) -> (&str, f64) {
        diagnosis.elements.first().map(|one| (one.element.as_str(), one.probability)).unwrap_or_default()
    }

    const SHOP: &str = "buyer(client)[10.1.0.9] -> web(proxy)[10.1.0.2]:80 -> shop(service)[10.1.0.5]:8080";
    const FAILS: &str = "$ curl -s -o /dev/null -w '%{http_code}\\n' http://10.1.0.2/\n502\n";

    #[test]
    fn an_upstream_that_is_not_the_drawn_one_accuses_whoever_is_told_it() {
        let set = |to: &str| {
            format!("$ grep -rn proxy_pass /etc/nginx\n/etc/nginx/conf.d/a.conf:7:    proxy_pass http://{to};\n")
        };
        let of = |to: &str| diagnosed(SHOP, &[("buyer", FAILS), ("web", &set(to))]);
        for wrong in ["10.1.0.50:8080", "10.1.0.5:8081"] {
            let told = of(wrong);
            assert!(first(&told).0 == "web" && first(&told).1 > 0.7, "{wrong}: {:?}", first(&told));
        }
        let right = of("10.1.0.5:8080");
        assert!(first(&right).0 != "web" || first(&right).1 < 0.5, "{:?}", first(&right));
    }

    #[test]
    fn a_rule_that_forwards_to_another_address_accuses_the_hop_that_has_it() {
        let drawn = "out(client)[198.51.100.7] -> gw(gateway)[203.0.113.9]:7443 -> ctl(service)[10.1.0.31]:7443";
        let fails =
            "$ nc -v -w 4 203.0.113.9 7443\nnc: connect to 203.0.113.9 port 7443 (tcp) failed: Connection refused\n";
        let rule = |to: &str| {
            format!(
                "$ iptables -t nat -S PREROUTING\n-P PREROUTING ACCEPT\n-A PREROUTING -d 203.0.113.9/32 -p tcp -m tcp --dport 7443 -j DNAT --to-destination {to}:7443\n"
            )
        };
        let of = |to: &str| diagnosed(drawn, &[("out", fails), ("gw", &rule(to))]);
        let told = of("10.1.0.30");
        assert!(first(&told).0 == "gw" && first(&told).1 > 0.6, "{:?}", first(&told));
        let right = of("10.1.0.31");
        assert!(first(&right).0 != "gw" || first(&right).1 < 0.5, "{:?}", first(&right));
    }

    #[test]
    fn what_its_log_tells_of_a_server_is_told_of_wherever_its_settings_have_that_server() {
        let drawn = "user(client) -> lb(load_balancer)[10.134.2.2]:80 -> records(service)[10.134.3.11]:9080";
        let log = |port: u16| {
            format!(
                "$ tail -n 1 /var/log/haproxy/haproxy.log; grep -A2 '^backend' /etc/haproxy/haproxy.cfg\n\
                 Nov 29 11:49:54 lb haproxy[2656]: 10.134.1.5:57192 [29/Nov/2026:11:49:51.817] fe records/records-1 0/0/-1/-1/3004 503 217 - - SC-- 1/1/0/0/3 0/0 \"GET /patients/311 HTTP/1.1\"\n\
                 backend records\n option httpchk GET /healthz\n server records-1 10.134.3.11:{port} check port 9081 inter 500\n"
            )
        };
        let other = diagnosed(drawn, &[("lb", &log(8080))]);
        assert!(first(&other).0 == "lb" && first(&other).1 > 0.7, "{:?}", first(&other));
        assert_ne!(first(&diagnosed(drawn, &[("lb", &log(9080))])).0, "lb");
    }

    #[test]
    fn settings_of_what_is_not_drawn_accuse_nobody() {
        let set =
            "$ env\nSHOP_URL=http://10.1.0.5:8080/\nMAIL_HOST=10.1.0.77\nMAIL_PORT=8080\nPUBLIC=https://shop.example\n";
        let told = diagnosed(SHOP, &[("web", set)]);
        let blamed = told.suspects.iter().flat_map(|one| &one.because).any(|one| one.says.contains("drawn elsewhere"));
        assert!(!blamed, "{:?}", told.suspects);
    }

    #[test]
    fn a_program_that_keeps_the_address_it_started_with_is_at_fault_where_the_name_leads_elsewhere_by_now() {
        let drawn = "board(service)[10.1.2.3]\nns(dns)[10.1.0.2]:53\nold(service)[10.1.5.21]:8080\n\
                     api(service)[10.1.7.31, api.port.example]:8080\nboard -> ns\nboard -> old\nboard -> api";
        let log = |named: &str| {
            format!(
                "$ tail -n 3 /var/log/board.log\n2026-11-29 13:35:31,761 INFO sync: starting, endpoint api.port.example:8080 resolved to {named}\n\
                 2026-11-29 13:35:40,769 ERROR sync: failed (10.1.5.21:8080): [Errno 111] Connection refused\n\
                 2026-11-29 13:35:42,769 ERROR sync: failed (10.1.5.21:8080): [Errno 111] Connection refused\n"
            )
        };
        let now =
            "$ getent ahostsv4 api.port.example\n10.1.7.31      STREAM api.port.example\n10.1.7.31      DGRAM  \n";
        let works = "$ curl -s -o /dev/null -w '%{http_code}\\n' http://api.port.example:8080/\n200\n";
        let of = |named: &str| diagnosed(drawn, &[("board", &log(named)), ("board", now), ("board", works)]);
        let kept = of("10.1.5.21");
        assert!(first(&kept).0 == "board" && first(&kept).1 > 0.6, "{:?}", kept.elements);
        assert_eq!(first(&of("10.1.7.31")).0, "old");
    }

    #[test]
    fn a_program_told_to_listen_for_itself_only_is_not_reached() {
        let set = "$ grep -n bind /etc/shop.conf\n3:bind = 127.0.0.1:8080\n";
        assert_eq!(first(&diagnosed(SHOP, &[("buyer", FAILS), ("shop", set)])).0, "shop");
    }
}
