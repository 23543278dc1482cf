//! Finds whom an error of a store concerns: the stores behind whoever passes it on, and who asks the wrong one of them.
//!
//! ```text
//! voting$ redis-cli -h 10.226.5.2 set probe 1     (error) READONLY You can't write against a read only replica.   (through a balancer)
//! app$    FATAL:  server login failed: wrong password type                                                    (PgBouncer's own login)
//! ```

use super::Paste;
use super::state::is_store;
use crate::order;
use crate::sketch::{Element, Kind, Node, NodeIx};

/// What people call a store that follows another one.
const REPLICA: &[&str] = &["standby", "replica", "secondary", "follower", "read-only", "readonly"];

pub(super) fn is_called_a_replica(node: Option<&Node>) -> bool {
    let name = node.map(|node| node.name().to_ascii_lowercase()).unwrap_or_default();
    REPLICA.iter().any(|word| name.contains(word))
}

impl Paste<'_> {
    /// The stores that a node calls, also through what stands in front of them.
    pub(super) fn stores_of(&self, node: NodeIx) -> Vec<NodeIx> {
        let (routes, sketch) = (self.targets.routes, self.targets.sketch);
        let called = |ix: NodeIx| routes.dependencies(ix).into_iter().map(|(_, callee)| callee);
        let behind = called(node).filter(|ix| self.is_in_front(*ix)).flat_map(called);
        order::set(called(node).chain(behind).filter(|ix| is_store(sketch.kind(*ix)))).into_iter().collect()
    }

    fn is_in_front(&self, ix: NodeIx) -> bool {
        let kind = self.targets.sketch.kind(ix);
        kind.answers_for_others() || kind == Kind::Pool
    }

    /// What is said through a balancer is said by the stores behind it; a pooler or proxy has refusals of its own, but keeps nothing.
    pub(super) fn or_who_keeps(&self, value: &str, at: Vec<Element>) -> Vec<Element> {
        let kept = matches!(value, "read_only" | "out_of_memory" | "disk_full" | "starting");
        let in_front = |ix: NodeIx| {
            self.is_in_front(ix) && (kept || !matches!(self.targets.sketch.kind(ix), Kind::Proxy | Kind::Pool))
        };
        let hop = at.iter().find_map(|element| match element {
            Element::Node(ix) if in_front(*ix) => Some(*ix),
            _ => None,
        });
        let stores = hop.map(|hop| self.stores_of(hop)).filter(|stores| !stores.is_empty());
        stores.map_or(at, |stores| stores.into_iter().map(Element::Node).collect())
    }

    /// A store that follows another one takes no writes: whoever sends them there is at fault, or whoever told it the way; of several
    /// stores behind a hop that is the hop.
    pub(super) fn or_who_writes_to_a_replica(&self, at: Vec<Element>) -> Vec<Element> {
        let (routes, sketch) = (self.targets.routes, self.targets.sketch);
        let is_a_store = |ix: NodeIx| is_store(sketch.kind(ix));
        let chooses = |ix: NodeIx| !is_a_store(ix) && self.is_in_front(ix) && self.stores_of(ix).len() > 1;
        let is_chosen = |ix: NodeIx| at.len() > 1 && routes.callers(ix).iter().any(|(_, caller)| chooses(*caller));
        let replicas = at.iter().filter_map(|element| match element {
            Element::Node(ix) if is_a_store(*ix) => Some(*ix),
            _ => None,
        });
        let follows = |ix: NodeIx| routes.dependencies(ix).iter().any(|(_, other)| is_a_store(*other));
        let others = |ix: NodeIx| sketch.node_indices().any(|other| other != ix && is_a_store(other));
        let is_known = |ix: NodeIx| follows(ix) || others(ix) && is_called_a_replica(sketch.node(ix));
        let (known, left): (Vec<NodeIx>, Vec<NodeIx>) = replicas.partition(|ix| is_known(*ix));
        // Where nobody knows which one follows another, it may as well be a store that no hop has chosen.
        let (replicas, left) = match known.is_empty() {
            true => left.into_iter().partition(|ix| is_chosen(*ix)),
            false => (known, Vec::new()),
        };
        let callers = replicas.into_iter().flat_map(|replica| routes.callers(replica)).map(|(_, caller)| caller);
        let writers: Vec<NodeIx> = callers.filter(|caller| !is_a_store(*caller)).collect();
        let told_by = writers.iter().flat_map(|writer| routes.resolvers(*writer)).map(|(_, resolver)| *resolver);
        let concerned = order::set(writers.iter().copied().chain(told_by).chain(left));
        if writers.is_empty() { at } else { concerned.into_iter().map(Element::Node).collect() }
    }

    /// What a pooler says of its own login: at itself, at the server behind it, and at the way between.
    pub(super) fn or_what_is_behind(&self, pooler: Option<NodeIx>, at: Vec<Element>) -> Vec<Element> {
        let Some(pooler) = pooler.filter(|ix| !is_store(self.targets.sketch.kind(*ix))) else { return at };
        let behind = self.targets.routes.dependencies(pooler).into_iter();
        let behind = behind.flat_map(|(edge, callee)| [Element::Edge(edge), Element::Node(callee)]);
        std::iter::once(Element::Node(pooler)).chain(behind).collect()
    }
}
