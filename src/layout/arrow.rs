//! The line from one box to another, as SVG path data.

use super::{Flow, Point, Spot};
use crate::decimal::tenths;

/// An edge as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// Path data of the line.
    pub line: String,
    /// Path data of the triangle at its end.
    pub head: String,
    /// Where a mark on the line is read best.
    pub middle: Point,
}

/// Which side of a box a line leaves or enters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    fn of(self, spot: &Spot) -> Point {
        match self {
            Side::Left => Point { x: spot.left(), y: spot.middle.y },
            Side::Right => Point { x: spot.right(), y: spot.middle.y },
            Side::Top => Point { x: spot.middle.x, y: spot.top() },
            Side::Bottom => Point { x: spot.middle.x, y: spot.bottom() },
        }
    }

    /// One step away from the box.
    fn outward(self) -> (f64, f64) {
        match self {
            Side::Left => (-1.0, 0.0),
            Side::Right => (1.0, 0.0),
            Side::Top => (0.0, -1.0),
            Side::Bottom => (0.0, 1.0),
        }
    }
}

/// Boxes nearer than this leave no room for a line between them.
const ROOM: f64 = 16.0;
const HEAD: f64 = 9.0;

/// Draws the line from one box to another.
pub fn arrow(from: &Spot, to: &Spot, flow: Flow) -> Arrow {
    let (leaves, enters) = sides(from, to, flow);
    let start = leaves.of(from);
    let tip = enters.of(to);
    let (out_x, out_y) = enters.outward();
    let end = Point { x: tip.x + out_x * (HEAD - 1.0), y: tip.y + out_y * (HEAD - 1.0) };
    let distance = (end.x - start.x).abs().max((end.y - start.y).abs());
    // A line that leaves and enters at the same side needs a wider bow to get around what stands between.
    let bend = if leaves == enters { (distance * 0.35).clamp(40.0, 140.0) } else { (distance * 0.5).max(20.0) };
    let away = |point: Point, side: Side| {
        let (x, y) = side.outward();
        Point { x: point.x + x * bend, y: point.y + y * bend }
    };
    let (first, second) = (away(start, leaves), away(end, enters));
    let middle = Point {
        x: (start.x + 3.0 * first.x + 3.0 * second.x + end.x) / 8.0,
        y: (start.y + 3.0 * first.y + 3.0 * second.y + end.y) / 8.0,
    };
    let corner = |sign: f64| Point {
        x: tip.x + out_x * HEAD + out_y * sign * HEAD * 0.45,
        y: tip.y + out_y * HEAD + out_x * sign * HEAD * 0.45,
    };
    let (one, other) = (corner(1.0), corner(-1.0));
    Arrow {
        line: format!("M{} C{} {} {}", pair(start), pair(first), pair(second), pair(end)),
        head: format!("M{} L{} L{}Z", pair(tip), pair(one), pair(other)),
        middle,
    }
}

fn sides(from: &Spot, to: &Spot, flow: Flow) -> (Side, Side) {
    if from == to {
        return (Side::Right, Side::Top);
    }
    let rightward = to.left() - from.right() > ROOM;
    let downward = to.top() - from.bottom() > ROOM;
    let upward = from.top() - to.bottom() > ROOM;
    match flow {
        Flow::Right if rightward => (Side::Right, Side::Left),
        Flow::Down if downward => (Side::Bottom, Side::Top),
        // Back to an earlier hop: around the outside, so that it does not hide the way there.
        Flow::Right if from.left() - to.right() > ROOM => (Side::Bottom, Side::Bottom),
        Flow::Down if upward => (Side::Right, Side::Right),
        _ if downward => (Side::Bottom, Side::Top),
        _ if upward => (Side::Top, Side::Bottom),
        _ if rightward => (Side::Right, Side::Left),
        _ => (Side::Left, Side::Right),
    }
}

fn pair(point: Point) -> String {
    format!("{} {}", tenths(point.x), tenths(point.y))
}
