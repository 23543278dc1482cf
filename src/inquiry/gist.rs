//! The gist of a reading: as much of it as a page shows, however long the paste was.

use serde::{Deserialize, Serialize};

use crate::evidence::Lines;
use crate::read::Reading;

/// The name under which the engine keeps a reading: a hash of what it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(u64);

impl Mark {
    /// FNV-1a over the parts, each of them with an end of its own.
    pub fn of(parts: &[&str]) -> Mark {
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
        Mark(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

/// What a page shows of a reading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gist {
    pub mark: Mark,
    /// Equal where two readings say the same, whatever they were read from.
    pub says: Mark,
    pub blocks: Vec<Stretch>,
    /// Runs of lines in which a fact was read.
    pub facts: Vec<Lines>,
    /// Runs of lines that no reader understood.
    pub unread: Vec<Lines>,
    /// Each fact in words and all lines that say it, where there is no text to show.
    pub sentences: Vec<(String, Vec<Lines>)>,
}

/// One stretch of a paste and what it was read as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    pub kind: String,
    /// How sure the recognition is, 0 to 1.
    pub confidence: f64,
    pub lines: Lines,
    /// The command line, where the paste shows it.
    pub command: Option<String>,
    /// Host name of the shell prompt above it.
    pub host: Option<String>,
}

/// The most stretches, runs of lines and sentences of one paste that are told. Nobody reads on; of more, beginning and end stay.
const TOLD: usize = 1_000;

/// So many facts tell two readings apart.
const COMPARED: usize = 10_000;

impl Gist {
    /// `text` is what was read, empty where it stayed elsewhere.
    pub fn of(reading: &Reading, mark: Mark, text: &str) -> Gist {
        let stretches = reading.blocks.iter().map(|block| Stretch {
            kind: block.kind.clone(),
            confidence: block.confidence,
            lines: block.lines,
            command: block.command.clone(),
            host: block.prompt_host.clone(),
        });
        Gist {
            mark,
            says: says(reading),
            blocks: ends(stretches.collect()),
            facts: ends(merged(reading.facts().map(|fact| fact.lines))),
            unread: ends(merged(reading.unread())),
            sentences: if text.is_empty() { ends(sentences(reading)) } else { Vec::new() },
        }
    }

    /// Whether anything was read at all.
    pub fn is_telling(&self) -> bool {
        !self.facts.is_empty()
    }
}

fn says(reading: &Reading) -> Mark {
    let facts: Vec<_> = reading.facts().take(COMPARED).collect();
    Mark::of(&[&serde_json::to_string(&facts).unwrap_or_default(), &reading.facts().count().to_string()])
}

/// Beginning and end of a list that is too long.
fn ends<T>(mut list: Vec<T>) -> Vec<T> {
    if list.len() > TOLD {
        list.drain(TOLD / 2..list.len() - TOLD / 2);
    }
    list
}

/// Neighboring runs as one.
fn merged(lines: impl Iterator<Item = Lines>) -> Vec<Lines> {
    let mut runs: Vec<Lines> = Vec::new();
    for lines in lines {
        match runs.last_mut() {
            Some(run) if run.first <= lines.first && lines.first <= run.last.saturating_add(1) => {
                run.last = run.last.max(lines.last);
            }
            _ => runs.push(lines),
        }
    }
    runs
}

/// Every sentence once, with all lines that say it.
fn sentences(reading: &Reading) -> Vec<(String, Vec<Lines>)> {
    let mut said: Vec<(String, Vec<u32>)> = Vec::new();
    for fact in reading.facts().take(COMPARED) {
        let sentence = fact.claim.to_string();
        let numbers = fact.lines.first..=fact.lines.last;
        match said.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, seen)) => seen.extend(numbers),
            None => said.push((sentence, numbers.collect())),
        }
    }
    said.into_iter().map(|(sentence, numbers)| (sentence, Lines::runs(numbers))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    #[test]
    fn a_paste_of_any_length_has_a_gist_of_bounded_length() {
        let line = "nc: connect to 203.0.113.74 port 80 (tcp) failed: Connection refused\nnobody reads this\n\n";
        let reading = read(&line.repeat(5_000), None, None);
        assert!(reading.facts().count() > TOLD);
        let gist = Gist::of(&reading, Mark::default(), line);
        assert!(gist.is_telling());
        let json = serde_json::to_string(&gist).unwrap();
        assert!(json.len() < 100 * TOLD, "{}", json.len());
        assert_eq!(gist.facts.last().map(|lines| lines.last), reading.facts().last().map(|fact| fact.lines.last));
    }

    #[test]
    fn readings_that_say_the_same_are_known_by_it() {
        let told = |text: &str| Gist::of(&read(text, None, None), Mark::of(&[text]), text);
        let refused = "nc: connect to 203.0.113.74 port 80 (tcp) failed: Connection refused\n";
        let (one, other) = (told(refused), told(&format!("{refused} \n")));
        assert_ne!(one.mark, other.mark);
        assert_eq!(one.says, other.says);
        assert_ne!(one.says, told(&refused.replace("80", "81")).says);
    }
}
