//! One failure mode to read and to act on: signs, what rules it out, commands for this drawing, repair, sources.

use leptos::prelude::*;

use crate::browser;
use crate::handbook::{Instruction, Page, Reference};
use crate::inquiry::{Answer, Question};
use crate::session::{Asked, Source};
use crate::ui::verdict::{Command, cost};
use crate::ui::workspace::Workspace;

/// What the engine says of the mode.
#[derive(Clone, PartialEq)]
enum Found {
    Waiting,
    Unknown,
    Page(Box<Page>),
}

pub(super) fn page(workspace: Workspace, asked: Reference) -> AnyView {
    let found = RwSignal::new(Found::Waiting);
    let mode = asked.mode.clone();
    Effect::new(move || {
        let case = workspace.session.with(|session| session.work().testimony());
        workspace.inquire(Question::Page { case, asked: asked.clone() }, move |answer| match answer {
            Answer::Page(Some(page)) => found.set(Found::Page(Box::new(page))),
            Answer::Page(None) => found.set(Found::Unknown),
            _ => {}
        });
    });
    let link = workspace.link_to_runbook(&mode);
    view! {
        <div class="row">
            <button type="button" data-testid="all-runbooks" on:click=move |_| workspace.attention.reading.set(None)>"All runbooks"</button>
            <button type="button" data-testid="print-runbook" on:click=|_| browser::print()>"Print"</button>
            <button type="button" data-testid="link-runbook"
                on:click=move |_| workspace.copy(link.clone(), "Copied: the link to this runbook")>"Copy link"</button>
        </div>
        {move || match found.get() {
            Found::Waiting => view! { <p role="status">"Looking it up …"</p> }.into_any(),
            Found::Unknown => unknown(&mode),
            Found::Page(page) => shown(workspace, *page),
        }}
    }
    .into_any()
}

fn unknown(mode: &str) -> AnyView {
    let sentence = format!(
        "No runbook in use here describes “{mode}”. It may stand in a file of the team that gave you the link: ask for the file, or look through all runbooks."
    );
    view! { <p role="status" data-testid="unknown-runbook">{sentence}</p> }.into_any()
}

fn shown(workspace: Workspace, page: Page) -> AnyView {
    let origin = workspace.session.with_untracked(|session| {
        let file = session.library().origin(&page.runbook)?;
        let hash: String = file.examined.sha256.chars().take(12).collect();
        let by = match file.source {
            Source::File => "opened by you",
            Source::Host => "from this host",
        };
        Some(format!("From {}, {by}, SHA-256 {hash}. Its commands do not come from this page.", file.pack.name))
    });
    let commands = match (page.about.as_str(), page.commands.as_slice()) {
        (_, []) => "Commands".to_owned(),
        ("", _) => "Commands, to be filled in".to_owned(),
        (about, _) => format!("Commands for {about}"),
    };
    let repair = [("", page.fix), ("To verify: ", page.verify), ("To undo: ", page.undo)];
    let repair = repair.into_iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| format!("{what}{text}"));
    view! {
        <article class="runbook" data-testid="runbook-page">
            <h3>{page.title}</h3>
            <p class="hint">{page.places}</p>
            {origin.map(|origin| view! { <p class="origin" data-testid="runbook-origin">{origin}</p> })}
            {sentences("What speaks for it", page.signs)}
            {sentences("What rules it out", page.rules_out)}
            <h4>{commands}</h4>
            {page.commands.into_iter().map(instruction).collect::<Vec<_>>()}
            {sentences("Repair", repair.collect())}
            {sentences("Remarks", page.note)}
            {sources(page.sources)}
        </article>
    }
    .into_any()
}

fn sentences(head: &'static str, all: Vec<String>) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let items = all.into_iter().map(|one| view! { <li>{one}</li> }.into_any()).collect::<Vec<_>>();
    view! {
        <h4>{head}</h4>
        <ul class="signs">{items}</ul>
    }
    .into_any()
}

fn instruction(one: Instruction) -> AnyView {
    let from = (!one.from.is_empty()).then(|| format!(" Run it on {}.", one.from));
    let gaps = (!one.gaps.is_empty()).then(|| view! { <p class="hint">{one.gaps.join(" ")}</p> });
    let elsewhere = (!one.variants.is_empty()).then(|| variants(one.variants));
    let reads = one.reads.into_iter().map(|(sees, means)| view! { <li><b>{sees}</b> ": " {means}</li> }.into_any());
    view! {
        <p class="asks">{one.question} {from} " " <span class="cost">{cost(one.risk, one.minutes)}</span></p>
        <Command asked=Asked { command: one.command, ..Asked::default() } testid="runbook-command" copy="copy-runbook-command" main=false />
        {gaps}
        {elsewhere}
        <ul class="reads">{reads.collect::<Vec<_>>()}</ul>
    }
    .into_any()
}

/// The command for other shells, clouds, and pods without a shell; few need it, so it stays folded.
fn variants(all: Vec<(String, String)>) -> AnyView {
    let one = |(place, command): (String, String)| {
        view! {
            <p class="asks">{place}</p>
            <Command asked=Asked { command, ..Asked::default() } testid="runbook-variant" copy="copy-runbook-variant" main=false />
        }
        .into_any()
    };
    view! {
        <details class="variants">
            <summary>"Elsewhere"</summary>
            {all.into_iter().map(one).collect::<Vec<_>>()}
        </details>
    }
    .into_any()
}

/// Other sites, which only a person opens. The loader lets https links through and nothing else.
fn sources(links: Vec<String>) -> AnyView {
    if links.is_empty() {
        return ().into_any();
    }
    let link = |link: String| {
        let shown = link.clone();
        view! { <li><a href=link target="_blank" rel="noopener noreferrer">{shown}</a></li> }.into_any()
    };
    view! {
        <h4>"Where that is known from"</h4>
        <ul class="signs" data-testid="runbook-sources">{links.into_iter().map(link).collect::<Vec<_>>()}</ul>
    }
    .into_any()
}
