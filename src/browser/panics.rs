//! A panic ends the program for good: keep the case first, then tell the page, which offers to reload (`public/boot.js`).

use web_sys::{CustomEvent, CustomEventInit, window};

use super::drafts;

/// Makes every panic save the draft and announce itself as the event `hopwise-panic`.
pub fn announce_panics() {
    std::panic::set_hook(Box::new(|panic| {
        drafts::write_in_panic();
        let details = CustomEventInit::new();
        details.set_detail(&format!("Hopwise {}: {panic}", env!("CARGO_PKG_VERSION")).into());
        if let (Some(window), Ok(event)) = (window(), CustomEvent::new_with_event_init_dict("hopwise-panic", &details))
        {
            let _ = window.dispatch_event(&event);
        }
    }));
}
