//! Reads the text of `tcpdump`: how each TCP connection began, what routers said of it, DNS answers, ARP without answer.
//!
//! ```text
//! 03:18:26.841924 IP 198.51.100.23.60306 > 203.0.113.10.4430: Flags [S], seq 1262780673, win 64240, length 0
//! 03:18:26.841979 IP 203.0.113.10.4430 > 198.51.100.23.60306: Flags [R.], seq 0, ack 1262780674, win 0, length 0
//! 03:18:32.554535 IP 192.0.2.2 > 198.51.100.23: ICMP host 203.0.114.5 unreachable - admin prohibited filter, length 92
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::observable::PATH;
use super::{Findings, Part, Reader, observable};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Lookup, Outcome, Stage, State};

mod packet;
mod questions;

use packet::{Heading, Packet, addressed, packet, stamped};

pub(super) const READER: Reader = Reader { kind: "tcpdump", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with("tcpdump: ") || text.starts_with("listening on ") || reads_a_file(text)) {
        return 0.97;
    }
    if part.any(|text| packet(text).is_some()) {
        return 0.95;
    }
    if part.any(|text| stamped(text).is_some_and(names_a_protocol)) { 0.85 } else { 0.0 }
}

fn reads_a_file(text: &str) -> bool {
    text.starts_with("reading from file ") && text.contains("link-type ")
}

/// What stands behind the time in packets of any kind: `IP (tos 0x0, …`, `ARP, …`, `IS-IS, …`, `eth0  In  IP …`.
fn names_a_protocol(rest: &str) -> bool {
    let word = rest.split([' ', ',', ':']).next().unwrap_or_default();
    let spoken = word.len() >= 2 && word.starts_with(|c: char| c.is_ascii_uppercase() || c == '[' || c == '8');
    let known = matches!(word, "IP" | "IP6" | "ARP" | "STP" | "LLDP" | "MPLS" | "PPPoE" | "CDPv2" | "IPX" | "EAP");
    known || rest.contains(" > ") && rest.contains("length ") || spoken && rest.contains(", length ")
}

fn read(part: &Part, findings: &mut Findings) {
    let mut seen = Seen::default();
    let mut inside = false;
    // With -A the bytes of a packet follow its line as text, up to the next packet.
    let mut bytes = false;
    for line in &part.lines {
        // With -v the addresses stand on a line of their own below the header of the packet, with -x its bytes do.
        let below = inside && line.text.starts_with([' ', '\t']);
        let headed = stamped(&line.text).is_some();
        bytes = !headed && (bytes || inside && begins_bytes(&line.text)) && !is_decoration(&line.text);
        if bytes || headed || below {
            seen.payload(line.number, &line.text, findings);
        }
        if bytes {
            findings.noise(line.number);
            continue;
        }
        let known = match packet(&line.text).or_else(|| below.then(|| addressed(line.text.trim_start())).flatten()) {
            Some(packet) => seen.packet(line.number, &packet, findings),
            None => is_decoration(&line.text) || below || stamped(&line.text).is_some(),
        };
        inside = headed || below;
        if known {
            findings.noise(line.number);
        }
    }
    seen.finish(findings);
}

/// The header of an IPv4 packet begins with the byte 0x45, that of an IPv6 one with 0x6 in its upper half; most of the bytes behind it are no letters.
fn begins_bytes(text: &str) -> bool {
    text.starts_with(['E', '`']) && text.contains("..")
}

/// The status of an answer's head: `HTTP/1.1 503 Service Unavailable`, with other bytes in front.
fn status(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("HTTP/1.")?;
    let status = rest.get(1..)?.strip_prefix(' ')?.get(..3)?;
    status.parse().ok().filter(|status| (200..600).contains(status))
}

/// First packets of an unanswered connection that came in, that went out, and answers to them, as far as the capture tells them apart.
const ARRIVED: &str = "arrived";
const SENT: &str = "sent";
const ANSWERED: &str = "answered";
const ELSEWHERE: &str = "elsewhere";

