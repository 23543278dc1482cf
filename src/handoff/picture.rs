//! The map as an SVG file of its own: no style sheet, no script, readable in black and white.

use std::fmt::Write;

use super::Handoff;
use super::escape::xml;
use super::note::class;
use crate::layout::{Flow, Point, Size, Spot, arrow, lay_out};

/// Every box is as wide as the longest name needs, so that the picture is calm.
const LETTER: f64 = 8.6;
const NARROWEST: f64 = 132.0;
const WIDEST: f64 = 300.0;
const HEIGHT: f64 = 52.0;
const MARGIN: f64 = 24.0;

/// The map and how each hop stands, as a document of SVG.
pub fn svg(case: &Handoff) -> String {
    let sketch = case.sketch;
    let longest = sketch.nodes().iter().map(|node| node.name().chars().count()).max().unwrap_or(0);
    let size = Size { width: (longest as f64 * LETTER + 24.0).clamp(NARROWEST, WIDEST), height: HEIGHT };
    let places = lay_out(sketch, &vec![size; sketch.nodes().len()], Flow::Right);
    let spots: Vec<Spot> = places.into_iter().map(|middle| Spot { middle, size }).collect();
    let bound = |of: fn(&Spot) -> f64, pick: fn(f64, f64) -> f64| spots.iter().map(of).reduce(pick).unwrap_or(0.0);
    let (left, top) = (bound(Spot::left, f64::min) - MARGIN, bound(Spot::top, f64::min) - MARGIN - 26.0);
    let (right, bottom) = (bound(Spot::right, f64::max) + MARGIN, bound(Spot::bottom, f64::max) + MARGIN + 20.0);
    let (width, height) = (right - left, bottom - top);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left:.0} {top:.0} {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"system-ui, sans-serif\" role=\"img\">\n"
    );
    let _ = writeln!(text, "<title>{}</title>", xml(case.title()));
    let _ = writeln!(text, "<desc>{}</desc>", xml(&case.made_by()));
    let _ = writeln!(
        text,
        "<rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#fff\"/>"
    );
    say(Point { x: left + MARGIN, y: top + 22.0 }, "start", 14, case.title(), &mut text);
    for edge in sketch.edge_indices() {
        let Some((from, to)) = sketch.ends(edge) else { continue };
        if let (Some(start), Some(end)) = (spots.get(from.0), spots.get(to.0)) {
            let drawn = arrow(start, end, Flow::Right);
            let _ = writeln!(
                text,
                "<path d=\"{}\" fill=\"none\" stroke=\"#57606a\" stroke-width=\"1.5\"/><path d=\"{}\" fill=\"#57606a\"/>",
                drawn.line, drawn.head
            );
        }
    }
    for (node, spot) in sketch.nodes().iter().zip(&spots) {
        let standing = case.diagnosis.standing(&node.id, None);
        let stroke = match class(standing) {
            "failing" => "#b3261e\" stroke-width=\"3",
            "suspect" => "#9a6700\" stroke-width=\"2\" stroke-dasharray=\"5 3",
            "cleared" => "#1a7f37\" stroke-width=\"2",
            _ => "#6e7781\" stroke-width=\"1",
        };
        let _ = writeln!(
            text,
            "<rect x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\" fill=\"#fff\" stroke=\"{stroke}\"/>",
            spot.left(),
            spot.top(),
            size.width,
            size.height
        );
        say(Point { x: spot.middle.x, y: spot.middle.y - 4.0 }, "middle", 14, node.name(), &mut text);
        let word = standing.sign();
        say(Point { x: spot.middle.x, y: spot.middle.y + 16.0 }, "middle", 12, &word, &mut text);
    }
    say(Point { x: left + MARGIN, y: bottom - 10.0 }, "start", 10, &case.made_by(), &mut text);
    text + "</svg>\n"
}

fn say(at: Point, anchor: &str, size: u32, words: &str, text: &mut String) {
    let _ = writeln!(
        text,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"#1f2328\">{}</text>",
        at.x,
        at.y,
        xml(words)
    );
}
