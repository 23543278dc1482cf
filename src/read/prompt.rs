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
mod shape;
mod timed;

pub(super) use timed::{measured, seconds};

use known::{BARE_PROGRAMS, ENGLISH, KNOWN_PROGRAMS};
use shape::prompt;

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
