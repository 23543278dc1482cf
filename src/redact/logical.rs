//! Joins lines that a terminal, a shell or a header folding broke, and takes masked text apart at the same places.

use std::ops::Range;

use super::{Place, Secret, header};

/// One or more lines of the paste, read as one.
pub(super) struct Logical {
    pub text: String,
    /// Where in the text each further line of the paste begins.
    breaks: Vec<usize>,
    /// The white space before the last lines, which stands in none of the text.
    indents: Vec<(usize, String)>,
    /// The ends of continued shell lines, whose `\` reads as a space.
    backslashes: Vec<usize>,
}

/// A longer chain is no wrapped line.
const MOST_LINES: usize = 200;

/// The longest body of a request that is looked for between quotes, in lines.
const MOST_QUOTED: usize = 50;

/// So many lines a secret may go on in without any other sign of wrapping.
const MOST_MORE: usize = 8;

/// The longest line in characters: where a terminal has wrapped, no line is longer. Too short to be a terminal's width: none.
pub(super) fn width(lines: &[String]) -> Option<usize> {
    lines.iter().map(|line| line.chars().count()).max().filter(|width| *width >= 40)
}

impl Logical {
    /// The first of these lines, with those that continue it.
    pub(super) fn start(lines: &[String], whole: &[String], width: Option<usize>, place: Place) -> Logical {
        let mut line = Logical {
            text: lines.first().cloned().unwrap_or_default(),
            breaks: Vec::new(),
            indents: Vec::new(),
            backslashes: Vec::new(),
        };
        let first = line.text.chars().count();
        // A header in brackets is whole; only a plain one is folded.
        let is_header = header::is_line(&line.text, place) && !line.text.trim_end().ends_with(']');
        let is_command = is_command(&line.text);
        while let (Some(last), Some(next)) = (lines.get(line.breaks.len()), lines.get(line.breaks.len() + 1)) {
            if line.breaks.len() >= MOST_LINES {
                break;
            }
            let continued = is_command && last.ends_with('\\') && !last.ends_with("\\\\");
            let quoted = is_command
                && has_open_quote(&line.text)
                && closes(&line.text, lines.get(line.breaks.len() + 1..).unwrap_or_default());
            // A terminal fills every line but the last; a folded header (RFC 9112 §5.2) goes on behind white space.
            let filled = line.breaks.is_empty() || last.chars().count() >= first || next.starts_with([' ', '\t']);
            let is_body = next.trim_start().starts_with(['{', '[', '<']);
            let folded = is_header && !is_done(last) && filled && !is_body && !begins_afresh(next, place);
            let wrapped = width == whole.get(line.breaks.len()).map(|last| last.chars().count())
                && width.is_some()
                && !is_done(last)
                && !begins_afresh(next, place)
                && !last.ends_with(' ')
                && !next.starts_with([' ', '\t']);
            if !(continued || quoted || folded || wrapped) {
                break;
            }
            if continued {
                line.backslashes.push(line.text.len() - 1);
                line.text.pop();
                line.text.push(' ');
            }
            line.push(next);
        }
        line
    }

    /// Takes in the next line where it looks like the rest of the last secret. Says whether it did.
    pub(super) fn extend(&mut self, last: &Secret, lines: &[String], place: Place) -> bool {
        let Some(next) = lines.get(self.breaks.len() + 1).filter(|_| self.breaks.len() < MOST_MORE) else {
            return false;
        };
        let given = next.trim_start();
        let runs_on = last.at.end == self.text.len() && !begins_afresh(next, place);
        let quote = self.text.get(..last.at.start).and_then(|before| before.chars().next_back());
        let is_open = matches!(quote, Some('"' | '\'')) && quote.is_some_and(|quote| next.contains(quote));
        let goes_on = runs_on && (is_open || is_odd_word(given) || is_code(head(given)));
        if goes_on {
            self.indents
                .push((self.breaks.len() + 1, next.get(..next.len() - given.len()).unwrap_or_default().to_owned()));
            self.push(given);
        }
        goes_on
    }

