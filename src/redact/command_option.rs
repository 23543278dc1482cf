//! Options of command lines that carry secrets: `-u user:password`, `-H 'Authorization: …'`, `dig -y hmac:name:key`.

use std::ops::Range;

use super::name::{Says, says};
use super::{Line, Secret, header};

/// How the secret stands in an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// All of it.
    Whole,
    /// All of it, unless it names a file: `@body.json`.
    Data,
    /// `Name: value`.
    Header,
    /// `name=value; name=value`, or the name of a file.
    Cookies,
    /// After the last colon: `client.pem:password`, `hmac-sha256:name:key`.
    AfterColon,
    /// After the first colon: `pass:hunter2`; `env:NAME` and `file:PATH` are none.
    OpensslPass,
    /// After `%`: `user%password`.
    AfterPercent,
    /// After the comma: `user,password`.
    AfterComma,
}

/// Options by program: the letter or long name, and how the secret stands in its value.
const OPTIONS: &[(&[&str], &[&str], Holds)] = &[
    (
        &["curl"],
        &[
            "-u",
            "--user",
            "-U",
            "--proxy-user",
            "--oauth2-bearer",
            "--pass",
            "--proxy-pass",
            "--tlspassword",
            "--proxy-tlspassword",
            "--aws-sigv4-credentials",
        ],
        Holds::Whole,
    ),
    (
        &["curl"],
        &[
            "-d",
            "--data",
            "--data-raw",
            "--data-binary",
            "--data-ascii",
            "--data-urlencode",
            "--json",
            "-F",
            "--form",
            "--form-string",
            "--url-query",
        ],
        Holds::Data,
    ),
    (
        &["curl", "grpcurl", "wget", "hey", "wrk", "websocat", "nghttp", "ab", "vegeta"],
        &["-H", "--header", "--proxy-header", "-rpc-header", "-reflect-header"],
        Holds::Header,
    ),
    (&["curl"], &["-b", "--cookie"], Holds::Cookies),
    (&["curl"], &["-E", "--cert", "--proxy-cert"], Holds::AfterColon),
    (&["wget"], &["--post-data", "--body-data"], Holds::Data),
    (&["dig", "nsupdate", "host", "delv", "mdig"], &["-y"], Holds::AfterColon),
    (&["redis-cli", "valkey-cli", "redis-benchmark"], &["-a", "--pass"], Holds::Whole),
    (
        &[
            "mongo",
            "mongosh",
            "mongodump",
            "sshpass",
            "docker",
            "podman",
            "helm",
            "oc",
            "rabbitmqadmin",
            "cqlsh",
            "clickhouse-client",
            "cypher-shell",
            "influx",
            "skopeo",
            "nerdctl",
            "crane",
            "az",
            "psexec",
            "hydra",
            "ncrack",
            "medusa",
            "crackmapexec",
            "netexec",
            "useradd",
            "usermod",
        ],
        &["-p"],
        Holds::Whole,
    ),
    (
        &["mosquitto_pub", "mosquitto_sub", "sqlcmd", "bcp", "ipmitool", "ipmiexec", "zip", "unzip"],
        &["-P"],
        Holds::Whole,
    ),
    (&["lftp"], &["-u", "--user"], Holds::AfterComma),
    (&["etcdctl", "nats"], &["--user"], Holds::AfterColon),
    (
        &["ldapsearch", "ldapwhoami", "ldapmodify", "ldapadd", "kadmin", "ldappasswd", "ldapdelete"],
        &["-w"],
        Holds::Whole,
    ),
    (&["ldappasswd"], &["-s", "-a"], Holds::Whole),
    (&["ssh-keygen"], &["-N", "-P"], Holds::Whole),
    (&["snmpwalk", "snmpget", "snmpbulkwalk", "snmptable"], &["-c", "-A", "-X"], Holds::Whole),
    (&["http", "https", "xh", "xhs"], &["-a", "--auth"], Holds::Whole),
    (&["ab"], &["-A", "-P"], Holds::Whole),
    (&["smbclient", "rpcclient", "net"], &["-U", "--user"], Holds::AfterPercent),
    (&["openssl"], &["-passin", "-passout", "-pass"], Holds::OpensslPass),
    (&["openssl"], &["-K", "-k", "-psk"], Holds::Whole),
    (&["vault"], &["login"], Holds::Whole),
];

