//! The labeled cases, scored by the terminal program itself: the numbers may only get better.

use std::path::Path;
use std::process::Command;

/// What `hopwise evaluate` says of one folder, without the table of cases.
fn summary(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let output = Command::new(env!("CARGO_BIN_EXE_hopwise")).arg("evaluate").arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_once("\nall ").map(|(_, rest)| format!("all {rest}")).unwrap()
}

/// The two numbers of `A/B` after some words.
fn ratio(summary: &str, words: &str) -> (u32, u32) {
    let rest = summary.split_once(words).unwrap_or_else(|| panic!("no \"{words}\" in {summary}")).1;
    let fraction = rest.split([',', '\n', ' ']).next().unwrap();
    let (a, b) = fraction.split_once('/').unwrap();
    (a.parse().unwrap(), b.parse().unwrap())
}

#[test]
fn every_development_case_puts_the_culprit_first_and_clears_nothing_falsely() {
    let told = summary("development");
    assert_eq!(ratio(&told, "first "), (31, 31), "{told}");
    assert_eq!(ratio(&told, "no fault and said so "), (3, 3), "{told}");
    assert!(told.contains("falsely cleared 0,"), "{told}");
}

#[test]
fn the_cases_recorded_blind_do_not_get_worse() {
    let told = summary("blind");
    let (first, faults) = ratio(&told, "first ");
    let (three, _) = ratio(&told, "among the first three ");
    assert!(faults == 73 && first >= 73 && three >= 73, "{told}");
    assert_eq!(ratio(&told, "no fault and said so "), (6, 6), "{told}");
    assert!(told.contains("falsely cleared 0,"), "{told}");
}

#[test]
fn the_fresh_cases_do_not_get_worse() {
    for (folder, all, healthy, at_least, cleared) in [("fresh", 37, 3, 36, 0), ("later", 17, 2, 17, 0)] {
        let told = summary(folder);
        let (first, faults) = ratio(&told, "first ");
        assert!(faults == all && first >= at_least, "{told}");
        assert_eq!(ratio(&told, "no fault and said so "), (healthy, healthy), "{told}");
        let (_, rest) = told.split_once("falsely cleared ").unwrap();
        assert!(rest.split(',').next().unwrap().parse::<u32>().unwrap() <= cleared, "{told}");
    }
}

#[test]
fn the_cases_recorded_for_the_exam_do_not_get_worse() {
    let told = summary("exam");
    let (first, _) = ratio(&told, "first ");
    let (three, _) = ratio(&told, "among the first three ");
    let (healthy, _) = ratio(&told, "no fault and said so ");
    assert!(first >= 62 && three >= 63 && healthy >= 5, "{told}");
    assert!(told.contains("falsely cleared 0,"), "{told}");
}

#[test]
fn the_cases_nobody_had_seen_do_not_get_worse() {
    for (folder, first, three, healthy) in [
        ("unseen", 25, 25, 5),
        ("unseen-kept", 9, 9, 4),
        ("rare", 12, 14, 6),
        ("rare-kept", 4, 6, 0),
        ("typical", 23, 23, 3),
        ("typical-kept", 2, 2, 1),
        ("everyday", 26, 28, 5),
        ("everyday-kept", 7, 8, 1),
        ("tangled", 10, 13, 2),
        ("workplace", 20, 20, 5),
        ("workplace-kept", 4, 6, 1),
        ("duty", 17, 17, 3),
        ("duty-kept", 8, 8, 2),
        ("standby", 25, 26, 4),
        ("standby-kept", 8, 8, 1),
        ("watch", 15, 15, 3),
        ("watch-kept", 5, 5, 1),
        ("shift", 19, 19, 2),
        ("shift-kept", 3, 3, 0),
        ("rota", 19, 19, 1),
        ("rota-kept", 4, 5, 1),
        ("turn", 16, 16, 2),
        ("turn-kept", 4, 5, 1),
        ("relief", 16, 16, 2),
        ("relief-kept", 4, 5, 0),
        ("night", 16, 16, 2),
        ("night-kept", 5, 5, 0),
        ("dawn", 6, 6, 2),
        ("dawn-kept", 4, 4, 0),
        ("noon", 13, 15, 2),
        ("noon-kept", 6, 6, 0),
        ("dusk", 7, 7, 2),
        ("dusk-kept", 2, 3, 0),
        ("eve", 7, 8, 1),
        ("eve-kept", 2, 2, 0),
        ("morn", 8, 8, 1),
        ("morn-kept", 2, 3, 0),
        ("field", 19, 19, 1),
        ("field-kept", 3, 3, 1),
        ("yard", 16, 17, 3),
        ("yard-kept", 4, 4, 0),
        ("crew", 10, 10, 1),
        ("crew-kept", 2, 2, 1),
        ("lane", 10, 10, 1),
        ("lane-kept", 3, 3, 0),
        ("mill", 9, 9, 2),
        ("mill-kept", 3, 3, 0),
        ("dock", 9, 9, 1),
        ("dock-kept", 3, 3, 0),
        ("reef", 9, 9, 1),
        ("reef-kept", 2, 2, 1),
        ("glen", 8, 8, 2),
        ("glen-kept", 3, 3, 0),
        ("pier", 9, 9, 1),
        ("pier-kept", 3, 3, 0),
        ("cove", 9, 9, 1),
        ("cove-kept", 2, 2, 1),
        ("moor", 9, 9, 1),
        ("moor-kept", 3, 3, 0),
        ("fell", 9, 9, 1),
        ("fell-kept", 3, 3, 0),
        ("tarn", 8, 8, 1),
        ("tarn-kept", 3, 3, 0),
    ] {
        let told = summary(folder);
        assert!(ratio(&told, "first ").0 >= first && ratio(&told, "among the first three ").0 >= three, "{told}");
        assert!(ratio(&told, "no fault and said so ").0 >= healthy, "{told}");
        assert!(told.contains("falsely cleared 0,"), "{told}");
    }
}
