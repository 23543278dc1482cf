//! Changes to the drawing, made on the map, in the table of hops or by a key: each gives a new drawing or a sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::Work;
use crate::sketch::{Edge, Kind, MEASURED_AS, Node, Sketch, from_arrows};

/// One change to the drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Stroke {
    /// Draws a new hop, called by `after` where that is given.
    Grow {
        after: Option<String>,
    },
    /// Replaces what is known about a hop; a new id renames it everywhere.
    Describe {
        id: String,
        node: Box<Node>,
    },
    Connect {
        from: String,
        to: String,
    },
    Disconnect {
        from: String,
        to: String,
    },
    Erase(BTreeSet<String>),
    /// Says on which node or edge that was measured which monitoring calls `of`; on an empty `element` the names decide again.
    Measured {
        of: String,
        element: String,
    },
    /// Draws copies beside the hops, with the lines between them.
    Duplicate(BTreeSet<String>),
    /// Takes over a drawing made elsewhere.
    Import(Sketch),
}

impl Work {
    /// Makes one change to what the map shows. A drawing drafted from evidence becomes the person's own by it.
    pub(super) fn draw(&mut self, stroke: &Stroke, shown: &Sketch) -> Option<String> {
        let (mut nodes, mut edges) = (shown.nodes().to_vec(), shown.edges().to_vec());
        let told = match stroke {
            Stroke::Grow { after } => {
                let node = Node::new(&fresh(&nodes, "hop"), Kind::Service);
                edges.extend(after.as_ref().map(|from| edge(from, &node.id)));
                nodes.push(node);
                None
            }
            Stroke::Describe { id, node } => {
                if node.id != *id {
                    self.rename(id, &node.id, &mut edges);
                }
                if let Some(known) = nodes.iter_mut().find(|known| known.id == *id) {
                    known.clone_from(node);
                }
                None
            }
            Stroke::Connect { from, to } => {
                if !edges.iter().any(|edge| edge.from == *from && edge.to == *to) {
                    edges.push(edge(from, to));
                }
                None
            }
            Stroke::Disconnect { from, to } => {
                edges.retain(|edge| edge.from != *from || edge.to != *to);
                None
            }
            Stroke::Measured { element, .. } if !element.is_empty() && shown.element(element).is_none() => {
                Some(format!(
                    "Nothing that is drawn is called {element}: write the name of a hop, or a->b for the way between two."
                ))
            }
            Stroke::Measured { of, element } => {
                let of_nodes = nodes.iter_mut().map(|node| (node.id.clone(), &mut node.attrs));
                let of_edges = edges.iter_mut().map(|edge| (format!("{}->{}", edge.from, edge.to), &mut edge.attrs));
                of_nodes.chain(of_edges).for_each(|(id, attrs)| call(attrs, of, id == *element));
                None
            }
            Stroke::Erase(ids) => {
                nodes.retain(|node| !ids.contains(&node.id));
                edges.retain(|edge| !ids.contains(&edge.from) && !ids.contains(&edge.to));
                let what =
                    if ids.len() == 1 { "Hop removed".to_owned() } else { format!("{} hops removed", ids.len()) };
                Some(format!("{what}. Undo brings back what was there."))
            }
            Stroke::Duplicate(ids) => {
                duplicate(ids, &mut nodes, &mut edges);
                None
            }
            Stroke::Import(sketch) => {
                nodes = sketch.nodes().to_vec();
                edges = sketch.edges().to_vec();
                self.places.clear();
                Some(format!("Drawn: {} hops. Undo brings back the drawing before.", nodes.len()))
            }
        };
        match Sketch::new(nodes, edges) {
            Ok(sketch) => {
                self.sketch = Arc::new(sketch);
                self.outline = None;
                told
            }
            Err(errors) => Some(errors.to_string()),
        }
    }

    fn rename(&mut self, from: &str, to: &str, edges: &mut [Edge]) {
        let new = |id: &mut String| {
            if id == from {
                to.clone_into(id);
            }
        };
        edges.iter_mut().flat_map(|edge| [&mut edge.from, &mut edge.to]).for_each(new);
        if let Some(place) = self.places.remove(from) {
            self.places.insert(to.to_owned(), place);
        }
        for item in &mut self.evidence {
            let origin = &item.origin;
            if origin.vantage.as_deref() == Some(from) || origin.about.as_deref() == Some(from) {
                let origin = &mut Arc::make_mut(item).origin;
                [&mut origin.vantage, &mut origin.about].into_iter().flatten().for_each(new);
            }
        }
    }
}

/// The name as an id, if a person typed one that the outline can carry; else `None`, and it becomes a label.
pub(super) fn as_id(name: &str) -> Option<&str> {
    let sketch = from_arrows(name, &Sketch::default()).ok()?;
    let [node] = sketch.nodes() else { return None };
    (node.id == name).then_some(name)
}

/// Notes that monitoring calls an element so, or no longer.
fn call(attrs: &mut BTreeMap<String, Value>, called: &str, so: bool) {
    let known = attrs.get(MEASURED_AS).and_then(Value::as_str).unwrap_or_default();
    let others = known.split(';').map(str::trim).filter(|name| !name.is_empty() && *name != called);
    let names: Vec<&str> = others.chain(so.then_some(called)).collect();
    let names = names.join("; ");
    if names.is_empty() {
        attrs.remove(MEASURED_AS);
    } else {
        attrs.insert(MEASURED_AS.to_owned(), names.into());
    }
}

fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), protocol: None, port: None, attrs: Default::default() }
}

fn duplicate(ids: &BTreeSet<String>, nodes: &mut Vec<Node>, edges: &mut Vec<Edge>) {
    let mut copies = Vec::new();
    for id in ids {
        let Some(node) = nodes.iter().find(|node| node.id == *id) else { continue };
        // Two hops cannot have the same address; a copy stands for another machine of the same kind.
        let copy = Node { id: fresh(nodes, id), ips: Vec::new(), ..node.clone() };
        copies.push((id.clone(), copy.id.clone()));
        nodes.push(copy);
    }
    let copy_of = |id: &str| copies.iter().find(|(old, _)| old == id).map(|(_, new)| new.clone());
    let copied: Vec<Edge> = edges
        .iter()
        .filter(|edge| ids.contains(&edge.from) || ids.contains(&edge.to))
        .map(|edge| Edge {
            from: copy_of(&edge.from).unwrap_or_else(|| edge.from.clone()),
            to: copy_of(&edge.to).unwrap_or_else(|| edge.to.clone()),
            ..edge.clone()
        })
        .collect();
    edges.extend(copied);
}

/// `hop`, `hop-2`, `hop-3` …, whichever is free.
fn fresh(nodes: &[Node], wish: &str) -> String {
    let taken = |id: &str| nodes.iter().any(|node| node.id == id);
    let mut names = std::iter::once(wish.to_owned()).chain((2_u32..).map(|number| format!("{wish}-{number}")));
    names.find(|name| !taken(name)).unwrap_or_default()
}
