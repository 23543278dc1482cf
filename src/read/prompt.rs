//! Splits a paste at shell prompts, so that each command's output is read by itself.
//!
//! ```text
//! root@ana-laptop:~# nc -vz -w 3 203.0.113.10 80
//! $ dig +short api.example.com
//! PS C:\> Test-NetConnection api.example.com -Port 443
//! ```

use crate::clean::Line;

mod glued;
mod known;
mod timed;

pub(super) use timed::{measured, seconds};

use known::{BARE_PROGRAMS, ENGLISH, KNOWN_PROGRAMS, SENTENCE};

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
    // Whether a command line without a prompt can stand here: at the top, or behind an empty line.
    let mut fresh = given.is_none();
    let mut quotation = Quotation::default();
    // Whether what a command printed stands below it in comments.
    let mut commented = false;
    // The last prompt, with the host that it names.
    let mut shown: Option<(String, Option<String>)> = None;
    let mut lines = lines.into_iter().peekable();
    while let Some(mut line) = lines.next() {
        if continued && let Some(stretch) = stretches.last_mut() {
            let more = line.text.trim_start_matches("> ").trim();
            continued = more.ends_with('\\');
            if let Some(command) = &mut stretch.command {
                command.push(' ');
                command.push_str(more.trim_end_matches('\\').trim_end());
            }
            continue;
        }
        if let Some(at) = glued::prompt_at(&line.text, shown.as_ref().map(|(before, _)| before.as_str()))
            && let Some(stretch) = stretches.last_mut()
        {
            let text = line.text.drain(..at).collect();
            stretch.lines.push(Line { text, closes: false, ..line });
        }
        let below = lines.peek().is_some_and(|next| next.text.starts_with("# "));
        commented &= line.text.starts_with("# ");
        if commented && let Some(printed) = line.text.strip_prefix("# ") {
            line.text = printed.to_owned();
        }
        let bare = !commented && (fresh || below) && is_bare_command(line.text.trim());
        commented |= bare && below;
        fresh = given.is_none() && line.text.trim().is_empty();
        let prompted = prompt(&line.text).filter(|_| !commented || bare);
        if let Some((host, command)) = &prompted
            && let Some(before) = line.text.trim_end().strip_suffix(command)
            && before.trim().len() > 1
            && before.trim_end().ends_with(['$', '#', '%', '>', ']'])
        {
            shown = Some((before.to_owned(), host.clone()));
        }
        let found = prompted
            .or_else(|| bare.then(|| (None, line.text.trim())))
            .or_else(|| shown.as_ref().filter(|_| !commented).and_then(|shown| shown_again(shown, &line.text)));
        match found {
            // What `echo $?` prints tells of the command above.
            Some((_, asks))
                if super::exit_status::is_asked(asks)
                    && stretches.last().is_some_and(|above| above.command.is_some()) =>
            {
                if let Some(command) = stretches.last_mut().and_then(|above| above.command.as_mut()) {
                    command.push_str("; ");
                    command.push_str(asks);
                }
            }
            Some((host, command)) => {
                quotation = Quotation::at(&line.text);
                continued = command.ends_with('\\');
                let command = command.trim_end_matches('\\').trim_end().to_owned();
                stretches.push(Stretch { command: Some(command), host, lines: Vec::new() });
            }
            None => {
                if quotation.ends_at(&line) && stretches.len() > 1 {
                    stretches.push(Stretch { command: None, host: None, lines: Vec::new() });
                    quotation = Quotation::default();
                }
                // What a list item holds is set in with it; a manual sets its examples in further.
                let set_in = (1..=4).contains(&quotation.indent) && indent(&line.text) >= quotation.indent;
                if let Some(rest) = line.text.get(quotation.indent..).filter(|_| set_in) {
                    line.text = rest.to_owned();
                }
                if let Some(stretch) = stretches.last_mut() {
                    stretch.lines.push(line);
                }
            }
        }
    }
    stretches.retain(|stretch| stretch.lines.iter().any(|line| !line.text.trim().is_empty()));
    stretches
}

/// Where a manual or a mail shows what a command printed: between fences, or set in from the text around it.
#[derive(Default)]
struct Quotation {
    /// How far the prompt is set in.
    indent: usize,
    /// Whether the next line may be set in less, because it stands right below the prompt or below such a line.
    loose: bool,
}

impl Quotation {
    /// So many blanks are no slip of the mouse.
    const SET_IN: usize = 2;

    fn at(prompt: &str) -> Quotation {
        Quotation { indent: indent(prompt), loose: true }
    }

