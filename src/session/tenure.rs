//! Whose case is on screen.

/// Whether the case on screen is the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tenure {
    /// Saved in this browser after every change.
    #[default]
    Mine,
    /// Opened from a link: read-only, saved nowhere, until it is made one's own.
    Visit,
}
