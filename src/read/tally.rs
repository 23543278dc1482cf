//! Reads tallies of access logs: how often each caller, upstream, member or path got each status, as `sort | uniq -c` and awk's arrays count.
//!
//! ```text
//! $ awk '{print $4, $5}' up.log | sort | uniq -c
//!      27 10.60.3.11:8080 200
//!      27 10.60.3.12:8080 500
//! $ awk '{n[$2" "$3]++} END {for (k in n) print k, n[k]}' up.log
//! 10.60.1.5 503 4
//! $ grep -o 'status=[0-9]* upstream=[0-9.:]*' kv.log | sort | uniq -c | sort -rn
//!      27 status=500 upstream=10.60.3.12:8080
//! ```
//!
//! A caller's port would be another one in each request, so an address with a port is an upstream's. Whose a bare address or name is only
//! the drawing tells (`src/place/tallied.rs`): until then it is the caller's. Without a status there is nothing to tell of a request.

use super::curl_write_out::is_registered;
use super::pick::host_port;
use super::{CommandLine, Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::order;

pub(super) const READER: Reader = Reader { kind: "uniq", most: 0.9, recognize, read };

/// What a field is called that holds a status, an upstream, a caller.
const STATUSES: &[&str] = &["status", "code", "http", "us", "upstream_status", "status_code"];
const UPSTREAMS: &[&str] = &["upstream", "ua", "upstream_addr", "uaddr", "backend", "server", "target"];
const CALLERS: &[&str] = &["client", "remote", "remote_addr", "src", "from", "ip", "client_ip", "clientip"];

/// Programs whose lists have numbers that look like statuses and are none.
const OTHERS: &[&str] = &["ss", "netstat", "conntrack", "tcpdump", "tshark", "ps", "lsof", "du", "ls", "find", "who"];

fn recognize(part: &Part) -> f64 {
    match Tally::of(part) {
        Some(tally) if tally.way.is_told() => 0.9,
        Some(tally) if tally.way == Way::Indented => 0.75,
        Some(_) => 0.65,
        None => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let Some(tally) = Tally::of(part) else { return };
    for row in &tally.rows {
        findings.noise(row.line);
        let status = tally.status.and_then(|column| row.status(column)).filter(|status| *status > 0);
        if let Some(status) = status {
            findings.fact(Lines::one(row.line), Claim::Attempt(row.attempt(status)));
        }
    }
}

/// How it is known that a line is a count, and where in it the count stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The command line says so.
    First,
    Last,
    /// `uniq -c` writes its counts seven columns wide.
    Indented,
    /// Only what stands beside it.
    Plain,
}

impl Way {
    fn of(part: &Part) -> Option<Way> {
        let told = match &part.command {
            Some(command) if OTHERS.iter().any(|program| command.runs(program)) => return None,
            Some(command) if command.runs("uniq") && command.flag('c', "--count") => Some(Way::First),
            Some(command) => command.words().find_map(printed),
            None => None,
        };
        let is_indented = |text: &str| {
            let bare = text.trim_start();
            let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
            digits > 0 && text.len() - bare.len() + digits >= 7
        };
        let indented = || part.any(is_indented).then_some(Way::Indented);
        told.or_else(indented).or_else(|| part.command.is_none().then_some(Way::Plain))
    }

    fn is_told(self) -> bool {
        matches!(self, Way::First | Way::Last)
    }
}

/// Where awk prints the count: `{n[$1]++} END {for (k in n) print n[k], k}`.
fn printed(program: &str) -> Option<Way> {
    let (counted, end) = program.split_once("END")?;
    let (_, printed) = end.split_once("print").filter(|_| counted.contains("]++") || counted.contains("]+="))?;
    let values = match printed.strip_prefix('f') {
        Some(formatted) => formatted.split_once("\",").map_or(formatted, |(_, values)| values),
        None => printed,
    };
    let (before, _) = values.split_once('[')?;
    let alone = before.trim_start_matches([' ', '(']).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    Some(if alone { Way::First } else { Way::Last })
}

/// One line: how often, and what.
struct Row<'a> {
    line: u32,
    count: u32,
    key: &'a str,
}

