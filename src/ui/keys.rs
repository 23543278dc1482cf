//! Keys that work anywhere on the page.

use web_sys::KeyboardEvent;

use super::command;
use super::workspace::Workspace;
use crate::browser;

/// Keys that a text field, a button or a dialog needs for itself.
const THEIR_OWN: [&str; 6] = ["Enter", "Escape", "Delete", "Backspace", "Ctrl+A", "Ctrl+ArrowRight"];
/// What a text field that is being edited does itself.
const OF_A_FIELD: [&str; 4] = ["Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y", "Ctrl+D"];

/// Starts listening.
pub(super) fn listen(workspace: Workspace) {
    browser::on_keydown(move |event| {
        let spelled = spelled(&event);
        let Some(command) = command::of_key(&spelled) else { return };
        let with_control = spelled.starts_with("Ctrl+");
        let typing = browser::is_typing(&event);
        let theirs = browser::is_in_dialog(&event)
            || event.alt_key()
            || event.default_prevented()
            // A single letter is a tool only while nobody types (WCAG 2.1.4).
            || typing && !with_control
            || OF_A_FIELD.contains(&spelled.as_str()) && browser::is_editing(&event)
            || THEIR_OWN.contains(&spelled.as_str()) && !browser::is_on_map(&event);
        if !theirs {
            event.prevent_default();
            (command.run)(workspace);
        }
    });
}

/// `Ctrl+Shift+Z`, `Shift+1`, `?`, `L`
fn spelled(event: &KeyboardEvent) -> String {
    let key = event.key();
    let mut letters = key.chars();
    let (key, shift) = match (letters.next(), letters.next()) {
        // Shift is a part of signs like `?`, whose place differs from keyboard to keyboard.
        (Some(letter), None) if letter.is_ascii_alphabetic() => (key.to_ascii_uppercase(), event.shift_key()),
        (Some(_), None) => match event.code().strip_prefix("Digit") {
            Some(digit) if event.shift_key() && digit == "1" => (digit.to_owned(), true),
            _ => (key, false),
        },
        _ => (key, event.shift_key()),
    };
    let control = if event.ctrl_key() || event.meta_key() { "Ctrl+" } else { "" };
    let shift = if shift { "Shift+" } else { "" };
    format!("{control}{shift}{key}")
}
