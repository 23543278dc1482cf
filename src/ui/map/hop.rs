//! A hop of the map: its name, what it is, how it stands, and each of its addresses.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::chart::{Canvas, Drag};
use super::picture::{HEAD, LEG, fitted, shown_legs};
use crate::diagnosis::Standing;
use crate::layout::Point;
use crate::session::Edit;
use crate::sketch::Node;
use crate::ui::workspace::workspace;

/// How far one stroke of an arrow key moves a hop.
const STROKE: f64 = 10.0;
/// A pointer that moved less has clicked.
const STILL: f64 = 3.0;

/// Where the pointer took hold.
#[derive(Clone, Copy)]
struct Grip {
    pointer: (f64, f64),
    middle: Point,
    /// Units of the drawing per pixel, as it was then.
    scale: f64,
}

#[component]
pub(super) fn Hop(canvas: Canvas, id: String) -> impl IntoView {
    let workspace = workspace();
    let id = StoredValue::new(id);
    let node = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        id.with_value(|id| sketch.find(id)).and_then(|ix| sketch.node(ix)).cloned()
    });
    let spot = Memo::new(move |_| id.with_value(|id| canvas.spot(id)));
    let standing = Memo::new(move |_| id.with_value(|id| workspace.diagnosis.read().standing(id, None)));
    let grip = StoredValue::new(None::<Grip>);
    let movable = move || !workspace.visiting() && !workspace.narrow.get_untracked();

    let hold = move |event: PointerEvent| {
        let Some(spot) = spot.get_untracked() else { return };
        if event.button() != 0 || !movable() {
            return;
        }
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        grip.set_value(Some(Grip { pointer: at(&event), middle: spot.middle, scale: canvas.scale() }));
    };
    let pull = move |event: PointerEvent| {
        let Some(grip) = grip.get_value() else { return };
        let (x, y) = at(&event);
        let (dx, dy) = (x - grip.pointer.0, y - grip.pointer.1);
        if canvas.drag.read_untracked().is_some() || dx.hypot(dy) > STILL {
            let to = Point::from((grip.middle.x + dx * grip.scale, grip.middle.y + dy * grip.scale));
            canvas.drag.set(Some(Drag { hop: id.get_value(), to }));
        }
    };
    let drop = move |_: PointerEvent| {
        grip.set_value(None);
        if let Some(Drag { hop, to }) = canvas.drag.get_untracked() {
            workspace.edit(Edit::Place([(hop, to)].into()));
            canvas.drag.set(None);
        }
    };
    let let_go = move |_: PointerEvent| {
        grip.set_value(None);
        canvas.drag.set(None);
    };
    let nudge = move |event: KeyboardEvent| {
        let (dx, dy) = match event.key().as_str() {
            "ArrowLeft" => (-STROKE, 0.0),
            "ArrowRight" => (STROKE, 0.0),
            "ArrowUp" => (0.0, -STROKE),
            "ArrowDown" => (0.0, STROKE),
            _ => return,
        };
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
        if let (Some(spot), true, false) = (spot.get_untracked(), movable(), modified) {
            event.prevent_default();
            let to = Point::from((spot.middle.x + dx, spot.middle.y + dy));
            workspace.edit(Edit::Nudge(id.get_value(), to));
        }
    };

    let transform = move || spot.get().map(|spot| format!("translate({:.1} {:.1})", spot.left(), spot.top()));
    let spoken = move || node.read().as_ref().map(|node| spoken(node, standing.get())).unwrap_or_default();
    view! {
        <g
            class="hop"
            class:moving=move || canvas.drag.read().as_ref().is_some_and(|drag| id.with_value(|id| drag.hop == *id))
            data-testid=format!("node-{}", id.get_value())
            data-state=move || standing.get().word()
            tabindex="0"
            role="group"
            aria-label=spoken
            transform=transform
            on:pointerdown=hold
            on:pointermove=pull
            on:pointerup=drop
            on:pointercancel=let_go
            on:keydown=nudge
        >
            {move || {
                let size = spot.get()?.size;
                Some(view! { <Body node=node.get()? width=size.width height=size.height standing /> })
            }}
        </g>
    }
}

/// Box and words; drawn again only when the hop itself changes.
#[component]
fn Body(node: Node, width: f64, height: f64, standing: Memo<Standing>) -> impl IntoView {
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

fn at(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// `backend-pub, load balancer, failing, 3 addresses`
fn spoken(node: &Node, standing: Standing) -> String {
    let addresses = match node.ips.len() {
        0 => String::new(),
        1 => ", 1 address".to_owned(),
        many => format!(", {many} addresses"),
    };
    format!("{}, {}, {}{addresses}", node.name(), node.kind.kind.spoken(), standing.word())
}

/// What does not fit into the box.
fn title(node: &Node) -> String {
    let mut lines = vec![format!("{} ({})", node.name(), node.kind.kind.spoken())];
    lines.extend((!node.team.is_empty()).then(|| format!("team: {}", node.team)));
    lines.extend((!node.hosts.is_empty()).then(|| node.hosts.join(", ")));
    lines.extend(node.attrs.keys().filter_map(|name| Some(format!("{name}: {}", node.attr(name)?))));
    lines.join("\n")
}
