//! What the prompts of shells look like, and which lines only look so.
//!
//! ```text
//! [ana@web7 ~]$ curl -v x        bash-5.2# ss -ltn        core-9# dig a.example        C:\Users\ana>ping 10.0.0.1
//! ```

use super::known::SENTENCE;
use super::runs_known;

/// The host and command of a prompt line, or nothing where the line is output.
pub(super) fn prompt(line: &str) -> Option<(Option<String>, &str)> {
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
    // `set -x` shows each command before it runs.
    if let Some(command) = line.trim_start_matches('+').strip_prefix(' ')
        && line.starts_with('+')
        && command.contains(' ')
        && runs_known(command)
    {
        return Some((None, command.trim()));
    }
    named_prompt(line).or_else(|| placed_prompt(line)).or_else(|| arrow_prompt(line)).or_else(|| any_prompt(line))
}

/// `➜  ~ ping 1.1.1.1`, `➜  src git:(main) dig a.example`: a theme of zsh that shows the directory behind its arrow.
fn arrow_prompt(line: &str) -> Option<(Option<String>, &str)> {
    let (_, command) = line.strip_prefix("➜ ")?.trim_start().split_once(' ')?;
    let command = command.trim_start();
    let command = match command.strip_prefix("git:(") {
        Some(rest) => rest.split_once(") ")?.1.trim_start_matches(['✗', ' ']),
        None => command,
    };
    runs_known(command).then(|| (None, command.trim()))
}

