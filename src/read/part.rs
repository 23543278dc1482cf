//! The consecutive output of one command line, as the readers are shown it.

use std::cell::OnceCell;

use super::CommandLine;
use super::log_line::LogLine;
use crate::clean::Line;

/// Consecutive output of one command line.
pub(super) struct Part {
    pub command: Option<CommandLine>,
    pub lines: Vec<Line>,
    /// Where in each line the program's own message begins.
    messages: OnceCell<Vec<usize>>,
}

impl Part {
    pub fn new(command: Option<CommandLine>, lines: Vec<Line>) -> Part {
        Part { command, lines, messages: OnceCell::new() }
    }

    /// Whether the command line runs this program.
    pub fn runs(&self, program: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.runs(program))
    }

    pub fn any(&self, test: impl Fn(&str) -> bool) -> bool {
        self.lines.iter().any(|line| test(&line.text))
    }

    /// The same of what stands behind the prefix of syslog and its kin, which is looked for once and not by every reader.
    pub fn any_message(&self, test: impl Fn(&str) -> bool) -> bool {
        let begin = |line: &Line| line.text.len() - LogLine::parse(&line.text).message.len();
        let begins = self.messages.get_or_init(|| self.lines.iter().map(begin).collect());
        self.lines.iter().zip(begins).any(|(line, begin)| test(line.text.get(*begin..).unwrap_or_default()))
    }
}
