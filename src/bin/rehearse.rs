//! Runs the tests inside runbooks in WebAssembly. The page is built without them, so `script/rehearse.mjs` puts the files' texts
//! into the global `runbooks` before this starts, and reads `rehearsed` afterwards.

use hopwise::rehearsal::rehearse;
use hopwise::runbook::{Runbook, Shelf};
use wasm_bindgen::JsValue;
use web_sys::js_sys::{Reflect, global};

fn main() {
    let files = Reflect::get(&global(), &JsValue::from_str("runbooks")).ok().and_then(|files| files.as_string());
    let told = files.map_or_else(|| "no runbooks were given".to_owned(), |files| rehearsed(&files));
    // Who reads an empty answer says so.
    _ = Reflect::set(&global(), &JsValue::from_str("rehearsed"), &JsValue::from_str(&told));
}

/// One line for each expectation that is not met, and how many tests passed. `files` is a list of texts as JSON.
fn rehearsed(files: &str) -> String {
    let texts: Vec<String> = match serde_json::from_str(files) {
        Ok(texts) => texts,
        Err(error) => return format!("the list of runbooks cannot be read: {error}"),
    };
    let mut shelf = Shelf::default();
    for text in &texts {
        match Runbook::open(text) {
            Ok(runbook) => shelf.replace(runbook),
            Err(flaw) => return flaw.to_string(),
        }
    }
    let (mut passed, mut told) = (0, String::new());
    for rehearsal in shelf.runbooks().iter().flat_map(|runbook| rehearse(runbook, &shelf)) {
        passed += usize::from(rehearsal.unmet.is_empty());
        for sentence in rehearsal.unmet {
            told.push_str(&format!("{}: {}: {sentence}\n", rehearsal.runbook, rehearsal.test));
        }
    }
    told + &format!("{passed} passed")
}