impl<'a> Row<'a> {
    fn parse(line: u32, text: &'a str, way: Way) -> Option<Row<'a>> {
        let text = text.trim();
        let (count, key) = match way {
            Way::Last => text.rsplit_once([' ', '\t', ',', ':']).map(|(key, count)| (count, key))?,
            _ => text.split_once([' ', '\t'])?,
        };
        let count = count.parse().ok().filter(|count| *count > 0)?;
        Some(Row { line, count, key: key.trim().trim_end_matches([':', ',']) })
    }

    fn words(&self) -> impl Iterator<Item = &'a str> {
        let words = self.key.split([' ', '\t', '|', ';']);
        words.map(|word| word.trim_matches(['"', '\'', '[', ']', '(', ')', ','])).filter(|word| !word.is_empty())
    }

    /// The status in this column; 0 where the log has `-`.
    fn status(&self, column: usize) -> Option<u16> {
        let (name, value) = field(self.words().nth(column)?);
        let known = name.is_empty() || is_one_of(STATUSES, name);
        let status = if value == "-" { Some(0) } else { value.parse().ok().filter(|_| value.len() == 3) };
        status.filter(|status| known && is_registered(*status))
    }

    /// Whether it says of which request the status is.
    fn is_of_a_request(&self) -> bool {
        let told = |word: &str| {
            let (name, value) = field(word);
            let place = value.parse::<std::net::IpAddr>().is_ok() || is_upstream(value) || value.starts_with('/');
            place || is_one_of(STATUSES, name) || is_member(value)
        };
        self.words().any(told)
    }

    fn attempt(&self, status: u16) -> Attempt {
        let (mut to, mut from) = (Endpoint::default(), Endpoint::default());
        let mut path = None;
        for word in self.words() {
            let (name, value) = field(word);
            let of_name = name.is_empty() || is_one_of(UPSTREAMS, name) || is_one_of(CALLERS, name);
            if !of_name || value.is_empty() {
                continue;
            }
            let bare = value.parse().ok().map(|address| Endpoint::at(address, None));
            let place = host_port(value).filter(|_| is_upstream(value)).or(bare);
            match place {
                Some(place) if place.port.is_some() || is_one_of(UPSTREAMS, name) => to = place,
                Some(place) => from = place,
                None if value.starts_with('/') => path = value.split('?').next().map(str::to_owned),
                None if is_one_of(UPSTREAMS, name) => to = Endpoint::named(value),
                None if from.is_empty() && is_name(value) => from = Endpoint::named(value),
                None => {}
            }
        }
        let received = to.is_empty();
        Attempt {
            to: if received { Endpoint::self_of_log(None) } else { to },
            // Who called the proxy is not who called the upstream.
            from: if received { from } else { Endpoint::default() },
            path,
            protocol: Some("http".to_owned()),
            status: Some(status),
            count: self.count,
            ..Attempt::new(
                Stage::Exchange,
                if received { Outcome::of_status(status) } else { Outcome::of_upstream_status(status) },
            )
        }
    }
}

/// `status=503`, or a value without a name.
fn field(word: &str) -> (&str, &str) {
    word.split_once('=')
        .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_'))
        .unwrap_or(("", word))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_upstream(text: &str) -> bool {
    host_port(text).is_some_and(|place| place.address.is_some() && place.port.is_some())
}

/// `cart/cart-13`, as haproxy writes backend and server.
fn is_member(text: &str) -> bool {
    !text.starts_with("HTTP/")
        && text.split_once('/').is_some_and(|(backend, server)| is_name(backend) && is_name(server))
}

/// Whether a word can be what a hop is called: with a digit or a hyphen in it, unlike a method or a verdict.
fn is_name(text: &str) -> bool {
    let named =
        |text: &str| text.starts_with(char::is_alphabetic) && text.contains(|c: char| c.is_ascii_digit() || c == '-');
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    text.chars().all(plain) && (named(text) || text.split_once('/').is_some_and(|(_, server)| named(server)))
}

struct Tally<'a> {
    way: Way,
    rows: Vec<Row<'a>>,
    /// Which word of each row is the status; none where only addresses were counted.
    status: Option<usize>,
}

