//! Recognizes what tools tell of the host itself, so that it is not taken for something else; little of it concerns a request.
//!
//! ```text
//!   PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND
//! procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
//! avg-cpu:  %user   %nice %system %iowait  %steal   %idle
//! ```
//!
//! Load averages are read from `top`; from `ps -C` that nothing runs; from `pidstat` what waits for a CPU; whatever else stands here is shown as understood and yields no fact.

use super::log_line::LogLine;
use super::observable::{CPU_QUEUE, PROCESS};
use super::{Findings, Part, Reader, clock, settings};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const TOP: Reader = Reader { kind: "top", most: 0.96, recognize: |part| by_head(part, is_top), read };
pub(super) const PS: Reader = Reader {
    kind: "ps",
    most: 0.96,
    recognize: |part| by_head(part, is_ps).max(if part.any(is_ps_of_columns) { 0.9 } else { 0.0 }),
    read: read_ps,
};
pub(super) const VMSTAT: Reader =
    Reader { kind: "vmstat", most: 0.96, recognize: |part| by_head(part, is_vmstat), read };
pub(super) const IOSTAT: Reader =
    Reader { kind: "iostat", most: 0.96, recognize: |part| by_head(part, is_iostat), read };
pub(super) const MPSTAT: Reader =
    Reader { kind: "mpstat", most: 0.96, recognize: |part| by_head(part, is_mpstat), read };
pub(super) const PIDSTAT: Reader = Reader {
    kind: "pidstat",
    most: 0.96,
    recognize: |part| {
        by_words(
            part,
            &[
                &["PID", "%usr", "%system", "Command"],
                &["PID", "kB_rd/s", "Command"],
                &["PID", "cswch/s", "Command"],
                &["PID", "minflt/s", "Command"],
            ],
        )
    },
    read: read_pidstat,
};
pub(super) const SAR: Reader = Reader {
    kind: "sar",
    most: 0.96,
    recognize: |part| {
        by_words(
            part,
            &[
                &["IFACE", "rxpck/s"],
                &["CPU", "%user", "%iowait", "%idle", "%steal"],
                &["IFACE", "rxerr/s"],
                &["kbmemfree", "kbmemused"],
                &["runq-sz", "plist-sz"],
                &["active/s", "passive/s"],
                &["DEV", "tps", "await"],
                &["totsck", "tcpsck"],
            ],
        )
    },
    read,
};
pub(super) const TC: Reader = Reader {
    kind: "tc",
    most: 0.96,
    recognize: |part| by_opening(part, &["qdisc ", "class htb ", "class hfsc ", "class fq_codel "]),
    read,
};
pub(super) const MEMCACHED: Reader = Reader {
    kind: "memcached",
    most: 0.96,
    recognize: |part| {
        by_opening(part, &["STAT pid ", "STAT curr_", "STAT items:", "STAT active_slabs ", "STAT uptime "])
    },
    read,
};
pub(super) const ETHTOOL: Reader = Reader {
    kind: "ethtool",
    most: 0.96,
    recognize: |part| {
        by_opening(
            part,
            &[
                "NIC statistics:",
                "expansion-rom-version: ",
                "Settings for ",
                "Ring parameters for ",
                "Features for ",
                "Coalesce parameters for ",
                "Channel parameters for ",
                "Pause parameters for ",
                "Time stamping parameters for ",
                "Offload parameters for ",
            ],
        )
    },
    read,
};
pub(super) const LS: Reader = Reader {
    kind: "ls",
    most: 0.96,
    recognize: |part| {
        if part.any(is_file) { by_most(part, |text| is_file(text) || text.starts_with("total ")) } else { 0.0 }
    },
    read,
};
pub(super) const LSBLK: Reader = Reader {
    kind: "lsblk",
    most: 0.96,
    recognize: |part| by_words(part, &[&["NAME", "MAJ:MIN", "TYPE"], &["NAME", "FSTYPE", "UUID"]]),
    read,
};
pub(super) const FINDMNT: Reader =
    Reader { kind: "findmnt", most: 0.96, recognize: |part| by_words(part, &[&["TARGET", "SOURCE", "FSTYPE"]]), read };
pub(super) const MEMINFO: Reader =
    Reader { kind: "free", most: 0.96, recognize: |part| by_opening(part, &["MemTotal: ", "MemAvailable: "]), read };
