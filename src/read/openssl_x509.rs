//! Reads `openssl x509` (`-dates`, `-subject`, `-issuer`, `-ext subjectAltName`, `-text`, `-checkend 0`) and `openssl verify`.
//!
//! ```text
//! subject=CN = hooks.lumen.example
//! notBefore=Nov 20 01:52:42 2025 GMT
//! notAfter=Nov 20 01:52:42 2026 GMT
//! X509v3 Subject Alternative Name:
//!     DNS:pay-old.shop.example, DNS:www.pay-old.shop.example
//! ```

use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader, certificate, observable, tls};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Outcome, State};

pub(super) const READER: Reader = Reader { kind: "openssl", most: 0.95, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.contains("X509v3 Subject Alternative Name") || verified(text).is_some() || is_checked(text))
    {
        return 0.95;
    }
    let properties = part.lines.iter().filter(|line| !certificate::properties(&line.text).is_empty()).count();
    match (properties, part.runs("openssl")) {
        (1.., true) => 0.95,
        (2.., false) => 0.85,
        (1, false) if part.any(|text| text.starts_with("notAfter=") || text.starts_with("notBefore=")) => 0.8,
        // What is inside is not decoded; `openssl x509 -text` does that.
        _ if part.any(|text| text.starts_with("-----BEGIN CERTIFICATE-----")) => 0.7,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let of = target(part);
    let ahead = part.command.as_ref().and_then(|command| command.option("\0", "-checkend")?.parse::<u32>().ok());
    let read_at = part.lines.iter().find_map(|line| is_clock(&line.text).then(|| certificate::moment(&line.text))?);
    let elsewhen = part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "-attime"));
    // Who issued a list of revoked certificates has issued the list.
    let of_a_list = part.command.as_ref().is_some_and(|command| command.words().any(|word| word == "crl"));
    let full = part.any(|text| text == "Certificate:" || text.starts_with("-----BEGIN CERTIFICATE-----"));
    let mut names_follow = false;
    let mut subject: Option<&str> = None;
    // Whether it is known of the certificate whose end comes next that it is valid already.
    let mut begun = false;
    for line in &part.lines {
        let text = line.text.as_str();
        let mut tell = |observable: &str, value: &str, detail: &str| {
            let (observable, value, detail) = (observable.to_owned(), value.to_owned(), detail.to_owned());
            findings.fact(Lines::one(line.number), Claim::State(State { observable, value, of: of.clone(), detail }));
        };
        let properties = if of_a_list { Vec::new() } else { certificate::properties(text) };
        for (property, value) in &properties {
            tell(property, "seen", value);
            let validity = read_at.zip(certificate::moment(value)).and_then(|(now, then)| match *property {
                observable::CERTIFICATE_NOT_AFTER => Some(match (now > then, std::mem::take(&mut begun)) {
                    (true, _) => "expired",
                    (false, true) => "valid",
                    (false, false) => "not_expired",
                }),
                observable::CERTIFICATE_NOT_BEFORE => {
                    begun = now >= then;
                    (!begun).then_some("not_yet_valid")
                }
                _ => None,
            });
            if let Some(validity) = validity {
                tell(observable::CERTIFICATE_DATES, validity, text.trim());
            }
        }
        let mut known = !properties.is_empty();
        if names_follow {
            tell(observable::CERTIFICATE_NAMES, "seen", &names(text));
            (names_follow, known) = (false, true);
        } else if text.contains("X509v3 Subject Alternative Name") {
            (names_follow, known) = (true, true);
        } else if is_checked(text) {
            // What does not expire for so long has not; what expires within so long may not have yet. When it begins is not checked.
            match (text.contains(" not "), ahead) {
                (true, Some(0)) => tell(observable::CERTIFICATE_DATES, "not_expired", "checked just now"),
                (false, Some(0)) => tell(observable::CERTIFICATE_DATES, "expired", "checked just now"),
                (true, Some(seconds)) => {
                    tell(observable::CERTIFICATE_DATES, "not_expired", &format!("for {seconds} s and more"))
                }
                (true, None) => tell(observable::CERTIFICATE_DATES, "not_expired", text),
                (false, Some(seconds)) => {
                    tell(observable::CERTIFICATE_NOT_AFTER, "seen", &format!("within {seconds} s"))
                }
                (false, None) => {}
            }
            known = true;
        } else if let Some(result) = verified(text) {
            known = true;
            match result {
                // At another time than now.
                Verified::Error(reason) if elsewhen && TIMES.iter().any(|of_time| reason.contains(of_time)) => {}
                Verified::Error(reason) if reason.contains("has expired") => {
                    tell(observable::CERTIFICATE_DATES, "expired", subject.unwrap_or(reason));
                }
                Verified::Error(reason) if reason.contains("not yet valid") => {
                    tell(observable::CERTIFICATE_DATES, "not_yet_valid", subject.unwrap_or(reason));
                }
                Verified::Subject(name) => subject = Some(name),
                Verified::Error(reason) => {
                    let value = match tls::outcome(&format!("certificate: {reason}")) {
                        Some(Outcome::TlsSelfSigned) => "self_signed",
                        _ => "untrusted",
                    };
                    let of = subject.map(|subject| format!("{subject}: ")).unwrap_or_default();
                    tell(observable::CERTIFICATE_TRUST, value, &format!("{of}{reason}"));
                }
                Verified::Good(file) => tell(observable::CERTIFICATE_TRUST, "trusted", file),
                Verified::File => {}
            }
        }
        if is_clock(text) {
            findings.state(Lines::one(line.number), observable::CLOCK, "read", Endpoint::default(), text.trim());
        }
        if known || text.trim().is_empty() || (full && is_inside_certificate(text)) {
            findings.noise(line.number);
        }
    }
}

