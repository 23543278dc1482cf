//! What the evidence clears, and only for what was tested.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Belief, Cluster, Key};
use crate::diagnosis::{Cleared, Seen};
use crate::fact::{Outcome, Stage};
use crate::hypotheses::Cause;
use crate::order;
use crate::place::{Observation, Sight, took_long};
use crate::routes::Role;
use crate::sketch::{EdgeIx, Element, Kind, Node, NodeIx, Sketch};

mod covered;

/// An element is cleared only if it keeps less than this share of its prior …
const SHARE_OF_PRIOR: f64 = 0.35;

/// … and less than this belief altogether.
const BELIEF: f64 = 0.05;

/// What a request reaches with more than this chance it demonstrably passed when it was served.
const CERTAIN: f64 = 0.85;

/// A success that crossed an element.
struct Crossing {
    seen: Seen,
    what: String,
    from: Option<NodeIx>,
}

/// Every element that some success crossed and that no longer explains anything.
pub fn cleared(belief: &Belief) -> Vec<Cleared> {
    let crossings = crossings(belief);
    let blocked = blocked(belief, &crossings);
    let mut cleared = Vec::new();
    for (element, crossed) in &crossings {
        let p = belief.at(*element);
        let tested = p <= BELIEF && p <= SHARE_OF_PRIOR * belief.prior(*element);
        let open = blocked.contains(element) || is_left_open(belief, *element);
        let holds = |crossing: &&Crossing| !covered::is_contradicted(belief, *element, crossing.from, &crossing.what);
        let crossed: Vec<&Crossing> = crossed.iter().filter(holds).collect();
        if crossed.is_empty() || !tested || open || covered::is_implicated(belief, *element) {
            continue;
        }
        let address = match element {
            Element::Address(_, ip) => Some(*ip),
            _ => None,
        };
        let mut because: Vec<Seen> = crossed.iter().map(|crossing| crossing.seen.clone()).collect();
        order::by_key(&mut because, |seen| (seen.evidence, seen.lines));
        because.dedup();
        cleared.push(Cleared {
            element: belief.sketch.element_id(*element),
            address,
            scope: scope(belief.sketch, &crossed),
            because,
        });
    }
    cleared
}

fn scope(sketch: &Sketch, crossed: &[&Crossing]) -> String {
    let whats: BTreeSet<&str> =
        order::set(crossed.iter().map(|crossing| crossing.what.as_str()).filter(|what| !what.is_empty()));
    let froms: BTreeSet<&str> =
        order::set(crossed.iter().filter_map(|crossing| crossing.from.and_then(|ix| sketch.node(ix))).map(Node::name));
    let list = |items: BTreeSet<&str>| items.into_iter().collect::<Vec<_>>().join(", ");
    match (whats.is_empty(), froms.is_empty()) {
        (false, false) => format!("{}, from {}", list(whats), list(froms)),
        (false, true) => list(whats),
        (true, false) => format!("from {}", list(froms)),
        (true, true) => "as tested".to_owned(),
    }
}

/// Elements that a success crossed, with what the success was.
fn crossings(belief: &Belief) -> BTreeMap<Element, Vec<Crossing>> {
    let mut crossings: BTreeMap<Element, Vec<Crossing>> = BTreeMap::new();
    for cluster in &belief.clusters {
        if let Key::Blame { not, .. } = &cluster.key {
            let seen = cluster.observations.first().and_then(|position| belief.observations.get(*position));
            for (element, why) in not {
                let crossing =
                    seen.map(|observation| Crossing { seen: observation.seen.clone(), what: why.clone(), from: None });
                crossings.entry(*element).or_default().extend(crossing);
            }
        }
        let Key::Request { from, subject, .. } = &cluster.key else { continue };
        let crossed = crossed(belief, cluster);
        for element in crossed {
            for position in &cluster.observations {
                if let Some(observation) = belief.observations.get(*position) {
                    crossings.entry(element).or_default().push(Crossing {
                        seen: observation.seen.clone(),
                        what: subject.clone(),
                        from: *from,
                    });
                }
            }
        }
    }
    crossings
}

