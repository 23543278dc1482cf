//! What a command can print, line by line: enough to tell the output of one command of a chain from that of the next.

use super::command_line::CommandLine;
use super::{chain, curl_write_out};

mod signs;

use signs::{foreign, heading, is_header, own};

/// One command of a chain, as its output betrays it.
pub(super) struct Voice {
    command: CommandLine,
    program: String,
    /// Hosts and addresses it names: a line that repeats them is more likely its own.
    names: Vec<String>,
    counted: Counted,
    most: usize,
    silent: bool,
    /// It prints a part of a file, and the readers tell one file's lines from another's better than anybody here.
    shows_file: bool,
}

/// Which lines are counted where a command can print only so many.
#[derive(Clone, Copy, PartialEq)]
enum Counted {
    None,
    Every,
    /// Those that `curl -w` writes; errors stand above them.
    Rows,
}

/// Filters that print lines of what they are given.
const FILTERS: &[&str] =
    &["grep", "egrep", "head", "tail", "cut", "awk", "sed", "sort", "uniq", "tr", "tee", "wc", "cat", "column", "jq"];

/// Programs that show files.
const FILES: &[&str] = &["tail", "grep", "zgrep", "head", "cat", "awk", "sed"];

/// More lines than these are not counted.
const COUNTED_LINES: usize = 20;

const OWN: i32 = 4;
const FOREIGN: i32 = -6;

impl Voice {
    pub(super) fn of(statement: &str) -> Voice {
        let command = CommandLine::parse(statement);
        let pipeline: Vec<Vec<&str>> = {
            let words: Vec<&str> = command.words().collect();
            words.split(|word| *word == "|").map(<[&str]>::to_vec).collect()
        };
        let program_of = |words: &[&str]| program(words).to_owned();
        let programs: Vec<String> = pipeline.iter().map(|words| program_of(words)).collect();
        let made = programs.iter().rposition(|program| !FILTERS.contains(&program.as_str())).unwrap_or(0);
        let program = programs.get(made).cloned().unwrap_or_default();
        // Cut down to answers, what Knot's dig prints is the same.
        let cut_down = || command.words().any(|word| matches!(word, "+short" | "+noall"));
        let program = match program.as_str() {
            "kdig" if cut_down() => "dig".to_owned(),
            // Nor does the whole begin with a heading.
            "kdig" => "drill".to_owned(),
            _ => program,
        };
        let filtered = made + 1 < programs.len();
        let last = pipeline.last().map(Vec::as_slice).unwrap_or_default();
        let (counted, most) = limit(&command, statement, &program, last);
        let silent = filtered
            || FILTERS.contains(&program.as_str())
            || matches!(
                program.as_str(),
                "true" | "sleep" | "getent" | "cd" | "export" | "ip" | "systemctl" | "mosquitto_pub"
            )
            || (program == "curl" && command.flag('s', "--silent") && !writes(&command) && !heads(&command))
            || command.words().any(|word| matches!(word, "+short" | "+noall" | "/dev/null"));
        let names = command.words().flat_map(|word| word.split([':', '/', '@', '=', '\'', '"'])).filter(|name| {
            name.len() > 3 && name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
        });
        let reversed =
            command.option("-x", "-x").and_then(|address| address.parse::<std::net::Ipv4Addr>().ok()).map(|address| {
                let [a, b, c, d] = address.octets();
                format!("{d}.{c}.{b}.{a}.in-addr.arpa")
            });
        let names = names.map(str::to_owned).chain(reversed).collect();
        let shows_file = FILES.contains(&program.as_str()) && !command.words().any(|word| word.ends_with(".conf"));
        Voice { shows_file, program, names, counted, most, silent, command }
    }

    /// Whether the readers need its output beside the next command's: parts of files, and a certificate with the date it is judged at.
    pub(super) fn belongs_with(&self, next: &Voice) -> bool {
        let pair = (self.program.as_str(), next.program.as_str());
        (self.shows_file && next.shows_file) || matches!(pair, ("openssl", "date") | ("date", "openssl"))
    }

