//! The page: verdict, evidence, map, in this order. It derives everything from the session and decides nothing.

use leptos::prelude::*;

mod announcer;
mod attention;
mod author;
mod cases;
mod command;
mod contrast;
mod doors;
mod each;
mod evidence;
mod findings;
mod handoff;
mod header;
mod keys;
mod map;
mod offers;
mod outline;
mod packs;
mod palette;
mod probability;
mod runbooks;
mod sealed;
mod share;
mod sheet;
mod verdict;
mod workspace;

use workspace::Workspace;

/// Mounts the page in `#app` and goes on where the person stopped.
pub fn mount() {
    let Some(place) = crate::browser::mount_point() else { return };
    let typed = crate::browser::taken_over(&place);
    leptos::mount::mount_to(place, move || view! { <App typed /> }).forget();
}

/// The whole page.
#[component]
fn App(
    /// What was typed before the program arrived.
    typed: String,
) -> impl IntoView {
    let workspace = Workspace::open();
    provide_context(workspace);
    keys::listen(workspace);
    evidence::listen(workspace);
    view! {
        <header::Header />
        <offers::Offers />
        <main class="panes">
            <verdict::Verdict />
            <evidence::Inbox typed />
            <map::MapPane />
        </main>
        <footer class="foot">"Nothing leaves this browser: no account, no server, no tracking."</footer>
        <announcer::Announcer />
        <share::ShareDialog />
        <sealed::PassphraseDialog />
        <sheet::SheetDialog />
    }
}
