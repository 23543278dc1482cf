//! One piece of evidence: what it was read as, where it was taken, and its text.

use std::sync::Arc;

use leptos::prelude::*;

use super::command_line::CommandLine;
use super::facts::Facts;
use super::transcript::Transcript;
use crate::browser;
use crate::clean::plain;
use crate::decimal::whole;
use crate::evidence::Lines;
use crate::read::UNKNOWN;
use crate::session::{Action, Edit, Item, ItemId, Voice};
use crate::ui::workspace::workspace;

/// For so many minutes evidence is of now; after the last of them the whole incident is history, and nobody expects otherwise.
const STALE: std::ops::Range<u32> = 30..2 * 24 * 60;

/// So many runs of lines that nobody understood are named; the transcript marks them all.
const NAMED: usize = 20;

#[component]
pub(super) fn Card(id: ItemId) -> impl IntoView {
    let workspace = workspace();
    let item = Memo::new(move |_| workspace.session.read().work().item(id).cloned());
    let opened = RwSignal::new(false);
    // A claim on screen that points here opens the card too.
    let lit = Memo::new(move |_| workspace.spotlight.get().filter(|spot| spot.item == id).map(|spot| spot.lines));
    let open = move || opened.get() || lit.get().is_some();
    let toggle = move |_| {
        let close = open();
        opened.set(!close);
        if close && lit.get_untracked().is_some() {
            workspace.spotlight.set(None);
        }
    };
    let muted = move || item.read().as_ref().is_some_and(|item| item.voice == Voice::Muted);
    let has_text = Memo::new(move |_| item.read().as_ref().is_some_and(|item| !item.text.is_empty()));
    let name = move || item.read().as_ref().map(|item| name(item)).unwrap_or_default();
    let time = move || item.read().as_ref().and_then(|item| item.origin.at.clone());
    let mute = move |_| {
        let voice = if muted() { Voice::Heard } else { Voice::Muted };
        let headline = workspace.diagnosis.with_untracked(|diagnosis| diagnosis.headline.clone());
        workspace.attention.before.set((voice == Voice::Muted).then_some((id, headline)));
        workspace.edit(Edit::Voice(id, voice));
    };
    view! {
        <li class="item" class:muted=muted data-testid="evidence-item">
            <div class="item-head">
                <button type="button" class="item-name" data-testid="toggle" aria-expanded=move || open().to_string() on:click=toggle>
                    <span aria-hidden="true">{move || if open() { "▾ " } else { "▸ " }}</span>
                    {name}
                </button>
                {move || time().map(|at| view! { <Time at /> })}
            </div>
            <div class="item-row">
                <ReadAs id item />
                <Vantage id item />
                <button type="button" class="quiet" data-testid="mute"
                    disabled=move || workspace.visiting() aria-pressed=move || muted().to_string() on:click=mute>
                    {move || if muted() { "Left out" } else { "Leave out" }}
                </button>
                <button
                    type="button"
                    class="quiet"
                    data-testid="remove"
                    aria-label=move || format!("Remove {}", name())
                    title="Remove"
                    disabled=move || workspace.visiting()
                    on:click=move |_| workspace.edit(Edit::Remove(id))
                >
                    "✕"
                </button>
            </div>
            {move || {
                let before = workspace.attention.before.get().filter(|(left_out, _)| *left_out == id && muted());
                before.map(|(_, headline)| view! { <p class="hint" data-testid="flip">"With it the verdict was: " {headline}</p> })
            }}
            <Unread item />
            <Show when=open>
                <CommandLine id item />
                {move || {
                    if has_text.get() {
                        view! { <Transcript item lit /> }.into_any()
                    } else {
                        view! { <Facts item lit /> }.into_any()
                    }
                }}
            </Show>
        </li>
    }
}