    /// How many counted lines it can print; 0 where nobody counts.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    pub(super) fn counts(&self, text: &str) -> bool {
        match self.counted {
            Counted::None => false,
            Counted::Every => !text.trim().is_empty(),
            Counted::Rows => curl_write_out::is_row(&self.command, text),
        }
    }

    /// Whether nothing more can come after so many counted lines.
    pub(super) fn is_done(&self, count: usize) -> bool {
        self.counted != Counted::None && count >= self.most
    }

    /// What it costs to say that the command printed nothing.
    pub(super) fn silence(&self) -> i32 {
        if self.silent { 0 } else { -3 }
    }

    /// How well a line fits, as its first or a later one; nothing where the command cannot have printed it.
    pub(super) fn fit(&self, text: &str, above: Option<&str>, first: bool) -> Option<i32> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return (!first || self.program == "echo" || above.is_none() || self.program == "dig").then_some(0);
        }
        let named = i32::from(self.names.iter().any(|name| mentions(text, name)));
        if self.program == "echo" {
            return self.echoes(trimmed).then_some(OWN + 1).filter(|_| first);
        }
        let heading = heading(&self.program, &self.command, text);
        // Below the pseudo-section of EDNS every section has its heading.
        let bare = self.program == "dig" && !text.starts_with(';') && above.is_some_and(|a| a.starts_with("; EDNS:"));
        let of_another = named == 0
            && self.program == "dig"
            && text.starts_with(";; communications error to ")
            && self.command.words().any(|word| word.starts_with('@'));
        // Servers that fail are told above the header, never below it.
        let behind_answer = self.program == "dig"
            && text.starts_with(";; communications error to ")
            && above.is_some_and(|above| above.starts_with(";; ->>HEADER<<-"));
        if !first && (self.has_ended(above) || bare || behind_answer) || of_another {
            return Some(FOREIGN);
        }
        let fit = match (heading, first) {
            (true, true) => OWN + 1,
            // A second heading is the next command's, if it begins every output.
            // dig tells of servers that failed above its heading.
            (true, false) if text.starts_with("; <<>> DiG") => 0,
            (true, false) if above == Some(";; Got answer:") => OWN,
            (true, false) => FOREIGN,
            (false, _) if own(&self.program, &self.command, text) => OWN - i32::from(first),
            (false, _) if foreign(&self.program, &self.command, text) => FOREIGN,
            // All of its lines are known.
            (false, _) if self.program == "drill" => -2,
            (false, _) => self.body(trimmed, above, first),
        };
        Some(fit + named)
    }

    /// Whether the line above can only be its last.
    fn has_ended(&self, above: Option<&str>) -> bool {
        let Some(above) = above else { return false };
        match self.program.as_str() {
            "dig" => above.starts_with(";; MSG SIZE") || above.contains("no servers could be reached"),
            "rsync" => above.starts_with("rsync error: "),
            "ping" | "ping6" => above.starts_with("rtt ") || above.starts_with("round-trip"),
            _ => false,
        }
    }

    /// Answers of `curl` and `wget` may hold anything; where one begins, it looks like it.
    fn body(&self, trimmed: &str, above: Option<&str>, first: bool) -> i32 {
        if self.program == "curl" && keeps(&self.command) {
            return FOREIGN;
        }
        let opens = trimmed.starts_with(['{', '[', '<']);
        let below_head = above.is_some_and(|above| is_header(above) || above.starts_with("< "));
        match (self.program.as_str(), opens) {
            ("curl" | "wget", true) if first => 1,
            ("curl", _) if below_head => 2,
            _ => 0,
        }
    }

    /// Whether `echo` prints this: its words with anything in the place of variables and of what other commands put in.
    fn echoes(&self, text: &str) -> bool {
        let mut words =
            self.command.words().skip_while(|word| *word != "echo").skip(1).filter(|word| *word != "-n").peekable();
        if words.peek().is_none() {
            return false;
        }
        let said = words.collect::<Vec<_>>().join(" ");
        let mut rest = text;
        let mut parts = said.split('$');
        let Some(after) = rest.strip_prefix(parts.next().unwrap_or_default().trim_start()) else { return false };
        rest = after;
        for part in parts {
            let literal = part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_?{}()+".contains(c)).trim();
            if part.starts_with('(') {
                return true;
            }
            let Some((_, after)) = (if literal.is_empty() { Some(("", "")) } else { rest.split_once(literal) }) else {
                return false;
            };
            rest = after;
        }
        rest.trim().is_empty()
    }
}

