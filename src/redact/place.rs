//! Where a line stands: what the lines above it, and the paste as a whole, say about how to read it.

use super::manifest::{data_column, secret_column};
use super::name::{Says, says};
use super::{assignment, header};

/// What a paste is, judged from all of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Paste {
    /// It holds a `Secret` of Kubernetes, whose data is secret under any name.
    pub has_manifest: bool,
    /// It is an HTTP archive: headers and cookies as `"name"` and `"value"`.
    pub is_archive: bool,
}

impl Paste {
    pub(super) fn of(text: &str) -> Paste {
        let kind = |at: usize| {
            let after = text.get(at + 4..).unwrap_or_default().trim_start_matches(['"', '\'', '\\', ':', ' ']);
            after.get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("secret"))
                && !after.get(6..).unwrap_or_default().starts_with(|c: char| c.is_alphanumeric())
        };
        Paste {
            has_manifest: text.match_indices("kind").any(|(at, _)| kind(at)),
            is_archive: ["\"headers\"", "\"cookies\""].iter().all(|part| text.contains(part)),
        }
    }
}

/// The surroundings of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Among the headers below a status line or a request line: `curl -i`, `--trace-ascii`, a request typed by hand.
    Head,
    /// At `- name: API_TOKEN` and the `value` below it, as Kubernetes writes the environment of a container: the value is a secret.
    Named,
    /// Inside a certificate or a public key, whose base64 is no secret.
    Public,
    /// Inside a private key.
    Private,
    /// Below `data:` of a manifest, which stands in this column.
    Data(usize),
    /// Below a line that announces a secret, the line being the secret: `password:`, `kubectl create token app`, `334 UGFzc3dvcmQ6`.
    Announced,
    /// Below a line that speaks of a secret, the line being one if it looks like one: "use the following password:".
    Hinted,
    /// A row of a table with a column of secrets, counted from 0.
    Table(usize),
}

impl Place {
    /// The place of the next line.
    pub(super) fn next(self, before: &str, line: &str, paste: Paste) -> Place {
        let text = line.trim();
        match self {
            Place::Private | Place::Public if text.contains("-----END ") || text.starts_with("Private-MAC:") => {
                return Place::Anywhere;
            }
            // A key cut off at its end: what follows is no longer base64.
            Place::Private | Place::Public if is_base64(text) => return self,
            _ => {}
        }
        if let Some((_, after)) = text.split_once("-----BEGIN ") {
            let whole = after.contains("-----END ");
            return match (whole, after.contains("PRIVATE KEY") || after.contains("Static key")) {
                (true, _) => Place::Anywhere,
                (false, true) => Place::Private,
                (false, false) => Place::Public,
            };
        }
        if text.contains("Private-Lines: ") {
            return Place::Private;
        }
        if let Some(column) = data_column(line).filter(|_| paste.has_manifest) {
            return Place::Data(column);
        }
        if let Place::Data(column) = self
            && line.get(column..).is_some_and(|rest| rest.starts_with([' ', '\t']))
        {
            return self;
        }
        if let Some(column) = secret_column(line) {
            return Place::Table(column);
        }
        if matches!(self, Place::Table(_)) && (line.contains('+') || line.contains(super::manifest::SEPARATORS)) {
            return self;
        }
        // Codes for an emergency stand below one another, all of one length.
        let is_next_code = text.len() == before.trim().len() && text.bytes().any(|byte| byte.is_ascii_digit());
        // `etcdctl get /app/password` says the name again before the value.
        if announces(before) && !text.is_empty() && !before.contains(text)
            || self == Place::Announced && (is_length(text) || is_length(before))
            || self == Place::Announced && text.split(' ').count() == 1 && (text.len() > 40 || is_next_code)
        {
            return Place::Announced;
        }
        if hints(before) && !text.is_empty() {
            return Place::Hinted;
        }
        let word = text.trim_start_matches('"').to_ascii_lowercase();
        let is_value =
            ["value", "default", "type", "description", "sensitive"].iter().any(|name| word.starts_with(name));
        if self == Place::Named && is_value || assignment::names_a_secret(text, paste.is_archive) {
            return Place::Named;
        }
        if header::opens_head(text) {
            return Place::Head;
        }
        let goes_on =
            self == Place::Head && !text.is_empty() && (header::field(text).is_some() || header::is_offset(text));
        if goes_on { Place::Head } else { Place::Anywhere }
    }
}

