//! The clipboard, also where browsers hide it: `navigator.clipboard` is missing on plain `http://` hosts.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::js_sys::{Function, Reflect};
use web_sys::{HtmlTextAreaElement, window};

use super::Notice;

/// Puts `text` on the clipboard, then says `spoken`, or what to do instead.
pub(super) fn copy(text: String, spoken: String, tell: impl Fn(Notice) + 'static) {
    spawn_local(async move {
        let copied = by_permission(&text).await || by_selection(&text).unwrap_or(false);
        tell(if copied {
            Notice::Said(spoken)
        } else {
            Notice::Failed("The browser refused to copy: select the text and press Ctrl+C.".to_owned())
        });
    });
}

async fn by_permission(text: &str) -> bool {
    let Some(navigator) = window().map(|window| window.navigator()) else { return false };
    // The binding takes the clipboard for granted; on an insecure origin it is undefined and any call on it throws.
    let exists = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    exists && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// The old way: select the text in a box nobody sees, and ask for the copy command.
fn by_selection(text: &str) -> Option<bool> {
    let document = window()?.document()?;
    let before = document.active_element();
    // Inside an open modal dialog only its own content can be selected.
    let host = document.query_selector("dialog[open]").ok().flatten().or_else(|| Some(document.body()?.into()))?;
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("visually-hidden");
    area.set_read_only(true);
    host.append_child(&area).ok()?;
    area.select();
    let command: Option<Function> =
        Reflect::get(&document, &"execCommand".into()).ok().and_then(|command| command.dyn_into().ok());
    let copied = command
        .and_then(|command| command.call1(&document, &"copy".into()).ok())
        .and_then(|done| done.as_bool())
        .unwrap_or(false);
    area.remove();
    if let Some(element) = before.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
    Some(copied)
}
