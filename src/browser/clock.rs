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

/// Whole minutes since a moment, RFC 3339; nothing where it cannot be read or lies ahead.
pub fn minutes_since(at: &str) -> Option<u32> {
    let minutes = (Date::now() - Date::parse(at)) / 60_000.0;
    (minutes >= 0.0).then_some(minutes as u32)
}

/// A moment for people: `2026-11-21 03:12 UTC`. `at` counts milliseconds since 1970; 0 stands for unknown.
pub fn date(at: u64) -> String {
    if at == 0 {
        return "earlier".to_owned();
    }
    let iso: String = Date::new(&(at as f64).into()).to_iso_string().into();
    let minutes: String = iso.chars().take(16).collect();
    format!("{} UTC", minutes.replace('T', " "))
}
