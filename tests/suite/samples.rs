//! Reads every recorded text of `tests/samples/<kind>/` and compares with the facts kept beside it; then the laws of reading.
//!
//! `BLESS=1 cargo test` rewrites the facts: the difference is the review.

use std::fs;
use std::path::{Path, PathBuf};

use hopwise::evidence::Lines;
use hopwise::fact::Claim;
use hopwise::read::{Reading, UNKNOWN, kinds, read};

/// A text with more places than this is cut at so many of them, spread evenly; `CUT=all` cuts everywhere and takes minutes.
const CUTS: usize = 12;

struct Sample {
    path: PathBuf,
    /// The folder's name.
    kind: String,
    text: String,
}

impl Sample {
    fn name(&self) -> String {
        format!("{}/{}", self.kind, self.path.file_stem().unwrap().to_string_lossy())
    }

    /// The command line of the prompt that most samples begin with, and what stands below it.
    fn prompted(&self) -> Option<(&str, &str)> {
        self.text.strip_prefix("$ ")?.split_once('\n')
    }
}

fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut samples = Vec::new();
    for folder in sorted(&root) {
        for path in sorted(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "txt")) {
            let kind = folder.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            samples.push(Sample { path, kind, text });
        }
    }
    assert!(!samples.is_empty(), "there are samples to read");
    samples
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Lines and claims, moved by so many lines: what must stay the same when a text is only dressed differently.
fn moved(reading: &Reading, by: i64) -> Vec<(Lines, Claim)> {
    let shift = |number: u32| u32::try_from(i64::from(number) + by).unwrap();
    reading
        .facts()
        .map(|fact| (Lines::new(shift(fact.lines.first), shift(fact.lines.last)), fact.claim.clone()))
        .collect()
}

/// Reports every sample for which a law does not hold.
fn check(law: impl Fn(&Sample) -> Result<(), String>) {
    let broken: Vec<String> = samples()
        .iter()
        .filter_map(|sample| law(sample).err().map(|reason| format!("-- {}\n{reason}", sample.name())))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn same(expected: Vec<(Lines, Claim)>, seen: Vec<(Lines, Claim)>) -> Result<(), String> {
    let told = |facts: Vec<(Lines, Claim)>| -> String {
        facts.iter().map(|(lines, claim)| format!("  {lines}: {claim} {claim:?}\n")).collect()
    };
    if expected == seen { Ok(()) } else { Err(format!("expected\n{}seen\n{}", told(expected), told(seen))) }
}

#[test]
fn every_sample_is_read_as_written_beside_it() {
    check(|sample| {
        let told = read(&sample.text, None, None).to_string();
        let facts = sample.path.with_extension("facts");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&facts, &told).unwrap();
        }
        let expected = fs::read_to_string(&facts).unwrap_or_default();
        if told == expected { Ok(()) } else { Err(format!("expected\n{expected}told\n{told}")) }
    });
}

#[test]
fn a_block_that_tells_nothing_says_that_its_lines_are_not_understood() {
    check(|sample| {
        let reading = read(&sample.text, None, None);
        let silent = reading.blocks.iter().find(|block| block.facts.is_empty() && block.unread.is_empty());
        silent.map_or(Ok(()), |block| Err(format!("{} says nothing at all", block.lines.spoken())))
    });
}

#[test]
fn every_sample_is_read_as_what_its_folder_says() {
    check(|sample| {
        let reading = read(&sample.text, None, None);
        let kinds: Vec<&str> =
            reading.blocks.iter().map(|block| block.kind.as_str()).filter(|kind| *kind != UNKNOWN).collect();
        match kinds.first() {
            Some(kind) if *kind == sample.kind => Ok(()),
            _ => Err(format!("read as {kinds:?}")),
        }
    });
}

#[test]
fn every_sample_has_its_facts_inside_its_text() {
    check(|sample| {
        let last = u32::try_from(sample.text.lines().count()).unwrap();
        let outside = |lines: &Lines| lines.first < 1 || lines.last > last;
        let reading = read(&sample.text, None, None);
        let facts = reading.facts().map(|fact| fact.lines).chain(reading.unread());
        match facts.chain(reading.blocks.iter().map(|block| block.lines)).find(outside) {
            Some(lines) => Err(format!("{lines} of {last}")),
            None => Ok(()),
        }
    });
}

#[test]
fn the_line_ends_of_windows_change_nothing() {
    check(|sample| {
        let plain = read(&sample.text, None, None);
        same(moved(&plain, 0), moved(&read(&sample.text.replace('\n', "\r\n"), None, None), 0))
    });
}

#[test]
fn colors_change_nothing() {
    check(|sample| {
        let plain = read(&sample.text, None, None);
        let colored: Vec<String> =
            sample.text.lines().map(|line| format!("\u{1b}[1;32m{line}\u{1b}[0m\u{1b}[K")).collect();
        same(moved(&plain, 0), moved(&read(&colored.join("\n"), None, None), 0))
    });
}

