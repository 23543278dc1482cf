//! Reads how old an answer is that a cache gave, how old it may be, and a mark of its body by which two answers can be told apart.
//!
//! ```text
//! Age: 25
//! Cache-Control: public, max-age=5
//! ```
//!
//! RFC 9111, sections 4.2 and 5.1. The mark goes into links, and a body may be a secret: twelve bits of it are too few to find it by.

use std::collections::BTreeMap;

/// What an answer's head and body tell, while their lines are coming.
#[derive(Default)]
pub(super) struct Caching {
    numbers: BTreeMap<String, f64>,
    /// FNV-1a of the body.
    mark: Option<u32>,
}

impl Caching {
    pub(super) fn header(&mut self, header: &str) {
        let Some((name, value)) = header.split_once(':') else { return };
        let value = value.trim();
        let told = match name.trim().to_ascii_lowercase().as_str() {
            "age" => value.parse().ok().map(|age: f64| ("age_s", age)),
            "cache-control" if !value.contains("stale-") => lifetime(value).map(|seconds| ("lifetime_s", seconds)),
            _ => None,
        };
        self.numbers.extend(told.map(|(name, number)| (name.to_owned(), number)));
    }

    pub(super) fn body(&mut self, line: &str) {
        let start = self.mark.unwrap_or(0x811c_9dc5);
        let step = |mark: u32, byte: u8| (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        self.mark = Some(line.trim().bytes().fold(start, step));
    }

    /// The numbers of the answer's fact.
    pub(super) fn numbers(self) -> BTreeMap<String, f64> {
        let mut numbers = self.numbers;
        numbers.extend(self.mark.map(|mark| ("body".to_owned(), f64::from((mark ^ mark >> 12 ^ mark >> 24) & 0xfff))));
        numbers
    }
}

/// How long a cache that others share may keep an answer, in seconds.
fn lifetime(value: &str) -> Option<f64> {
    let of = |name: &str| value.split(',').find_map(|part| part.trim().strip_prefix(name)?.parse().ok());
    of("s-maxage=").or_else(|| of("max-age="))
}
