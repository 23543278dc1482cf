//! The last net: long random strings that nothing around them explains.

use super::{Line, Place, Secret, header};

/// Shorter runs are left to the rules that know a name or a prefix.
const LENGTH: usize = 33;

/// Bits per character. Hexadecimal cannot exceed 4; English words in a row stay below.
const BITS: f64 = 4.0;

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
        if value.len() >= LENGTH && !is_digest(before, name, value) && is_random(value) {
            found.push(Secret::new(run.start + begins..run.end, "random"));
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

/// Mixed characters, evenly spread, and at least one long stretch of them without a separator.
fn is_random(run: &str) -> bool {
    let has = |test: fn(&u8) -> bool| run.bytes().any(|byte| test(&byte));
    let is_hex = run.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'_' | b'/' | b'='));
    let classes = [has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase), has(u8::is_ascii_digit)];
    // A path of a file has slashes too, but seldom capitals and digits in one long word.
    let needed = if run.contains('/') { 3 } else { 2 };
    let mixed = classes.iter().filter(|class| **class).count() >= needed && has(u8::is_ascii_digit);
    let unbroken = run.split(['-', '_', '/', '+', '=']).map(is_code).max().unwrap_or(0);
    !is_hex && mixed && unbroken >= 12 && bits_per_character(run) >= BITS
}

/// The length of a piece that no person would write as words: letters and digits mixed, or capitals inside.
fn is_code(piece: &str) -> usize {
    let bytes = piece.as_bytes();
    let turns = bytes.windows(2).filter(|pair| kind(pair.first()) != kind(pair.last())).count();
    if turns * 4 >= piece.len() { piece.len() } else { 0 }
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
