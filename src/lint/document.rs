//! A runbook with the position of everything in it.
//!
//! ```text
//! {"runbook": "dns", "failure_modes": [{"id": "stale"}]}
//!  /runbook ↑1:13     /failure_modes/0/id ↑1:45
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{File, Finding, Severity, position, unopened};
use crate::runbook::Runbook;

/// An opened file and what was found in it so far.
pub(super) struct Document<'a> {
    file: File<'a>,
    pub runbook: Runbook,
    /// Byte offset of every value by its path, `/failure_modes/0/id`.
    places: BTreeMap<String, usize>,
    findings: Vec<Finding>,
}

impl<'a> Document<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// The first thing in it that is not as a runbook has to be.
    pub fn open(file: File<'a>) -> Result<Document<'a>, Finding> {
        let runbook = Runbook::open(file.json).map_err(|flaw| unopened(file, flaw))?;
        let mut document = Document { file, runbook, places: BTreeMap::new(), findings: Vec::new() };
        // What opened as a runbook is JSON.
        if let Ok(whole) = serde_json::from_str::<&RawValue>(file.json) {
            document.walk(whole, "");
        }
        Ok(document)
    }

    /// Notes where everything below `path` stands, and what stands there twice.
    fn walk(&mut self, value: &RawValue, path: &str) {
        let text = value.get();
        let at = (text.as_ptr() as usize).saturating_sub(self.file.json.as_ptr() as usize);
        if self.places.insert(path.to_owned(), at).is_some() {
            let key = path.rsplit('/').next().unwrap_or_default();
            self.error(
                path,
                format!("\"{key}\" stands here twice, and only one of them would count: remove the other"),
            );
        }
        if text.starts_with('{') {
            let Members(members) = serde_json::from_str(text).unwrap_or_default();
            for (key, value) in members {
                self.walk(value, &format!("{path}/{key}"));
            }
        } else if text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            for (position, value) in items.into_iter().enumerate() {
                self.walk(value, &format!("{path}/{position}"));
            }
        }
    }

    pub fn name(&self) -> &'a str {
        self.file.name
    }

    pub fn error(&mut self, path: &str, says: String) {
        self.find(path, Severity::Error, says);
    }

    pub fn warning(&mut self, path: &str, says: String) {
        self.find(path, Severity::Warning, says);
    }

    /// Notes a finding at the value of this path, or at the nearest value around it.
    fn find(&mut self, path: &str, severity: Severity, says: String) {
        let mut around = path;
        let at = loop {
            match (self.places.get(around), around.rsplit_once('/')) {
                (Some(at), _) => break *at,
                (None, Some((outer, _))) => around = outer,
                (None, None) => break 0,
            }
        };
        let (line, column) = position(self.file.json, at);
        self.findings.push(Finding { file: self.file.name.to_owned(), line, column, severity, says });
    }

    /// Line of the value at this path, from 1.
    pub fn line(&self, path: &str) -> usize {
        position(self.file.json, self.places.get(path).copied().unwrap_or(0)).0
    }

    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// The members of an object in their order, also those that stand there twice.
#[derive(Default)]
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_stands_where_its_value_stands_counted_in_characters() {
        let json = "{\n \"runbook\": \"é\", \"title\": \"t\",\n \"note\": [\"ä\", \"b\"]\n}";
        let mut document = Document::open(File { name: "é.json", json }).unwrap();
        for path in ["/title", "/note/1", "/note/1/nothing/there", ""] {
            document.error(path, path.to_owned());
        }
        let places: Vec<(usize, usize)> =
            document.into_findings().iter().map(|finding| (finding.line, finding.column)).collect();
        assert_eq!(places, [(2, 27), (3, 16), (3, 16), (1, 1)]);
    }
}
