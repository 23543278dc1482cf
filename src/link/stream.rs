//! What is inside a link: one JSON array of two lists, strings and numbers. Everything else is in their order.
//!
//! ```text
//! [["Orders API","laptop","Ana's laptop","198.51.100.23",…],[2,5,3,0,35,4,1,5,…]]
//! ```
//!
//! A string is written once; a number stands for it wherever it comes again: 0 for none, 1 for the next new string, 2 and up for
//! the first, second … string.

use std::collections::BTreeMap;

use super::LinkError;
use crate::clean::is_invisible;
use crate::redact::{MARK, Salt, redact};

/// The longest string, in bytes. Longer ones are cut when written and refused when read.
const LONGEST: usize = 2_000;

/// The longest text of level "redacted text", in bytes; together at most [`MOST_TEXT`].
const LONGEST_TEXT: usize = 400_000;
const MOST_TEXT: usize = 1_000_000;

#[derive(Default)]
pub(super) struct Writer {
    strings: Vec<String>,
    seen: BTreeMap<String, usize>,
    numbers: String,
    text: usize,
}

impl Writer {
    pub(super) fn number(&mut self, number: impl Into<f64>) {
        let number = number.into();
        if !self.numbers.is_empty() {
            self.numbers.push(',');
        }
        self.numbers.push_str(&if number.is_finite() { number.to_string() } else { "0".to_owned() });
    }

    /// How many of something follow.
    pub(super) fn count(&mut self, count: usize, what: &'static str, most: usize) -> Result<(), LinkError> {
        if count > most {
            return Err(LinkError::TooLarge { what, most });
        }
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
        Ok(())
    }

    /// A string of one line, without secrets.
    pub(super) fn text(&mut self, text: &str) -> Result<(), LinkError> {
        self.string(&one_line(&without_secrets(text)), LONGEST)
    }

    /// A whole text, redacted before.
    pub(super) fn long_text(&mut self, text: &str) -> Result<(), LinkError> {
        if text.len() > LONGEST_TEXT {
            return Err(LinkError::TooLarge { what: "bytes in one text", most: LONGEST_TEXT });
        }
        self.string(&many_lines(text), LONGEST_TEXT)
    }

    fn string(&mut self, text: &str, longest: usize) -> Result<(), LinkError> {
        let text = cut(text, longest);
        if text.is_empty() {
            self.number(0);
        } else if let Some(position) = self.seen.get(text) {
            let position = u32::try_from(position + 2).unwrap_or(u32::MAX);
            self.number(position);
        } else {
            self.text += text.len();
            if self.text > MOST_TEXT {
                return Err(LinkError::TooLarge { what: "bytes of text", most: MOST_TEXT });
            }
            self.number(1);
            self.seen.insert(text.to_owned(), self.strings.len());
            self.strings.push(text.to_owned());
        }
        Ok(())
    }

    pub(super) fn finish(self) -> String {
        format!("[{},[{}]]", serde_json::to_string(&self.strings).unwrap_or_default(), self.numbers)
    }
}

pub(super) struct Reader {
    strings: Vec<String>,
    numbers: Vec<f64>,
    next_string: usize,
    next_number: usize,
}

impl Reader {
    pub(super) fn new(json: &str) -> Result<Reader, LinkError> {
        let (strings, numbers): (Vec<String>, Vec<f64>) =
            serde_json::from_str(json).map_err(|error| LinkError::Unsound(error.to_string()))?;
        if strings.iter().map(String::len).sum::<usize>() > MOST_TEXT {
            return Err(LinkError::TooLarge { what: "bytes of text", most: MOST_TEXT });
        }
        Ok(Reader { strings, numbers, next_string: 0, next_number: 0 })
    }

    pub(super) fn number(&mut self) -> Result<f64, LinkError> {
        let number = self.numbers.get(self.next_number).copied();
        self.next_number += 1;
        number.filter(|number| number.is_finite()).ok_or_else(|| LinkError::Unsound("it ends too early".to_owned()))
    }

    /// A whole number from 0 up to a limit.
    pub(super) fn whole(&mut self, most: u32) -> Result<u32, LinkError> {
        let number = self.number()?;
        if number.fract() != 0.0 || number < 0.0 || number > f64::from(most) {
            return Err(LinkError::Unsound(format!("{number} stands where a whole number up to {most} has to")));
        }
        Ok(number as u32)
    }

    pub(super) fn count(&mut self, what: &'static str, most: usize) -> Result<usize, LinkError> {
        let count = self.whole(u32::MAX)? as usize;
        if count > most { Err(LinkError::TooLarge { what, most }) } else { Ok(count) }
    }

    /// A string of one line. What a terminal or a page would act on is gone from it, whoever made the link.
    pub(super) fn text(&mut self) -> Result<String, LinkError> {
        let text = self.string()?;
        if text.len() > LONGEST {
            return Err(LinkError::TooLarge { what: "bytes in one name", most: LONGEST });
        }
        Ok(one_line(text))
    }

    pub(super) fn optional(&mut self) -> Result<Option<String>, LinkError> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    pub(super) fn long_text(&mut self) -> Result<String, LinkError> {
        let text = self.string()?;
        if text.len() > LONGEST_TEXT {
            return Err(LinkError::TooLarge { what: "bytes in one text", most: LONGEST_TEXT });
        }
        Ok(many_lines(text))
    }

    fn string(&mut self) -> Result<&str, LinkError> {
        let position = match self.whole(u32::MAX)? {
            0 => return Ok(""),
            1 => {
                self.next_string += 1;
                self.next_string - 1
            }
            position => position as usize - 2,
        };
        self.strings
            .get(position)
            .map(String::as_str)
            .ok_or_else(|| LinkError::Unsound(format!("it refers to string {position}, which it does not have")))
    }

    /// Sees that nothing follows: what a later version adds, it may not add unseen.
    pub(super) fn end(&self) -> Result<(), LinkError> {
        if self.next_number == self.numbers.len() && self.next_string == self.strings.len() {
            Ok(())
        } else {
            Err(LinkError::Unsound("something follows its end".to_owned()))
        }
    }
}

/// Masks secrets, and shortens every mark to `<redacted>`: at this level nobody compares fingerprints.
fn without_secrets(text: &str) -> String {
    let redacted = redact(text, &Salt([0; 16])).text;
    let mut parts = redacted.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("<redacted>");
        out.push_str(part.split_once('>').map_or("", |(_, after)| after));
    }
    out
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect()
}

fn many_lines(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !is_invisible(*c)).collect()
}

/// The longest beginning of at most this many bytes.
fn cut(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
