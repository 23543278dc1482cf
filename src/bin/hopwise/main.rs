//! The terminal program: the engine without the page. `hopwise help` lists its commands, one file each beside this one.
#![cfg_attr(target_arch = "wasm32", no_main)]
// The page is the only thing built for the browser; there this program is empty.
#![cfg(not(target_arch = "wasm32"))]

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

mod case_file;
mod diagnose;
mod evaluate;
mod input;
mod link;
mod lint;
mod note;
mod open;
mod read;
mod test;
mod redact;
mod runbook_files;

/// One command of the program.
struct Command {
    name: &'static str,
    /// What follows the name.
    takes: &'static str,
    does: &'static str,
    run: fn(lexopt::Parser) -> Result<ExitCode, Refusal>,
}

/// Every command, one line each, in the order in which help lists them.
const COMMANDS: &[Command] = &[
    Command {
        name: "diagnose",
        takes: "CASE.json [--json] [--runbooks FILE|FOLDER]",
        does: "Tell which hop is failing, why, and what to run next",
        run: diagnose::run,
    },
    Command {
        name: "read",
        takes: "FILE [--json] [--as KIND] [--command LINE]",
        does: "Show what is read in a text",
        run: read::run,
    },
    Command {
        name: "test",
        takes: "[FILE|FOLDER ...]",
        does: "Run the tests inside the shipped runbooks, or inside those named",
        run: test::run,
    },
    Command {
        name: "lint",
        takes: "[FILE|FOLDER ...]",
        does: "Tell what is to be mended in the shipped runbooks, or in those named",
        run: lint::run,
    },
    Command {
        name: "evaluate",
        takes: "FOLDER [--runbooks FILE|FOLDER]",
        does: "Diagnose every labeled case below a folder and count how often the answer is right",
        run: evaluate::run,
    },
    Command {
        name: "redact",
        takes: "FILE [--pseudonyms]",
        does: "Show what is kept of a text when it is stored or shared",
        run: redact::run,
    },
    Command {
        name: "link",
        takes: "CASE.json",
        does: "Print the fragment of a link that carries the drawing and the facts",
        run: link::run,
    },
    Command {
        name: "note",
        takes: "CASE.json [--as markdown|chat|svg] [--team NAME] [--pseudonyms]",
        does: "Write the case down for people without Hopwise",
        run: note::run,
    },
    Command { name: "open", takes: "FRAGMENT", does: "Print the case that a link carries", run: open::run },
];

/// Status of a command that was called wrongly or given something it cannot use.
const UNUSABLE: u8 = 2;

/// Why a command cannot do what was asked: one sentence for the person who asked.
struct Refusal(String);

impl From<lexopt::Error> for Refusal {
    fn from(error: lexopt::Error) -> Self {
        Refusal(format!("{error}; `hopwise help` lists what can be asked"))
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(Refusal(sentence)) => {
            eprintln!("hopwise: {sentence}");
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run() -> Result<ExitCode, Refusal> {
    let mut words = std::env::args_os().skip(1);
    let Some(name) = words.next() else {
        return Err(Refusal(format!("no command given; the commands are {}", names())));
    };
    let name = name.to_string_lossy().into_owned();
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        return print(&help());
    }
    if matches!(name.as_str(), "--version" | "-V") {
        return print(concat!("hopwise ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(lexopt::Parser::from_args(words.collect::<Vec<OsString>>())),
        None => Err(Refusal(format!("there is no command `{name}`; the commands are {}", names()))),
    }
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> Result<ExitCode, Refusal> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Refusal(format!("the answer cannot be written: {error}")))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn help() -> String {
    let mut text = String::from("Tells which hop of a request is failing, from what you pasted.\n\n");
    for command in COMMANDS {
        text.push_str(&format!("  hopwise {} {}\n      {}.\n", command.name, command.takes, command.does));
    }
    text.push_str("\nFILE may be - for standard input. Input that cannot be used ends with status 2.\n");
    text
}

fn names() -> String {
    COMMANDS.iter().map(|command| format!("`{}`", command.name)).collect::<Vec<_>>().join(", ")
}
