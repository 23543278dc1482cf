//! Everything that may be wrong: each element with each failure mode of its kind, and what no runbook describes.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::order;
use crate::routes::Routes;
use crate::runbook::{FailureMode, Place, Shelf};
use crate::sketch::{EdgeIx, Element, Kind, Sketch};

/// One thing that may be wrong.
#[derive(Debug, Clone, Copy)]
pub struct Hypothesis<'a> {
    pub cause: Cause<'a>,
    /// Natural logarithm of its prior probability; all priors of a case add up to 1.
    pub ln_prior: f64,
}

/// What is wrong if the hypothesis is true.
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

/// Guilt of "nothing is wrong" beside an element's (about 1): somebody opened this page for a reason.
const NOTHING: f64 = 0.2;

/// Guilt of everything that is not drawn, likewise; the more is drawn, the less is left out.
const OUTSIDE: f64 = 0.4;

/// The least share of an element's prior that is kept for what no runbook describes.
const NOT_DESCRIBED: f64 = 0.1;

/// Everything that may be wrong with a drawing.
pub struct Hypotheses<'a> {
    /// Element by element; those that concern none come last.
    pub all: Vec<Hypothesis<'a>>,
    pub places: Places,
}

impl Hypotheses<'_> {
    /// Those that concern no element: nothing is wrong, or something outside the drawing.
    pub fn elsewhere(&self) -> impl Iterator<Item = (usize, &Hypothesis<'_>)> {
        let last = self.all.iter().enumerate().rev();
        last.take_while(|(_, one)| one.cause.element().is_none())
    }
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
}

impl Places {
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

    /// All elements in order.
    pub fn elements(&self) -> impl Iterator<Item = Element> {
        self.spots.iter().map(|(element, _)| *element)
    }

    /// All elements in order, and where each stands.
    pub fn iter(&self) -> impl Iterator<Item = (Element, Spot)> {
        self.spots.iter().copied()
    }
}

/// All hypotheses about a drawing, element by element.
///
/// The modes of one element share its prior: more runbooks never make a kind look guiltier, and an element with few or
/// rare modes keeps the rest of its prior as "not described".
/// `changed` are elements that were changed lately and how many times likelier that makes them.
pub fn hypotheses<'a>(
    sketch: &Sketch,
    routes: &Routes,
    shelf: &'a Shelf,
    changed: &BTreeMap<Element, f64>,
) -> Hypotheses<'a> {
    let whole = |element: Element| guilt(element, sketch) * changed.get(&element).copied().unwrap_or(1.0);
    let sum: f64 = elements(sketch).map(whole).sum::<f64>() + NOTHING + OUTSIDE;
    let mut natures: BTreeMap<Nature, usize> = BTreeMap::new();
    let mut modes: Vec<Vec<(Option<&FailureMode>, f64)>> = Vec::new();
    let mut all = Vec::new();
    let mut places = Places {
        nodes: sketch.nodes().len(),
        edges: sketch.edges().len(),
        spots: Vec::with_capacity(sketch.nodes().len() + sketch.edges().len()),
    };
    for (at, element) in elements(sketch).enumerate() {
        let nature = *natures.entry(Nature::of(element, sketch, routes)).or_insert_with(|| {
            modes.push(shares(element, sketch, routes, shelf));
            modes.len() - 1
        });
        let first = all.len();
        let ln_prior = (whole(element) / sum).max(f64::MIN_POSITIVE).ln();
        all.extend(modes.get(nature).into_iter().flatten().map(|(mode, ln_share)| Hypothesis {
            cause: mode.map_or(Cause::NotDescribed(element), |mode| Cause::Described(element, mode)),
            ln_prior: ln_prior + ln_share,
        }));
        places.spots.push((element, Spot { at, first, count: all.len() - first, nature }));
    }
    all.push(Hypothesis { cause: Cause::Nothing, ln_prior: (NOTHING / sum).ln() });
    all.push(Hypothesis { cause: Cause::Outside, ln_prior: (OUTSIDE / sum).ln() });
    Hypotheses { all, places }
}

