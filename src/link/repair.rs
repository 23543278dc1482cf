//! Finds the data of a link in whatever a mail program, a chat or a copying hand made of it.
//!
//! ```text
//! https://hopwise.example/#1.652.5f0c3a1e.PZFN…           as it was made
//! https://hopwise.example/%231.652.5f0c3a1e.PZFN…         "#" escaped
//! https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fhopwise.example%2F%25231.652.5f0c3a1e.PZFN…&data=05
//! https://urldefense.proofpoint.com/v2/url?u=https-3A__hopwise.example_-231.652.5f0c3a1e.PZFN…&d=DwMFaQ
//! (https://hopwise.example/#1.652.5f0c3a1e.PZFN           broken into lines, with what stood around it
//! > ….), can you have a look?
//! ```

use super::{LONGEST, LinkError, SEALED};
use crate::clean::is_invisible;

/// Wrapping can only make a link longer, at most three times per escaping.
const LONGEST_TEXT: usize = 4 * LONGEST;

/// How often a link may have been escaped on its way.
const MOST_ESCAPES: usize = 4;

/// What a link says of itself before its data.
struct Header {
    version: u32,
    length: usize,
    checksum: u32,
}

/// The version and the data of the link in a text: whole, and with the right checksum.
pub(super) fn data(text: &str) -> Result<(u32, String), LinkError> {
    if text.len() > LONGEST_TEXT {
        return Err(LinkError::TooLarge { what: "characters", most: LONGEST });
    }
    let mut worst = LinkError::NoLink;
    // Mail escapes the mark in its own way, too (quoted-printable, RFC 2045 §6.7).
    let mut text = text.replace("=23", "#");
    for _ in 0..=MOST_ESCAPES {
        match find(&text) {
            Ok(data) => return Ok(data),
            Err(LinkError::NoLink) => {}
            Err(error) => worst = error,
        }
        let plain = undefended(&text).unwrap_or_else(|| unescape(&text));
        if plain == text {
            break;
        }
        text = plain;
    }
    Err(worst)
}

fn find(text: &str) -> Result<(u32, String), LinkError> {
    let joined = joined(text);
    let mut worst = LinkError::NoLink;
    for (at, _) in joined.match_indices('.') {
        let Some((header, rest)) = header(&joined, at) else { continue };
        match check(&header, rest) {
            Ok(data) => return Ok(data),
            Err(error) => worst = error,
        }
    }
    Err(worst)
}

/// The text without line breaks, quoting marks and invisible characters, with dashes that typesetting changed set right.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins_line = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // Mail breaks lines behind `=` (quoted-printable, RFC 2045 §6.7).
            '=' if matches!(chars.peek(), Some('\n' | '\r')) => {}
            '\n' | '\r' => begins_line = true,
            '>' | '|' if begins_line => {}
            // Markdown escapes underscores.
            '\\' => {}
            '\u{2010}'..='\u{2013}' | '\u{2212}' => out.push('-'),
            '\u{2014}' => out.push_str("--"),
            c if c.is_whitespace() || c.is_control() || is_invisible(c) || c == '\u{ad}' => {}
            c => {
                begins_line = false;
                out.push(c);
            }
        }
    }
    out
}

/// Reads `1.652.5f0c3a1e.` whose first dot stands here.
fn header(text: &str, dot: usize) -> Option<(Header, &str)> {
    let (before, after) = text.split_at_checked(dot)?;
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let version = before.get(before.len() - digits..).filter(|_| (1..=4).contains(&digits))?.parse().ok()?;
    let (length, rest) = after.strip_prefix('.')?.split_once('.')?;
    let (checksum, rest) = rest.split_at_checked(8)?;
    let is_length = (1..=7).contains(&length.len()) && length.bytes().all(|byte| byte.is_ascii_digit());
    let header = Header {
        version: Some(version).filter(|version| *version > 0)?,
        length: length.parse().ok().filter(|_| is_length)?,
        checksum: u32::from_str_radix(checksum, 16).ok()?,
    };
    Some((header, rest.strip_prefix('.')?))
}

fn check(header: &Header, rest: &str) -> Result<(u32, String), LinkError> {
    let is_data = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if header.version > SEALED {
        return Err(LinkError::Newer { version: header.version });
    }
    if header.length > LONGEST {
        return Err(LinkError::TooLarge { what: "characters", most: LONGEST });
    }
    let data = rest.get(..header.length.min(rest.len())).unwrap_or_default();
    let have = data.find(|c| !is_data(c)).unwrap_or(data.len());
    if have < header.length {
        return Err(LinkError::Cut { have, of: header.length });
    }
    if super::crc32(data.as_bytes()) != header.checksum {
        return Err(LinkError::Changed);
    }
    Ok((header.version, data.to_owned()))
}

/// Proofpoint's URL Defense of version 2 writes `-` for `%` and `_` for `/`. (Version 3 leaves everything but the `#`.)
fn undefended(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/v2/url?u=")?;
    let url = rest.split('&').next()?;
    Some(unescape(&joined(url).replace('-', "%").replace('_', "/")))
}

/// Undoes one round of percent-encoding (RFC 3986 §2.1), for the characters a link is made of.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii);
        match (byte, after.get(2..)) {
            (Some(byte), Some(following)) => {
                out.push(char::from(byte));
                rest = following;
            }
            _ => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
