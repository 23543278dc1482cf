//! Reads `strace -e trace=connect`: whom a program tried, and whether it goes on to the next address when one fails.
//!
//! ```text
//! connect(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("10.47.9.22")}, 16) = 0
//! connect(3, {sa_family=AF_UNSPEC, sa_data="\0\0\0\0\0\0\0\0\0\0\0\0\0\0"}, 16) = 0
//! connect(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("10.47.9.21")}, 16) = 0
//! connect(3, {sa_family=AF_INET, sin_port=htons(8350), sin_addr=inet_addr("10.47.9.22")}, 16) = -1 ECONNREFUSED (Connection refused)
//! +++ exited with 1 +++
//! ```
//!
//! glibc sorts the addresses of a name by connecting a UDP socket to each, and dissolving that in between (RFC 3484): such lines tell which
//! addresses the program was given. A connection of which nothing more is told (`= 0`, `EINPROGRESS`) may be of UDP, or come to nothing.

use std::net::IpAddr;

use super::{Findings, Part, Reader, errno, observable};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "strace", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| Call::of(text).is_some()) { 0.97 } else { 0.0 }
}

/// One `connect`, with the address that it names; nothing where the socket is dissolved, or not of the internet.
struct Call<'a> {
    /// The process, where several are traced, and its socket.
    socket: (&'a str, &'a str),
    dissolves: bool,
    to: Option<(IpAddr, u16)>,
    result: &'a str,
}

impl Call<'_> {
    fn of(text: &str) -> Option<Call<'_>> {
        let (before, rest) = text.split_once("connect(")?;
        let process = before.strip_prefix("[pid ").and_then(|rest| rest.split(']').next()).unwrap_or_default();
        // What else may stand before it is a time: `-t`, `-tt`, `-r`.
        let time = before.rsplit("] ").next().unwrap_or_default();
        time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ')).then_some(())?;
        let (socket, rest) = rest.split_once(", {sa_family=AF_")?;
        socket.parse::<u32>().ok()?;
        let (place, result) = rest.split_once(") = ")?;
        let quoted = |start: &str| place.split_once(start)?.1.split('"').next();
        let address = quoted("inet_addr(\"").or_else(|| quoted("inet_pton(AF_INET6, \""));
        let address = address.and_then(|ip| ip.parse().ok());
        let port = place.split_once("_port=htons(").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
        Some(Call { socket: (process, socket), dissolves: place.starts_with("UNSPEC"), to: address.zip(port), result })
    }

    /// How it failed, where that is told: `-1 ECONNREFUSED (Connection refused)`.
    fn failure(&self) -> Option<Outcome> {
        let (_, reason) = self.result.strip_prefix("-1 ")?.split_once('(')?;
        errno::of_reason(reason.split(')').next()?)
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let lines = || part.lines.iter().filter_map(|line| Some((line.number, Call::of(&line.text)?)));
    let calls: Vec<(u32, Call)> = lines().collect();
    // Beside a dissolved socket stand the addresses that were only sorted.
    let sorts = |one: &Call, other: &Call| other.dissolves && one.socket == other.socket && one.result.starts_with('0');
    let mut given: Vec<IpAddr> = Vec::new();
    let mut tried: Vec<(u32, IpAddr, u16, Option<Outcome>)> = Vec::new();
    for (at, (number, call)) in calls.iter().enumerate() {
        findings.noise(*number);
        let Some((address, port)) = call.to else { continue };
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| calls.get(at));
        if beside.map(|(_, other)| other).any(|other| sorts(call, other)) {
            given.push(address);
        } else if port != 0 && port != 53 {
            tried.push((*number, address, port, call.failure()));
        }
    }
    for line in &part.lines {
        let text = line.text.as_str();
        if text.contains("+++ exited with") || text.starts_with("strace: Process ") || text.contains("--- SIG") {
            findings.noise(line.number);
        }
    }
    for (number, address, port, failure) in &tried {
        let Some(outcome) = *failure else { continue };
        let to = Endpoint { address: Some(*address), port: Some(*port), ..Endpoint::default() };
        findings.fact(Lines::one(*number), Claim::Attempt(Attempt { to, ..Attempt::new(Stage::Connect, outcome) }));
    }
    let ended = part.any(|text| text.contains("+++ exited with"));
    if let Some((lines, value, detail)) = failover(&given, &tried, ended) {
        findings.state(lines, observable::ADDRESS_FAILOVER, value, Endpoint::default(), detail);
    }
}

/// Whether a program went on to another address, as far as one has failed.
fn failover(
    given: &[IpAddr],
    tried: &[(u32, IpAddr, u16, Option<Outcome>)],
    ended: bool,
) -> Option<(Lines, &'static str, String)> {
    let (first, address, port, _) = tried.iter().find(|(_, _, _, failure)| failure.is_some()).or(tried.first())?;
    let next = tried.iter().find(|(number, other, to, _)| number > first && other != address && to == port);
    if let Some((number, other, _, _)) = next {
        return Some((Lines::new(*first, *number), "tries_all", format!("after {address} it tried {other}")));
    }
    let left = given.iter().find(|other| *other != address && other.is_ipv4() == address.is_ipv4())?;
    let all_failed = tried.iter().all(|(_, _, _, failure)| failure.is_some());
    (ended && all_failed)
        .then(|| (Lines::one(*first), "first_only", format!("it was given {left}, too, and did not try it")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn what_a_program_writes_itself_is_no_call() {
        for text in [
            "sock.connect(sa)",
            "client.connect(3, {\"host\": \"db\"}) = ok",
            "INFO connect(5) = -1 ECONNREFUSED (Connection refused)",
        ] {
            assert!(Call::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn one_connection_that_is_under_way_says_nothing_of_the_addresses_left() {
        let text = "connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = 0\n\
                    connect(3, {sa_family=AF_UNSPEC, sa_data=\"\\0\"}, 16) = 0\n\
                    connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"10.0.0.2\")}, 16) = 0\n\
                    connect(4, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = -1 EINPROGRESS (Operation now in progress)\n\
                    +++ exited with 0 +++\n";
        assert!(told(READER, text).is_empty());
    }
}
