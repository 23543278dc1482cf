//! Reads any paste: splits it at shell prompts, recognizes the tool behind each part, and takes facts from it.
//!
//! Reading never fails. What no reader understands is reported by line.

use crate::clean::{Line, clean};
use crate::evidence::Lines;

mod access_log;
mod ansible;
mod apache_error;
mod app_log;
mod arp;
mod aws;
mod bare_answer;
mod bgp;
mod caching;
mod carried;
mod certificate;
mod certificate_chain;
mod chain;
mod clock;
mod cloud_health;
mod command_line;
mod complaint;
mod conntrack;
mod count_note;
mod counters;
mod cpu_stat;
mod crontab;
mod curl_verbose;
mod curl_write_out;
mod df;
mod dig;
mod dig_json;
mod dig_short;
mod divide;
mod dns;
mod dnsmasq;
mod docker;
mod driver;
mod embedded;
mod envoy_access;
mod errno;
mod exim;
mod exit_status;
mod findings;
mod firewall;
mod fleetctl;
mod fping;
mod free;
mod fpm_status;
mod getent;
mod gunicorn;
mod haproxy_check;
mod haproxy_log;
mod haproxy_servers;
mod haproxy_stat;
mod har;
mod host;
mod host_tables;
mod http_head;
mod ifconfig;
mod intent;
mod ip_address;
mod ip_json;
mod ip_neighbor;
mod ip_route;
mod ipconfig;
mod iptables;
mod job_log;
mod json;
mod kernel_log;
mod kubectl;
mod load_test;
mod log_line;
mod lsof;
mod mosquitto;
mod mosquitto_client;
mod mtr;
mod metric_table;
mod mysql;
mod mysql_slow_log;
mod name_files;
mod nc;
mod netstat;
mod nft;
mod nginx_error;
mod nmap;
mod nping;
mod note;
mod nslookup;
mod nstat;
mod ntpdate;
mod observable;
mod openssl_s_client;
mod openssl_x509;
mod part;
mod passive;
mod pg_isready;
mod pgbouncer;
mod pick;
mod ping;
mod pool_table;
mod postfix;
mod postgres_log;
mod programs;
mod prefixed;
mod prometheus;
mod prompt;
mod psql;
mod reader;
mod readers;
mod reading;
mod redis_cli;
mod remark;
mod repeats;
mod request;
mod resolve_dns_name;
mod resolvectl;
mod restart;
mod route;
mod routes;
mod settings;
mod sockets;
mod source;
mod ss;
mod statement_log;
mod strace;
mod stub_status;
mod swaks;
mod surest;
mod sysctl;
mod systemd;
mod tally;
mod tcpdump;
mod telnet;
mod test_net_connection;
mod time_sources;
mod tinyproxy;
mod tls;
mod trace;
mod trace_spans;
mod tracepath;
mod traceroute;
mod tshark;
mod ufw;
mod unwrap;
mod varnish;
mod voice;
mod vpc_flow;
mod wget;
mod wireguard;

pub use command_line::CommandLine;
pub use readers::kinds;
pub use reading::{Block, Reading, UNKNOWN};

use findings::Findings;
use part::Part;
use reader::Reader;
use readers::READERS;

/// Below this a reader is not asked to read: a wrong guess would invent facts.
const SURE_ENOUGH: f64 = 0.5;

/// From here on the lines that one reader leaves over are another tool's output, and not just lines of its own it does not know.
const ANOTHER_TOOL: f64 = 0.6;

/// Up to here a reader has seen no more than the shape of its lines.
const BY_SHAPE: f64 = 0.6;

/// Reads a paste. `command` is the command line that printed it, if known; `as_kind` overrides the recognition.
pub fn read(text: &str, command: Option<&str>, as_kind: Option<&str>) -> Reading {
    let mut lines = clean(text);
    if command.is_none() && as_kind.is_none() && source::is_script(&lines) {
        return Reading { blocks: vec![Block::unread(&lines)] };
    }
    carried::unpack(&mut lines);
    unwrap::read(lines, |lines| read_lines(lines, command, as_kind))
}

fn read_lines(lines: Vec<Line>, command: Option<&str>, as_kind: Option<&str>) -> Reading {
    let mut blocks = Vec::new();
    // What `time` printed, until there is a block to which it belongs.
    let mut seconds = None;
    for stretch in prompt::split(lines, command).into_iter().flat_map(divide::divide).map(embedded::unwrapped) {
        if says_itself(&stretch) || blocks.last().is_some_and(|above| repeats_the_end_of(above, &stretch)) {
            continue;
        }
        let command = stretch.command.as_deref().map(CommandLine::parse);
        seconds = prompt::seconds(&stretch, seconds);
        let mut lines = stretch.lines;
        let is_shells =
            |command: &CommandLine, text: &str| prompt::is_of_shell(text) && !exit_status::is_cut_off(command, text);
        lines.retain(|line| command.as_ref().is_none_or(|command| !is_shells(command, &line.text)));
        let mut part = Part::new(command, lines);
        let from = blocks.len();
        while part.lines.iter().any(|line| !line.text.trim().is_empty()) {
            let (block, rest) = prefixed::read(&part, |part| read_part(part, as_kind));
            let progress = rest.len() < part.lines.len();
            blocks.push(block);
            part = Part::new(part.command, rest);
            if !progress {
                break;
            }
        }
        if let [block] = blocks.get_mut(from..).unwrap_or_default()
            && let Some(seconds) = seconds.take()
        {
            block.took(seconds);
        }
        for block in blocks.iter_mut().skip(from) {
            block.command.clone_from(&stretch.command);
            block.prompt_host.clone_from(&stretch.host);
        }
    }
    prometheus::since(&mut blocks);
    passive::follow(&mut blocks);
    Reading { blocks }
}

