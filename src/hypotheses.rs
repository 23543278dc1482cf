//! Everything that may be wrong: each element with each failure mode of its kind, and what no runbook describes.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;

use crate::order;
use crate::runbook::{FailureMode, Place, Shelf};
use crate::sketch::{EdgeIx, Element, Kind, NodeIx, Sketch};

mod parts;

/// What is wrong if a hypothesis is true.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'a> {
    /// This element fails as a runbook describes.
    Described(Element, &'a FailureMode),
    /// This element fails in a way no runbook describes.
    NotDescribed(Element),
    /// Nothing is wrong.
    Nothing,
    /// Something that is not in the drawing is wrong.
    Outside,
}

impl Cause<'_> {
    pub fn element(&self) -> Option<Element> {
        match self {
            Cause::Described(element, _) | Cause::NotDescribed(element) => Some(*element),
            Cause::Nothing | Cause::Outside => None,
        }
    }
}

/// The least share of an element's prior that is kept for what no runbook describes.
const NOT_DESCRIBED: f64 = 0.1;

/// How much of a fault of its data a name server keeps that gets them from another: an answer it holds by itself is the exception.
const HELD: f64 = 0.3;

/// Everything that may be wrong with a drawing, before any evidence.
///
/// Hypotheses are numbered element by element; the last two concern none: nothing is wrong, and something outside the drawing. Nothing
/// is kept of each: elements of one nature have the same failure modes.
#[derive(Debug)]
pub struct Hypotheses {
    pub sketch: Sketch,
    pub shelf: Shelf,
    pub places: Places,
    pub natures: Vec<Nature>,
    /// Of each part of the drawing that hangs together, how many elements of which natures are in it.
    pub parts: Vec<BTreeMap<usize, usize>>,
}

/// Elements to which the same can happen.
#[derive(Debug)]
pub struct Nature {
    /// Positions of their modes on the shelf, and the logarithm of each mode's share of an element's prior; what no runbook describes
    /// comes last.
    pub modes: Vec<(Option<(usize, usize)>, f64)>,
    /// How often such an element is the culprit, relative to the others.
    pub guilt: f64,
    /// Their positions among all elements, in order.
    pub members: Vec<usize>,
}

/// Where the hypotheses about one element stand among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Position of the element among all elements.
    pub at: usize,
    first: usize,
    count: usize,
    /// Elements with the same number have the same failure modes, in the same order.
    pub nature: usize,
    /// The part of the drawing it hangs together with.
    pub part: usize,
}

impl Spot {
    pub fn hypotheses(&self) -> Range<usize> {
        self.first..self.first + self.count
    }
}

/// Where the hypotheses about each element stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Places {
    /// Nodes, then edges, both in the order drawn, then addresses in theirs.
    spots: Vec<(Element, Spot)>,
    nodes: usize,
    edges: usize,
    /// Which element each `STRIDE`th hypothesis is about: from there it is a few steps to that of any other.
    milestones: Vec<usize>,
}

/// An element has about so many hypotheses.
const STRIDE: usize = 16;

impl Places {
    /// Adds an element of a nature with so many modes, in a part of the drawing.
    fn push(&mut self, element: Element, count: usize, nature: usize, part: usize) {
        let (at, first) = (self.spots.len(), self.hypotheses());
        while self.milestones.len() * STRIDE < first + count {
            self.milestones.push(at);
        }
        self.spots.push((element, Spot { at, first, count, nature, part }));
    }

