//! Keys that work anywhere on the page.

use super::workspace::Workspace;
use crate::browser;
use crate::session::Action;

/// Starts listening.
pub(super) fn listen(workspace: Workspace) {
    browser::on_keydown(move |event| {
        let command = event.ctrl_key() || event.meta_key();
        // A text field has an undo of its own; an empty one has nothing to undo, so the key goes to the case.
        if !command || event.alt_key() || browser::is_editing(&event) {
            return;
        }
        let action = match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => Action::Undo,
            ("z", true) | ("y", false) => Action::Redo,
            _ => return,
        };
        event.prevent_default();
        workspace.dispatch(action);
    });
}
