//! Quotes a value for a POSIX shell, wherever in a command line it stands.

use crate::clean::is_invisible;

/// Where a position of a template stands, as a shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Single,
    Double,
    Comment,
}

/// Follows the quotes of a template from its beginning.
pub(super) struct Quoting {
    within: Within,
    escaped: bool,
    /// Whether the template nests quotes (`$(…)`, backticks, `$'…'`, here-documents): then only plain values go in.
    nested: bool,
    last: char,
}

impl Quoting {
    pub(super) fn new(template: &str) -> Quoting {
        Quoting { within: Within::Nothing, escaped: false, nested: nests(template), last: ' ' }
    }

    /// Goes on over a stretch of the template.
    pub(super) fn follow(&mut self, text: &str) {
        for c in text.chars() {
            self.within = match (self.within, c) {
                _ if self.escaped => {
                    self.escaped = false;
                    self.within
                }
                (Within::Nothing | Within::Double, '\\') => {
                    self.escaped = true;
                    self.within
                }
                (Within::Nothing, '\'') => Within::Single,
                (Within::Single, '\'') | (Within::Double, '"') | (Within::Comment, '\n') => Within::Nothing,
                (Within::Nothing, '"') => Within::Double,
                (Within::Nothing, '#') if self.last.is_whitespace() => Within::Comment,
                (within, _) => within,
            };
            self.last = c;
        }
    }

    /// The value as it has to be written here, so that the shell gives back exactly this value.
    ///
    /// # Errors
    /// A sentence where it cannot be written safely.
    pub(super) fn insert(&self, value: &str) -> Result<String, String> {
        let quoted = quote(value)?;
        if quoted == value {
            return Ok(quoted);
        }
        if self.nested {
            return Err(format!("\"{value}\" has characters that this command cannot quote: write it in yourself"));
        }
        Ok(match self.within {
            Within::Nothing => quoted,
            Within::Single => format!("'{quoted}'"),
            Within::Double => format!("\"{quoted}\""),
            Within::Comment => value.to_owned(),
        })
    }
}

/// Whether a template has quotes within quotes.
pub(super) fn nests(template: &str) -> bool {
    ["$(", "`", "$'", "<<"].iter().any(|mark| template.contains(mark))
}

/// One word of a POSIX shell that stands for exactly this value.
///
/// # Errors
/// A sentence where the value holds something no terminal passes on unchanged or no reader can see. `shlex` itself refuses
/// only NUL (RUSTSEC-2024-0006); a newline would run half the command on pasting.
pub(super) fn quote(value: &str) -> Result<String, String> {
    if let Some(c) = value.chars().find(|c| c.is_control() || is_invisible(*c) || (c.is_whitespace() && *c != ' ')) {
        return Err(format!("the value contains the character U+{:04X}, which cannot be seen or quoted", u32::from(c)));
    }
    if value.starts_with('-') {
        return Err("the value begins with \"-\", which a program would take for an option".to_owned());
    }
    match shlex::try_quote(value) {
        Ok(quoted) => Ok(quoted.into_owned()),
        Err(error) => Err(format!("the value cannot be quoted: {error}")),
    }
}
