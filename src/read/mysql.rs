//! Reads what the clients of MySQL and MariaDB print: tables, vertical rows (`\G`) and errors.
//!
//! ```text
//! +----+------+-----------------+------+---------+------+---------------------------------+----------------------+
//! | Id | User | Host            | db   | Command | Time | State                           | Info                 |
//! +----+------+-----------------+------+---------+------+---------------------------------+----------------------+
//! |  9 | app  | 10.0.3.7:51234  | shop | Query   |   41 | Waiting for table metadata lock | alter table items …  |
//! +----+------+-----------------+------+---------+------+---------------------------------+----------------------+
//! 1 row in set (0.00 sec)
//! ```
//!
//! Values of a person's own tables are not read.

use super::mysql_slow_log::GONE_THROUGH;
use super::observable::{DB_ANSWERS, DB_CONNECTIONS, DB_LOCKS, DB_SESSIONS, DB_STATEMENT, REPLICATION, TCP_CONNECT};
use super::pick::between;
use super::request::endpoint;
use super::{Findings, Part, Reader, driver};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "mysql", most: 0.97, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| is_count(text).is_some() || is_error(text) || is_row_title(text)) {
        return 0.97;
    }
    let prompted = |text: &str| text.starts_with("mysql> ") || text.starts_with("MariaDB [");
    if part.any(prompted) {
        return 0.95;
    }
    // A table's row is as wide as the rule above it.
    let framed = |pair: &[Line]| match pair {
        [rule, row] => {
            is_rule(&rule.text)
                && row.text.starts_with("| ")
                && row.text.trim_end().ends_with('|')
                && row.text.trim_end().chars().count() == rule.text.trim_end().chars().count()
        }
        _ => false,
    };
    if batch(part).is_some() {
        return 0.9;
    }
    match (part.any(is_rule), part.runs("mysql") || part.runs("mariadb") || part.runs("mysqladmin")) {
        (true, true) => 0.95,
        (true, false) if part.command.is_none() && part.lines.windows(2).any(framed) => 0.6,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut head: Vec<&str> = Vec::new();
    let mut sessions = Sessions::default();
    let (mut connected, mut limit) = (None, None);
    let mut rules = 0;
    let vertical = part.any(is_row_title);
    let batch = batch(part);
    // The message does not name it; where the command line is known, that or the client's own default does.
    let asked = part.command.as_ref().filter(|command| command.runs("mysql") || command.runs("mariadb"));
    let port = asked.and_then(|command| command.option("-P", "--port").map_or(Some(3306), |port| port.parse().ok()));
    for line in &part.lines {
        let text = line.text.as_str();
        let at = Lines::one(line.number);
        if batch.is_some() && (text.contains('\t') || !text.contains(' ')) && !text.is_empty() {
            findings.noise(line.number);
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if head.len() != cells.len() || cells.first().is_some_and(|cell| HEADS.contains(cell)) {
                head = cells;
                continue;
            }
            for (name, value) in head.iter().zip(&cells).filter(|(name, _)| is_replication(name)) {
                let says = if *value == "Yes" { "up" } else { "down" };
                findings.state(at, REPLICATION, says, Endpoint::default(), format!("{name}: {value}"));
            }
            match cells.as_slice() {
                ["Threads_connected", value] => connected = value.parse::<u32>().ok().map(|count| (count, line.number)),
                ["max_connections", value] => limit = value.parse::<u32>().ok(),
                _ => {}
            }
            sessions.row(&head, &cells, line.number);
            plan(&head, &cells, line.number, findings);
            continue;
        }
        if is_rule(text) {
            // The head stands between the first and the second rule; after the third another table begins.
            rules = if rules == 3 { 1 } else { rules + 1 };
            findings.noise(line.number);
        } else if let Some(inside) = text.strip_prefix("| ").and_then(|rest| rest.trim_end().strip_suffix('|')) {
            findings.noise(line.number);
            let cells: Vec<&str> = inside.split(" | ").map(str::trim).collect();
            if rules % 3 == 1 {
                head = cells;
                continue;
            }
            match cells.as_slice() {
                ["Threads_connected", value] => connected = value.parse::<u32>().ok().map(|count| (count, line.number)),
                ["max_connections", value] => limit = value.parse::<u32>().ok(),
                _ => {}
            }
            sessions.row(&head, &cells, line.number);
            plan(&head, &cells, line.number, findings);
        } else if let Some(rows) = is_count(text) {
            findings.state(at, DB_ANSWERS, if rows { "yes" } else { "no" }, Endpoint::default(), text.trim());
        } else if let Some((name, value)) = text.trim_start().split_once(": ").filter(|_| is_replication(text)) {
            let value = value.trim();
            let says = if value == "Yes" { "up" } else { "down" };
            findings.state(at, REPLICATION, says, Endpoint::default(), format!("{name}: {value}"));
        } else if is_error(text) {
            let claims = driver::said(text);
            // 115 is all that MariaDB's client says when its own time limit ended a connection, or it was refused meanwhile.
            if let Some(host) = between(text, "connect to server on '", "' (115)").filter(|_| claims.is_empty()) {
                findings.state(at, TCP_CONNECT, "failed", endpoint(host, port), "error 115");
            }
            for claim in claims {
                findings.fact(at, claim);
            }
        } else if is_row_title(text)
            || text.trim().is_empty()
            || (vertical && text.contains(':'))
            || text.starts_with("mysql> ")
            || text.starts_with("MariaDB [")
        {
            findings.noise(line.number);
        }
    }
    sessions.tell(findings);
    if let (Some((count, line)), Some(limit)) = (connected, limit) {
        let value = if count >= limit { "at_limit" } else { "below_limit" };
        findings.state(Lines::one(line), DB_CONNECTIONS, value, Endpoint::default(), format!("{count} of {limit}"));
    }
}