pub(super) const SOCKSTAT: Reader = Reader {
    kind: "ss",
    most: 0.96,
    recognize: |part| by_opening(part, &["sockets: used ", "TCP: inuse ", "UDP: inuse "]),
    read,
};
pub(super) const IP_RULE: Reader = Reader {
    kind: "ip",
    most: 0.96,
    recognize: |part| {
        by_most(part, |text| {
            text.split_once(":\tfrom ")
                .is_some_and(|(rank, rest)| rank.parse::<u32>().is_ok() && rest.contains("lookup "))
        })
    },
    read,
};
pub(super) const REDIS_BENCHMARK: Reader =
    Reader { kind: "redis-benchmark", most: 0.96, recognize: |part| by_head(part, is_of_redis_benchmark), read };
pub(super) const ENV: Reader = Reader {
    kind: "env",
    most: 0.96,
    recognize: |part| if part.runs("env") || part.runs("printenv") { by_most(part, is_setting) } else { 0.0 },
    read: |part, findings| {
        settings::read(part, findings);
        read(part, findings);
    },
};
pub(super) const NMCLI: Reader = Reader { kind: "nmcli", most: 0.96, recognize: |part| by_head(part, is_nmcli), read };
pub(super) const MOUNT: Reader = Reader { kind: "mount", most: 0.96, recognize: |part| by_most(part, is_mount), read };

/// Below this share of its time, in percent, nobody notices that a process waits.
const WAITS: f64 = 10.0;

/// How many lines are looked at to tell a list that has no head.
const SHAPE_LINES: usize = 100;

fn by_head(part: &Part, is_head: fn(&str) -> bool) -> f64 {
    if part.any(is_head) { 0.96 } else { 0.0 }
}

/// A list without a head: nearly every line has to look like one of it.
pub(super) fn by_most(part: &Part, is_row: fn(&str) -> bool) -> f64 {
    let filled = part.lines.iter().map(|line| line.text.as_str()).filter(|text| !text.trim().is_empty());
    let looked_at: Vec<bool> = filled.take(SHAPE_LINES).map(is_row).collect();
    let rows = looked_at.iter().filter(|row| **row).count();
    if rows > 0 && rows * 10 >= looked_at.len() * 9 { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        clock::load(line, findings);
        findings.noise(line.number);
    }
}

/// `ps -C NAME` lists the processes of one program: with nothing below the head it does not run.
fn read_ps(part: &Part, findings: &mut Findings) {
    let is_head = |text: &str| is_ps(text) || is_ps_of_columns(text);
    let is_row = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let asked =
        part.command.as_ref().filter(|command| command.runs("ps")).and_then(|command| command.option("-C", "-C"));
    let (Some(program), false) = (asked, part.any(is_row)) else { return read(part, findings) };
    for line in part.lines.iter().filter(|line| is_head(&line.text)) {
        findings.state(Lines::one(line.number), PROCESS, "stopped", Endpoint::default(), format!("no {program} runs"));
    }
}

/// A process that waits for a CPU longer than it runs on one has too little of it: by a quota, or because others want it, too.
fn read_pidstat(part: &Part, findings: &mut Findings) {
    let mut columns = None;
    for line in &part.lines {
        findings.noise(line.number);
        let words: Vec<&str> = line.text.split_whitespace().collect();
        let place = |name: &str| words.iter().position(|word| *word == name);
        if let (Some(from), Some(waits), Some(runs)) = (place("UID"), place("%wait"), place("%CPU")) {
            columns = Some((waits - from.min(waits), runs - from.min(runs)));
        } else if let (Some((waits, runs)), Some(&"Average:")) = (columns, words.first()) {
            let share = |at: usize| words.get(at + 1).and_then(|word| word.replace(',', ".").parse::<f64>().ok());
            if let (Some(waits), Some(runs)) = (share(waits), share(runs))
                && waits >= WAITS
                && waits > runs
            {
                let process = words.last().copied().unwrap_or_default();
                let detail = format!("{process} runs {runs} % of the time and waits {waits} % for a CPU");
                findings.state(Lines::one(line.number), CPU_QUEUE, "long", Endpoint::default(), detail);
            }
        }
    }
}

/// `lrwxrwxrwx 1 root root 34 Nov 21 01:52 default -> /etc/nginx/sites-available/default`
fn is_file(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (mode, links) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let bare = mode.trim_end_matches(['.', '+', '@']);
    bare.len() == 10
        && bare.starts_with(['-', 'd', 'l', 'c', 'b', 'p', 's'])
        && bare.bytes().skip(1).all(|b| b"rwxsStT-".contains(&b))
        && links.bytes().all(|b| b.is_ascii_digit())
}

