//! Scores the blame walk on the public PetShop benchmark (Hardt et al., CLeaR 2024, CC-BY-4.0): a shop of about 42 services, faults put into
//! it on purpose, and the question which service is at fault.
//!
//! ```text
//! $ cargo run --release --example petshop -- FOLDER
//! traffic  symptom       issues  two snapshots  with history  traversal  Circa  …
//! low      latency            4      1.00/1.00     1.00/1.00    .57/.57  …
//! all 20: top-1 20/20, top-3 20/20
//! ```
//!
//! FOLDER holds one folder for each scenario, with `graph.csv` and `train/issue_*` or `test/issue_*`. `--steps` tells every walk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hopwise::blame::Change;
use hopwise::sketch::{Element, Sketch};

mod harder;
mod injected;
mod recording;
mod score;

use harder::Dice;
use recording::{Benchmark, Issue, Recording, folders, open_all};
use score::{History, Score, answer, changes, history, rank, word};

/// Top-1/top-3 on all 68 issues, from the paper: traversal, Circa, counterfactual, RCD, correlation, the best of all.
const PUBLISHED: [(&str, &str, [&str; 6]); 6] = [
    ("low", "latency", [".57/.57", ".36/.86", ".36/.71", ".07/.21", ".43/.57", ".57/.86"]),
    ("low", "availability", [".50/1.0", ".42/1.0", "0/.42", ".58/.75", ".75/.92", ".75/1.0"]),
    ("high", "latency", [".57/.79", ".50/1.0", ".57/.86", "0/.07", ".64/.79", ".64/1.0"]),
    ("high", "availability", [".33/1.0", "0/0", "0/0", "0/0", ".83/.92", ".83/1.0"]),
    ("temporal", "latency", ["1.0/1.0", ".75/1.0", ".38/.50", ".25/.75", ".62/.75", "1.0/1.0"]),
    ("temporal", "availability", [".38/1.0", ".38/1.0", "0/.25", ".50/.12", ".62/.75", ".62/1.0"]),
];

/// How often edges are forgotten anew.
const DRAWS: u64 = 20;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("Name the benchmark's folder: cargo run --release --example petshop -- FOLDER");
        return ExitCode::FAILURE;
    };
    match score_all(&folder, arguments.next().is_some_and(|word| word == "--steps")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn score_all(folder: &Path, tell: bool) -> std::io::Result<()> {
    let Benchmark { issues, missing } = open_all(folder)?;
    missing.iter().for_each(|sentence| eprintln!("{sentence}"));
    let quiet = quiet(folder)?;
    let known = quiet.first().map(|(_, quiet)| history(quiet)).unwrap_or_default();
    if tell {
        issues.iter().for_each(steps);
    }
    table(&issues, &known);
    robustness(&issues);
    injected::table(&injected::quiet(&issues, &quiet));
    misses(&issues);
    let all = two_snapshots(&issues, |_| true);
    println!("all {of}: top-1 {}/{of}, top-3 {}/{of}", all.first, all.third, of = all.of);
    Ok(())
}

/// The recordings of quiet days, of every scenario that has one.
fn quiet(folder: &Path) -> std::io::Result<Vec<(Sketch, Recording)>> {
    let mut quiet = Vec::new();
    for scenario in folders(folder)? {
        let path = scenario.join("noissue").join("metrics.csv");
        if path.exists()
            && let (Ok(sketch), Ok(recording)) =
                (recording::open_graph(&scenario.join("graph.csv")), Recording::open(&path))
        {
            quiet.push((sketch, recording));
        }
    }
    Ok(quiet)
}

fn two_snapshots(issues: &[Issue], which: impl Fn(&Issue) -> bool) -> Score {
    scored(issues.iter().filter(|issue| which(issue)), |issue| changes(issue, &History::new()))
}

fn scored<'a>(issues: impl Iterator<Item = &'a Issue>, changes: impl Fn(&Issue) -> BTreeMap<Element, Change>) -> Score {
    let mut score = Score::default();
    for issue in issues {
        score.add(rank(issue, answer(issue, &changes(issue)).as_ref()));
    }
    score
}

fn table(issues: &[Issue], known: &History) {
    println!("top-1/top-3 here, on {} issues; the published figures on all 68", issues.len());
    println!(
        "{:9} {:13} {:>6} {:>14} {:>13} {:>10} {:>8} {:>14} {:>8} {:>11} {:>8}",
        "traffic",
        "symptom",
        "issues",
        "two snapshots",
        "with history",
        "traversal",
        "Circa",
        "counterfactual",
        "RCD",
        "correlation",
        "best"
    );
    for (traffic, symptom, published) in PUBLISHED {
        let here = |issue: &&Issue| issue.scenario.starts_with(traffic) && word(issue.symptom) == symptom;
        let two = two_snapshots(issues, |issue| here(&issue));
        let with = scored(issues.iter().filter(here), |issue| changes(issue, known));
        let [traversal, circa, counterfactual, rcd, correlation, best] = published;
        println!(
            "{traffic:9} {symptom:13} {:>6} {:>14} {:>13} {traversal:>10} {circa:>8} {counterfactual:>14} {rcd:>8} {correlation:>11} {best:>8}",
            two.of,
            two.shares(),
            with.shares()
        );
    }
}

fn robustness(issues: &[Issue]) {
    println!("\nharder, two snapshots");
    for part in [0.05, 0.10, 0.20] {
        let mut score = Score::default();
        for draw in 0..DRAWS {
            let mut dice = Dice::new(draw + 1);
            for issue in issues {
                let issue = harder::forget_edges(issue, part, &mut dice);
                score.add(rank(&issue, answer(&issue, &changes(&issue, &History::new())).as_ref()));
            }
        }
        println!("{:3.0} % of the edges forgotten   {}", part * 100.0, score.shares());
    }
    let plain = |issue: &Issue| changes(issue, &History::new());
    let drawn: Vec<Issue> = issues.iter().map(harder::hand_sketch).collect();
    let rows = [
        ("values rounded, no percentiles", scored(issues.iter(), |issue| harder::round(&plain(issue)))),
        ("means only, no percentiles", scored(issues.iter(), |issue| harder::means_only(&plain(issue)))),
        ("requests not counted", scored(issues.iter(), |issue| harder::uncounted(&plain(issue)))),
        ("13 boxes drawn by hand", scored(drawn.iter(), plain)),
    ];
    for (what, score) in rows {
        println!("{what:30} {}", score.shares());
    }
}

/// Tells every issue whose cause did not come first.
fn misses(issues: &[Issue]) {
    println!();
    for issue in issues {
        let answer = answer(issue, &changes(issue, &History::new()));
        let place = rank(issue, answer.as_ref());
        if place > 1 {
            let first = answer.and_then(|answer| answer.ranking.first().copied());
            let first = first.map(|share| issue.sketch.element_id(share.element)).unwrap_or_default();
            println!("missed {}: {} is at place {place}, first is {first}", issue.name, issue.truth);
        }
    }
}

fn steps(issue: &Issue) {
    println!("{} ({})", issue.name, word(issue.symptom));
    if let Some(answer) = answer(issue, &changes(issue, &History::new())) {
        for step in answer.steps.iter().chain(&answer.questions) {
            println!("  {step}");
        }
        for share in answer.ranking.iter().take(4) {
            println!("  {:3.0} % {}", share.share * 100.0, issue.sketch.element_id(share.element));
        }
    }
    println!();
}
