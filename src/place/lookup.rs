//! Places answers of name servers, and compares them with the drawing.

use std::net::IpAddr;

use super::alias::Alias;
use super::state::is_store;
use super::stores::is_called_a_replica;
use super::{Aim, Observation, Paste, Request, Sight, Tls, settings};
use crate::diagnosis::Seen;
use crate::fact::{Claim, Fact, Lookup, Outcome, Stage, Times};
use crate::sketch::{EdgeIx, Element, Kind, NodeIx, Sketch};

/// The next name server answers within so many seconds after the first was given up.
const PATIENCE_ENDS: f64 = 0.1;

/// Words in the names of stores that take writes.
const WRITES: &[&str] = &["rw", "primary", "master", "write", "writer"];

/// An answer that was compared with the drawing.
pub(super) struct Answer {
    server: NodeIx,
    name: String,
    asker: Option<NodeIx>,
    /// Its position among the observations.
    at: usize,
    /// The host was asked, which looks into its own files before it asks a name server.
    of_its_host: bool,
}

/// Leaves out that an address has no name: most have none, and only who receives mail minds.
pub(super) fn without_nameless(observations: &mut Vec<Observation>) {
    let minds = |one: &Observation| matches!(&one.sight, Sight::State { observable, .. } if observable == "mail.sender" || observable == "complaint");
    if observations.iter().any(minds) {
        return;
    }
    let is_nameless = |one: &Observation| {
        matches!(&one.sight, Sight::Request(Request { outcome: Outcome::Nxdomain | Outcome::NoData, subject, .. })
            if subject.ends_with(".arpa"))
    };
    observations.retain(|one| !is_nameless(one));
}

/// Says of the answers of one server that they differ, where it gives one caller the drawn addresses and another one others.
pub(super) fn compare(observations: &mut [Observation], answers: &[Answer], sketch: &Sketch) {
    let value = |observation: Option<&Observation>| match observation.map(|observation| &observation.sight) {
        Some(Sight::State { value, .. }) => value.clone(),
        _ => String::new(),
    };
    let values: Vec<String> = answers.iter().map(|answer| value(observations.get(answer.at))).collect();
    // Where the name server gives the same client what is drawn, what its host says otherwise comes from a file of its own. A hop between
    // others may be told the way in more places.
    let is_own = |answer: &Answer, said: &str| {
        let same = |other: &Answer| (other.asker, &other.name) == (answer.asker, &answer.name) && !other.of_its_host;
        let told_right = answers.iter().zip(&values).any(|(other, theirs)| same(other) && theirs == "as_drawn");
        let is_a_client = answer.asker.is_some_and(|asker| sketch.kind(asker) == Kind::Client);
        answer.of_its_host && said != "as_drawn" && told_right && is_a_client
    };
    let (own, answers): (Vec<_>, Vec<_>) = answers.iter().zip(&values).partition(|(answer, said)| is_own(answer, said));
    for (answer, said) in own {
        if let Some(asker) = answer.asker.filter(|_| said == "other") {
            settings::lead_astray(observations, asker, &answer.name, sketch);
        }
        if let Some(Observation { sight: Sight::State { at, .. }, .. }) = observations.get_mut(answer.at) {
            at.retain(|element| *element != Element::Node(answer.server));
        }
    }
    // A name server answers name by name: that one is told as drawn says nothing of one that is not.
    let is_another_name = |one: &Answer, said: &str| {
        let wrong = |name: bool| {
            answers.iter().any(|(other, theirs)| {
                other.server == one.server && (other.name == one.name) == name && *theirs == "other"
            })
        };
        said == "as_drawn" && wrong(false) && !wrong(true)
    };
    for (answer, _) in answers.iter().filter(|(answer, said)| is_another_name(answer, said)) {
        if let Some(Observation { sight: Sight::State { at, .. }, .. }) = observations.get_mut(answer.at) {
            at.clear();
        }
    }
    let differs = |one: &Answer, said: &str| {
        answers.iter().any(|(other, theirs)| {
            other.server == one.server && other.name == one.name && other.asker != one.asker && *theirs != said
        })
    };
    for (answer, said) in answers.iter().filter(|(answer, said)| differs(answer, said)) {
        if let Some(Observation { sight: Sight::State { value, .. }, says, .. }) = observations.get_mut(answer.at) {
            "differs".clone_into(value);
            says.push_str(if *said == "other" {
                "; another caller gets another answer"
            } else {
                "; not every caller gets it"
            });
        }
    }
}

