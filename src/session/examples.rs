//! Example incidents, each a case file that opens with one click.

use crate::case::{Case, CaseError};

/// An incident to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Equals the file name without `.json`.
    pub id: &'static str,
    /// What one sees from outside, for the person who chooses.
    pub symptom: &'static str,
    json: &'static str,
}

/// All examples, the first to be offered first.
pub const EXAMPLES: &[Example] = &[Example {
    id: "one-of-three-addresses",
    symptom: "One of three balancer addresses never answers",
    json: include_str!("examples/one-of-three-addresses.json"),
}];

impl Example {
    /// The case, ready to be opened.
    ///
    /// # Errors
    /// What is wrong with the file; a test keeps the shipped ones free of it.
    pub fn case(&self) -> Result<Case, CaseError> {
        Case::open(self.json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use crate::session::Work;

    #[test]
    fn every_example_opens_and_every_line_of_it_is_read() {
        for example in EXAMPLES {
            let pastes = Work::pastes(&example.case().unwrap());
            assert!(!pastes.is_empty(), "{} shows no evidence", example.id);
            for (position, paste) in pastes.iter().enumerate() {
                let reading = read(&paste.text, paste.command.as_deref(), None);
                assert!(reading.facts().next().is_some(), "{}: evidence {position} says nothing", example.id);
                let unread: Vec<_> = reading.unread().collect();
                assert!(unread.is_empty(), "{}: evidence {position} leaves {unread:?} unread", example.id);
            }
        }
    }
}