/// `web-7:~# command`, `gw:/etc/nginx$ command`, whatever the command is: a host, a colon, and where on it one is.
fn placed_prompt(line: &str) -> Option<(Option<String>, &str)> {
    let (host, rest) = line.split_once(':')?;
    let end = rest.find(['$', '#'])?;
    let (path, after) = rest.split_at_checked(end)?;
    let command = after.get(1..)?.strip_prefix(' ')?;
    let named = host.starts_with(|c: char| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let placed = path.starts_with(['~', '/']) && path.chars().all(|c| c.is_ascii_alphanumeric() || "~/._-".contains(c));
    let runs = command.starts_with(|c: char| c.is_ascii_alphanumeric() || "./~".contains(c));
    (named && placed && runs).then(|| (Some(host.to_owned()), command.trim()))
}

/// `user@host:~$ command`, whatever the command is; `user@host [~] dig`, where it is one that we read.
fn named_prompt(line: &str) -> Option<(Option<String>, &str)> {
    let ends = |at: &usize| {
        let (before, after) = line.split_at_checked(*at).unwrap_or_default();
        before.contains(" [") && after.get(2..).is_some_and(runs_known)
    };
    let end = line.find("] ").filter(ends).or_else(|| line.find(['$', '#', '%', '>']))?;
    let (before, after) = line.split_at_checked(end)?;
    let command = after.get(1..)?.strip_prefix(' ')?;
    let (user, rest) = before.split_once('@')?;
    // "(venv) user@host", "┌──(user㉿host)-[~]" and the like put more in front.
    let user = user.rsplit([' ', '(']).next().unwrap_or(user);
    let host = rest.split([':', ' ', '~']).next().unwrap_or_default();
    let plausible =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let mail = after.starts_with('>') && !runs_known(command);
    (plausible(user) && plausible(host) && !mail).then(|| (Some(host.to_owned()), command.trim()))
}

/// What stands before the last mark of a prompt is at most so long.
const PROMPT_BYTES: usize = 80;

/// A prompt of any other shell, told by a mark before a program that we read: `bash-5.2# dig`, `/ # wget`, `C:\> ping`, `~/src ❯ nc`,
/// `host:dir user$ curl`, `➜  dir git:(main) ✗ curl`, `> kubectl`.
fn any_prompt(line: &str) -> Option<(Option<String>, &str)> {
    let mut marks =
        line.char_indices().filter(|(_, c)| "$#%>❯➜✗λ»".contains(*c)).take_while(|(at, _)| *at <= PROMPT_BYTES);
    marks.find_map(|(at, mark)| {
        let (before, after) = line.split_at_checked(at)?;
        let rest = after.get(mark.len_utf8()..)?;
        let command = rest.trim_start();
        // cmd.exe leaves no space behind its mark: "C:\Users\ana>ping".
        let spaced = rest.len() > command.len() || (mark == '>' && before.contains(":\\"));
        // A lone "# " is as often a comment or a table's head, and "> " a quotation: only before a program with an argument.
        let bare = before.trim().is_empty();
        // "a -> b" draws a path, and a bare ">" may stand between any two words.
        let host = host_alone(before).filter(|_| spaced && command.contains(' '));
        let placed = mark != '>' || bare || host.is_some() || before.contains(['/', '\\', '~', '@', ':']);
        // "7 % of /run/mount" and "step 3 # dig" are no prompts.
        let last = before.split_whitespace().next_back().unwrap_or_default();
        let counted = mark == '%' && last.parse::<f64>().is_ok();
        let quoted = counted || before.contains(['"', '=', '|', '<']) || before.ends_with(['-', '>']);
        // "# dig around to find the names of 5.10" is a remark in a program's source.
        let said = bare && command.split_whitespace().any(|word| SENTENCE.contains(&word));
        let fits = spaced && placed && !quoted && !said && runs_known(command) && (!bare || command.contains(' '));
        fits.then(|| (host.filter(|_| mark != '%'), command.trim()))
    })
}

/// The host of `core-9# `, `edge-brno> `: nothing else stands before the mark, and a number or a hyphen tells it from a word or a user.
fn host_alone(before: &str) -> Option<String> {
    let shell = ["bash", "sh", "zsh", "ash", "dash", "ksh"].contains(&before.split('-').next().unwrap_or_default());
    let plain = before.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let named = before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before.contains(|c: char| c.is_ascii_digit() || c == '-')
        && before.ends_with(|c: char| c.is_ascii_alphanumeric());
    (plain && named && !shell).then(|| before.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_found_and_output_is_not_taken_for_one() {
        assert_eq!(prompt("$ dig a.example"), Some((None, "dig a.example")));
        assert_eq!(prompt("root@box-1:~# ss -ltn"), Some((Some("box-1".to_owned()), "ss -ltn")));
        assert_eq!(prompt("[ana@web7 ~]$ curl -v x"), Some((Some("web7".to_owned()), "curl -v x")));
        assert_eq!(prompt(r"C:\Users\ana>ping 10.0.0.1"), Some((None, "ping 10.0.0.1")));
        assert_eq!(prompt("bash-5.2# ss -ltn"), Some((None, "ss -ltn")));
        assert_eq!(prompt("/ # wget -O- http://cart/"), Some((None, "wget -O- http://cart/")));
        assert_eq!(prompt("MacBook-Pro:src ana$ curl https://a.example"), Some((None, "curl https://a.example")));
        assert_eq!(prompt("➜  src git:(main) ✗ dig a.example"), Some((None, "dig a.example")));
        assert_eq!(prompt("ana@web7 ~/src> kubectl get pods"), Some((Some("web7".to_owned()), "kubectl get pods")));
        assert_eq!(prompt("(venv) ana@web7:~$ python app.py"), Some((Some("web7".to_owned()), "python app.py")));
        let placed = prompt("mq-72:~# rabbitmq-diagnostics alarms");
        assert_eq!(placed, Some((Some("mq-72".to_owned()), "rabbitmq-diagnostics alarms")));
        assert_eq!(prompt("➜  ~ ping 1.1.1.1"), Some((None, "ping 1.1.1.1")));
        assert_eq!(prompt("core-9# ss -ltn"), Some((Some("core-9".to_owned()), "ss -ltn")));
        assert_eq!(prompt("edge-2> ping 10.0.0.1"), Some((Some("edge-2".to_owned()), "ping 10.0.0.1")));
        assert_eq!(prompt("ana@web7 [~] ping 10.0.0.1"), Some((Some("web7".to_owned()), "ping 10.0.0.1")));
        assert_eq!(prompt("ana@web7 [12] up again"), None);
        assert_eq!(prompt("web-1 -> ping 10.0.0.1"), None);
        assert_eq!(prompt("note: /etc/hosts # all of them"), None);
        assert_eq!(prompt("> GET /curl HTTP/1.1"), None);
        assert_eq!(prompt("# host monitoring protocol"), None);
        assert_eq!(prompt("tmpfs   1%   4 % /run/mount"), None);
        assert_eq!(prompt("From: Ana <ana@shop.example> host"), None);
        assert_eq!(prompt("# HELP process_cpu_seconds_total"), None);
        assert_eq!(prompt("# pxname,svname,status"), None);
        assert_eq!(prompt("* Connection #0 to host a.example left intact"), None);
        assert_eq!(prompt("# dig around to find the names that perl 5.10 knows"), None);
        assert_eq!(prompt("# for example: /etc/jetty.d/"), None);
        assert_eq!(prompt("# CCARGS=-DHAS_MYSQL -I/usr/include/mysql -DHAS_SSL"), None);
    }
}
