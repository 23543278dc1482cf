//! What the signs of the map mean.

use leptos::prelude::*;

use crate::diagnosis::Standing;

pub(super) const STANDINGS: [Standing; 5] =
    [Standing::Failing, Standing::Suspect, Standing::Cleared, Standing::Open, Standing::Untested];

#[component]
pub(super) fn Legend() -> impl IntoView {
    view! {
        <ul class="legend" aria-label="Signs">
            {STANDINGS
                .map(|standing| {
                    view! {
                        <li data-state=standing.word()>
                            <span class="sample" aria-hidden="true">
                                {standing.glyph()}
                            </span>
                            {standing.word()}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
