//! A hop of the map: its name, what it is, how it stands, and each of its addresses.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::body::Body;
use super::canvas::{Canvas, Drag, Thread};
use crate::browser;
use crate::decimal::tenths;
use crate::diagnosis::Standing;
use crate::layout::Point;
use crate::order;
use crate::session::{Edit, Stroke};
use crate::sketch::{Node, NodeIx, Sketch};
use crate::ui::workspace::{Workspace, workspace};

/// Hops put somewhere by hand stand on a grid this wide, unless Alt is held.
const GRID: f64 = 20.0;
/// A pointer that moved less has clicked.
const STILL: f64 = 3.0;

/// Where the pointer took hold, and what it does with the hop.
#[derive(Clone, Copy)]
struct Grip {
    start: Point,
    draws_line: bool,
}

#[component]
pub(super) fn Hop(canvas: Canvas, id: String) -> impl IntoView {
    let workspace = workspace();
    let attention = workspace.attention;
    let id = StoredValue::new(id);
    let node = Memo::new(move |_| {
        id.with_value(|id| {
            canvas.watch(id);
            workspace.sketch.read_untracked().by_id(id).cloned()
        })
    });
    let spot = Memo::new(move |_| id.with_value(|id| canvas.spot(id)));
    // A hop is drawn at its place and moved from there. A `transform` for each of a thousand is most of what a browser pays when one
    // of them is dragged: 12 ms a frame instead of 6.
    let drawn = Memo::new(move |_| {
        node.track();
        id.with_value(|id| canvas.rest(id))
    });
    let standing = Memo::new(move |_| id.with_value(|id| workspace.standing(id, None)));
    let chosen = Memo::new(move |_| id.with_value(|id| attention.is_chosen(id)));
    let grip = StoredValue::new(None::<Grip>);
    let movable = move || !workspace.visiting() && !workspace.narrow.get_untracked();

    let hold = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        id.with_value(|id| {
            if event.shift_key() {
                attention.toggle(id);
            } else if !chosen.get_untracked() {
                attention.choose(id);
            }
        });
        if !movable() {
            return;
        }
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        let touched = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let draws_line = touched.is_some_and(|touched| touched.class_list().contains("handle"));
        grip.set_value(Some(Grip { start: canvas.point(&event), draws_line }));
    };
    let pull = move |event: PointerEvent| {
        let Some(Grip { start, draws_line }) = grip.get_value() else { return };
        let now = canvas.point(&event);
        if draws_line {
            canvas.thread.set(Some(Thread { from: id.get_value(), to: now }));
            return;
        }
        let by = Point { x: now.x - start.x, y: now.y - start.y };
        if canvas.drag.read_untracked().is_some() || by.x.hypot(by.y) > STILL {
            // What is selected behind the map a browser would look for through all of it, at each move: another 15 ms.
            browser::unselect();
            let hops = attention.chosen.get_untracked();
            canvas.pull(Some(Drag { hops, by: if event.alt_key() { by } else { snapped(by) } }));
        }
    };
    let drop = move |event: PointerEvent| {
        if grip.get_value().is_some_and(|grip| grip.draws_line) {
            join(workspace, canvas, id.get_value(), canvas.point(&event));
        }
        grip.set_value(None);
        canvas.thread.set(None);
        if let Some(Drag { hops, by }) = canvas.drag.get_untracked() {
            workspace.edit(Edit::Place(moved(canvas, hops, by)));
            canvas.pull(None);
        }
    };
    let let_go = move |_: PointerEvent| {
        grip.set_value(None);
        canvas.thread.set(None);
        canvas.pull(None);
    };
    let keyed = move |event: KeyboardEvent| {
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-GRID, 0.0),
            "ArrowRight" => (GRID, 0.0),
            "ArrowUp" => (0.0, -GRID),
            "ArrowDown" => (0.0, GRID),
            _ => return,
        };
        if event.ctrl_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        if event.alt_key() {
            let next = id.with_value(|id| neighbor(&workspace.sketch.read_untracked(), id, x + y > 0.0));
            if let Some(next) = next {
                browser::focus(&format!("at-{next}"));
            }
        } else if movable() {
            let far = if event.shift_key() { 5.0 } else { 1.0 };
            let places = moved(canvas, attention.chosen.get_untracked(), Point { x: x * far, y: y * far });
            workspace.edit(Edit::Nudge(places));
        }
    };
    // A key brought the focus here: what single keys do is done to this hop. A pointer has chosen already.
    let focused = move |_| {
        if grip.get_value().is_none() && !chosen.get_untracked() {
            id.with_value(|id| attention.choose(id));
        }
    };

    let transform = move || {
        let (now, drawn) = (spot.get()?.middle, drawn.get()?.middle);
        (now != drawn).then(|| format!("translate({} {})", tenths(now.x - drawn.x), tenths(now.y - drawn.y)))
    };
    let spoken =
        move || node.read().as_ref().map(|node| spoken(node, standing.get(), chosen.get())).unwrap_or_default();
    view! {
        <g
            class="hop"
            class:moving=move || chosen.get() && canvas.drag.read().is_some()
            class:chosen=move || chosen.get()
            id=format!("at-{}", id.get_value())
            data-testid=format!("node-{}", id.get_value())
            data-state=move || standing.get().word()
            tabindex="0"
            role="group"
            aria-label=spoken
            transform=transform
            on:pointerdown=hold
            on:pointermove=pull
            on:pointerup=drop
            on:pointercancel=let_go
            on:keydown=keyed
            on:focus=focused
            on:dblclick=move |_| browser::focus("hop-Name")
        >
            {move || Some(view! { <Body node=node.get()? spot=drawn.get()? standing /> })}
        </g>
    }
}