/// Elements that the best request of a cluster demonstrably passed.
fn crossed(belief: &Belief, cluster: &Cluster) -> BTreeSet<Element> {
    let mut crossed = BTreeSet::new();
    let Key::Request { to, address, tests, subject, spoke, whole, .. } = &cluster.key else { return crossed };
    let mut seen = cluster.observations.iter().filter_map(|position| belief.observations.get(*position));
    let late = |one: &Observation| matches!(&one.sight, Sight::Request(request) if took_long(&request.times));
    // What came late may have been held up anywhere.
    if seen.all(late) {
        return crossed;
    }
    let Some(sight) = cluster.counts.keys().map(|outcome| reach(*outcome, *tests)).max() else { return crossed };
    for step in cluster.steps.iter() {
        let passed = match (step.role, step.element) {
            (Role::Maker, _) => false,
            (Role::Link, _) if step.between.is_empty() => step.weight > CERTAIN && sight >= Reach::Connected,
            (Role::Address, Element::Address(node, ip)) => {
                node == *to && Some(ip) == *address && !*whole && sight >= Reach::Connected
            }
            (Role::Receiver, Element::Node(node)) if step.between.is_empty() && step.weight > CERTAIN => {
                sight == Reach::Served || (sight == Reach::Answered && spoke.is_some_and(|spoke| spoke != node))
            }
            // Behind the target: only where the drawing leaves the answer no other way.
            (Role::Link | Role::Receiver, element) => {
                sight == Reach::Served && certain(belief.sketch, step.weight, element, subject)
                    || *spoke == node_of(element) && spoke.is_some() && sight == Reach::Served
            }
            _ => false,
        };
        if passed {
            crossed.insert(step.element);
        }
        // The link to the member that served the request carried it.
        if let (Some(spoke), Element::Edge(edge)) = (spoke, step.element)
            && belief.sketch.ends(edge).is_some_and(|(_, end)| end == *spoke)
            && sight >= Reach::Served
        {
            crossed.insert(step.element);
        }
    }
    crossed
}

/// How far a request demonstrably came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Nowhere,
    Connected,
    /// Some HTTP answer came back.
    Answered,
    /// The answer was the wanted one.
    Served,
}

fn reach(outcome: Outcome, tests: Stage) -> Reach {
    match outcome {
        Outcome::Ok if tests == Stage::Resolve || tests == Stage::Exchange => Reach::Served,
        Outcome::Ok | Outcome::EmptyReply => Reach::Connected,
        // A refusal to serve this request may be owed to the way it was sent.
        outcome if outcome.is_client_error() => Reach::Nowhere,
        Outcome::RedirectLoop | Outcome::Redirected => Reach::Answered,
        Outcome::Nxdomain | Outcome::NoData => Reach::Connected,
        outcome if outcome.is_http() => Reach::Answered,
        _ => Reach::Nowhere,
    }
}

fn node_of(element: Element) -> Option<NodeIx> {
    match element {
        Element::Node(ix) | Element::Address(ix, _) => Some(ix),
        Element::Edge(_) => None,
    }
}

/// Whether an answer must have come from this element: the only member behind a balancer, the only dependency of a service
/// that was asked for real work and not for its health.
fn certain(sketch: &Sketch, weight: f64, element: Element, subject: &str) -> bool {
    let kind = match element {
        Element::Node(ix) | Element::Address(ix, _) => sketch.kind(ix),
        Element::Edge(ix) => sketch.ends(ix).map_or(Kind::Other, |(_, to)| sketch.kind(to)),
    };
    let health = ["health", "ready", "live", "ping", "status", "metrics"].iter().any(|word| subject.contains(word));
    match kind {
        Kind::Dns => false,
        Kind::Service | Kind::Function | Kind::Pod | Kind::Proxy | Kind::LoadBalancer => weight > CERTAIN,
        _ => weight > CERTAIN && !health && !subject.is_empty() && subject != "/",
    }
}