/// Programs whose password follows `-p` without a space; with a space it is a database or a port.
const JOINED_P: &[&str] = &[
    "mysql",
    "mariadb",
    "mysqldump",
    "mysqladmin",
    "mariadb-dump",
    "mariadb-admin",
    "mysqlcheck",
    "mysqlshow",
    "mysqlslap",
    "7z",
    "7za",
    "rar",
    "unrar",
];

/// Programs at whose name a command line may begin without a prompt.
pub(super) const PROGRAMS: &[&str] = &[
    "curl",
    "wget",
    "grpcurl",
    "dig",
    "nsupdate",
    "kubectl",
    "redis-cli",
    "mysql",
    "mariadb",
    "psql",
    "mongosh",
    "docker",
    "sshpass",
    "helm",
    "aws",
    "vault",
    "ldapsearch",
    "openssl",
    "http",
    "export",
    "echo",
    "ssh",
    "nc",
    "ping",
    "nslookup",
    "host",
    "traceroute",
    "ss",
    "systemctl",
];

/// What follows an option where no value does: the end of its command, or a sentence that speaks of the option.
const NO_VALUES: &[&str] =
    &["|", ";", "&&", "and", "flag", "for", "in", "is", "on", "option", "or", "to", "via", "was"];

/// A word of a command line: the place of its text inside any quotes around it.
struct Word {
    inside: Range<usize>,
}

pub(super) fn find(line: &Line, found: &mut Vec<Secret>) {
    if !line.text.contains(" -") && !line.text.contains("vault ") {
        return;
    }
    let words = words(line.text);
    let text = |word: &Word| line.text.get(word.inside.clone()).unwrap_or_default();
    let mut program = "";
    for (at, word) in words.iter().enumerate() {
        let given = text(word);
        // `TOKEN=$(curl …`: the command stands behind the parenthesis.
        let command = given.rsplit(['(', '`']).next().unwrap_or(given);
        let name = command.rsplit('/').next().unwrap_or(command);
        if matches!(given, "|" | ";" | "&&" | "||") {
            program = "";
        } else if is_known(name) && !given.starts_with('-') {
            program = OPTIONS
                .iter()
                .flat_map(|(programs, _, _)| *programs)
                .chain(JOINED_P)
                .find(|known| **known == name)
                .copied()
                .unwrap_or(program);
        }
        let next = words.get(at + 1);
        long_option(line.text, word, next, found);
        if program.is_empty() {
            continue;
        }
        if JOINED_P.contains(&program) && given.starts_with("-p") && given.len() > 2 {
            found.push(Secret::new(unquoted(line.text, word.inside.start + 2..word.inside.end), "password"));
        }
        for (label, value, holds) in options(program, line.text, word, next) {
            hold(line.text, value, label, holds, found);
        }
    }
}

fn is_known(name: &str) -> bool {
    JOINED_P.contains(&name) || OPTIONS.iter().any(|(programs, _, _)| programs.contains(&name))
}

/// Any program's `--password x`, `--token=x`, `--api-key x`: the name tells.
fn long_option(text: &str, word: &Word, next: Option<&Word>, found: &mut Vec<Secret>) {
    let given = text.get(word.inside.clone()).unwrap_or_default();
    if !given.starts_with('-') || given.len() < 5 || given.contains(['=', ':', ' ']) {
        return; // `--token=x` is an assignment like any other.
    }
    let name = given.trim_start_matches('-');
    if says(name) != Says::Secret || name.ends_with("stdin") {
        return;
    }
    if let Some(next) = next.filter(|next| {
        text.get(next.inside.clone()).is_some_and(|value| !value.starts_with('-') && !NO_VALUES.contains(&value))
    }) {
        found.push(Secret::new(next.inside.clone(), name));
    }
}

