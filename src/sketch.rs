//! The architecture as a person drew it: nodes, edges, and the elements of it that can fail.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod arrows;
mod calls;
mod conduct;
mod import;
mod kind;

pub use arrows::{from_arrows, to_arrows};
pub use conduct::Conduct;
pub use import::{import, to_mermaid};
pub use kind::Kind;

use calls::Calls;

/// The attribute that says what monitoring calls a node or an edge, several names parted by ";".
pub const MEASURED_AS: &str = "measured_as";

/// One box of the drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Unique in its drawing; what edges, evidence and verdicts refer to.
    pub id: String,
    /// What it is; decides which failure modes it can have.
    pub kind: KindWord,
    /// What a person calls it. Empty means: call it by its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Names that resolve to this node, without trailing dot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Its addresses; each can fail on its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<IpAddr>,
    /// Ports it is expected to answer on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// Who runs it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub team: String,
    /// Whatever else is known: scheme, subnet, idle timeout …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<String, serde_json::Value>,
}

impl Node {
    /// A node of which only the id and kind are known.
    pub fn new(id: &str, kind: Kind) -> Node {
        Node {
            id: id.to_owned(),
            kind: kind.into(),
            label: String::new(),
            hosts: Vec::new(),
            ips: Vec::new(),
            ports: Vec::new(),
            team: String::new(),
            attrs: BTreeMap::new(),
        }
    }

    /// What to call it in a sentence.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.id } else { &self.label }
    }

    /// An attribute as plain text, whatever JSON type it was written as.
    pub fn attr(&self, name: &str) -> Option<String> {
        self.attrs.get(name).map(|value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }
}

/// A kind together with the word the author used for it, so that saving gives back what was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct KindWord {
    pub kind: Kind,
    given: String,
}

impl From<Kind> for KindWord {
    fn from(kind: Kind) -> Self {
        KindWord { kind, given: kind.word().to_owned() }
    }
}

impl Serialize for KindWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.given)
    }
}

impl<'de> Deserialize<'de> for KindWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = String::deserialize(deserializer)?;
        match Kind::from_word(&given) {
            Some(kind) => Ok(KindWord { kind, given }),
            None => Err(serde::de::Error::custom(format!(
                "\"{given}\" is not a kind of node; use one of {}",
                Kind::ALL.map(Kind::word).join(", ")
            ))),
        }
    }
}

/// A caller and what it calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// Id of the calling node.
    pub from: String,
    /// Id of the called node.
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<String, serde_json::Value>,
}

/// Position of a node in its sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub usize);

/// Position of an edge in its sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeIx(pub usize);

/// Anything that can be at fault: a node, an edge, or one address behind a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    Node(NodeIx),
    Edge(EdgeIx),
    Address(NodeIx, IpAddr),
}

/// A drawing in which every edge joins two nodes that exist and every id is unique. It never changes, so copies share it.
#[derive(Debug, Clone, Default)]
pub struct Sketch(Arc<Drawn>);

impl PartialEq for Sketch {
    fn eq(&self, other: &Sketch) -> bool {
        // All else follows from these.
        self.is_copy_of(other) || (self.nodes() == other.nodes() && self.edges() == other.edges())
    }
}

#[derive(Debug, Default, Serialize)]
struct Drawn {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    #[serde(skip)]
    by_id: BTreeMap<String, NodeIx>,
    #[serde(skip)]
    ends: Vec<(NodeIx, NodeIx)>,
    #[serde(skip)]
    by_ends: BTreeMap<(NodeIx, NodeIx), EdgeIx>,
    #[serde(skip)]
    callees: Calls,
    #[serde(skip)]
    callers: Calls,
}

impl Serialize for Sketch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What is wrong with a drawing, one sentence each, worded for the person who can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SketchErrors(pub Vec<String>);

impl fmt::Display for SketchErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Sketch {
    /// Checks a drawing.
    ///
    /// # Errors
    /// All complaints at once: ids that are empty or used twice, edges to nodes that do not exist.
    pub fn new(nodes: Vec<Node>, edges: Vec<Edge>) -> Result<Sketch, SketchErrors> {
        let mut complaints = Vec::new();
        let mut by_id = BTreeMap::new();
        for (position, node) in nodes.iter().enumerate() {
            if node.id.trim().is_empty() {
                complaints.push(format!("node {} has no id: give it a short name", position + 1));
            } else if by_id.insert(node.id.clone(), NodeIx(position)).is_some() {
                complaints.push(format!("two nodes have the id \"{}\": rename one of them", node.id));
            }
        }
        let mut ends = Vec::new();
        for edge in &edges {
            match (by_id.get(&edge.from), by_id.get(&edge.to)) {
                (Some(from), Some(to)) => ends.push((*from, *to)),
                (from, _) => {
                    let missing = if from.is_none() { &edge.from } else { &edge.to };
                    complaints.push(format!(
                        "the edge {}->{} needs a node \"{missing}\", which is not drawn: add it or remove the edge",
                        edge.from, edge.to
                    ));
                }
            }
        }
        if !complaints.is_empty() {
            return Err(SketchErrors(complaints));
        }
        let mut by_ends = BTreeMap::new();
        for (position, ends) in ends.iter().enumerate() {
            by_ends.entry(*ends).or_insert(EdgeIx(position));
        }
        let calls = || ends.iter().enumerate().map(|(position, (from, to))| (EdgeIx(position), *from, *to));
        let callees = Calls::of(nodes.len(), calls());
        let callers = Calls::of(nodes.len(), calls().map(|(edge, from, to)| (edge, to, from)));
        Ok(Sketch(Arc::new(Drawn { nodes, edges, by_id, ends, by_ends, callees, callers })))
    }

