//! Hashes of passwords and bare keys, which need no name to be recognized.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::token::{Pattern, compiled, matches};
use super::{Line, Secret};

/// Each group is a secret. Sources: crypt(5), RFC 2307 for `{SSHA}`, NSS's key log format, `ip xfrm`, `manage-bde`.
pub(super) const KEYS: &[Pattern] = &[
    Pattern {
        label: "hash",
        words: &["$"],
        regex: r"\$(?:[0-9][a-z]?|apr1|g?y|sha1|md5|scrypt|argon2[a-z]{1,2}|pbkdf2[\w-]*|bcrypt-sha256|krb5\w+|DCC2)\$+([^\s:'\x22]{8,})",
    },
    Pattern {
        label: "hash",
        words: &["$"],
        regex: r"\b(?:pbkdf2_sha[0-9]+|bcrypt(?:_sha256)?|argon2|scrypt|md5|sha1|sha256)\$([^\s'\x22,]{16,})",
    },
    Pattern {
        label: "hash",
        words: &["{"],
        regex: r"\{(?:S?SHA[0-9]*|S?MD5|CRYPT|BCRYPT|ARGON2|PBKDF2[\w-]*)\}([^\s'\x22,]+)",
    },
    Pattern { label: "hash", words: &[":"], regex: r"\b([0-9a-fA-F]{32}:[0-9a-fA-F]{32})(?::::|$)" },
    Pattern { label: "hash", words: &["md5"], regex: r#"\bmd5([0-9a-f]{32})\b"# },
    Pattern { label: "hash", words: &["*"], regex: r#"(?:^|[\s'"|])\*([0-9A-F]{40})\b"# },
    Pattern { label: "key", words: &["vno"], regex: r"\bvno \d+,? .*?\b([0-9a-f]{16,})\b" },
    Pattern { label: "key", words: &["0x"], regex: r"\b0x([0-9a-fA-F]{32,})" },
    Pattern {
        label: "key",
        words: &["_secret", "client_random", "private-mac"],
        regex: r"(?:\b(?:CLIENT|SERVER|EXPORTER|EARLY)_[A-Z_0-9]+ ([0-9a-fA-F]{16,}) ([0-9a-fA-F]{16,})|Private-MAC: ([0-9a-fA-F]+))",
    },
    Pattern { label: "key", words: &["-"], regex: r"\b((?:[0-9]{6}-){5,}[0-9]{1,6})\b" },
    // Bytes in a row, as `cryptsetup luksDump` prints a volume key; fingerprints have colons.
    Pattern { label: "key", words: &[" "], regex: r"(?:^|\s)((?:[0-9a-f]{2} ){15,}[0-9a-f]{2})(?:\s|$)" },
];

static PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(KEYS));

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    matches(&PATTERNS, line, |_| true, found);
}
