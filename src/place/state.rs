//! Places states: at the node they name, at the host they were read on, or, for a health check, as a request.

use super::listener::{expected_ports, is_listing};
use super::settings::is_setting;
use super::{Aim, Change, Paste, Request, Sight, Tls, clock, serial, tunnel, twice};
use crate::fact::{Fact, Outcome, Stage, State, Times};
use crate::moment::moment;
use crate::sketch::{Element, Kind, NodeIx};

mod whom;

impl Paste<'_> {
    pub(super) fn state(&mut self, fact: &Fact, state: &State) -> bool {
        if let Some(placed) = self.in_its_own_way(fact, state) {
            return placed;
        }
        let judged = self.judged(state);
        let state = judged.as_ref().unwrap_or(state);
        self.notes.clocks.extend(clock::Reading::of(state, fact, self.evidence, self.origin));
        self.notes.held.extend(twice::Held::of(state, fact, self.evidence, self.vantage));
        let named = self.named(state);
        // Only a job has runs.
        let runs = named.or(self.vantage.filter(|_| state.of.is_empty())).map(|ix| self.targets.sketch.kind(ix));
        if state.observable == "job.errors" && runs != Some(Kind::Job) {
            return true;
        }
        let Some(at) = self.concerned(state, named) else { return false };
        let at = self.or_others(state, named, at);
        if state.observable == "complaint" && self.refused_mail(fact, state, &at) {
            return true;
        }
        let at = self.or_who_uses_it(&state.observable, at);
        self.push(fact, 1, Sight::State { observable: state.observable.clone(), value: state.value.clone(), at });
        true
    }

    /// States that no hop simply has; whether one was placed, or nothing for all others.
    fn in_its_own_way(&mut self, fact: &Fact, state: &State) -> Option<bool> {
        if is_listing(state) || is_setting(state) {
            return Some(self.vantage.is_some());
        }
        if tunnel::is_list(state) {
            return Some(tunnel::place(self, fact, state));
        }
        if state.observable == "change" {
            return Some(self.change(fact, state));
        }
        if state.observable == "rp_filter" || self.is_shared(fact, state) {
            return Some(true);
        }
        if state.observable == "restart" {
            return Some(self.restart(fact, state));
        }
        if state.observable == "intent" {
            return Some(self.intent(state));
        }
        if state.value == "without_its_port" && self.is_about_another_port(&state.detail) {
            return Some(true);
        }
        if state.observable == "server.check" {
            return Some(self.health_check(fact, state));
        }
        if state.observable == "lb.queue" && state.of.name.as_deref().is_some_and(|name| name.contains('/')) {
            return Some(self.queue(fact, state));
        }
        if state.observable == "db.blocker" {
            return Some(self.blocker(fact, state));
        }
        if state.observable == "firewall.rule" {
            return Some(self.rule(fact, state));
        }
        // Only a person calls a way or one address of a hop by its name: `web->db`, `lb#10.20.0.11`.
        let called = state.of.name.as_deref().and_then(|name| self.targets.sketch.element(name));
        if let Some(element @ (Element::Edge(_) | Element::Address(..))) = called {
            let (observable, value) = (state.observable.clone(), state.value.clone());
            self.push(fact, 1, Sight::State { observable, value, at: vec![element] });
            return Some(true);
        }
        if state.observable == "tcp.connect" && state.value == "failed" {
            return Some(self.connection(fact, state, Stage::Connect, Outcome::Unconnected));
        }
        if state.observable.starts_with("dnssec.") {
            return Some(self.of_a_zone(fact, state));
        }
        self.soa = serial::of(state).map(|serial| (fact.lines, serial)).or(self.soa.take());
        if state.observable == "path.delay" {
            return Some(self.delay(fact, state));
        }
        if state.observable == "hosts.file" {
            return Some(self.hosts_file(fact, state));
        }
        if state.observable == "nameserver" {
            return Some(self.told_to_ask(fact, state));
        }
        if state.observable == "complaint" && self.kind == "openssl" && self.command.contains("-noservername") {
            self.assume("Whoever names no server is shown the certificate that stands first: what is wrong with that one concerns nobody who names it.".to_owned());
            return Some(true);
        }
        None
    }

    /// Whether words name no port on which the host is drawn to listen.
    fn is_about_another_port(&self, words: &str) -> bool {
        let ports = self.vantage.map(|vantage| expected_ports(self, vantage)).unwrap_or_default();
        let mut numbers = words.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
        !ports.is_empty() && !numbers.any(|number| ports.contains(&number))
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

pub(super) fn is_store(kind: Kind) -> bool {
    matches!(kind, Kind::Database | Kind::Cache | Kind::Queue | Kind::Storage)
}
