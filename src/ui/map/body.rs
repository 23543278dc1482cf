//! What stands inside the box of a hop: name, kind, standing, and its addresses with a standing each.

use leptos::prelude::*;

use super::picture::{HEAD, LEG, fitted, shown_legs};
use crate::decimal::tenths;
use crate::diagnosis::Standing;
use crate::layout::{Size, Spot};
use crate::sketch::Node;
use crate::ui::workspace::workspace;

/// Between the box and its words.
const PADDING: f64 = 14.0;

/// Box and words, where the hop stands; drawn again only when the hop itself changes.
#[component]
pub(super) fn Body(node: Node, spot: Spot, standing: Memo<Standing>) -> impl IntoView {
    let (left, top, Size { width, height }) = (spot.left(), spot.top(), spot.size);
    let kind = format!("{} · ", node.kind.kind.spoken());
    let legs = shown_legs(&node).to_vec();
    let alone = node.ips.len() == 1;
    let more = node.ips.len() - legs.len();
    let row = move |row: usize| top + HEAD + row as f64 * LEG + 12.0;
    let more_at = row(legs.len());
    let id = node.id.clone();
    view! {
        <title>{title(&node)}</title>
        <rect class="box" x=tenths(left) y=tenths(top) width=tenths(width) height=tenths(height) rx="10" />
        <rect class="ring" x=tenths(left - 3.0) y=tenths(top - 3.0) width=tenths(width + 6.0) height=tenths(height + 6.0) rx="13" />
        <circle class="handle" cx=tenths(spot.right()) cy=tenths(spot.middle.y) r="8" />
        <text class="name" x=tenths(left + PADDING) y=tenths(top + 23.0)>{fitted(node.name(), width - 24.0)}</text>
        <text class="detail" x=tenths(left + PADDING) y=tenths(top + 41.0)>
            {kind}
            <tspan class="standing">{move || standing.get().sign()}</tspan>
        </text>
        {legs
            .into_iter()
            .enumerate()
            .map(|(at, ip)| view! { <Leg id=id.clone() ip spot y=row(at) alone /> })
            .collect_view()}
        {(more > 0).then(|| view! { <text class="detail" x=tenths(left + PADDING) y=tenths(more_at)>{format!("and {more} more")}</text> })}
    }
}

/// One address of the hop, with a standing of its own.
#[component]
fn Leg(
    id: String,
    ip: std::net::IpAddr,
    spot: Spot,
    y: f64,
    /// A hop with one address stands as its address does.
    alone: bool,
) -> impl IntoView {
    let workspace = workspace();
    let standing = Memo::new(move |_| workspace.standing(&id, Some(ip)));
    view! {
        <g class="leg" data-state=move || standing.get().word()>
            <text class="address" x=tenths(spot.left() + PADDING) y=tenths(y)>{ip.to_string()}</text>
            {(!alone)
                .then(|| {
                    view! {
                        <text class="standing" x=tenths(spot.right() - 12.0) y=tenths(y) text-anchor="end">
                            {move || standing.get().sign()}
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
