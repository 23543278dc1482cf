//! Asks the readers which of them knows a part, and no more of them than could change the answer.

use super::part::Part;
use super::{READERS, Reader};

/// So many lines tell whom to ask first about a long text.
const OPENING: usize = 200;

/// The reader that is surest of the part, but for a kind that has made nothing of it; of several the first.
///
/// The opening of a long text tells whom to ask first; after that, only who can be surer has to look at the whole.
pub(super) fn of(part: &Part, as_kind: Option<&str>, but: Option<&str>) -> Option<(&'static Reader, f64)> {
    let meant = |reader: &Reader| as_kind.is_none_or(|kind| kind == reader.kind) && but != Some(reader.kind);
    let asked = || READERS.iter().enumerate().filter(|(_, reader)| meant(reader));
    let is_long = part.lines.len() > OPENING;
    let cut = is_long.then(|| Part::new(part.command.clone(), part.lines.iter().take(OPENING).cloned().collect()));
    let opening = cut.as_ref().unwrap_or(part);
    let surer = |a: f64, at: usize, b: f64, than: usize| a > b || (a == b && at < than);
    let mut best: Option<(usize, &Reader, f64)> = None;
    for (at, reader) in asked() {
        if best.is_some_and(|(than, _, b)| !surer(reader.most, at, b, than)) {
            continue;
        }
        let sure = (reader.recognize)(opening);
        if best.is_none_or(|(than, _, b)| surer(sure, at, b, than)) {
            best = Some((at, reader, sure));
        }
    }
    if let Some((first, reader, _)) = best.filter(|_| is_long) {
        let mut surest = (first, reader, (reader.recognize)(part));
        for (at, reader) in asked().filter(|(at, _)| *at != first) {
            if surer(reader.most, at, surest.2, surest.0) {
                let sure = (reader.recognize)(part);
                if surer(sure, at, surest.2, surest.0) {
                    surest = (at, reader, sure);
                }
            }
        }
        best = Some(surest);
    }
    best.map(|(_, reader, sure)| (reader, sure))
}
