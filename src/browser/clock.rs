//! The clock, which the engine and the session do not have.

use web_sys::js_sys::Date;

/// Now, RFC 3339 in UTC to the second.
pub fn now() -> String {
    let iso: String = Date::new_0().to_iso_string().into();
    match iso.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => iso,
    }
}
