//! Masks secrets in a paste before it is stored or shared. Lines stay where they are, because facts refer to them by number.
//!
//! ```text
//! > GET /v1/orders?page=2&token=<redacted:token,len=20,fp=9d0e> HTTP/1.1
//! > authorization: Bearer <redacted:authorization len=41 fp=3c9f>
//! < set-cookie: AWSALB=<redacted:awsalb len=88 fp=77b2>; Path=/
//! < server: nginx/1.22.1
//! ```
//!
//! Structure comes first: of a header line only listed values stay, because no pattern recognizes an opaque token. Patterns
//! come second, entropy last. A mark names what stood there, its length in characters, and a salted fingerprint, so that
//! "the same token on both hops" stays visible.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clean::plain;
use crate::order;

mod assignment;
mod beside;
mod command_option;
mod entropy;
mod header;
mod key;
mod link;
mod logical;
mod manifest;
mod name;
mod place;
mod prefix;
mod pseudonym;
mod statement;
mod token;
#[cfg(test)]
mod tests;

use logical::Logical;
use place::{Paste, Place};
pub use pseudonym::Pseudonyms;

/// Random bytes of one session. With another salt the same secret has another fingerprint, so marks of two sessions tell nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salt(pub [u8; 16]);

/// A text that may leave this device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redacted {
    /// As many lines as before, without control characters and colors.
    pub text: String,
    /// How many secrets of each kind were masked; a kind is the name of the header, parameter or option, or of the pattern.
    pub counts: BTreeMap<String, u32>,
}

impl Redacted {
    /// How many secrets were masked.
    pub fn total(&self) -> u32 {
        self.counts.values().sum()
    }
}

/// What every mark begins with.
pub const MARK: &str = "<redacted:";

/// Masks every secret it can find.
pub fn redact(text: &str, salt: &Salt) -> Redacted {
    by(RULES, text, salt)
}

/// One way to find secrets in a line.
type Rule = fn(&Line, &mut Vec<Secret>);

/// Every rule, in the order in which they name what they find together.
const RULES: &[Rule] = &[
    header::lines,
    header::by_name,
    header::said_by_curl,
    command_option::find,
    link::userinfo,
    link::query,
    link::fragment,
    link::path,
    assignment::find,
    assignment::elements,
    beside::find,
    statement::find,
    statement::inserted,
    key::find,
    manifest::find,
    manifest::inline,
    token::scheme,
    token::jwt,
    token::pair,
    token::private_key,
    token::dump,
    token::vendor,
    entropy::find,
];

/// A logical line and where it stands.
struct Line<'a> {
    text: &'a str,
    /// In lower case; every byte stands where it does in the text.
    lower: String,
    place: Place,
    paste: Paste,
}

/// Part of a line that must not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Secret {
    at: Range<usize>,
    label: String,
}

impl Secret {
    fn new(at: Range<usize>, label: &str) -> Secret {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c.to_ascii_lowercase() } else { '-' };
        Secret { at, label: label.trim_start_matches('-').chars().map(plain).take(32).collect() }
    }
}

