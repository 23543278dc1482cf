//! Links there and back, cut, mangled, swollen and foreign.

#![allow(clippy::string_slice, reason = "a wrong index shows as a failed test")]

use super::*;
use crate::case::{Edition, Entry, Graph};
use crate::read::read;
use crate::sketch::{Edge, Kind, Node};

const CURL: &str = "*   Trying 203.0.113.74:443...\n* connect to 203.0.113.74 port 443 failed: Connection timed out\n*   Trying 203.0.113.10:443...\n* Connected to api.example.com (203.0.113.10) port 443 (#0)\n> GET /v1/orders?token=blue-horse HTTP/1.1\n> Authorization: Bearer blue-horse\n> \n< HTTP/1.1 502 Bad Gateway\n< server: nginx/1.22.1\n< \n";
const DIG: &str = "; <<>> DiG 9.18.28 <<>> api.example.com\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; QUESTION SECTION:\n;api.example.com. IN A\n\n;; ANSWER SECTION:\napi.example.com. 60 IN A 203.0.113.10\napi.example.com. 60 IN A 203.0.113.74\n\n;; Query time: 3 msec\n;; SERVER: 10.0.0.2#53(10.0.0.2)\n";

fn case() -> Case {
    let mut elb = Node::new("elb", Kind::LoadBalancer);
    elb.label = "Public load balancer".to_owned();
    elb.hosts = vec!["api.example.com".to_owned()];
    elb.ips = vec!["203.0.113.10".parse().unwrap(), "203.0.113.74".parse().unwrap()];
    elb.ports = vec![443];
    elb.team = "platform".to_owned();
    elb.attrs.insert("scheme".to_owned(), "internet-facing".into());
    elb.attrs.insert("idle_timeout".to_owned(), 60.into());
    let edge = Edge {
        from: "laptop".to_owned(),
        to: "elb".to_owned(),
        protocol: Some("https".to_owned()),
        port: Some(443),
        attrs: Default::default(),
    };
    let entry = |text: &str, command: &str, at: &str| Entry {
        text: Some(text.to_owned()),
        command: Some(command.to_owned()),
        vantage: Some("laptop".to_owned()),
        at: Some(at.to_owned()),
        ..Entry::default()
    };
    Case {
        hopwise: 1,
        title: "Some requests take 15 seconds".to_owned(),
        graph: Some(Graph { nodes: vec![Node::new("laptop", Kind::Client), elb], edges: vec![edge] }),
        evidence: vec![
            entry(
                CURL,
                "curl -v 'https://api.example.com/v1/orders?token=blue-horse' -u ana:blue-horse",
                "2026-11-21T01:52:07Z",
            ),
            entry(DIG, "dig api.example.com", "21 Nov, about two"),
        ],
        runbooks: vec![Edition::new("platform", "00a1b2c3d4e5f60718293a4b5c6d7e8f")],
        truth: None,
        cleared: Vec::new(),
    }
}

#[test]
fn share_roundtrip() {
    let case = case();
    let fragment = to_fragment(&case).unwrap();
    let opened = from_fragment(&fragment).unwrap();
    assert_eq!((&opened.title, &opened.graph, &opened.runbooks), (&case.title, &case.graph, &case.runbooks));
    for (before, after) in case.evidence.iter().zip(&opened.evidence) {
        assert_eq!((&after.text, &after.vantage, &after.at), (&None, &before.vantage, &before.at));
        let read = read(before.text.as_deref().unwrap(), before.command.as_deref(), None);
        let facts = after.facts.as_ref().unwrap();
        assert_eq!(facts.facts().count(), read.facts().count());
        for (seen, told) in read.facts().zip(facts.facts()) {
            assert_eq!((seen.lines, seen.claim.to_string()), (told.lines, told.claim.to_string()));
        }
    }
    assert_eq!(to_fragment(&opened).unwrap(), fragment, "a link of a link is the same link");
    assert!(fragment.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)), "{fragment}");
    assert!(fragment.ends_with(|c: char| c.is_ascii_alphanumeric() || "-_".contains(c)));
}

#[test]
fn share_carries_no_secret() {
    let case = case();
    for fragment in [to_fragment(&case).unwrap(), to_fragment_with_text(&case, &Salt([7; 16])).unwrap()] {
        assert!(!from_fragment(&fragment).unwrap().save().contains("blue-horse"));
    }
    let texts = from_fragment(&to_fragment_with_text(&case, &Salt([7; 16])).unwrap()).unwrap();
    let text = texts.evidence[0].text.as_deref().unwrap();
    assert!(text.contains("< server: nginx/1.22.1") && text.lines().count() == CURL.lines().count(), "{text}");
}

/// A link of version 1 as it was first published. It opens for ever; if this test fails, the reader is wrong, never the link.
#[test]
fn the_first_link_of_version_1_still_opens() {
    let opened = from_fragment(include_str!("../../tests/links/version-1.txt")).unwrap();
    assert_eq!(opened.save(), include_str!("../../tests/links/version-1.json").trim_end());
}

