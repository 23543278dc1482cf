//! Where hops stand on the map when nobody put them there: callers first, what they call behind them, few crossings.

use rust_sugiyama::configure::{Config, RankingType};
use rust_sugiyama::from_vertices_and_edges;
use serde::{Deserialize, Serialize};

use crate::sketch::Sketch;

mod arrow;

pub use arrow::{Arrow, arrow};

/// A place on the map, in units of the drawing (a letter is about 8 wide). For a hop, its middle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(f64, f64)", into = "(f64, f64)")]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Farther out nothing can be found again.
const FAR: f64 = 100_000.0;

impl From<(f64, f64)> for Point {
    /// Keeps broken or hostile numbers of a file on the map.
    fn from((x, y): (f64, f64)) -> Point {
        let near = |v: f64| if v.is_finite() { v.clamp(-FAR, FAR) } else { 0.0 };
        Point { x: near(x), y: near(y) }
    }
}

impl From<Point> for (f64, f64) {
    fn from(point: Point) -> (f64, f64) {
        (point.x, point.y)
    }
}

/// Width and height of a hop's box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// A box on the map: its middle and its size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub middle: Point,
    pub size: Size,
}

impl Spot {
    pub fn left(&self) -> f64 {
        self.middle.x - self.size.width / 2.0
    }

    pub fn right(&self) -> f64 {
        self.middle.x + self.size.width / 2.0
    }

    pub fn top(&self) -> f64 {
        self.middle.y - self.size.height / 2.0
    }

    pub fn bottom(&self) -> f64 {
        self.middle.y + self.size.height / 2.0
    }
}

/// Where calls lead to on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    #[default]
    Right,
    /// For narrow screens.
    Down,
}

/// Room between a caller and what it calls.
const ALONG: f64 = 62.0;
/// Room between hops that stand side by side.
const ACROSS: f64 = 26.0;

/// A place for every node of the drawing, in its order. `sizes` has one entry per node.
pub fn lay_out(sketch: &Sketch, sizes: &[Size], flow: Flow) -> Vec<Point> {
    // The layout counts from the top: boxes go in turned on their side where calls lead to the right.
    let padded = |size: &Size| match flow {
        Flow::Right => (size.height + ACROSS, size.width + ALONG),
        Flow::Down => (size.width + ACROSS, size.height + ALONG * 0.75),
    };
    let nodes: Vec<(u32, (f64, f64))> = (0..).zip(sizes.iter().map(padded)).collect();
    let edges: Vec<(u32, u32)> = sketch
        .edge_indices()
        .filter_map(|edge| sketch.ends(edge))
        // It refuses self-loops with a panic; a loop does not ask for room anyway.
        .filter(|(from, to)| from != to)
        .filter_map(|(from, to)| Some((u32::try_from(from.0).ok()?, u32::try_from(to.0).ok()?)))
        .collect();
    let config = Config { vertex_spacing: 0.0, ranking_type: RankingType::MinimizeEdgeLength, ..Config::default() };
    let mut places = vec![Point { x: 0.0, y: 0.0 }; sizes.len()];
    let mut beside = 0.0;
    for (hops, _, _) in from_vertices_and_edges(&nodes, &edges, &config) {
        let breadth = |hop: usize| nodes.get(hop).map_or(0.0, |(_, (across, _))| *across);
        let first = hops.iter().map(|(hop, (across, _))| across - breadth(*hop) / 2.0).fold(f64::INFINITY, f64::min);
        let mut end = beside;
        for (hop, (across, along)) in hops {
            let across = across - first + beside;
            end = f64::max(end, across + breadth(hop) / 2.0);
            if let Some(place) = places.get_mut(hop) {
                *place = match flow {
                    Flow::Right => Point { x: along, y: across },
                    Flow::Down => Point { x: across, y: along },
                };
            }
        }
        beside = end;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::from_arrows;

    const BOX: Size = Size { width: 140.0, height: 48.0 };

    fn spots(text: &str, flow: Flow) -> Vec<Spot> {
        let sketch = from_arrows(text, &Sketch::default()).unwrap();
        let tall = |node: &crate::sketch::Node| Size { height: 48.0 + 22.0 * node.ips.len() as f64, ..BOX };
        let sizes: Vec<Size> = sketch.nodes().iter().map(tall).collect();
        let places = lay_out(&sketch, &sizes, flow);
        places.into_iter().zip(sizes).map(|(middle, size)| Spot { middle, size }).collect()
    }

    fn overlap(a: &Spot, b: &Spot) -> bool {
        a.left() < b.right() && b.left() < a.right() && a.top() < b.bottom() && b.top() < a.bottom()
    }

    const DRAWINGS: &[&str] = &[
        "tester -> elb[203.0.113.10, 203.0.113.20, 203.0.113.30] -> backend -> db\nmobile -> elb\nproxy -> elb\ntester -> dns",
        "a -> b -> c -> a",
        "a -> a\na -> b",
        "a -> b\nc -> d\ne",
        "a -> b\na -> c\na -> d\nb -> e\nc -> e\nd -> e\na -> e",
    ];

    #[test]
    fn no_two_hops_overlap() {
        for (text, flow) in DRAWINGS.iter().flat_map(|text| [(text, Flow::Right), (text, Flow::Down)]) {
            let spots = spots(text, flow);
            for (at, a) in spots.iter().enumerate() {
                for b in spots.iter().skip(at + 1) {
                    assert!(!overlap(a, b), "{text} {flow:?}: {a:?} and {b:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_called_stands_behind_its_caller() {
        let right = spots("a -> b -> c", Flow::Right);
        assert!(right[0].right() < right[1].left() && right[1].right() < right[2].left(), "{right:?}");
        let down = spots("a -> b -> c", Flow::Down);
        assert!(down[0].bottom() < down[1].top() && down[1].bottom() < down[2].top(), "{down:?}");
    }

    #[test]
    fn the_same_drawing_is_laid_out_the_same_way() {
        for text in DRAWINGS {
            assert_eq!(spots(text, Flow::Right), spots(text, Flow::Right));
        }
    }
}
