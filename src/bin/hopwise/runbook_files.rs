//! Runbooks named on the command line: files, or folders with everything below them.

use std::ffi::OsString;
use std::path::Path;

use crate::{Refusal, input};

/// The name and text of every `.json` file among those named, folders opened, in the order of their names.
pub(crate) fn open(named: &[OsString]) -> Result<Vec<(String, String)>, Refusal> {
    let mut files = Vec::new();
    for name in named {
        let path = Path::new(name);
        if path.is_dir() {
            let mut below = Vec::new();
            input::json_files(path, &mut below)?;
            below.sort_unstable();
            if below.is_empty() {
                return Err(Refusal(format!(
                    "{} holds no .json file: name a runbook or a folder of runbooks",
                    path.display()
                )));
            }
            files.extend(below);
        } else {
            files.push(path.to_owned());
        }
    }
    files.into_iter().map(|path| Ok((path.display().to_string(), input::text(path.as_os_str())?))).collect()
}
