//! Secrets that give themselves away by their form: vendor prefixes, JSON web tokens, keys, hex dumps.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{Line, Place, Secret};

/// A pattern, tried only where one of its words stands in the line. Its groups are the secrets.
pub(super) struct Pattern {
    pub label: &'static str,
    /// In lower case.
    pub words: &'static [&'static str],
    pub regex: &'static str,
}

/// Prefixes by which vendors let their tokens be found; sources: the vendors' own pages and the rules of gitleaks.
const VENDORS: &[Pattern] = &[
    Pattern {
        label: "aws-key-id",
        words: &["akia", "asia", "abia", "acca", "apka", "aroa", "a3t", "amzn.mws.", "da2-"],
        regex: r"\b((?:AKIA|ASIA|ABIA|ACCA|APKA|AROA|A3T[A-Z0-9])[A-Z0-9]{6,}|amzn\.mws\.[0-9a-f-]{8,}|da2-[a-z0-9]{8,})",
    },
    Pattern {
        label: "github",
        words: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        regex: r"\b(gh[pousr]_[A-Za-z0-9]{6,}|github_pat_[A-Za-z0-9_]{4,})",
    },
    Pattern {
        label: "slack",
        words: &["xoxa", "xoxb", "xoxe", "xoxp", "xoxr", "xoxs", "xapp-"],
        regex: r"\b(xox[abeprs](?:\.xox[a-z])?-[A-Za-z0-9-]{6,}|xapp-[A-Za-z0-9-]{6,})",
    },
    Pattern {
        label: "webhook",
        words: &["hooks.slack.com", "/api/webhooks/", "office.com", "hooks.zapier.com"],
        regex: r"(?:office\.com/webhook/|hooks\.slack\.com/[a-z]+/|/api/webhooks/|webhook\.office\.com/[a-z0-9]+/|hooks\.zapier\.com/hooks/)([^\s'\x22<>]+)",
    },
    Pattern {
        label: "gitlab",
        words: &[
            "glpat-",
            "gldt-",
            "glrt-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glimt-",
            "glagent-",
            "glsoat-",
            "glffct-",
            "gloas-",
            "gr1348941",
        ],
        regex: r"\b(gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas)-[A-Za-z0-9_.-]{6,}|GR1348941[A-Za-z0-9_-]{6,})",
    },
    Pattern {
        label: "stripe",
        words: &["k_live_", "k_test_", "whsec_"],
        regex: r"\b([srp]k_(?:live|test)_[A-Za-z0-9]{6,}|whsec_[A-Za-z0-9+/=]*)",
    },
    Pattern {
        label: "sk-key",
        words: &["sk-"],
        regex: r"\b(sk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{4,}|sk-[A-Za-z0-9_-]{16,})",
    },
    Pattern {
        label: "google",
        words: &["aiza", "ya29.", "gocspx-", "1//0"],
        regex: r"\b(AIza[A-Za-z0-9_-]{8,}|ya29\.[A-Za-z0-9_-]{6,}|GOCSPX-[A-Za-z0-9_-]{10,}|1//0[A-Za-z0-9_-]{20,})",
    },
    Pattern { label: "npm", words: &["npm_"], regex: r"\b(npm_[A-Za-z0-9]{10,})" },
    Pattern { label: "pypi", words: &["pypi-"], regex: r"\b(pypi-Ag[A-Za-z0-9_-]{4,})" },
    Pattern { label: "sendgrid", words: &["sg."], regex: r"\b(SG\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]+)?)" },
    Pattern {
        label: "digitalocean",
        words: &["dop_v1_", "doo_v1_", "dor_v1_"],
        regex: r"\b(do[por]_v1_[a-f0-9]{10,})",
    },
    Pattern { label: "vault", words: &["hvs.", "hvb.", "hvr."], regex: r"\b(hv[sbr]\.[A-Za-z0-9_-]{4,})" },
    Pattern {
        label: "shopify",
        words: &["shpat_", "shpca_", "shppa_", "shpss_", "shpua_"],
        regex: r"\b(shp(?:at|ca|pa|ss|ua)_[A-Fa-f0-9]{10,})",
    },
    Pattern { label: "hugging-face", words: &["hf_"], regex: r"\b(hf_[A-Za-z0-9]{12,})" },
    Pattern { label: "docker", words: &["dckr_"], regex: r"\b(dckr_(?:pat|oat)_[A-Za-z0-9_-]{3,})" },
    Pattern { label: "grafana", words: &["glsa_", "glc_"], regex: r"\b(gl(?:sa|c)_[A-Za-z0-9_+/=]{8,})" },
    Pattern {
        label: "new-relic",
        words: &["nrak-", "nrii-", "nrjs-"],
        regex: r"\b(NR(?:AK|II|JS|AL)-[A-Za-z0-9-]{5,})",
    },
    Pattern { label: "databricks", words: &["dapi"], regex: r"\b(dapi[a-f0-9]{14,})" },
    Pattern {
        label: "atlassian",
        words: &["atatt3", "atctt3", "atbb"],
        regex: r"\b(AT(?:ATT3|CTT3)[A-Za-z0-9_=-]{4,}|ATBB[A-Za-z0-9_=-]{8,})",
    },
    Pattern { label: "telegram", words: &[":aa"], regex: r"([0-9]{8,10}:AA[A-Za-z0-9_-]{10,})" },
    Pattern {
        label: "discord",
        words: &["."],
        regex: r"\b([MNO][A-Za-z0-9_-]{22,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20,})",
    },
    Pattern { label: "azure", words: &["q~"], regex: r"\b([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{16,})" },
    Pattern {
        label: "mail",
        words: &["key-", "-us", "-"],
        regex: r"\b(key-[0-9a-f]{14,}|[0-9a-f]{32}-us?[0-9]{0,2}\b|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{1,8}\b)",
    },
    Pattern {
        label: "api-key",
        words: &["ltai", "akid", "dp.", "dt0", "k10", "sk", "live_", "access_token$", "pk.ey", "sk.ey", "fm1_", "fm2_"],
        regex: r"\b(LTAI[A-Za-z0-9]{6,}|AKID[A-Za-z0-9]{13,}|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{16,}|dt0[a-z][0-9]{2}\.[A-Z0-9.]{20,}|K10[0-9a-f]{32,}(?:::[a-z]+:[0-9a-f]+)?|SK[0-9a-f]{16,}|[a-z]{2,8}_live_[A-Za-z0-9]{6,}|access_token\$(?:production|sandbox)\$[0-9a-z$]{6,}|[ps]k\.eyJ[A-Za-z0-9_.-]{20,}|fm[12]_[A-Za-z0-9+/=_-]{20,})",
    },
    Pattern {
        label: "key",
        words: &["key", "token", "secret", "hec"],
        regex: r"(?i)\b(?:(?:api|auth|access|heroku|license|account|service|ingest|app|the)\s+(?:key|token|secret)|hec)\s+(?:is\s+|was\s+)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{6,}|[0-9a-f]{32,})",
    },
    Pattern {
        label: "key",
        words: &["twilio", "mailgun", "heroku", "datadog", "splunk"],
        regex: r"(?i)\b(?:twilio|mailgun|heroku|datadog|splunk)\b(?:[^0-9].{0,60}\s|\s)([0-9a-f]{32})\b",
    },
    Pattern {
        label: "square",
        words: &["sq0atp-", "sq0csp-", "sq0idp-"],
        regex: r"\b(sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{4,})",
    },
    Pattern { label: "age", words: &["age-secret-key-"], regex: r"(AGE-SECRET-KEY-1[A-Z0-9]*)" },
    Pattern { label: "terraform", words: &[".atlasv1."], regex: r"\b([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]*)" },
    Pattern { label: "postman", words: &["pmak-"], regex: r"\b(PMAK-[a-f0-9-]{8,})" },
    Pattern {
        label: "linear",
        words: &["lin_api_", "ntn_", "rubygems_", "pul-", "fo1_"],
        regex: r"\b(lin_api_[A-Za-z0-9]{4,}|ntn_[A-Za-z0-9]{16,}|rubygems_[a-f0-9]{16,}|pul-[a-f0-9]{8,}|fo1_[A-Za-z0-9_-]{20,})",
    },
    Pattern {
        label: "token",
        words: &["sbp_", "figd_", "sntry", "vercel_", "rnd_", "cfpat-", "nfp_", "gsk_", "xai-", "pplx-"],
        regex: r"\b((?:sbp_|figd_|sntry[su]_|vercel_|rnd_|CFPAT-|nfp_|gsk_|xai-|pplx-)[A-Za-z0-9_+/=-]{6,})",
    },
    Pattern {
        label: "token",
        words: &[
            "a3-", "api-", "sha256~", "v1.0-", "pat.", "sat.", "api_org_", "waka_", ".acc", "v1.", "v2.", "v3.", "v4.",
        ],
        regex: r"\b(A3-[A-Z0-9]{6}-[A-Z0-9-]{11,}|API-[A-Z0-9]{20,}|sha256~[A-Za-z0-9_-]{20,}|v1\.0-[a-f0-9]{24}-[a-f0-9]+|[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9.]{20,}|api_org_[A-Za-z]{20,}|waka_[0-9a-f-]{30,}|[a-z]{2,9}_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][A-Za-z0-9+/_=.-]{20,}|v[1-4]\.(?:local|public)\.[A-Za-z0-9_.-]{20,})",
    },
    Pattern { label: "private-key", words: &["ls0tls1crudjti"], regex: r"(LS0tLS1CRUdJTi[A-Za-z0-9+/=]*)" },
];

