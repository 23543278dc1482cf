//! What a name says about its value: `db_password` holds a secret, `max_tokens` does not.

/// Last words of a name behind which a secret stands.
const SECRET: &[&str] = &[
    "accesskey",
    "accountkey",
    "adgangskode",
    "apikey",
    "assertion",
    "authkey",
    "cardnumber",
    "clave",
    "contraseña",
    "cred",
    "credential",
    "credentials",
    "creds",
    "csrf",
    "cvc",
    "cvv",
    "dbpass",
    "encryptionkey",
    "geslo",
    "hasło",
    "heslo",
    "jelszó",
    "jwt",
    "kennwort",
    "khẩu",
    "kodeord",
    "lozinka",
    "lösenord",
    "masterauth",
    "masterkey",
    "mnemonic",
    "otp",
    "parola",
    "parole",
    "parolă",
    "parool",
    "pass",
    "passcode",
    "passe",
    "passord",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "presharedkey",
    "privatekey",
    "privkey",
    "psk",
    "pswd",
    "pw",
    "pwd",
    "requirepass",
    "salasana",
    "samlrequest",
    "samlresponse",
    "sandi",
    "secret",
    "secretkey",
    "secrets",
    "senha",
    "sessid",
    "sessionid",
    "sessionkey",
    "setcookie",
    "sharedkey",
    "sig",
    "signature",
    "signingkey",
    "slaptažodis",
    "token",
    "userpass",
    "wachtwoord",
    "xsrf",
    "şifre",
    "κωδικός",
    "пароль",
    "секрет",
    "סיסמה",
    "パスワード",
    "口令",
    "密码",
    "密碼",
    "暗証番号",
    "비밀번호",
    "암호",
];

/// Ends of a last word written together: `authtoken`, `PGPASSWORD`, `PHPSESSID`.
const ENDINGS: &[&str] = &[
    "apikey",
    "bindpw",
    "keypass",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "rootpw",
    "secret",
    "secretkey",
    "sessid",
    "sessionid",
    "storepass",
    "token",
];

/// Last words behind which a secret stands when it also looks like one.
const PERHAPS: &[&str] = &["accessor", "auth", "bearer", "pepper", "salt", "seed", "session", "sid", "ticket"];

/// `key` is a secret behind these words: `api_key`, `AccountKey`.
const KEYS: &[&str] = &[
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "client",
    "crypto",
    "decryption",
    "deploy",
    "encryption",
    "function",
    "functions",
    "hmac",
    "ingestion",
    "instrumentation",
    "license",
    "master",
    "preshared",
    "principal",
    "private",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "ssh",
    "storage",
    "subscription",
    "tsig",
    "unseal",
    "validation",
    "webhook",
    "wrapping",
];

/// In the capitals of an environment variable `…_KEY` is a secret, but not behind these words.
const OPEN_KEYS: &[&str] = &[
    "cache",
    "dedup",
    "etag",
    "foreign",
    "gpg",
    "group",
    "hash",
    "host",
    "idempotency",
    "index",
    "lock",
    "object",
    "partition",
    "primary",
    "public",
    "row",
    "shard",
    "sort",
    "surrogate",
    "trace",
];

/// Words of variables whose long hexadecimal values everybody may see: `GIT_COMMIT`, `PYTHON_SHA256`.
const OPEN_WORDS: &[&str] = &[
    "build",
    "checksum",
    "commit",
    "container",
    "digest",
    "etag",
    "fingerprint",
    "hash",
    "head",
    "id",
    "image",
    "key",
    "md5",
    "ref",
    "release",
    "rev",
    "revision",
    "serial",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "span",
    "sum",
    "tag",
    "trace",
    "uid",
    "uuid",
    "version",
];

/// Words after the telling one: `SECRET_KEY_BASE`, `password_1`, `token_value`.
const AFTER: &[&str] = &[
    "b64",
    "base",
    "base64",
    "current",
    "dev",
    "new",
    "old",
    "previous",
    "primary",
    "prod",
    "secondary",
    "staging",
    "string",
    "test",
    "value",
];

/// How surely a name says that its value is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    /// Only a long random value is a secret: `routing_key`, a variable of an unknown service.
    Key,
    Perhaps,
    Secret,
}

/// What a name says, judged by its last words, in whatever way they are joined.
pub(super) fn says(name: &str) -> Says {
    let mut words = words(name);
    while words.len() > 1
        && words.last().is_some_and(|word| {
            AFTER.contains(&word.as_str()) || word.len() <= 2 && word.ends_with(|c: char| c.is_ascii_digit())
        })
    {
        words.pop();
    }
    let last = words.last().map(String::as_str).unwrap_or_default();
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default();
    let is_variable = is_variable(name);
    let is_key = last == "key" && (KEYS.contains(&before) || is_variable && !OPEN_KEYS.contains(&before));
    let is_id = last == "id" && (before == "session" || before == "key" && words.iter().any(|word| word == "access"));
    let is_material = before == "key" && matches!(last, "material" | "content");
    let is_community = before == "snmp" && last == "community";
    let is_cookie = last == "cookie" && (is_variable || before == "erlang");
    // A signature of mail is public, and `existingSecret` names an object of Kubernetes.
    let is_open = words.first().is_some_and(|word| matches!(word.as_str(), "dkim" | "arc"))
        || last == "secret" && matches!(before, "existing" | "pull");
    let is_secret =
        SECRET.contains(&last) || ENDINGS.iter().any(|ending| last.ends_with(ending)) || is_variable && last == "auth";
    if is_open {
        Says::Nothing
    } else if is_secret || is_key || is_id || is_cookie || is_material || is_community {
        Says::Secret
    } else if PERHAPS.contains(&last) || last == "id" && matches!(before, "secret" | "token") {
        Says::Perhaps
    } else if last == "key" && words.len() > 1 && !OPEN_KEYS.contains(&before)
        || is_variable && !words.iter().any(|word| OPEN_WORDS.contains(&word.as_str()))
    {
        Says::Key
    } else {
        Says::Nothing
    }
}

/// `STRIPE_KEY`: a variable of the environment.
pub(super) fn is_variable(name: &str) -> bool {
    name.contains('_') && !name.chars().any(|c| c.is_ascii_lowercase())
}

/// `secretAccessKey`, `secret_access_key` and `secret-access-key` are the same three words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut last = ' ';
    for c in name.chars() {
        let is_separator = !c.is_alphanumeric();
        if (is_separator || c.is_ascii_uppercase() && last.is_ascii_lowercase())
            && words.last().is_some_and(|word| !word.is_empty())
        {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !is_separator) {
            word.extend(c.to_lowercase());
        }
        last = c;
    }
    words.retain(|word| !word.is_empty());
    words
}
