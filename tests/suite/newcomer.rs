//! The guide for newcomers, followed to the letter: every file it says to write is written, every command it shows is run, and
//! what it says they print is what they print.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What the guide says to do, in its order.
enum Step<'a> {
    Write { file: &'a str, text: String },
    Run { command: &'a str, prints: String },
}

/// The steps in a guide: `json` blocks go to the file last named in backticks before them, `console` blocks are run.
fn steps(guide: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let (mut file, mut lines) = (None, guide.lines());
    while let Some(line) = lines.next() {
        file = line
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| word.ends_with(".json") && word.contains('/'))
            .last()
            .or(file);
        let block = |lines: &mut std::str::Lines<'_>| -> String {
            lines.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()
        };
        match line {
            "```json" => steps.push(Step::Write { file: file.unwrap(), text: block(&mut lines) }),
            "```console" => {
                for line in lines.by_ref().take_while(|line| *line != "```") {
                    match (line.strip_prefix("$ "), steps.last_mut()) {
                        (Some(command), _) => steps.push(Step::Run { command, prints: String::new() }),
                        (None, Some(Step::Run { prints, .. })) => *prints += &format!("{line}\n"),
                        (None, _) => panic!("output before any command: {line}"),
                    }
                }
            }
            _ => {}
        }
    }
    steps
}

#[test]
fn the_guide_in_runbooks_works_exactly_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("runbooks/README.md")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_hopwise"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let place = std::env::temp_dir().join(format!("hopwise-newcomer-{}", std::process::id()));
    let steps = steps(&guide);
    assert!(steps.iter().filter(|step| matches!(step, Step::Run { .. })).count() >= 3);
    for step in steps {
        match step {
            Step::Write { file, text } => {
                let file = place.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            Step::Run { command, prints } => {
                let output =
                    Command::new("sh").args(["-c", command]).current_dir(&place).env("PATH", &path).output().unwrap();
                let told =
                    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                assert_eq!(told, prints, "{command}");
            }
        }
    }
    fs::remove_dir_all(place).unwrap();
}
