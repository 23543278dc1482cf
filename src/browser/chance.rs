//! Random bytes, which the engine and the session do not have.

use web_sys::window;

use crate::redact::Salt;

/// A salt for this session. Without a source of chance it is all zeros: marks then stay comparable between sessions.
pub fn salt() -> Salt {
    let mut bytes = [0; 16];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    Salt(bytes)
}
