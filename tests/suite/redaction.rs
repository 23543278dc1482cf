//! Redaction takes secrets and leaves what readers need: every sample says the same before and after.

use std::path::{Path, PathBuf};
use std::{fs, io};

use hopwise::read::read;
use hopwise::redact::{MARK, Salt, redact};

/// Every text below a folder of `tests/`.
fn texts(folder: &str) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                files.push(path);
            }
        }
    }
    Ok(files)
}

#[test]
fn redaction_leaves_every_fact_where_it_was() {
    let mut changed = Vec::new();
    let files: Vec<PathBuf> = texts("samples").unwrap().into_iter().chain(texts("stories").unwrap()).collect();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let redacted = redact(&text, &Salt([1; 16]));
        assert_eq!(redacted.text.split('\n').count(), text.split('\n').count(), "{}", file.display());
        let (before, after) = (read(&text, None, None), read(&redacted.text, None, None));
        let same = before.facts().count() == after.facts().count()
            && before.facts().zip(after.facts()).all(|(was, is)| {
                // A fact may quote a masked part, never differ in anything else.
                was.lines == is.lines
                    && (was.claim.to_string() == is.claim.to_string() || is.claim.to_string().contains(MARK))
            });
        if !same {
            changed.push(file.display().to_string());
        }
    }
    assert!(changed.is_empty(), "{} of {}: {}", changed.len(), files.len(), changed.join(", "));
    assert!(files.len() >= 12, "only {} texts", files.len());
}
