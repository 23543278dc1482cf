//! Links: a case travels in the fragment of the address, which browsers never send to a server.

use wasm_bindgen::JsValue;
use web_sys::window;

/// Takes the fragment out of the address bar, so that it neither stays in the history nor opens twice.
///
/// Mail filters rewrite `#` as `%23` (Microsoft Safe Links even as `%2523`), which turns the fragment into a part of the
/// path or query; it is found there too.
pub fn take_link() -> Option<String> {
    let window = window()?;
    let location = window.location();
    let address = location.href().ok()?;
    let (page, fragment) = split(&address)?;
    if let Ok(history) = window.history() {
        // A file opened from disk has no history entry that may be rewritten in some browsers; the link works all the same.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(page));
    }
    Some(fragment.to_owned())
}

/// Calls back when a link is opened in the tab that already shows the page: only its fragment changes then.
pub fn on_link(opened: impl Fn(String) + 'static) {
    leptos::prelude::window_event_listener_untyped("hashchange", move |_| {
        if let Some(fragment) = take_link() {
            opened(fragment);
        }
    });
}

/// The address that opens this page with a fragment.
pub fn link_to(fragment: &str) -> String {
    let address = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = split(&address).map_or(address.as_str(), |(page, _)| page);
    let page = page.trim_end_matches('#');
    format!("{page}#{fragment}")
}

/// Splits an address into the page and a fragment that is not empty.
fn split(address: &str) -> Option<(&str, &str)> {
    let (page, fragment) =
        address.split_once('#').or_else(|| address.split_once("%2523")).or_else(|| address.split_once("%23"))?;
    (!fragment.is_empty()).then_some((page, fragment))
}
