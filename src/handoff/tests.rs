//! Hand-off texts: complete, within their limits, and deaf to what a paste says.

use super::*;
use crate::case::Case;
use crate::engine::diagnose;
use crate::read::read;
use crate::runbook::Shelf;

/// What somebody could put into a name to format a note, call a team or run a script.
const HOSTILE: &str =
    "<!channel> @here <script>alert(1)</script> [x](javascript:1) `rm` *b* | \"q\" <https://a.example|b> #1;";

fn case(title: &str, label: &str) -> Case {
    let label = serde_json::to_string(label).unwrap();
    let title = serde_json::to_string(title).unwrap();
    Case::open(&format!(
        r#"{{"hopwise":1,"title":{title},"graph":{{"nodes":[
          {{"id":"app","kind":"service","team":"shop"}},
          {{"id":"lb","kind":"load_balancer","label":{label},"ips":["10.0.0.1"],"team":"platform"}}],
          "edges":[{{"from":"app","to":"lb"}}]}},"evidence":[
          {{"text":"nc: connect to 10.0.0.1 port 443 (tcp) failed: Connection timed out","vantage":"app","at":"2026-11-21T03:00:00+02:00"}},
          {{"text":"Connection to 10.0.0.1 443 port [tcp/https] succeeded!","vantage":"app","at":"2026-11-21T00:30:00Z"}}]}}"#
    ))
    .unwrap()
}

fn with<T>(case: &Case, tell: impl FnOnce(&Handoff) -> T) -> T {
    let (shelf, _) = Shelf::shipped();
    let sketch = case.sketch().unwrap().unwrap_or_default();
    let evidence: Vec<Evidence> = case
        .evidence
        .iter()
        .map(|entry| Evidence { origin: entry.origin(), reading: read(entry.text.as_deref().unwrap(), None, None) })
        .collect();
    let diagnosis = diagnose(&sketch, &evidence, &shelf);
    tell(&Handoff {
        title: &case.title,
        sketch: &sketch,
        evidence: &evidence,
        diagnosis: &diagnosis,
        level: Level::Facts,
    })
}

#[test]
fn every_text_names_its_level_and_its_version() {
    let case = case("Orders fail", "Edge");
    let texts = with(&case, |case| [note(case), chat(case, None), svg(case), team_page(case, "shop")]);
    for text in texts {
        for part in ["Facts only, no pasted text", concat!("Hopwise ", env!("CARGO_PKG_VERSION")), "case format 1"] {
            assert!(text.replace(['\\', '\u{200b}'], "").contains(part), "{part} is missing in\n{text}");
        }
    }
}

#[test]
fn the_timeline_is_in_utc_and_in_order() {
    let text = with(&case("t", "Edge"), note);
    let first = text.find("2026-11-21 00:30:00 UTC").unwrap();
    let second = text.find("2026-11-21 01:00:00 UTC").unwrap();
    assert!(first < second, "{text}");
}

#[test]
fn each_team_sees_its_own_side() {
    let case = case("t", "Edge");
    let names: Vec<String> = with(&case, |case| teams(case).into_iter().map(str::to_owned).collect());
    assert_eq!(names, ["platform", "shop"]);
    let page = with(&case, |case| team_page(case, "platform"));
    assert!(page.contains("## For platform") && !page.contains("## For shop"), "{page}");
}

#[test]
fn hostile_names_are_text_in_every_form() {
    let case = case(HOSTILE, HOSTILE);
    let markdown = with(&case, note);
    for bait in ["<script", "<!channel", "@here", "](javascript", "https://"] {
        assert!(!markdown.contains(bait), "{bait} in\n{markdown}");
    }
    let message = with(&case, |case| chat(case, None));
    for bait in ["<!channel", "@here", "<https", "<script"] {
        assert!(!message.contains(bait), "{bait} in\n{message}");
    }
    let picture = with(&case, svg);
    assert!(!picture.contains("<script") && !picture.contains("<!"), "{picture}");
}

#[test]
fn a_chat_message_fits_however_long_the_names_are() {
    let long = "x".repeat(5_000);
    let case = case(&long, &long);
    let link = "https://hopwise.example/#".to_owned() + &"A".repeat(4_000);
    for link in [None, Some("https://hopwise.example/#1.2.3.x"), Some(link.as_str())] {
        let message = with(&case, |case| chat(case, link));
        assert!(message.chars().count() <= 3_000, "{}", message.chars().count());
        assert_eq!(message.contains("too long for a link"), link.is_some_and(|link| link.len() > 3_000), "{message}");
    }
}

#[test]
fn times_of_every_zone_are_the_same_moment() {
    for time in ["2026-11-21T01:00:00Z", "2026-11-21T03:00:00+02:00", "2026-11-20T20:00:00.123-05:00"] {
        assert_eq!(timeline::utc(time), timeline::utc("2026-11-21T01:00:00Z"), "{time}");
    }
    for other in ["", "yesterday", "2026-11-21", "2026-11-21T01:00:00", "2026-11-21T01:00:00+2"] {
        assert_eq!(timeline::utc(other), None, "{other}");
    }
}
