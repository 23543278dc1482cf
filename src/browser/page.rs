//! The window and its document: where the page is mounted, keys, pasting anywhere, focus, and how wide it is.

use leptos::prelude::{window_event_listener, window_event_listener_untyped};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    ClipboardEvent, Element, Event, FileList, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    KeyboardEvent, MediaQueryListEvent, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition, window,
};

/// Below this width the panes stand under each other; `layout.css` uses the same number.
const NARROW: &str = "(max-width: 860px)";

/// The element the page is mounted in.
pub fn mount_point() -> Option<HtmlElement> {
    element("app")?.dyn_into().ok()
}

/// Empties the mount point and returns what was typed into the waiting paste box before the program arrived.
pub fn taken_over(mount_point: &HtmlElement) -> String {
    let waiting: Option<HtmlTextAreaElement> = element("paste").and_then(|element| element.dyn_into().ok());
    let typed = waiting.map(|area| area.value()).unwrap_or_default();
    mount_point.set_text_content(None);
    typed
}

/// Moves the keyboard focus, without scrolling.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Gives up what is selected in the page.
pub fn unselect() {
    if let Some(selection) = window().and_then(|window| window.get_selection().ok().flatten()) {
        let _ = selection.remove_all_ranges();
    }
}

/// Presses a button, as if a person had.
pub fn click(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Prints what is on screen: the open dialog alone, if one is open.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// Brings an element into view.
pub fn scroll_to(id: &str) {
    if let Some(element) = element(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_behavior(ScrollBehavior::Auto);
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Opens a native dialog, which keeps the focus inside and closes with Escape.
pub fn show_modal(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog that is open.
pub fn close(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}

/// Listens to keys anywhere on the page.
pub fn on_keydown(pressed: impl Fn(KeyboardEvent) + 'static) {
    window_event_listener(leptos::ev::keydown, pressed);
}

/// Listens to text pasted anywhere outside a text field.
pub fn on_paste(pasted: impl Fn(String) + 'static) {
    window_event_listener_untyped("paste", move |event: Event| {
        if is_typing(&event) {
            return;
        }
        let text = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(ClipboardEvent::clipboard_data)
            .and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            event.prevent_default();
            pasted(text);
        }
    });
}

/// Takes files dropped anywhere on the page, so that the browser does not open them instead.
pub fn on_drop(dropped: impl Fn(FileList) + 'static) {
    window_event_listener(leptos::ev::dragover, |event| event.prevent_default());
    window_event_listener(leptos::ev::drop, move |event| {
        let files = event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0);
        if let Some(files) = files {
            event.prevent_default();
            dropped(files);
        }
    });
}

/// Whether the event belongs to a field in which a person types.
pub fn is_typing(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Whether the event belongs to a dialog, which has keys of its own.
pub fn is_in_dialog(event: &Event) -> bool {
    is_within(event, "dialog")
}

/// Whether the event belongs to the picture of the hops.
pub fn is_on_map(event: &Event) -> bool {
    is_within(event, ".canvas")
}

fn is_within(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Whether the event belongs to a field in which something has been typed, which can be undone there.
pub fn is_editing(event: &Event) -> bool {
    let Some(target) = event.target() else { return false };
    match (target.dyn_ref::<HtmlTextAreaElement>(), target.dyn_ref::<HtmlInputElement>()) {
        (Some(area), _) => !area.value().is_empty(),
        (_, Some(input)) => !input.value().is_empty(),
        _ => false,
    }
}

/// Whether the panes stand under each other now.
pub fn narrow() -> bool {
    window().and_then(|window| window.match_media(NARROW).ok().flatten()).is_some_and(|query| query.matches())
}

/// Calls back when the width crosses the limit.
pub fn on_narrow_change(changed: impl Fn(bool) + 'static) {
    let Some(query) = window().and_then(|window| window.match_media(NARROW).ok().flatten()) else { return };
    let listener =
        Closure::<dyn Fn(MediaQueryListEvent)>::new(move |event: MediaQueryListEvent| changed(event.matches()));
    let listener: JsValue = listener.into_js_value();
    let _ = query.add_event_listener_with_callback("change", listener.unchecked_ref());
}

fn element(id: &str) -> Option<Element> {
    window()?.document()?.get_element_by_id(id)
}
