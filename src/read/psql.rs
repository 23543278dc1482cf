//! Reads `psql`: query results, sessions and locks in them, and what it says when it cannot connect.
//!
//! ```text
//!         state        | count
//! ---------------------+-------
//!  idle in transaction |     4
//! (1 row)
//!
//! psql: error: connection to server at "10.104.5.5", port 5432 failed: timeout expired
//! ```

use super::command_line::CommandLine;
use super::observable::{DB_ANSWERS, DB_BLOCKER, DB_CONNECTIONS, DB_ERROR, DB_LOCKS, DB_SESSIONS, DB_STATEMENT};
use super::pick::{number_after, word_after};
use super::request::{endpoint, split_port};
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

mod replication;
pub(super) mod table;

use table::Table;

pub(super) const READER: Reader = Reader { kind: "psql", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.starts_with("psql: ")) {
        return 0.98;
    }
    let ours = part.runs("psql");
    match table::tables(part).as_slice() {
        // PgBouncer's own console speaks the same protocol and has a reader of its own.
        [first, ..] if first.column("cl_active").is_some() => 0.4,
        [_, ..] => {
            if ours {
                0.97
            } else {
                0.9
            }
        }
        [] if ours => 0.85,
        [] => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    let server = server(part.command.as_ref());
    for line in &part.lines {
        if let Some(said) = line.text.strip_prefix("psql: ").or(line
            .text
            .strip_prefix("ERROR:")
            .or(line.text.strip_prefix("FATAL:"))
            .map(|_| line.text.as_str()))
        {
            for mut claim in driver::said(said) {
                if let Claim::State(state) = &mut claim
                    && state.of.is_empty()
                    && state.observable == DB_ERROR
                {
                    state.of = server.clone().unwrap_or_default();
                }
                findings.fact(Lines::one(line.number), claim);
            }
        } else if line.text.starts_with("\tIs the server running") || line.text.starts_with("LINE ") {
            findings.noise(line.number);
        }
    }
    replication::read(part, server.as_ref(), findings);
    scans(part, server.as_ref(), findings);
    let mut tables = table::tables(part);
    if tables.is_empty() && part.runs("psql") {
        tables = table::bare(part).into_iter().collect();
    }
    for table in &tables {
        (table.lines.first..=table.lines.last).for_each(|number| findings.noise(number));
        let answered = |detail: String, findings: &mut Findings| {
            findings.state(table.lines, DB_ANSWERS, "yes", server.clone().unwrap_or_default(), detail);
        };
        match table.rows.len() {
            1 => answered("1 row".to_owned(), findings),
            rows => answered(format!("{rows} rows"), findings),
        }
        if let Some(to) = &server {
            let protocol = Some("postgres".to_owned());
            let resolved = to.host.is_some();
            let attempt = Attempt { to: to.clone(), protocol, resolved, ..Attempt::new(Stage::Exchange, Outcome::Ok) };
            findings.fact(table.lines, Claim::Attempt(attempt));
        }
        sessions(table, findings);
        locks(table, findings);
        blockers(table, findings);
        limit(table, part, findings);
    }
}

/// A plan that throws away so many rows to find a few lacks an index.
const THROWN_AWAY: f64 = 100_000.0;

/// `Seq Scan on order_lines  (cost=…)` and below it `Rows Removed by Filter: 799996`.
fn scans(part: &Part, server: Option<&Endpoint>, findings: &mut Findings) {
    let mut scan = None;
    for line in &part.lines {
        scan = word_after(&line.text, "Seq Scan on ").map(|table| (line.number, table)).or(scan);
        let removed = number_after(&line.text, "Rows Removed by Filter: ").filter(|rows| *rows >= THROWN_AWAY);
        if let (Some(removed), Some((first, table))) = (removed, scan.take_if(|_| removed.is_some())) {
            let detail = format!("Seq Scan on {table}, {removed} rows removed");
            let of = server.cloned().unwrap_or_default();
            findings.state(Lines::new(first, line.number), DB_STATEMENT, "scans_all", of, detail);
        }
    }
}

/// The server of the command line, where it is reached over the network: `-h 10.104.5.5 -p 5432` or `postgres://…`.
fn server(command: Option<&CommandLine>) -> Option<Endpoint> {
    let command = command?;
    let port = command.option("-p", "--port").and_then(|port| port.parse().ok()).or(Some(5432));
    if command.option("-h", "--host").is_some() {
        let host = command.agreed("-h", "--host")?;
        return (!host.starts_with('/') && !host.is_empty()).then(|| endpoint(host, port));
    }
    let url =
        command.words().find_map(|word| word.strip_prefix("postgres://").or(word.strip_prefix("postgresql://")))?;
    let authority = url.split('/').next()?.rsplit('@').next()?;
    let (host, named) = split_port(authority);
    (!host.is_empty()).then(|| endpoint(host, named.or(port)))
}

/// `pg_stat_activity` counted by state.
fn sessions(table: &Table, findings: &mut Findings) {
    for row in &table.rows {
        let found = row.cells.iter().find_map(|cell| session_state(cell));
        let Some(value) = found else { continue };
        let count = row.cells.iter().find_map(|cell| cell.parse::<u32>().ok());
        // A listing of single sessions has one row each; a pid is not a count.
        let grouped = table.column("count").is_some() || row.cells.len() == 2;
        let detail =
            count.filter(|_| grouped).map_or_else(|| "1 session".to_owned(), |count| format!("{count} sessions"));
        findings.state(Lines::one(row.number), DB_SESSIONS, value, Endpoint::default(), detail);
    }
}

