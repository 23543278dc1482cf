//! Opens a case file with the texts it refers to, read and ready for the engine.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use hopwise::case::Case;
use hopwise::engine::Evidence;
use hopwise::examine::sha256;
use hopwise::read::read;
use hopwise::redact::redact;
use hopwise::runbook::Shelf;
use hopwise::sketch::Sketch;

use crate::redact::salt;
use crate::{Refusal, input, runbook_files};

/// A case with everything the engine needs.
pub(crate) struct Opened {
    pub case: Case,
    pub sketch: Sketch,
    pub evidence: Vec<Evidence>,
}

/// Opens a case; texts that it names are looked for beside it.
pub(crate) fn open(file: &OsStr) -> Result<Opened, Refusal> {
    let shown = file.to_string_lossy().into_owned();
    let refuse = |sentence: String| Refusal(format!("{shown}: {sentence}"));
    // As the page does it: reports, notes and links quote names, facts and command lines, and a fact may quote a line of the text.
    let case = Case::open(&input::text(file)?).map_err(|error| refuse(error.to_string()))?.without_secrets();
    let plain = |text: &str| redact(text, &salt()).text;
    let sketch = case.sketch().map_err(|errors| refuse(errors.to_string()))?.unwrap_or_default();
    let folder = Path::new(file).parent().unwrap_or(Path::new("."));
    let mut evidence = Vec::new();
    for (position, entry) in case.evidence.iter().enumerate() {
        let reading = match (&entry.facts, &entry.text, &entry.file) {
            (Some(facts), _, _) => facts.clone(),
            (None, Some(text), _) => read(&plain(text), entry.command.as_deref(), None),
            (None, None, Some(name)) => {
                read(&plain(&input::text(folder.join(name).as_os_str())?), entry.command.as_deref(), None)
            }
            (None, None, None) => {
                return Err(refuse(format!(
                    "evidence {} has neither a text nor a file: give it one of them",
                    position + 1
                )));
            }
        };
        evidence.push(Evidence { origin: entry.origin(), reading });
    }
    Ok(Opened { case, sketch, evidence })
}

/// The runbooks built into the program, with those of a team beside them. Says on standard error where the case was diagnosed
/// with others.
pub(crate) fn shelf_with(named: &[OsString], case: &Case) -> Result<Shelf, Refusal> {
    let files = runbook_files::open(named)?;
    let shelf = shelf_beside(&files)?;
    for edition in &case.runbooks {
        if !files.iter().any(|(_, text)| sha256(text).starts_with(&edition.sha256)) {
            eprintln!(
                "hopwise: this case was diagnosed with {} ({}), which is not among the runbooks given: the answer may differ",
                edition.id, edition.sha256
            );
        }
    }
    Ok(shelf)
}

/// The runbooks built into the program, with those in these files beside them: name and text of each.
pub(crate) fn shelf_beside(files: &[(String, String)]) -> Result<Shelf, Refusal> {
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (shelf, complaints) = shelf()?.with(&texts);
    if complaints.is_empty() { Ok(shelf) } else { Err(Refusal(complaints.join("; "))) }
}

/// The runbooks built into the program.
pub(crate) fn shelf() -> Result<Shelf, Refusal> {
    let (shelf, complaints) = Shelf::shipped();
    if complaints.is_empty() { Ok(shelf) } else { Err(Refusal(complaints.join("; "))) }
}
