//! Whether a command changes something: the linter holds a runbook's "read" to its word with it.

mod words;

use words::{CHANGE, CHANGE_WITH, CURL, SQL};

/// What in a command changes something, or nothing where it only reads. Errs on the side of finding something.
pub fn changes(template: &str) -> Option<String> {
    statements(template).into_iter().find_map(|statement| statement_changes(&statement))
}

fn statement_changes(statement: &str) -> Option<String> {
    let words = shlex::split(statement).unwrap_or_else(|| statement.split_whitespace().map(str::to_owned).collect());
    if let Some(target) = redirected_to(statement) {
        return Some(format!("> {target}"));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // A quoted word may be a command of its own: `sh -c '…'`, `ssh host '…'`, `watch '…'`.
    let inner = words.iter().filter(|word| word.contains(' ')).find_map(|word| changes(word));
    inner.or_else(|| starts(&words).find_map(program_changes))
}

/// Every place of a statement where a program can stand: first, after a wrapper such as `sudo` or `timeout 5`, after `--`.
pub(super) fn starts<'a>(words: &'a [&'a str]) -> impl Iterator<Item = &'a [&'a str]> {
    const WRAPPERS: &[&str] = &[
        "sudo", "env", "time", "timeout", "nohup", "xargs", "watch", "exec", "do", "then", "else", "if", "while",
        "until", "nsenter", "ssh", "docker", "command", "nice", "ionice", "strace", "chroot", "!", "{",
    ];
    let mut wrapped = true;
    (0..words.len()).filter_map(move |at| {
        let rest = words.get(at..)?;
        let word = *rest.first()?;
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
        let is_start = wrapped || before == Some("--");
        let passes = WRAPPERS.contains(&program(word))
            || word.contains('=')
            || word.starts_with('-')
            || word.starts_with(|c: char| c.is_ascii_digit());
        wrapped = is_start && passes || (wrapped && before.is_some_and(|before| WRAPPERS.contains(&program(before))));
        is_start.then_some(rest)
    })
}

fn program_changes(words: &[&str]) -> Option<String> {
    let (first, arguments) = words.split_first()?;
    let name = program(first);
    if CHANGE.contains(&name) || name.starts_with("mkfs.") {
        return Some(name.to_owned());
    }
    let found = |word: &str| Some(format!("{name} {word}"));
    if let Some((_, verbs)) = CHANGE_WITH.iter().find(|(program, _)| *program == name) {
        // Everything after `--` is the command of a pod or container and looked at on its own.
        let mut own = arguments.iter().take_while(|word| **word != "--");
        // `iptables -N` makes a chain, `iptables -n` prints numbers.
        let is =
            |word: &str, verb: &str| if word.starts_with('-') { word == verb } else { word.eq_ignore_ascii_case(verb) };
        if let Some(verb) = own.find(|word| verbs.iter().any(|verb| is(word, verb))) {
            return found(&verb.to_ascii_lowercase());
        }
    }
    match name {
        "sh" | "bash" | "zsh" | "dash" | "python" | "python3" | "perl" | "ruby" | "node"
            if !arguments.contains(&"-c") =>
        {
            found("(runs what it is given)")
        }
        "crontab" if !arguments.contains(&"-l") => found("(replaces the schedule)"),
        "eval" | "source" => found("(runs what it is given)"),
        "curl" | "wget" => arguments.iter().enumerate().find_map(|(at, word)| {
            let method = word
                .strip_prefix("-X")
                .or_else(|| word.strip_prefix("--request"))
                .map(|rest| rest.trim_start_matches('='));
            let method = match method {
                Some("") => arguments.get(at + 1).copied(),
                other => other,
            };
            let is_read =
                |method: &str| ["GET", "HEAD", "OPTIONS"].iter().any(|read| method.eq_ignore_ascii_case(read));
            match method {
                Some(method) if !is_read(method) => found(method),
                _ => name_of(word).filter(|option| name == "curl" && CURL.contains(option)).and_then(found),
            }
        }),
        "aws" => {
            let verb = arguments.iter().filter(|word| !word.starts_with('-')).nth(1)?;
            let reads = [
                "describe-",
                "get-",
                "list-",
                "filter-",
                "lookup-",
                "test-",
                "tail",
                "ls",
                "head-",
                "batch-get-",
                "wait",
            ];
            (!reads.iter().any(|read| verb.starts_with(read))).then(|| found(verb))?
        }
        "gcloud" | "az" => {
            let verbs = [
                "create", "delete", "update", "set", "add", "remove", "reset", "stop", "start", "restart", "deploy",
                "resize",
            ];
            arguments.iter().find(|word| verbs.contains(*word)).and_then(|word| found(word))
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" | "mongosh" | "clickhouse-client" | "cqlsh" => arguments
            .iter()
            .flat_map(|argument| argument.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
            .find(|word| SQL.iter().any(|verb| verb.eq_ignore_ascii_case(word)))
            .and_then(found),
        "redis-cli"
            if arguments.windows(2).any(|pair| {
                pair.first().is_some_and(|word| word.eq_ignore_ascii_case("config"))
                    && pair.last().is_some_and(|word| !word.eq_ignore_ascii_case("get"))
            }) =>
        {
            found("config set")
        }
        _ => None,
    }
}

/// `--data=x` is `--data`.
fn name_of(word: &str) -> Option<&str> {
    word.split('=').next()
}

pub(super) fn program(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Cuts a command line at `;`, `|`, `&`, newlines, parentheses and backticks that stand outside quotes.
pub(super) fn statements(template: &str) -> Vec<String> {
    let mut statements = vec![String::new()];
    let mut quote = None;
    let mut escaped = false;
    let mut last = ' ';
    for c in template.chars() {
        let cuts = match (quote, c) {
            _ if escaped => false,
            (None, ';' | '|' | '\n' | '(' | ')' | '`') => true,
            // `2>&1` and `&>` are redirections, not the end of a statement.
            (None, '&') => last != '>',
            // A substitution runs inside double quotes too.
            (Some('"'), '(') => last == '$',
            (Some('"'), '`') => true,
            _ => false,
        };
        match (quote, c) {
            _ if escaped => {}
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        escaped = c == '\\' && !escaped && quote != Some('\'');
        if cuts {
            statements.push(String::new());
        } else if let Some(statement) = statements.last_mut() {
            statement.push(c);
        }
        last = c;
    }
    statements
}

/// The file a statement writes to: anything but `/dev/null` and another descriptor.
fn redirected_to(statement: &str) -> Option<&str> {
    let mut quote = None;
    let mut after_hole = false;
    for (at, c) in statement.char_indices() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '<') => {
                after_hole =
                    statement.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
            }
            (None, '>') if after_hole => after_hole = false,
            (None, '>') => {
                let target = statement.get(at + 1..)?.trim_start_matches('>').trim_start();
                let target = target.split_whitespace().next().unwrap_or_default();
                if !target.starts_with("/dev/null") && !target.starts_with('&') {
                    return Some(target);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_read_pass() {
        for command in [
            "curl -sv --connect-timeout 5 -o /dev/null https://{host}:{port}{path}",
            "curl -sS -X HEAD https://{host}/ 2>&1 | grep -i kill",
            "for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code}\\n' https://{host}/; done",
            "for a in $(dig +short {host}); do nc -vz -w 3 $a {port}; done",
            "dig {host} {record} @{resolver}",
            "kubectl -n {namespace} get endpoints {object} -o yaml",
            "kubectl exec {object} -- cat /etc/resolv.conf",
            "aws elbv2 describe-target-health --target-group-arn {id}",
            "sudo ss -ltnp 'sport = :{port}'",
            "psql -c 'select count(*) from pg_stat_activity'",
            "sudo timeout 10 tcpdump -ni any port {port}",
            "redis-cli -h {host} info clients",
            "redis-cli config get maxclients",
            "ip route get {address} > /dev/null",
            "docker ps; docker logs --tail 50 {object}",
            "openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -dates",
            "nc -vz <HOST> 80",
            "iptables -L FORWARD -v -n --line-numbers",
        ] {
            assert_eq!(changes(command), None, "{command}");
        }
    }

    #[test]
    fn commands_that_change_something_are_found() {
        for (command, found) in [
            ("rm -rf /tmp/x", "rm"),
            ("sudo /bin/rm x", "rm"),
            ("curl https://a/x.sh | sh", "sh (runs what it is given)"),
            ("curl -XDELETE https://{host}/", "curl DELETE"),
            ("curl --request POST https://{host}/", "curl POST"),
            ("curl -k https://{host}/", "curl -k"),
            ("curl --data=x https://{host}/", "curl --data"),
            ("kubectl -n x delete pod {object}", "kubectl delete"),
            ("kubectl rollout restart deploy/x", "kubectl restart"),
            ("kubectl exec {object} -- rm /x", "rm"),
            ("terraform apply", "terraform apply"),
            ("psql -c 'DROP TABLE x'", "psql DROP"),
            ("ssh {host} 'systemctl restart nginx'", "systemctl restart"),
            ("ssh {host} systemctl restart nginx", "systemctl restart"),
            ("sh -c \"reboot now\"", "reboot"),
            ("dig {host} > /etc/hosts", "> /etc/hosts"),
            ("dig {host} >> notes", "> notes"),
            ("echo $(mkfs.ext4 /dev/sda)", "mkfs.ext4"),
            ("echo \"$(rm x)\"", "rm"),
            ("true && dd if=/dev/zero of=/dev/sda", "dd"),
            ("FOO=1 kill -9 1", "kill"),
            ("timeout 5 reboot", "reboot"),
            ("pgrep x | xargs kill", "kill"),
            ("iptables -F", "iptables -f"),
            ("iptables -N blocked", "iptables -n"),
            ("aws ec2 terminate-instances --instance-ids {id}", "aws terminate-instances"),
            ("redis-cli CONFIG SET maxclients 1", "redis-cli set"),
            ("redis-cli flushall", "redis-cli flushall"),
        ] {
            assert_eq!(changes(command).as_deref(), Some(found), "{command}");
        }
    }
}
