//! Planted secrets in every disguise, innocent values, and the proof that no rule is idle.

#![allow(clippy::string_slice, reason = "a wrong index shows as a failed test")]

use super::*;

const PLANTED: &str = include_str!("../../tests/redaction/planted.txt");
const PASTED: &str = include_str!("../../tests/redaction/pasted.txt");
const INNOCENT: &str = include_str!("../../tests/redaction/innocent.txt");
const FOURTH: &str = include_str!("../../tests/redaction/fourth.txt");
const INNOCENT_FOURTH: &str = include_str!("../../tests/redaction/innocent-fourth.txt");
const SALT: Salt = Salt(*b"sixteen bytes ok");

/// A text with secrets in it.
struct Plant {
    kind: &'static str,
    /// Whether half of the secret still has to be recognized.
    can_be_cut: bool,
    text: String,
    secrets: Vec<String>,
}

fn rows(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn planted() -> Vec<Plant> {
    let plants = rows(PLANTED)
        .map(|row| (row, true))
        .chain(rows(PASTED).chain(rows(FOURTH)).map(|row| (row, false)))
        .map(|(row, can_be_cut)| {
            let (kind, marked) = row.split_once(" | ").unwrap();
            let marked = marked.replace('·', "").replace('⏎', "\n");
            let secrets = marked.split('«').skip(1).map(|part| part.split_once('»').unwrap().0.to_owned()).collect();
            Plant { kind, can_be_cut, text: marked.replace(['«', '»'], ""), secrets }
        });
    plants.collect()
}

/// The first piece of a secret that a text still shows: any six characters in a row of any line of it.
fn survivor(text: &str, secret: &str) -> Option<String> {
    let shown: String = without_marks(text);
    secret.lines().map(str::trim).find_map(|line| {
        let chars: Vec<char> = line.chars().collect();
        let width = chars.len().min(6);
        let mut pieces = chars.windows(width.max(1)).map(|window| window.iter().collect::<String>());
        pieces.find(|piece| piece.chars().count() >= 4 && shown.contains(piece.as_str()))
    })
}

/// A mark itself may say "password".
fn without_marks(text: &str) -> String {
    let mut parts = text.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('\u{1}');
        out.push_str(part.split_once('>').map_or("", |(_, after)| after));
    }
    out
}

/// Every disguise of a text, by name.
fn disguises(plant: &Plant) -> Vec<(&'static str, String)> {
    let text = &plant.text;
    let mut all = vec![
        ("as it is", text.clone()),
        ("CRLF", text.replace('\n', "\r\n") + "\r\n"),
        ("color", text.split('\n').map(colored).collect::<Vec<_>>().join("\n")),
        ("among other lines", format!("$ date\nSat Nov 21 01:52:07 UTC 2026\n\n{text}\n\n* Closing connection 0\n")),
        ("byte order mark", format!("\u{feff}{text}")),
        (
            "invisible characters",
            text.replace("tok", "t\u{200b}ok")
                .replace("ass", "a\u{202e}ss")
                .replace("uth", "u\u{ad}\u{2060}th")
                .replace('\u{ad}', ""),
        ),
        ("twice", format!("{text}\n\n{text}")),
    ];
    if !matches!(plant.kind, "pem" | "dump" | "head" | "http2" | "header" | "cookie" | "curl")
        && !text.starts_with("$ ")
        && !plant.secrets.iter().any(|secret| secret.contains(' '))
        && !text.contains('\n')
    {
        all.push((
            "timestamped",
            text.split('\n').map(|line| format!("2026-11-21T01:52:07Z app[1]: {line}")).collect::<Vec<_>>().join("\n"),
        ));
    }
    if matches!(plant.kind, "header" | "cookie" | "http2") {
        let name_end = text[1..].find(':').unwrap() + 1;
        let (name, value) =
            text.split_at(if plant.kind == "http2" { text[1..].rfind(": ").unwrap() + 1 } else { name_end });
        let h2 = if plant.kind == "http2" { name.to_owned() } else { format!("* [HTTP/2] [1] [{}", &name[2..]) };
        if plant.kind != "http2" {
            all.push(("upper case", name.to_uppercase() + value));
            all.push((
                "mixed case",
                name.char_indices()
                    .map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                    .collect::<String>()
                    + value,
            ));
            all.push(("HTTP/2", format!("{h2}{value}]")));
            all.push(("HTTP/2 of older curls", format!("* h2h3 [{}{value}]", &name[2..])));
            all.push(("space before the colon", format!("{name} {value}")));
            all.push(("no space after the colon", format!("{name}:{}", value[1..].trim_start())));
            all.push(("stamped", format!("01:52:07.114477 {text}")));
            all.push(("stamped with ids", format!("01:52:07.114477 [0-0] {text}")));
            all.push(("typed by hand", format!("GET / HTTP/1.1\n{}", &text[2..])));
        }
        all.push(("quoted in a mail", format!("> {text}")));
    }
    if !text.contains('\n') {
        let one_word = plant.secrets.iter().filter(|_| plant.kind != "dump");
        all.extend(one_word.flat_map(|secret| wrapped(text, secret)).map(|text| ("wrapped", text)));
        all.extend(
            plant
                .secrets
                .iter()
                .filter(|_| plant.can_be_cut && !matches!(plant.kind, "random" | "scheme"))
                .flat_map(|secret| cut(text, secret))
                .map(|text| ("cut", text)),
        );
    }
    all
}