/// Connections and questions of which not everything was seen yet.
#[derive(Default)]
pub(super) struct Seen {
    /// By both ends, in the direction of the first packet.
    connections: BTreeMap<(String, String), Connection>,
    /// The last connection begun to an address.
    last_to: BTreeMap<IpAddr, (String, String)>,
    /// Both ends of the packet whose bytes are being printed.
    current: Option<(Endpoint, Endpoint)>,
    /// By number.
    questions: BTreeMap<String, Question>,
    /// Addresses that nobody has answered for yet, and how often they were asked for.
    wanted: BTreeMap<IpAddr, (Lines, u32)>,
    /// Ends that said they have no room for more, and how often.
    closed: Vec<(Endpoint, Lines, u32)>,
    /// Addresses of which a router has said that it cannot reach them.
    refused: BTreeSet<IpAddr>,
}

struct Connection {
    from: Endpoint,
    to: Endpoint,
    lines: Lines,
    /// First packets that came in, went out, and of which that is not told. Who passes one on shows it twice.
    arrived: u32,
    sent: u32,
    seen: u32,
    /// How often the other end has said that it is ready to talk.
    ready: u32,
    /// The one who began has answered that.
    established: bool,
    /// When it began, none before it to this address was without an answer.
    alone: bool,
    outcome: Option<Outcome>,
    came_by: String,
    /// The answer went out by another interface than the first packet had come in by.
    answered_by_another: bool,
}

struct Question {
    line: u32,
    record: String,
    name: String,
    server: Option<IpAddr>,
}

impl Seen {
    /// What an HTTP server answers, where the bytes of its packet are shown.
    fn payload(&mut self, number: u32, text: &str, findings: &mut Findings) {
        if let Some(packet) = packet(text) {
            self.current = Some((packet.from, packet.to));
        }
        let Some(status) = status(text) else { return };
        let Some((server, client)) = self.current.take() else { return };
        let from = Endpoint { port: None, ..client };
        let (outcome, protocol) = (Outcome::of_status(status), Some("http".to_owned()));
        let attempt =
            Attempt { to: server, from, protocol, status: Some(status), ..Attempt::new(Stage::Exchange, outcome) };
        findings.fact(Lines::one(number), Claim::Attempt(attempt));
    }

    fn packet(&mut self, number: u32, packet: &Packet, findings: &mut Findings) -> bool {
        if let Some(flags) = packet.says.strip_prefix("Flags [").and_then(|rest| rest.split(']').next()) {
            self.tcp(number, packet, flags);
            // A reset has no window.
            if !flags.contains('R') {
                self.has_room(number, packet);
            }
        } else if let Some(rest) = packet.says.strip_prefix("ICMP ").or_else(|| packet.says.strip_prefix("ICMP6, ")) {
            self.icmp(number, packet, rest, findings);
        } else if let Some(rest) = packet.says.strip_prefix("Request who-has ") {
            let wanted: Option<IpAddr> = rest.split([' ', ',']).next().and_then(|address| address.parse().ok());
            if let Some(address) = wanted {
                let (lines, times) = self.wanted.entry(address).or_insert((Lines::one(number), 0));
                (*lines, *times) = (Lines::new(lines.first, number), *times + 1);
            }
        } else if let Some((address, _)) =
            packet.says.strip_prefix("Reply ").and_then(|rest| rest.split_once(" is-at "))
        {
            if let Ok(address) = address.parse::<IpAddr>() {
                self.wanted.remove(&address);
            }
        } else if packet.from.port == Some(53) || packet.to.port == Some(53) {
            self.dns(number, packet, findings);
        } else {
            return packet.says.starts_with("UDP");
        }
        true
    }

