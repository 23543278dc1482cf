//! The evidence inside a link: facts with their lines, or redacted texts.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::stream::{Reader, Writer};
use super::words::{OUTCOMES, PROTOCOLS, STAGES, TOOLS};
use super::{LinkError, clock, graph};
use crate::case::Entry;
use crate::evidence::Lines;
use crate::fact::{Answerer, Attempt, Claim, Endpoint, Fact, Lookup, Outcome, Stage, Times};
use crate::read::{Block, Reading, read as read_text};
use crate::redact::{Salt, redact};

mod series;
mod state;

const MOST_ENTRIES: usize = 500;
const MOST_BLOCKS: usize = 1_000;
const MOST_FACTS: usize = 20_000;
const MOST_LINES: usize = 5_000;

/// Stands before the time of a fact that has one; the fact's own kind follows.
const TIMED: u32 = 5;

/// Likewise before its numbers; a time stands first.
const NUMBERED: u32 = 6;

/// The kind of a fact that is a series; 5 and 6 were taken.
const SERIES: u32 = 7;

/// Times in a link count from the one before; the first from this, the beginning of 2026.
const FIRST: i64 = 1_767_225_600;

/// Which fields of a record follow, one bit each.
#[derive(Default)]
struct Fields {
    bits: u32,
    next: u32,
}

impl Fields {
    /// The next field, and whether it is there.
    fn note(&mut self, is_there: bool) {
        self.bits |= u32::from(is_there) << self.next;
        self.next += 1;
    }

    fn take(&mut self) -> bool {
        self.next += 1;
        self.bits >> (self.next - 1) & 1 == 1
    }
}

pub(super) fn write(entries: &[Entry], texts: Option<&Salt>, writer: &mut Writer) -> Result<(), LinkError> {
    writer.count(entries.len(), "pieces of evidence", MOST_ENTRIES)?;
    let mut before = FIRST;
    for entry in entries {
        let Entry { text, file: _, facts, command, vantage, about, at } = entry;
        for name in [command, vantage, about] {
            writer.text(name.as_deref().unwrap_or_default())?;
        }
        match (at.as_deref(), at.as_deref().and_then(clock::seconds)) {
            (_, Some(seconds)) => {
                writer.number(1);
                writer.number((seconds - before) as f64);
                before = seconds;
            }
            (Some(other), None) => {
                writer.number(2);
                writer.text(other)?;
            }
            (None, None) => writer.number(0),
        }
        match (text, texts, facts) {
            (Some(text), Some(salt), _) => {
                writer.number(2);
                writer.long_text(&redact(text, salt).text)?;
            }
            (Some(text), None, None) => {
                write_reading(&read_text(text, command.as_deref(), None), command.as_deref(), writer)?
            }
            (_, _, Some(reading)) => write_reading(reading, command.as_deref(), writer)?,
            (None, _, None) => writer.number(0),
        }
    }
    Ok(())
}

