//! Where a line stands: what the lines above it say about how to read it.

use super::{assignment, header};

/// The surroundings of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Among the headers below a status line or a request line: `curl -i`, `--trace-ascii`, a request typed by hand.
    Head,
    /// At `- name: API_TOKEN` and the `value` below it, as Kubernetes writes the environment of a container: the value is a secret.
    Named,
    /// Inside a certificate or a public key, whose base64 is no secret.
    Public,
    /// Inside a private key.
    Private,
}

impl Place {
    /// The place of the next line.
    pub(super) fn next(self, line: &str) -> Place {
        let text = line.trim();
        match self {
            Place::Private | Place::Public if text.contains("-----END ") => return Place::Anywhere,
            // A key cut off at its end: what follows is no longer base64.
            Place::Private | Place::Public if is_base64(text) => return self,
            _ => {}
        }
        if let Some((_, after)) = text.split_once("-----BEGIN ") {
            let whole = after.contains("-----END ");
            return match (whole, after.contains("PRIVATE KEY")) {
                (true, _) => Place::Anywhere,
                (false, true) => Place::Private,
                (false, false) => Place::Public,
            };
        }
        let is_value = text.trim_start_matches('"').starts_with("value");
        if self == Place::Named && is_value || assignment::names_a_secret(text) {
            return Place::Named;
        }
        if header::opens_head(text) {
            return Place::Head;
        }
        let goes_on =
            self == Place::Head && !text.is_empty() && (header::field(text).is_some() || header::is_offset(text));
        if goes_on { Place::Head } else { Place::Anywhere }
    }
}

/// A line of a PEM body or of its headers (RFC 7468, RFC 1421).
fn is_base64(text: &str) -> bool {
    let headers = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"];
    text.is_empty()
        || text.starts_with(super::MARK)
        || headers.iter().any(|header| text.starts_with(header))
        || text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '|' | '\\'))
}
