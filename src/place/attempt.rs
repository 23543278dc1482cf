//! Places requests: from which node, to which node, and who made the answer.

use std::net::IpAddr;

use super::by_hand::is_by_hand;
use super::{Aim, Paste, Request, Sight, Tls, settings, stand_in};
use crate::diagnosis::Seen;
use crate::fact::{Attempt, Endpoint, Fact, Outcome, Stage, Times};
use crate::order;
use crate::sketch::{Element, Kind, NodeIx};

/// What browsers and crawlers ask every site for.
const UNASKED: &[&str] = &["/favicon.ico", "/robots.txt", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"];

impl Paste<'_> {
    pub(super) fn attempt(&mut self, fact: &Fact, attempt: &Attempt) -> bool {
        let tallied = self.tallied(attempt);
        let attempt = tallied.as_ref().unwrap_or(attempt);
        let diverted = self.diverted(attempt);
        let attempt = diverted.as_ref().unwrap_or(attempt);
        let from = self.sender(attempt);
        let Some((from, to)) = self.receiver(attempt, from) else {
            return self.broken_redirect(fact, attempt, from);
        };
        if self.kind == "nmap" && self.is_of_no_use(attempt, to) || self.is_a_strangers_miss(attempt, to) {
            return true;
        }
        let before = self.redirected_by.take();
        if let Some(before) = before.filter(|_| self.leads_nowhere(attempt, from, to)) {
            return self.sent_astray(fact, from, before);
        }
        self.redirected_by = Some(to).filter(|_| attempt.outcome == Outcome::Redirected);
        if let Some(host) = &attempt.to.host {
            self.resolution(fact, attempt, from, host);
        }
        if matches!(attempt.outcome, Outcome::Unresolved) {
            return true;
        }
        // Nothing but a variable or a setting of its own makes a sender take a proxy that it does not need.
        let misled = from.filter(|_| self.over_a_proxy || !attempt.outcome.is_success());
        let misled = misled.filter(|from| self.takes_a_needless_proxy(*from, to));
        let aim = self.aim(attempt, from, to, misled.is_some());
        let manner = self.round.next();
        let outcome = match attempt.outcome {
            // Its wait is told of the name server, where one is drawn.
            Outcome::DnsSlow if from.is_some_and(|from| !self.targets.routes.resolvers(from).is_empty()) => Outcome::Ok,
            Outcome::Ok if stand_in::stands_in(fact, attempt, to, self.targets) => Outcome::Http404,
            // Browsers ask for these by themselves; that a site does not have them is no fault, and the answer shows it alive.
            Outcome::Http404 if attempt.path.as_deref().is_some_and(|path| UNASKED.contains(&path)) => Outcome::Ok,
            other => other,
        };
        let request = Request {
            from,
            to,
            address: attempt.to.address,
            whole: attempt.resolved && (attempt.times.connected.is_some() || attempt.to.address.is_none()),
            port: attempt.to.port,
            tests: attempt.tests,
            tls: match attempt.protocol.as_deref() {
                Some("http") if attempt.to.port.is_some() && self.only_port(to) == attempt.to.port => Tls::Plain,
                Some("http" | "tcp" | "postgres" | "redis") => Tls::Absent,
                _ if attempt.unchecked => Tls::Unchecked,
                _ if self.shows_a_certificate() => Tls::WithCertificate,
                _ => Tls::Checked,
            },
            aim,
            // Where something else answers under the name, it was not told the drawn way, however well that works.
            resolved: attempt.resolved && !(attempt.outcome.is_success() && self.is_another(attempt, to)),
            outcome,
            times: attempt.times,
            manner,
            subject: attempt.path.clone().unwrap_or_default(),
            // Astray, somebody else answers than the one who was meant.
            spoke: if aim == Aim::Drawn {
                self.speaker(&attempt.answerer, to, outcome).or_else(|| self.passed_on(attempt, to))
            } else {
                None
            },
            logged: attempt.to.name.as_deref() == Some(Endpoint::SELF),
        };
        let by_hand = from.is_some_and(|from| self.targets.sketch.kind(from) == Kind::Client);
        if by_hand && !request.logged && self.is_on_its_command_line(attempt) && self.is_of_no_use(attempt, to) {
            self.notes.tried.push(Seen { evidence: self.evidence, lines: fact.lines });
        }
        self.note_caller(attempt, to);
        self.note_nameless_request(fact.lines, outcome);
        self.captured(fact, attempt, from, to);
        if let Some(from) = misled.filter(|_| aim == Aim::Astray && self.over_a_proxy) {
            let (observable, value) = (settings::SETTING.to_owned(), "other".to_owned());
            self.push(fact, 1, Sight::State { observable, value, at: vec![Element::Node(from)] });
        }
        if let Some(from) = from.filter(|_| aim == Aim::Astray && self.keeps_an_address(attempt)) {
            let (observable, value) = (settings::SETTING.to_owned(), "other".to_owned());
            self.push(fact, 1, Sight::State { observable, value, at: vec![Element::Node(from)] });
            if let Some(observation) = self.placed.observations.last_mut() {
                observation.says.push_str(", and its name leads elsewhere by now");
            }
        }
        self.upgrade(fact, attempt, to);
        self.push(fact, attempt.count, Sight::Request(request));
        true
    }

    /// Whether a program asks an address under a name for which others are given the drawn one: it looked once, or in a place of its own.
    fn keeps_an_address(&self, attempt: &Attempt) -> bool {
        let Some(host) = attempt.to.host.as_deref().filter(|_| !is_by_hand(self.kind)) else {
            return false;
        };
        let drawn = self.targets.by_host(host).and_then(|ix| self.targets.sketch.node(ix));
        let given = |ip: &IpAddr| self.targets.given.contains(&(host.to_owned(), *ip));
        !attempt.outcome.is_success()
            && attempt.to.address.is_some_and(|ip| !given(&ip))
            && drawn.is_some_and(|node| node.ips.iter().any(given))
    }

    /// Whether the command line gives the client a certificate of its own.
    fn shows_a_certificate(&self) -> bool {
        let given =
            |option: &str| self.command.split('|').any(|part| part.contains(self.kind) && part.contains(option));
        given("--cert ") || given(" -E ") && self.kind == "curl" || given(" -cert ") && self.kind == "openssl"
    }

    /// Whether somebody wrote the port of a request by hand.
    fn is_on_its_command_line(&self, attempt: &Attempt) -> bool {
        let mut words = self.command.split(|c: char| !c.is_ascii_digit());
        words.any(|word| word.parse().ok() == attempt.to.port && attempt.to.port.is_some())
    }

    /// Whether a port was tried, in a row with others, that nothing drawn uses: that it is closed is as it should be.
    fn is_of_no_use(&self, attempt: &Attempt, to: NodeIx) -> bool {
        let sketch = self.targets.sketch;
        let edges = self.targets.routes.callers(to).into_iter().filter_map(|(edge, _)| sketch.edge(edge)?.port);
        let drawn = sketch.node(to).map(|node| node.ports.as_slice()).unwrap_or_default();
        let mut used = edges.chain(drawn.iter().copied()).peekable();
        used.peek().is_some() && attempt.to.port.is_some_and(|port| used.all(|one| one != port))
    }

    /// The only one behind a balancer, where its log says that a server whose name is not drawn made the answer.
    fn passed_on(&self, attempt: &Attempt, to: NodeIx) -> Option<NodeIx> {
        let logged = attempt.to.name.as_deref() == Some("self") && attempt.answerer.served_by.is_some();
        self.targets.routes.only_dependency(to).filter(|_| logged)
    }

    /// A name that is not drawn and does not resolve, right after a redirect: the redirect is at fault.
    fn broken_redirect(&mut self, fact: &Fact, attempt: &Attempt, from: Option<NodeIx>) -> bool {
        let (Some(to), Outcome::Unresolved) = (self.redirected_by, attempt.outcome) else { return false };
        self.sent_astray(fact, from, to)
    }

    /// Whether a request, right after a redirect, finds nobody on a port that its target is not drawn with.
    fn leads_nowhere(&self, attempt: &Attempt, from: Option<NodeIx>, to: NodeIx) -> bool {
        let sketch = self.targets.sketch;
        let edge = from.and_then(|from| sketch.edge_between(from, to)).and_then(|edge| sketch.edge(edge)?.port);
        let drawn = sketch.node(to).map(|node| node.ports.clone()).unwrap_or_default();
        let elsewhere =
            attempt.to.port.is_some_and(|port| !drawn.is_empty() && !drawn.contains(&port) && edge != Some(port));
        elsewhere && !attempt.outcome.is_success() && attempt.outcome.stage() == Stage::Connect
    }

    /// What a redirect led to is not there: its sender is at fault.
    fn sent_astray(&mut self, fact: &Fact, from: Option<NodeIx>, to: NodeIx) -> bool {
        let request = Request {
            from,
            to,
            address: None,
            whole: true,
            port: None,
            tests: Stage::Exchange,
            tls: Tls::Checked,
            aim: Aim::Drawn,
            resolved: false,
            outcome: Outcome::RedirectBroken,
            times: Times::default(),
            manner: String::new(),
            subject: String::new(),
            spoke: None,
            logged: false,
        };
        self.push(fact, 1, Sight::Request(request));
        true
    }

    /// Whether a request went where the drawing leads, or to an address or port that its target does not have.
    fn aim(&self, attempt: &Attempt, from: Option<NodeIx>, to: NodeIx, misled: bool) -> Aim {
        let sketch = self.targets.sketch;
        let Some(node) = sketch.node(to) else { return Aim::Drawn };
        let elsewhere =
            attempt.to.address.is_some_and(|ip| !ip.is_loopback() && !node.ips.is_empty() && !node.ips.contains(&ip));
        let edge = from.and_then(|from| sketch.edge_between(from, to)).and_then(|edge| sketch.edge(edge)?.port);
        let elsewhere = elsewhere || (!attempt.outcome.is_success() && self.is_another(attempt, to));
        let ports: Vec<u16> = node.ports.iter().copied().chain(edge).collect();
        // Who tries another port by hand does so on purpose; a proxy or a service does not.
        let by_itself = from.is_some_and(|from| sketch.kind(from) != Kind::Client) && !is_by_hand(self.kind);
        let wrong_port = by_itself && attempt.to.port.is_some_and(|port| !ports.is_empty() && !ports.contains(&port));
        // Also who types an address by hand, because a name server gave it.
        let is_told = |address: IpAddr| match &attempt.to.host {
            Some(host) => attempt.resolved && self.told.contains(&(host.clone(), address)),
            None => self.told.iter().any(|(name, ip)| *ip == address && node.hosts.contains(name)),
        };
        if elsewhere && attempt.to.address.is_some_and(is_told) {
            return Aim::Misguided;
        }
        // Whoever speaks TLS to what is drawn to be reached without was told so by its own settings.
        let spoken = from.and_then(|from| sketch.edge_between(from, to)).and_then(|edge| sketch.edge(edge));
        let plain = spoken.is_some_and(|edge| edge.protocol.as_deref() == Some("http") && edge.port != Some(443));
        let wrong_tongue = plain && attempt.outcome == Outcome::TlsPlaintext;
        let needless = misled && !attempt.outcome.is_success();
        if elsewhere || wrong_port || wrong_tongue || needless { Aim::Astray } else { Aim::Drawn }
    }

    /// Whether a request by name came to a node that neither has the name nor leads to who has it.
    fn is_another(&self, attempt: &Attempt, to: NodeIx) -> bool {
        let (Some(host), Some(address)) = (&attempt.to.host, attempt.to.address) else { return false };
        let sketch = self.targets.sketch;
        let called = |ix: &NodeIx| {
            sketch.node(*ix).is_some_and(|node| node.hosts.iter().any(|name| name.eq_ignore_ascii_case(host)))
        };
        let mut named = sketch.node_indices().filter(called).peekable();
        let leads = |from, to| self.targets.routes.shortest(from, to).is_some();
        let leads_there = |ix: NodeIx| {
            let ips = sketch.node(ix).map(|node| node.ips.as_slice()).unwrap_or_default();
            // Who asks a member by the name of its balancer has chosen the address by hand.
            ips.is_empty() || ips.contains(&address) || leads(to, ix) || !attempt.resolved && leads(ix, to)
        };
        named.peek().is_some() && !named.any(leads_there)
    }

    /// Whether a proxy was asked for something that the drawing lets its sender reach without one, and nobody told it so on the
    /// command line: a variable or a setting of the sender did.
    fn takes_a_needless_proxy(&self, from: NodeIx, to: NodeIx) -> bool {
        let told = [" -x ", " --proxy ", " --preproxy "].iter().any(|option| self.command.contains(option));
        if told {
            return false;
        }
        if !matches!(self.targets.sketch.kind(to), Kind::Proxy | Kind::Gateway) {
            return self.over_a_proxy && self.targets.sketch.edge_between(from, to).is_some();
        }
        let urls = self.command.split_whitespace().filter_map(|word| word.trim_matches(['\'', '"']).split_once("://"));
        let hosts = urls.filter_map(|(_, rest)| rest.split(['/', ':', '?']).next());
        let own = self.targets.sketch.node(to).map(|node| node.hosts.as_slice()).unwrap_or_default();
        hosts.filter(|host| !own.iter().any(|name| name.eq_ignore_ascii_case(host))).any(|host| {
            let wanted = self.targets.by_host(host).filter(|wanted| *wanted != to);
            wanted.is_some_and(|wanted| self.targets.sketch.edge_between(from, wanted).is_some())
        })
    }

    /// The one port a node is drawn with.
    fn only_port(&self, node: NodeIx) -> Option<u16> {
        let sketch = self.targets.sketch;
        let edges = self.targets.routes.callers(node).into_iter().filter_map(|(edge, _)| sketch.edge(edge)?.port);
        let mut ports: Vec<u16> = edges.chain(sketch.node(node)?.ports.iter().copied()).collect();
        order::plain(&mut ports);
        ports.dedup();
        if let [only] = ports.as_slice() { Some(*only) } else { None }
    }

    fn sender(&self, attempt: &Attempt) -> Option<NodeIx> {
        let named = attempt.from.address.and_then(|ip| self.targets.by_address(ip));
        named.or_else(|| attempt.from.name.as_deref().and_then(|name| self.targets.by_name(name))).or(
            // A log tells of a client that is not drawn: the request came from somewhere, but not from the log's own host.
            if attempt.to.name.as_deref() == Some("self") { None } else { self.vantage },
        )
    }

    /// Who was asked. A balancer's log pasted from a laptop was still written by the balancer.
    fn receiver(&self, attempt: &Attempt, from: Option<NodeIx>) -> Option<(Option<NodeIx>, NodeIx)> {
        if attempt.to.name.as_deref() == Some("self") {
            return self.front().map(|front| (from, front));
        }
        if let Some(to) = self.targets.endpoint(&attempt.to, self.vantage) {
            let logged = attempt.to.name.is_some() && attempt.to.name.as_deref() != Some("self");
            if logged
                && attempt.from.is_empty()
                && from.is_some_and(|from| self.targets.routes.shortest(from, to).is_none_or(|way| way.len() != 1))
            {
                let callers = self.targets.routes.callers(to);
                let balancer = callers
                    .iter()
                    .map(|(_, caller)| *caller)
                    .find(|caller| self.targets.sketch.kind(*caller).answers_for_others());
                return Some((balancer.or(from), to));
            }
            return Some((from, to));
        }
        if let Some(crate::sketch::Element::Node(about)) = self.about() {
            return Some((from, about));
        }
        // A member that a balancer names and the drawing does not: one of what the balancer calls.
        if let (Some(name), None) = (&attempt.to.name, attempt.to.address) {
            let front = from
                .filter(|from| self.targets.sketch.kind(*from).answers_for_others())
                .or_else(|| self.only_front())?;
            if let Some(member) = self.targets.member(front, name) {
                return Some((Some(front), member));
            }
            return self.targets.routes.only_dependency(front).map(|only| (Some(front), only));
        }
        // An upstream that is not drawn, called by something that calls only one thing.
        if attempt.to.address.is_some() && !is_by_hand(self.kind) {
            return self.targets.routes.only_dependency(from?).map(|only| (from, only));
        }
        // An answer without any target (`curl -i` in a loop): the only thing the vantage point calls.
        if attempt.to.is_empty() || (attempt.to.host.is_none() && attempt.to.address.is_none()) {
            return self.targets.routes.only_dependency(from?).map(|only| (from, only));
        }
        // An address that is not drawn, reached under a host name that is.
        attempt.to.host.as_deref().and_then(|host| self.targets.by_host(host)).map(|to| (from, to))
    }

    /// The node that wrote a log: the vantage point, unless that is a client who looked into the only balancer's.
    pub(super) fn front(&self) -> Option<NodeIx> {
        let writes = |ix: &NodeIx| self.targets.sketch.kind(*ix) != Kind::Client;
        self.vantage.filter(writes).or_else(|| self.only_front()).or(self.vantage)
    }

    fn only_front(&self) -> Option<NodeIx> {
        let sketch = self.targets.sketch;
        let mut fronts = sketch.node_indices().filter(|ix| sketch.kind(*ix).answers_for_others());
        fronts.next().filter(|_| fronts.next().is_none())
    }

    /// A request by name speaks for the name server too.
    fn resolution(&mut self, fact: &Fact, attempt: &Attempt, from: Option<NodeIx>, host: &str) {
        let outcome = match attempt.outcome {
            Outcome::Unresolved | Outcome::DnsSlow => attempt.outcome,
            _ if attempt.resolved => Outcome::Ok,
            _ => return,
        };
        let resolvers = from.map(|from| self.targets.routes.resolvers(from)).unwrap_or_default();
        let outcome = self.of_the_first(from, outcome, attempt.times.resolved);
        for (_, resolver) in resolvers.iter().take(1) {
            let request = Request {
                from,
                to: *resolver,
                address: None,
                whole: true,
                port: None,
                tests: Stage::Resolve,
                tls: Tls::Absent,
                aim: self.targets.aim_of_name(host),
                resolved: false,
                outcome,
                times: Times::default(),
                manner: self.manner_of_name(host),
                subject: host.to_owned(),
                spoke: None,
                logged: false,
            };
            self.push(fact, attempt.count, Sight::Request(request));
        }
    }
}