/// Elements that some failing request may still be blamed on, however unlikely: a wrong "it is not this" is worse than silence.
fn blocked(belief: &Belief, crossings: &BTreeMap<Element, Vec<Crossing>>) -> BTreeSet<Element> {
    let mut blocked = BTreeSet::new();
    for cluster in &belief.clusters {
        match &cluster.key {
            Key::Request { from, to, address, spoke, .. } => {
                if cluster.counts.keys().any(|outcome| is_doubtful(*outcome)) {
                    on_the_way(belief, cluster, *from, *to, *address, crossings, &mut blocked);
                }
                let silent = [Outcome::Servfail, Outcome::DnsTimeout, Outcome::DnsSlow, Outcome::Unresolved];
                if silent.iter().any(|outcome| cluster.counts.contains_key(outcome)) {
                    // Any name server behind the one that was asked may have kept the answer back.
                    let behind = cluster.steps.iter().filter(|step| !step.between.is_empty()).map(|step| step.element);
                    blocked.extend(behind.filter(|element| is_name_server(belief, *element)));
                }
                if [Outcome::DnsTimeout, Outcome::DnsSlow].iter().any(|outcome| cluster.counts.contains_key(outcome)) {
                    // Who keeps silent, or one waiting, and answers another may sort its askers itself.
                    blocked.insert(Element::Node(*to));
                }
                if [Outcome::RedirectLoop, Outcome::RedirectBroken]
                    .iter()
                    .any(|outcome| cluster.counts.contains_key(outcome))
                {
                    // Whoever made the redirect and whoever passed it on can mend it.
                    let all = cluster.steps.iter().filter(|step| step.role == Role::Receiver).map(|step| step.element);
                    let links = cluster.steps.iter().filter(|step| !step.between.is_empty()).map(|step| step.element);
                    blocked.extend(all.chain(links).filter(|element| !is_name_server(belief, *element)));
                }
                if cluster.counts.contains_key(&Outcome::Http400) && spoke.is_none_or(|spoke| spoke != *to) {
                    // Whoever stands behind may not understand how it is asked from here, and no other way to ask shows that.
                    blocked.extend(belief.routes.dependencies(*to).into_iter().map(|(_, node)| Element::Node(node)));
                }
                if cluster.counts.keys().any(|outcome| outcome.is_http()) {
                    let mixed = cluster.counts.contains_key(&Outcome::Ok);
                    behind(belief, spoke.unwrap_or(*to), mixed, &mut blocked);
                }
            }
            Key::Blame { begins, .. } => blocked.extend(begins.iter().copied()),
            // A state that healthy elements do not show leaves in question whatever it was seen at.
            Key::State { observable, at } => {
                let all: Vec<Element> =
                    at.iter().filter(|element| shown(belief, cluster, **element)).copied().collect();
                let nodes = all.iter().filter_map(|element| node_of(*element));
                for pair in nodes.clone().flat_map(|a| nodes.clone().map(move |b| (a, b))) {
                    blocked.extend(belief.sketch.edge_between(pair.0, pair.1).map(Element::Edge));
                }
                // An answer that is not as drawn may have been made by any name server behind the one that gave it.
                if observable == "dns.answer" && !is_as_drawn(belief, cluster) {
                    let asked =
                        at.iter().filter(|element| is_name_server(belief, **element)).filter_map(|e| node_of(*e));
                    asked.for_each(|server| name_servers_behind(belief, server, &mut blocked));
                }
                // A complaint in words nobody knows may be about the way as much as about its end.
                if observable == "complaint" {
                    let ends = all.iter().filter_map(|element| node_of(*element));
                    let ways = ends.flat_map(|end| belief.routes.callers(end));
                    blocked.extend(ways.map(|(edge, _)| Element::Edge(edge)));
                }
                // What a proxy says of a request it failed is about the way behind it as much as about itself.
                if observable == "proxy.reason" {
                    let fronts = all.iter().filter_map(|element| node_of(*element));
                    let behind = fronts.flat_map(|front| belief.routes.dependencies(front));
                    blocked.extend(behind.map(|(edge, _)| Element::Edge(edge)));
                }
                blocked.extend(all);
            }
        }
    }
    unused_family(belief, &mut blocked);
    blocked
}

/// Whether what is believed of its neighbors leaves an element in question.
fn is_left_open(belief: &Belief, element: Element) -> bool {
    let sketch = belief.sketch;
    match element {
        Element::Node(node) => {
            // A pool is a part of the service that keeps it.
            let suspected = |pool: NodeIx| sketch.kind(pool) == Kind::Pool && belief.at(Element::Node(pool)) > BELIEF;
            // What only forwards may treat every sender differently, so nobody's success speaks for another's.
            sketch.kind(node).only_forwards()
                || sketch.callees(node).iter().any(|(_, called)| suspected(*called))
                // What no runbook describes on a way may as well be done at its end.
                || sketch.callers(node).iter().any(|(edge, _)| undescribed(belief, *edge))
        }
        // Between a suspect and the ways to and from it lies only a label: whoever mends the one looks at the other.
        Element::Edge(edge) => touches_suspect(belief, edge),
        Element::Address(_, _) => false,
    }
}

/// Whether nearly all belief is in a fault of the edge that no runbook describes.
fn undescribed(belief: &Belief, edge: EdgeIx) -> bool {
    let hypotheses = belief.places.about(Element::Edge(edge));
    let is_vague = |h: &usize| matches!(belief.cause(*h), Some(Cause::NotDescribed(_)));
    hypotheses.filter(is_vague).map(|h| belief.probability(h)).sum::<f64>() > 0.5
}

