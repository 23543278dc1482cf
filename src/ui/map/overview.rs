//! A large map in small: where what is accused stands, and which part of it is in sight.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos::svg::Svg;
use web_sys::PointerEvent;

use super::canvas::Canvas;
use super::legend::STANDINGS;
use super::picture::Frame;
use crate::decimal::whole;
use crate::ui::workspace::workspace;

/// In a map of fewer hops everybody finds the way without help.
const MANY: usize = 30;

/// For the pointer alone, so nothing that is read aloud: keys move from hop to hop, and the map scrolls to them.
#[component]
pub(super) fn Overview(canvas: Canvas) -> impl IntoView {
    let workspace = workspace();
    let small = NodeRef::<Svg>::new();
    // One shape for all hops that stand alike: a thousand boxes would be a thousand elements once more.
    let shapes = Memo::new(move |_| {
        let (picture, diagnosis) = (canvas.picture.read(), workspace.diagnosis.read());
        let mut shapes = STANDINGS.map(|_| String::new());
        for (id, spot) in picture.spots() {
            let standing = diagnosis.standing(id, None);
            for (shape, _) in shapes.iter_mut().zip(STANDINGS).filter(|(_, of)| *of == standing) {
                outline(shape, spot.left(), spot.top(), spot.size.width, spot.size.height);
            }
        }
        Vec::from(shapes)
    });
    let frame = Memo::new(move |_| canvas.picture.read().frame());
    let helps = Memo::new(move |_| {
        let Frame { width, height, .. } = canvas.sight.get();
        let hidden = width < frame.get().width * 0.95 || height < frame.get().height * 0.95;
        hidden && !workspace.narrow.get() && workspace.sketch.read().nodes().len() > MANY
    });
    let steer = move |event: PointerEvent| {
        if event.buttons() == 1
            && let Some(small) = small.get_untracked()
        {
            let _ = small.set_pointer_capture(event.pointer_id());
            canvas.center(canvas.place_in(&small, &event));
        }
    };
    let sight = move || {
        let Frame { left, top, width, height } = canvas.sight.get();
        let mut shape = String::new();
        outline(&mut shape, left, top, width, height);
        shape
    };
    move || {
        let boxes = || {
            (0..).zip(STANDINGS).map(|(at, standing)| {
                view! { <path data-state=standing.word() d=move || shapes.read().get(at).cloned() /> }
            })
        };
        let overview = || {
            view! {
                <svg
                    class="overview"
                    data-testid="overview"
                    node_ref=small
                    aria-hidden="true"
                    viewBox=move || frame.get().view_box()
                    on:pointerdown=steer
                    on:pointermove=steer
                >
                    {boxes().collect_view()}
                    <path class="sight" d=sight />
                </svg>
            }
        };
        helps.get().then(|| overview().into_any())
    }
}

/// Adds a box to the outlines of a path.
fn outline(shape: &mut String, left: f64, top: f64, width: f64, height: f64) {
    let [left, top, width, height] = [left, top, width, height].map(whole);
    let _ = write!(shape, "M{left} {top}h{width}v{height}h-{width}z");
}
