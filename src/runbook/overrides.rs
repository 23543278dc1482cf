//! What a team says differently about failure modes of other people's runbooks: how usual one is here, or that it cannot be.
//!
//! ```json
//! {"overrides": {"address-dead": {"prior": "rare"}, "subnet-acl-drops": "disabled"}}
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Prior;

/// One file of overrides. It stands beside runbooks and changes none of their files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// Completion in editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// By the id of the failure mode.
    pub overrides: BTreeMap<String, Override>,
    /// Remarks for people, one string per paragraph.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<String>,
}

/// What is said differently about one failure mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Override {
    Prior(Prior),
    /// It cannot happen here.
    Disabled,
}
