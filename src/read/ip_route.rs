//! Reads `ip route`, `ip -6 route` and `ip route get`.
//!
//! ```text
//! default via 198.51.100.1 dev eth0
//! 198.51.100.0/24 dev eth0 proto kernel scope link src 198.51.100.23
//! blackhole 203.0.117.0/24
//! RTNETLINK answers: No route to host
//! ```

use std::net::IpAddr;

use super::{CommandLine, Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "ip", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    let rows = part.lines.iter().filter(|line| route(&line.text).is_some()).count();
    let asked = command(part).is_some();
    match rows {
        0 if asked && part.any(|text| refusal(text).is_some() || is_decoration(text) && !text.trim().is_empty()) => {
            0.95
        }
        0 => 0.0,
        _ if asked => 0.97,
        _ if part.any(|text| text.starts_with("default via ") || text.contains(" proto kernel ")) => 0.95,
        1 => 0.7,
        _ => 0.85,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut listed: Option<Lines> = None;
    let mut leads_out = false;
    for line in &part.lines {
        let text = line.text.as_str();
        let number = line.number;
        if let Some(route) = route(text) {
            leads_out |= route.to == "default";
            listed = Some(Lines::new(listed.map_or(number, |lines| lines.first), number));
            tell(Lines::one(number), &route.to, route.value, route.way, findings);
        } else if let Some((value, reason)) = refusal(text) {
            let mut asked =
                command(part).into_iter().flat_map(|command| command.words()).skip_while(|word| *word != "get");
            let to = asked.nth(1).unwrap_or_default();
            // Asked as a router, the kernel refuses a sender that cannot be with the words for a route that leads nowhere.
            if !asked.any(|word| word == "iif") {
                tell(Lines::one(number), to, value, reason, findings);
            }
        } else if is_decoration(text) {
            findings.noise(number);
        }
    }
    // Only a listing of everything shows that there is no way out.
    if let (Some(lines), false, true) = (listed, leads_out, command(part).is_some_and(lists_everything)) {
        tell(lines, "default", "missing", "none of the routes is a default", findings);
    }
}

/// Records a route to an address, a network or `default`.
pub(super) fn tell(lines: Lines, to: &str, value: &str, detail: &str, findings: &mut Findings) {
    let host = to.strip_suffix("/32").or_else(|| to.strip_suffix("/128")).unwrap_or(to);
    let of = match host.parse::<IpAddr>() {
        Ok(address) => Endpoint::at(address, None),
        Err(_) if to.is_empty() => Endpoint::default(),
        Err(_) => Endpoint { name: Some(to.to_owned()), ..Endpoint::default() },
    };
    let state =
        State { observable: observable::ROUTE.to_owned(), value: value.to_owned(), of, detail: detail.to_owned() };
    findings.fact(lines, Claim::State(state));
}

struct Route<'a> {
    /// An address, a network, or `default`.
    to: String,
    value: &'static str,
    /// Through which neighbor and interface.
    way: &'a str,
}

/// A route as `ip` prints it: its kind where it is not an ordinary one, where it leads, and how.
fn route(text: &str) -> Option<Route<'_>> {
    let text = text.trim_end();
    let (kind, rest) = text.split_once(' ')?;
    let value = match kind {
        "blackhole" => "blackhole",
        "unreachable" => "unreachable",
        "prohibit" => "prohibit",
        _ => {
            let word = kind.split('/').next()?;
            let leads = rest.starts_with("via ") || rest.starts_with("dev ") || rest.contains(" dev ");
            (leads && (kind == "default" || word.parse::<IpAddr>().is_ok())).then_some(())?;
            let way = ["proto ", "scope ", "metric ", "src ", "uid "]
                .iter()
                .fold(rest, |way, word| way.split_once(word).map_or(way, |(before, _)| before));
            // "ip neigh" begins alike.
            (!rest.contains(" lladdr ") && !is_neighbor_state(rest)).then_some(())?;
            // A route through an interface without carrier is listed and leads nowhere.
            let way = if rest.ends_with(" linkdown") { rest } else { way.trim() };
            return Some(Route { to: kind.to_owned(), value: "present", way });
        }
    };
    let to = rest.split(' ').next()?;
    (to == "default" || to.split('/').next()?.parse::<IpAddr>().is_ok()).then_some(())?;
    Some(Route { to: to.to_owned(), value, way: "" })
}

fn is_neighbor_state(rest: &str) -> bool {
    let last = rest.split_whitespace().last().unwrap_or_default();
    matches!(last, "FAILED" | "INCOMPLETE" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "PERMANENT" | "NOARP")
}

/// What the kernel answers `ip route get` when it cannot send.
fn refusal(text: &str) -> Option<(&'static str, &str)> {
    let reason = text.strip_prefix("RTNETLINK answers: ")?;
    match reason {
        "Network is unreachable" => Some(("missing", reason)),
        "No route to host" => Some(("unreachable", reason)),
        "Permission denied" => Some(("prohibit", reason)),
        "Invalid argument" => Some(("blackhole", reason)),
        _ => None,
    }
}

fn command(part: &Part) -> Option<&CommandLine> {
    let command = part.command.as_ref().filter(|command| command.runs("ip"))?;
    command.words().any(|word| matches!(word, "r" | "ro" | "route")).then_some(command)
}

fn lists_everything(command: &CommandLine) -> bool {
    let after = command.words().skip_while(|word| !matches!(*word, "r" | "ro" | "route")).skip(1);
    after.filter(|word| !matches!(*word, "show" | "list" | "ls" | "s")).count() == 0
}

fn is_decoration(text: &str) -> bool {
    text.trim().is_empty()
        || text.trim() == "cache"
        || text == "Error: ipv4: FIB table does not exist."
        || text == "Dump terminated"
        // Of all tables: the host's own addresses and groups.
        || ["local ", "broadcast ", "multicast ", "anycast "].iter().any(|kind| text.starts_with(kind) && text.contains(" dev "))
}
