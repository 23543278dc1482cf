//! Holds what a certificate says, or a signature in a zone, against what was asked for: dates against the time of the paste, names
//! against the host.
//!
//! ```text
//! shop.example. 300 IN RRSIG A 13 2 300 20261120000000 20261106000000 …        (read at 2026-11-21T01:52:43Z: expired)
//! notAfter=Nov 20 01:52:42 2026 GMT                                            (read at 2026-11-21T01:52:43Z: expired)
//! DNS:pay-old.shop.example, DNS:www.pay-old.shop.example                       (asked for pay.shop.example: another name)
//! ```

use super::Paste;
use crate::evidence::Origin;
use crate::fact::State;
use crate::moment::{days, month};

impl Paste<'_> {
    /// What a property of a certificate says by itself, as a state that runbooks know; nothing where it says nothing.
    pub(super) fn judged(&mut self, state: &State) -> Option<State> {
        let (observable, value) = match state.observable.as_str() {
            "certificate.not_after" => {
                // Its beginning is written above its end, where both were asked for.
                let begun = self.begun.take().is_some_and(|of| of == state.of);
                let expired = read_at(self.origin)? > day(&state.detail)?;
                let value = match (expired, begun) {
                    (true, _) => "expired",
                    (false, true) => "valid",
                    (false, false) => "not_expired",
                };
                ("certificate.dates", value)
            }
            "certificate.not_before" => {
                if read_at(self.origin)? >= day(&state.detail)? {
                    self.begun = Some(state.of.clone());
                    return None;
                }
                ("certificate.dates", "not_yet_valid")
            }
            "certificate.names" if state.value == "seen" => {
                let host = state.of.host.as_deref()?;
                let covers = state.detail.split(", ").any(|name| covers(name, host));
                ("certificate.names", if covers { "covers" } else { "other" })
            }
            "dnssec.signature" => {
                let (since, until) = state.detail.rsplit_once("valid from ")?.1.split_once(" to ")?;
                let now = read_at(self.origin)?;
                let value = if now > second(until)? {
                    "expired"
                } else if now < second(since)? {
                    "not_yet_valid"
                } else {
                    "valid"
                };
                ("dnssec.signature", value)
            }
            _ => return None,
        };
        let detail = state.detail.clone();
        Some(State { observable: observable.to_owned(), value: value.to_owned(), of: state.of.clone(), detail })
    }
}

/// Seconds since 1970 at which a paste was taken.
fn read_at(origin: &Origin) -> Option<i64> {
    crate::moment::moment(origin.at.as_deref()?).map(|thousandths| thousandths / 1_000)
}

/// Seconds since 1970, of `Nov 20 01:52:42 2026 GMT`.
fn day(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [name, day, time, year, "GMT"] = words.as_slice() else { return None };
    let clock: Vec<i64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = clock.as_slice() else { return None };
    let days = days(year.parse().ok()?, month(name)?, day.parse().ok()?);
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Seconds since 1970, of `20261228000000`, as a signature in a zone has it (RFC 4034, section 3.2).
fn second(text: &str) -> Option<i64> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let days = days(part(0, 4)?, part(4, 6)?, part(6, 8)?);
    Some(days * 86_400 + part(8, 10)? * 3_600 + part(10, 12)? * 60 + part(12, 14)?)
}

/// Whether a name of a certificate is good for a host (RFC 6125: a star stands for one label, the first).
fn covers(name: &str, host: &str) -> bool {
    let (name, host) = (name.trim().to_ascii_lowercase(), host.to_ascii_lowercase());
    match name.strip_prefix("*.") {
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest == domain),
        None => name == host,
    }
}
