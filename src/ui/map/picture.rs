//! The geometry of the map, derived from the drawing: how large each hop is, where it stands, how lines run.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::canvas::Lasso;
use crate::decimal::tenths;
use crate::layout::{Flow, Point, Size, Spot, lay_out};
use crate::order;
use crate::sketch::{Node, Sketch};

/// Height of the two lines every hop has.
pub(super) const HEAD: f64 = 52.0;
/// Height of one address.
pub(super) const LEG: f64 = 22.0;
/// More addresses than this are counted instead of shown.
pub(super) const LEGS: usize = 8;

const NARROWEST: f64 = 132.0;
const WIDEST: f64 = 300.0;
/// Average widths of a character at the sizes of `map.css`, generous enough for every font.
const NAME: f64 = 9.6;
const DETAIL: f64 = 6.7;
const CODE: f64 = 7.5;
/// Longest word beside an address: `✕ not tested`.
const WORD: f64 = 84.0;
const MARGIN: f64 = 16.0;

/// Boxes and their places.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Picture {
    /// What it shows.
    pub sketch: Sketch,
    spots: BTreeMap<String, Spot>,
    pub flow: Flow,
}

/// The part of the drawing that is visible: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// As the `viewBox` of an SVG wants it.
    pub fn view_box(self) -> String {
        [self.left, self.top, self.width, self.height].map(tenths).join(" ")
    }
}

impl Picture {
    /// Lays out every hop; `places` are those put somewhere by hand.
    pub fn new(sketch: &Sketch, places: &BTreeMap<String, Point>, flow: Flow) -> Picture {
        let sizes: Vec<Size> = sketch.nodes().iter().map(size).collect();
        let laid_out = lay_out(sketch, &sizes, flow);
        let spots = sketch.nodes().iter().zip(laid_out).zip(sizes).map(|((node, middle), size)| {
            let middle = places.get(&node.id).copied().unwrap_or(middle);
            (node.id.clone(), Spot { middle, size })
        });
        Picture { sketch: sketch.clone(), spots: order::map(spots), flow }
    }

    pub fn spot(&self, id: &str) -> Option<Spot> {
        self.spots.get(id).copied()
    }

    /// Every hop's id and box.
    pub fn spots(&self) -> impl Iterator<Item = (&String, &Spot)> {
        self.spots.iter()
    }

    /// The hops a frame drawn around them touches.
    pub fn touched(&self, lasso: Lasso) -> BTreeSet<String> {
        order::set(self.spots.iter().filter(|(_, spot)| lasso.touches(spot)).map(|(id, _)| id.clone()))
    }

    /// What has to be visible to see every hop and the lines around them.
    pub fn frame(&self) -> Frame {
        let spots = || self.spots.values();
        let left = spots().map(Spot::left).fold(f64::INFINITY, f64::min) - MARGIN;
        let top = spots().map(Spot::top).fold(f64::INFINITY, f64::min) - MARGIN;
        let right = spots().map(Spot::right).fold(f64::NEG_INFINITY, f64::max) + MARGIN;
        let bottom = spots().map(Spot::bottom).fold(f64::NEG_INFINITY, f64::max) + MARGIN;
        if self.spots.is_empty() {
            return Frame { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        }
        Frame { left, top, width: right - left, height: bottom - top }
    }
}

/// How large a hop is: as wide as its words, and one line per address.
fn size(node: &Node) -> Size {
    let letters = |text: &str| text.chars().count() as f64;
    let name = letters(node.name()) * NAME;
    let detail = (letters(node.kind.kind.spoken()) + letters(" · not tested ✕")) * DETAIL;
    let legs = shown_legs(node).iter().map(|ip| letters(&ip.to_string()) * CODE + WORD).fold(0.0, f64::max);
    let rows = shown_legs(node).len() + usize::from(node.ips.len() > LEGS);
    let below = if rows == 0 { 0.0 } else { rows as f64 * LEG + 6.0 };
    Size { width: (name.max(detail).max(legs) + 28.0).clamp(NARROWEST, WIDEST), height: HEAD + below }
}

/// The addresses that get a line of their own. A single one is shown too: it is what a paste names.
pub(super) fn shown_legs(node: &Node) -> &[IpAddr] {
    node.ips.get(..node.ips.len().min(LEGS)).unwrap_or_default()
}

/// Cuts a text that would run out of its box.
pub(super) fn fitted(text: &str, width: f64) -> String {
    let room = (width / NAME) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let head: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{head}…")
}
