//! What `public/boot.js` does for the program, because the objects it takes are JavaScript's: encryption, pictures, the page itself.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::js_sys::{Array, Function, Promise, Reflect};
use web_sys::window;

use super::Notice;
use super::chance::salt;
use super::files::offer_address;

/// Letters and digits that nobody mixes up on the telephone.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Whether this browser can encrypt here; on plain http it cannot.
pub fn can_seal() -> bool {
    method("seal").is_some()
}

/// A passphrase by chance: 80 bits, in groups that can be read aloud.
pub fn passphrase() -> String {
    let letters = salt().0.map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map_or('x', char::from));
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Encrypts a fragment. `then` hears the data of a sealed link, or a sentence.
pub fn seal(fragment: &str, passphrase: &str, then: impl FnOnce(Result<String, String>) + 'static) {
    const REFUSED: &str = "This browser cannot encrypt here: save the case as a file instead.";
    ask("seal", &[fragment, passphrase], move |sealed| then(sealed.ok_or_else(|| REFUSED.to_owned())));
}

/// Decrypts the data of a sealed link. `then` hears the fragment inside, or a sentence.
pub fn unseal(data: &str, passphrase: &str, then: impl FnOnce(Result<String, String>) + 'static) {
    let refused = match can_seal() {
        true => "This passphrase does not open the link: ask for it again, letter by letter.",
        false => "This browser cannot decrypt on plain http: open the link over https, or in hopwise.html.",
    };
    ask("unseal", &[data, passphrase], move |opened| then(opened.ok_or_else(|| refused.to_owned())));
}

/// Lets the browser save an SVG as a PNG. `tell` is called when that is done, or why not.
pub(super) fn download_png(name: String, svg: &str, tell: impl FnOnce(Notice) + 'static) {
    ask("png", &[svg], move |address| {
        tell(match address.and_then(|address| offer_address(&name, &address)) {
            Some(()) => Notice::Said(format!("Saved as {name}")),
            None => Notice::Failed("The browser refused to draw the picture: save it as SVG instead.".to_owned()),
        });
    });
}

/// Saves the page as one file with a case inside, given by its link. `tell` is called when that is done, or why not.
pub fn save_page(link: &str, name: &str, tell: impl FnOnce(Notice) + 'static) {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    ask("savePage", &[fragment, name], move |said| {
        tell(said.map_or_else(
            || Notice::Failed("The page could not be saved: check the network, or save the case as a file.".to_owned()),
            Notice::Said,
        ));
    });
}

fn method(name: &str) -> Option<(JsValue, Function)> {
    let object = Reflect::get(&window()?.into(), &"hopwiseHands".into()).ok()?;
    let method = Reflect::get(&object, &name.into()).ok()?.dyn_into().ok()?;
    Some((object, method))
}

/// Calls one of them. `then` hears its text, or nothing where it failed.
fn ask(name: &str, texts: &[&str], then: impl FnOnce(Option<String>) + 'static) {
    let given: Array = texts.iter().map(|text| JsValue::from_str(text)).collect();
    let promise = method(name)
        .and_then(|(object, method)| method.apply(&object, &given).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    spawn_local(async move {
        let text = match promise {
            Some(promise) => JsFuture::from(promise).await.ok().and_then(|text| text.as_string()),
            None => None,
        };
        then(text);
    });
}