/// How the heads of a batch begin (`-e` into a pipe): cells with a tab between, and no rule below.
const HEADS: &[&str] =
    &["Variable_name", "Id", "Slave_IO_State", "Replica_IO_State", "count(*)", "COUNT(*)", "Database", "Tables_in_"];

/// The rows of a batch, where the command line says that a client of MySQL printed them.
fn batch(part: &Part) -> Option<usize> {
    let asked = part.command.as_ref().filter(|command| command.runs("mysql") || command.runs("mariadb"))?;
    let framed = asked.flag('t', "--table") || part.any(is_rule);
    let rows = part.lines.iter().filter(|line| line.text.contains('\t') || HEADS.contains(&line.text.as_str())).count();
    (!framed && rows > 0).then_some(rows)
}

/// A row of `EXPLAIN` by which a large table is gone through from end to end (`type` ALL).
fn plan(head: &[&str], cells: &[&str], number: u32, findings: &mut Findings) {
    let cell = |name: &str| cells.get(head.iter().position(|known| *known == name)?).copied();
    let rows = cell("rows").and_then(|rows| rows.parse::<f64>().ok()).filter(|rows| *rows >= GONE_THROUGH);
    if let (Some("ALL"), Some(table), Some(rows)) = (cell("type"), cell("table"), rows) {
        let detail = format!("type ALL of {table}, {rows} rows");
        findings.state(Lines::one(number), DB_STATEMENT, "scans_all", Endpoint::default(), detail);
    }
}

/// What `SHOW PROCESSLIST` tells, of all its rows together.
#[derive(Default)]
struct Sessions {
    lines: Option<Lines>,
    active: usize,
    idle: usize,
    locked: Option<(Lines, usize, String)>,
}

impl Sessions {
    fn row(&mut self, head: &[&str], cells: &[&str], number: u32) {
        let cell = |name: &str| {
            let at = head.iter().position(|known| known.eq_ignore_ascii_case(name))?;
            cells.get(at).copied()
        };
        let (Some(command), Some(state)) = (cell("Command"), cell("State")) else { return };
        if head.len() < 7 || matches!(command, "Daemon" | "Connect" | "Binlog Dump") {
            return;
        }
        self.lines = Some(Lines::new(self.lines.map_or(number, |lines| lines.first), number));
        if command == "Sleep" {
            self.idle += 1
        } else {
            self.active += 1
        }
        if state.starts_with("Waiting for ") && state.ends_with("lock") || state == "Locked" {
            let (lines, count, _) = self.locked.get_or_insert((Lines::one(number), 0, state.to_owned()));
            (*lines, *count) = (Lines::new(lines.first, number), *count + 1);
        }
    }

    fn tell(self, findings: &mut Findings) {
        let Some(lines) = self.lines else { return };
        for (value, count) in [("active", self.active), ("idle", self.idle)] {
            if count > 0 {
                findings.state(lines, DB_SESSIONS, value, Endpoint::default(), format!("{count} sessions"));
            }
        }
        if let Some((lines, count, state)) = self.locked {
            findings.state(lines, DB_LOCKS, "waiting", Endpoint::default(), format!("{count} sessions: {state}"));
        }
    }
}

/// `+----+------+`
fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() > 3 && text.starts_with("+-") && text.ends_with("-+") && text.bytes().all(|b| matches!(b, b'-' | b'+'))
}

/// Whether there were rows, of `2 rows in set (0.00 sec)` or `Empty set (0.00 sec)`.
fn is_count(text: &str) -> Option<bool> {
    let text = text.trim();
    let counted = text.split_once(" in set").and_then(|(count, rest)| {
        let (number, word) = count.split_once(' ')?;
        (number.parse::<u64>().is_ok() && matches!(word, "row" | "rows") && (rest.is_empty() || rest.contains(" sec")))
            .then_some(true)
    });
    counted.or_else(|| (text.starts_with("Empty set (") || text == "Empty set").then_some(false))
}

/// `ERROR 1040 (HY000): Too many connections`, also `ERROR 1064 (42000) at line 1: …`.
fn is_error(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("ERROR ") else { return false };
    let (number, rest) = rest.split_once(' ').unwrap_or_default();
    number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with('(')
}

/// `*************************** 1. row ***************************`
fn is_row_title(text: &str) -> bool {
    text.starts_with("*****") && text.trim_end().ends_with("*****") && text.contains(". row *")
}

fn is_replication(text: &str) -> bool {
    let name = text.trim_start().split(':').next().unwrap_or_default();
    matches!(name, "Slave_IO_Running" | "Slave_SQL_Running" | "Replica_IO_Running" | "Replica_SQL_Running")
}
