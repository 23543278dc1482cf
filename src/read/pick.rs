//! Picks pieces out of a line of text.

use super::request::{endpoint, split_port};
use crate::fact::Endpoint;

/// What stands between two marks: `between("server at \"a\"", "at \"", "\"")` is `a`.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside)
}

/// The word after a mark, up to a space or a comma.
pub(super) fn word_after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.trim_start().split([' ', ',', ';', '\t']).next().filter(|word| !word.is_empty())
}

/// A number after a mark, with or without a fraction.
pub(super) fn number_after(text: &str, mark: &str) -> Option<f64> {
    let (_, rest) = text.split_once(mark)?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest.get(..end)?.trim_end_matches('.').parse().ok()
}

/// An endpoint from `host:port`, `1.2.3.4:80`, `[v6]:80`, or nothing where it has no port.
pub(super) fn host_port(text: &str) -> Option<Endpoint> {
    let (host, port) = split_port(text.trim());
    let plausible = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c));
    (plausible && port.is_some()).then(|| endpoint(host, port))
}

/// Cells of a table whose columns stand at least two spaces (or a tab) apart.
pub(super) fn cells(line: &str) -> Vec<&str> {
    line.split('\t').flat_map(|part| part.split("  ")).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}
