//! Everything that may be wrong: each element with each failure mode of its kind, and what no runbook describes.

use std::collections::BTreeMap;

use crate::routes::Routes;
use crate::runbook::{FailureMode, Place, Shelf};
use crate::sketch::{Element, Kind, Sketch};

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
) -> Vec<Hypothesis<'a>> {
    let mut all = Vec::new();
    let mut weights = Vec::new();
    for element in elements(sketch) {
        let modes: Vec<&FailureMode> = shelf.modes().filter(|mode| strikes(mode, element, sketch, routes)).collect();
        let sum: f64 = modes.iter().map(|mode| mode.prior.weight()).sum();
        let whole = guilt(element, sketch) * changed.get(&element).copied().unwrap_or(1.0);
        let scale = whole * (1.0 - NOT_DESCRIBED) / sum.max(2.0);
        let mut left = whole;
        for mode in modes {
            let share = scale * mode.prior.weight();
            left -= share;
            all.push(Cause::Described(element, mode));
            weights.push(share);
        }
        all.push(Cause::NotDescribed(element));
        weights.push(left);
    }
    let sum: f64 = weights.iter().sum::<f64>() + NOTHING + OUTSIDE;
    let mut hypotheses: Vec<Hypothesis> = all
        .into_iter()
        .zip(weights)
        .map(|(cause, weight)| Hypothesis { cause, ln_prior: (weight / sum).max(f64::MIN_POSITIVE).ln() })
        .collect();
    hypotheses.push(Hypothesis { cause: Cause::Nothing, ln_prior: (NOTHING / sum).ln() });
    hypotheses.push(Hypothesis { cause: Cause::Outside, ln_prior: (OUTSIDE / sum).ln() });
    hypotheses
}

/// Nodes, edges, and the addresses of nodes that have more than one.
pub fn elements(sketch: &Sketch) -> impl Iterator<Item = Element> + '_ {
    let addresses = sketch.node_indices().flat_map(|ix| {
        let ips = sketch.node(ix).map(|node| node.ips.as_slice()).unwrap_or_default();
        ips.iter().filter(move |_| ips.len() > 1).map(move |ip| Element::Address(ix, *ip))
    });
    sketch.node_indices().map(Element::Node).chain(addresses).chain(sketch.edge_indices().map(Element::Edge))
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
