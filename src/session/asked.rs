//! The command that was copied from the page last: what is pasted next may be what it printed.

use crate::inquiry::Gist;

/// A copied command and the hop it is to be run on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub command: String,
    /// Id of the hop; empty where it does not matter.
    pub from: String,
}

impl Asked {
    /// Whether a paste looks like its output: under the same command line, or, where none is shown, as this program prints it.
    /// A prompt that names its host says better where that was.
    pub(super) fn printed(&self, gist: &Gist) -> bool {
        let [only] = gist.blocks.as_slice() else { return false };
        let fits = match &only.command {
            Some(shown) => shown.trim() == self.command.trim(),
            None => self.command.split_whitespace().any(|word| word == only.kind),
        };
        fits && only.host.is_none()
    }
}
