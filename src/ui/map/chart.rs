//! The picture: an SVG in the page, so that every hop can be focused, named and read aloud.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent, TouchEvent, WheelEvent};

use super::canvas::{Canvas, Lasso};
use super::hop::Hop;
use super::line::Line;
use super::overview::Overview;
use super::picture::Picture;
use crate::decimal::{tenths, whole};
use crate::layout::{Flow, Point};
use crate::order;
use crate::ui::attention::Zoom;
use crate::ui::workspace::workspace;

/// Below this scale letters get too small to read; then the picture scrolls instead of shrinking.
const SMALLEST: f64 = 0.72;

#[component]
pub(super) fn Chart() -> impl IntoView {
    let workspace = workspace();
    let attention = workspace.attention;
    let places = Memo::new(move |_| workspace.session.read().work().places.clone());
    let picture = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        // Where panes stand under each other, calls lead down and places chosen on a wide screen would only be in the way.
        if workspace.narrow.get() {
            Picture::new(&sketch, &Default::default(), Flow::Down)
        } else {
            Picture::new(&sketch, &places.read(), Flow::Right)
        }
    });
    let canvas = Canvas::new(picture);
    Effect::new(move |before: Option<Picture>| {
        let now = picture.get();
        before.inspect(|before| canvas.tell(before, &now));
        now
    });
    let frame = Memo::new(move |_| picture.read().frame());
    let hops =
        Memo::new(move |_| workspace.sketch.read().nodes().iter().map(|node| node.id.clone()).collect::<Vec<_>>());
    let lines = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        // Two edges between the same hops (two ports, say) are one line.
        let mut pairs: Vec<_> = sketch.edges().iter().map(|edge| (edge.from.clone(), edge.to.clone())).collect();
        order::plain(&mut pairs);
        pairs.dedup();
        pairs
    });
    let parts = move || {
        let lines = lines.get().into_iter().map(|(from, to)| Part::Line(from, to));
        lines.chain(hops.get().into_iter().map(Part::Hop)).collect::<Vec<_>>()
    };
    // Where the picture is larger than its pane, begin at what is accused.
    Effect::new(move || {
        let frame = frame.get();
        let accused =
            workspace.diagnosis.with_untracked(|diagnosis| diagnosis.elements.first().map(|e| e.element.clone()));
        let middle = Point { x: frame.left + frame.width / 2.0, y: frame.top + frame.height / 2.0 };
        let begin = accused.and_then(|id| picture.read_untracked().spot(&id)).map_or(middle, |spot| spot.middle);
        if canvas.pane.get().is_some() {
            canvas.center(begin);
        }
    });
    // A new size has to be on the screen before the pane can be asked what it shows.
    Effect::new(move || {
        frame.track();
        attention.zoom.track();
        request_animation_frame(move || canvas.look());
    });
    // Pixel widths: wished, least and most; the policy of the page forbids a whole `style` attribute.
    let size = move || {
        let width = frame.get().width;
        match attention.zoom.get() {
            Zoom::Readable => (width, width * SMALLEST, "100%", "none"),
            Zoom::Whole => (width, 0.0, "100%", "70vh"),
            Zoom::Times(times) => (width * times, 0.0, "none", "none"),
        }
    };
    // A hop or a field has taken the event already; what is left happened on empty ground.
    let begin_lasso = move |event: PointerEvent| {
        let Some(ground) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if event.button() == 0 && event.pointer_type() == "mouse" && ground.tag_name() == "svg" {
            let _ = ground.set_pointer_capture(event.pointer_id());
            let start = canvas.point(&event);
            canvas.lasso.set(Some(Lasso { start, end: start }));
        }
    };
    let pull_lasso = move |event: PointerEvent| {
        if let Some(lasso) = canvas.lasso.get_untracked() {
            canvas.lasso.set(Some(Lasso { end: canvas.point(&event), ..lasso }));
        }
    };
    let close_lasso = move |_: PointerEvent| {
        if let Some(lasso) = canvas.lasso.get_untracked() {
            attention.choose_all(picture.read_untracked().touched(lasso));
            canvas.lasso.set(None);
        }
    };
    let wheel = move |event: WheelEvent| {
        // A pinch on a touchpad arrives as a wheel with Ctrl.
        if event.ctrl_key() {
            event.prevent_default();
            let under = canvas.point(&event);
            attention.zoom_by(if event.delta_y() < 0.0 { 1.1 } else { 1.0 / 1.1 });
            request_animation_frame(move || canvas.center(under));
        }
    };
    let spread = StoredValue::new(None::<f64>);
    let pinch = move |event: TouchEvent| {
        let now = distance(&event);
        if let (Some(before), Some(now)) = (spread.get_value(), now) {
            event.prevent_default();
            attention.zoom_by(now / before);
        }
        spread.set_value(now.filter(|now| *now > 1.0));
    };
    let lasso = move || {
        canvas.lasso.get().map(|lasso| {
            let (x, y, width, height) = lasso.corners();
            let [x, y, width, height] = [x, y, width, height].map(tenths);
            view! { <rect class="lasso" x=x y=y width=width height=height /> }
        })
    };
    let thread = move || {
        let thread = canvas.thread.get()?;
        let start = canvas.spot(&thread.from)?;
        Some(
            view! { <line class="thread" x1=tenths(start.right()) y1=tenths(start.middle.y) x2=tenths(thread.to.x) y2=tenths(thread.to.y) /> },
        )
    };
    view! {
        <div
            class="canvas"
            node_ref=canvas.pane
            tabindex="0"
            role="group"
            aria-label=move || format!("Map of {} hops", hops.read().len())
            on:wheel=wheel
            on:scroll=move |_| canvas.look()
            on:touchmove=pinch
            on:touchend=move |_| spread.set_value(None)
        >
            <svg
                node_ref=canvas.svg
                data-testid="map"
                viewBox=move || frame.get().view_box()
                style:width=move || format!("{}px", whole(size().0))
                style:min-width=move || format!("{}px", whole(size().1))
                style:max-width=move || size().2
                style:max-height=move || size().3
                on:pointerdown=begin_lasso
                on:pointermove=pull_lasso
                on:pointerup=close_lasso
                on:pointercancel=move |_| canvas.lasso.set(None)
            >
                <For each=parts key=Clone::clone let(part)>
                    {match part {
                        Part::Line(from, to) => view! { <Line canvas from to /> }.into_any(),
                        Part::Hop(id) => view! { <Hop canvas id /> }.into_any(),
                    }}
                </For>
                {thread}
                {lasso}
            </svg>
        </div>
        <Overview canvas />
    }
}

/// What is drawn, lines below hops. Each is known by its name, so that one more among a thousand draws one and not all of them.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Part {
    Line(String, String),
    Hop(String),
}

/// How far two fingers are apart.
fn distance(event: &TouchEvent) -> Option<f64> {
    let touches = event.touches();
    let (one, other) = (touches.get(0)?, touches.get(1)?);
    Some(f64::from(one.client_x() - other.client_x()).hypot(f64::from(one.client_y() - other.client_y())))
}