    /// How many hypotheses are about an element.
    fn hypotheses(&self) -> usize {
        self.spots.last().map_or(0, |(_, spot)| spot.first + spot.count)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// Where an element stands; nothing for an address that is its node's only one.
    pub fn spot(&self, element: Element) -> Option<&Spot> {
        let at = match element {
            Element::Node(ix) => ix.0,
            Element::Edge(ix) => self.nodes + ix.0,
            Element::Address(..) => {
                let before = self.nodes + self.edges;
                before + self.spots.get(before..)?.binary_search_by(|(other, _)| other.cmp(&element)).ok()?
            }
        };
        self.spots.get(at).filter(|(other, _)| *other == element).map(|(_, spot)| spot)
    }

    /// The hypotheses about an element.
    pub fn about(&self, element: Element) -> Range<usize> {
        self.spot(element).map_or(0..0, Spot::hypotheses)
    }

    /// The element at a position, and where its hypotheses stand.
    pub fn at(&self, at: usize) -> Option<(Element, Spot)> {
        self.spots.get(at).copied()
    }

    /// The element that a hypothesis is about, and where it stands.
    pub fn of_hypothesis(&self, h: usize) -> Option<(Element, Spot)> {
        let near = self.spots.get(*self.milestones.get(h / STRIDE)?..)?;
        near.iter().find(|(_, spot)| h < spot.first + spot.count).copied()
    }

    /// All elements in order.
    pub fn elements(&self) -> impl Iterator<Item = Element> {
        self.spots.iter().map(|(element, _)| *element)
    }

    /// All elements in order, and where each stands.
    pub fn iter(&self) -> impl Iterator<Item = (Element, Spot)> {
        self.spots.iter().copied()
    }
}

impl Hypotheses {
    /// The modes of one element share its prior: more runbooks never make a kind look guiltier, and an element with few or rare modes
    /// keeps the rest of its prior as "not described".
    pub fn new(sketch: &Sketch, shelf: &Shelf) -> Hypotheses {
        let mut known: BTreeMap<Seen, usize> = BTreeMap::new();
        let mut natures: Vec<Nature> = Vec::new();
        let mut places = Places {
            nodes: sketch.nodes().len(),
            edges: sketch.edges().len(),
            spots: Vec::with_capacity(sketch.nodes().len() + sketch.edges().len()),
            milestones: Vec::new(),
        };
        let part_of = parts::parts(sketch);
        let mut parts: Vec<BTreeMap<usize, usize>> = Vec::new();
        for (at, element) in elements(sketch).enumerate() {
            let nature = *known.entry(Seen::of(element, sketch)).or_insert_with(|| {
                let modes = shares(element, sketch, shelf);
                natures.push(Nature { modes, guilt: guilt(element, sketch), members: Vec::new() });
                natures.len() - 1
            });
            let node = match element {
                Element::Node(ix) | Element::Address(ix, _) => Some(ix),
                Element::Edge(edge) => sketch.ends(edge).map(|(from, _)| from),
            };
            let part = node.and_then(|node| part_of.get(node.0)).copied().unwrap_or_default();
            if parts.len() <= part {
                parts.resize_with(part + 1, BTreeMap::new);
            }
            if let Some(part) = parts.get_mut(part) {
                *part.entry(nature).or_default() += 1;
            }
            let mut count = 0;
            if let Some(nature) = natures.get_mut(nature) {
                nature.members.push(at);
                count = nature.modes.len();
            }
            places.push(element, count, nature, part);
        }
        Hypotheses { sketch: sketch.clone(), shelf: shelf.clone(), places, natures, parts }
    }

    /// That nothing is wrong; the hypothesis after it is that something outside the drawing is.
    pub fn nothing(&self) -> usize {
        self.places.hypotheses()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.nothing() + 2
    }

    /// What is wrong if a hypothesis is true.
    pub fn cause(&self, h: usize) -> Option<Cause<'_>> {
        let nothing = self.nothing();
        match h.checked_sub(nothing) {
            Some(0) => return Some(Cause::Nothing),
            Some(1) => return Some(Cause::Outside),
            Some(_) => return None,
            None => {}
        }
        let (element, spot) = self.places.of_hypothesis(h)?;
        let (mode, _) = self.natures.get(spot.nature)?.modes.get(h - spot.first)?;
        Some(self.cause_at(element, *mode))
    }

    /// What may be wrong with an element, in order.
    pub fn causes(&self, element: Element, spot: &Spot) -> impl Iterator<Item = Cause<'_>> {
        let modes = self.natures.get(spot.nature).into_iter().flat_map(|nature| &nature.modes);
        modes.map(move |(mode, _)| self.cause_at(element, *mode))
    }

    fn cause_at(&self, element: Element, mode: Option<(usize, usize)>) -> Cause<'_> {
        let mode = mode.and_then(|place| self.shelf.mode_at(place));
        mode.map_or(Cause::NotDescribed(element), |mode| Cause::Described(element, mode))
    }

    /// Those that concern no element: nothing is wrong, or something outside the drawing.
    pub fn elsewhere(&self) -> [(usize, Cause<'_>); 2] {
        let nothing = self.nothing();
        [(nothing, Cause::Nothing), (nothing + 1, Cause::Outside)]
    }
}

/// What decides the nature of an element.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Seen<'a> {
    shape: u8,
    kind: Option<Kind>,
    /// How many addresses a node has that can fail apart.
    addresses: usize,
    /// What the ways to it cross, where each of them says so.
    crossed: Option<Vec<&'a str>>,
    /// A name server that asks another one.
    forwards: bool,
}

impl Seen<'_> {
    fn of(element: Element, sketch: &Sketch) -> Seen<'_> {
        let via = |edge: EdgeIx| sketch.edge(edge).and_then(|edge| edge.attrs.get("via"));
        let all = |edges: &mut dyn Iterator<Item = EdgeIx>| {
            let all: Option<Vec<&str>> =
                edges.map(|edge| via(edge).map(|via| via.as_str().unwrap_or_default())).collect();
            all.map(|mut all| {
                order::plain(&mut all);
                all.dedup();
                all
            })
        };
        match element {
            Element::Node(ix) | Element::Address(ix, _) => {
                let shape = if matches!(element, Element::Node(_)) { 0 } else { 2 };
                let crossed = all(&mut sketch.callers(ix).iter().map(|(edge, _)| *edge));
                let addresses = if shape == 0 { addresses(ix, sketch).count() } else { 0 };
                Seen { shape, kind: Some(sketch.kind(ix)), addresses, crossed, forwards: forwards(element, sketch) }
            }
            Element::Edge(ix) => {
                let kind = sketch.ends(ix).map(|(_, to)| sketch.kind(to));
                Seen { shape: 1, kind, addresses: 0, crossed: all(&mut std::iter::once(ix)), forwards: false }
            }
        }
    }
}

