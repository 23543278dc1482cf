//! Runbooks of a team: kept in this browser, and fetched from `runbooks/` beside the page.
//!
//! ```text
//! runbooks/index.json   ["platform.json", "overrides.json"]
//! runbooks/platform.json
//! ```

use gloo_net::http::Request;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Storage, window};

use super::Notice;
use crate::inquiry::Pack;
use crate::session::Library;

const KEPT: &str = "hopwise-runbooks";

/// The runbooks this browser has kept.
pub fn library() -> Library {
    let kept = storage().and_then(|storage| storage.get_item(KEPT).ok().flatten());
    kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

/// Keeps them; says so only where that is impossible.
pub(super) fn keep(library: &Library) -> Option<Notice> {
    let json = serde_json::to_string(library).unwrap_or_default();
    let kept = storage().is_some_and(|storage| storage.set_item(KEPT, &json).is_ok());
    let sentence = "This browser has no room to keep these runbooks: they are in use now, and have to be opened again after a reload.";
    (!kept).then(|| Notice::Failed(sentence.to_owned()))
}

/// Asks the host of the page for runbooks. Hands over all of them, or a sentence on why that is impossible; a host that offers
/// none is nothing to speak of, and neither is one that cannot be reached unless `expected`.
pub fn fetch_runbooks(expected: bool, found: impl Fn(Result<Vec<Pack>, String>) + 'static) {
    // The single file lies nowhere in particular, and may fetch nothing.
    let is_single_file = window().and_then(|window| window.document()?.get_element_by_id("program")).is_some();
    if !is_single_file {
        spawn_local(async move {
            match offered().await {
                Err(Trouble::Offline) if !expected => {}
                Err(Trouble::Offline) => found(Err(
                    "The runbooks of this host cannot be fetched: no network. Those of the last visit stay in use."
                        .to_owned(),
                )),
                Err(Trouble::Malformed(sentence)) => found(Err(sentence)),
                Ok(packs) => found(Ok(packs)),
            }
        });
    }
}

enum Trouble {
    Offline,
    Malformed(String),
}

async fn offered() -> Result<Vec<Pack>, Trouble> {
    let Some(index) = text("index.json").await? else { return Ok(Vec::new()) };
    let names: Vec<String> = serde_json::from_str(&index).map_err(|error| {
        let like = "it has to be a list of file names, like [\"platform.json\"]";
        Trouble::Malformed(format!("runbooks/index.json of this host cannot be read, {like}: {error}"))
    })?;
    let mut packs = Vec::new();
    for name in names {
        if !is_plain(&name) {
            return Err(Trouble::Malformed(format!(
                "runbooks/index.json of this host names “{name}”: only files beside it can be named, like platform.json"
            )));
        }
        let text = text(&name).await?.ok_or_else(|| {
            Trouble::Malformed(format!(
                "runbooks/index.json of this host names {name}, but there is no such file: put it there or take its name out"
            ))
        })?;
        packs.push(Pack { name, text });
    }
    Ok(packs)
}

/// The text of a file of `runbooks/`; nothing where the host has none. Some hosts answer with a page for people instead.
async fn text(name: &str) -> Result<Option<String>, Trouble> {
    let answer = Request::get(&format!("./runbooks/{name}")).send().await.map_err(|_| Trouble::Offline)?;
    if !answer.ok() {
        return Ok(None);
    }
    let text = answer.text().await.map_err(|_| Trouble::Offline)?;
    Ok(Some(text).filter(|text| !text.trim_start().starts_with('<')))
}

/// A file beside the index, and nothing that leads elsewhere.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.ends_with(".json") && !name.starts_with('.') && name.chars().all(plain)
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}
