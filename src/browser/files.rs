//! Files a person drops on the page or chooses.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::FileList;

/// Files are read whole into memory; beyond this a browser tab gets into trouble.
const LARGEST: f64 = 50.0 * 1024.0 * 1024.0;

/// Reads files one after the other and hands over each text, or a sentence on why it could not be read.
pub fn read_files(files: FileList, found: impl Fn(Result<String, String>) + 'static) {
    spawn_local(async move {
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            let name = file.name();
            let text = if file.size() > LARGEST {
                Err(format!("{name} is larger than 50 MB: cut out the lines around the incident"))
            } else {
                match JsFuture::from(file.text()).await.map(|text| text.as_string()) {
                    Ok(Some(text)) => Ok(text),
                    _ => Err(format!("{name} could not be read: copy its text and paste it instead")),
                }
            };
            found(text);
        }
    });
}