fn is_top(text: &str) -> bool {
    text.starts_with("top - ")
        || (has_words(text, &["PID", "USER", "%CPU", "COMMAND"]) && (text.contains("TIME+") || text.contains("RES")))
        || (text.starts_with("Mem: ") && text.contains("K used, ") && text.contains("K cached"))
        || (text.starts_with("Processes: ") && text.contains(" running, "))
}

/// `ps aux` and `ps -ef`.
fn is_ps(text: &str) -> bool {
    (text.starts_with("USER ") && has_words(text, &["PID", "COMMAND", "%CPU"]))
        || (has_words(text, &["UID", "PID", "PPID", "CMD"]))
        || (text.trim_start().starts_with("PID TTY") && text.trim_end().ends_with("CMD"))
}

/// `-o pid,ppid,cmd`: whatever columns were asked for, all in capitals.
fn is_ps_of_columns(text: &str) -> bool {
    has_words(text, &["PID"])
        && (text.trim_end().ends_with(" CMD") || text.trim_end().ends_with(" COMMAND"))
        && !text.contains(|c: char| c.is_ascii_lowercase())
}

/// A table of one of these tools, told by the words of its head.
fn by_words(part: &Part, heads: &[&[&str]]) -> f64 {
    if part.any(|text| heads.iter().any(|words| has_words(text, words))) { 0.96 } else { 0.0 }
}

/// A report of one of these tools, told by how a line of it begins.
fn by_opening(part: &Part, openings: &[&str]) -> f64 {
    if part.any(|text| openings.iter().any(|opening| text.trim_start().starts_with(opening))) { 0.9 } else { 0.0 }
}

fn is_vmstat(text: &str) -> bool {
    (text.starts_with("procs -") || text.starts_with("--procs-- -")) && text.contains("memory-")
        || text.trim_end().ends_with(" K total memory")
        || text.starts_with("disk- ------------reads")
}

fn is_iostat(text: &str) -> bool {
    text.starts_with("avg-cpu:")
        || (text.starts_with("Device")
            && (text.contains(" tps ") || text.contains(" rrqm/s ") || text.contains(" r/s ")))
}

fn is_mpstat(text: &str) -> bool {
    has_words(text, &["CPU", "%usr", "%idle"])
        || (has_words(text, &["CPU", "%user", "%idle"]) && !has_words(text, &["%system"]))
}

fn is_nmcli(text: &str) -> bool {
    (text.starts_with("DEVICE ") && has_words(text, &["TYPE", "STATE"]))
        || (text.starts_with("NAME ") && has_words(text, &["UUID", "TYPE"]))
        || text.starts_with("GENERAL.DEVICE:")
        || text.starts_with("connection.id: ")
        || (text.starts_with("STATE ") && has_words(text, &["CONNECTIVITY", "WIFI-HW"]))
        || text.starts_with("Use \"nmcli device show\"")
        || (text.starts_with("PERMISSION ") && text.trim_end().ends_with("VALUE"))
}

/// `/dev/sda1 on /boot type xfs (rw,relatime)`; the BSDs and macOS leave the type inside the brackets.
fn is_mount(text: &str) -> bool {
    let Some((_, rest)) = text.split_once(" on /") else { return false };
    rest.trim_end().ends_with(')') && rest.contains(" (")
}

/// `net.ipv4.ip_forward = 0`, `kern.ostype: FreeBSD`
pub(super) fn is_sysctl(text: &str) -> bool {
    // "daemon.debug: Oct 14 14:44:22 …" is a line of a log.
    if LogLine::parse(text).program.is_some() {
        return false;
    }
    // The BSDs write a colon, as exceptions do; their names have no capitals.
    let colon = || text.split_once(": ").filter(|(name, _)| !name.contains(|c: char| c.is_ascii_uppercase()));
    let Some((name, _)) = text.split_once(" = ").or_else(colon).or_else(|| text.split_once(" =")) else {
        return false;
    };
    name.contains('.')
        && !name.contains([' ', '@'])
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/@:%".contains(c))
}

/// `GET: 79365.08 requests per second, p50=0.319 msec`, `100000 requests completed in 1.21 seconds`, `"GET","79365.08"`.
fn is_of_redis_benchmark(text: &str) -> bool {
    text.contains(" requests per second, p50=")
        || text.trim_start().contains(" requests completed in ")
        || text.starts_with("\"test\",\"rps\"")
        || text.starts_with("\"PING_INLINE\",\"")
}

/// `HTTPS_PROXY=http://10.62.0.8:3128`
fn is_setting(text: &str) -> bool {
    let name = text.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn has_words(text: &str, words: &[&str]) -> bool {
    words.iter().all(|wanted| text.split_ascii_whitespace().any(|word| word == *wanted))
}