/// The positions of the modes that can strike an element, and what no runbook describes, each with the logarithm of its share of the
/// element's prior.
fn shares(element: Element, sketch: &Sketch, shelf: &Shelf) -> Vec<(Option<(usize, usize)>, f64)> {
    let forwards = forwards(element, sketch);
    let weight = |mode: &FailureMode| mode.prior.weight() * if forwards && mode.authoritative { HELD } else { 1.0 };
    let modes: Vec<((usize, usize), f64)> = shelf
        .placed_modes()
        .filter(|(_, mode)| strikes(mode, element, sketch))
        .map(|(place, mode)| (place, weight(mode)))
        .collect();
    let sum: f64 = modes.iter().map(|(_, weight)| weight).sum();
    let scale = (1.0 - NOT_DESCRIBED) / sum.max(2.0);
    let left = 1.0 - scale * sum;
    let described = modes.into_iter().map(|(place, weight)| (Some(place), scale * weight));
    described.chain([(None, left)]).map(|(place, share)| (place, share.max(f64::MIN_POSITIVE).ln())).collect()
}

/// Whether it is a name server that asks another drawn one.
fn forwards(element: Element, sketch: &Sketch) -> bool {
    let is_dns = |ix: NodeIx| sketch.kind(ix) == Kind::Dns;
    matches!(element, Element::Node(ix) if is_dns(ix) && sketch.callees(ix).iter().any(|(_, to)| is_dns(*to)))
}

/// Nodes, edges, and the addresses of nodes that have more than one.
pub fn elements(sketch: &Sketch) -> impl Iterator<Item = Element> + '_ {
    let addresses =
        sketch.node_indices().flat_map(|ix| addresses(ix, sketch).map(move |address| Element::Address(ix, address)));
    sketch.node_indices().map(Element::Node).chain(sketch.edge_indices().map(Element::Edge)).chain(addresses)
}

/// The addresses of a node that can fail apart, in order.
fn addresses(ix: NodeIx, sketch: &Sketch) -> impl Iterator<Item = IpAddr> {
    let ips = sketch.node(ix).map(|node| node.ips.as_slice()).filter(|ips| ips.len() > 1).unwrap_or_default();
    order::set(ips.iter().copied()).into_iter()
}

fn strikes(mode: &FailureMode, element: Element, sketch: &Sketch) -> bool {
    let place = mode.on.iter().any(|place| match (place, element) {
        (Place::Node(kind), Element::Node(ix)) | (Place::Address(kind), Element::Address(ix, _)) => {
            sketch.kind(ix) == *kind
        }
        (Place::Edge(None), Element::Edge(ix)) => sketch.ends(ix).is_some_and(|(_, to)| sketch.kind(to) != Kind::Dns),
        (Place::Edge(Some(kind)), Element::Edge(ix)) => sketch.ends(ix).is_some_and(|(_, to)| sketch.kind(to) == *kind),
        _ => false,
    });
    let Some(via) = &mode.via else { return place };
    let goes_via = |edge: EdgeIx| {
        // An edge that does not say what it crosses may cross anything.
        sketch.edge(edge).is_some_and(|edge| edge.attrs.get("via").is_none_or(|value| value.as_str() == Some(via)))
    };
    place
        && match element {
            Element::Edge(ix) => goes_via(ix),
            Element::Node(ix) | Element::Address(ix, _) => sketch.callers(ix).iter().any(|(edge, _)| goes_via(*edge)),
        }
}

/// How often an element of this kind is the culprit, relative to the others.
fn guilt(element: Element, sketch: &Sketch) -> f64 {
    match element {
        Element::Edge(_) => 0.8,
        Element::Address(_, _) => 0.4,
        Element::Node(ix) => match sketch.kind(ix) {
            Kind::Service | Kind::Function | Kind::Pod => 1.2,
            Kind::LoadBalancer | Kind::Proxy | Kind::Database | Kind::External => 1.0,
            Kind::Dns | Kind::K8sService | Kind::K8sNode | Kind::Gateway | Kind::Firewall => 0.8,
            Kind::Pool | Kind::Cache | Kind::Queue | Kind::Storage | Kind::Job => 0.7,
            Kind::Client => 0.5,
            Kind::Other => 0.9,
        },
    }
}
