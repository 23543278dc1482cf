//! The two or three facts behind the verdict, and the strongest one against it, each with the lines that show it.

use leptos::prelude::*;

use crate::diagnosis::{Reason, Verdict};
use crate::ui::evidence::SourceLink;
use crate::ui::workspace::workspace;

/// More would be a list to study; fewer would be an oracle.
const FOR: usize = 3;
const AGAINST: usize = 1;
/// A reason seen in more places links to the first of them.
const PLACES: usize = 3;

#[component]
pub(super) fn Reasons() -> impl IntoView {
    let workspace = workspace();
    let reasons = Memo::new(move |_| {
        let diagnosis = workspace.diagnosis.read();
        let accuses = !matches!(diagnosis.verdict, Verdict::NothingWrong | Verdict::NoEvidence);
        let first = diagnosis.suspects.first().filter(|_| accuses);
        let reasons = first.map(|suspect| suspect.reasons()).unwrap_or_default();
        let speaks_for = reasons.iter().filter(|reason| reason.bits > 0.0).take(FOR);
        let speaks_against = reasons.iter().filter(|reason| reason.bits < 0.0).take(AGAINST);
        speaks_for.chain(speaks_against).cloned().collect::<Vec<_>>()
    });
    view! {
        <ul class="reasons" data-testid="reasons">
            {move || reasons.get().into_iter().map(|reason| view! { <Line reason /> }).collect_view()}
        </ul>
    }
}

#[component]
fn Line(reason: Reason) -> impl IntoView {
    let Reason { says, evidence, lines, bits } = reason;
    let (side, glyph, spoken) = if bits < 0.0 { ("against", "○", "Against it: ") } else { ("for", "●", "") };
    view! {
        <li data-side=side>
            <span class="bullet" aria-hidden="true">
                {glyph}
            </span>
            <span>
                {spoken} {says} " "
                {lines.into_iter().take(PLACES).map(|lines| view! { <SourceLink evidence lines /> " " }).collect_view()}
            </span>
        </li>
    }
}
