//! Sentences, statements and dialogs that take a password as one of their words: `IDENTIFIED BY x`, `AUTH x`, `the password is x`.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::beside::is_coded;
use super::name::{Says, says};
use super::token::{Pattern, compiled, matches};
use super::{Line, Secret};

/// Each group is a secret.
pub(super) const STATEMENTS: &[Pattern] = &[
    Pattern {
        label: "password",
        words: &["configure set", "env ", "setenv "],
        regex: r"(?i)\b(?:configure set|env|setenv)\s+\S*(?:password|passwd|secret|token|access_key|api_key)\s+([^\s=]\S*)",
    },
    Pattern {
        label: "password",
        words: &["echo", "printf"],
        regex: r#"\b(?:echo|printf)\s+(?:-n\s+)?(?:'([^']*)'|"([^"]*)"|(\S+))\s*\|.*(?:stdin|sudo -S|chpasswd|kinit|cryptsetup|passwd|smbclient|login|base64|wg pubkey)"#,
    },
    Pattern { label: "password", words: &["<<<"], regex: r#"<<<\s*(?:'([^']*)|"([^"]*)|([^\s"']+))"# },
    Pattern { label: "secret", words: &["secret"], regex: r#"^\s*secret\s+"([^"]+)"?\s*;?\s*$"# },
    Pattern {
        label: "password",
        words: &["identified", "password"],
        regex: r#"(?i)\b(?:identified\s+(?:with\s+\S+\s+)?(?:by|as)|password)\s+(?:password\s+)?(?:'([^']*)|"([^"]*))"#,
    },
    Pattern {
        label: "password",
        words: &["identified"],
        regex: r#"(?i)\bidentified\s+by\s+(?:password\s+)?([^\s"';]+)"#,
    },
    Pattern {
        label: "password",
        words: &["pgp_sym_", "crypt("],
        regex: r"(?i)\b(?:pgp_sym_\w+\([^()]*,\s*|crypt\()'([^']*)'",
    },
    Pattern {
        label: "password",
        words: &["requirepass", "masterauth", "setuser", "user "],
        regex: r#"(?i)\b(?:(?:requirepass|masterauth)["']?\s+["']?([^\s"']+)|(?:setuser|user) \S+ .*?>(\S+))"#,
    },
    Pattern {
        label: "password",
        words: &["auth"],
        regex: r#"(?:\bHELLO \d AUTH \S+ (\S+)|"AUTH"\s+(?:"[^"]*"\s+)?"([^"]*)"|(?:^|[>\]:] )AUTH (?:(?:PLAIN|LOGIN|XOAUTH2|default) )?(\S+)(?: (\S+))?$|AUTH\\r\\n(?:\$\d+\\r\\n([^\\"]+)\\r\\n)+)"#,
    },
    Pattern { label: "password", words: &["login"], regex: r"\blogin\s+\S+\s+password\s+(\S+)|^\S+ LOGIN \S+ (\S+)$" },
    Pattern {
        label: "community",
        words: &["community", "com2sec", "snmp-server"],
        regex: r"\b(?:r[ow]community6?|trapcommunity|snmp-server community|com2sec6?\s+\S+\s+\S+)\s+(\S+)|\bsnmp-server host \S+ (?:(?:traps|informs|vrf \S+|version 3 \S+|version \S+) )*(\S+)",
    },
    Pattern {
        label: "password",
        words: &["key", "authentication", "neighbor", "username", "enable ", "stats auth", "user "],
        regex: r"(?:(?:tacacs-server|radius-server|isakmp|server-private)\s.*?\bkey\s+(?:\d\s+)?(\S+)|message-digest-key \d+ md5 (\S+)|\bstandby \d+ authentication (\S+)|key-string (?:\d\s+)?(\S+)|authentication-key \d+ (?:type )?\w+ (?:value )?(\S+)|(?:^|\s)(?:neighbor|username|enable|user) .*?(?:password|secret)\s+(?:\d\s+)?(\S+)$|stats auth [^:\s]+:(\S+))",
    },
    Pattern {
        label: "password",
        words: &[": "],
        regex: r#"(?:\S : (?:EAP|XAUTH|NTLM)|(?:^|\s): (?:RSA|ECDSA|PKCS8|P12) \S+) "([^"]*)""#,
    },
    Pattern { label: "totp", words: &["oathtool "], regex: r"\boathtool\s+(?:-\S+\s+)*([^\s-]\S{7,})" },
    Pattern {
        label: "password",
        words: &["sasl_password", "]:", ":25 ", ":465 ", ":587 "],
        regex: r"(?:static:[^:\s]+:(\S+)|^\s*\[?[\w.-]+\]?:\d+\s+[^\s:]+:(\S+)$)",
    },
    Pattern {
        label: "password",
        words: &["securestring", "/user:", "/p:", "/pass:", "/rp "],
        regex: r#"(?i)(?:-securestring\s+["']([^"']*)["']|\bnet use\s.*?/user:\S+\s+(\S+)|\s/p(?:ass)?:(\S+)|\s/rp\s+(\S+))"#,
    },
    Pattern {
        label: "password",
        words: &[
            "password",
            "passwd",
            "passwort",
            "kennwort",
            "passphrase",
            "mot de passe",
            "contraseña",
            "pw ",
            "new value",
            "unseal key",
            "erlang cookie",
            " key: ",
        ],
        regex: r#"(?i)(?:\b(?:unseal key \d+|erlang cookie|(?:pre-?shared|private|secret|master|session|encryption|signing|shared) key):? (\S+)|with (?:the )?password "?([^\s"]+)|\b(?:pass(?:word|wd|phrase|wort)?|kennwort|mot de passe|contraseña) (?:for|für|of|on|to|pour|para|de) .{1,40}?: (\S+)|\bpass(?:word|wd|phrase|wort)? [a-z_]+ = (\S+)|\bnew value: (\S+)|# ?pw (\S+))"#,
    },
    // A plan of Terraform tells both values.
    Pattern {
        label: "password",
        words: &["-> \"", "=> \""],
        regex: r#"(?i)(?:password|secret|token|key)\w*"?\s*[:=]\s*"[^"]*"\s*[-=]>\s*"([^"]*)""#,
    },
    Pattern {
        label: "password",
        words: &["rabbitmqctl", "htpasswd", "mc alias", "mc config", "\"-p"],
        regex: r#"(?:\brabbitmqctl (?:add_user|change_password) \S+ (\S+)|\bhtpasswd -\w*b\w* \S+ \S+ (\S+)|\bmc (?:alias set|config host add) \S+ \S+ (\S+) (\S+)|"(?:mysql\w*|mariadb\w*|sshpass)",(?: ?"[^"]*",)*? ?"-p([^"]+)")"#,
    },
    Pattern { label: "card", words: &["-", " "], regex: r"\b([3-6]\d{3}(?: \d{4}){3}|[3-6]\d{3}(?:-\d{4}){3})\b" },
    Pattern {
        label: "password",
        words: &["creds", "credentials", "login", "user"],
        regex: r"(?i)\b(?:creds|credentials|login|log in|sign in|user(?:name)?)\s*(?:[:=]|\bis\b|\bare\b|\bwith\b|\bas\b|\busing\b)\s*[^\s/]+\s*/\s*(\S+)",
    },
    Pattern {
        label: "password",
        words: &["createuser"],
        regex: r#"(?i)\bcreateuser\s+\S+\s+\S+\s+"?([^\s"]+)"?(?:\s+\S+\s+"?([^\s"]+))?"#,
    },
    Pattern { label: "password", words: &["* \""], regex: r#"\*\s+"([^"]+)"\s+(?:\*|[\d.]+)\s*$"# },
    Pattern {
        label: "password",
        words: &["password", "passwort", "passphrase"],
        regex: r"(?i)\b(?:(?:generated|temporary|initial|new|default|random|bootstrap|admin|root)\b.*\bpass(?:word|wort|phrase)\b[^:]*: (\S+)\s*$|pass(?:word|wort|phrase)\b(?: \w+){0,4} (?:set|reset|changed|rotated|updated) to:? (\S+))",
    },
    Pattern {
        label: "key",
        words: &[" key "],
        regex: r"(?i)\b(?:api|access|secret|auth) (?:key|token) (?:for|of|in) [^:]{1,30}: (\S+)$",
    },
    // The last of several arguments: `db.auth("app", "x")`, `login('ana', 'x')`.
    Pattern {
        label: "password",
        words: &["auth", "login", "credential", "getconnection"],
        regex: r#"(?i)(?:\bauth|login|authenticate|credentials?|basic_?auth|getconnection)\((?:[^()"']*["'][^"']*["']\s*,\s*)+["']([^"']+)["']\s*\)"#,
    },
    Pattern {
        label: "password",
        words: &["sp_addlinkedsrvlogin"],
        regex: r"(?i)sp_addlinkedsrvlogin\b.*'([^']+)'\s*;?\s*$",
    },
    Pattern {
        label: "password",
        words: &["set password"],
        regex: r"(?i)\bset password(?: for \S+)?\s*=\s*(?:password\()?'([^']*)'",
    },
    // What a statement was run with may be anything.
    Pattern { label: "parameter", words: &["parameters: $"], regex: r"\$\d+ = '([^']*)'" },
    Pattern {
        label: "password",
        words: &["identify ", "oper ", "authinfo pass", "net user", "radtest ", "password \"", "add-mask"],
        regex: r#"(?i)(?::?\bidentify (\S+)$|^OPER \S+ (\S+)$|\bauthinfo pass (\S+)|\bnet user \S+ ([^\s/]\S*)|\bradtest \S+ (\S+) \S+ \d+ (\S+)|\bpassword "[^"]*" "([^"]+)"|::add-mask::(\S+))"#,
    },
    // Network devices say between a name and its value how it is written.
    Pattern {
        label: "password",
        words: &["ascii", "cipher", "simple", "plaintext", "hexadecimal", " hex "],
        regex: r#"(?i)\b(?:[\w-]*psk|[\w-]*key|password|secret|passphrase) (?:ascii(?:-text)?|hex(?:adecimal)?|cipher|simple|plaintext|irreversible-cipher) (?:\d )?"?([^\s"]+)"?;?\s*$"#,
    },
    Pattern {
        label: "password",
        words: &["set "],
        regex: r"^\s*set (?:[\w-]+ )*?(?:passwd|password|secret|psk\w*|passphrase|community)(?: ENC)? ([^\s=]+)$",
    },
    // A file of options for curl.
    Pattern { label: "userinfo", words: &["user"], regex: r#"^\s*(?:proxy-)?user\s*=\s*"[^":]*:([^"]+)"# },
    // The password message of PostgreSQL's protocol, as `strace` shows it.
    Pattern { label: "password", words: &["\"p\\0"], regex: r#""p(?:\\\d{1,3}){4}(.*?)\\0""# },
    Pattern {
        label: "code",
        words: &["pin", "otp", "tan", "code"],
        regex: r#"(?i)\b(?:pin|otp|tan|(?:verification|security|login|one-time|2fa|mfa|recovery|backup) code)["']?(?: is)?[:= ]+["']?([0-9]{4,8}|[a-z0-9]{4,8}(?:-[a-z0-9]{4,8})+)\b"#,
    },
    Pattern {
        label: "password",
        words: &["admin:", "root:", "administrator:", "postgres:", "guest:", "ana:"],
        regex: r"(?i)^\s*(?:admin|root|administrator|postgres|guest):([^\s:/]{4,})$",
    },
    Pattern {
        label: "pgpass",
        words: &[":"],
        regex: r"^\s*[\w*][\w.*-]*:(?:\d{4,5}|\*):[A-Za-z*][\w-]*:[A-Za-z*][^:\s]*:([^\s/:]{4,})$",
    },
    Pattern { label: "htpasswd", words: &[":"], regex: r"^\s*[A-Za-z][\w.-]*:([./0-9A-Za-z]{13})$" },
    Pattern {
        label: "userinfo",
        words: &["@", "impdp", "expdp", "sqlldr", "sqlplus"],
        regex: r"\b[A-Za-z][\w.-]*:([^\s:@/]+)@(?:tcp|unix)?\(|(?:jdbc:oracle:\w+:|\bconn(?:ect)?\s+|CONNECT\s+)\w+/([^\s@]+)@|\b(?:sqlplus|impdp|expdp|rman|sqlldr)\s+(?:-\S+\s+)*\w+/([^\s@/]+)",
    },
    Pattern { label: "session", words: &["/(s("], regex: r"/\(S\(([^)]+)\)\)" },
];

/// "The password is x": whatever no sentence says of a password is one.
const WORDED: &[Pattern] = &[
    Pattern {
        label: "password",
        words: &["pass", "pw "],
        regex: r#"(?i)\b(?:pass(?:word|wd|phrase|code|wort)?|pw)(?: (?:for|of|to|on|in) [^.:;=]{1,40}?)? is(?: now)?:? ["'`]?([^\s"'`.,;]{4,})"#,
    },
    Pattern {
        label: "password",
        words: &["user", "login", "account"],
        regex: r"(?i)\b(?:user(?:name)?|login|account):? [\w.@-]+,? (?:and )?(?:pass|password|pw|pwd):? (\S+)",
    },
];

/// "The token is x", where x may also be a word.
const SAID: &[Pattern] = &[
    // `ana:x@db-1.example`, as it stands in a field for a host. An address of mail has no colon before it.
    Pattern {
        label: "userinfo",
        words: &["@"],
        regex: r#"(?:^|[\s"'=(])[A-Za-z][\w.-]*:([^\s:@/"']+)@[A-Za-z0-9][\w.-]*(?:[\s"'):,]|$)"#,
    },
    // Of ftp: `user ana x`.
    Pattern { label: "password", words: &["user "], regex: r"^\s*user \S+ (\S+)$" },
    Pattern {
        label: "password",
        words: &["pass", "secret", "token", "key", "pw ", "contraseña"],
        regex: r#"(?i)\b(?:pass(?:word|wd|phrase|code|wort)?|pw|secret|(?:api|access|secret|private)[ -]?key|token)(?: (?:for|of|to|on|in) [^.:;=]{1,40}?)? (?:is|was|=)(?: now)?:? ["'`]?([^\s"'`]+)"#,
    },
];

static PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(STATEMENTS));
static WORDED_PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(WORDED));
static SAID_PATTERNS: LazyLock<Vec<(&Pattern, Regex)>> = LazyLock::new(|| compiled(SAID));

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    matches(&PATTERNS, line, |_| true, found);
    matches(&WORDED_PATTERNS, line, |value| !super::beside::is_word(value), found);
    // "is too short" is no password, "is tiger-lily" may be one.
    matches(&SAID_PATTERNS, line, |value| is_coded(value) || value.contains('-') && value.len() > 6, found);
}

/// `INSERT INTO users (name, password) VALUES ('ana', 'x')`: with one secret column, no string of the row stays.
pub(super) fn inserted(line: &Line, found: &mut Vec<Secret>) {
    let Some(at) = line.lower.find("insert into") else { return };
    let Some(values) = line.lower.get(at..).and_then(|rest| rest.find(" values")).map(|length| at + length) else {
        return;
    };
    let columns = line.lower.get(at..values).unwrap_or_default();
    if !columns.split(|c: char| !c.is_alphanumeric() && c != '_').any(|column| says(column) == Says::Secret) {
        return;
    }
    let rest = line.text.get(values..).unwrap_or_default();
    let mut open = None;
    for (quote, _) in rest.match_indices('\'') {
        open = match open {
            None => Some(quote + 1),
            Some(from) => {
                found.push(Secret::new(values + from..values + quote, "inserted"));
                None
            }
        };
    }
    if let Some(from) = open {
        found.push(Secret::new(values + from..line.text.len(), "inserted"));
    }
}
