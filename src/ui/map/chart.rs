//! The picture: an SVG in the page, so that every hop can be focused, named and read aloud.

use std::collections::BTreeSet;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg::Svg;

use super::hop::Hop;
use super::legend::Legend;
use super::line::Line;
use super::picture::Picture;
use crate::layout::{Flow, Point, Spot};
use crate::ui::workspace::workspace;

/// Below this scale letters get too small to read; then the picture scrolls instead of shrinking.
const SMALLEST: f64 = 0.8;

/// A hop on its way under a pointer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drag {
    pub hop: String,
    pub to: Point,
}

/// What every hop and line of the picture needs.
#[derive(Clone, Copy)]
pub(super) struct Canvas {
    pub picture: Memo<Picture>,
    pub drag: RwSignal<Option<Drag>>,
    pub svg: NodeRef<Svg>,
}

impl Canvas {
    /// Where a hop is now: under the pointer, or where it stands.
    pub fn spot(self, hop: &str) -> Option<Spot> {
        let spot = self.picture.read().spot(hop)?;
        Some(match &*self.drag.read() {
            Some(drag) if drag.hop == hop => Spot { middle: drag.to, ..spot },
            _ => spot,
        })
    }

    /// Units of the drawing per pixel of the screen.
    pub fn scale(self) -> f64 {
        let shown = self.svg.get_untracked().map(|svg| svg.get_bounding_client_rect().width()).unwrap_or_default();
        let width = self.picture.with_untracked(|picture| picture.frame().width);
        if shown > 0.0 { width / shown } else { 1.0 }
    }
}

#[component]
pub(super) fn Chart() -> impl IntoView {
    let workspace = workspace();
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
    let canvas = Canvas { picture, drag: RwSignal::new(None), svg: NodeRef::new() };
    let frame = Memo::new(move |_| picture.read().frame());
    let hops =
        Memo::new(move |_| workspace.sketch.read().nodes().iter().map(|node| node.id.clone()).collect::<Vec<_>>());
    let lines = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        // Two edges between the same hops (two ports, say) are one line.
        let pairs: BTreeSet<_> = sketch.edges().iter().map(|edge| (edge.from.clone(), edge.to.clone())).collect();
        pairs.into_iter().collect::<Vec<_>>()
    });
    // Where the picture is wider than its pane, begin at what is accused.
    let pane = NodeRef::<Div>::new();
    Effect::new(move || {
        let frame = frame.get();
        let Some(pane) = pane.get() else { return };
        let accused =
            workspace.diagnosis.with_untracked(|diagnosis| diagnosis.elements.first().map(|e| e.element.clone()));
        let middle = accused
            .and_then(|id| picture.read_untracked().spot(&id))
            .map_or(frame.width / 2.0, |spot| spot.middle.x - frame.left);
        let shown = f64::from(pane.scroll_width()) / frame.width;
        pane.set_scroll_left((middle * shown - f64::from(pane.client_width()) / 2.0) as i32);
    });
    let empty = move || hops.read().is_empty();
    view! {
        <Show
            when=move || !empty()
            fallback=move || {
                view! {
                    <p class="hint">
                        "The map draws itself from what you paste. Or "
                        <button type="button" class="link" on:click=move |_| workspace.begin_outline()>
                            "type the hops"
                        </button> "."
                    </p>
                }
            }
        >
            <div class="canvas" node_ref=pane tabindex="0" role="group" aria-label=move || format!("Map of {} hops", hops.read().len())>
                <svg
                    node_ref=canvas.svg
                    data-testid="map"
                    viewBox=move || {
                        let frame = frame.get();
                        format!("{:.1} {:.1} {:.1} {:.1}", frame.left, frame.top, frame.width, frame.height)
                    }
                    style:width=move || format!("{:.0}px", frame.get().width)
                    style:min-width=move || format!("{:.0}px", frame.get().width * SMALLEST)
                >
                    <For each=move || lines.get() key=Clone::clone let((from, to))>
                        <Line canvas from to />
                    </For>
                    <For each=move || hops.get() key=Clone::clone let(id)>
                        <Hop canvas id />
                    </For>
                </svg>
            </div>
            <Legend />
        </Show>
    }
}
