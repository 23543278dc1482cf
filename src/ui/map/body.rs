//! What stands inside the box of a hop: name, kind, standing, and its addresses with a standing each.

use leptos::prelude::*;

use super::picture::{HEAD, LEG, fitted, shown_legs};
use crate::diagnosis::Standing;
use crate::sketch::Node;
use crate::ui::workspace::workspace;

/// Box and words; drawn again only when the hop itself changes.
#[component]
pub(super) fn Body(node: Node, width: f64, height: f64, standing: Memo<Standing>) -> impl IntoView {
    let kind = node.kind.kind.spoken();
    let legs = shown_legs(&node).to_vec();
    let alone = node.ips.len() == 1;
    let more = node.ips.len() - legs.len();
    let more_at = HEAD + legs.len() as f64 * LEG + 12.0;
    let id = node.id.clone();
    view! {
        <title>{title(&node)}</title>
        <rect class="box" width=width height=height rx="10" />
        <rect class="ring" x="-3" y="-3" width=width + 6.0 height=height + 6.0 rx="13" />
        <circle class="handle" cx=width cy=height / 2.0 r="8" />
        <text class="name" x="14" y="23">{fitted(node.name(), width - 24.0)}</text>
        <text class="detail" x="14" y="41">
            {kind} " · "
            <tspan class="standing">{move || standing.get().glyph()} " " {move || standing.get().word()}</tspan>
        </text>
        {legs
            .into_iter()
            .enumerate()
            .map(|(row, ip)| view! { <Leg id=id.clone() ip y=HEAD + row as f64 * LEG + 12.0 width alone /> })
            .collect_view()}
        {(more > 0).then(|| view! { <text class="detail" x="14" y=more_at>{format!("and {more} more")}</text> })}
    }
}

/// One address of the hop, with a standing of its own.
#[component]
fn Leg(
    id: String,
    ip: std::net::IpAddr,
    y: f64,
    width: f64,
    /// A hop with one address stands as its address does.
    alone: bool,
) -> impl IntoView {
    let workspace = workspace();
    let standing = Memo::new(move |_| workspace.diagnosis.read().standing(&id, Some(ip)));
    view! {
        <g class="leg" data-state=move || standing.get().word()>
            <text class="address" x="14" y=y>{ip.to_string()}</text>
            {(!alone)
                .then(|| {
                    view! {
                        <text class="standing" x=width - 12.0 y=y text-anchor="end">
                            {move || standing.get().glyph()} " " {move || standing.get().word()}
                        </text>
                    }
                })}
        </g>
    }
}

/// What does not fit into the box.
fn title(node: &Node) -> String {
    let mut lines = vec![format!("{} ({})", node.name(), node.kind.kind.spoken())];
    lines.extend((!node.team.is_empty()).then(|| format!("team: {}", node.team)));
    lines.extend((!node.hosts.is_empty()).then(|| node.hosts.join(", ")));
    lines.extend(node.attrs.keys().filter_map(|name| Some(format!("{name}: {}", node.attr(name)?))));
    lines.join("\n")
}