/// The host of `dns record is MX 10 mx1.shop.example. at shop.example`, and its line.
pub(super) fn exchanger(fact: &Fact) -> Option<(u32, String)> {
    let Claim::State(state) = &fact.claim else { return None };
    let record = state.detail.strip_prefix("MX ").filter(|_| state.observable == "dns.record")?;
    let host = record.split_whitespace().nth(1)?;
    Some((fact.lines.first, host.trim_end_matches('.').to_owned()))
}

impl Paste<'_> {
    pub(super) fn lookup(&mut self, fact: &Fact, lookup: &Lookup) -> bool {
        if self.is_no_name(lookup) {
            return self.of_its_own_setting(fact, "upstream_invalid");
        }
        // What no name can hold has been put there by whoever asks: a password with an "@" in a URL, a variable that was not set.
        if let Some(asker) = self.vantage.filter(|_| lookup.name.contains(['@', '/', '$', '{', '}', '"', '\'', '%'])) {
            let at = vec![Element::Node(asker)];
            self.push(fact, 1, Sight::State { observable: "setting".to_owned(), value: "other".to_owned(), at });
            return true;
        }
        let Some(server) = self.name_server(lookup) else {
            return lookup.outcome == Outcome::Unresolved && self.of_its_own_setting(fact, "upstream_unresolved");
        };
        self.serial(fact, server, &lookup.name);
        // A name without an address of some other type than A is the rule, not a fault.
        let other_type = !matches!(lookup.record.as_str(), "" | "A" | "ANY");
        let outcome = if lookup.outcome == Outcome::NoData && other_type { Outcome::Ok } else { lookup.outcome };
        let outcome = match lookup.server {
            None => self.of_the_first(self.vantage, outcome, lookup.seconds),
            Some(_) => outcome,
        };
        let undrawn = lookup.server.is_some_and(|ip| !ip.is_loopback() && self.targets.by_address(ip).is_none());
        let known = self.targets.sketch.node(server).is_some_and(|node| !node.ips.is_empty());
        // Whom a forwarder hands a question on to, its own log tells. By hand anybody may be asked.
        if let Some(forwarder) =
            self.vantage.filter(|_| self.kind == "dnsmasq" && undrawn && known && !outcome.is_success())
        {
            let at = vec![Element::Node(forwarder)];
            self.push(fact, 1, Sight::State { observable: "nameserver".to_owned(), value: "other".to_owned(), at });
            return true;
        }
        let sketch = self.targets.sketch;
        let is_resolver = |ix: NodeIx| sketch.kind(ix) == Kind::Dns;
        // A server that resolvers ask hands out signatures that do not hold like any others: whoever resolves checks them.
        let resolves =
            self.vantage.is_some_and(is_resolver) || !sketch.callers(server).iter().any(|(_, ix)| is_resolver(*ix));
        let unchecked = self.command.contains("+cd") || outcome == Outcome::Ok && !resolves;
        let request = Request {
            from: self.vantage.filter(|vantage| *vantage != server),
            to: server,
            address: lookup.server,
            whole: false,
            port: None,
            tests: Stage::Resolve,
            tls: if unchecked { Tls::Unchecked } else { Tls::Checked },
            aim: if undrawn && known { Aim::Astray } else { self.targets.aim_of_name(&lookup.name) },
            resolved: false,
            outcome,
            times: Times::default(),
            manner: self.manner_of_name(&lookup.name),
            subject: lookup.name.clone(),
            spoke: None,
            logged: false,
        };
        self.push(fact, 1, Sight::Request(request));
        if let Some(last) = lookup.leads_nowhere().filter(|_| outcome == Outcome::Ok) {
            let seen = Seen { evidence: self.evidence, lines: fact.lines };
            self.notes.aliases.push(Alias { giver: server, leads_to: last.clone(), seen });
        }
        if let Some(value) = self.compared(fact, lookup) {
            // getent asks the host's own files before any name server.
            let at = match self.vantage {
                Some(vantage) if self.kind == "getent" => vec![Element::Node(server), Element::Node(vantage)],
                _ => vec![Element::Node(server)],
            };
            self.notes.answers.push(Answer {
                server,
                name: lookup.name.clone(),
                asker: self.vantage,
                at: self.placed.observations.len(),
                of_its_host: self.kind == "getent",
            });
            self.push(fact, 1, Sight::State { observable: "dns.answer".to_owned(), value: value.to_owned(), at });
        }
        true
    }

    /// What a wait for a name says of the first of several name servers: resolvers wait whole seconds for one (resolv.conf's `timeout`)
    /// before they ask the next.
    pub(super) fn of_the_first(&self, asker: Option<NodeIx>, outcome: Outcome, seconds: Option<f64>) -> Outcome {
        let several = asker.is_some_and(|asker| self.targets.routes.resolvers(asker).len() > 1);
        let whole = seconds.is_some_and(|seconds| seconds >= 1.0 && seconds.fract() < PATIENCE_ENDS);
        if several && whole && outcome.is_success() { Outcome::DnsTimeout } else { outcome }
    }

    /// What a proxy says of the upstream it is told to use is about its own setting.
    fn of_its_own_setting(&mut self, fact: &Fact, reason: &str) -> bool {
        let Some(proxy) = self.front().filter(|ix| self.targets.sketch.kind(*ix).answers_for_others()) else {
            return false;
        };
        let at = vec![Element::Node(proxy)];
        self.push(fact, 1, Sight::State { observable: "proxy.reason".to_owned(), value: reason.to_owned(), at });
        true
    }

    /// Whether something is glued to the address or name of an upstream, as a `ProxyPass` without its last slash does:
    /// `10.112.9.4:8080cart`, `shop.internalcart`.
    fn is_no_name(&self, lookup: &Lookup) -> bool {
        let (host, port) = lookup.name.split_once(':').unwrap_or((&lookup.name, ""));
        let begins_with_digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        if lookup.outcome != Outcome::Unresolved || begins_with_digits(port) {
            return begins_with_digits(port) && port.parse::<u16>().is_err();
        }
        let drawn = self.targets.sketch.nodes().iter().flat_map(|node| {
            node.hosts.iter().cloned().chain(node.ips.iter().filter(|ip| ip.is_ipv4()).map(ToString::to_string))
        });
        let glued = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.contains('.');
        port.is_empty() && drawn.into_iter().any(|known| host.strip_prefix(known.as_str()).is_some_and(glued))
    }

    /// The server that was asked: by its address, or the one the vantage point asks.
    fn name_server(&self, lookup: &Lookup) -> Option<NodeIx> {
        let sketch = self.targets.sketch;
        let asked = lookup.server.and_then(|ip| self.targets.by_address(ip)).filter(|ix| sketch.kind(*ix) == Kind::Dns);
        asked
            .or_else(|| {
                let vantage = self.vantage?;
                self.targets.routes.resolvers(vantage).first().map(|(_, resolver)| *resolver)
            })
            .or_else(|| {
                let mut all = sketch.node_indices().filter(|ix| sketch.kind(*ix) == Kind::Dns);
                all.next().filter(|_| all.next().is_none())
            })
    }

    /// Whether those who receive the mail of a domain are the drawn ones that the one who asks sends it to.
    fn receives_mail(&self, exchangers: &[&String]) -> Option<&'static str> {
        exchangers.first()?;
        let sketch = self.targets.sketch;
        let sends = |edge: &EdgeIx| {
            let edge = sketch.edge(*edge);
            edge.is_some_and(|edge| edge.protocol.as_deref() == Some("smtp") || edge.port == Some(25))
        };
        let called = self.targets.routes.dependencies(self.vantage?).into_iter().filter(|(edge, _)| sends(edge));
        let mut hosts = called.filter_map(|(_, ix)| sketch.node(ix)).flat_map(|node| &node.hosts).peekable();
        hosts.peek()?;
        let is_drawn = hosts.any(|host| exchangers.iter().any(|one| one.eq_ignore_ascii_case(host)));
        Some(if is_drawn { "as_drawn" } else { "other" })
    }

    /// Whether a name that no hop is drawn under (`db-rw` beside `db-1` and `db-2`) leads to a store other than the one who asks is drawn to
    /// use, or one for writing to a store that is called a replica.
    fn leads_to_another_store(&self, lookup: &Lookup) -> bool {
        let sketch = self.targets.sketch;
        let stores = self.vantage.map(|asker| self.stores_of(asker)).unwrap_or_default();
        let label = lookup.name.split('.').next().unwrap_or_default();
        let for_writing = label.split(['-', '_']).any(|word| WRITES.contains(&word));
        let another = |ip: &IpAddr| {
            self.targets.by_address(*ip).is_some_and(|ix| {
                let hosts = sketch.node(ix).map(|node| node.hosts.as_slice()).unwrap_or_default();
                let is_own = hosts.is_empty() || hosts.iter().any(|host| host.eq_ignore_ascii_case(&lookup.name));
                let misplaced = !stores.contains(&ix) || for_writing && is_called_a_replica(sketch.node(ix));
                is_store(sketch.kind(ix)) && !is_own && misplaced
            })
        };
        !stores.is_empty() && lookup.addresses.iter().all(another)
    }

    /// What an answer is worth to the one who asked: `private` addresses are of no use to a client on the internet.
    fn compared(&self, fact: &Fact, lookup: &Lookup) -> Option<&'static str> {
        if lookup.record == "MX" {
            let of_it = self.exchangers.iter().filter(|(line, _)| (fact.lines.first..=fact.lines.last).contains(line));
            return self.receives_mail(&of_it.map(|(_, host)| host).collect::<Vec<_>>());
        }
        if lookup.addresses.is_empty() {
            return None;
        }
        let sketch = self.targets.sketch;
        let asker: Vec<IpAddr> =
            self.vantage.and_then(|ix| sketch.node(ix)).map(|node| node.ips.clone()).unwrap_or_default();
        let outside = !asker.is_empty() && asker.iter().all(|ip| !is_private(*ip));
        if outside && lookup.addresses.iter().all(|ip| is_private(*ip)) {
            return Some("private");
        }
        if self.leads_to_another_store(lookup) {
            return Some("other");
        }
        let drawn = self.targets.by_host(&lookup.name).and_then(|ix| sketch.node(ix))?;
        if drawn.ips.is_empty() {
            return None;
        }
        let known = lookup.addresses.iter().filter(|ip| drawn.ips.contains(ip)).count();
        Some(if known == lookup.addresses.len() { "as_drawn" } else { "other" })
    }
}

