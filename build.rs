//! Builds every runbook of `runbooks/` into the program, so that a new failure mode is one JSON file and no Rust.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=runbooks");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("runbooks");
    let for_the_page = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut list = String::from(
        "/// The runbooks of `runbooks/`: file name below it, and text.\npub const SHIPPED: &[(&str, &str)] = &[\n",
    );
    // FNV-1a, so that two people see at a glance whether they have the same runbooks.
    let mut fingerprint: u32 = 0x811c_9dc5;
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).display().to_string();
        let text = fs::read_to_string(file)?;
        fingerprint = text.bytes().fold(fingerprint, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let text = if for_the_page { without_tests(&text) } else { text };
        list.push_str(&format!("    ({name:?}, {text:?}),\n"));
    }
    list.push_str("];\n");
    list.push_str(&format!("/// How many runbooks are built in, and a fingerprint of them.\npub const EDITION: &str = \"{} runbooks ({fingerprint:08x})\";\n", files.len()));
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("shipped_runbooks.rs");
    Ok(fs::write(out, list)?)
}

/// The tests inside runbooks are two thirds of their bytes, and nobody runs them in the page. A file that is no JSON stays as
/// it is: the program says what is wrong with it, and where.
fn without_tests(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut runbook)) => {
            runbook.remove("tests");
            runbook.remove("$schema");
            Value::Object(runbook).to_string()
        }
        _ => text.to_owned(),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