fn by(rules: &[Rule], text: &str, salt: &Salt) -> Redacted {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let whole: Vec<String> = text.split('\n').map(plain).collect();
    let is_quoted = prefix::is_quoted(&whole);
    let insides: Vec<Range<usize>> = whole.iter().map(|line| prefix::inside(line, is_quoted)).collect();
    let physical: Vec<String> = whole
        .iter()
        .zip(&insides)
        .map(|(line, inside)| line.get(inside.clone()).unwrap_or_default().to_owned())
        .collect();
    let mut redacted = Redacted::default();
    let mut out: Vec<String> = Vec::with_capacity(physical.len());
    let mut place = Place::Anywhere;
    let paste = Paste::of(&whole.join("\n"));
    let mut before = "";
    let width = logical::width(&whole);
    while let Some(rest) = physical.get(out.len()..).filter(|rest| !rest.is_empty()) {
        place = place.next(before, rest.first().map_or("", String::as_str), paste);
        let wide = whole.get(out.len()..).unwrap_or_default();
        let mut line = Logical::start(rest, wide, width, place);
        let mut secrets = found(rules, &line, place, paste);
        // A secret that runs into the end of the line may go on in the next.
        while secrets.last().is_some_and(|last| line.extend(last, rest, place)) {
            secrets = found(rules, &line, place, paste);
        }
        if line.join(rest, place, |text| find(rules, text, place, paste)) {
            secrets = found(rules, &line, place, paste);
        }
        // What stands below several joined lines stands below the last of them.
        let first = out.len();
        for number in 1..line.parts().len() {
            let part = |number: usize| physical.get(first + number).map_or("", String::as_str);
            place = place.next(part(number - 1), part(number), paste);
        }
        let last = physical.get(out.len() + line.parts().len().saturating_sub(1)).map_or("", String::as_str);
        before = if place::waits(before, last) { before } else { last };
        for secret in &secrets {
            *redacted.counts.entry(secret.label.clone()).or_default() += 1;
        }
        out.extend(line.masked(&secrets, |secret, text| mark(secret, text, salt)));
    }
    for ((line, whole), inside) in out.iter_mut().zip(&whole).zip(&insides) {
        line.insert_str(0, whole.get(..inside.start).unwrap_or_default());
        line.push_str(whole.get(inside.end..).unwrap_or_default());
    }
    redacted.text = out.join("\n");
    redacted
}

/// Everything the rules find, in order, overlaps joined: in the line as a whole, and from each line of the paste on, for two lines
/// may have been joined that have nothing to do with each other.
fn found(rules: &[Rule], line: &Logical, place: Place, paste: Paste) -> Vec<Secret> {
    let mut found = find(rules, &line.text, place, paste);
    let (mut inside, mut above) = (place, String::new());
    for (at, text) in prefix::unescaped(&line.text) {
        inside = inside.next(&above, &text, paste);
        let shown = find(rules, &text, inside, paste);
        found.extend(
            shown
                .into_iter()
                .map(|secret| Secret { at: secret.at.start + at..secret.at.end + at, label: secret.label }),
        );
        above = text;
    }
    let (mut place, mut before) = (place, "");
    for (number, part) in line.parts().into_iter().enumerate() {
        let from = line.text.get(part.clone()).unwrap_or_default();
        let alone = line.alone(number);
        if number > 0 {
            place = place.next(before, alone, paste);
        }
        before = alone;
        let apart = find(rules, from, place, paste).into_iter().chain(find(rules, alone, place, paste));
        found.extend(apart.map(|secret| Secret {
            at: secret.at.start + part.start..secret.at.end + part.start,
            label: secret.label,
        }));
    }
    found.retain(|secret| secret.label != entropy::LABEL || line.is_whole(&secret.at, entropy::is_long_random));
    joined(found)
}

/// Everything the rules find in one text, without what is masked already.
fn find(rules: &[Rule], text: &str, place: Place, paste: Paste) -> Vec<Secret> {
    let text = covered(text);
    let line = Line { text: &text, lower: text.to_ascii_lowercase(), place, paste };
    let mut found = Vec::new();
    for rule in rules {
        rule(&line, &mut found);
    }
    found.retain(|secret| {
        let value = text.get(secret.at.clone()).unwrap_or_default();
        !value.trim_matches(|c: char| c == COVER || " \"'\\[{(]}),;".contains(c)).is_empty() && !is_placeholder(value)
    });
    found
}

