//! Any text given to one reader, as a person does who overrides the recognition: `KIND=dig cargo fuzz run reader …`.
//! Without KIND the first byte chooses.

#![no_main]

use std::sync::LazyLock;

use hopwise::read::{kinds, read};
use libfuzzer_sys::fuzz_target;

static KIND: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("KIND").ok());

fuzz_target!(|data: &[u8]| {
    let all = kinds();
    let (kind, data) = match (KIND.as_deref(), data.split_first()) {
        (Some(kind), _) => (kind, data),
        (None, Some((first, rest))) => (all[usize::from(*first) % all.len()], rest),
        (None, None) => return,
    };
    let Ok(text) = std::str::from_utf8(data) else { return };
    let count = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    for fact in read(text, None, Some(kind)).facts() {
        assert!(fact.lines.last <= count, "{kind}: {:?} of {count} lines", fact.lines);
    }
});
