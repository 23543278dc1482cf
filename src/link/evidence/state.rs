//! States, spans and bare numbers inside a link.

use std::collections::BTreeMap;

use super::{read_endpoint, write_endpoint};
use crate::fact::{Span, State};
use crate::link::LinkError;
use crate::link::stream::{Reader, Writer};
use crate::link::words::NUMBERS;

const MOST_NUMBERS: usize = 64;

pub(super) fn write(state: &State, writer: &mut Writer) -> Result<(), LinkError> {
    let State { observable, value, of, detail } = state;
    writer.number(3);
    for word in [observable, value, detail] {
        writer.text(word)?;
    }
    write_endpoint(of, writer)
}

pub(super) fn read(reader: &mut Reader) -> Result<State, LinkError> {
    let (observable, value, detail) = (reader.text()?, reader.text()?, reader.text()?);
    Ok(State { observable, value, detail, of: read_endpoint(reader)? })
}

pub(super) fn write_numbers(numbers: &BTreeMap<String, f64>, writer: &mut Writer) -> Result<(), LinkError> {
    writer.count(numbers.len(), "numbers of one fact", MOST_NUMBERS)?;
    for (name, number) in numbers {
        NUMBERS.write(name, writer)?;
        writer.number(*number);
    }
    Ok(())
}

pub(super) fn read_numbers(reader: &mut Reader) -> Result<BTreeMap<String, f64>, LinkError> {
    let count = reader.count("numbers of one fact", MOST_NUMBERS)?;
    let mut numbers = BTreeMap::new();
    for _ in 0..count {
        numbers.insert(NUMBERS.read(reader)?, reader.number()?);
    }
    Ok(numbers)
}

pub(super) fn write_span(span: &Span, writer: &mut Writer) -> Result<(), LinkError> {
    let Span { trace, id, parent, service, name, peer, seconds, failed } = span;
    writer.number(4);
    for word in [trace, id, service, name] {
        writer.text(word)?;
    }
    for word in [parent, peer] {
        writer.text(word.as_deref().unwrap_or_default())?;
    }
    writer.number(u32::from(*failed));
    writer.number(*seconds);
    Ok(())
}

pub(super) fn read_span(reader: &mut Reader) -> Result<Span, LinkError> {
    let (trace, id, service, name) = (reader.text()?, reader.text()?, reader.text()?, reader.text()?);
    let (parent, peer) = (reader.optional()?, reader.optional()?);
    Ok(Span { trace, id, parent, service, name, peer, failed: reader.whole(1)? == 1, seconds: reader.number()? })
}