/// `Bearer x`, `Basic x` in prose and logs. Real words after it ("basic authentication") have neither digit nor capital inside.
const SCHEMES: &[Pattern] = &[Pattern {
    label: "credentials",
    words: &["bearer", "basic", "negotiate", "ntlm"],
    regex: r"(?i)(?:\b|%20|%3a)(?:bearer|basic|negotiate|ntlm)(?:\s+|%20|\+)([A-Za-z0-9._~+/=-]{6,})",
}];

static VENDOR_PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(VENDORS));
static SCHEME_PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(SCHEMES));

/// What the patterns call their finds that know a secret by its form alone.
pub(super) fn forms() -> impl Iterator<Item = &'static str> {
    [VENDORS, super::key::KEYS].into_iter().flatten().map(|pattern| pattern.label)
}

/// What the patterns call their finds.
#[cfg(test)]
pub(super) fn labels() -> impl Iterator<Item = &'static str> {
    [VENDORS, SCHEMES, super::statement::STATEMENTS, super::key::KEYS]
        .into_iter()
        .flatten()
        .map(|pattern| pattern.label)
}

pub(super) fn compiled(patterns: &'static [Pattern]) -> Vec<(&'static Pattern, Regex)> {
    patterns.iter().filter_map(|pattern| Some((pattern, Regex::new(pattern.regex).ok()?))).collect()
}

