//! Takes off a whole text what a carrier put before each of its lines, for tools whose readers expect them as the tool printed them.
//!
//! ```text
//! debug-1  | 64 bytes from 10.71.90.7: seq=0 ttl=60 time=118.422 ms
//! Nov 28 18:18:29 ws31 check-dns[812]: ;; Got answer:
//! [pod/netdebug-7f/curl] 18:18:33.035857 [0-0] * closing connection #0
//! ```
//!
//! Logs have readers that know such prefixes and keep what they say; this form is tried where those leave most lines unread.

use super::log_line::LogLine;
use super::{Block, Part};
use crate::clean::Line;
use crate::moment::moment;

/// Reads the lines as they stand and, where that tells of few of them, without what stands before every one of them.
pub(super) fn read(part: &Part, read: impl Fn(&Part) -> (Block, Vec<Line>)) -> (Block, Vec<Line>) {
    let as_it_stands = read(part);
    let facts = as_it_stands.0.facts.len();
    let unread = |block: &Block| block.unread.iter().map(|lines| lines.last - lines.first + 1).sum::<u32>() as usize;
    if facts > 0 && unread(&as_it_stands.0) * 2 < part.lines.len() {
        return as_it_stands;
    }
    // A log that is known and tells nothing is not told better by whoever does not know it.
    let better = |block: &Block| {
        block.facts.len() >= facts.max(1)
            && (facts == 0 || unread(block) < unread(&as_it_stands.0))
            && block.confidence >= as_it_stands.0.confidence
    };
    let Some((mut block, rest)) = bare(part).map(|bare| read(&bare)).filter(|(block, _)| better(block)) else {
        return as_it_stands;
    };
    for fact in &mut block.facts {
        let line = part.lines.binary_search_by_key(&fact.lines.first, |line| line.number).ok();
        fact.at = fact.at.or_else(|| moment(&part.lines.get(line?)?.text));
    }
    (block, rest)
}

/// The same lines without what stands before every one of them; nothing where they have nothing of the kind in common.
fn bare(part: &Part) -> Option<Part> {
    let filled: Vec<&str> =
        part.lines.iter().map(|line| line.text.as_str()).filter(|text| !text.trim().is_empty()).collect();
    if filled.iter().all(|text| behind_a_log(text).is_some()) {
        return Some(changed(part, behind_a_log));
    }
    let label = label(&filled)?;
    Some(changed(part, |text| text.strip_prefix(label)))
}

fn changed(part: &Part, bare: impl Fn(&str) -> Option<&str>) -> Part {
    let line = |line: &Line| Line { text: bare(&line.text).unwrap_or_default().to_owned(), ..line.clone() };
    Part::new(part.command.clone(), part.lines.iter().map(line).collect())
}

/// What stands behind the prefix of a log, with the blanks that the program itself set in front.
fn behind_a_log(text: &str) -> Option<&str> {
    // An empty line of a service loses the blank behind the bar.
    if text.ends_with(" |") || text.ends_with("]:") {
        return Some("");
    }
    let log = LogLine::parse(text);
    let (before, message) = text.split_at_checked(text.len() - log.message.len())?;
    let blanks = before.len() - before.trim_end_matches(' ').len();
    let prefixed = log.count == 1 && !before.trim().is_empty();
    prefixed.then(|| text.get(text.len() - message.len() - blanks.saturating_sub(1)..)).flatten()
}

/// What every line begins with, as far as the last blank of it: `ERR! Redis Client Error! `. Signs alone are comments or quotations.
fn label<'a>(filled: &[&'a str]) -> Option<&'a str> {
    let (first, others) = filled.split_first().filter(|(_, others)| others.len() >= 2)?;
    let common = others.iter().fold(first.len(), |common, other| {
        let alike = first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        common.min(alike)
    });
    let begin = first.get(..common)?;
    let end = begin.trim_end().len();
    let label = begin.get(..end + 1).or_else(|| begin.get(..=begin.rfind(' ')?))?;
    let marked = label.trim_end().ends_with(['!', ':', '|', ']', '>']);
    (marked && label.contains(|c: char| c.is_ascii_alphabetic())).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let part = bare(&Part::new(None, crate::clean::clean(text)));
        part.into_iter().flat_map(|part| part.lines).map(|line| line.text).collect()
    }

    #[test]
    fn what_carried_every_line_is_taken_off_and_what_the_program_set_in_stays() {
        assert_eq!(told("debug-1  | PING a\ndebug-1  |\ndebug-1  |   2 packets"), ["PING a", "", "  2 packets"]);
        assert_eq!(told("Nov 28 18:18:29 ws31 dns[8]: ;; Got:\nNov 28 18:18:29 ws31 dns[8]: ;a."), [";; Got:", ";a."]);
        assert_eq!(told("ERR! Client! a\nERR! Client!   b\nERR! Client! c"), ["a", "  b", "c"]);
        assert!(told("// a\n// b\n// c").is_empty());
    }
}
