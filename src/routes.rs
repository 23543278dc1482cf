//! Walks the drawing: which elements a request passes, and who stands between them and its sender.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::rc::Rc;

use crate::order;
use crate::sketch::{Conduct, EdgeIx, Element, Kind, NodeIx, Sketch};

mod guides;
mod ways;

use ways::Ways;

/// Callees that a request reaches with less than this chance are left out of its route.
const NEGLIGIBLE: f64 = 0.05;

/// How often a name server that asks others has an answer from them, and not from its own data or memory.
const PASSED_ON: f64 = 0.9;

/// No route is followed through more elements than this, so that a dense drawing stays fast.
const LONGEST: usize = 256;

/// Sender and target of a request, the address it goes to, and whether a name server told that.
type Trip = (Option<NodeIx>, NodeIx, Option<IpAddr>, bool);

/// Of more ways and routes than these the first are forgotten.
const REMEMBERED: usize = 4_096;

/// The drawing as a graph to walk. Ways and routes that were asked for are remembered.
#[derive(Debug)]
pub struct Routes {
    sketch: Sketch,
    /// Of each node, for one may call thousands.
    resolvers: Vec<Vec<(EdgeIx, NodeIx)>>,
    ways: RefCell<BTreeMap<(NodeIx, NodeIx), Option<Ways>>>,
    routes: RefCell<BTreeMap<Trip, Rc<[Step]>>>,
}

/// What an element does for a request that passes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It sends the request.
    Maker,
    /// It carries the request to the next node.
    Link,
    /// It is one of the addresses the request can go to.
    Address,
    /// It receives the request, or a request that follows from it.
    Receiver,
    /// It told the sender which address to go to.
    Guide,
    /// It is on no path of the request, but works on something the request uses, as jobs do.
    Sharer,
}

/// One element on the route of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub element: Element,
    pub role: Role,
    /// What the nodes between it and the sender do, nearest first: each passes on a fault in its own way.
    pub between: Rc<[Conduct]>,
    /// The node that calls it.
    pub caller: Option<NodeIx>,
    /// The chance that the request gets here at all, 0 to 1.
    pub weight: f64,
    /// Nothing can go wrong with TLS here: it is reached over plain HTTP, or leaves TLS to what it calls.
    pub plain: bool,
}

impl Routes {
    pub fn new(sketch: &Sketch) -> Routes {
        let asked = |node| guides::asked(sketch, node);
        let resolvers = sketch.node_indices().map(asked).collect();
        Routes { sketch: sketch.clone(), resolvers, ways: RefCell::default(), routes: RefCell::default() }
    }

    /// What a node calls, in the order drawn.
    pub fn callees(&self, node: NodeIx) -> Vec<(EdgeIx, NodeIx)> {
        self.sketch.callees(node).to_vec()
    }

    /// What calls a node, in the order drawn.
    pub fn callers(&self, node: NodeIx) -> Vec<(EdgeIx, NodeIx)> {
        self.sketch.callers(node).to_vec()
    }

    /// The name servers a node asks.
    pub fn resolvers(&self, node: NodeIx) -> &[(EdgeIx, NodeIx)] {
        self.resolvers.get(node.0).map_or(&[], Vec::as_slice)
    }

    /// What a node calls besides name servers.
    pub fn dependencies(&self, node: NodeIx) -> Vec<(EdgeIx, NodeIx)> {
        let mut called = self.callees(node);
        called.retain(|(_, callee)| self.sketch.kind(*callee) != Kind::Dns);
        called
    }

    /// The only node that one calls besides name servers, on however many ports.
    pub fn only_dependency(&self, node: NodeIx) -> Option<NodeIx> {
        let called = self.dependencies(node);
        let (_, first) = called.first()?;
        called.iter().all(|(_, callee)| callee == first).then_some(*first)
    }