/// Draws the line a person has drawn: to the hop under the pointer, or to a new one.
fn join(workspace: Workspace, canvas: Canvas, from: String, place: Point) {
    match canvas.hop_at(place) {
        Some(to) if canvas.thread.read_untracked().is_some() => {
            workspace.draw(Stroke::Connect { from, to });
        }
        // A click on the handle, or a line that ends on empty ground: the path goes on there.
        _ => {
            workspace.draw(Stroke::Grow { after: Some(from) });
            let newest = workspace.sketch.read_untracked().nodes().last().map(|node| node.id.clone());
            if let Some(newest) = newest {
                workspace.attention.choose(&newest);
                request_animation_frame(|| browser::focus("hop-Name"));
            }
        }
    }
}

/// Where hops stand after such a move.
fn moved(canvas: Canvas, hops: impl IntoIterator<Item = String>, by: Point) -> BTreeMap<String, Point> {
    let picture = canvas.picture.read_untracked();
    let place = |hop: String| {
        let middle = picture.spot(&hop)?.middle;
        Some((hop, Point::from((middle.x + by.x, middle.y + by.y))))
    };
    order::map(hops.into_iter().filter_map(place))
}

fn snapped(by: Point) -> Point {
    Point { x: (by.x / GRID).round() * GRID, y: (by.y / GRID).round() * GRID }
}

/// The first hop this one calls, or the first that calls it.
fn neighbor(sketch: &Sketch, id: &str, outward: bool) -> Option<String> {
    let here = sketch.find(id)?;
    let other = |(from, to): (NodeIx, NodeIx)| match outward {
        true => (from == here && to != here).then_some(to),
        false => (to == here && from != here).then_some(from),
    };
    let next = sketch.edge_indices().filter_map(|edge| sketch.ends(edge)).find_map(other)?;
    Some(sketch.node(next)?.id.clone())
}

/// `backend-pub, load balancer, failing, 3 addresses, chosen`
fn spoken(node: &Node, standing: Standing, chosen: bool) -> String {
    let addresses = match node.ips.len() {
        0 => String::new(),
        1 => ", 1 address".to_owned(),
        many => format!(", {many} addresses"),
    };
    let chosen = if chosen { ", chosen" } else { "" };
    format!("{}, {}, {}{addresses}{chosen}", node.name(), node.kind.kind.spoken(), standing.word())
}
