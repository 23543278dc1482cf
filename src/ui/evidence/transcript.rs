//! The text of one piece of evidence, line by line: what it says, what nobody understood, and where a claim was seen.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser;
use crate::clean::plain;
use crate::evidence::Lines;
use crate::session::Item;

/// Longer texts show this many lines at their beginning and end, and around what a claim points at.
const SHOWN: u32 = 200;

#[component]
pub(super) fn Transcript(
    item: Memo<Option<Arc<Item>>>,
    /// The lines a claim points at.
    lit: Memo<Option<Lines>>,
) -> impl IntoView {
    let rows = move || item.get().map(|item| rows(&item, lit.get())).unwrap_or_default();
    Effect::new(move || {
        if lit.get().is_some() {
            request_animation_frame(|| browser::scroll_to("lit"));
        }
    });
    view! {
        <pre class="transcript" data-testid="transcript" tabindex="0">
            {move || rows().into_iter().map(|row| view! { <Line row /> }).collect_view()}
        </pre>
    }
}

/// One row of the transcript.
enum Row {
    Line {
        number: u32,
        text: String,
        state: State,
        first_lit: bool,
    },
    /// Lines left out because the text is long.
    Gap(Lines),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    /// A fact was read here.
    Fact,
    Lit,
    Unread,
}

fn rows(item: &Item, lit: Option<Lines>) -> Vec<Row> {
    let count = item.text.lines().count() as u32;
    let near = |number: u32| lit.is_some_and(|lit| number + 10 >= lit.first && number <= lit.last + 10);
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(item.text.lines()) {
        if number > SHOWN && number + SHOWN <= count && !near(number) {
            match rows.last_mut() {
                Some(Row::Gap(gap)) => gap.last = number,
                _ => rows.push(Row::Gap(Lines::one(number))),
            }
            continue;
        }
        let within = |runs: &[Lines]| runs.iter().any(|lines| lines.contains(number));
        let state = match lit {
            Some(lit) if lit.contains(number) => State::Lit,
            _ if within(&item.gist.unread) => State::Unread,
            _ if within(&item.gist.facts) => State::Fact,
            _ => State::Plain,
        };
        let first_lit = lit.is_some_and(|lit| lit.first == number);
        rows.push(Row::Line { number, text: plain(line), state, first_lit });
    }
    rows
}

#[component]
fn Line(row: Row) -> impl IntoView {
    match row {
        Row::Gap(lines) => {
            view! { <span class="line gap">{format!("… lines {lines} are not shown\n")}</span> }.into_any()
        }
        Row::Line { number, text, state, first_lit } => {
            let state = match state {
                State::Plain => "plain",
                State::Fact => "fact",
                State::Lit => "lit",
                State::Unread => "unread",
            };
            let id = first_lit.then_some("lit");
            view! {
                <span class="line" id=id data-state=state>
                    <span class="number" aria-hidden="true">{number}</span>
                    {text}
                    "\n"
                </span>
            }
            .into_any()
        }
    }
}