    /// The way from one node to another with the fewest hops, as edges and the nodes they lead to. Of several the one that was drawn
    /// first, hop by hop.
    pub fn shortest(&self, from: NodeIx, to: NodeIx) -> Option<Vec<(EdgeIx, NodeIx)>> {
        let ways = self.ways(from, to)?;
        let mut at = from;
        let mut way = Vec::new();
        for hop in ways.iter() {
            if hop.caller == at {
                way.push((hop.edge, hop.node));
                at = hop.node;
            }
        }
        Some(way)
    }

    fn ways(&self, from: NodeIx, to: NodeIx) -> Option<Ways> {
        let known = self.ways.borrow().get(&(from, to)).cloned();
        known.unwrap_or_else(|| {
            let found = ways::search(&self.sketch, from, to);
            let mut ways = self.ways.borrow_mut();
            if ways.len() >= REMEMBERED {
                ways.clear();
            }
            ways.insert((from, to), found.clone());
            found
        })
    }

    /// Every element a request passes, from its sender to the last dependency it may reach.
    ///
    /// `address` is the one it goes to, where that is known; `resolved` says that a name server told it.
    pub fn of_request(&self, from: Option<NodeIx>, to: NodeIx, address: Option<IpAddr>, resolved: bool) -> Rc<[Step]> {
        let asked = (from, to, address, resolved);
        let known = self.routes.borrow().get(&asked).cloned();
        known.unwrap_or_else(|| {
            let steps: Rc<[Step]> = self.walk(from, to, address, resolved).into();
            let mut routes = self.routes.borrow_mut();
            if routes.len() >= REMEMBERED {
                routes.clear();
            }
            routes.insert(asked, steps.clone());
            steps
        })
    }

    fn walk(&self, from: Option<NodeIx>, to: NodeIx, address: Option<IpAddr>, resolved: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        let ways = match from {
            Some(from) => {
                steps.push(Step {
                    element: Element::Node(from),
                    role: Role::Maker,
                    between: Rc::default(),
                    caller: None,
                    weight: 1.0,
                    plain: false,
                });
                if resolved {
                    steps.extend(self.guides(from, to));
                }
                let ways = self.ways(from, to).unwrap_or_default();
                // Who goes straight to an address past a hop that would have answered itself takes none of the drawn edges.
                let answered = ways.iter().any(|hop| hop.node != to && !self.sketch.kind(hop.node).only_forwards());
                if answered && address.is_some() { Ways::default() } else { ways }
            }
            None => Ways::default(),
        };
        // Nodes that were come to, what stands before each, and who calls it.
        let mut reached: BTreeMap<NodeIx, (Rc<[Conduct]>, Option<NodeIx>)> = BTreeMap::new();
        for hop in ways.iter() {
            let between = match reached.get(&hop.caller) {
                Some((before, _)) => behind(self.sketch.conduct(hop.caller), before),
                None => Rc::default(),
            };
            let step = |element, role, weight| Step {
                element,
                role,
                between: between.clone(),
                caller: Some(hop.caller),
                weight,
                plain: false,
            };
            steps.push(step(Element::Edge(hop.edge), Role::Link, hop.share));
            let node = Element::Node(hop.node);
            if reached.contains_key(&hop.node) {
                let again = steps.iter_mut().find(|step| step.element == node && step.role == Role::Receiver);
                again.into_iter().for_each(|step| step.weight += hop.share);
                continue;
            }
            if hop.node != to {
                steps.push(step(node, Role::Receiver, hop.share));
            }
            reached.insert(hop.node, (between, Some(hop.caller)));
        }
        let (between, caller) = reached.remove(&to).unwrap_or((Rc::default(), from));
        self.addresses(to, address, &between, caller, 1.0, &mut steps);
        steps.push(Step {
            element: Element::Node(to),
            role: Role::Receiver,
            between: between.clone(),
            caller,
            weight: 1.0,
            plain: false,
        });
        self.dependencies_of(to, between, &mut steps);
        self.sharers(&mut steps);
        for step in &mut steps {
            step.plain = self.is_plain(step);
        }
        steps
    }

