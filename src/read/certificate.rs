//! What lines of `openssl` say about a certificate: whom it names, who signed it, when it is valid.
//!
//! ```text
//! subject=CN = hooks.lumen.example
//! notAfter=Nov 20 01:52:42 2026 GMT
//!    v:NotBefore: Oct 12 01:53:33 2026 GMT; NotAfter: Jan 10 01:53:33 2027 GMT
//!             Not After : Jan 10 03:08:54 2027 GMT
//! ```

use super::observable;
use crate::moment::{MONTHS, month};

/// A certificate's property and its text.
pub(super) type Property<'a> = (&'static str, &'a str);

/// The properties a line states; most lines state none.
pub(super) fn properties(text: &str) -> Vec<Property<'_>> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("v:NotBefore: ")
        && let Some((before, after)) = rest.split_once("; NotAfter: ")
    {
        return vec![
            (observable::CERTIFICATE_NOT_BEFORE, before.trim()),
            (observable::CERTIFICATE_NOT_AFTER, after.trim()),
        ];
    }
    LABELS
        .iter()
        .find_map(|(label, observable)| Some((*observable, text.strip_prefix(label)?.trim())))
        // The journal has a "Subject:", too: a name of X.500 is made of attributes and their values.
        .filter(|(observable, value)| !value.is_empty() && (!names(observable) || value.contains('=')))
        .into_iter()
        .collect()
}

fn names(observable: &str) -> bool {
    matches!(observable, observable::CERTIFICATE_SUBJECT | observable::CERTIFICATE_ISSUER)
}

const LABELS: &[(&str, &str)] = &[
    ("subject=", observable::CERTIFICATE_SUBJECT),
    ("Subject: ", observable::CERTIFICATE_SUBJECT),
    ("Peer certificate: ", observable::CERTIFICATE_SUBJECT),
    ("issuer=", observable::CERTIFICATE_ISSUER),
    ("Issuer: ", observable::CERTIFICATE_ISSUER),
    ("notBefore=", observable::CERTIFICATE_NOT_BEFORE),
    ("Not Before: ", observable::CERTIFICATE_NOT_BEFORE),
    ("notAfter=", observable::CERTIFICATE_NOT_AFTER),
    ("Not After : ", observable::CERTIFICATE_NOT_AFTER),
];

/// A moment that can be compared with another: year, month, day, time of day. Both are taken to be UTC.
pub(super) type Moment<'a> = (u16, i64, u8, &'a str);

/// Reads `Nov 20 01:52:42 2026 GMT` of certificates and `Sat Nov 21 03:09:04 UTC 2026` of date(1).
pub(super) fn moment(text: &str) -> Option<Moment<'_>> {
    let mut words = text.split_whitespace().skip_while(|word| !MONTHS.contains(word));
    let month = month(words.next()?)?;
    let day = words.next()?.parse().ok()?;
    let time = words.next().filter(|time| time.len() == 8 && time.bytes().filter(|b| *b == b':').count() == 2)?;
    let rest: Vec<&str> = words.collect();
    let utc = rest.iter().any(|word| matches!(*word, "GMT" | "UTC"));
    let year = rest.iter().find_map(|word| word.parse().ok())?;
    utc.then_some((year, month, day, time))
}