impl<'a> Tally<'a> {
    fn of(part: &'a Part) -> Option<Tally<'a>> {
        let way = Way::of(part)?;
        let filled = || part.lines.iter().filter(|line| !line.text.trim().is_empty());
        let rows = |way| filled().filter_map(|line| Row::parse(line.number, &line.text, way)).collect::<Vec<_>>();
        let rows = rows(way);
        // A key is counted once; a loop prints the same again.
        let mut keys: Vec<&str> = rows.iter().map(|row| row.key).collect();
        order::plain(&mut keys);
        let repeats = keys.windows(2).any(|pair| pair.first() == pair.last());
        if rows.is_empty() || rows.len() * 2 < filled().count() || repeats {
            return None;
        }
        let width = rows.iter().map(|row| row.words().count()).min()?;
        let is_status = |column: &usize| {
            let mut statuses = rows.iter().map(|row| row.status(*column));
            statuses.all(|status| status.is_some()) && rows.iter().any(|row| row.status(*column) > Some(0))
        };
        let mut columns = (0..width).filter(is_status);
        let status = columns.next().filter(|_| columns.next().is_none());
        if status.is_none() {
            let only_places = |row: &Row| {
                row.words().all(|word| field(word).1.parse::<std::net::IpAddr>().is_ok() || is_upstream(field(word).1))
            };
            return (way.is_told() && rows.iter().all(only_places)).then_some(Tally { way, rows, status });
        }
        let of_requests = rows.iter().all(Row::is_of_a_request);
        let evident = match way {
            Way::First | Way::Last => of_requests || part.command.as_ref().is_some_and(reads_a_log),
            Way::Indented => of_requests || width == 1 && rows.len() > 1 && has_success(&rows),
            // A loop that numbers its rounds counts nothing.
            Way::Plain => {
                let numbered = rows.iter().zip(1..).all(|(row, number)| row.count == number);
                of_requests && rows.len() > 1 && width > 1 && !numbered
            }
        };
        evident.then_some(Tally { way, rows, status })
    }
}

/// Whether any status is one of an answer without an error: of a list of other numbers, hardly one is.
fn has_success(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.status(0).is_some_and(|status| matches!(status, 200..=206 | 301..=304)))
}

fn reads_a_log(command: &CommandLine) -> bool {
    command.words().any(|word| word.contains("log") || word.contains("access"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    #[test]
    fn an_address_with_a_port_is_an_upstream_and_one_without_may_be_a_caller() {
        let command = "awk '{print $4, $3}' /var/log/nginx/up.log | sort | uniq -c";
        let text = "    120 10.60.3.11:8080 200\n     90 10.60.3.12:8080 502\n";
        assert_eq!(
            told_below(command, text, read),
            [
                "120 requests to 10.60.3.11:8080 worked",
                "90 requests to 10.60.3.12:8080 brought no answer that could be used"
            ]
        );
        let command = "awk '{n[$3\" \"$5]++} END {for (k in n) print n[k], k}' access.log | sort -k2";
        let text = "26 10.66.3.11 200\n600 10.66.3.12 503\n";
        assert_eq!(
            told_below(command, text, read),
            ["26 requests to self worked", "600 requests to self were answered 503"]
        );
    }

    #[test]
    fn awk_prints_the_count_on_either_side() {
        let programs = [
            ("{n[$1]++} END {for (k in n) print n[k], k}", Some(Way::First)),
            ("{n[$1]++} END {for (k in n) print k, n[k]}", Some(Way::Last)),
            ("{n[$1]++} END {for (k in n) print k\": \"n[k]}", Some(Way::Last)),
            ("{c[$9]++}END{for(s in c)printf \"%6d %s\\n\",c[s],s}", Some(Way::First)),
            ("{print $1, $9}", None),
        ];
        for (program, way) in programs {
            assert_eq!(printed(program), way, "{program}");
        }
    }

    #[test]
    fn a_number_that_is_no_status_tells_nothing() {
        let sure = |command: Option<&str>, text: &str| {
            let command = command.map(CommandLine::parse);
            recognize(&Part::new(command, crate::clean::clean(text)))
        };
        assert_eq!(sure(None, "    120 2026\n     90 2025\n"), 0.0);
        assert_eq!(sure(None, "    120 10.0.0.5 443\n     90 10.0.0.6 22\n"), 0.0);
        // Process ids, and the rounds of a loop.
        assert_eq!(sure(None, "      3 412\n      1 415\n"), 0.0);
        assert_eq!(sure(None, "1 10.0.0.5 200\n2 10.0.0.6 502\n"), 0.0);
        assert_eq!(sure(None, "1 10.0.0.5 200\n4 10.0.0.5 200\n"), 0.0);
        assert_eq!(sure(Some("ss -tn | awk '{print $4}' | sort | uniq -c"), "      3 10.0.0.5:500\n"), 0.0);
        // Counted addresses are understood, and say nothing of any request.
        let counted = "    100 upstream=10.60.3.11\n    100 upstream=10.60.3.12\n";
        let command = "grep -o 'upstream=[0-9.]*' seats.log | sort | uniq -c";
        assert!(sure(Some(command), counted) > 0.5);
        assert!(told_below(command, counted, read).is_empty());
    }
}