    /// Whether the command above printed neither this line nor what follows.
    fn ends_at(&mut self, line: &Line) -> bool {
        if line.text.trim().is_empty() {
            self.loose = false;
            return line.closes;
        }
        let less = self.indent >= Self::SET_IN && indent(&line.text) < self.indent;
        // Output that begins further left than its prompt was not set in by anybody.
        if less && self.loose {
            self.indent = 0;
        }
        self.loose = false;
        less && self.indent > 0
    }
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Whether a line shows a prompt and a command behind it.
pub(super) fn shows_command(line: &str) -> bool {
    prompt(line).is_some()
}

/// What stood before a command further up stands before commands only, whatever they run.
fn shown_again<'a>((before, host): &(String, Option<String>), line: &'a str) -> Option<(Option<String>, &'a str)> {
    let command = line.strip_prefix(before.as_str())?.trim();
    (!command.is_empty()).then(|| (host.clone(), command))
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

/// Whether a command line begins with a program whose output we read, also behind `sudo`, `time` or a variable.
fn runs_known(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let passed = |word: &&str| {
        matches!(*word, "sudo" | "time" | "watch" | "timeout") || word.contains('=') || word.starts_with('-')
    };
    let Some(program) = words.find(|word| !passed(word)) else { return false };
    let program = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe");
    // "# host monitoring" is a comment: behind a name that is a word of English, something must stand that is none.
    let loops = !matches!(program, "for" | "while") || command.contains(" in ") || command.contains("do ");
    loops
        && KNOWN_PROGRAMS.contains(&program)
        && (!ENGLISH.contains(&program) || command.split_whitespace().any(is_argument))
}

/// Whether a line without a prompt is a command line all the same, as people paste it above its output: a program and an option or a target.
fn is_bare_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let argument = words.next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_:/@+=%?&$".contains(&b);
    let shows = |call: &str| ["describe-", "get-", "list-", "batch-get-"].iter().any(|verb| call.starts_with(verb));
    // A loop on one line, and a call of Amazon's that shows something.
    if program == "aws" && words.next().is_some_and(shows)
        || matches!(program, "for" | "while") && line.contains("; do ") && line.ends_with("; done")
    {
        return true;
    }
    let typical = (is_argument(argument) && argument.bytes().all(plain))
        || (program == "kubectl" && matches!(argument, "get" | "describe" | "logs" | "top" | "exec"))
        || (program == "docker" && matches!(argument, "ps" | "inspect" | "logs" | "stats" | "exec"));
    typical && BARE_PROGRAMS.contains(&program.trim_end_matches(".exe")) && !line.contains(": ")
}

/// What the shell itself adds to a command's output: an interruption, or the times of `time`.
pub(super) fn is_of_shell(text: &str) -> bool {
    let text = text.trim();
    let timed =
        |label: &str| text.strip_prefix(label).is_some_and(|rest| rest.starts_with('\t') && rest.ends_with('s'));
    text == "^C"
        || ["real", "user", "sys"].into_iter().any(timed)
        || text.contains("% cpu ") && text.ends_with(" total")
}

/// Whether a word can only be an option, a path, an address, a name of a host or a number.
fn is_argument(word: &str) -> bool {
    (word.len() > 1 && word.starts_with(['-', '@', '+', '/', '$', '~']))
        || word.bytes().all(|b| b.is_ascii_digit())
        || (word.contains(['.', ':']) && !word.ends_with(['.', ':', ',']))
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

    #[test]
    fn what_a_manual_says_below_an_example_is_not_the_example_s_output() {
        let told = |text: &str| {
            let stretches = split(crate::clean::clean(text), None);
            let told = stretches.iter().map(|one| (one.command.clone().unwrap_or_default(), one.lines.len()));
            told.collect::<Vec<_>>()
        };
        let dig = |lines: usize| ("dig a.example".to_owned(), lines);
        let prose = |lines: usize| (String::new(), lines);
        assert_eq!(told("       $ dig a.example\n\n   A failed lookup: see below."), [prose(1)]);
        assert_eq!(told("   $ dig a.example\n   10.0.0.1\nIt may fail.\n"), [dig(1), prose(1)]);
        assert_eq!(told("```\n$ dig a.example\n10.0.0.1\n```\nIt may fail.\n"), [dig(1), prose(2)]);
        // Only the first line was pasted with what stood before it.
        assert_eq!(told("   $ dig a.example\n10.0.0.1\n\n10.0.0.2\n"), [dig(3)]);
    }

    #[test]
    fn commands_are_found_in_traces_of_a_shell_in_comments_and_in_lists() {
        let told = |text: &str| {
            let stretches = split(crate::clean::clean(text), None).into_iter();
            let lines =
                |stretch: &Stretch| stretch.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("|");
            stretches.map(|stretch| (stretch.command.clone().unwrap_or_default(), lines(&stretch))).collect::<Vec<_>>()
        };
        let one = |command: &str, lines: &str| (command.to_owned(), lines.to_owned());
        assert_eq!(told("+ apt-get update\nErr:1 x"), [one("apt-get update", "Err:1 x")]);
        assert_eq!(told("+ added line\n+ another"), [one("", "+ added line|+ another")]);
        assert_eq!(
            told("curl -i http://a.example\n# HTTP/1.1 200 OK\ncurl -i http://b.example\n# curl: (7) x"),
            [one("curl -i http://a.example", "HTTP/1.1 200 OK"), one("curl -i http://b.example", "curl: (7) x")]
        );
        assert_eq!(told("- so:\n\n    $ dig a.example\n    ;; Got")[1], one("dig a.example", ";; Got"));
    }
}
