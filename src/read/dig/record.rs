//! One resource record as dig prints it.
//!
//! ```text
//! api.shop.example.       60      IN      A       203.0.113.10
//! ```

use std::net::IpAddr;

use crate::read::dns::name;

pub(super) struct Record {
    pub owner: String,
    /// Seconds.
    pub ttl: u32,
    pub data: Data,
    /// Type and data of a record that says whom to ask next, or for what: `MX 10 mail.shop.example.`
    pub value: Option<String>,
}

pub(super) enum Data {
    Address(IpAddr),
    Alias(String),
    /// A host that receives the mail.
    Mail,
    /// What a zone says of itself: its name servers, its start, its keys and signatures.
    Zone,
    Other,
}

/// Reads `name. 60 IN A 203.0.113.10` (RFC 1035 section 5.1, as dig prints it).
pub(super) fn record(text: &str) -> Option<Record> {
    let mut words = text.split_whitespace();
    let owner = words.next().filter(|owner| owner.ends_with('.') && !owner.starts_with(';'))?;
    let ttl = ttl(words.next()?)?;
    (words.next()? == "IN").then_some(())?;
    let kind = words.next()?;
    let value = words.next()?;
    let data = match kind {
        "A" | "AAAA" => Data::Address(value.parse().ok()?),
        "CNAME" => Data::Alias(name(value)),
        "MX" => Data::Mail,
        "SOA" | "NS" | "DS" | "DNSKEY" | "RRSIG" | "NSEC" | "NSEC3" => Data::Zone,
        _ => Data::Other,
    };
    let told = matches!(kind, "PTR" | "MX" | "SRV" | "SOA");
    let value = told.then(|| [kind, value].into_iter().chain(words).collect::<Vec<_>>().join(" "));
    // With +multiline an SOA goes on below.
    let value = value.map(|value| value.trim_end_matches([' ', '(']).to_owned());
    Some(Record { owner: name(owner), ttl, data, value })
}

/// Seconds, also as `+ttlunits` prints them: `1h30m`.
fn ttl(text: &str) -> Option<u32> {
    let mut seconds = 0u32;
    let mut digits = 0u32;
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                digits = digits.checked_mul(10)?.checked_add(c.to_digit(10)?)?;
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        seconds = seconds.checked_add(digits.checked_mul(unit)?)?;
        digits = 0;
    }
    (text.starts_with(|c: char| c.is_ascii_digit())).then(|| seconds.checked_add(digits))?
}