    fn tcp(&mut self, number: u32, packet: &Packet, flags: &str) {
        let (from, to) = (packet.ends.0.to_owned(), packet.ends.1.to_owned());
        if flags.starts_with('S') && !flags.contains('.') {
            let mut alone = true;
            if let Some(address) = packet.to.address {
                let before = self.last_to.insert(address, (from.clone(), to.clone()));
                let before = before.and_then(|ends| self.connections.get(&ends));
                alone = before.is_none_or(|before| before.alone && before.outcome.is_some());
            }
            let known = self.connections.entry((from, to)).or_insert_with(|| Connection {
                from: packet.from.clone(),
                to: packet.to.clone(),
                lines: Lines::one(number),
                arrived: 0,
                sent: 0,
                seen: 0,
                ready: 0,
                established: false,
                alone,
                outcome: None,
                came_by: packet.interface.to_owned(),
                answered_by_another: false,
            });
            // Whoever is told that it cannot be reached gives up: that was about another one.
            known.outcome = known.outcome.filter(|outcome| *outcome != Outcome::Unreachable);
            *match packet.heading {
                Heading::In => &mut known.arrived,
                Heading::Out => &mut known.sent,
                Heading::Untold => &mut known.seen,
            } += 1;
            known.lines = Lines::new(known.lines.first, number);
        } else if let Some(known) = self.connections.get_mut(&(from.clone(), to.clone())) {
            known.established = true;
        } else if let Some(known) = self.connections.get_mut(&(to, from)) {
            known.ready += u32::from(flags.starts_with('S'));
            known.answered_by_another |=
                known.arrived > 0 && packet.heading == Heading::Out && packet.interface != known.came_by;
            if known.ready > 1 {
                known.lines = Lines::new(known.lines.first, number);
            }
            let outcome = match (flags.contains('R'), known.outcome) {
                (true, None) => Some(Outcome::Refused),
                (true, Some(Outcome::Ok)) => Some(Outcome::Reset),
                (false, None) if flags.starts_with('S') => Some(Outcome::Ok),
                _ => return,
            };
            known.outcome = outcome;
            known.lines = Lines::new(known.lines.first, number);
        }
    }

    /// Whether an end still has no room for more, by the last that it said.
    fn has_room(&mut self, number: u32, packet: &Packet) {
        let at = self.closed.iter().position(|(end, ..)| *end == packet.from);
        match (at, packet.says.contains(", win 0,")) {
            (Some(at), true) => {
                if let Some((_, lines, times)) = self.closed.get_mut(at) {
                    (*lines, *times) = (Lines::new(lines.first, number), *times + 1);
                }
            }
            (Some(at), false) => drop(self.closed.swap_remove(at)),
            (None, true) => self.closed.push((packet.from.clone(), Lines::one(number), 1)),
            (None, false) => {}
        }
    }

    /// A router's word about a connection that is being made.
    fn icmp(&mut self, number: u32, packet: &Packet, says: &str, findings: &mut Findings) {
        let Some((about, why)) = says.split_once(" unreachable") else { return };
        let address = about.split(' ').find_map(|word| word.parse::<IpAddr>().ok());
        if about.ends_with("udp port 53")
            && let Some(id) = self.questions.iter().find(|(_, asked)| asked.server == address).map(|(id, _)| id.clone())
            && let Some(Question { line, record, name, server }) = self.questions.remove(&id)
        {
            let lookup = Lookup { record, server, ..Lookup::new(&name, Outcome::DnsUnreachable) };
            findings.fact(Lines::new(line, number), Claim::Lookup(lookup));
            return;
        }
        let port: Option<u16> = about.rsplit_once(" port ").and_then(|(_, port)| port.parse().ok());
        let last = address.and_then(|address| self.last_to.get(&address));
        let last = last.and_then(|ends| self.connections.get_mut(ends));
        let open = last.as_ref().is_none_or(|known| known.outcome.is_none());
        // Where it names no port and several wait, it may be about any of them, or about one that was not captured.
        let its_own = |known: &&mut Connection| port.map_or(known.alone, |port| known.to.port == Some(port));
        if let Some(known) = last.filter(|_| open).filter(its_own) {
            known.outcome = Some(Outcome::Unreachable);
            known.lines = Lines::new(known.lines.first, number);
        } else if let (true, Some(address)) = (open, address)
            && about.starts_with(['h', 'n'])
            && self.refused.insert(address)
        {
            // Whatever it was that could not go on: a ping, or a packet before the capture began.
            let (value, verb) = if why.contains("prohibited") { ("prohibited", "by") } else { ("unreachable", "says") };
            let detail = format!("{verb} {}", packet.from);
            findings.state(Lines::one(number), PATH, value, Endpoint::at(address, None), detail);
        }
    }

    /// A TCP segment as another program prints it, with the flags as letters: `S`, `S.`, `R.`, `.`.
    pub(super) fn segment(&mut self, number: u32, (from, to): (Endpoint, Endpoint), ends: (&str, &str), flags: &str) {
        self.tcp(number, &Packet { from, to, ends, says: "", heading: Heading::Untold, interface: "" }, flags);
    }