/// Whether `echo` has printed its own words: `== www`, by which a loop tells its rounds apart.
fn says_itself(stretch: &prompt::Stretch) -> bool {
    let said = stretch.command.as_deref().and_then(|command| command.strip_prefix("echo ")).map(str::trim);
    let bare = said.map(|said| said.trim_matches(['"', '\'']));
    let mut filled = stretch.lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty());
    bare.is_some() && filled.next() == bare && filled.next().is_none()
}

/// Whether all that is left is the status of a command whose output has told how it ended.
fn repeats_the_end_of(above: &Block, stretch: &prompt::Stretch) -> bool {
    let rest = above.command.as_deref().and_then(|before| stretch.command.as_deref()?.strip_prefix(before));
    let asks = rest.is_some_and(|rest| exit_status::is_asked(rest.trim_start_matches([';', ' '])));
    let mut filled = stretch.lines.iter().filter(|line| !line.text.trim().is_empty());
    let repeats = filled.next().is_some_and(|line| exit_status::repeats(&line.text));
    asks && !above.facts.is_empty() && repeats && filled.next().is_none()
}

/// Reads with the surest reader. Lines it does not understand go back, so that another tool's output among them is read too.
fn read_part(part: &Part, as_kind: Option<&str>) -> (Block, Vec<Line>) {
    let source = source::is_source(part);
    let mut surest = if source && as_kind.is_none() { None } else { surest::of(part, as_kind, None) };
    let mut findings = Findings::default();
    let (kind, confidence) = match surest {
        Some((mut reader, mut confidence)) if confidence >= SURE_ENOUGH || as_kind.is_some() => {
            (reader.read)(part, &mut findings);
            // What it knows by one line may be another's by the rest.
            if as_kind.is_none()
                && findings.facts.is_empty()
                && findings.understood.is_empty()
                && let Some(next) = surest::of(part, None, Some(reader.kind)).filter(|(_, sure)| *sure >= ANOTHER_TOOL)
            {
                surest = Some(next);
                (reader, confidence) = next;
                (reader.read)(part, &mut findings);
            }
            // A log by its shape alone, in which nothing is known: whoever printed it may still complain.
            if findings.facts.is_empty() && confidence <= BY_SHAPE {
                complaint::read(part, &mut findings);
            }
            (source::called(part, reader), confidence)
        }
        _ => {
            if !source {
                complaint::read(part, &mut findings);
            }
            // Its output has no shape that is known, and still it is that program's.
            let named = part.command.as_ref().and_then(source::commanded);
            let unnamed =
                || if findings.facts.is_empty() && note::is_good_news(part) { note::READER.kind } else { UNKNOWN };
            (named.unwrap_or_else(unnamed), if named.is_some() { SURE_ENOUGH } else { 0.0 })
        }
    };
    if !source {
        bare_answer::read(part, &mut findings);
        exit_status::read(part, &mut findings);
        restart::read(part, &mut findings);
        remark::read(part, &mut findings);
        repeats::read(part, &mut findings);
        intent::read(part, &mut findings);
        passive::read(part, &mut findings);
    }
    findings.settle(&part.lines);
    let understood = |line: &Line| {
        findings.understood.binary_search(&line.number).is_ok() || (kind != UNKNOWN && prompt::is_of_shell(&line.text))
    };
    let (known, rest): (Vec<&Line>, Vec<&Line>) = part.lines.iter().partition(|line| understood(line));
    let filled = |lines: &[&Line]| -> Vec<u32> {
        lines.iter().filter(|line| !line.text.trim().is_empty()).map(|line| line.number).collect()
    };
    let is_left = rest.iter().any(|line| !line.text.trim().is_empty());
    let other_tool = !known.is_empty() && is_left && {
        let leftover = Part::new(part.command.clone(), rest.iter().map(|line| (*line).clone()).collect());
        // Several readers may share a kind: haproxy's state and haproxy's log come in one paste.
        let another = |reader: &Reader| surest.is_none_or(|(surest, _)| !std::ptr::eq(reader, surest));
        READERS.iter().any(|reader| another(reader) && (reader.recognize)(&leftover) >= ANOTHER_TOOL)
    };
    if !other_tool && kind != UNKNOWN && kind != "curl" && !source {
        complaint::overheard(part, &mut findings);
    }
    let covered = if other_tool { filled(&known) } else { filled(&part.lines.iter().collect::<Vec<_>>()) };
    let span = match (covered.first(), covered.last()) {
        (Some(first), Some(last)) => Lines::new(*first, *last),
        _ => Lines::one(1),
    };
    let unread = match () {
        // Lines that tell nothing are understood beside others that do.
        () if findings.facts.is_empty() => Lines::runs(covered),
        () if other_tool => Vec::new(),
        () => Lines::runs(filled(&rest)),
    };
    let block = Block {
        kind: kind.to_owned(),
        confidence,
        lines: span,
        command: None,
        prompt_host: None,
        facts: findings.facts,
        unread,
    };
    let rest = if other_tool { rest.into_iter().cloned().collect() } else { Vec::new() };
    (block, rest)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
use tests::{told, told_below};