    /// Jobs that call a node on the route: to the request they look like trouble at that node.
    fn sharers(&self, steps: &mut Vec<Step>) {
        let mut found: Vec<Step> = Vec::new();
        for step in steps.iter().filter(|step| step.role == Role::Receiver) {
            let Element::Node(shared) = step.element else { continue };
            for (_, caller) in self.sketch.callers(shared).iter().take(LONGEST) {
                let job = Element::Node(*caller);
                let is_known = || found.iter().chain(steps.iter()).any(|other| other.element == job);
                if self.sketch.kind(*caller) == Kind::Job && !is_known() {
                    found.push(Step { element: job, role: Role::Sharer, ..step.clone() });
                }
            }
        }
        steps.append(&mut found);
    }

    /// Whether the way to an element is drawn as plain HTTP, and not by mistake for HTTPS, or it only joins connections.
    fn is_plain(&self, step: &Step) -> bool {
        if let Element::Node(node) = step.element
            && self.sketch.conduct(node) == Conduct::Relays
        {
            return true;
        }
        // What was asked for itself knows best whether it went over TLS.
        if step.between.is_empty() {
            return false;
        }
        let edge = match step.element {
            Element::Edge(edge) => Some(edge),
            Element::Node(node) | Element::Address(node, _) => {
                step.caller.and_then(|caller| self.sketch.edge_between(caller, node))
            }
        };
        let edge = edge.and_then(|edge| self.sketch.edge(edge));
        edge.is_some_and(|edge| edge.protocol.as_deref() == Some("http") && !matches!(edge.port, Some(443 | 8443)))
    }

    /// Breadth first through what the target calls, and what that calls.
    fn dependencies_of(&self, target: NodeIx, between: Rc<[Conduct]>, steps: &mut Vec<Step>) {
        let mut seen = order::set([target]);
        seen.extend(steps.iter().filter(|step| step.role != Role::Guide).filter_map(|step| match step.element {
            Element::Node(ix) => Some(ix),
            _ => None,
        }));
        let mut queue = VecDeque::from([(target, between, 1.0)]);
        while let Some((node, between, weight)) = queue.pop_front() {
            let between = behind(self.sketch.conduct(node), &between);
            let called = self.sketch.callees(node);
            let step = |element, role, weight| Step {
                element,
                role,
                between: between.clone(),
                caller: Some(node),
                weight,
                plain: false,
            };
            // Whom it is drawn to ask for the way to all it calls can send it elsewhere.
            let asks = called.iter().map(|(_, callee)| *callee).find(|ix| self.sketch.kind(*ix) == Kind::Dns);
            steps.extend(asks.filter(|_| called.len() > 1).map(|ix| step(Element::Node(ix), Role::Guide, weight)));
            for (edge, callee) in called {
                let weight = weight * self.share(node, *callee, called.len());
                if weight < NEGLIGIBLE || steps.len() > LONGEST || !seen.insert(*callee) {
                    continue;
                }
                steps.push(step(Element::Edge(*edge), Role::Link, weight));
                self.addresses(*callee, None, &between, Some(node), weight, steps);
                steps.push(step(Element::Node(*callee), Role::Receiver, weight));
                queue.push_back((*callee, between.clone(), weight));
            }
        }
    }

    fn addresses(
        &self,
        node: NodeIx,
        only: Option<IpAddr>,
        between: &Rc<[Conduct]>,
        caller: Option<NodeIx>,
        weight: f64,
        steps: &mut Vec<Step>,
    ) {
        let ips = self.sketch.node(node).map(|node| node.ips.as_slice()).unwrap_or_default();
        if ips.len() < 2 {
            return;
        }
        for ip in ips {
            let share = match only {
                Some(only) if only == *ip => 1.0,
                Some(_) => 0.0,
                None => 1.0 / ips.len() as f64,
            };
            steps.push(Step {
                element: Element::Address(node, *ip),
                role: Role::Address,
                between: between.clone(),
                caller,
                weight: weight * share,
                plain: false,
            });
        }
    }