    /// Takes in the next line where a secret appears only when both are read as one, and ends in its first word. Says whether
    /// it did.
    pub(super) fn join(&mut self, lines: &[String], place: Place, find: impl Fn(&str) -> Vec<Secret>) -> bool {
        let Some(next) = lines.get(self.breaks.len() + 1).filter(|_| self.breaks.len() < MOST_MORE) else {
            return false;
        };
        let (given, end) = (next.trim_start(), self.text.len());
        let tail = self.text.rsplit(|c: char| c.is_whitespace() || "\"'<>,;".contains(c)).next().unwrap_or_default();
        let first = head(given).len();
        if tail.len() < 4 || first < 4 || begins_afresh(next, place) {
            return false;
        }
        let is_random = is_mixed(tail) && given.get(..first).is_some_and(is_mixed);
        let joins = |secret: &Secret| {
            let crosses = secret.at.start + 4 <= end && end + 4 <= secret.at.end && secret.at.end <= end + first;
            crosses
                && match secret.label.as_str() {
                    super::entropy::LABEL => is_random,
                    "query" | "fragment" => false,
                    "userinfo" | "jwt" => true,
                    label => super::token::forms().any(|known| known == label),
                }
        };
        let joined = find(&format!("{}{given}", self.text)).iter().any(joins);
        if joined {
            self.indents
                .push((self.breaks.len() + 1, next.get(..next.len() - given.len()).unwrap_or_default().to_owned()));
            self.push(given);
        }
        joined
    }

    /// Where each line of the paste stands in it, together with the one after, unless it is only one.
    pub(super) fn parts(&self) -> Vec<Range<usize>> {
        if self.breaks.is_empty() {
            return Vec::new();
        }
        let starts = std::iter::once(0).chain(self.breaks.iter().copied());
        let ends = self.breaks.iter().copied().skip(1).chain([self.text.len(), self.text.len()]);
        starts.zip(ends).map(|(start, end)| start..end).collect()
    }

    /// Whether a random string that runs over the end of a line was one before it broke: a table's last column and the
    /// next row's first are two words.
    pub(super) fn is_whole(&self, run: &Range<usize>, is_random: impl Fn(&str) -> bool) -> bool {
        self.breaks.iter().filter(|at| run.start < **at && **at < run.end).all(|at| {
            let (left, right) = (self.text.get(run.start..*at), self.text.get(*at..run.end));
            let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
            let is_part = |part: &str| part.len() >= 8 && is_mixed(part);
            is_random(left) || is_random(right) || is_part(left) && is_part(right)
        })
    }

    /// One of the lines of the paste, counted from 0.
    pub(super) fn alone(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.breaks.get(before).copied());
        let end = self.breaks.get(number).copied().unwrap_or(self.text.len());
        start.and_then(|start| self.text.get(start..end)).unwrap_or_default()
    }

    fn push(&mut self, next: &str) {
        self.breaks.push(self.text.len());
        self.text.push_str(next);
    }

    /// The lines again, each secret replaced by its mark. One that spans several lines leaves its mark on each.
    pub(super) fn masked(&self, secrets: &[Secret], mark: impl Fn(&Secret, &str) -> String) -> Vec<String> {
        let mut lines = Vec::with_capacity(self.breaks.len() + 1);
        let ends = self.breaks.iter().copied().chain([self.text.len()]);
        let mut start = 0;
        for (number, end) in ends.enumerate() {
            let indent = self.indents.iter().find(|(at, _)| *at == number).map(|(_, indent)| indent.clone());
            let mut line = indent.unwrap_or_default();
            let mut from = start;
            for secret in secrets.iter().filter(|secret| secret.at.start < end && secret.at.end > start) {
                line.push_str(self.text.get(from..secret.at.start.max(from)).unwrap_or_default());
                line.push_str(&mark(secret, &self.text));
                from = secret.at.end.min(end);
            }
            line.push_str(self.text.get(from..end).unwrap_or_default());
            if self.backslashes.contains(&end.saturating_sub(1)) && line.ends_with(' ') {
                line.pop();
                line.push('\\');
            }
            lines.push(line);
            start = end;
        }
        lines
    }
}

/// Whether a line ends with a mark: what went on in the next is masked there too.
fn is_done(line: &str) -> bool {
    line.rfind(super::MARK).and_then(|at| line.get(at..)).is_some_and(|mark| mark.find('>') == Some(mark.len() - 1))
}

