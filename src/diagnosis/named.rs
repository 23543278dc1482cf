//! A number in the evidence that has an owner: a wait that is somebody's default, a status that only one kind of hop sends.

use serde::{Deserialize, Serialize};

use super::Seen;

/// Where the number stands, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub seen: Seen,
    /// "60.0 s", "499".
    pub number: String,
    /// Everybody whose number it may be.
    pub owners: Vec<Owner>,
}

/// Somebody whose number it may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub name: String,
    /// Where that is known from.
    pub source: String,
}
