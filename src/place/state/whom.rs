//! Whom a state concerns: the hop that it names, the way to it, or the host on which it was read.

use super::{Paste, is_store};
use crate::fact::State;
use crate::sketch::{EdgeIx, Element, Kind, NodeIx};

impl Paste<'_> {
    /// The hop that the state names.
    pub(super) fn named(&self, state: &State) -> Option<NodeIx> {
        let name = state.of.name.as_deref();
        self.targets
            .endpoint(&state.of, self.vantage)
            .or_else(|| self.targets.by_program(name.filter(|_| state.observable == "worker.pool")?))
            .or_else(|| self.targets.workload(name?).filter(|_| is_of_a_cluster(&state.observable)))
    }

    /// Where it is what the state says; nothing if that cannot be told.
    pub(super) fn concerned(&self, state: &State, named: Option<NodeIx>) -> Option<Vec<Element>> {
        let Some(node) = named else { return self.concerned_unnamed(state) };
        let address = state.of.address.map(|ip| Element::Address(node, ip));
        let at = match self.vantage {
            Some(vantage) if is_on_the_way(state) => self.on_the_way(state, vantage, node),
            Some(vantage) if lets_nothing_through(state) => vec![Element::Node(vantage)],
            // A table of routes is its host's own, whomever it leads to.
            Some(vantage) if state.observable == "route" && node != vantage => {
                let way = self.targets.routes.shortest(vantage, node).unwrap_or_default();
                let first = way.first().map(|(edge, _)| Element::Edge(*edge));
                std::iter::once(Element::Node(vantage)).chain(first).collect()
            }
            // Nobody answers for an address: its host is gone, or who asked is on the wrong network.
            Some(vantage) if state.observable == "neighbor" && state.value == "failed" => {
                let mut at = vec![Element::Node(node), Element::Node(vantage)];
                at.extend(self.targets.sketch.edge_between(vantage, node).map(Element::Edge));
                at.extend(address);
                at
            }
            _ => address.into_iter().chain([Element::Node(node)]).collect(),
        };
        Some(at)
    }

    /// What echoes met between two hops, or at the end.
    fn on_the_way(&self, state: &State, vantage: NodeIx, node: NodeIx) -> Vec<Element> {
        let routes = self.targets.routes;
        // Who says that it does not let something through is the one that does not.
        if let Some(router) = self.refuser(state, vantage, node) {
            return self.around(router, vantage, node);
        }
        // It came as far as the hop that says it cannot be brought any further, or behind which packets begin to be lost.
        if let Some(last) = self.last_good(state, vantage, node) {
            let way = routes.shortest(last, node).unwrap_or_default();
            let next = way.first().map(|(edge, next)| [Element::Edge(*edge), Element::Node(*next)]);
            return next.into_iter().flatten().chain([Element::Node(last)]).collect();
        }
        // Echoes go to and fro: over a way that is drawn to whoever sends them as well as over one from it.
        let way = routes.shortest(vantage, node).or_else(|| routes.shortest(node, vantage));
        let mut at: Vec<Element> = way.unwrap_or_default().iter().map(|(edge, _)| Element::Edge(*edge)).collect();
        at.push(Element::Node(node));
        at.extend(state.of.address.map(|ip| Element::Address(node, ip)));
        at
    }

    /// The same of a state that names no hop that is drawn.
    fn concerned_unnamed(&self, state: &State) -> Option<Vec<Element>> {
        let observable = state.observable.as_str();
        // A loop over several targets, of which the text does not say which one it speaks of.
        let alike = self.targets.alike(&state.of);
        if !alike.is_empty() {
            return Some(alike.into_iter().map(Element::Node).collect());
        }
        // What is read off a certificate says something of whoever showed it, and a rule about pings of whoever is pinged: not of who
        // looked.
        if of_another(observable) && !state.of.is_empty() {
            return None;
        }
        // Nor is it the store's own doing that a client which is not drawn empties it.
        if observable == "store.emptied" {
            return None;
        }
        if let Some(vantage) = self.vantage.filter(|_| lets_nothing_through(state)) {
            return Some(vec![Element::Node(vantage)]);
        }
        if is_on_the_way(state) {
            return None;
        }
        if is_of_a_store(observable) {
            let mentioned = self.mentioned_stores();
            if !mentioned.is_empty() {
                return Some(mentioned);
            }
            if let Some(vantage) = self.vantage.filter(|ix| !is_store(self.targets.sketch.kind(*ix))) {
                let stores: Vec<Element> = self.stores_of(vantage).into_iter().map(Element::Node).collect();
                return Some(if stores.is_empty() { vec![Element::Node(vantage)] } else { stores });
            }
        }
        // Who asks a cluster for its state is not part of it.
        let outside = self.vantage.is_some_and(|ix| self.targets.sketch.kind(ix) == Kind::Client);
        if is_of_a_cluster(observable) && outside {
            return None;
        }
        self.about().or(self.vantage.map(Element::Node)).map(|element| vec![element])
    }

    /// Whoever else may be meant by what was said at the end of a request.
    pub(super) fn or_others(&self, state: &State, named: Option<NodeIx>, at: Vec<Element>) -> Vec<Element> {
        let at = if state.observable == "db.error" { self.or_who_keeps(&state.value, at) } else { at };
        match (state.observable.as_str(), state.value.as_str()) {
            // What has run out is the one's that says so.
            ("complaint", "exhausted") => at,
            ("complaint", _) => self.whoever_it_concerns(at, &state.detail),
            // Whose password is wrong, the asker's or the one on record, a refusal does not say.
            ("db.error", "auth_failed" | "no_such_database") => self.or_its_asker(at, &state.detail),
            ("db.error", "read_only") => self.or_who_writes_to_a_replica(at),
            ("db.error", "upstream_auth_failed") => self.or_what_is_behind(named.or(self.vantage), at),
            _ => at,
        }
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
    pub(super) fn or_who_uses_it(&self, observable: &str, mut at: Vec<Element>) -> Vec<Element> {
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
}

/// What pings and traces tell of all that stands between.
fn is_on_the_way(state: &State) -> bool {
    matches!(state.observable.as_str(), "ping" | "ping.large" | "path" | "path.loss")
        || (state.observable == "neighbor" && state.value == "two_hosts")
}

/// Who has a route that lets nothing through is the one that does not.
fn lets_nothing_through(state: &State) -> bool {
    state.observable == "route" && matches!(state.value.as_str(), "prohibit" | "unreachable" | "blackhole")
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
