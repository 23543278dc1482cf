//! The lines by which programs are known: how each begins, what is typical, and what only another one prints.
//!
//! ```text
//! PING 10.205.4.11 (10.205.4.11) 56(84) bytes of data.
//! 10.41.5.7:5432 - no response
//! ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 3346
//! ```

use super::{heads, writes};
use crate::read::command_line::CommandLine;
use crate::read::curl_write_out;

/// The line that begins every output of a program, and no other.
pub(super) fn heading(program: &str, command: &CommandLine, text: &str) -> bool {
    let starts = |openings: &[&str]| openings.iter().any(|opening| text.starts_with(opening));
    match program {
        "ping" | "ping6" => starts(&["PING "]),
        "arping" => starts(&["ARPING "]),
        "traceroute" | "tcptraceroute" | "traceroute6" => starts(&["traceroute to ", "Tracing the path to "]),
        "hping3" => starts(&["HPING "]),
        "openssl" => first_property(command).is_some_and(|opening| text.starts_with(opening)),
        "nmap" => starts(&["Starting Nmap", "Nmap scan report"]),
        "dig" | "drill" if short(command) => false,
        "dig" if command.runs("grep") || asks(command, "+noall") => starts(&[";; Got answer:", ";; ->>HEADER<<-"]),
        "dig" => starts(&["; <<>> DiG"]),
        "nslookup" => starts(&["Server:", ";; connection timed out"]),
        "curl" if heads(command) && !command.flag('L', "--location") => {
            text.starts_with("HTTP/") && !text.contains(" 100 ")
        }
        // HTTPie, which shows the request first where it is asked for it.
        "http" | "https" => {
            let all = command.flag('v', "--verbose");
            let shown = command.option("-p", "--print").unwrap_or("hb");
            match (all || shown.contains('H'), shown.contains('h')) {
                (true, _) => text.ends_with(" HTTP/1.1") && !text.starts_with("HTTP/"),
                (false, true) => text.starts_with("HTTP/"),
                (false, false) => false,
            }
        }
        "ss" | "netstat" => text.contains("Recv-Q") || starts(&["Netid", "Total:"]),
        "df" => starts(&["Filesystem"]),
        "ps" => text.trim_start().starts_with("PID ") || text.contains(" PID "),
        "conntrack" => false,
        _ => false,
    }
}

/// How the output of `openssl x509` begins: it prints what is asked for in the order of the options.
fn first_property(command: &CommandLine) -> Option<&'static str> {
    command.runs("x509").then_some(())?;
    command.words().find_map(|word| match word {
        "-subject" => Some("subject="),
        "-issuer" => Some("issuer="),
        "-serial" => Some("serial="),
        "-dates" | "-startdate" => Some("notBefore="),
        "-enddate" => Some("notAfter="),
        _ => None,
    })
}

fn short(command: &CommandLine) -> bool {
    asks(command, "+short")
}

fn asks(command: &CommandLine, option: &str) -> bool {
    command.words().any(|word| word == option)
}

