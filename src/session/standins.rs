//! The place where links are called from, until they are a room of their own.

/// Links: the case as plain hexadecimal JSON.
pub mod link {
    use crate::case::{Case, CaseError};

    /// Writes a case as the fragment of a link.
    ///
    /// # Errors
    /// None in this stand-in.
    pub fn to_fragment(case: &Case) -> Result<String, CaseError> {
        Ok(case.save().bytes().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Writes a case with its texts.
    ///
    /// # Errors
    /// None in this stand-in.
    pub fn to_fragment_with_text(case: &Case, _: &crate::redact::Salt) -> Result<String, CaseError> {
        to_fragment(case)
    }

    /// Reads a case from the fragment of a link.
    ///
    /// # Errors
    /// A sentence where it is not one.
    pub fn from_fragment(fragment: &str) -> Result<Case, CaseError> {
        let bytes: Option<Vec<u8>> = fragment
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .collect();
        let json = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        Case::open(&json.ok_or_else(|| CaseError("this link is not a case; ask for a new one".to_owned()))?)
    }
}