pub(super) fn vendor(line: &Line, found: &mut Vec<Secret>) {
    matches(&VENDOR_PATTERNS, line, |_| true, found);
}

pub(super) fn scheme(line: &Line, found: &mut Vec<Secret>) {
    let is_coded = |value: &str| {
        let inside = value.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        // The challenge `Basic realm="shop"` has parameters.
        let is_parameter = value.trim_end_matches('=').len() + 1 == value.len()
            && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'=');
        !is_parameter
            && (value.len() >= 24 || value.ends_with('=') || inside || value.bytes().any(|byte| byte.is_ascii_digit()))
    };
    matches(&SCHEME_PATTERNS, line, is_coded, found);
}

pub(super) fn matches(
    patterns: &[(&Pattern, Regex)],
    line: &Line,
    is_secret: fn(&str) -> bool,
    found: &mut Vec<Secret>,
) {
    for (pattern, regex) in patterns {
        if !pattern.words.iter().any(|word| line.lower.contains(word)) {
            continue;
        }
        for captures in regex.captures_iter(line.text) {
            let groups = captures.iter().skip(1).flatten().filter(|group| is_secret(group.as_str()));
            found.extend(groups.map(|group| Secret::new(group.range(), pattern.label)));
        }
    }
}

/// Tokens of RFC 7519, also cut ones and encrypted ones: base64url of a JSON object first.
pub(super) fn jwt(line: &Line, found: &mut Vec<Secret>) {
    let mut done = 0;
    for (at, _) in line.text.match_indices("eyJ") {
        let Some(rest) = line.text.get(at..).filter(|_| at >= done) else { continue };
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '=' | '+' | '/');
        let token = rest.get(..rest.find(|c: char| !is_part(c)).unwrap_or(rest.len())).unwrap_or(rest);
        let first = token.split('.').next().unwrap_or(token);
        let follows_word =
            line.text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()));
        if token.len() >= 10 && !follows_word && is_json(first) {
            done = at + token.len();
            found.push(Secret::new(at..done, "jwt"));
        }
    }
}

