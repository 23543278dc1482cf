//! How far a replica is behind: `pg_stat_replication` at its source, positions and settings at the replica itself.
//!
//! ```text
//! -[ RECORD 1 ]----------------
//! client_addr | 10.174.5.6
//! replay_lag  | 00:00:01.530539
//! ```

use super::super::observable::REPLICATION;
use super::super::request::endpoint;
use super::table;
use crate::evidence::Lines;
use crate::fact::Endpoint;
use crate::read::{Findings, Part};

/// Replicas on a healthy network follow within milliseconds.
const BEHIND_SECONDS: f64 = 1.0;

/// One row, with the line each value stands on.
type Values<'a> = Vec<(&'a str, &'a str, u32)>;

pub(super) fn read(part: &Part, server: Option<&Endpoint>, findings: &mut Findings) {
    for values in records(part) {
        let value = |name: &str| values.iter().find(|(known, ..)| *known == name);
        let of = value("client_addr").map(|(_, address, _)| endpoint(address, None));
        if let Some((name, lag, number)) = value("replay_lag").or(value("lag")).or(value("replication_lag"))
            && let Some(seconds) = seconds(lag)
        {
            let state = if seconds >= BEHIND_SECONDS { "behind" } else { "up" };
            let of = of.or(server.cloned()).unwrap_or_default();
            findings.state(Lines::one(*number), REPLICATION, state, of, format!("{name} {lag}"));
        }
        // Somebody paused it, and what is received is not applied until somebody resumes it.
        let paused = [("pg_get_wal_replay_pause_state", "paused"), ("pg_is_wal_replay_paused", "t")];
        for (name, number) in paused
            .iter()
            .filter_map(|(name, on)| value(name).filter(|(_, said, _)| said == on))
            .map(|(name, _, number)| (name, number))
        {
            let of = server.cloned().unwrap_or_default();
            findings.state(Lines::one(*number), REPLICATION, "behind", of, format!("{name}: paused"));
        }
    }
    // A delay that somebody set keeps the replica behind on purpose.
    let asked = part.command.as_ref().is_some_and(|command| {
        command.words().any(|word| word.contains("recovery_min_apply_delay") && word.contains("show"))
    });
    let delay = part.lines.iter().find(|line| asked && line.text.trim().starts_with(|c: char| c.is_ascii_digit()));
    if let Some(line) = delay.filter(|line| line.text.trim() != "0") {
        let detail = format!("recovery_min_apply_delay {}", line.text.trim());
        findings.state(Lines::one(line.number), REPLICATION, "behind", server.cloned().unwrap_or_default(), detail);
    }
}

/// Rows of tables, and of the expanded form (`\x`) that prints one value a line.
fn records(part: &Part) -> Vec<Values<'_>> {
    let mut records: Vec<Values> = Vec::new();
    for line in &part.lines {
        if line.text.starts_with("-[ RECORD ") {
            records.push(Vec::new());
        } else if let Some(record) = records.last_mut()
            && let Some((name, value)) = line.text.split_once('|')
        {
            record.push((name.trim(), value.trim(), line.number));
        }
    }
    let tables = table::tables(part);
    for table in &tables {
        records.extend(table.rows.iter().map(|row| table.named(row)));
    }
    records
}

/// An interval as PostgreSQL prints it: `00:00:01.530539`, `1 day 02:03:04`.
fn seconds(interval: &str) -> Option<f64> {
    let days = interval.split_once(" day").and_then(|(days, _)| days.trim().parse::<f64>().ok()).unwrap_or(0.0);
    let clock = interval.split_whitespace().next_back()?;
    let parts: Vec<f64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [hours, minutes, seconds] => Some(days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    #[test]
    fn a_replica_whose_replay_somebody_paused_is_behind() {
        let text = "\
postgres@pg-read:~$ psql shop -xc \"select pg_last_wal_receive_lsn() received, pg_last_wal_replay_lsn() replayed, pg_get_wal_replay_pause_state()\"
-[ RECORD 1 ]-----------------+--------------------
received                      | 0/3029B20
replayed                      | 0/3005A90
pg_get_wal_replay_pause_state | paused
";
        let told: Vec<String> = read(text, None, None).facts().map(|fact| fact.claim.to_string()).collect();
        assert!(told.iter().any(|fact| fact.contains("behind")), "{told:?}");
        let on = read(&text.replace("| paused", "| not paused"), None, None);
        assert!(!on.facts().any(|fact| fact.claim.to_string().contains("behind")));
    }
}