fn is_as_drawn(belief: &Belief, cluster: &Cluster) -> bool {
    let seen = cluster.observations.iter().filter_map(|position| belief.observations.get(*position));
    seen.map(|observation| &observation.sight)
        .all(|sight| matches!(sight, Sight::State { value, .. } if value == "as_drawn"))
}

/// A name server, those it asks, and the ways between them.
fn name_servers_behind(belief: &Belief, server: NodeIx, blocked: &mut BTreeSet<Element>) {
    let mut asked = vec![server];
    while let Some(server) = asked.pop() {
        if blocked.insert(Element::Node(server)) {
            for (edge, next) in belief.routes.resolvers(server) {
                blocked.insert(Element::Edge(*edge));
                asked.push(*next);
            }
        }
    }
}

fn is_name_server(belief: &Belief, element: Element) -> bool {
    matches!(element, Element::Node(node) if belief.sketch.kind(node) == Kind::Dns)
}

fn touches_suspect(belief: &Belief, edge: EdgeIx) -> bool {
    // What only forwards treats each sender in its own way, so less is enough to leave its edges in question.
    let enough = |node| if belief.sketch.kind(node).only_forwards() { 0.02 } else { 0.3 };
    let suspected = |node| belief.at(Element::Node(node)) > enough(node);
    belief.sketch.ends(edge).is_some_and(|(from, to)| suspected(from) || suspected(to))
}

/// Whether an outcome leaves the way itself in question.
fn is_doubtful(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Ok | Outcome::Redirected | Outcome::Overtaken | Outcome::EmptyReply => false,
        Outcome::Hang
        | Outcome::Reset
        | Outcome::Truncated
        | Outcome::TimedOut
        | Outcome::Unserved
        | Outcome::Slow
        | Outcome::SlowBody => true,
        other => matches!(other.stage(), Stage::Connect | Stage::Tls) || other.is_client_error(),
    }
}

/// The edge, and the node unless somebody else got through to the same place.
fn on_the_way(
    belief: &Belief,
    cluster: &Cluster,
    from: Option<NodeIx>,
    to: NodeIx,
    address: Option<IpAddr>,
    crossings: &BTreeMap<Element, Vec<Crossing>>,
    blocked: &mut BTreeSet<Element>,
) {
    for step in cluster.steps.iter().filter(|step| step.between.is_empty()) {
        match step.element {
            Element::Edge(_) => {
                blocked.insert(step.element);
            }
            Element::Node(node) if node == to => {
                let ips = belief.sketch.node(node).map_or(0, |node| node.ips.len());
                let part = if ips > 1 { address.map(|ip| Element::Address(node, ip)) } else { Some(step.element) };
                let by_others = part
                    .and_then(|part| crossings.get(&part))
                    .is_some_and(|all| all.iter().any(|one| one.from != from));
                if !by_others {
                    blocked.insert(step.element);
                    blocked.extend(part);
                }
            }
            _ => {}
        }
    }
}

/// Who answered with an error may have caused it, and so may the edges behind it.
fn behind(belief: &Belief, speaker: NodeIx, mixed: bool, blocked: &mut BTreeSet<Element>) {
    let front = belief.sketch.kind(speaker).answers_for_others();
    if !front || mixed {
        blocked.insert(Element::Node(speaker));
    }
    blocked
        .extend(belief.routes.dependencies(speaker).into_iter().map(|(edge, _)| Element::Edge(edge)).filter(|_| front));
}

/// Whether the state argues for a fault of the element.
fn shown(belief: &Belief, cluster: &Cluster, element: Element) -> bool {
    belief.places.about(element).any(|h| belief.bits(cluster, h) > 1.0)
}

/// Addresses of a family that never work may not belong into DNS at all, so the name server that gives them is not cleared.
fn unused_family(belief: &Belief, blocked: &mut BTreeSet<Element>) {
    let mut worked: BTreeMap<(NodeIx, bool), bool> = BTreeMap::new();
    for cluster in &belief.clusters {
        if let Key::Request { to, address: Some(ip), tests, .. } = &cluster.key
            && *tests >= Stage::Connect
        {
            *worked.entry((*to, ip.is_ipv6())).or_default() |= cluster.counts.contains_key(&Outcome::Ok);
        }
    }
    let dead = worked.iter().any(|((to, v6), ok)| !ok && worked.get(&(*to, !v6)).is_some_and(|other| *other));
    if dead {
        blocked
            .extend(belief.sketch.node_indices().filter(|ix| belief.sketch.kind(*ix) == Kind::Dns).map(Element::Node));
    }
}