/// `YW5hOnB3` as HTTP and registries write a user and a password: base64 of two words with a colon between.
pub(super) fn pair(line: &Line, found: &mut Vec<Secret>) {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_');
    let mut start = 0;
    for word in line.text.split(|c| !is_digit(c)) {
        let (base64, at) = match word.rsplit_once('=').filter(|(_, after)| !after.is_empty()) {
            Some((name, after)) => (after, start + name.len() + 1),
            None => (word, start),
        };
        if base64.len() >= 12 && is_pair(&decoded(base64, base64.len())) {
            found.push(Secret::new(at..at + base64.len(), "credentials"));
        }
        start += word.len() + 1;
    }
}

/// `ana:x`, but not `https://…`.
fn is_pair(bytes: &[u8]) -> bool {
    let mut parts = bytes.splitn(2, |byte| *byte == b':');
    let (name, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    !rest.is_empty()
        && !rest.starts_with(b"//")
        && name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._@-\\/".contains(byte))
        && rest.iter().all(|byte| (0x20..0x7f).contains(byte))
}

/// Whether base64 begins a JSON object.
fn is_json(base64: &str) -> bool {
    let bytes = decoded(base64, 24);
    bytes.starts_with(b"{\"") && bytes.iter().all(|byte| (0x20..0x7f).contains(byte))
}

/// What base64 of either alphabet says in its first `digits`.
fn decoded(base64: &str, digits: usize) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for digit in base64.bytes().take(digits).map_while(value) {
        held = held << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    bytes
}

/// Private keys in PEM (RFC 7468), as lines of their own or escaped into one line.
pub(super) fn private_key(line: &Line, found: &mut Vec<Secret>) {
    let begins = line
        .text
        .find("-----BEGIN ")
        .filter(|at| line.text.get(*at..).is_some_and(|rest| rest.contains("PRIVATE KEY")));
    match begins {
        Some(at) => {
            let rest = line.text.get(at + 11..).unwrap_or_default();
            let Some(body) = rest.find("-----").map(|dashes| at + 16 + dashes) else { return };
            let after = line.text.get(body..).unwrap_or_default();
            let end = body + after.find("-----END ").unwrap_or(after.trim_end_matches(['"', '\'', ',']).len());
            found.push(Secret::new(body..end, "private-key"));
        }
        None if line.place == Place::Private && !line.text.contains("-----END ") => {
            found.push(Secret::new(0..line.text.len(), "private-key"));
        }
        None => {}
    }
}

/// Bytes in hexadecimal, as `curl --trace`, `tcpdump -X`, `xxd` and `openssl s_client` (session tickets) print them: nobody
/// can see what they hold, so nothing of them stays.
pub(super) fn dump(line: &Line, found: &mut Vec<Secret>) {
    let text = line.text.trim_start();
    let offset = text.trim_start_matches("0x");
    let digits = offset.bytes().take_while(u8::is_ascii_hexdigit).count();
    let Some(rest) = offset.get(digits..).filter(|_| (4..=8).contains(&digits)) else { return };
    let Some(bytes) = rest.strip_prefix(':').or_else(|| rest.strip_prefix(" -")) else { return };
    let is_bytes = |word: &&str| {
        let hex = word.replace('-', "");
        matches!(hex.len(), 2 | 4) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let start = line.text.len() - bytes.trim_start().len();
    let words = bytes.split_whitespace().take_while(is_bytes).count();
    if words >= 2 || words == 1 && bytes.split_whitespace().count() <= 2 {
        found.push(Secret::new(start..line.text.trim_end().len(), "dump"));
    }
}
