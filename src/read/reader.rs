//! What every reader is: a name, a way to recognize its tool's output, and a way to take facts from it.

use super::{Findings, Part};

/// Understands the output of one tool.
pub(super) struct Reader {
    /// Named after the command: `curl`, `dig`, `nc`.
    pub(super) kind: &'static str,
    /// How sure it can be at most, so that nobody asks it about a long text that another reader is surer of.
    pub(super) most: f64,
    /// How sure it is, 0 to 1, that the part is this tool's output.
    pub(super) recognize: fn(&Part) -> f64,
    pub(super) read: fn(&Part, &mut Findings),
}
