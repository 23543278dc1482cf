//! Reads `redis-cli`: INFO, PING, errors, and who empties it while MONITOR looks on.
//!
//! ```text
//! Could not connect to Redis at 10.9.0.4:6379: Connection refused
//! Error: Server closed the connection
//! (error) OOM command not allowed when used memory > 'maxmemory'.
//! role:slave
//! master_link_status:down
//! 1795965474.854888 [0 10.9.0.12:49736] "flushdb"
//! ```

use super::command_line::CommandLine;
use super::observable::{DB_CONNECTIONS, JOB_RUN, MEMORY, REPLICATION, SLOWLOG, STORE_EMPTIED};
use super::pick::host_port;
use super::request::endpoint;
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage, spoken_seconds};

pub(super) const READER: Reader = Reader { kind: "redis-cli", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    // Without a terminal an error is printed bare: "READONLY You can't write against a read only replica."
    let error = |text: &str| {
        ["(error) ", "Could not connect to Redis at ", "READONLY ", "OOM command", "NOAUTH ", "MISCONF "]
            .iter()
            .any(|start| text.starts_with(start))
    };
    let info = |text: &str| {
        text.starts_with("redis_version:")
            || text.starts_with("connected_clients:")
            || text.starts_with("used_memory:")
            || text.starts_with("role:")
    };
    match part.runs("redis-cli") {
        true if part.any(error)
            || part.any(info)
            || part.any(|text| is_reply(text.trim_start()))
            || part.any(|text| text == CLOSED || monitored(text).is_some()) =>
        {
            0.98
        }
        true => 0.7,
        false if part.any(error) || part.any(info) || part.any(|text| monitored(text).is_some()) => 0.9,
        false => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let server = server(part.command.as_ref());
    let mut info = Info::default();
    let mut answered = None;
    let mut hung_up = None;
    let slowlog =
        part.command.as_ref().is_some_and(|command| command.words().any(|w| w.eq_ignore_ascii_case("slowlog")));
    let mut slow = None;
    for line in &part.lines {
        let text = line.text.trim();
        if slowlog {
            // The third number of an entry is how many microseconds it took, the fourth its command.
            let took = text.strip_prefix("3) (integer) ").and_then(|count| count.parse().ok());
            slow = took.filter(|micros: &f64| *micros >= SLOW).or(slow);
            if let Some((micros, command)) = slow.zip(text.strip_prefix("4) 1) ")) {
                let detail = format!("{} took {}", command.trim_matches('"'), spoken_seconds(micros / 1e6));
                findings.state(Lines::one(line.number), SLOWLOG, "long", server.clone().unwrap_or_default(), detail);
                slow = None;
            }
        }
        if let Some((client, statement)) = monitored(text) {
            match (client, statement.as_str()) {
                // Everything that everybody stored is gone, whoever asked for it.
                (Some(of), "flushdb" | "flushall") => {
                    findings.state(Lines::one(line.number), STORE_EMPTIED, "by_it", of, statement);
                }
                // Several keys at once, as a script deletes that has looked for them.
                (Some(of), "del" | "unlink") if text.matches('"').count() > 4 => {
                    findings.state(Lines::one(line.number), STORE_EMPTIED, "in_part", of.clone(), statement.clone());
                    findings.state(Lines::one(line.number), JOB_RUN, "deleted", of, statement);
                }
                _ => findings.noise(line.number),
            }
            continue;
        }
        let text = text.strip_prefix("(error) ").unwrap_or(text);
        let mut claims = driver::said(text);
        // "Could not connect to Redis at ::1:6379: Connection refused": an address of IPv6 stands without brackets.
        if claims.is_empty()
            && let Some((place, why)) =
                text.strip_prefix("Could not connect to Redis at ").and_then(|rest| rest.split_once(": "))
            && let Some((host, port)) = place.rsplit_once(':')
            && let (Ok(address), Some(outcome)) = (host.parse(), driver::errno(why))
        {
            let to = Endpoint::at(address, port.parse().ok());
            let protocol = Some("redis".to_owned());
            claims.push(Claim::Attempt(Attempt { to, protocol, ..Attempt::new(outcome.stage(), outcome) }));
        }
        if !claims.is_empty() {
            for mut claim in claims {
                // Whoever was asked complains, or who stands behind it.
                if let (Claim::State(state), Some(server)) = (&mut claim, &server)
                    && state.of.is_empty()
                {
                    state.of.clone_from(server);
                }
                findings.fact(Lines::one(line.number), claim);
            }
        } else if info.note(text, line.number) || is_reply(text) {
            findings.noise(line.number);
            answered.get_or_insert(line.number);
        } else if text == CLOSED {
            hung_up.get_or_insert(line.number);
        } else if line.text.starts_with("# ") {
            findings.noise(line.number);
        }
    }
    // What came before the end shows that it is a connection in use that was cut.
    let ended = match (hung_up, answered) {
        (Some(number), Some(_)) => Some((number, Outcome::Truncated)),
        (Some(number), None) => Some((number, Outcome::EmptyReply)),
        (None, answered) => answered.map(|number| (number, Outcome::Ok)),
    };
    if let (Some(to), Some((number, outcome))) = (server, ended) {
        let (protocol, resolved) = (Some("redis".to_owned()), to.host.is_some());
        let attempt = Attempt { to, protocol, resolved, ..Attempt::new(Stage::Exchange, outcome) };
        findings.fact(Lines::one(number), Claim::Attempt(attempt));
    }
    info.tell(findings);
}

/// Who sent which command, in a line of MONITOR: `1795965474.854888 [0 10.9.0.12:49736] "flushdb"`. A script names no client.
fn monitored(text: &str) -> Option<(Option<Endpoint>, String)> {
    let (time, rest) = text.trim().split_once(" [")?;
    let (of, rest) = rest.split_once("] \"")?;
    let (_, client) = time.split_once('.').filter(|(seconds, _)| seconds.len() > 9).and(of.split_once(' '))?;
    let is_time = time.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let client = host_port(client).map(|to| Endpoint { port: None, ..to });
    is_time.then(|| (client, rest.split('"').next().unwrap_or_default().to_ascii_lowercase()))
}

/// A command that holds up all others for so many microseconds is felt by who waits.
const SLOW: f64 = 100_000.0;

/// What `redis-cli` says when the other side ends a connection it still waits on (`redis-cli.c`).
const CLOSED: &str = "Error: Server closed the connection";

/// A reply that shows the server at work: `PONG`, `OK`, `(integer) 3`, `(nil)`, and an entry of a list: `1) "subscribe"`.
fn is_reply(text: &str) -> bool {
    let entry = |number: &str, rest: &str| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(['"', '('])
    };
    if text.split_once(") ").is_some_and(|(number, rest)| entry(number, rest)) {
        return true;
    }
    matches!(text, "PONG" | "OK" | "(nil)") || text.starts_with("(integer) ")
}