/// Whether a line shows by its beginning that it does not continue the one before.
fn begins_afresh(line: &str, place: Place) -> bool {
    let text = line.trim_start();
    let ends_head =
        place == Place::Head && (header::field(text).is_some() || text.starts_with('<') || text.starts_with('{'));
    text.is_empty()
        || ends_head
        || ["> ", "< ", "* ", "{ [", "} [", "$ ", "# ", ";; ", "HTTP/", "curl: (", "=> ", "<= ", "== ", "PS ", "-----"]
            .iter()
            .any(|mark| text.starts_with(mark))
        || matches!(text, ">" | "<" | "*")
        || text.contains("--:--:--")
        || text.starts_with("% Total")
        || is_command(text)
        || starts_with_date(text)
}

/// `2026-11-21…`, `Nov 21 …` and `[2026-…`: a log line.
fn starts_with_date(text: &str) -> bool {
    let digits = text.trim_start_matches('[');
    let year = digits
        .get(..5)
        .is_some_and(|year| year.ends_with('-') && year.bytes().take(4).all(|byte| byte.is_ascii_digit()));
    let month = ["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "];
    year || month.iter().any(|month| text.starts_with(month))
}

/// Whether a line is a command line: behind a prompt, or beginning with a program that takes secrets.
pub(super) fn is_command(line: &str) -> bool {
    let text = line.trim_start();
    let after_prompt = |mark: &str| {
        text.find(mark).is_some_and(|at| at < 60 && text.get(..at).is_some_and(|before| before.contains('@')))
    };
    text.starts_with("$ ")
        || text.starts_with("# ")
        || text.starts_with("PS ")
        || after_prompt("$ ")
        || after_prompt("# ")
        || text.split(' ').next().is_some_and(|word| super::command_option::PROGRAMS.contains(&word))
}

/// Whether the open quote of a command closes further down, before another command or a tool's output begins: `it's` never does.
fn closes(text: &str, below: &[String]) -> bool {
    let mut text = text.to_owned();
    for next in below
        .iter()
        .take(MOST_QUOTED)
        .take_while(|next| next.trim().is_empty() || !begins_afresh(next, Place::Anywhere))
    {
        text.push('\n');
        text.push_str(next);
        if !has_open_quote(&text) {
            return true;
        }
    }
    false
}

fn has_open_quote(text: &str) -> bool {
    let mut open = None;
    let mut escaped = false;
    for c in text.chars() {
        match (open, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            // The apostrophe of a word is no quote.
            (None, '\'' | '"') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// A single word that is neither a plain word, nor a number, an address or a host name.
fn is_odd_word(line: &str) -> bool {
    let word = line.trim();
    let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
    let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let coded = has(char::is_ascii_alphabetic) && has(char::is_ascii_digit) && !word.contains(['.', ':']);
    !word.is_empty()
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "+/=_-.~%\"'|".contains(c))
        && (mixed || coded || has(|c| matches!(c, '=' | '_' | '+' | '%')))
}

/// Capitals, small letters and digits.
fn is_mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

/// What a line begins with, up to the first character that no token has.
fn head(line: &str) -> &str {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "+/=_-.~%".contains(c));
    let head = line.get(..line.find(ends).unwrap_or(line.len())).unwrap_or(line);
    // `name=value` and `name: value` begin something else.
    let after = line.get(head.len()..).unwrap_or_default();
    if after.starts_with(':') || head.trim_end_matches('=').contains('=') { "" } else { head }
}

/// The rest of a token at the beginning of a line: letters and digits mixed, and no words or numbers joined by hyphens.
fn is_code(word: &str) -> bool {
    let plain = |piece: &str| {
        piece.chars().all(|c| c.is_ascii_digit())
            || piece.chars().all(|c| c.is_ascii_alphabetic())
                && (piece.len() < 8 || super::entropy::is_code(piece) == 0)
    };
    let token = word.trim_end_matches(['=', '"', '\'', ',', ';']);
    let is_padded = word.ends_with('=');
    token.len() >= 6
        && token.chars().all(|c| c.is_ascii_alphanumeric() || "+/_-".contains(c))
        && (is_padded || !token.split(['-', '_', '/', '+']).all(plain))
}
