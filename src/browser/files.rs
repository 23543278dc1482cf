//! Files: those a person drops on the page, and the case as one to take along.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::js_sys::Array;
use web_sys::{Blob, File, FileList, HtmlAnchorElement, Url, window};

use super::Notice;

/// Files are read whole into memory; beyond this a browser tab gets into trouble.
const LARGEST: f64 = 50.0 * 1024.0 * 1024.0;

/// Reads files one after the other and hands over the name and text of each, or a sentence on why it could not be read.
pub fn read_files(files: FileList, found: impl Fn(Result<(String, String), String>) + 'static) {
    // A field that is emptied to take the same file again empties its list, too.
    let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    spawn_local(async move {
        for file in files {
            let name = file.name();
            let text = if file.size() > LARGEST {
                Err(format!("{name} is larger than 50 MB: cut out the lines around the incident"))
            } else {
                match JsFuture::from(file.text()).await.map(|text| text.as_string()) {
                    Ok(Some(text)) => Ok((name, text)),
                    _ => Err(format!("{name} could not be read: copy its text and paste it instead")),
                }
            };
            found(text);
        }
    });
}

/// Lets the browser save a text as a file.
pub(super) fn download(name: &str, text: &str) -> Notice {
    match offer(name, text) {
        Some(()) => Notice::Said(format!("Saved as {name}")),
        None => Notice::Failed("The browser refused to save a file: copy the link instead.".to_owned()),
    }
}

fn offer(name: &str, text: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    offer_address(name, &url)?;
    Url::revoke_object_url(&url).ok()
}

/// Lets the browser save what an address of its own leads to.
pub(super) fn offer_address(name: &str, address: &str) -> Option<()> {
    let link: HtmlAnchorElement = window()?.document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(address);
    link.set_download(name);
    link.click();
    Some(())
}