/// In the order of the text. Of two that overlap, the one that was found first names the whole.
fn joined(found: Vec<Secret>) -> Vec<Secret> {
    let mut ranked: Vec<(usize, Secret)> = found.into_iter().enumerate().collect();
    order::by_key(&mut ranked, |(rank, secret)| (secret.at.start, *rank));
    let mut joined: Vec<(usize, Secret)> = Vec::with_capacity(ranked.len());
    for (rank, secret) in ranked {
        match joined.last_mut() {
            Some((first, last)) if secret.at.start < last.at.end => {
                last.at.end = last.at.end.max(secret.at.end);
                if rank < *first {
                    (*first, last.label) = (rank, secret.label);
                }
            }
            _ => joined.push((rank, secret)),
        }
    }
    joined.into_iter().map(|(_, secret)| secret).collect()
}

/// `<redacted:authorization len=41 fp=3c9f>`; with commas inside a word, so that a URL or an argument stays one word.
fn mark(secret: &Secret, text: &str, salt: &Salt) -> String {
    let value = text.get(secret.at.clone()).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(salt.0);
    hash.update(value);
    let digest = hash.finalize();
    let (high, low) = (digest.first().copied().unwrap_or_default(), digest.get(1).copied().unwrap_or_default());
    let in_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !"'\"]".contains(c));
    let before = text.get(..secret.at.start).and_then(|before| before.chars().next_back());
    let gap = if in_word(before) { ',' } else { ' ' };
    let mut mark = String::new();
    let _ = write!(mark, "{MARK}{}{gap}len={}{gap}fp={high:02x}{low:02x}>", secret.label, value.chars().count());
    mark
}

/// Stands for every byte of a mark while rules look at a line; `plain` has removed it from the paste itself.
const COVER: char = '\u{1}';

/// The text with its marks covered, so that no rule takes their words for something else. A forged mark is not covered.
fn covered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let length = mark_length(from).unwrap_or(0);
        out.push_str(before);
        out.extend(std::iter::repeat_n(COVER, length));
        let (first, after) = from.split_at_checked(length.max(1)).unwrap_or((from, ""));
        if length == 0 {
            out.push_str(first);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The length of the mark a text begins with.
fn mark_length(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix(MARK)?.split_once('>')?;
    let mut parts = inside.split([' ', ',']);
    let label = parts.next()?;
    let length = parts.next()?.strip_prefix("len=")?;
    let print = parts.next()?.strip_prefix("fp=")?;
    let is_mark = (1..=32).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && (1..=8).contains(&length.len())
        && length.bytes().all(|byte| byte.is_ascii_digit())
        && print.len() == 4
        && print.bytes().all(|byte| byte.is_ascii_hexdigit())
        && parts.next().is_none();
    is_mark.then_some(MARK.len() + inside.len() + 1)
}

/// What stands for a secret in examples and templates: `$TOKEN`, `${TOKEN}`, `<password>`, `{{ token }}`, `****`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'', ' ']);
    let name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    // `"$USER:$PASS"`
    if let Some((left, right)) = value.split_once(':').filter(|(left, _)| left.starts_with('$')) {
        return is_placeholder(left) && is_placeholder(right);
    }
    // `var.db_password` and `(sensitive value)` of Terraform, `<set to the key 'a' in secret 'b'>` of kubectl, a command's output.
    if ["(sensitive", "(known after", "<set to the key", "$(", "[]", "{}"].iter().any(|said| value.starts_with(said))
        || value.split_once('.').is_some_and(|(first, rest)| {
            matches!(first, "var" | "local" | "module" | "data" | "each") && name(&rest.replace('.', "_"))
        })
    {
        return true;
    }
    value.strip_prefix('$').is_some_and(name)
        || value.strip_prefix("${").and_then(|inside| inside.strip_suffix('}')).is_some_and(name)
        || value
            .strip_prefix('<')
            .and_then(|inside| inside.strip_suffix('>'))
            .is_some_and(|inside| name(&inside.replace(['-', ' '], "_")))
        || value
            .strip_prefix("{{")
            .and_then(|inside| inside.strip_suffix("}}"))
            .is_some_and(|inside| name(&inside.trim().replace('.', "_")))
        || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '•' | '…'))
        || ["[redacted]", "redacted", "null", "none", "nil", "undefined"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}