/// The options of this program that a word is: what to call them, and the place of their value: in the next word, joined, or after `=`.
fn options<'a>(
    program: &str,
    text: &'a str,
    word: &Word,
    next: Option<&Word>,
) -> Vec<(&'static str, Range<usize>, Holds)> {
    let given: &'a str = text.get(word.inside.clone()).unwrap_or_default();
    let mut found = Vec::new();
    for (programs, names, holds) in OPTIONS {
        if !programs.contains(&program) {
            continue;
        }
        for name in *names {
            let value = if given == *name {
                next.map(|next| next.inside.clone())
            } else if name.starts_with("--") || name.len() > 2 || program == "openssl" {
                given
                    .strip_prefix(name)
                    .filter(|rest| rest.starts_with('='))
                    .map(|rest| word.inside.end - rest.len() + 1..word.inside.end)
            } else {
                joined(given, name).and_then(|rest| match rest {
                    0 => next.map(|next| next.inside.clone()),
                    length => Some(unquoted(text, word.inside.end - length..word.inside.end)),
                })
            };
            // The long name says more than the letter.
            let label = names.iter().find_map(|name| name.strip_prefix("--")).unwrap_or("password");
            if let Some(value) = value {
                found.push((label, value, *holds));
            }
        }
    }
    found
}

/// `-sSu x`, `-ux`: how many bytes follow the letter in its cluster of options without values.
fn joined(given: &str, name: &str) -> Option<usize> {
    let letter = name.strip_prefix('-')?.chars().next()?;
    let cluster = given.strip_prefix('-').filter(|cluster| !cluster.starts_with('-'))?;
    let (before, after) = cluster.split_once(letter)?;
    before.chars().all(|c| "sSvkLiIfgNGjO01246#aqn".contains(c)).then_some(after.len())
}

fn unquoted(text: &str, value: Range<usize>) -> Range<usize> {
    let given = text.get(value.clone()).unwrap_or_default();
    match given.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            value.start + 1..value.end - usize::from(given.len() > 1 && given.ends_with(quote))
        }
        _ => value,
    }
}

fn hold(text: &str, value: Range<usize>, label: &str, holds: Holds, found: &mut Vec<Secret>) {
    let given = text.get(value.clone()).unwrap_or_default();
    let after = |at: Option<usize>| at.map(|at| value.start + at + 1..value.end);
    let secret = match holds {
        Holds::Whole => Some(value.clone()),
        Holds::Data => (!given.starts_with('@')).then(|| value.clone()),
        Holds::Cookies => (given.contains('=')).then(|| value.clone()),
        Holds::Header => {
            match header::field(given) {
                Some((name, at)) => header::mask(name, text, value.start + at.start..value.start + at.end, found),
                None => found.push(Secret::new(value, label)),
            }
            return;
        }
        // `C:\cert.pem` has its colon too early for a password.
        Holds::AfterColon => after(given.rfind(':').filter(|at| *at > 1)),
        Holds::OpensslPass => after(given.find(':')).filter(|_| given.starts_with("pass:")),
        Holds::AfterPercent => after(given.find('%')),
        Holds::AfterComma => after(given.find(',')),
    };
    if let Some(secret) = secret {
        found.push(Secret::new(secret, label));
    }
}

/// Splits as a shell does, remembering places. An open quote runs to the end of the line.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut open = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (open, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => {
                escaped = true;
                start = start.or(Some(at));
            }
            (None, '\'' | '"') => {
                start = start.or(Some(at));
                open = Some(c);
            }
            (Some(quote), c) if quote == c => open = None,
            (None, c) if c.is_whitespace() => {
                if let Some(from) = start.take() {
                    words.push(word(text, from..at));
                }
            }
            _ => start = start.or(Some(at)),
        }
    }
    if let Some(from) = start {
        words.push(word(text, from..text.len()));
    }
    words
}

fn word(text: &str, whole: Range<usize>) -> Word {
    Word { inside: unquoted(text, whole) }
}