#[test]
fn share_truncated_is_loud() {
    let fragment = to_fragment(&case()).unwrap();
    let data = fragment.splitn(4, '.').nth(3).unwrap().len();
    for end in fragment.len() - data..fragment.len() {
        let error = from_fragment(&fragment[..end]).unwrap_err();
        assert_eq!(error, LinkError::Cut { have: end + data - fragment.len(), of: data });
    }
    for end in 0..fragment.len() - data {
        assert!(from_fragment(&fragment[..end]).is_err());
    }
    let cut = format!("see https://hopwise.example/#{}… and tell me", &fragment[..fragment.len() - 9]);
    let sentence = from_fragment(&cut).unwrap_err().to_string();
    assert!(sentence.starts_with(&format!("the link was cut at {} of {data} characters", data - 9)), "{sentence}");
}

#[test]
fn every_changed_character_is_noticed() {
    let fragment = to_fragment(&case()).unwrap();
    let whole = from_fragment(&fragment).unwrap();
    for (at, c) in fragment.char_indices() {
        let other = if c == 'a' { 'b' } else { 'a' };
        let changed = format!("{}{other}{}", &fragment[..at], &fragment[at + 1..]);
        assert!(from_fragment(&changed).map_or(true, |case| case == whole), "position {at}");
    }
}

#[test]
fn share_safelinks_repair() {
    let case = case();
    let fragment = to_fragment(&case).unwrap();
    let expected = from_fragment(&fragment).unwrap();
    let escaped = fragment.replace('.', "%2E");
    let broken: String =
        fragment.as_bytes().chunks(60).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect();
    let quoted: String =
        fragment.as_bytes().chunks(60).map(|line| format!("> {}\n", String::from_utf8_lossy(line))).collect();
    for mangled in [
        format!("#{fragment}"),
        format!("  {fragment}\n"),
        format!("https://hopwise.example/#{fragment}"),
        format!("https://hopwise.example/%23{fragment}"),
        format!("https://hopwise.example/%2523{fragment}"),
        format!("https://tools.corp/triage/index.html?utm_source=chat#{fragment}"),
        format!(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fhopwise.example%2F%23{fragment}&data=05%7C02%7Cana%40a.example&sdata=x%3D&reserved=0"
        ),
        format!(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fhopwise.example%2F%2523{escaped}&data=05%7C02%7C&reserved=0"
        ),
        format!("(https://hopwise.example/#{fragment}), please have a look."),
        format!("<https://hopwise.example/#{fragment}|the case>"),
        format!("[the case](https://hopwise.example/#{fragment})."),
        format!("https://hopwise.example/#{fragment}!"),
        format!("https://hopwise.example/#{fragment}&fbclid=IwAR0x"),
        format!("https://hopwise.example/#{broken}"),
        format!("https://hopwise.example/#{}", broken.trim_end().replace("\r\n", "=\r\n")),
        format!("Ana wrote:\n> https://hopwise.example/#\n{quoted}> thanks"),
        fragment.replace('_', "\\_"),
        format!(
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__hopwise.example_-23{}&d=DwMFaQ&c=x&r=y&m=z&s=w&e=",
            fragment.replace('-', "-2D").replace('_', "-5F")
        ),
        format!("https://urldefense.com/v3/__https://hopwise.example/*{fragment}__;Iw!!ACWV5N9M2RV99hQ!Tok-en_1$ "),
        format!(
            "https://nam12.safelinks.protection.outlook.com/ap/t-59584e83/?url=https%3A%2F%2Fhopwise.example%2F%23{fragment}&data=05%7C02"
        ),
        format!(
            "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Fhopwise.example%2F%2523{fragment}&locale=en-us&dest=https%3A%2F%2Fteams"
        ),
        format!("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fhopwise.example%2f%23{fragment}&c=E,1,x&typo=1"),
        format!("https://www.google.com/url?q=https://hopwise.example/%23{fragment}&sa=D&source=docs"),
        format!("https://slack-redir.net/link?url=https%3A%2F%2Fhopwise.example%2F%23{fragment}"),
        format!("https://secure-web.cisco.com/1abc/https%3A%2F%2Fhopwise.example%2F%23{fragment}"),
        format!("<a href=\"https://hopwise.example/&#35;{fragment}\">case</a>"),
        format!("[the case|https://hopwise.example/#{fragment}]"),
        format!("https://hopwise.example/#{fragment}[the case]"),
        format!("`the case <https://hopwise.example/#{fragment}>`_"),
        format!("\"https://hopwise.example/#{fragment}\";"),
        format!("https://hopwise.example/=23{}", broken.trim_end().replace("\r\n", "=\r\n")),
        format!("|https://hopwise.example/#{fragment}|"),
        fragment.replace('-', "\u{2011}"),
        fragment.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        format!(
            "first try: https://hopwise.example/#{} and whole: https://hopwise.example/#{fragment}",
            &fragment[..80]
        ),
    ] {
        assert_eq!(from_fragment(&mangled).as_ref(), Ok(&expected), "{mangled}");
    }
}