#[test]
fn quoted_mail_and_code_fences_change_nothing() {
    check(|sample| {
        let plain = read(&sample.text, None, None);
        same(moved(&plain, 1), moved(&read(&format!("```\n{}\n```\n", sample.text), None, None), 0))?;
        // Only a text with a prompt can be told from one whose own lines begin with ">".
        if sample.prompted().is_none() {
            return Ok(());
        }
        let quoted: Vec<String> = sample.text.lines().map(|line| format!("> {line}")).collect();
        same(moved(&plain, 0), moved(&read(&quoted.join("\n"), None, None), 0))
    });
}

#[test]
fn any_prompt_may_stand_above_and_the_command_may_be_given_instead() {
    check(|sample| {
        let plain = read(&sample.text, None, None);
        let Some((command, output)) = sample.prompted() else {
            let prompted = format!("ana@laptop:~$ {}\n{}", sample.kind, sample.text);
            return same(moved(&plain, 1), moved(&read(&prompted, None, None), 0));
        };
        let elsewhere = format!("[root@web-7 ~]# {command}\n{output}");
        same(moved(&plain, 0), moved(&read(&elsewhere, None, None), 0))?;
        // With several prompts in one text, the command given beside it is only the first one's.
        same(moved(&plain, -1), moved(&read(output, Some(command), None), 0))
    });
}

#[test]
fn the_progress_meter_of_curl_changes_nothing() {
    const METER: &str = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
    check(|sample| {
        if sample.kind != "curl" || !sample.text.contains("\n* ") {
            return Ok(());
        }
        let plain = read(&sample.text, None, None);
        let metered: Vec<String> = sample
            .text
            .lines()
            .map(|line| if line.starts_with("* ") { format!("{METER}{line}") } else { line.to_owned() })
            .collect();
        same(moved(&plain, 0), moved(&read(&metered.join("\n"), None, None), 0))
    });
}

#[test]
fn no_cut_makes_a_reader_panic_or_see_lines_that_are_not_there() {
    check(|sample| {
        let boundaries: Vec<usize> = sample.text.char_indices().map(|(at, _)| at).collect();
        let everywhere = std::env::var("CUT").is_ok_and(|cut| cut == "all");
        let step = if everywhere { 1 } else { boundaries.len() / CUTS + 1 };
        for at in boundaries.into_iter().step_by(step) {
            let (above, below) = sample.text.split_at(at);
            for part in [above, below] {
                let count = u32::try_from(part.split('\n').count()).unwrap();
                if let Some(fact) = read(part, None, None).facts().find(|fact| fact.lines.last > count) {
                    return Err(format!("cut at byte {at}: {} of {count}", fact.lines));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn no_fact_is_taken_from_prose_settings_or_sources() {
    let texts = sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/silent"));
    let texts: Vec<_> = texts.into_iter().filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    assert!(texts.len() >= 40, "{} texts", texts.len());
    for path in texts {
        let reading = read(&fs::read_to_string(&path).unwrap(), None, None);
        let facts: Vec<String> = reading.facts().map(|fact| format!("{}: {}", fact.lines, fact.claim)).collect();
        assert!(facts.is_empty(), "{}: {facts:?}", path.display());
    }
}

/// What an incident is mostly read from.
const MAIN: [&str; 7] = ["curl", "dig", "ping", "traceroute", "openssl", "ss", "kubectl"];

/// Kinds whose program runs on no machine of ours, with what their tests read instead.
const NOT_RECORDED: [(&str, &str); 13] = [
    ("note", "no program prints it: it is what a person writes; the stories hold it"),
    ("counts", "no program prints it: it is what a person writes; the stories hold it"),
    ("pool", "a table that each team prints in its own way; the stories hold it"),
    ("metrics", "a table that each monitoring exports in its own way; examples/petshop holds it"),
    ("statements", "a log of statements in a team's own format"),
    ("fleetctl", "needs a fleet of CoreOS, which is no more; story 003 holds what it printed"),
    ("envoy", "no package registry has its program"),
    ("az", "needs an account at Azure"),
    ("gcloud", "needs an account at Google"),
    ("Resolve-DnsName", "needs Windows"),
    ("Test-NetConnection", "needs Windows"),
    ("Test-Connection", "needs PowerShell"),
    ("ipconfig", "needs Windows"),
];

#[test]
fn every_reader_has_its_samples() {
    let all = samples();
    let count = |kind: &str| all.iter().filter(|sample| sample.kind == kind).count();
    let excused = |kind: &str| NOT_RECORDED.iter().any(|(known, _)| *known == kind);
    let few: Vec<String> = kinds()
        .into_iter()
        .map(|kind| (kind, count(kind), if MAIN.contains(&kind) { 8 } else { 3 }))
        .filter(|(kind, count, least)| if excused(kind) { count >= least } else { count < least })
        .map(|(kind, count, least)| format!("{kind}: {count} samples, at least {least}"))
        .collect();
    assert!(few.is_empty(), "{few:#?}");
}

#[test]
fn nothing_is_read_from_nothing() {
    for text in ["", "\n\n", "   ", "```\n```"] {
        assert_eq!(read(text, None, None).facts().count(), 0, "{text:?}");
    }
}
