//! Reads haproxy's `show servers state`.
//!
//! ```text
//! 1
//! # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result …
//! 3 tickets 1 t1 10.105.3.11 0 0 1 1 3 17 2 0 6 0 0 0 - 8080 - 0 0 - - 0
//! ```
//!
//! States: haproxy's management manual, section 9.3; numbers of checks: see `haproxy_check`.

use super::observable::{BACKEND_SERVERS, SERVER_CHECK};
use super::{Findings, Part, Reader, haproxy_check};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "haproxy", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(is_head) { 0.98 } else { 0.0 }
}

fn is_head(text: &str) -> bool {
    text.starts_with("# be_id be_name srv_id srv_name srv_addr srv_op_state")
}

fn read(part: &Part, findings: &mut Findings) {
    let mut head: Vec<&str> = Vec::new();
    let mut servers: Vec<Server> = Vec::new();
    for line in &part.lines {
        if is_head(&line.text) {
            head = line.text.trim_start_matches(['#', ' ']).split_whitespace().collect();
            findings.noise(line.number);
        } else if let Some(server) = Server::parse(&head, &line.text, line.number) {
            servers.push(server);
        } else if head.is_empty() && line.text.trim() == "1" {
            // The version of the format.
            findings.noise(line.number);
        }
    }
    for server in &servers {
        let of = Endpoint { name: Some(format!("{}/{}", server.backend, server.name)), ..server.address.clone() };
        findings.state(Lines::one(server.line), SERVER_CHECK, server.value, of, server.detail.as_str());
    }
    for pool in servers.chunk_by(|a, b| a.backend == b.backend) {
        let (Some(first), Some(last)) = (pool.first(), pool.last()) else { continue };
        let up = pool.iter().filter(|server| server.value == "up").count();
        let value = match up {
            0 => "none_up",
            all if all == pool.len() => "all_up",
            _ => "some_down",
        };
        let detail = format!("{up} of {} up", pool.len());
        findings.state(
            Lines::new(first.line, last.line),
            BACKEND_SERVERS,
            value,
            Endpoint::named(first.backend),
            detail,
        );
    }
}

struct Server<'a> {
    line: u32,
    backend: &'a str,
    name: &'a str,
    address: Endpoint,
    value: &'static str,
    detail: String,
}

impl<'a> Server<'a> {
    fn parse(head: &[&str], text: &'a str, line: u32) -> Option<Server<'a>> {
        let cells: Vec<&str> = text.split_whitespace().collect();
        // A line of the log that follows has words where these columns have numbers.
        let numbered = [0, 2, 5, 6].iter().all(|at| cells.get(*at).is_some_and(|cell| cell.parse::<u32>().is_ok()));
        if !numbered || head.is_empty() {
            return None;
        }
        let cell = |name: &str| {
            let position = head.iter().position(|known| *known == name)?;
            cells.get(position).copied()
        };
        let port = cell("srv_port").and_then(|port| port.parse().ok()).filter(|port| *port != 0);
        let address = Endpoint { address: cell("srv_addr")?.parse().ok(), port, ..Endpoint::default() };
        let checked = cell("srv_check_status").and_then(haproxy_check::of_number);
        let (value, detail) = match (cell("srv_op_state")?, cell("srv_admin_state")?) {
            ("0", "0") => match checked {
                Some((code, value)) if value != "up" => (value, format!("stopped, {code}")),
                _ => ("down_other", "stopped".to_owned()),
            },
            // Nobody checks it, or has not yet: then it is used, and whether it works is not known.
            ("1" | "2" | "3", "0") if cell("srv_check_result") == Some("0") => return None,
            ("1" | "2" | "3", "0") => ("up", checked.map(|(code, _)| code.to_owned()).unwrap_or_default()),
            (_, admin) => ("maintenance", format!("administrative state {admin}")),
        };
        Some(Server { line, backend: cell("be_name")?, name: cell("srv_name")?, address, value, detail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn the_number_of_a_check_tells_why_a_server_is_down() {
        let text = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n\
                    3 tickets 1 t1 10.105.3.11 0 0 1 1 3 17 2 0 6 0 0 0 - 8080 - 0 0 - - 0\n\
                    3 tickets 2 t2 10.105.3.12 2 0 1 1 3 15 3 4 6 0 0 0 - 8080 - 0 0 - - 0";
        assert_eq!(
            told(READER, text),
            [
                "server check is down status at 10.105.3.11:8080 (stopped, L7STS)",
                "server check is up at 10.105.3.12:8080 (L7OK)",
                "backend servers is some down at tickets (1 of 2 up)",
            ]
        );
    }
}
