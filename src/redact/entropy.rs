//! The last net: long random strings that nothing around them explains.

use super::{Line, Place, Secret, header};

/// What it calls its finds.
pub(super) const LABEL: &str = "random";

/// Shorter runs are left to the rules that know a name or a prefix.
const LENGTH: usize = 20;

/// From this length on, two kinds of characters are enough; a shorter run has capitals, small letters and digits.
const LONG: usize = 33;

/// Bits per character. Hexadecimal cannot exceed 4; English words in a row stay below.
const BITS: f64 = 4.0;

/// Bits per character of a shorter run, which has fewer to spread.
const SHORT_BITS: f64 = 3.5;

/// What a digest is introduced with: `sha256-47DEQpj8…=`, `SHA256:47DEQpj8…`.
const DIGESTS: &[&str] = &["sha1", "sha224", "sha256", "sha384", "sha512", "md5", "pin-sha256", "h1"];

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if line.place == Place::Public {
        return;
    }
    let kept = header::kept(line);
    let is_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    let mut start = 0;
    for (at, c) in line.text.char_indices().chain([(line.text.len(), ' ')]) {
        if is_run(c) {
            continue;
        }
        let run = start..at;
        start = at + c.len_utf8();
        let inside_kept = kept.as_ref().is_some_and(|kept| kept.start <= run.start && run.end <= kept.end);
        if at - run.start.min(at) < LENGTH || inside_kept {
            continue;
        }
        let Some(text) = line.text.get(run.clone()) else { continue };
        // `name=value`: the name is no part of the run; padding at the end is.
        let begins = text.trim_end_matches('=').rfind('=').map_or(0, |equals| equals + 1);
        let (name, value) = text.split_at_checked(begins).unwrap_or(("", text));
        let before = line.text.get(..run.start).unwrap_or_default();
        if value.len() >= LENGTH && !is_digest(before, name, value) && !is_named(before, name) && is_random(value) {
            found.push(Secret::new(run.start + begins..run.end, LABEL));
        }
    }
}

fn is_digest(before: &str, name: &str, value: &str) -> bool {
    let introduces = |text: &str| {
        let text = text.trim_end_matches(['"', '=', ':', '-', '\\', '\'']);
        DIGESTS.iter().any(|digest| {
            let end = text.len().checked_sub(digest.len()).and_then(|start| text.get(start..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(digest))
        })
    };
    introduces(if name.is_empty() { before } else { name })
        || value.split_once('-').is_some_and(|(first, _)| DIGESTS.contains(&first.to_ascii_lowercase().as_str()))
}

/// What names a request, a span or a public key, which everybody may see: `request_id=`, `"traceId":`, `peer: `.
fn is_named(before: &str, name: &str) -> bool {
    let text = if name.is_empty() { before } else { name };
    let text = text.trim_end_matches(['"', '=', ':', '\'', '\\', ' ', '[', '(', '>', '<']);
    let last =
        text.rsplit(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '{' | '&' | '?')).next().unwrap_or(text);
    let lower = last.to_ascii_lowercase();
    const OPEN: &[&str] = &[
        "hostid",
        "host-id",
        "request-id",
        "request_id",
        "requestid",
        "trace",
        "traceid",
        "trace_id",
        "trace-id",
        "span",
        "spanid",
        "span_id",
        "correlation-id",
        "correlation_id",
        "correlationid",
        "etag",
        "ray",
        "peer",
        "publickey",
        "public_key",
        "digest",
        "fingerprint",
        "checksum",
        "integrity",
    ];
    let lowered = before.to_ascii_lowercase();
    OPEN.contains(&lower.as_str())
        || [
            "public key: ",
            "request id: ",
            "host id: ",
            "ssh-ed25519 ",
            "ssh-rsa ",
            "sha2-nistp256 ",
            "sha2-nistp384 ",
            "sha2-nistp521 ",
        ]
        .iter()
        .any(|open| lowered.ends_with(open))
        || ["dnskey ", "rrsig ", "cds ", "tlsa ", "sshfp ", " txt ", "\ttxt ", " text ", "openpgpkey "]
            .iter()
            .any(|record| lowered.contains(record))
}

/// Random, and long enough to be masked on its own.
pub(super) fn is_long_random(run: &str) -> bool {
    run.len() >= LENGTH && is_random(run)
}

/// Mixed characters, evenly spread, and at least one long stretch of them without a separator.
fn is_random(run: &str) -> bool {
    let has = |test: fn(&u8) -> bool| run.bytes().any(|byte| test(&byte));
    let is_hex = run.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'_' | b'/' | b'='));
    let classes = [has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase), has(u8::is_ascii_digit)];
    // A path of a file has slashes too, but seldom capitals and digits in one long word.
    let needed = if run.contains('/') || run.len() < LONG { 3 } else { 2 };
    let bits = if run.len() < LONG { SHORT_BITS } else { BITS };
    let mixed = classes.iter().filter(|class| **class).count() >= needed && has(u8::is_ascii_digit);
    let unbroken = run.split(['-', '_', '/', '+', '=']).map(is_code).max().unwrap_or(0);
    // `subjectAltName`, `TCPACKSkippedFinWait2`: words that people joined change from one kind to another less often.
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let least = if digits >= 3 { 9 } else { 11 };
    let is_mingled = run.len() >= LONG || digits >= 2 && turns(run) * 20 >= run.len() * least;
    // `/subscriptions/653f387f-…/resourceGroups/shop`: words and ids are no token, whatever they look like together.
    let is_path = run.matches('/').count() >= 2
        && run.split('/').all(|piece| {
            piece.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
                || is_code(piece) == 0 && !piece.contains(['+', '='])
        });
    !is_hex && !is_path && is_mingled && mixed && unbroken >= 12 && bits_per_character(run) >= bits
}

/// The length of a piece that no person would write as words: letters and digits mixed, or capitals inside.
pub(super) fn is_code(piece: &str) -> usize {
    if turns(piece) * 4 >= piece.len() { piece.len() } else { 0 }
}

/// How often capitals, small letters and digits follow one another.
fn turns(text: &str) -> usize {
    text.as_bytes().windows(2).filter(|pair| kind(pair.first()) != kind(pair.last())).count()
}

fn kind(byte: Option<&u8>) -> u8 {
    match byte {
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_uppercase() => 1,
        _ => 2,
    }
}

/// Shannon's entropy of the characters.
fn bits_per_character(run: &str) -> f64 {
    let mut counts = [0u32; 128];
    for byte in run.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total = run.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}
