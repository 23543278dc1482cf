//! Hostile values in every slot, and what a real shell makes of the filled command.

use std::fs;
use std::process::Command;

use super::*;

fn orders() -> Slots {
    Slots::default().with(Slot::Host, "api.example.com").with(Slot::Port, 443).with(Slot::Path, "/v1/orders")
}

#[test]
fn every_slot_is_filled_and_curl_keeps_its_own_braces() {
    let filled = fill("curl -sv -w '%{http_code} ${HOME}' https://{host}:{port}{path}\n", &orders());
    assert_eq!(filled.command, "curl -sv -w '%{http_code} ${HOME}' https://api.example.com:443/v1/orders");
    assert_eq!(filled.missing, []);
}

#[test]
fn a_slot_without_a_good_value_stays_open_and_says_why() {
    let filled =
        fill("dig {host} {record} @{resolver}; dig {host}", &Slots::default().with(Slot::Host, "-f/etc/passwd"));
    assert_eq!(filled.command, "dig <HOST> <RECORD> @<RESOLVER>; dig <HOST>");
    let reasons: Vec<&str> = filled.missing.iter().map(|missing| missing.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "the host \"-f/etc/passwd\" begins with \"-\", which a program would take for an option",
            "no record type is known yet: write it in yourself",
            "no resolver is known yet: write it in yourself",
        ]
    );
}

#[test]
fn an_ipv6_address_stands_in_brackets_where_a_port_or_url_needs_it() {
    let slots = Slots::default().with(Slot::Address, "2001:db8::1").with(Slot::Port, 80);
    assert_eq!(fill("nc -vz {address} {port}", &slots).command, "nc -vz 2001:db8::1 80");
    assert_eq!(fill("curl http://{address}/", &slots).command, "curl http://'[2001:db8::1]'/");
}

#[test]
fn a_value_inside_quotes_cannot_leave_them() {
    let slots = Slots::default().with(Slot::Path, "/it's;rm");
    assert_eq!(fill("echo 'a{path}b'", &slots).command, "echo 'a'\"/it's;rm\"'b'");
    assert_eq!(fill("echo \"a{path}b\"", &slots).command, "echo \"a\"\"/it's;rm\"\"b\"");
    // Inside a command substitution the quotes around it do not count; only plain values go in.
    assert_eq!(fill("echo \"$(cat {path})\"", &slots).command, "echo \"$(cat <PATH>)\"");
}

#[test]
fn misspelled_slots_are_found() {
    assert_eq!(unknown_slots("curl -w '%{http_code}' {hots} {port}"), ["hots"]);
    assert_eq!(slots_of("{host} {port} {host}"), [Slot::Host, Slot::Port]);
}