/// Whether a line is typical for a program.
pub(super) fn own(program: &str, command: &CommandLine, text: &str) -> bool {
    let trimmed = text.trim();
    let starts = |openings: &[&str]| openings.iter().any(|opening| text.starts_with(opening));
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let address = trimmed.parse::<std::net::IpAddr>().is_ok();
    let number = !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit());
    match program {
        "ping" | "ping6" | "arping" => {
            starts(&["--- ", "rtt ", "round-trip", "ping: ", "From ", "60 bytes"])
                || holds(&[" bytes from ", "packets transmitted", "packets received"])
        }
        "traceroute" | "tcptraceroute" | "traceroute6" | "tracepath" => {
            trimmed.split_whitespace().next().is_some_and(|word| word.trim_end_matches(':').parse::<u8>().is_ok())
                && (holds(&[" ms", " *"]))
                || holds(&["Destination not reached"])
        }
        "hping3" => starts(&["len=", "ICMP ", "--- "]) || holds(&["hping statistic", "packets transmitted"]),
        "curl" => {
            starts(&["curl: (", "* ", "< ", "> "])
                || (writes(command) && curl_write_out::is_row(command, text))
                || (heads(command) && (text.starts_with("HTTP/") || is_header(text)))
                || (command.runs("grep") && text.starts_with("HTTP/"))
        }
        "wget" => starts(&["--20", "wget: ", "Connecting to ", "HTTP request sent", "Resolving "]),
        "pg_isready" => {
            holds(&[" - accepting connections", " - no response", " - rejecting connections", " - no attempt"])
        }
        "psql" => {
            starts(&["psql: ", "ERROR:", "FATAL:", "\tIs the server", "connection to server"])
                || (starts(&["("]) && text.ends_with(" rows)") || text == "(1 row)")
        }
        "mysql" | "mariadb" => starts(&["ERROR ", "mysql: "]) || text.starts_with('+') && text.ends_with('+'),
        "redis-cli" => starts(&["PONG", "OK", "(error)", "Could not connect to Redis", "(integer)", "Error: "]),
        "nc" | "ncat" => {
            starts(&["Connection to ", "nc: ", "Ncat: ", "(UNKNOWN)", "220 ", "SSH-2.0-"]) || holds(&["succeeded!"])
        }
        "dig" | "drill" if short(command) => {
            let wants_authority = asks(command, "SOA") || asks(command, "soa");
            let data = address || (trimmed.ends_with('.') && !trimmed.contains(' '));
            (if wants_authority { is_start_of_authority(trimmed) } else { data })
                || starts(&[";; communications error", ";; connection timed out", ";; no servers"])
        }
        "dig" if asks(command, "+noall") => {
            let sections = ["+answer", "+authority", "+additional"];
            (asks(command, "+comments") && (starts(&[";"]) || holds(&["status: "])))
                || (asks(command, "+stats") && holds(&["Query time:", ";; SERVER: ", ";; WHEN: ", ";; MSG SIZE"]))
                || (sections.iter().any(|section| asks(command, section)) && holds(&["\tIN\t", " IN "]))
                || starts(&[";; communications error", ";; connection timed out", ";; no servers"])
        }
        "dig" | "drill" => starts(&[";"]) || holds(&["\tIN\t", " IN "]) || holds(&["status: ", "Query time:"]),
        "host" => {
            holds(&[
                " has address ",
                " has IPv6 address ",
                " not found: ",
                " is an alias ",
                "mail is handled",
                "domain name pointer",
            ]) || starts(&[";; ", "Host "])
        }
        "nslookup" => starts(&["Server:", "Address", "Name:", "** server can't", "Non-authoritative"]),
        "getent" if command.words().any(|word| word.starts_with("ahosts")) => holds(&[" STREAM", " DGRAM", " RAW"]),
        "getent" => trimmed.split_whitespace().next().is_some_and(|word| word.parse::<std::net::IpAddr>().is_ok()),
        "openssl" => {
            starts(&[
                "depth=",
                "verify ",
                "Verif",
                "    Verif",
                "subject=",
                "issuer=",
                "notBefore=",
                "notAfter=",
                "New, ",
                "CONNECTED(",
                "Protocol",
                "    Protocol",
                "Certificate will",
                " 0 s:",
                "   i:",
            ]) || holds(&[":error:", "Public Key Algorithm", "Not After", "Not Before"])
        }
        "ss" | "netstat" => starts(&[
            "LISTEN",
            "ESTAB",
            "UNCONN",
            "CLOSE-WAIT",
            "TIME-WAIT",
            "SYN-",
            "FIN-WAIT",
            "tcp",
            "udp",
            "TCP:",
            "UDP",
            "RAW",
        ]),
        "ip" => is_of_ip(command, text),
        "iptables" => starts(&["-P ", "-A ", "-N ", "Chain "]) || holds(&[" pkts ", "num "]),
        "date" => is_weekday(text),
        "uptime" => starts(&["up "]) || holds(&["load average"]),
        "df" => starts(&["/dev/", "tmpfs", "overlay"]) || holds(&["% /"]),
        "ls" => starts(&["total ", "ls: ", "-r", "drw", "lrw", "srw"]),
        "wc" | "ulimit" => {
            number || trimmed.split_whitespace().next().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()))
        }
        "cat" if command.words().any(|word| word.ends_with("resolv.conf")) => {
            starts(&["nameserver", "search", "options", "domain", "#"])
        }
        "env" | "printenv" => trimmed
            .split_once('=')
            .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')),
        "ssh" => starts(&[
            "ssh: ",
            "Permission denied",
            "Host key",
            "@@@",
            "Connection closed",
            "Connection reset",
            "kex_exchange",
            "debug1:",
        ]),
        "rsync" => starts(&["rsync: ", "rsync error: "]),
        "conntrack" => starts(&["tcp ", "udp ", "icmp "]) || holds(&["flow entries have been shown"]),
        "tail" | "grep" | "zgrep" => crate::moment::moment(text).is_some(),
        _ => false,
    }
}

