//! Example incidents: files beside the page, or inside it where the page is a single file.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Response, window};

/// Fetches the case file of an example and hands it over, or a sentence on why it did not come.
pub fn read_example(id: &'static str, found: impl Fn(Result<String, String>) + 'static) {
    spawn_local(async move {
        let text = match inside(id) {
            Some(text) => Some(text),
            None => beside(id).await,
        };
        found(text.ok_or_else(|| {
            "The example did not arrive: check the network and try again, or paste output of your own.".to_owned()
        }));
    });
}

/// `script/postbuild.mjs` puts the examples into the single file, where nothing can be fetched.
fn inside(id: &str) -> Option<String> {
    window()?.document()?.get_element_by_id(&format!("example-{id}"))?.text_content()
}

async fn beside(id: &str) -> Option<String> {
    let answer = JsFuture::from(window()?.fetch_with_str(&format!("./examples/{id}.json"))).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}