/// What `openssl verify` says of the time.
const TIMES: [&str; 2] = ["has expired", "not yet valid"];

/// What `-checkend` prints.
fn is_checked(text: &str) -> bool {
    matches!(text.trim(), "Certificate will expire" | "Certificate will not expire")
}

fn target(part: &Part) -> Endpoint {
    let connect = part.command.as_ref().and_then(|command| command.option("\0", "-connect"));
    let Some((host, port)) = connect.map(split_port) else { return Endpoint::default() };
    let mut to = endpoint(host, port);
    let name = part.command.as_ref().and_then(|command| command.option("\0", "-servername"));
    to.host = to.host.or(name.map(str::to_owned));
    to
}

/// `DNS:a.example, DNS:b.example, IP Address:192.0.2.1` without the kinds.
fn names(text: &str) -> String {
    let name = |entry: &str| entry.split_once(':').map_or(entry, |(_, name)| name).trim().to_owned();
    text.split(',').map(|entry| name(entry.trim())).collect::<Vec<_>>().join(", ")
}

/// What `openssl verify` prints of a certificate.
enum Verified<'a> {
    Subject(&'a str),
    Error(&'a str),
    Good(&'a str),
    /// The file of a certificate that did not pass.
    File,
}

fn verified(text: &str) -> Option<Verified<'_>> {
    if let Some(rest) = text.strip_prefix("error ") {
        if rest.ends_with(": verification failed") {
            return Some(Verified::File);
        }
        let (_, reason) = rest.split_once(" depth lookup: ").or_else(|| rest.split_once(" depth lookup:"))?;
        return Some(Verified::Error(reason));
    }
    let good = text.strip_suffix(": OK").filter(|file| [".pem", ".crt", ".cer"].iter().any(|end| file.ends_with(end)));
    if let Some(file) = good {
        return Some(Verified::Good(file));
    }
    // "C = NO, O = Shop AS, CN = www.shop.example"
    let (first, _) = text.split_once('=')?;
    let named = first.trim_end().bytes().all(|b| b.is_ascii_uppercase());
    (named && (text.contains("CN = ") || text.contains("CN="))).then_some(Verified::Subject(text))
}

/// A line of date(1).
fn is_clock(text: &str) -> bool {
    let weekday =
        text.split(' ').next().is_some_and(|day| matches!(day, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun"));
    weekday && certificate::moment(text).is_some()
}

/// `-text` indents everything, and prints keys and signatures as hexadecimal bytes.
fn is_inside_certificate(text: &str) -> bool {
    text == "Certificate:" || text.starts_with("    ") || text.starts_with("-----") || !text.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_certificate_is_called_valid_where_both_its_dates_are_known() {
        let dates = |text: &str| -> Vec<String> {
            let told = told(READER, &format!("Sat Nov 21 03:09:04 UTC 2026\n{text}"));
            told.into_iter().filter(|one| one.contains("certificate dates")).collect()
        };
        let (begins, ends) = ("notBefore=Oct 12 03:08:54 2026 GMT", "notAfter=Jan 10 03:08:54 2027 GMT");
        assert_eq!(dates(&format!("{begins}\n{ends}")), [format!("certificate dates is valid ({ends})")]);
        assert_eq!(dates(ends), [format!("certificate dates is not expired ({ends})")]);
        let later = "notBefore=Dec 12 03:08:54 2026 GMT";
        assert_eq!(
            dates(&format!("{later}\n{ends}")),
            [
                format!("certificate dates is not yet valid ({later})"),
                format!("certificate dates is not expired ({ends})")
            ]
        );
    }
}
