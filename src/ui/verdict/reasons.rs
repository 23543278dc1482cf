//! The two or three facts behind the verdict, and the strongest one against it, each with the lines that show it.

use leptos::prelude::*;

use crate::diagnosis::Because;
use crate::ui::evidence::SourceLink;
use crate::ui::workspace::workspace;

/// More would be a list to study; fewer would be an oracle.
const FOR: usize = 3;
const AGAINST: usize = 1;

#[component]
pub(super) fn Reasons() -> impl IntoView {
    let workspace = workspace();
    let reasons = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let because = diagnosis.suspects.first().map(|suspect| suspect.because.as_slice()).unwrap_or_default();
        let speaks_for = because.iter().filter(|reason| reason.bits > 0.0).take(FOR);
        let speaks_against = because.iter().filter(|reason| reason.bits < 0.0).take(AGAINST);
        speaks_for.chain(speaks_against).cloned().collect::<Vec<_>>()
    });
    view! {
        <ul class="reasons" data-testid="reasons">
            {move || reasons.get().into_iter().map(|reason| view! { <Reason reason /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Reason(reason: Because) -> impl IntoView {
    let (side, glyph, spoken) = if reason.bits < 0.0 { ("against", "○", "Against it: ") } else { ("for", "●", "") };
    view! {
        <li data-side=side>
            <span class="bullet" aria-hidden="true">
                {glyph}
            </span>
            <span>
                {spoken} {reason.says} " " <SourceLink evidence=reason.evidence lines=reason.lines />
            </span>
        </li>
    }
}
