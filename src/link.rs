//! A case as the fragment of a link: short enough for a chat, checked so that a cut one is noticed, hostile until proven sound.
//!
//! ```text
//! https://hopwise.example/#1.652.5f0c3a1e.PZFNb9swDIb_iuBzXPjbznpoGw8YsMOAYdtl2EGWmESoLHqU3CQr9t9HSt5u…
//!                          │ │   │        └ graph and facts: deflate, base64url
//!                          │ │   └ CRC-32 of it
//!                          │ └ its length in characters
//!                          └ version
//! ```
//!
//! A link carries graph and facts, never a command to run; texts only when asked, and then redacted. What the other side sees
//! is derived there, by its own engine and runbooks.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::case::{Case, Edition};
use crate::redact::Salt;

pub(crate) mod clock;
mod deflate;
mod evidence;
mod graph;
mod repair;
mod stream;
#[cfg(test)]
mod tests;
mod words;

use stream::{Reader, Writer};

/// The version this program writes. It reads this and every older one.
const VERSION: u32 = 1;

/// The version of a link whose data only a passphrase opens. Inside is a fragment of any other version.
const SEALED: u32 = 2;

/// The longest fragment that is read, in characters. Chat tools cut at a hundredth of it.
const LONGEST: usize = 256 * 1024;

/// Files of runbooks that a link names at most.
const MOST_RUNBOOKS: usize = 200;

/// Why a link cannot be opened, each with what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing in the text is a link of ours.
    NoLink,
    /// The end is missing, as when a chat tool cuts a message.
    Cut { have: usize, of: usize },
    /// All characters are there, but not the right ones.
    Changed,
    /// Only a passphrase opens this data.
    Sealed(String),
    /// Made by a later version of this program.
    Newer { version: u32 },
    /// More than a case can reasonably hold.
    TooLarge { what: &'static str, most: usize },
    /// Sound by its checksum, but not a case.
    Unsound(String),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NoLink => {
                f.write_str("this is no Hopwise link: it needs the part behind \"#\", which begins with a version, a length and a checksum")
            }
            LinkError::Cut { have, of } => {
                write!(f, "the link was cut at {have} of {of} characters: ask for the case as a file, or for the link in a message of its own")
            }
            LinkError::Changed => f.write_str(
                "the link was changed on its way (its checksum is wrong): ask for it again, or for the case as a file",
            ),
            LinkError::Sealed(_) => {
                f.write_str("this link is encrypted: open it in the page, which asks for its passphrase")
            }
            LinkError::Newer { version } => write!(
                f,
                "this link has version {version}, and this Hopwise reads up to version {SEALED}: open it with a newer Hopwise"
            ),
            LinkError::TooLarge { what, most } => {
                write!(f, "this link holds more than {most} {what}: ask for the case as a file")
            }
            LinkError::Unsound(what) => write!(f, "this link holds no case that Hopwise can open: {what}"),
        }
    }
}

/// Writes a case at facts level: graph and facts with their line numbers. Texts are read here if nobody has read them, and left out.
///
/// # Errors
/// [`LinkError::TooLarge`] where the case has more than a link may hold.
pub fn to_fragment(case: &Case) -> Result<String, LinkError> {
    fragment(case, None)
}

/// Writes a case with its texts, redacted: the fragment of a longer link that shows the lines behind the facts too.
///
/// # Errors
/// As [`to_fragment`].
pub fn to_fragment_with_text(case: &Case, salt: &Salt) -> Result<String, LinkError> {
    fragment(case, Some(salt))
}

fn fragment(case: &Case, texts: Option<&Salt>) -> Result<String, LinkError> {
    let mut writer = Writer::default();
    write(case, texts, &mut writer)?;
    let data = URL_SAFE_NO_PAD.encode(deflate::pack(writer.finish().as_bytes()));
    if data.len() > LONGEST {
        return Err(LinkError::TooLarge { what: "characters", most: LONGEST });
    }
    Ok(headed(VERSION, &data))
}

/// The fragment of a link around data that the browser sealed.
pub fn sealed(data: &str) -> String {
    headed(SEALED, data)
}

fn headed(version: u32, data: &str) -> String {
    format!("{version}.{}.{:08x}.{data}", data.len(), crc32(data.as_bytes()))
}

/// CRC-32 as zip and PNG have it, bit by bit: the crate for it brings 16 kB of tables, for texts of a few thousand characters.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}

/// Opens a link, a fragment, or whatever a mail program or a chat made of it.
///
/// # Errors
/// What is wrong with the link, as a sentence to the person who has it.
pub fn from_fragment(text: &str) -> Result<Case, LinkError> {
    let (version, data) = repair::data(text)?;
    if version == SEALED {
        return Err(LinkError::Sealed(data));
    }
    let packed = URL_SAFE_NO_PAD.decode(data).map_err(|_| LinkError::Changed)?;
    let mut reader = Reader::new(&deflate::unpack(&packed)?)?;
    let case = read(&mut reader)?;
    reader.end()?;
    Ok(case)
}

/// Whether a text holds a link of ours, also a damaged one: then the person has to hear what is wrong with it.
pub fn is_link(text: &str) -> bool {
    !matches!(repair::data(text), Err(LinkError::NoLink))
}

fn write(case: &Case, texts: Option<&Salt>, writer: &mut Writer) -> Result<(), LinkError> {
    // What was wrong in the end is for evaluation, not for the other team.
    let Case { hopwise: _, title, graph, evidence, runbooks, truth: _, cleared: _ } = case;
    writer.text(title)?;
    graph::write(graph.as_ref(), writer)?;
    evidence::write(evidence, texts, writer)?;
    // Never the runbooks themselves: a link must not bring commands.
    writer.count(runbooks.len(), "runbooks", MOST_RUNBOOKS)?;
    for edition in runbooks {
        writer.text(&edition.id)?;
        // As two numbers of 24 bits: as a text it would be taken for a secret.
        for half in [edition.sha256.get(..6), edition.sha256.get(6..)] {
            writer.number(half.and_then(|half| u32::from_str_radix(half, 16).ok()).unwrap_or(0));
        }
    }
    Ok(())
}

fn read(reader: &mut Reader) -> Result<Case, LinkError> {
    let mut case = Case {
        hopwise: crate::case::VERSION,
        title: reader.text()?,
        graph: graph::read(reader)?,
        evidence: evidence::read(reader)?,
        runbooks: Vec::new(),
        truth: None,
        cleared: Vec::new(),
    };
    case.sketch().map_err(|errors| LinkError::Unsound(errors.to_string()))?;
    for _ in 0..reader.count("runbooks", MOST_RUNBOOKS)? {
        let (id, first, second) = (reader.text()?, reader.whole(0xff_ffff)?, reader.whole(0xff_ffff)?);
        case.runbooks.push(Edition { id, sha256: format!("{first:06x}{second:06x}") });
    }
    Ok(case)
}