/// The kind it was recognized as and how surely; choosing another one reads it again.
#[component]
fn ReadAs(id: ItemId, item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let workspace = workspace();
    let recognized = move || {
        let item = item.read();
        let Some(item) = item.as_ref() else { return String::new() };
        let mut kinds: Vec<&str> = item.gist.blocks.iter().map(|block| block.kind.as_str()).collect();
        kinds.dedup();
        let sure = item.gist.blocks.iter().map(|block| block.confidence).fold(1.0, f64::min);
        match kinds.as_slice() {
            [] | [UNKNOWN] => "no command recognized".to_owned(),
            kinds => format!("{}, {} % sure", kinds.join(" + "), whole(sure * 100.0)),
        }
    };
    let chosen = move || item.read().as_ref().and_then(|item| item.read_as.clone()).unwrap_or_default();
    view! {
        <label class="choice">
            <span class="visually-hidden">"Read as"</span>
            <select
                data-testid="read-as"
                disabled=move || workspace.visiting()
                on:change=move |event| {
                    let kind = event_target_value(&event);
                    workspace.dispatch(Action::ReadAs(id, (!kind.is_empty()).then_some(kind)));
                }
            >
                <option value="" selected=move || chosen().is_empty()>
                    {recognized}
                </option>
                {move || {
                    let kinds = workspace.kinds.get().into_iter();
                    kinds
                        .map(|kind| {
                            let text = format!("{kind}, chosen by you");
                            let value = kind.clone();
                            view! {
                                <option value=value selected=move || chosen() == kind>
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

/// The hop on which it was taken.
#[component]
fn Vantage(id: ItemId, item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let workspace = workspace();
    let chosen = move || item.read().as_ref().and_then(|item| item.origin.vantage.clone()).unwrap_or_default();
    let hops = Memo::new(move |_| {
        let sketch = workspace.sketch.read();
        sketch.nodes().iter().map(|node| (node.id.clone(), node.name().to_owned())).collect::<Vec<_>>()
    });
    view! {
        <label class="choice">
            <span class="visually-hidden">"Run on"</span>
            <select
                data-testid="vantage"
                disabled=move || workspace.visiting()
                on:change=move |event| {
                    let hop = event_target_value(&event);
                    workspace.edit(Edit::Vantage(id, (!hop.is_empty()).then_some(hop)));
                }
            >
                <option value="" selected=move || chosen().is_empty()>
                    "on: not said"
                </option>
                {move || {
                    hops.get()
                        .into_iter()
                        .map(|(hop, name)| {
                            let value = hop.clone();
                            view! {
                                <option value=value selected=move || chosen() == hop>
                                    {format!("on {name}")}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

/// Says which lines nobody understood, so that their silence is not trusted.
#[component]
fn Unread(item: Memo<Option<Arc<Item>>>) -> impl IntoView {
    let lines = move || {
        let item = item.read();
        let unread = &item.as_ref()?.gist.unread;
        let runs: Vec<String> = unread.iter().take(NAMED).map(Lines::to_string).collect();
        match (runs.as_slice(), unread.len() > NAMED) {
            ([], _) => None,
            ([one], _) if !one.contains('–') => Some(format!("line {one}")),
            (many, false) => Some(format!("lines {}", many.join(", "))),
            (many, true) => Some(format!("lines {} and more", many.join(", "))),
        }
    };
    view! {
        {move || lines().map(|lines| view! { <p class="unread" data-testid="unread">"Not understood: " {lines}</p> })}
    }
}

/// When it was pasted.
#[component]
fn Time(
    /// RFC 3339.
    at: String,
) -> impl IntoView {
    let clock: String = at.split('T').nth(1).unwrap_or_default().chars().take(5).collect();
    let tick = workspace().minute;
    let pasted = at.clone();
    let age = move || {
        tick.track();
        browser::minutes_since(&pasted).filter(|minutes| STALE.contains(minutes)).map(spoken_age)
    };
    view! {
        <span class="when">
            <time datetime=at.clone() title=at>{format!("{clock} UTC")}</time>
            {move || age().map(|age| view! { <small class="stale" data-testid="stale">{age}</small> })}
        </span>
    }
}

/// `42 min ago`
fn spoken_age(minutes: u32) -> String {
    if minutes < 120 { format!("{minutes} min ago") } else { format!("{} h ago", minutes / 60) }
}

/// The command that printed it, else its first line.
fn name(item: &Item) -> String {
    let command = item.gist.blocks.iter().find_map(|block| block.command.clone());
    let command = item.origin.command.clone().or(command);
    let first = || item.text.lines().map(plain).find(|line| !line.trim().is_empty());
    command.or_else(first).unwrap_or_else(|| "Facts from a link".to_owned())
}
