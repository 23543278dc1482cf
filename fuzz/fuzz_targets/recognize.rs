//! Any text at all: recognition, and whatever readers it chooses. Neither may panic, and every fact stands on lines that are there.

#![no_main]

use hopwise::read::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let count = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    let reading = read(text, None, None);
    for lines in reading.facts().map(|fact| fact.lines).chain(reading.unread()) {
        assert!(lines.first >= 1 && lines.first <= lines.last && lines.last <= count, "{lines:?} of {count} lines");
    }
});
