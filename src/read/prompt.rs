//! Splits a paste at shell prompts, so that each command's output is read by itself.
//!
//! ```text
//! root@ana-laptop:~# nc -vz -w 3 203.0.113.10 80
//! $ dig +short api.example.com
//! PS C:\> Test-NetConnection api.example.com -Port 443
//! ```

use crate::clean::Line;

/// The output of one command line.
pub(super) struct Stretch {
    pub command: Option<String>,
    /// The host the prompt names.
    pub host: Option<String>,
    pub lines: Vec<Line>,
}

/// Cuts before every prompt. `given` is the command of a text that shows no prompt of its own.
pub(super) fn split(lines: Vec<Line>, given: Option<&str>) -> Vec<Stretch> {
    let mut stretches = vec![Stretch { command: given.map(str::to_owned), host: None, lines: Vec::new() }];
    let mut continued = false;
    for line in lines {
        if continued && let Some(stretch) = stretches.last_mut() {
            let more = line.text.trim_start_matches("> ").trim();
            continued = more.ends_with('\\');
            if let Some(command) = &mut stretch.command {
                command.push(' ');
                command.push_str(more.trim_end_matches('\\').trim_end());
            }
            continue;
        }
        match prompt(&line.text) {
            Some((host, command)) => {
                continued = command.ends_with('\\');
                let command = command.trim_end_matches('\\').trim_end().to_owned();
                stretches.push(Stretch { command: Some(command), host, lines: Vec::new() });
            }
            None => {
                if let Some(stretch) = stretches.last_mut() {
                    stretch.lines.push(line);
                }
            }
        }
    }
    stretches.retain(|stretch| stretch.lines.iter().any(|line| !line.text.trim().is_empty()));
    stretches
}

/// The host and command of a prompt line, or nothing where the line is output.
fn prompt(line: &str) -> Option<(Option<String>, &str)> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("PS ")
        && let Some((_, command)) = rest.split_once("> ")
    {
        return Some((None, command.trim()));
    }
    // "[user@host dir]$ " of Red Hat's bash.
    if let Some(rest) = line.strip_prefix('[')
        && let Some((inside, after)) = rest.split_once(']')
        && let Some((_, host)) = inside.split_once('@')
        && let Some(command) = after.strip_prefix("$ ").or_else(|| after.strip_prefix("# "))
    {
        return Some((host.split_whitespace().next().map(str::to_owned), command.trim()));
    }
    if let Some(command) = line.strip_prefix("$ ") {
        return Some((None, command.trim()));
    }
    // A lone "# " is as often a comment or a table head: only before a program name that we read.
    if let Some(command) = line.strip_prefix("# ")
        && command.split_whitespace().next().is_some_and(|word| KNOWN_PROGRAMS.contains(&word))
        && command.contains(' ')
    {
        return Some((None, command.trim()));
    }
    let end = line.find(['$', '#', '%'])?;
    let (before, after) = line.split_at_checked(end)?;
    let command = after.get(1..)?.strip_prefix(' ')?;
    let (user, rest) = before.split_once('@')?;
    let host = rest.split([':', ' ', '~']).next().unwrap_or_default();
    let plausible =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    (plausible(user) && plausible(host)).then(|| (Some(host.to_owned()), command.trim()))
}

/// What the shell itself adds to a command's output: an interruption, or the times of `time`.
pub(super) fn is_of_shell(text: &str) -> bool {
    let text = text.trim();
    let timed =
        |label: &str| text.strip_prefix(label).is_some_and(|rest| rest.starts_with('\t') && rest.ends_with('s'));
    text == "^C" || ["real", "user", "sys"].into_iter().any(timed)
}

const KNOWN_PROGRAMS: &[&str] = &[
    "aws",
    "busybox",
    "cat",
    "conntrack",
    "curl",
    "dig",
    "docker",
    "for",
    "getent",
    "host",
    "ip",
    "iptables",
    "iptables-save",
    "journalctl",
    "kubectl",
    "mtr",
    "nc",
    "ncat",
    "netstat",
    "nft",
    "nslookup",
    "nstat",
    "openssl",
    "ping",
    "psql",
    "redis-cli",
    "ss",
    "tail",
    "tcpdump",
    "telnet",
    "time",
    "tracepath",
    "traceroute",
    "wget",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_found_and_output_is_not_taken_for_one() {
        assert_eq!(prompt("$ dig a.example"), Some((None, "dig a.example")));
        assert_eq!(prompt("root@box-1:~# ss -ltn"), Some((Some("box-1".to_owned()), "ss -ltn")));
        assert_eq!(prompt("[ana@web7 ~]$ curl -v x"), Some((Some("web7".to_owned()), "curl -v x")));
        assert_eq!(prompt("# HELP process_cpu_seconds_total"), None);
        assert_eq!(prompt("# pxname,svname,status"), None);
        assert_eq!(prompt("* Connection #0 to host a.example left intact"), None);
    }
}
