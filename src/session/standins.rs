//! Places where redaction and links are called from, until both are rooms of their own.

/// Redaction: the text comes back unchanged.
pub mod redact {
    /// Text without secrets.
    pub struct Redacted {
        pub text: String,
    }

    /// Keeps the text as it is.
    pub fn redact(text: &str) -> Redacted {
        Redacted { text: text.to_owned() }
    }
}

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
