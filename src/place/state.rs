//! Places states: at the node they name, at the host they were read on, or, for a health check, as a request.

use super::listener::{expected_ports, is_listing};
use super::settings::is_setting;
use super::{Aim, Change, Paste, Request, Sight, Tls, clock, serial, tunnel, twice};
use crate::fact::{Fact, Outcome, Stage, State, Times};
use crate::moment::moment;
use crate::sketch::{EdgeIx, Element, Kind, NodeIx};

impl Paste<'_> {
    pub(super) fn state(&mut self, fact: &Fact, state: &State) -> bool {
        if is_listing(state) || is_setting(state) {
            return self.vantage.is_some();
        }
        if tunnel::is_list(state) {
            return tunnel::place(self, fact, state);
        }
        if state.observable == "change" {
            return self.change(fact, state);
        }
        if state.observable == "rp_filter" || self.is_shared(fact, state) {
            return true;
        }
        if state.observable == "restart" {
            return self.restart(fact, state);
        }
        if state.observable == "intent" {
            return self.intent(state);
        }
        if state.value == "without_its_port" && self.is_about_another_port(&state.detail) {
            return true;
        }
        if state.observable == "server.check" {
            return self.health_check(fact, state);
        }
        if state.observable == "lb.queue" && state.of.name.as_deref().is_some_and(|name| name.contains('/')) {
            return self.queue(fact, state);
        }
        if state.observable == "db.blocker" {
            return self.blocker(fact, state);
        }
        if state.observable == "firewall.rule" {
            return self.rule(fact, state);
        }
        // Only a person calls a way or one address of a hop by its name: `web->db`, `lb#10.20.0.11`.
        let called = state.of.name.as_deref().and_then(|name| self.targets.sketch.element(name));
        if let Some(element @ (Element::Edge(_) | Element::Address(..))) = called {
            let (observable, value) = (state.observable.clone(), state.value.clone());
            self.push(fact, 1, Sight::State { observable, value, at: vec![element] });
            return true;
        }
        if state.observable == "tcp.connect" && state.value == "failed" {
            return self.connection(fact, state, Stage::Connect, Outcome::Unconnected);
        }
        if state.observable.starts_with("dnssec.") {
            return self.of_a_zone(fact, state);
        }
        self.soa = serial::of(state).map(|serial| (fact.lines, serial)).or(self.soa.take());
        if state.observable == "path.delay" {
            return self.delay(fact, state);
        }
        if state.observable == "hosts.file" {
            return self.hosts_file(fact, state);
        }
        if state.observable == "nameserver" {
            return self.told_to_ask(fact, state);
        }
        if state.observable == "complaint" && self.kind == "openssl" && self.command.contains("-noservername") {
            self.assume("Whoever names no server is shown the certificate that stands first: what is wrong with that one concerns nobody who names it.".to_owned());
            return true;
        }
        let judged = self.judged(state);
        let state = judged.as_ref().unwrap_or(state);
        self.notes.clocks.extend(clock::Reading::of(state, fact, self.evidence, self.origin));
        self.notes.held.extend(twice::Held::of(state, fact, self.evidence, self.vantage));
        let named = self.targets.endpoint(&state.of, self.vantage).or_else(|| {
            self.targets.by_program(state.of.name.as_deref().filter(|_| state.observable == "worker.pool")?)
        });
        let on_the_way = matches!(state.observable.as_str(), "ping" | "ping.large" | "path" | "path.loss")
            || (state.observable == "neighbor" && state.value == "two_hosts");
        let named = named.or_else(|| {
            self.targets.workload(state.of.name.as_deref()?).filter(|_| is_of_a_cluster(&state.observable))
        });
        let alike = match named {
            Some(_) => Vec::new(),
            None => self.targets.alike(&state.of),
        };
        let at = match (named, self.vantage) {
            // A loop over several targets, of which the text does not say which one it speaks of.
            (None, _) if !alike.is_empty() => alike.into_iter().map(Element::Node).collect(),
            // What is read off a certificate says something of whoever showed it, and a rule about pings of whoever is pinged: not of who
            // looked.
            (None, _) if of_another(&state.observable) && !state.of.is_empty() => return false,
            // Nor is it the store's own doing that a client which is not drawn empties it.
            (None, _) if state.observable == "store.emptied" => return false,
            // Only a job has runs.
            (named, vantage)
                if state.observable == "job.errors"
                    && named.or(vantage.filter(|_| state.of.is_empty())).map(|ix| self.targets.sketch.kind(ix))
                        != Some(Kind::Job) =>
            {
                return true;
            }
            // Who says that it does not let something through is the one that does not.
            (Some(node), Some(vantage)) if on_the_way && self.refuser(state, vantage, node).is_some() => {
                self.refuser(state, vantage, node).map(|router| self.around(router, vantage, node)).unwrap_or_default()
            }
            // It came as far as the hop that says it cannot be brought any further, or behind which packets begin to be lost.
            (Some(node), Some(vantage)) if on_the_way && self.last_good(state, vantage, node).is_some() => {
                let last = self.last_good(state, vantage, node).unwrap_or(node);
                let way = self.targets.routes.shortest(last, node).unwrap_or_default();
                let next = way.first().map(|(edge, next)| [Element::Edge(*edge), Element::Node(*next)]);
                next.into_iter().flatten().chain([Element::Node(last)]).collect()
            }
            // Who has a route that lets nothing through is the one that does not.
            (_, Some(vantage))
                if state.observable == "route"
                    && matches!(state.value.as_str(), "prohibit" | "unreachable" | "blackhole") =>
            {
                vec![Element::Node(vantage)]
            }
            // A table of routes is its host's own, whomever it leads to.
            (Some(node), Some(vantage)) if state.observable == "route" && node != vantage => {
                let way = self.targets.routes.shortest(vantage, node).unwrap_or_default();
                let first = way.first().map(|(edge, _)| Element::Edge(*edge));
                std::iter::once(Element::Node(vantage)).chain(first).collect()
            }
            (Some(node), Some(vantage)) if on_the_way => {
                // Echoes go to and fro: over a way that is drawn to whoever sends them as well as over one from it.
                let routes = self.targets.routes;
                let way = routes.shortest(vantage, node).or_else(|| routes.shortest(node, vantage));
                let mut at: Vec<Element> =
                    way.unwrap_or_default().iter().map(|(edge, _)| Element::Edge(*edge)).collect();
                at.push(Element::Node(node));
                at.extend(state.of.address.map(|ip| Element::Address(node, ip)));
                at
            }
            // Nobody answers for an address: its host is gone, or who asked is on the wrong network.
            (Some(node), Some(vantage)) if state.observable == "neighbor" && state.value == "failed" => {
                let mut at = vec![Element::Node(node), Element::Node(vantage)];
                at.extend(self.targets.sketch.edge_between(vantage, node).map(Element::Edge));
                at.extend(state.of.address.map(|ip| Element::Address(node, ip)));
                at
            }
            (Some(node), _) => match state.of.address {
                Some(ip) => vec![Element::Address(node, ip), Element::Node(node)],
                None => vec![Element::Node(node)],
            },
            (None, _) if on_the_way => return false,
            (None, _) if is_of_a_store(&state.observable) && !self.mentioned_stores().is_empty() => {
                self.mentioned_stores()
            }
            (None, Some(vantage))
                if is_of_a_store(&state.observable) && !is_store(self.targets.sketch.kind(vantage)) =>
            {
                let stores: Vec<Element> = self.stores_of(vantage).into_iter().map(Element::Node).collect();
                if stores.is_empty() { vec![Element::Node(vantage)] } else { stores }
            }
            // Who asks a cluster for its state is not part of it.
            (None, Some(vantage))
                if is_of_a_cluster(&state.observable) && self.targets.sketch.kind(vantage) == Kind::Client =>
            {
                return false;
            }
            (None, vantage) => match self.about().or(vantage.map(Element::Node)) {
                Some(element) => vec![element],
                None => return false,
            },
        };
        let at = if state.observable == "db.error" { self.or_who_keeps(&state.value, at) } else { at };
        let at = match (state.observable.as_str(), state.value.as_str()) {
            // What has run out is the one's that says so.
            ("complaint", "exhausted") => at,
            ("complaint", _) => self.whoever_it_concerns(at, &state.detail),
            // Whose password is wrong, the asker's or the one on record, a refusal does not say.
            ("db.error", "auth_failed" | "no_such_database") => self.or_its_asker(at, &state.detail),
            ("db.error", "read_only") => self.or_who_writes_to_a_replica(at),
            ("db.error", "upstream_auth_failed") => self.or_what_is_behind(named.or(self.vantage), at),
            _ => at,
        };
        if state.observable == "complaint" && self.refused_mail(fact, state, &at) {
            return true;
        }
        let at = self.or_who_uses_it(&state.observable, at);
        self.push(fact, 1, Sight::State { observable: state.observable.clone(), value: state.value.clone(), at });
        true
    }

    /// Whether words name no port on which the host is drawn to listen.
    fn is_about_another_port(&self, words: &str) -> bool {
        let ports = self.vantage.map(|vantage| expected_ports(self, vantage)).unwrap_or_default();
        let mut numbers = words.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
        !ports.is_empty() && !numbers.any(|number| ports.contains(&number))
    }

    /// Stores that the command line names: what it was told is theirs.
    fn mentioned_stores(&self) -> Vec<Element> {
        let named = self.targets.mentioned(self.command).into_iter();
        named.filter(|ix| is_store(self.targets.sketch.kind(*ix))).map(Element::Node).collect()
    }

    /// A failure in words nobody knows concerns whoever tells of it, whom it was about, and the way between them, unless an answer came
    /// over it.
    fn whoever_it_concerns(&self, mut at: Vec<Element>, words: &str) -> Vec<Element> {
        let Some(vantage) = self.vantage else { return at };
        // A log that names whom it turned away speaks of that one, too.
        let clients = self.targets.mentioned(words).into_iter().filter(|ix| *ix != vantage);
        let clients = clients.filter(|ix| self.targets.routes.shortest(*ix, vantage).is_some_and(|way| way.len() == 1));
        at.extend(clients.map(Element::Node));
        let words = words.to_ascii_lowercase();
        let of_the_way = ["timed out", "timeout", "deadline", "unreachable", "connect", "no route", "reset", "closed"];
        let in_question = |_: &&(EdgeIx, NodeIx)| of_the_way.iter().any(|one| words.contains(one));
        for node in
            at.clone().into_iter().filter_map(|element| if let Element::Node(ix) = element { Some(ix) } else { None })
        {
            let way = self.targets.routes.shortest(vantage, node).unwrap_or_default();
            at.extend(way.iter().filter(in_question).map(|(edge, _)| Element::Edge(*edge)));
        }
        if !at.contains(&Element::Node(vantage)) {
            at.push(Element::Node(vantage));
        }
        at
    }

    /// The same and whoever asked, by the words of who was asked or as the one that tells of it.
    fn or_its_asker(&self, mut at: Vec<Element>, words: &str) -> Vec<Element> {
        let named = self.targets.mentioned(words).into_iter().chain(self.vantage).map(Element::Node);
        at.extend(named.filter(|asker| !at.contains(asker)).collect::<Vec<_>>());
        at
    }

    /// What a service says of its pool is the pool's, where one is drawn; what is locked in a store may be locked by a job.
    fn or_who_uses_it(&self, observable: &str, mut at: Vec<Element>) -> Vec<Element> {
        let (routes, sketch) = (self.targets.routes, self.targets.sketch);
        let node = |element: &Element| match element {
            Element::Node(ix) => Some(*ix),
            _ => None,
        };
        if observable.starts_with("pool.") {
            let called = at.iter().filter_map(node).flat_map(|ix| routes.dependencies(ix)).map(|(_, callee)| callee);
            let pools: Vec<Element> =
                called.filter(|callee| sketch.kind(*callee) == Kind::Pool).map(Element::Node).collect();
            return if pools.is_empty() { at } else { pools };
        }
        if observable == "db.locks" {
            let callers = at.iter().filter_map(node).flat_map(|ix| routes.callers(ix)).map(|(_, caller)| caller);
            let jobs: Vec<Element> =
                callers.filter(|caller| sketch.kind(*caller) == Kind::Job).map(Element::Node).collect();
            at.extend(jobs);
        }
        at
    }

    /// A change makes its element likelier for a day or so; one made in between begins a new phase.
    fn change(&mut self, fact: &Fact, state: &State) -> bool {
        const LIKELIER: f64 = 9.0;
        const FADES_H: f64 = 24.0;
        if state.value == "noted" {
            return self.noted(fact);
        }
        let written = fact.at.map(|milliseconds| milliseconds as f64 / 1e3);
        self.placed.changed_at = fact.numbers.get("at_s").copied().or(written).or(self.placed.changed_at);
        if state.value == "made" {
            self.placed.changes.push(Change { evidence: self.evidence, says: state.detail.clone() });
            return true;
        }
        let element = state.of.name.as_deref().and_then(|name| {
            self.targets.sketch.element(name).or_else(|| self.targets.by_name(name).map(Element::Node))
        });
        let Some(element) = element else { return false };
        let hours = fact.numbers.get("age_h").copied().unwrap_or(0.0);
        self.placed.changed.insert(element, 1.0 + LIKELIER * (-hours / FADES_H).exp());
        true
    }

    /// A day that a remark in its settings names makes a hop a little likelier for a week or two.
    fn noted(&mut self, fact: &Fact) -> bool {
        const LIKELIER: f64 = 4.0;
        const FADES: f64 = 7.0;
        const FORGOTTEN: f64 = 45.0;
        let taken = self.origin.at.as_deref().and_then(moment).map(|milliseconds| milliseconds as f64 / 1e3);
        let days = taken.zip(fact.numbers.get("at_s")).map(|(taken, at)| (taken - at) / 86_400.0);
        let Some(days) = days.filter(|days| (0.0..FORGOTTEN).contains(days)) else { return true };
        let Some(node) = self.vantage else { return false };
        let factor = self.placed.changed.entry(Element::Node(node)).or_insert(1.0);
        *factor = factor.max(1.0 + LIKELIER * (-days / FADES).exp());
        true
    }

    /// What keys say of a zone is said by the name servers that were asked for them.
    fn of_a_zone(&mut self, fact: &Fact, state: &State) -> bool {
        let sketch = self.targets.sketch;
        let asked = self.targets.mentioned(self.command).into_iter().filter(|ix| sketch.kind(*ix) == Kind::Dns);
        let mut asked: Vec<NodeIx> = asked.collect();
        let judged = self.judged(state);
        let state = judged.as_ref().unwrap_or(state);
        if judged.is_some() {
            // A resolver passes a signature on as it got it: whoever holds the zone made it.
            for _ in 0..sketch.nodes().len() {
                let behind = |ix: &NodeIx| self.targets.routes.resolvers(*ix).iter().map(|(_, next)| *next).collect();
                let behind: Vec<NodeIx> = asked.iter().flat_map(|ix| -> Vec<NodeIx> { behind(ix) }).collect();
                if behind.is_empty() {
                    break;
                }
                asked = behind;
            }
        }
        let at: Vec<Element> = asked.into_iter().map(Element::Node).collect();
        let compared = state.value != "seen" && !at.is_empty();
        if compared {
            let (observable, value) = (state.observable.clone(), state.value.clone());
            self.push(fact, 1, Sight::State { observable, value, at });
        }
        true
    }

    /// A connection of which only its end is told.
    fn connection(&mut self, fact: &Fact, state: &State, tests: Stage, outcome: Outcome) -> bool {
        let only = || self.targets.routes.only_dependency(self.vantage?);
        let Some(to) = self.targets.endpoint(&state.of, self.vantage).or_else(only) else { return false };
        self.request(fact, state, self.vantage.filter(|from| *from != to), to, (tests, outcome));
        true
    }

    /// A name that a host's own file gives an address: compared with the drawing, like any other answer.
    fn hosts_file(&mut self, fact: &Fact, state: &State) -> bool {
        let Some(vantage) = self.vantage else { return false };
        let drawn = state.of.host.as_deref().and_then(|host| self.targets.by_host(host));
        let ips = drawn.and_then(|ix| self.targets.sketch.node(ix)).map(|node| node.ips.clone()).unwrap_or_default();
        if let Some(address) = state.of.address.filter(|_| !ips.is_empty() && drawn != Some(vantage)) {
            let value = if ips.contains(&address) { "as_drawn" } else { "other" }.to_owned();
            let at = vec![Element::Node(vantage)];
            self.push(fact, 1, Sight::State { observable: "dns.answer".to_owned(), value, at });
        }
        true
    }

    /// The name server that a host is told to ask, compared with the one that is drawn.
    fn told_to_ask(&mut self, fact: &Fact, state: &State) -> bool {
        let Some(vantage) = self.vantage else { return false };
        let resolvers = self.targets.routes.resolvers(vantage).iter();
        let drawn: Vec<_> =
            resolvers.filter_map(|(_, ix)| self.targets.sketch.node(*ix)).flat_map(|node| &node.ips).collect();
        if let Some(address) = state.of.address.filter(|ip| !ip.is_loopback() && !drawn.is_empty()) {
            let value = if drawn.contains(&&address) { "as_drawn" } else { "other" }.to_owned();
            // A name server that asks another one does so for all its callers.
            let forwards = self.targets.sketch.kind(vantage) == Kind::Dns;
            let observable = if forwards { "setting" } else { &state.observable }.to_owned();
            self.push(fact, 1, Sight::State { observable, value, at: vec![Element::Node(vantage)] });
        }
        true
    }

    pub(super) fn request(
        &mut self,
        fact: &Fact,
        state: &State,
        from: Option<NodeIx>,
        to: NodeIx,
        (tests, outcome): (Stage, Outcome),
    ) {
        let request = Request {
            from,
            to,
            address: state.of.address,
            whole: false,
            port: state.of.port,
            tests,
            tls: if tests == Stage::Tls { Tls::Checked } else { Tls::Absent },
            aim: Aim::Drawn,
            resolved: false,
            outcome,
            times: Times::default(),
            manner: String::new(),
            subject: String::new(),
            spoke: None,
            logged: false,
        };
        self.push(fact, 1, Sight::Request(request));
    }
}

/// What an application or a client program passes on from the database or cache it asked.
fn is_of_a_store(observable: &str) -> bool {
    observable.starts_with("db.") || observable.starts_with("cache.")
}

/// What is said of whoever it names, and of nobody else.
fn of_another(observable: &str) -> bool {
    observable.starts_with("certificate.") || observable == "firewall.pings"
}

/// What Kubernetes or a container runtime tells of something it runs.
fn is_of_a_cluster(observable: &str) -> bool {
    matches!(observable, "pod.state" | "probe" | "deployment" | "container.health" | "endpoints")
}

pub(super) fn is_store(kind: Kind) -> bool {
    matches!(kind, Kind::Database | Kind::Cache | Kind::Queue | Kind::Storage)
}
