//! A line of the map: who calls whom, and how the path between them stands.

use leptos::prelude::*;

use super::canvas::Canvas;
use crate::decimal::tenths;
use crate::diagnosis::Standing;
use crate::layout::arrow;
use crate::ui::workspace::workspace;

#[component]
pub(super) fn Line(canvas: Canvas, from: String, to: String) -> impl IntoView {
    let workspace = workspace();
    let id = format!("{from}->{to}");
    let standing = Memo::new(move |_| workspace.standing(&id, None));
    let drawn = Memo::new(move |_| {
        let flow = canvas.picture.read_untracked().flow;
        Some(arrow(&canvas.spot(&from)?, &canvas.spot(&to)?, flow))
    });
    let line = move || drawn.read().as_ref().map(|arrow| arrow.line.clone());
    let head = move || drawn.read().as_ref().map(|arrow| arrow.head.clone());
    // A path that is accused carries its sign; the others stay quiet.
    let sign = move || {
        let middle = drawn.read().as_ref()?.middle;
        let standing = standing.get();
        matches!(standing, Standing::Failing | Standing::Suspect).then(|| {
            view! {
                <circle cx=tenths(middle.x) cy=tenths(middle.y) r="9" />
                <text x=tenths(middle.x) y=tenths(middle.y + 4.5)>{standing.glyph()}</text>
            }
        })
    };
    view! {
        <g class="line" data-state=move || standing.get().word() aria-hidden="true">
            <path class="shaft" d=line />
            <path class="head" d=head />
            {sign}
        </g>
    }
}