/// What decides which modes can strike an element.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Nature<'a> {
    shape: u8,
    kind: Option<Kind>,
    /// What the ways to it cross, where each of them says so.
    crossed: Option<Vec<&'a str>>,
}

impl Nature<'_> {
    fn of<'a>(element: Element, sketch: &'a Sketch, routes: &Routes) -> Nature<'a> {
        let crossed = |edges: &[EdgeIx]| {
            let via = |edge: &EdgeIx| sketch.edge(*edge).and_then(|edge| edge.attrs.get("via"));
            let all: Option<Vec<&'a str>> =
                edges.iter().map(|edge| via(edge).map(|via| via.as_str().unwrap_or_default())).collect();
            all.map(|mut all| {
                order::plain(&mut all);
                all.dedup();
                all
            })
        };
        let callers = |ix| routes.callers(ix).into_iter().map(|(edge, _)| edge).collect::<Vec<_>>();
        match element {
            Element::Node(ix) => Nature { shape: 0, kind: Some(sketch.kind(ix)), crossed: crossed(&callers(ix)) },
            Element::Edge(ix) => {
                let kind = sketch.ends(ix).map(|(_, to)| sketch.kind(to));
                Nature { shape: 1, kind, crossed: crossed(&[ix]) }
            }
            Element::Address(ix, _) => Nature { shape: 2, kind: Some(sketch.kind(ix)), crossed: crossed(&callers(ix)) },
        }
    }
}

/// The modes that can strike an element and what no runbook describes, each with the logarithm of its share of the element's prior.
fn shares<'a>(
    element: Element,
    sketch: &Sketch,
    routes: &Routes,
    shelf: &'a Shelf,
) -> Vec<(Option<&'a FailureMode>, f64)> {
    let modes: Vec<&FailureMode> = shelf.modes().filter(|mode| strikes(mode, element, sketch, routes)).collect();
    let sum: f64 = modes.iter().map(|mode| mode.prior.weight()).sum();
    let scale = (1.0 - NOT_DESCRIBED) / sum.max(2.0);
    let left = 1.0 - scale * sum;
    let described = modes.into_iter().map(|mode| (Some(mode), scale * mode.prior.weight()));
    described.chain([(None, left)]).map(|(mode, share)| (mode, share.max(f64::MIN_POSITIVE).ln())).collect()
}

/// Nodes, edges, and the addresses of nodes that have more than one.
pub fn elements(sketch: &Sketch) -> impl Iterator<Item = Element> + '_ {
    let addresses = sketch.node_indices().flat_map(|ix| {
        let ips = sketch.node(ix).map(|node| node.ips.as_slice()).unwrap_or_default();
        let mut addresses: Vec<Element> =
            ips.iter().filter(|_| ips.len() > 1).map(|ip| Element::Address(ix, *ip)).collect();
        order::plain(&mut addresses);
        addresses.dedup();
        addresses
    });
    sketch.node_indices().map(Element::Node).chain(sketch.edge_indices().map(Element::Edge)).chain(addresses)
}

fn strikes(mode: &FailureMode, element: Element, sketch: &Sketch, routes: &Routes) -> bool {
    let place = mode.on.iter().any(|place| match (place, element) {
        (Place::Node(kind), Element::Node(ix)) | (Place::Address(kind), Element::Address(ix, _)) => {
            sketch.kind(ix) == *kind
        }
        (Place::Edge(None), Element::Edge(ix)) => sketch.ends(ix).is_some_and(|(_, to)| sketch.kind(to) != Kind::Dns),
        (Place::Edge(Some(kind)), Element::Edge(ix)) => sketch.ends(ix).is_some_and(|(_, to)| sketch.kind(to) == *kind),
        _ => false,
    });
    let Some(via) = &mode.via else { return place };
    let goes_via = |edge: crate::sketch::EdgeIx| {
        // An edge that does not say what it crosses may cross anything.
        sketch.edge(edge).is_some_and(|edge| edge.attrs.get("via").is_none_or(|value| value.as_str() == Some(via)))
    };
    place
        && match element {
            Element::Edge(ix) => goes_via(ix),
            Element::Node(ix) | Element::Address(ix, _) => routes.callers(ix).iter().any(|(edge, _)| goes_via(*edge)),
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