pub(super) fn read(reader: &mut Reader) -> Result<Vec<Entry>, LinkError> {
    let mut entries = Vec::new();
    let mut before = FIRST;
    for _ in 0..reader.count("pieces of evidence", MOST_ENTRIES)? {
        let mut entry = Entry {
            command: reader.optional()?,
            vantage: reader.optional()?,
            about: reader.optional()?,
            ..Entry::default()
        };
        entry.at = match reader.whole(2)? {
            0 => None,
            1 => {
                before = before.saturating_add(reader.number()? as i64);
                clock::time(before)
            }
            _ => reader.optional()?,
        };
        match reader.whole(2)? {
            0 => {}
            1 => entry.facts = Some(read_reading(entry.command.as_deref(), reader)?),
            _ => entry.text = Some(reader.long_text()?),
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn write_reading(reading: &Reading, given: Option<&str>, writer: &mut Writer) -> Result<(), LinkError> {
    writer.number(1);
    writer.count(reading.blocks.len(), "blocks of evidence", MOST_BLOCKS)?;
    for block in &reading.blocks {
        let Block { kind, confidence, lines, command, prompt_host, facts, unread } = block;
        TOOLS.write(kind, writer)?;
        writer.number((confidence * 100.0).round());
        let mut at = 0;
        write_lines(*lines, &mut at, writer);
        // 0 for the command of the entry, which most blocks share; otherwise a string of its own.
        let shares = command.as_deref() == given;
        writer.number(u32::from(!shares));
        if !shares {
            writer.text(command.as_deref().unwrap_or_default())?;
        }
        writer.text(prompt_host.as_deref().unwrap_or_default())?;
        let mut at = lines.first;
        writer.count(facts.len(), "facts", MOST_FACTS)?;
        let mut before = FIRST * 1_000;
        for Fact { lines, at: time, numbers, claim } in facts {
            write_lines(*lines, &mut at, writer);
            if let Some(time) = time {
                writer.number(TIMED);
                writer.number((time - before) as f64);
                before = *time;
            }
            if !numbers.is_empty() {
                writer.number(NUMBERED);
                state::write_numbers(numbers, writer)?;
            }
            match claim {
                Claim::Attempt(attempt) => write_attempt(attempt, writer)?,
                Claim::Lookup(lookup) => write_lookup(lookup, writer)?,
                Claim::State(read_off) => state::write(read_off, writer)?,
                Claim::Span(span) => state::write_span(span, writer)?,
                Claim::Series(told) => series::write(told, writer)?,
            }
        }
        let mut at = lines.first;
        writer.count(unread.len(), "lines not understood", MOST_LINES)?;
        unread.iter().for_each(|lines| write_lines(*lines, &mut at, writer));
    }
    Ok(())
}

fn read_reading(given: Option<&str>, reader: &mut Reader) -> Result<Reading, LinkError> {
    let mut blocks = Vec::new();
    for _ in 0..reader.count("blocks of evidence", MOST_BLOCKS)? {
        let kind = TOOLS.read(reader)?;
        let confidence = f64::from(reader.whole(100)?) / 100.0;
        let lines = read_lines(&mut 0, reader)?;
        let command = if reader.whole(1)? == 0 { given.map(str::to_owned) } else { reader.optional()? };
        let prompt_host = reader.optional()?;
        let mut at = lines.first;
        let mut before = FIRST * 1_000;
        let mut facts = Vec::new();
        for _ in 0..reader.count("facts", MOST_FACTS)? {
            let lines = read_lines(&mut at, reader)?;
            let mut kind = reader.whole(SERIES)?;
            let (mut time, mut numbers) = (None, BTreeMap::new());
            if kind == TIMED {
                before = before.saturating_add(reader.number()? as i64);
                time = Some(before);
                kind = reader.whole(SERIES)?;
            }
            if kind == NUMBERED {
                numbers = state::read_numbers(reader)?;
                kind = reader.whole(SERIES)?;
            }
            let claim = match kind {
                1 => Claim::Attempt(read_attempt(reader)?),
                2 => Claim::Lookup(read_lookup(reader)?),
                3 => Claim::State(state::read(reader)?),
                4 => Claim::Span(state::read_span(reader)?),
                SERIES => Claim::Series(series::read(reader)?),
                _ => return Err(LinkError::Unsound("it holds a fact of no kind".to_owned())),
            };
            facts.push(Fact { lines, at: time, numbers, claim });
        }
        let mut at = lines.first;
        let count = reader.count("lines not understood", MOST_LINES)?;
        let unread = (0..count).map(|_| read_lines(&mut at, reader)).collect::<Result<_, _>>()?;
        blocks.push(Block { kind, confidence, lines, command, prompt_host, facts, unread });
    }
    Ok(Reading { blocks })
}

/// The first line, counted from the last one written, and how many more.
fn write_lines(lines: Lines, at: &mut u32, writer: &mut Writer) {
    writer.number(f64::from(lines.first) - f64::from(*at));
    writer.number(lines.last - lines.first);
    *at = lines.last;
}

fn read_lines(at: &mut u32, reader: &mut Reader) -> Result<Lines, LinkError> {
    let first = f64::from(*at) + reader.number()?;
    let more = reader.whole(10_000_000)?;
    if !(0.0..=1e9).contains(&first) {
        return Err(LinkError::Unsound("it holds a line that is none".to_owned()));
    }
    let lines = Lines::new(first as u32, first as u32 + more);
    *at = lines.last;
    Ok(lines)
}

fn write_attempt(attempt: &Attempt, writer: &mut Writer) -> Result<(), LinkError> {
    let Attempt { to, from, tests, outcome, resolved, unchecked, protocol, path, status, answerer, times, count } =
        attempt;
    let Answerer { server, via, served_by, page_of } = answerer;
    let words = [path, server, via, served_by, page_of];
    let mut fields = Fields::default();
    for is_there in [
        !to.is_empty(),
        !from.is_empty(),
        *resolved,
        protocol.is_some(),
        status.is_some(),
        !times.is_empty(),
        *count != 1,
    ] {
        fields.note(is_there);
    }
    words.iter().for_each(|word| fields.note(word.is_some()));
    fields.note(*unchecked);
    writer.number(1);
    writer.number(fields.bits);
    STAGES.write(stage_word(*tests), writer)?;
    OUTCOMES.write(outcome.word(), writer)?;
    for end in [to, from].into_iter().filter(|end| !end.is_empty()) {
        write_endpoint(end, writer)?;
    }
    if let Some(protocol) = protocol {
        PROTOCOLS.write(protocol, writer)?;
    }
    status.iter().for_each(|status| writer.number(*status));
    if !times.is_empty() {
        let Times { resolved, connected, secured, first_byte, total } = *times;
        [resolved, connected, secured, first_byte, total].into_iter().for_each(|time| write_seconds(time, writer));
    }
    if *count != 1 {
        writer.number(*count);
    }
    words.into_iter().flatten().try_for_each(|word| writer.text(word))
}

fn read_attempt(reader: &mut Reader) -> Result<Attempt, LinkError> {
    let mut fields = Fields { bits: reader.whole(0x1fff)?, next: 0 };
    let mut attempt = Attempt::new(read_stage(reader)?, read_outcome(reader)?);
    if fields.take() {
        attempt.to = read_endpoint(reader)?;
    }
    if fields.take() {
        attempt.from = read_endpoint(reader)?;
    }
    attempt.resolved = fields.take();
    if fields.take() {
        attempt.protocol = Some(PROTOCOLS.read(reader)?);
    }
    if fields.take() {
        attempt.status = Some(reader.whole(65_535)? as u16);
    }
    if fields.take() {
        let times = &mut attempt.times;
        for time in
            [&mut times.resolved, &mut times.connected, &mut times.secured, &mut times.first_byte, &mut times.total]
        {
            *time = read_seconds(reader)?;
        }
    }
    if fields.take() {
        attempt.count = reader.whole(u32::MAX)?;
    }
    let Answerer { server, via, served_by, page_of } = &mut attempt.answerer;
    for word in [&mut attempt.path, server, via, served_by, page_of] {
        if fields.take() {
            *word = Some(reader.text()?);
        }
    }
    attempt.unchecked = fields.take();
    Ok(attempt)
}

fn write_lookup(lookup: &Lookup, writer: &mut Writer) -> Result<(), LinkError> {
    let Lookup { name, record, server, outcome, addresses, aliases, ttl, seconds } = lookup;
    writer.number(2);
    writer.text(name)?;
    writer.text(record)?;
    writer.text(&server.map(|server| server.to_string()).unwrap_or_default())?;
    OUTCOMES.write(outcome.word(), writer)?;
    writer.count(addresses.len(), "addresses in one answer", MOST_LINES)?;
    addresses.iter().try_for_each(|address| writer.text(&address.to_string()))?;
    writer.count(aliases.len(), "aliases in one answer", MOST_LINES)?;
    aliases.iter().try_for_each(|alias| writer.text(alias))?;
    writer.number(ttl.map_or(0.0, |ttl| f64::from(ttl) + 1.0));
    write_seconds(*seconds, writer);
    Ok(())
}

fn read_lookup(reader: &mut Reader) -> Result<Lookup, LinkError> {
    let (name, record) = (reader.text()?, reader.text()?);
    let server = reader.optional()?.map(|server| server.parse::<IpAddr>());
    let server = server.transpose().map_err(|_| LinkError::Unsound("a name server's address is none".to_owned()))?;
    let outcome = read_outcome(reader)?;
    let count = reader.count("addresses in one answer", MOST_LINES)?;
    let addresses = (0..count).map(|_| graph::address(reader)).collect::<Result<_, _>>()?;
    let count = reader.count("aliases in one answer", MOST_LINES)?;
    let aliases = (0..count).map(|_| reader.text()).collect::<Result<_, _>>()?;
    let ttl = reader.whole(u32::MAX)?.checked_sub(1);
    Ok(Lookup { name, record, server, outcome, addresses, aliases, ttl, seconds: read_seconds(reader)? })
}

fn write_endpoint(end: &Endpoint, writer: &mut Writer) -> Result<(), LinkError> {
    let Endpoint { host, address, port, name } = end;
    writer.text(host.as_deref().unwrap_or_default())?;
    writer.text(&address.map(|address| address.to_string()).unwrap_or_default())?;
    writer.number(port.unwrap_or_default());
    writer.text(name.as_deref().unwrap_or_default())
}

fn read_endpoint(reader: &mut Reader) -> Result<Endpoint, LinkError> {
    let host = reader.optional()?;
    let address = reader.optional()?.map(|address| address.parse());
    let address = address.transpose().map_err(|_| LinkError::Unsound("an endpoint's address is none".to_owned()))?;
    Ok(Endpoint { host, address, port: graph::port(reader)?, name: reader.optional()? })
}

/// Seconds to four digits, which is more than any verdict looks at; -1 for none.
fn write_seconds(seconds: Option<f64>, writer: &mut Writer) {
    let rounded = seconds.map(|seconds| format!("{seconds:.3e}").parse().unwrap_or(seconds));
    writer.number(rounded.unwrap_or(-1.0));
}

fn read_seconds(reader: &mut Reader) -> Result<Option<f64>, LinkError> {
    Ok(Some(reader.number()?).filter(|seconds| *seconds >= 0.0))
}

fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Resolve => "resolve",
        Stage::Connect => "connect",
        Stage::Tls => "tls",
        Stage::Exchange => "exchange",
    }
}

fn read_stage(reader: &mut Reader) -> Result<Stage, LinkError> {
    let word = STAGES.read(reader)?;
    [Stage::Resolve, Stage::Connect, Stage::Tls, Stage::Exchange]
        .into_iter()
        .find(|stage| stage_word(*stage) == word)
        .ok_or_else(|| STAGES.unknown(&word))
}

fn read_outcome(reader: &mut Reader) -> Result<Outcome, LinkError> {
    let word = OUTCOMES.read(reader)?;
    Outcome::from_word(&word).ok_or_else(|| OUTCOMES.unknown(&word))
}
