//! Tells each of many hops, lines and addresses what concerns that one alone.
//!
//! Thirty thousand subscribers of one signal held up the page for seconds at every answer: each leaves the signal and subscribes
//! anew whenever it looks again, and leaving takes the longer the more of them there are.

use std::collections::BTreeMap;

use leptos::prelude::*;

/// A trigger for each element that was ever asked for, by its id; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Each(StoredValue<BTreeMap<String, ArcTrigger>>);

impl Each {
    pub fn new() -> Each {
        Each(StoredValue::new(BTreeMap::new()))
    }

    pub fn one(self, element: &str) -> ArcTrigger {
        if let Some(known) = self.0.with_value(|all| all.get(element).cloned()) {
            return known;
        }
        let trigger = ArcTrigger::new();
        self.0.update_value(|all| {
            all.insert(element.to_owned(), trigger.clone());
        });
        trigger
    }
}