/// The server of the command line; without `-h` it is on the same host and not worth a request.
fn server(command: Option<&CommandLine>) -> Option<Endpoint> {
    // Another program of the same line asks elsewhere: `redis-cli -h 10.9.0.4 ping; psql -h 10.9.0.5 …`.
    let command = command?.only("redis-cli", |_| true);
    let port = command.option("-p", "--port").and_then(|port| port.parse().ok()).or(Some(6379));
    command.agreed("-h", "--host").map(|host| endpoint(host, port))
}

/// The lines of INFO that matter, with their numbers.
#[derive(Default)]
struct Info {
    fields: Vec<(String, String, u32)>,
}

impl Info {
    /// Takes any `name:value` line of INFO.
    fn note(&mut self, text: &str, number: u32) -> bool {
        let Some((name, value)) = text.split_once(':') else { return false };
        let ours = name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let plain = !value.starts_with(' ') && !value.starts_with('/');
        if ours && plain {
            self.fields.push((name.to_owned(), value.to_owned(), number));
        }
        ours && plain
    }

    fn number(&self, name: &str) -> Option<(u64, u32)> {
        let (_, value, number) = self.fields.iter().find(|(known, ..)| known == name)?;
        Some((value.parse().ok()?, *number))
    }

    /// Bytes of `3.00M`.
    fn size(&self, name: &str) -> Option<(u64, u32)> {
        let (_, value, number) = self.fields.iter().find(|(known, ..)| known == name)?;
        let (count, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
        let unit = 1_u64 << (10 * "BKMGT".find(unit)?);
        Some(((count.parse::<f64>().ok()? * unit as f64) as u64, *number))
    }

    fn tell(&self, findings: &mut Findings) {
        let told = |name: &str| self.number(name).or_else(|| self.size(&format!("{name}_human")));
        if let (Some((used, line)), Some((max, _))) = (told("used_memory"), told("maxmemory"))
            && max > 0
        {
            let value = if used >= max { "exhausted" } else { "ok" };
            findings.state(Lines::one(line), MEMORY, value, Endpoint::default(), format!("{used} of {max} bytes"));
        }
        if let (Some((used, line)), Some((max, _))) = (self.number("connected_clients"), self.number("maxclients")) {
            let value = if used >= max { "at_limit" } else { "below_limit" };
            findings.state(Lines::one(line), DB_CONNECTIONS, value, Endpoint::default(), format!("{used} of {max}"));
        }
        if let Some((_, status, line)) = self.fields.iter().find(|(name, ..)| name == "master_link_status") {
            // Whatever else stands there has been cut out.
            if let Some(value) = ["up", "down"].into_iter().find(|known| known == status) {
                let detail = format!("master_link_status {status}");
                findings.state(Lines::one(*line), REPLICATION, value, Endpoint::default(), detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn errors_and_states_are_told() {
        let text = "(error) OOM command not allowed when used memory > 'maxmemory'.\n# Memory\nused_memory:1048576\nmaxmemory:1048576\nmaster_link_status:down";
        assert_eq!(
            told(READER, text),
            [
                "the database refuses: out of memory",
                "memory is exhausted (1048576 of 1048576 bytes)",
                "replication is down (master_link_status down)",
            ]
        );
    }

    #[test]
    fn who_empties_it_is_seen_by_monitor() {
        // redis 7.0.15
        let text = "OK\n1795965474.739714 [0 10.9.0.4:49700] \"set\" \"cart:1\" \"tulips x10\"\n\
                    1795965474.854888 [0 10.9.0.12:49736] \"flushdb\"\n1795965474.976326 [0 lua] \"flushdb\"";
        assert_eq!(told(READER, text), ["store emptied is by it at 10.9.0.12 (flushdb)"]);
        let text = "1795986581.474905 [0 10.9.0.12:57564] \"SCAN\" \"9\" \"MATCH\" \"cart:*\"\n\
                    1795986581.514854 [0 10.9.0.12:57566] \"del\" \"cart:1\" \"cart:2\"\n\
                    1795986581.614854 [0 10.9.0.4:57570] \"del\" \"cart:3\"";
        let [part, run] =
            ["store emptied is in part", "job run is deleted"].map(|one| format!("{one} at 10.9.0.12 (del)"));
        assert_eq!(told(READER, text), [part, run]);
    }

    #[test]
    fn a_refused_connection_names_the_server() {
        assert_eq!(
            told(READER, "Could not connect to Redis at 10.9.0.4:6379: Connection refused"),
            ["the request to 10.9.0.4:6379 was refused"]
        );
    }
}