/// Whether another program than this one is known to print such a line.
pub(super) fn foreign(program: &str, command: &CommandLine, text: &str) -> bool {
    // A file, a loop over anything and a shell elsewhere may print everything.
    if matches!(program, "tail" | "grep" | "zgrep" | "cat" | "ssh" | "sh" | "bash" | "awk" | "sed" | "python3" | "node")
    {
        return (own("ping", command, text) && !text.starts_with("From "))
            || (program == "cat" && text.starts_with(";; "));
    }
    if program == "dig" && short(command) {
        let of_address = text.trim().parse::<std::net::IpAddr>().is_ok();
        let wants_authority = asks(command, "SOA") || asks(command, "soa");
        return if wants_authority { of_address } else { is_start_of_authority(text.trim()) };
    }
    const TELLING: &[&str] = &["ping", "pg_isready", "nc", "hping3", "host"];
    let curl = text.starts_with("curl: (") || (text.starts_with("HTTP/") && text.len() < 60);
    let starts = |openings: &[&str]| openings.iter().any(|opening| text.starts_with(opening));
    (curl && program != "curl" && !command.runs("curl"))
        || (program != "psql" && starts(&["psql: "]))
        || (program != "redis-cli" && starts(&["Could not connect to Redis"]))
        || (program != "ping" && starts(&["PING ", "ping: "]))
        || (!matches!(program, "ss" | "netstat") && text.contains("Recv-Q") && text.contains("Send-Q"))
        || (program != "date" && is_weekday(text) && text.len() < 40)
        || TELLING.iter().any(|other| *other != program && own(other, command, text) && !own_is_shared(other, program))
}

/// `ns1.shop.example. hostmaster.shop.example. 2026112807 3600 600 604800 60`
fn is_start_of_authority(text: &str) -> bool {
    let mut words = text.split(' ');
    let names = words.by_ref().take(2).filter(|word| word.ends_with('.')).count();
    names == 2 && words.filter(|word| word.parse::<u32>().is_ok()).count() == 5
}

/// Programs whose lines look alike.
fn own_is_shared(other: &str, program: &str) -> bool {
    matches!(
        (other, program),
        ("host", "dig" | "drill" | "nslookup")
            | ("ping" | "hping3", "ping" | "ping6" | "hping3" | "arping" | "fping" | "traceroute" | "nmap")
    )
}

pub(super) fn is_header(text: &str) -> bool {
    text.split_once(": ")
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// `Sat Nov 28 02:24:46 UTC 2026`
fn is_weekday(text: &str) -> bool {
    ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "].iter().any(|day| text.starts_with(day))
        && text.contains(':')
}

fn is_of_ip(command: &CommandLine, text: &str) -> bool {
    let asks = |words: &[&str]| command.words().any(|word| words.contains(&word));
    let starts = |openings: &[&str]| openings.iter().any(|opening| text.starts_with(opening));
    if asks(&["neigh", "neighbor", "n"]) {
        return text.contains(" lladdr ")
            || ["FAILED", "INCOMPLETE", "STALE", "REACHABLE"].iter().any(|end| text.ends_with(end));
    }
    if asks(&["route", "r", "ro"]) {
        let get = asks(&["get"]);
        let got = text.contains(" src ") && text.contains(" uid ") || text.trim() == "cache" || starts(&["RTNETLINK"]);
        return if get {
            got
        } else {
            starts(&["default ", "blackhole ", "prohibit ", "unreachable "]) || (text.contains(" dev ") && !got)
        };
    }
    if asks(&["addr", "address", "a", "link"]) {
        return text.contains(" UP ")
            || text.contains(" UNKNOWN ")
            || text.contains(" DOWN ")
            || text.contains("mtu ")
            || text.contains("inet")
            || text.contains("link/")
            || text.contains("valid_lft");
    }
    false
}
