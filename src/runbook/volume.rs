//! A file for the shelf: a runbook, or overrides. Which of the two it is stands in its text, not in its name.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Flaw, Overrides, Runbook};

/// What a file holds.
#[allow(clippy::large_enum_variant, reason = "one at a time, and soon on the shelf")]
#[derive(Debug, Clone, PartialEq)]
pub enum Volume {
    Runbook(Runbook),
    Overrides(Overrides),
}

impl Volume {
    /// Opens a file.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn open(json: &str) -> Result<Volume, Flaw> {
        if Volume::holds_overrides(json) {
            serde_json::from_str(json).map(Volume::Overrides).map_err(|error| Flaw::of(&error, json))
        } else {
            Runbook::open(json).map(Volume::Runbook)
        }
    }

    /// Whether a text means to be overrides; what is wrong with it is told when it is opened.
    pub fn holds_overrides(json: &str) -> bool {
        #[derive(Deserialize)]
        struct Mark {
            overrides: Option<IgnoredAny>,
            runbook: Option<IgnoredAny>,
        }
        matches!(serde_json::from_str(json), Ok(Mark { overrides: Some(_), runbook: None }))
    }
}
