//! Texts from files or standard input, in whatever encoding a terminal wrote them.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::Refusal;

/// The text of a file, or of standard input for `-`.
pub(crate) fn text(file: &OsStr) -> Result<String, Refusal> {
    let name = file.to_string_lossy();
    let bytes = if name == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    match bytes {
        Ok(bytes) => Ok(decoded(&bytes)),
        Err(error) => Err(Refusal(format!("{name} cannot be read: {error}"))),
    }
}

/// UTF-8, or UTF-16 with its mark as PowerShell's `>` writes it. Bytes that are neither become replacement characters.
fn decoded(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Every `.json` file of a folder and the folders in it.
pub(crate) fn json_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Refusal> {
    let unreadable = |error| Refusal(format!("{} cannot be read: {error}", folder.display()));
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            json_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