    pub fn is_empty(&self) -> bool {
        self.0.nodes.is_empty()
    }

    pub fn nodes(&self) -> &[Node] {
        &self.0.nodes
    }

    pub fn edges(&self) -> &[Edge] {
        &self.0.edges
    }

    pub fn node(&self, ix: NodeIx) -> Option<&Node> {
        self.0.nodes.get(ix.0)
    }

    pub fn edge(&self, ix: EdgeIx) -> Option<&Edge> {
        self.0.edges.get(ix.0)
    }

    /// Both ends of an edge, caller first.
    pub fn ends(&self, ix: EdgeIx) -> Option<(NodeIx, NodeIx)> {
        self.0.ends.get(ix.0).copied()
    }

    pub fn node_indices(&self) -> impl Iterator<Item = NodeIx> + use<> {
        (0..self.0.nodes.len()).map(NodeIx)
    }

    pub fn edge_indices(&self) -> impl Iterator<Item = EdgeIx> + use<> {
        (0..self.0.edges.len()).map(EdgeIx)
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.0.by_id.get(id).copied()
    }

    /// What is drawn under this id.
    pub fn by_id(&self, id: &str) -> Option<&Node> {
        self.node(self.find(id)?)
    }

    pub fn kind(&self, ix: NodeIx) -> Kind {
        self.node(ix).map_or(Kind::Other, |node| node.kind.kind)
    }

    /// What a node calls, in the order drawn.
    pub fn callees(&self, ix: NodeIx) -> &[(EdgeIx, NodeIx)] {
        self.0.callees.of_node(ix)
    }

    /// What calls a node, in the order drawn.
    pub fn callers(&self, ix: NodeIx) -> &[(EdgeIx, NodeIx)] {
        self.0.callers.of_node(ix)
    }

    /// Whether this is the same drawing in the same place: a copy, not one that was drawn alike.
    pub fn is_copy_of(&self, other: &Sketch) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The first edge from one node to another.
    pub fn edge_between(&self, from: NodeIx, to: NodeIx) -> Option<EdgeIx> {
        self.0.by_ends.get(&(from, to)).copied()
    }

    /// How case files and links write an element: `elb`, `elb` with an address apart, `laptop->elb`.
    pub fn element_id(&self, element: Element) -> String {
        match element {
            Element::Node(ix) | Element::Address(ix, _) => {
                self.node(ix).map(|node| node.id.clone()).unwrap_or_default()
            }
            Element::Edge(ix) => self.edge(ix).map(|edge| format!("{}->{}", edge.from, edge.to)).unwrap_or_default(),
        }
    }

    /// The element an id stands for: a node's id, `node#address`, or two ids joined by `->`.
    pub fn element(&self, id: &str) -> Option<Element> {
        if let Some(ix) = self.find(id) {
            return Some(Element::Node(ix));
        }
        if let Some((node, address)) = id.split_once('#') {
            return Some(Element::Address(self.find(node.trim())?, address.trim().parse().ok()?));
        }
        let (from, to) = id.split_once("->")?;
        let edge = self.edge_between(self.find(from.trim())?, self.find(to.trim())?)?;
        Some(Element::Edge(edge))
    }

    /// The element that monitoring calls so, where a person said it: [`MEASURED_AS`] of a node or an edge holds the name.
    pub fn measured_as(&self, called: &str) -> Option<Element> {
        let says = |attrs: &BTreeMap<String, serde_json::Value>| {
            let names = attrs.get(MEASURED_AS).and_then(serde_json::Value::as_str).unwrap_or_default();
            names.split(';').any(|name| !called.is_empty() && name.trim() == called)
        };
        let node = self.0.nodes.iter().position(|node| says(&node.attrs)).map(|at| Element::Node(NodeIx(at)));
        node.or_else(|| self.0.edges.iter().position(|edge| says(&edge.attrs)).map(|at| Element::Edge(EdgeIx(at))))
    }

    /// What to call an element in a sentence.
    pub fn element_name(&self, element: Element) -> String {
        match element {
            Element::Node(ix) => self.node(ix).map(|n| n.name().to_owned()).unwrap_or_default(),
            Element::Address(ix, ip) => {
                let (name, of) = self.node(ix).map(|node| (node.name(), node.ips.len())).unwrap_or_default();
                if of > 1 { format!("{ip}, one of {of} addresses of {name}") } else { format!("{ip} of {name}") }
            }
            Element::Edge(ix) => {
                let name = |n: NodeIx| self.node(n).map(Node::name).unwrap_or_default();
                self.ends(ix)
                    .map(|(from, to)| format!("the path from {} to {}", name(from), name(to)))
                    .unwrap_or_default()
            }
        }
    }
}
