//! A large map in small: where what is accused stands, and which part of it is in sight.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos::svg::Svg;
use web_sys::PointerEvent;

use super::canvas::Canvas;
use super::legend::STANDINGS;
use super::picture::Frame;
use crate::diagnosis::Standing;
use crate::ui::workspace::workspace;

/// A map of fewer hops is found one's way in without help.
const MANY: usize = 30;

/// For the pointer alone, so nothing that is read aloud: keys move from hop to hop, and the map scrolls to them.
#[component]
pub(super) fn Overview(canvas: Canvas) -> impl IntoView {
    let workspace = workspace();
    let small = NodeRef::<Svg>::new();
    // One shape for all hops that stand alike: a thousand boxes would be a thousand elements once more.
    let shapes = Memo::new(move |_| {
        let (picture, diagnosis) = (canvas.picture.read(), workspace.diagnosis.read());
        let mut shapes = STANDINGS.map(|standing| (standing, String::new()));
        for (id, spot) in picture.spots() {
            let standing = diagnosis.standing(id, None);
            let (width, height) = (spot.size.width, spot.size.height);
            if let Some((_, shape)) = shapes.iter_mut().find(|(one, _)| *one == standing) {
                let _ = write!(shape, "M{:.0} {:.0}h{width:.0}v{height:.0}h-{width:.0}z", spot.left(), spot.top());
            }
        }
        shapes
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
    let boxes = move || {
        let draw = |(standing, shape): (Standing, String)| view! { <path data-state=standing.word() d=shape /> };
        shapes.get().map(draw).collect_view()
    };
    view! {
        <Show when=move || helps.get()>
            <svg
                class="overview"
                data-testid="overview"
                node_ref=small
                aria-hidden="true"
                viewBox=move || frame.get().view_box()
                on:pointerdown=steer
                on:pointermove=steer
            >
                {boxes}
                <rect
                    class="sight"
                    x=move || canvas.sight.get().left
                    y=move || canvas.sight.get().top
                    width=move || canvas.sight.get().width
                    height=move || canvas.sight.get().height
                />
            </svg>
        </Show>
    }
}
