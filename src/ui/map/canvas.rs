//! The state every hop and line of the picture shares: where things stand, what is being dragged, joined or framed.

use std::collections::BTreeSet;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg::Svg;
use web_sys::{Element, MouseEvent};

use super::picture::{Frame, Picture};
use crate::layout::{Point, Spot};
use crate::ui::each::Each;

/// Hops on their way under a pointer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drag {
    pub hops: BTreeSet<String>,
    pub by: Point,
}

/// A line being drawn from a hop to wherever the pointer is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thread {
    pub from: String,
    pub to: Point,
}

/// A frame being drawn around hops: where it began, where the pointer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lasso {
    pub start: Point,
    pub end: Point,
}

impl Lasso {
    /// Left, top, width, height.
    pub fn corners(self) -> (f64, f64, f64, f64) {
        let (left, top) = (self.start.x.min(self.end.x), self.start.y.min(self.end.y));
        (left, top, (self.start.x - self.end.x).abs(), (self.start.y - self.end.y).abs())
    }

    pub fn touches(self, spot: &Spot) -> bool {
        let (left, top, width, height) = self.corners();
        spot.left() < left + width && left < spot.right() && spot.top() < top + height && top < spot.bottom()
    }
}

/// Handles; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Canvas {
    pub picture: Memo<Picture>,
    pub drag: RwSignal<Option<Drag>>,
    /// Told when they are drawn otherwise, so that of a thousand hops only that one and its lines look where it is now.
    hops: Each,
    pub thread: RwSignal<Option<Thread>>,
    pub lasso: RwSignal<Option<Lasso>>,
    /// The part of the drawing that the pane shows.
    pub sight: RwSignal<Frame>,
    pub svg: NodeRef<Svg>,
    pub pane: NodeRef<Div>,
}

impl Canvas {
    pub fn new(picture: Memo<Picture>) -> Canvas {
        Canvas {
            picture,
            drag: RwSignal::new(None),
            hops: Each::new(),
            thread: RwSignal::new(None),
            lasso: RwSignal::new(None),
            sight: RwSignal::new(Frame::default()),
            svg: NodeRef::new(),
            pane: NodeRef::new(),
        }
    }

    /// Where a hop stands, whatever is being dragged.
    pub fn rest(self, hop: &str) -> Option<Spot> {
        self.picture.read_untracked().spot(hop)
    }

    /// Where a hop is now: under the pointer, or where it stands.
    pub fn spot(self, hop: &str) -> Option<Spot> {
        self.watch(hop);
        let spot = self.rest(hop)?;
        Some(match &*self.drag.read_untracked() {
            Some(drag) if drag.hops.contains(hop) => {
                Spot { middle: Point { x: spot.middle.x + drag.by.x, y: spot.middle.y + drag.by.y }, ..spot }
            }
            _ => spot,
        })
    }

    /// Looks again when the hop is drawn otherwise.
    pub fn watch(self, hop: &str) {
        self.hops.one(hop).track();
    }

    /// Moves hops with the pointer, or lets go of them.
    pub fn pull(self, drag: Option<Drag>) {
        let before = self.drag.get_untracked();
        self.drag.set(drag);
        let now = self.drag.get_untracked();
        for hop in before.iter().chain(&now).flat_map(|drag| &drag.hops) {
            self.hops.one(hop).notify();
        }
    }

    /// Tells the hops that stand elsewhere in a new picture, or are drawn otherwise.
    pub fn tell(self, before: &Picture, now: &Picture) {
        let turned = before.flow != now.flow;
        for hop in before.sketch.nodes().iter().chain(now.sketch.nodes()).map(|node| node.id.as_str()) {
            if turned || before.spot(hop) != now.spot(hop) || before.sketch.by_id(hop) != now.sketch.by_id(hop) {
                self.hops.one(hop).notify();
            }
        }
    }

    /// The place of the drawing under the pointer.
    pub fn point(self, event: &MouseEvent) -> Point {
        self.svg.get_untracked().map_or_else(Point::default, |svg| self.place_in(&svg, event))
    }

    /// The place of the drawing under the pointer, in a picture that shows the whole of it.
    pub fn place_in(self, picture: &Element, event: &MouseEvent) -> Point {
        let frame = self.picture.with_untracked(Picture::frame);
        let shown = picture.get_bounding_client_rect();
        // A picture fitted into its pane may leave a margin on two sides.
        let scale = (frame.width / shown.width().max(1.0)).max(frame.height / shown.height().max(1.0));
        let margin = |shown: f64, drawn: f64| (shown * scale - drawn) / 2.0;
        let x = (f64::from(event.client_x()) - shown.left()) * scale - margin(shown.width(), frame.width);
        let y = (f64::from(event.client_y()) - shown.top()) * scale - margin(shown.height(), frame.height);
        Point { x: frame.left + x, y: frame.top + y }
    }

    /// The hop at a place of the drawing.
    pub fn hop_at(self, place: Point) -> Option<String> {
        self.picture.with_untracked(|picture| picture.touched(Lasso { start: place, end: place }).into_iter().next())
    }

    /// Notes which part of the drawing the pane shows.
    pub fn look(self) {
        let Some(pane) = self.pane.get_untracked() else { return };
        let frame = self.picture.with_untracked(Picture::frame);
        let (wide, high) = (f64::from(pane.scroll_width()), f64::from(pane.scroll_height()));
        let part = |at: i32, shown: f64, whole: f64| f64::from(at) / shown.max(1.0) * whole;
        self.sight.set(Frame {
            left: frame.left + part(pane.scroll_left(), wide, frame.width),
            top: frame.top + part(pane.scroll_top(), high, frame.height),
            width: part(pane.client_width(), wide, frame.width),
            height: part(pane.client_height(), high, frame.height),
        });
    }

    /// Scrolls the pane so that a place of the drawing stands in its middle.
    pub fn center(self, place: Point) {
        let Some(pane) = self.pane.get_untracked() else { return };
        let frame = self.picture.with_untracked(Picture::frame);
        let scroll =
            |at: f64, whole: f64, shown: i32, pane: i32| (at / whole * f64::from(shown) - f64::from(pane) / 2.0) as i32;
        pane.set_scroll_left(scroll(place.x - frame.left, frame.width, pane.scroll_width(), pane.client_width()));
        pane.set_scroll_top(scroll(place.y - frame.top, frame.height, pane.scroll_height(), pane.client_height()));
    }
}