/// As `grep --color` and terminals do it: sequences in the middle of words.
fn colored(line: &str) -> String {
    let middle = line.char_indices().nth(line.chars().count() / 2).map_or(0, |(at, _)| at);
    let (left, right) = line.split_at(middle);
    format!("\u{1b}[1m{left}\u{1b}[01;31m\u{1b}[K{right}\u{1b}[m\u{1b}[K")
}

/// Broken by a terminal of just the width that breaks within the secret.
fn wrapped(text: &str, secret: &str) -> Option<String> {
    let at = text.find(secret)?;
    let width = text[..at].chars().count() + secret.chars().count() / 2;
    let chars: Vec<char> = text.chars().collect();
    let lines: Vec<String> = chars.chunks(width).map(|line| line.iter().collect()).collect();
    (width >= 40 && secret.chars().count() >= 12).then(|| lines.join("\n"))
}

/// Cut off within the secret, as by a scroll buffer.
fn cut(text: &str, secret: &str) -> Option<String> {
    let half = secret.char_indices().nth(secret.chars().count() / 2 + 1)?.0;
    let end = text.find(secret)? + half;
    (secret.len() >= 16).then(|| text[..end].to_owned())
}

#[test]
fn redact_no_planted_secret_survives() {
    let plants = planted();
    let kinds: std::collections::BTreeSet<&str> = plants.iter().map(|plant| plant.kind).collect();
    let mut tried = 0;
    let mut leaks = Vec::new();
    for plant in &plants {
        for (disguise, text) in disguises(plant) {
            let redacted = redact(&text, &SALT);
            for secret in &plant.secrets {
                tried += 1;
                if let Some(piece) = survivor(&redacted.text, secret) {
                    leaks.push(format!(
                        "{}, {disguise}: {piece:?} of {secret:?} is left in\n{}",
                        plant.kind, redacted.text
                    ));
                }
            }
            assert_eq!(redacted.text.split('\n').count(), text.split('\n').count(), "lines of {text}");
            assert_eq!(redact(&redacted.text, &SALT).text, redacted.text, "redacting again changes {text}");
        }
    }
    assert!(leaks.is_empty(), "{} of {tried}\n{}", leaks.len(), leaks.join("\n\n"));
    assert!(tried >= 400 && kinds.len() >= 18, "{tried} secrets of {} kinds", kinds.len());
}

#[test]
fn redact_tps_fps() {
    for plant in planted() {
        let redacted = redact(&plant.text, &SALT);
        for secret in &plant.secrets {
            assert_eq!(survivor(&redacted.text, secret), None, "{}", redacted.text);
        }
    }
    let mut masked = Vec::new();
    let innocent: Vec<String> = rows(INNOCENT).chain(rows(INNOCENT_FOURTH)).map(|row| row.replace('⏎', "\n")).collect();
    for text in &innocent {
        let redacted = redact(text, &SALT);
        if &redacted.text != text {
            masked.push(format!("{text}\nbecame\n{}", redacted.text));
        }
    }
    assert!(masked.is_empty(), "{} of {}\n{}", masked.len(), innocent.len(), masked.join("\n\n"));
    assert!(innocent.len() >= 200, "{} innocent texts", innocent.len());
}

#[test]
fn redact_needs_every_rule() {
    for idle in 0..RULES.len() {
        let others: Vec<Rule> = RULES.iter().enumerate().filter(|(at, _)| *at != idle).map(|(_, rule)| *rule).collect();
        let leaks = planted().iter().any(|plant| {
            let text = by(&others, &plant.text, &SALT).text;
            plant.secrets.iter().any(|secret| survivor(&text, secret).is_some())
        });
        assert!(leaks, "rule {idle} of RULES can go and nothing leaks: plant a secret that only it finds");
    }
}

#[test]
fn a_mark_tells_the_same_secret_and_nothing_more() {
    let text = "> Authorization: Bearer opaque-token-1\n< X-Token: opaque-token-1\n< X-Token: opaque-token-2";
    let redacted = redact(text, &SALT);
    let prints: Vec<&str> = redacted.text.split("fp=").skip(1).map(|rest| &rest[..4]).collect();
    assert_eq!((prints[0] == prints[1], prints[1] == prints[2]), (true, false), "{}", redacted.text);
    assert_ne!(redact(text, &Salt([7; 16])).text, redacted.text);
    assert!(
        redacted.text.starts_with("> Authorization: Bearer <redacted:authorization len=14 fp="),
        "{}",
        redacted.text
    );
    assert_eq!(redacted.counts, BTreeMap::from([("authorization".to_owned(), 1), ("x-token".to_owned(), 2)]));
}

#[test]
fn a_forged_mark_is_no_hiding_place() {
    let text = "> X-Key: <redacted:blue-horse-secret len=4 fp=zzzz> blue-horse";
    assert_eq!(survivor(&redact(text, &SALT).text, "blue-horse"), None);
}

#[test]
fn every_pattern_finds_something_planted() {
    let found: std::collections::BTreeSet<String> =
        planted().iter().flat_map(|plant| redact(&plant.text, &SALT).counts.into_keys()).collect();
    let idle: Vec<&str> = token::labels().filter(|label| !found.contains(*label)).collect();
    assert!(idle.is_empty(), "plant secrets for {idle:?}");
}

#[test]
fn a_line_of_many_secrets_loses_each_of_them() {
    let piece = "{\"password\":\"blue-horse\",\"url\":\"https://a.example/?x=blue-horse\",\"t\":\"k8Jd7sH2jXnQ0pLmZ4rT6vYbN1cW3eGa9fUo5iSx\"},";
    let redacted = redact(&piece.repeat(2_000), &SALT);
    assert_eq!(redacted.total(), 6_000);
}