/// The states of `pg_stat_activity` (PostgreSQL documentation, section 28.2.3).
fn session_state(cell: &str) -> Option<&'static str> {
    Some(match cell {
        "active" => "active",
        "idle" => "idle",
        "idle in transaction" | "idle in transaction (aborted)" => "idle_in_transaction",
        _ => return None,
    })
}

fn locks(table: &Table, findings: &mut Findings) {
    let columns = ["wait_event_type", "blocked_by", "pg_blocking_pids", "blocking_pid", "blocking_pids"];
    for row in &table.rows {
        let waits = |name: &str| {
            let cell = table.column(name).and_then(|column| row.cells.get(column).copied()).unwrap_or_default();
            if name == "wait_event_type" { cell == "Lock" } else { !cell.is_empty() && cell != "{}" }
        };
        if columns.iter().any(|name| waits(name)) {
            findings.state(
                Lines::one(row.number),
                DB_LOCKS,
                "waiting",
                Endpoint::default(),
                "a session waits for a lock",
            );
        }
    }
}

/// Whose sessions hold the locks that others wait for and wait for none themselves, where `pg_stat_activity` is shown with
/// `pg_blocking_pids(pid)` and the clients' addresses.
fn blockers(table: &Table, findings: &mut Findings) {
    let blocked = ["blocked_by", "pg_blocking_pids", "blocking_pid", "blocking_pids"];
    for row in &table.rows {
        let cell =
            |name: &str| table.column(name).and_then(|column| row.cells.get(column).copied()).unwrap_or_default();
        let waits = blocked.iter().any(|name| !matches!(cell(name), "" | "{}"));
        let (pid, client) = (cell("pid"), cell("client_addr"));
        let waited_for = table.rows.iter().any(|other| {
            let waits_for = blocked.iter().filter_map(|name| other.cells.get(table.column(name)?));
            waits_for.into_iter().any(|all| all.split(['{', ',', '}']).any(|one| one == pid))
        });
        if !waits && !pid.is_empty() && !client.is_empty() && waited_for {
            let detail = format!("its session {pid} holds the lock that others wait for");
            findings.state(Lines::one(row.number), DB_BLOCKER, "holds", endpoint(client, None), detail);
        }
    }
}

/// Sessions against the limit, where one result shows both: `select count(*), current_setting('max_connections')`.
fn limit(table: &Table, part: &Part, findings: &mut Findings) {
    let asked =
        part.command.as_ref().is_some_and(|command| command.words().any(|word| word.contains("max_connections")));
    let Some(row) = table.rows.first() else { return };
    let numbers: Vec<u32> = row.cells.iter().filter_map(|cell| cell.parse().ok()).collect();
    let both = table.column("max_connections").is_some() || table.column("current_setting").is_some() || asked;
    if let ([used, max], true) = (numbers.as_slice(), both) {
        let (used, max) = (used.min(max), used.max(max));
        // Three slots are kept for superusers by default (superuser_reserved_connections).
        let value = if used + 3 >= *max { "at_limit" } else { "below_limit" };
        findings.state(Lines::one(row.number), DB_CONNECTIONS, value, Endpoint::default(), format!("{used} of {max}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn sessions_are_counted_by_state() {
        let text = "        state        | count \n---------------------+-------\n idle in transaction |     4\n active              |     1\n(2 rows)\n";
        assert_eq!(
            told(READER, text),
            [
                "db answers is yes (2 rows)",
                "db sessions is idle in transaction (4 sessions)",
                "db sessions is active (1 sessions)",
            ]
        );
    }

    #[test]
    fn the_first_of_those_that_wait_for_each_other_is_named_by_its_address() {
        let text = " pid  | client_addr | blocked_by \n------+-------------+------------\n 2300 | 10.85.7.30  | {}\n 2325 | 10.85.8.2   | {2300}\n 2350 | 10.85.1.6   | {2325}\n(3 rows)\n";
        assert!(
            told(READER, text).iter().any(|said| said.contains("db blocker is holds at 10.85.7.30")),
            "{:?}",
            told(READER, text)
        );
        assert_eq!(told(READER, text).iter().filter(|said| said.contains("blocker")).count(), 1);
    }

    #[test]
    fn a_result_from_another_host_is_a_request_that_worked() {
        let command = "PGPASSWORD=app psql -h 10.104.5.5 -U app shop -c 'select count(*) from items'";
        let lines = crate::clean::clean(" count \n-------\n   500\n(1 row)\n");
        let part = Part::new(Some(CommandLine::parse(command)), lines);
        let mut findings = Findings::default();
        read(&part, &mut findings);
        let told: Vec<String> = findings.facts.iter().map(|fact| fact.claim.to_string()).collect();
        assert_eq!(told, ["db answers is yes at 10.104.5.5:5432 (1 row)", "the request to 10.104.5.5:5432 worked"]);
    }

    #[test]
    fn a_refused_connection_is_told_by_its_message() {
        let text = "psql: error: connection to server at \"10.104.5.5\", port 5432 failed: timeout expired";
        assert_eq!(told(READER, text), ["the request to 10.104.5.5:5432 was never answered: the connection timed out"]);
    }
}