    pub(super) fn finish(self, findings: &mut Findings) {
        for connection in self.connections.into_values() {
            // One first packet without an answer may only be cut off; a repeated one was not answered.
            let outcome = match connection.outcome {
                None if connection.arrived.max(connection.sent).max(connection.seen) > 1 => Outcome::ConnectTimeout,
                None => continue,
                // Told again and again, and never answered: it did not arrive.
                Some(Outcome::Ok) if connection.ready > 1 && !connection.established => Outcome::ConnectTimeout,
                Some(outcome) => outcome,
            };
            let tests = if outcome == Outcome::Reset { Stage::Exchange } else { Stage::Connect };
            let from = Endpoint { port: None, ..connection.from };
            let attempt =
                Attempt { to: connection.to, from, protocol: Some("tcp".to_owned()), ..Attempt::new(tests, outcome) };
            let mut numbers = BTreeMap::new();
            if connection.answered_by_another {
                numbers.insert(ELSEWHERE.to_owned(), 1.0);
            }
            if outcome == Outcome::ConnectTimeout {
                let counts = [(ARRIVED, connection.arrived), (SENT, connection.sent), (ANSWERED, connection.ready)];
                numbers
                    .extend(counts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| ((*name).to_owned(), f64::from(*n))));
            }
            findings.measured(connection.lines, numbers, Claim::Attempt(attempt));
        }
        for (end, lines, times) in self.closed {
            let detail = format!("window 0, said {times} times");
            findings.state(lines, observable::RECEIVE_QUEUE, "unread", end, detail);
        }
        for (address, (lines, times)) in self.wanted.into_iter().filter(|(_, (_, times))| *times > 1) {
            let state = State {
                observable: observable::NEIGHBOR.to_owned(),
                value: "failed".to_owned(),
                of: Endpoint::at(address, None),
                detail: format!("asked for {times} times, nobody answered"),
            };
            findings.fact(lines, Claim::State(state));
        }
    }
}

fn is_decoration(text: &str) -> bool {
    text.trim().is_empty()
        || text.starts_with("tcpdump: ")
        || text.starts_with("listening on ")
        || reads_a_file(text)
        || text.ends_with(" captured")
        || text.ends_with(" received by filter")
        || text.ends_with(" dropped by kernel")
        || text.trim() == "^C"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Findings;

    /// The numbers behind what was found in a text of tcpdump 4.99.
    fn numbers(text: &str) -> Vec<BTreeMap<String, f64>> {
        let part = Part::new(None, crate::clean::clean(text));
        let mut findings = Findings::default();
        read(&part, &mut findings);
        findings.facts.into_iter().map(|fact| fact.numbers).collect()
    }

    #[test]
    fn a_router_that_names_no_port_does_not_speak_of_who_tries_on() {
        let text = "05:18:47.506700 IP 10.40.1.10.36230 > 10.60.3.22.5432: Flags [S], seq 1740961881, win 64240, length 0\n\
                    05:18:47.840363 IP 172.20.5.2 > 10.40.1.10: ICMP host 10.60.3.22 unreachable - admin prohibited filter, length 68\n\
                    05:18:48.530720 IP 10.40.1.10.36230 > 10.60.3.22.5432: Flags [S], seq 1740961881, win 64240, length 0";
        let told = crate::read::told(READER, text);
        assert_eq!(told, ["the request to 10.60.3.22:5432 was never answered: the connection timed out"]);
    }

    #[test]
    fn packets_that_only_come_in_are_told_from_those_passed_on() {
        let came = "12:45:49.692366 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, length 0\n\
                    12:45:50.715749 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, length 0";
        assert_eq!(numbers(came), [BTreeMap::from([("arrived".to_owned(), 2.0)])]);
        let passed = "12:45:49.692366 eth1  In  IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, length 0\n\
                      12:45:49.692391 eth0  Out IP 198.51.100.40.56636 > 192.0.2.20.8080: Flags [S], seq 3935450471, win 64240, length 0";
        assert!(numbers(passed).is_empty(), "one packet, seen twice, may still be answered");
    }
}