/// The program that a command runs, behind what only changes how it runs.
fn program<'a>(words: &[&'a str]) -> &'a str {
    let mut words = words.iter().copied().skip_while(|word| matches!(*word, "for" | "while" | "until"));
    // In a loop that was left whole, the first program of its body.
    let all: Vec<&str> = words.by_ref().collect();
    let start = all.iter().position(|word| *word == "do").map_or(0, |at| at + 1);
    let passed = |word: &str| {
        matches!(word, "sudo" | "time" | "timeout" | "env" | "exec" | "command" | "nice" | "watch" | "do" | "then")
            || (word.contains('=') && !word.starts_with('-'))
            || word.starts_with('-')
            || word.parse::<f64>().is_ok()
    };
    let first = all.iter().skip(start).find(|word| !passed(word)).copied().unwrap_or_default();
    first.rsplit('/').next().unwrap_or(first)
}

fn writes(command: &CommandLine) -> bool {
    command.option("-w", "--write-out").is_some()
}

/// Whether the answer's body goes elsewhere.
fn keeps(command: &CommandLine) -> bool {
    command.option("-o", "--output").is_some() || command.flag('O', "--remote-name") || command.flag('I', "--head")
}

fn heads(command: &CommandLine) -> bool {
    let dumps = command.option("-D", "--dump-header").is_some_and(|file| matches!(file, "-" | "/dev/stdout"));
    dumps || command.flag('i', "--include") || command.flag('I', "--head")
}

/// How many lines a command can print, where its last part says so.
fn limit(command: &CommandLine, statement: &str, program: &str, last: &[&str]) -> (Counted, usize) {
    let filter = last.first().copied().unwrap_or_default();
    let number = || {
        last.iter().enumerate().find_map(|(at, word)| {
            let digits = word.strip_prefix("-n").or_else(|| word.strip_prefix('-'))?;
            let digits = if digits.is_empty() { last.get(at + 1).copied()? } else { digits };
            digits.parse::<usize>().ok()
        })
    };
    let counted = |most: usize| if most <= COUNTED_LINES { (Counted::Every, most) } else { (Counted::None, 0) };
    match filter {
        "head" | "tail" => return counted(number().unwrap_or(10)),
        "wc" => return counted(1),
        "grep" | "egrep" if last.contains(&"-c") => return counted(1),
        "grep" | "egrep" if program == "ping" && is_summary(last) => return counted(1),
        _ => {}
    }
    match program {
        "echo" | "date" | "hostname" | "uptime" | "pg_isready" | "ulimit" | "whoami" => counted(1),
        "redis-cli" if last.last() == Some(&"ping") => counted(1),
        "curl" if writes(command) && !heads(command) && !command.flag('v', "--verbose") => {
            let format = command.option("-w", "--write-out").unwrap_or_default();
            let written = format.matches("\\n").count();
            let looped = statement.trim_start().starts_with("for ");
            let rounds = statement
                .split_once(" in ")
                .filter(|_| looped)
                .and_then(|(_, rest)| chain::listed(rest.split(';').next()?).map(|values| values.len()));
            let rows = if looped { rounds } else { Some(1) };
            match rows {
                Some(rows) if written == 1 && format.ends_with("\\n") && rows <= COUNTED_LINES => (Counted::Rows, rows),
                _ => (Counted::None, 0),
            }
        }
        _ => (Counted::None, 0),
    }
}

/// Whether a filter lets through the line in which `ping` sums up, or what it says where there is none.
fn is_summary(filter: &[&str]) -> bool {
    let plain =
        |word: &&str| !word.contains('|') && ["loss", "transmitted", "received"].iter().any(|mark| word.contains(mark));
    filter.iter().skip(1).any(plain)
}

/// Whether a name stands in a line as a whole: `10.0.0.1` is no part of `10.0.0.12`.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let after = text.get(at + name.len()..).unwrap_or_default();
        let dotted = after.strip_prefix('.').is_some_and(|rest| part(rest.chars().next()));
        let before = text.get(..at).and_then(|before| before.chars().last());
        // A name below another is another name.
        !part(before) && before != Some('.') && !part(after.chars().next()) && !dotted
    })
}
