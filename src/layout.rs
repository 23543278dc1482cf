//! Where hops stand on the map when nobody put them there: callers first, what they call behind them, few crossings.

use serde::{Deserialize, Serialize};

use crate::sketch::Sketch;

mod align;
mod arrow;
mod layers;

pub use arrow::{Arrow, arrow};

use align::align;
use layers::layers;

/// A place on the map, in units of the drawing (a letter is about 8 wide). For a hop, its middle.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Default)]
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
const ALONG: f64 = 54.0;
/// Room between hops that stand side by side.
const ACROSS: f64 = 26.0;

/// A place for every node of the drawing, in its order. `sizes` has one entry per node.
pub fn lay_out(sketch: &Sketch, sizes: &[Size], flow: Flow) -> Vec<Point> {
    // Room a box takes beside others, and in the direction of calls.
    let across = |hop: usize| {
        let size = sizes.get(hop).copied().unwrap_or_default();
        ACROSS + if flow == Flow::Right { size.height } else { size.width }
    };
    let along = |hop: usize| {
        let size = sizes.get(hop).copied().unwrap_or_default();
        if flow == Flow::Right { size.width + ALONG } else { size.height + ALONG * 0.75 }
    };
    // A loop does not ask for room.
    let edges = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).filter(|(from, to)| from != to);
    let edges: Vec<(usize, usize)> = edges.map(|(from, to)| (from.0, to.0)).collect();
    let mut places = vec![Point { x: 0.0, y: 0.0 }; sizes.len()];
    let mut beside = 0.0;
    for Island { hops, edges } in islands(sizes.len(), &edges) {
        let layers = layers(&hops, &edges);
        let middles = align(&layers, |hop| hop.map_or(ACROSS, across));
        let stand = || {
            layers
                .members
                .iter()
                .zip(&middles)
                .filter_map(|(member, middle)| Some((member.hop?, member.layer, *middle)))
        };
        // Where the island begins and ends, and the room each layer needs.
        let (mut first, mut end) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut rooms = vec![0.0_f64; layers.order.len()];
        for (hop, layer, middle) in stand() {
            first = first.min(middle - across(hop) / 2.0);
            end = end.max(middle + across(hop) / 2.0);
            rooms.get_mut(layer).into_iter().for_each(|room| *room = room.max(along(hop)));
        }
        // Then the middle of each layer.
        let mut depth = 0.0;
        for room in &mut rooms {
            depth += *room;
            *room = depth - *room / 2.0;
        }
        for (hop, layer, middle) in stand() {
            let (Some(along), Some(place)) = (rooms.get(layer).copied(), places.get_mut(hop)) else { continue };
            let across = (middle - first + beside).round();
            *place = match flow {
                Flow::Right => Point { x: along, y: across },
                Flow::Down => Point { x: across, y: along },
            };
        }
        beside += end - first;
    }
    places
}

/// Hops that are connected with each other.
#[derive(Default)]
struct Island {
    hops: Vec<usize>,
    /// By position in `hops`.
    edges: Vec<(usize, usize)>,
}

/// The parts of the drawing that nothing connects.
fn islands(hops: usize, edges: &[(usize, usize)]) -> Vec<Island> {
    let mut island: Vec<usize> = (0..hops).collect();
    for (from, to) in edges {
        let (one, other) = (root(&mut island, *from), root(&mut island, *to));
        if let Some(place) = island.get_mut(one.max(other)) {
            *place = one.min(other);
        }
    }
    let mut islands: Vec<Island> = Vec::new();
    islands.resize_with(hops, Island::default);
    let mut position = vec![0; hops];
    for hop in 0..hops {
        if let (Some(island), Some(place)) = (islands.get_mut(root(&mut island, hop)), position.get_mut(hop)) {
            *place = island.hops.len();
            island.hops.push(hop);
        }
    }
    for (from, to) in edges {
        if let (Some(island), Some(from), Some(to)) =
            (islands.get_mut(root(&mut island, *from)), position.get(*from), position.get(*to))
        {
            island.edges.push((*from, *to));
        }
    }
    islands.retain(|island| !island.hops.is_empty());
    islands
}

/// The first hop of the island a hop belongs to. Halves the way there for whoever asks next.
fn root(island: &mut [usize], mut hop: usize) -> usize {
    while let Some(next) = island.get(hop).copied().filter(|next| *next != hop) {
        let over_next = island.get(next).copied().unwrap_or(next);
        island.get_mut(hop).into_iter().for_each(|place| *place = over_next);
        hop = over_next;
    }
    hop
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
    fn lines_that_need_not_cross_do_not_cross() {
        for (text, crossings) in [
            ("a -> x\nb -> y\nc -> z\na -> y\nb -> z", 0),
            ("a -> b1\na -> b2\na -> b3\nb3 -> c3\nb2 -> c2\nb1 -> c1\nc1 -> d\nc2 -> d\nc3 -> d", 0),
            ("c -> x\na -> z\nb -> y", 0),
            ("a -> x\na -> y\na -> z\nb -> x\nb -> y\nb -> z", 3),
        ] {
            let sketch = from_arrows(text, &Sketch::default()).unwrap();
            let edges: Vec<(usize, usize)> =
                sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).map(|(from, to)| (from.0, to.0)).collect();
            let found: usize = islands(sketch.nodes().len(), &edges)
                .iter()
                .map(|island| layers(&island.hops, &island.edges))
                .map(|layers| layers.crossings(&layers.ranks()))
                .sum();
            assert_eq!(found, crossings, "{text}");
        }
    }

    #[test]
    fn a_chain_is_a_straight_line_and_a_caller_stands_before_the_middle_of_what_it_calls() {
        let chain = spots("a -> b -> c -> d", Flow::Right);
        assert!(chain.iter().all(|spot| spot.middle.y == chain[0].middle.y), "{chain:?}");
        let fan = spots("a -> b\na -> c\na -> d", Flow::Right);
        assert!((fan[0].middle.y - fan[2].middle.y).abs() < 1.0, "{fan:?}");
    }

    #[test]
    fn a_thousand_hops_are_laid_out_before_anybody_waits() {
        let text: String = (1..1_000).map(|hop| format!("h{} -> h{hop}\n", hop * 7 / 10)).collect();
        let began = std::time::Instant::now();
        assert_eq!(spots(&text, Flow::Right).len(), 1_000);
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }

    #[test]
    fn the_same_drawing_is_laid_out_the_same_way() {
        for text in DRAWINGS {
            assert_eq!(spots(text, Flow::Right), spots(text, Flow::Right));
        }
    }
}
