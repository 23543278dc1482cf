//! Whether a server sends the certificate of its issuer beside its own: the list that `openssl s_client` prints.
//!
//! ```text
//! Certificate chain
//!  0 s:CN = portal.wren.example
//!    i:C = SE, O = Wren, CN = Wren Intermediate R3
//!  1 s:C = SE, O = Wren, CN = Wren Intermediate R3
//!    i:C = SE, O = Wren, CN = Wren Root
//! ```

use super::{Findings, observable};
use crate::evidence::Lines;
use crate::fact::Endpoint;

/// The list while its lines are coming.
#[derive(Default)]
pub(super) struct Chain {
    lines: Option<(u32, u32)>,
    subjects: Vec<String>,
    /// Of the server's own certificate.
    issuer: Option<String>,
}

impl Chain {
    /// Whether another list begins.
    pub(super) fn ends_before(&self, text: &str) -> bool {
        self.lines.is_some() && text.starts_with(" 0 s:")
    }

    /// Takes in one line; false if it is none of a list.
    pub(super) fn line(&mut self, number: u32, text: &str) -> bool {
        let Some((label, name)) = text.trim_start().split_once(':').filter(|_| text.starts_with(' ')) else {
            return false;
        };
        let first = self.lines.map_or(number, |(first, _)| first);
        match label.split_once(' ') {
            Some((position, "s")) if position.parse::<u8>().is_ok() => {
                self.subjects.push(name.to_owned());
                self.lines = Some((first, number));
            }
            None if label == "i" => {
                self.issuer.get_or_insert_with(|| name.to_owned());
                self.lines = Some((first, number));
            }
            // The kind of its key: since 3.0.
            None if label == "a" => {}
            _ => return false,
        }
        true
    }

    /// Tells what was sent. A certificate that names itself as its issuer needs no other.
    pub(super) fn tell(&self, of: Endpoint, findings: &mut Findings) {
        let (Some((first, last)), Some(issuer), Some(own)) = (self.lines, &self.issuer, self.subjects.first()) else {
            return;
        };
        if issuer != own {
            let value = if self.subjects.get(1..).is_some_and(|above| above.contains(issuer)) {
                "with_issuer"
            } else {
                "without_issuer"
            };
            findings.state(Lines::new(first, last), observable::CERTIFICATE_CHAIN, value, of, issuer.as_str());
        }
    }
}