/// A repeatable source of unpredictable numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % most
    }

    fn string(&mut self, alphabet: &[char], longest: usize) -> String {
        (0..=self.below(longest)).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

/// Runs a script in `sh`, in which `show` prints each of its arguments, and gives back what was printed.
fn shown(name: &str, script: &str) -> Vec<String> {
    let file = std::env::temp_dir().join(format!("hopwise-{name}-{}.sh", std::process::id()));
    fs::write(&file, format!("show() {{ printf '%s\\0' \"$@\"; }}\n{script}")).unwrap();
    let checked = Command::new("sh").arg("-n").arg(&file).output().unwrap();
    let ran = Command::new("sh").arg(&file).output().unwrap();
    fs::remove_file(&file).unwrap();
    assert!(checked.status.success(), "sh -n: {}", String::from_utf8_lossy(&checked.stderr));
    assert!(ran.status.success() && ran.stderr.is_empty(), "sh: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn cmd_quote_sh_roundtrip() {
    let alphabet: Vec<char> =
        "ab01 \t\n\\'\"`$(){}[]<>|&;*?~#!%^=,.:/@+-_\u{a0}\u{e9}\u{202e}\u{200b}\u{7}\u{0}λ\u{1f600}".chars().collect();
    let mut random = Random(0x0dd5_eed5);
    let (mut script, mut expected, mut refused) = (String::new(), Vec::new(), 0);
    while expected.len() < 10_000 {
        let value = random.string(&alphabet, 8);
        match quote::quote(&value) {
            Ok(quoted) => {
                script.push_str(&format!("show {quoted}\n"));
                expected.push(value);
            }
            Err(_) => refused += 1,
        }
    }
    assert_eq!(shown("quote", &script), expected);
    assert!(refused > 1_000, "only {refused} strings were refused");
}

#[test]
fn values_come_back_from_a_shell_wherever_the_slot_stands() {
    let alphabet: Vec<char> = "abc019-._~!$&'()*+,;=:@/?%".chars().collect();
    let mut random = Random(0x5107_5107);
    let (mut script, mut expected) = (String::new(), Vec::new());
    while expected.len() < 3_000 {
        let value = format!("/{}", random.string(&alphabet, 12));
        for (template, before, after) in [
            ("show {path}", "", ""),
            ("show -x={path}: # it's {host}", "-x=", ":"),
            ("show 'a b {path} c'", "a b ", " c"),
            ("show \"a b {path} c\"", "a b ", " c"),
            ("show a\\'{path}", "a'", ""),
        ] {
            let filled = fill(template, &Slots::default().with(Slot::Path, &value).with(Slot::Host, "a.example"));
            if filled.missing.is_empty() {
                script.push_str(&format!("{}\n", filled.command));
                expected.push(format!("{before}{value}{after}"));
            }
        }
    }
    assert_eq!(shown("slots", &script), expected);
}

#[test]
fn cmd_hostile_hosts() {
    let tricks = [
        "",
        " ",
        "-",
        "--",
        "-oProxyCommand=x",
        "--config=/etc/passwd",
        "a;id",
        "a|id",
        "a&id",
        "a&&id",
        "a||id",
        "$(id)",
        "`id`",
        "${IFS}",
        "a b",
        "a\tb",
        "a\nid",
        "a\rid",
        "a\u{0}b",
        "a'b",
        "a\"b",
        "a\\b",
        "a*",
        "a?",
        "[a]",
        "{a,b}",
        "~root",
        "a#b",
        "!!",
        "a!b",
        "<(id)",
        ">(id)",
        "a>b",
        "a<b",
        "%0a",
        "a%20b",
        "@file",
        "a@b",
        "user:pw@host",
        "a:80",
        "a/b",
        "../a",
        "//a",
        "http://a",
        "\u{202e}moc.elgoog",
        "a\u{200b}b",
        "a\u{feff}",
        "a\u{a0}b",
        "gооgle.com",
        "ａ.example",
        "a。b",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "0x7f.1",
        "127.1",
        "017700000001",
        "0x7f000001",
        "::1",
        "[::1]",
        "a..b",
        ".a",
        "a.",
        "-a.b",
        "a-.b",
        "a.-b",
        "a=b",
        "a,b",
        "a+b",
        "a(b",
        "a)b",
        "a^b",
    ];
    let mut hosts: Vec<String> = tricks.iter().map(|trick| (*trick).to_owned()).collect();
    for trick in tricks.iter().filter(|trick| !matches!(**trick, "" | "-" | "--")) {
        hosts.extend([
            format!("api.example.com{trick}"),
            format!("{trick}.example.com"),
            format!("api.{trick}.example.com"),
        ]);
    }
    hosts.extend(["a".repeat(64), format!("{}a", "a.".repeat(127)), "a".repeat(5_000)]);
    let mut refused = 0;
    let (mut script, mut expected) = (String::new(), Vec::new());
    for host in &hosts {
        let filled = fill("show https://{host}/ -- {host}", &Slots::default().with(Slot::Host, host));
        let is_plain = filled.command.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        assert!(is_plain, "{host:?} reaches the command: {:?}", filled.command);
        if filled.missing.is_empty() {
            script.push_str(&format!("{}\n", filled.command));
            expected.extend([format!("https://{host}/"), "--".to_owned(), host.clone()]);
        } else {
            refused += 1;
            assert_eq!(filled.command, "show https://<HOST>/ -- <HOST>");
            assert!(
                filled.missing[0].reason.chars().all(|c| !c.is_control() && !crate::clean::is_invisible(c)),
                "{host:?}"
            );
        }
    }
    assert_eq!(shown("hosts", &script), expected, "what was accepted is one plain word");
    assert!(hosts.len() >= 270 && refused > 200, "{refused} of {} were refused", hosts.len());
}
