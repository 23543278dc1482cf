//! A reference to lines of evidence: `curl 2–3`. Choosing it shows them.

use leptos::prelude::*;

use crate::evidence::Lines;
use crate::ui::workspace::workspace;

#[component]
pub(in crate::ui) fn SourceLink(
    /// Position of the evidence in the case, from 0.
    evidence: usize,
    lines: Lines,
) -> impl IntoView {
    let workspace = workspace();
    let kind = workspace.session.with_untracked(|session| {
        let item = session.work().evidence.get(evidence)?;
        let block = item.gist.blocks.iter().find(|block| block.lines.contains(lines.first))?;
        Some(block.kind.clone())
    });
    let label = format!("{} {lines}", kind.unwrap_or_else(|| format!("evidence {}", evidence.saturating_add(1))));
    view! {
        <button
            type="button"
            class="source"
            data-testid="source"
            title="Show where this was seen"
            on:click=move |_| workspace.show_source(evidence, lines)
        >
            {label}
        </button>
    }
}