#[test]
fn foreign_and_newer_links_are_refused_with_a_sentence() {
    for text in ["", "#", "https://example.com/#section-1.2.3", "hello", "1.2.3.4", "%", "%zz%2", "1.5.zzzzzzzz.abcde"]
    {
        assert_eq!(from_fragment(text), Err(LinkError::NoLink), "{text}");
    }
    for version in [3, 7, 9999] {
        let newer = to_fragment(&case()).unwrap().replacen("1.", &format!("{version}."), 1);
        assert_eq!(from_fragment(&newer), Err(LinkError::Newer { version }));
    }
    // A version nobody has written is no case either, and a length that lies is a cut or a changed one.
    assert!(from_fragment(&to_fragment(&case()).unwrap().replacen("1.", "0.", 1)).is_err());
}

#[test]
fn a_sealed_link_is_known_as_one_and_checked_as_any() {
    let link = super::sealed("c2FsdC1hbmQtbm9uY2UtYW5kLWNpcGhlcnRleHQ");
    assert_eq!(from_fragment(&link), Err(LinkError::Sealed("c2FsdC1hbmQtbm9uY2UtYW5kLWNpcGhlcnRleHQ".to_owned())));
    assert!(matches!(from_fragment(&link[..link.len() - 3]), Err(LinkError::Cut { .. })));
    assert_eq!(from_fragment(&link.replacen("c2F", "c3F", 1)), Err(LinkError::Changed));
}

/// A link around any data, with a right length and checksum.
fn sealed(json: &str) -> String {
    let data = URL_SAFE_NO_PAD.encode(deflate::pack(json.as_bytes()));
    format!("1.{}.{:08x}.{data}", data.len(), crc32(data.as_bytes()))
}

#[test]
fn share_bomb_rejected() {
    let bomb = sealed(&format!("[[\"{}\"],[0]]", "a".repeat(3_000_000)));
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    assert_eq!(from_fragment(&bomb), Err(LinkError::TooLarge { what: "bytes", most: 2 * 1024 * 1024 }));
    let text = sealed(&format!("[[\"{}\"],[0]]", "a".repeat(1_500_000)));
    assert!(matches!(from_fragment(&text), Err(LinkError::TooLarge { .. })));
    let long = format!("1.{}.00000000.{}", 300_000, "A".repeat(300_000));
    assert!(matches!(from_fragment(&long), Err(LinkError::TooLarge { .. })));
    assert!(matches!(from_fragment(&"A".repeat(5_000_000)), Err(LinkError::TooLarge { .. })));
}

#[test]
fn hostile_contents_are_refused() {
    let deep = format!("[[\"t\",\"n\",\"a\",\"{}{}\"],[1,2,1,1,32,1,1,1,1,0,0,0]]", "[".repeat(90), "]".repeat(90));
    for json in [
        "",
        "{}",
        "[[],[]]",
        "[[],[0]]",
        "[[],[0,0,0,0,7]]",
        "[[\"unused\"],[0,0,0,0]]",
        "[[],[0,9,0]]",
        "[[],[0,1e9,0,0]]",
        "[[],[0,-1,0,0]]",
        "[[],[0,0.5,0,0]]",
        "[[],[0,502,0,0]]",
        "[[],[0,1,2001,0]]",
        "[[],[0,0,501,0]]",
        "[[],[5,0,0,0]]",
        "[[\"n\",\"no such kind\"],[0,2,1,0,1,0,0,0,0]]",
        "[[\"a\"],[0,2,1,99,0,0,0,0]]",
        "[[\"a\",\"b\"],[0,2,1,1,0,1,2,1,0,0,0,0,0]]",
        "[[\"a\"],[0,3,1,1,0,2,1,0,0,0,0]]",
        "[[\"a\",\"1.2.3\"],[0,2,1,1,4,1,1,0,0,0]]",
        deep.as_str(),
    ] {
        let error = from_fragment(&sealed(json)).expect_err(json);
        assert!(matches!(error, LinkError::Unsound(_) | LinkError::TooLarge { .. }), "{json}: {error:?}");
    }
    // What is merely odd opens, without the characters that a terminal or a page would act on.
    let opened = from_fragment(&sealed("[[\"<b>\\u202e\\u0007\\nx\"],[1,0,0,0]]")).unwrap();
    assert_eq!(opened.title, "<b> x");
}

/// Whoever makes a link can also make its checksum right.
#[test]
fn flipped_bits_behind_a_right_checksum_never_panic() {
    let fragment = to_fragment(&case()).unwrap();
    let packed = URL_SAFE_NO_PAD.decode(fragment.splitn(4, '.').nth(3).unwrap()).unwrap();
    let mut opened = 0;
    for bit in 0..packed.len() * 8 {
        let mut flipped = packed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let data = URL_SAFE_NO_PAD.encode(flipped);
        opened += usize::from(from_fragment(&headed(VERSION, &data)).is_ok());
    }
    assert!(opened < packed.len() * 8, "no flipped bit was noticed");
}

#[test]
fn random_numbers_never_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..3_000 {
        let numbers: Vec<String> = (0..40)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((seed >> 33) % 7).to_string()
            })
            .collect();
        let _ = from_fragment(&sealed(&format!("[[\"a\",\"10.0.0.1\",\"https\"],[{}]]", numbers.join(",")))).is_ok();
    }
}