/// Commands that print a secret and nothing else, by words that all stand in them.
const PRINTING: &[&[&str]] = &[
    &["get secret", "jsonpath"],
    &["get secret", "template"],
    &["base64 -d"],
    &["base64 --decode"],
    &["create token"],
    &["print-access-token"],
    &["print-identity-token"],
    &["get-access-token"],
    &["get-login-password"],
    &["get-secret-value"],
    &["get-session-token"],
    &["secrets versions access"],
    &["vault", "-field"],
    &["vault print token"],
    &["auth token"],
    &["auth:token"],
    &["cat", "token"],
    &["cat", "password"],
    &["cat", "passwd"],
    &["cat", ".key"],
    &["cat", "/run/secrets/"],
    &["echo $", "TOKEN"],
    &["echo $", "PASS"],
    &["echo $", "SECRET"],
    &["echo $", "KEY"],
    &["printenv", "TOKEN"],
    &["printenv", "PASS"],
    &["printenv", "SECRET"],
    &["printenv", "KEY"],
    &["oathtool "],
    &["openssl rand"],
    &["pwgen"],
    &["pass show"],
    &["op read"],
    &["wg genkey"],
    &["wg genpsk"],
    &["generate_totp"],
    &["CONFIG GET requirepass"],
    &["find-generic-password"],
    &["with-decryption"],
    &["sops -d"],
    &["erlang.cookie"],
];

/// What a command does to something secret that it then prints.
const ASKING: &[&str] = &["access", "decrypt", "get", "output", "print", "read", "reveal", "show", "view"];

/// `$14`: the length of the string in the next line, in the protocol of Redis.
fn is_length(line: &str) -> bool {
    line.trim()
        .strip_prefix('$')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the next line is a secret because of this one.
fn announces(line: &str) -> bool {
    let text = line.trim_end();
    // SMTP asks for the user and the password in base64.
    if text.trim_start().starts_with("334 ") || text.ends_with("AUTH LOGIN") || text.trim_start() == "AUTH" {
        return true;
    }
    if text.ends_with("codes are:") || text.ends_with("codes:") {
        return ["scratch", "recovery", "backup"].iter().any(|kind| text.contains(kind));
    }
    // A field of a form: `Content-Disposition: form-data; name="password"`.
    if let Some((_, name)) = text.split_once("form-data; name=") {
        return says(name.trim_matches(['"', '\''])) == Says::Secret;
    }
    // An empty setting: `password:`, `password: |`, `"requirepass"`.
    let setting = text.trim_end_matches(['|', '>', '-', '+', ' ']).trim_end();
    let setting = setting.strip_suffix("!vault").unwrap_or(setting).trim_end();
    // `<key>password</key>`, `<AdministratorPassword>`, `["password"]=>`: the value stands in the next line.
    let tag = text.trim_start();
    let opened = tag.strip_prefix("<key>").and_then(|rest| rest.strip_suffix("</key>"));
    let opened = opened.or_else(|| tag.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')));
    let opened = opened.or_else(|| setting.strip_suffix("\"]=").and_then(|rest| rest.rsplit('"').next()));
    if let Some(name) = opened.filter(|name| !name.is_empty() && !name.contains([' ', '/', '<'])) {
        return says(name) == Says::Secret;
    }
    if let Some(name) =
        setting.strip_suffix(':').or_else(|| setting.strip_suffix("requirepass\"").map(|_| "requirepass"))
    {
        let name = name.trim_end_matches(['"', '\'']).rsplit([' ', '"', '\'', '\t']).next().unwrap_or(name);
        return says(name) == Says::Secret;
    }
    let is_typed = super::logical::is_command(text) || text.contains("> ") || text.contains("$ ");
    let asks = text.split(' ').any(|word| ASKING.contains(&word)) && has_secret_word(text) && !text.contains("-o name");
    is_typed && (asks || PRINTING.iter().any(|words| words.iter().all(|word| text.contains(word))))
}

/// Whether what a line announces does not stand in this one but further down: between the head of a form's field and its value
/// stands an empty line, and often behind "the following password:"; a command may first say what it was asked for.
pub(super) fn waits(before: &str, line: &str) -> bool {
    let text = line.trim();
    match text.is_empty() {
        true => before.contains("form-data;") || hints(before),
        false => announces(before) && before.contains(text),
    }
}

/// Whether the next line is a secret because of this one, if it looks like one: a sentence that ends in a colon, or a command.
fn hints(line: &str) -> bool {
    let text = line.trim_end();
    (text.ends_with(':') && text.contains(' ') || super::logical::is_command(text)) && has_secret_word(text)
}

/// Whether one of the words is a name of something secret: `db_password`, `prod/db/password`.
fn has_secret_word(text: &str) -> bool {
    text.split([' ', '/', '.', ':', '"', '\'', '{', '}'])
        .any(|word| !word.starts_with(['-', '$']) && says(word.trim_end_matches(',')) == Says::Secret)
}

/// A line of a PEM body or of its headers (RFC 7468, RFC 1421).
fn is_base64(text: &str) -> bool {
    let headers = ["Proc-Type:", "DEK-Info:", "Version:", "Comment:"];
    text.is_empty()
        || text.starts_with(super::MARK)
        || headers.iter().any(|header| text.starts_with(header))
        || text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '|' | '\\'))
}
