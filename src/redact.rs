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

use sha2::{Digest, Sha256};

use crate::clean::plain;

mod assignment;
mod command_option;
mod entropy;
mod header;
mod link;
mod logical;
mod place;
mod token;

use logical::Logical;
use place::Place;

/// Random bytes of one session. With another salt the same secret has another fingerprint, so marks of two sessions tell nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    assignment::find,
    assignment::elements,
    token::statement,
    token::scheme,
    token::jwt,
    token::private_key,
    token::dump,
    token::vendor,
    entropy::find,
];

/// A logical line and where it stands.
struct Line<'a> {
    text: &'a str,
    place: Place,
}

/// Part of a line that must not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Secret {
    at: Range<usize>,
    label: String,
}

impl Secret {
    fn new(at: Range<usize>, label: &str) -> Secret {
        Secret { at, label: label.to_owned() }
    }
}

fn by(rules: &[Rule], text: &str, salt: &Salt) -> Redacted {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let physical: Vec<String> = text.split('\n').map(plain).collect();
    let mut redacted = Redacted::default();
    let mut out: Vec<String> = Vec::with_capacity(physical.len());
    let mut place = Place::Anywhere;
    let width = logical::width(&physical);
    while let Some(rest) = physical.get(out.len()..).filter(|rest| !rest.is_empty()) {
        place = place.next(rest.first().map_or("", String::as_str));
        let mut line = Logical::start(rest, width, place);
        let mut secrets = find(rules, &line.text, place);
        // A secret that runs into the end of the line may go on in the next.
        while secrets.last().is_some_and(|last| last.at.end == line.text.len()) && line.extend(rest) {
            secrets = find(rules, &line.text, place);
        }
        for secret in &secrets {
            *redacted.counts.entry(secret.label.clone()).or_default() += 1;
        }
        out.extend(line.masked(&secrets, |secret, text| mark(secret, text, salt)));
    }
    redacted.text = out.join("\n");
    redacted
}

/// Everything the rules find, in order, overlaps joined, without what is masked already.
fn find(rules: &[Rule], text: &str, place: Place) -> Vec<Secret> {
    let line = Line { text, place };
    let mut found = Vec::new();
    for rule in rules {
        rule(&line, &mut found);
    }
    found.retain(|secret| {
        text.get(secret.at.clone())
            .is_some_and(|value| !value.trim().is_empty() && !is_masked(value) && !is_placeholder(value))
    });
    // Of two that overlap, the rule that stands first names the whole.
    let mut joined: Vec<Secret> = Vec::with_capacity(found.len());
    for mut secret in found {
        while let Some(at) =
            joined.iter().position(|other| other.at.start < secret.at.end && secret.at.start < other.at.end)
        {
            let other = joined.swap_remove(at);
            let whole = other.at.start.min(secret.at.start)..other.at.end.max(secret.at.end);
            secret = Secret { at: whole, label: other.label };
        }
        joined.push(secret);
    }
    joined.sort_by_key(|secret| secret.at.start);
    joined
}

/// `<redacted:authorization len=41 fp=3c9f>`; with commas inside a word, so that a URL or an argument stays one word.
fn mark(secret: &Secret, text: &str, salt: &Salt) -> String {
    let value = text.get(secret.at.clone()).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(salt.0);
    hash.update(value);
    let digest = hash.finalize();
    let (high, low) = (digest.first().copied().unwrap_or_default(), digest.get(1).copied().unwrap_or_default());
    let label: String = secret
        .label
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c.to_ascii_lowercase() } else { '-' })
        .take(32)
        .collect();
    let in_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !"'\"]".contains(c));
    let before = text.get(..secret.at.start).and_then(|before| before.chars().next_back());
    let gap = if in_word(before) { ',' } else { ' ' };
    let mut mark = String::new();
    let _ = write!(mark, "{MARK}{label}{gap}len={}{gap}fp={high:02x}{low:02x}>", value.chars().count());
    mark
}

/// Whether a value is nothing but marks.
fn is_masked(value: &str) -> bool {
    let mut rest = value.trim();
    while let Some(mark) = rest.strip_prefix(MARK) {
        let Some((inside, after)) = mark.split_once('>') else { return false };
        let mut parts = inside.split([' ', ',']);
        let (label, len, fp) = (parts.next(), parts.next(), parts.next());
        let is_label = |label: &str| {
            (1..=32).contains(&label.len()) && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        let is_hex = |fp: &str| fp.len() == 4 && fp.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_mark = label.is_some_and(is_label)
            && len
                .and_then(|len| len.strip_prefix("len="))
                .is_some_and(|len| len.len() < 9 && len.parse::<u32>().is_ok())
            && fp.and_then(|fp| fp.strip_prefix("fp=")).is_some_and(is_hex)
            && parts.next().is_none();
        if !is_mark {
            return false;
        }
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// What stands for a secret in examples and templates: `$TOKEN`, `${TOKEN}`, `<password>`, `{{ token }}`, `****`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'', ' ']);
    let name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
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