/// Addresses that the internet does not route: RFC 1918, RFC 6598, RFC 4193, loopback and link-local.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Diagnosis, Verdict};
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Edge, Kind, Node, Sketch};

    fn diagnosed(pastes: &[(&str, &str)]) -> Diagnosis {
        let node = |id: &str, kind: Kind, ip: &str| Node { ips: vec![ip.parse().unwrap()], ..Node::new(id, kind) };
        let nodes = vec![
            node("seven", Kind::Client, "10.52.7.7"),
            node("eight", Kind::Client, "10.52.7.8"),
            node("ns", Kind::Dns, "10.52.0.2"),
            Node { hosts: vec!["control.shop.example".to_owned()], ..node("ctl", Kind::Service, "10.52.3.41") },
        ];
        let edge = |from: &str, to: &str| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            protocol: None,
            port: None,
            attrs: Default::default(),
        };
        let edges = ["seven", "eight"].iter().flat_map(|from| [edge(from, "ns"), edge(from, "ctl")]).collect();
        let sketch = Sketch::new(nodes, edges).unwrap();
        let paste = |(vantage, text): &(&str, &str)| Evidence {
            origin: Origin { vantage: Some((*vantage).to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let evidence: Vec<Evidence> = pastes.iter().map(paste).collect();
        diagnose(&sketch, &evidence, &Shelf::shipped().0)
    }

    #[test]
    fn what_a_host_says_otherwise_than_its_name_server_is_the_hosts_own() {
        let wrong = "$ getent ahostsv4 control.shop.example\n10.52.3.14      STREAM control.shop.example\n10.52.3.14      DGRAM  \n";
        let right = wrong.replace("10.52.3.14", "10.52.3.41");
        let file = "$ cat /etc/hosts\n127.0.0.1 localhost\n10.52.3.14 control.shop.example\n";
        let asked = "$ dig +noall +answer control.shop.example @10.52.0.2\ncontrol.shop.example. 0 IN A 10.52.3.41\n";
        let first = |pastes: &[(&str, &str)]| diagnosed(pastes).elements.first().map(|one| one.element.clone());
        assert_eq!(
            first(&[("seven", wrong), ("seven", asked), ("seven", file), ("eight", &right)]).as_deref(),
            Some("seven")
        );
        assert_eq!(first(&[("seven", wrong), ("seven", asked), ("eight", &right)]).as_deref(), Some("seven"));
        assert_eq!(first(&[("seven", wrong), ("eight", &right)]).as_deref(), Some("ns"));
    }

    #[test]
    fn a_name_that_leads_to_the_standby_is_the_name_servers() {
        let db = |id: &str, ip: &str| Node {
            hosts: vec![format!("{id}.cellar.example")],
            ips: vec![ip.parse().unwrap()],
            ports: vec![5432],
            ..Node::new(id, Kind::Database)
        };
        let app = Node { ips: vec!["10.175.3.9".parse().unwrap()], ..Node::new("app", Kind::Service) };
        let nodes = vec![app, Node::new("ns", Kind::Dns), db("pg-1", "10.175.5.11"), db("pg-2", "10.175.5.12")];
        let edge = |from: &str, to: &str| Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            protocol: None,
            port: None,
            attrs: Default::default(),
        };
        let edges = vec![edge("app", "ns"), edge("app", "pg-1"), edge("pg-1", "pg-2")];
        let sketch = Sketch::new(nodes, edges).unwrap();
        let log = "$ tail -n 1 /var/log/app.log\n2026-11-29 06:28:04,519 ERROR [main] cellar: POST /wheels failed: cannot execute INSERT in a read-only transaction\n";
        let asked = |rw: &str| {
            format!(
                "$ dig +noall +answer pg-rw.cellar.example pg-1.cellar.example\npg-rw.cellar.example.\t60\tIN\tA\t{rw}\npg-1.cellar.example.\t60\tIN\tA\t10.175.5.11\n"
            )
        };
        let first = |rw: &str| {
            let paste = |text: &str| Evidence {
                origin: Origin { vantage: Some("app".to_owned()), ..Origin::default() },
                reading: read(text, None, None),
            };
            let diagnosis = diagnose(&sketch, &[paste(log), paste(&asked(rw))], &Shelf::shipped().0);
            diagnosis.elements.first().map(|one| one.element.clone())
        };
        assert_eq!(first("10.175.5.12").as_deref(), Some("ns"));
        assert_ne!(first("10.175.5.11").as_deref(), Some("ns"));
    }

    #[test]
    fn that_an_address_has_no_name_is_no_fault() {
        let nameless = "$ nslookup 10.52.3.41\n** server can't find 41.3.52.10.in-addr.arpa: NXDOMAIN\n";
        let mail = "$ host -t mx control.shop.example\ncontrol.shop.example has no MX record\n";
        let works = "$ nc -vz 10.52.3.41 80\nConnection to 10.52.3.41 80 port [tcp/http] succeeded!\n";
        let diagnosis = diagnosed(&[("seven", nameless), ("seven", mail), ("seven", works)]);
        assert_eq!(diagnosis.verdict, Verdict::NothingWrong, "{}", diagnosis.headline);
    }
}