    /// The chance that a request to `node` makes it call `callee`: balancers pick one of their members, services may not
    /// need every dependency for every request.
    fn share(&self, node: NodeIx, callee: NodeIx, called: usize) -> f64 {
        let called = called.max(1) as f64;
        match (self.sketch.kind(node), self.sketch.kind(callee)) {
            (Kind::Dns, Kind::Dns) => PASSED_ON,
            (_, Kind::Dns) => 0.3,
            (Kind::LoadBalancer | Kind::Proxy | Kind::K8sService | Kind::Gateway, _) => 1.0 / called,
            _ => (1.5 / called).min(0.9),
        }
    }
}

/// What stands between the sender and whatever a node calls.
fn behind(node: Conduct, between: &[Conduct]) -> Rc<[Conduct]> {
    std::iter::once(node).chain(between.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::from_arrows;

    #[test]
    fn a_request_passes_its_target_and_what_that_calls_but_nothing_else() {
        let sketch = from_arrows(
            "laptop(client) -> elb[203.0.113.10, 203.0.113.20] -> backend(service) -> db\nmobile(client) -> backend",
            &Sketch::default(),
        )
        .unwrap();
        let routes = Routes::new(&sketch);
        let steps = routes.of_request(sketch.find("laptop"), sketch.find("elb").unwrap(), None, false);
        let ids: Vec<String> = steps.iter().map(|step| sketch.element_id(step.element)).collect();
        assert_eq!(ids, ["laptop", "laptop->elb", "elb", "elb", "elb", "elb->backend", "backend", "backend->db", "db"]);
        assert_eq!(*steps.last().unwrap().between, [Conduct::Works, Conduct::Answers]);
    }

    #[test]
    fn of_several_shortest_ways_the_first_drawn_is_taken() {
        let text = "a(service) -> b(service) -> d(service) -> e(service)\na -> c(service) -> e\na -> d\nb -> b\ne -> a";
        let sketch = from_arrows(text, &Sketch::default()).unwrap();
        let routes = Routes::new(&sketch);
        let way = |from: &str, to: &str| {
            let way = routes.shortest(sketch.find(from).unwrap(), sketch.find(to).unwrap());
            way.map(|way| way.iter().map(|(_, node)| sketch.node(*node).unwrap().id.clone()).collect::<String>())
        };
        assert_eq!(way("a", "e").as_deref(), Some("ce"));
        assert_eq!(way("a", "a").as_deref(), Some(""));
        assert_eq!(way("c", "d").as_deref(), Some("ead"));
        assert_eq!(way("a", "e").as_deref(), Some("ce"));
    }

    #[test]
    fn equal_ways_share_the_requests() {
        let sketch = from_arrows(
            "pc(client) -> core(gateway) -> a(gateway) -> archive(service)\ncore -> b(gateway) -> archive",
            &Sketch::default(),
        )
        .unwrap();
        let steps = Routes::new(&sketch).of_request(sketch.find("pc"), sketch.find("archive").unwrap(), None, false);
        let told: Vec<String> =
            steps.iter().map(|step| format!("{} {}", sketch.element_id(step.element), step.weight)).collect();
        assert_eq!(
            told.join(", "),
            "pc 1, pc->core 1, core 1, core->a 0.5, a 0.5, core->b 0.5, b 0.5, a->archive 0.5, b->archive 0.5, archive 1"
        );
    }

    #[test]
    fn circles_end() {
        let sketch = from_arrows("a(service) -> b(service) -> a\nb -> b", &Sketch::default()).unwrap();
        let steps = Routes::new(&sketch).of_request(None, sketch.find("a").unwrap(), None, false);
        assert_eq!(steps.len(), 3);
    }
}
