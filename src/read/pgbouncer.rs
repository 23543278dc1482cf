//! Reads PgBouncer's console (`SHOW POOLS`) and its log.
//!
//! ```text
//!  database | user | cl_active | cl_waiting | cl_active_cancel_req | … | sv_active | sv_idle | sv_used | … | maxwait | maxwait_us | pool_mode
//! ----------+------+-----------+------------+----------------------+ … +-----------+---------+---------+ … +---------+------------+-----------
//!  shop     | app  |         2 |          5 |                    0 | … |         2 |       0 |       0 | … |       3 |     120334 | session
//! (1 row)
//! 2023-12-19 03:06:13.586 CET [10384] LOG C-0x7f3bd6c47f40: shop/app@192.168.0.80:38296 closing because: query_wait_timeout (age=120s)
//! ```

use super::log_line::is_time;
use super::observable::{POOL_ERROR, POOL_IN_USE};
use super::pick::host_port;
use super::psql::table;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};

pub(super) const READER: Reader = Reader { kind: "pgbouncer", most: 0.98, recognize, read };

/// What it says of its connection to the database.
const UNREACHED: &str = "closing because: connect failed";

fn recognize(part: &Part) -> f64 {
    let pools = table::tables(part).iter().any(|table| table.column("cl_active").is_some());
    match () {
        () if pools => 0.98,
        // OpenStack's logs have the same shape, and their own levels.
        () if part.any(|text| {
            entry(text).is_some_and(|(level, said)| {
                matches!(level, "LOG" | "NOISE" | "STATS" | "FATAL")
                    || said.starts_with("C-0x")
                    || said.starts_with("S-0x")
            })
        }) =>
        {
            0.95
        }
        () => 0.0,
    }
}

/// The level and message of a line of its log: `time [pid] LOG message`; before version 1.10 without the brackets.
fn entry(text: &str) -> Option<(&str, &str)> {
    const LEVELS: [&str; 7] = ["LOG", "ERROR", "WARNING", "FATAL", "NOISE", "DEBUG", "STATS"];
    let (date, rest) = text.split_once(' ')?;
    (date.len() == 10).then_some(())?;
    let mut words = rest.splitn(5, ' ');
    words.next().filter(|time| is_time(time))?;
    let mut word = words.next()?;
    if !is_process(word) {
        word = words.next()?;
    }
    let level = is_process(word).then(|| words.next()).flatten().filter(|level| LEVELS.contains(level))?;
    let (_, said) = rest.split_once(&format!(" {level} "))?;
    Some((level, said))
}

fn is_process(word: &str) -> bool {
    let inside = word.trim_matches(['[', ']']);
    !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit())
}

fn read(part: &Part, findings: &mut Findings) {
    // Whoever waits for a server that cannot be reached waits for no room in the pool.
    let unreached = part.any(|text| text.contains(UNREACHED));
    for line in &part.lines {
        let Some((level, said)) = entry(&line.text) else { continue };
        let at = Lines::one(line.number);
        match () {
            () if said.contains("query_wait_timeout") && unreached => findings.noise(line.number),
            () if said.contains("query_wait_timeout") => {
                findings.state(at, POOL_ERROR, "exhausted", Endpoint::default(), "query_wait_timeout");
            }
            () if said.contains(UNREACHED) => {
                let server = said.split(' ').find_map(|word| host_port(word.rsplit_once('@')?.1));
                if let Some(to) = server {
                    let attempt = Attempt { to, ..Attempt::new(Stage::Connect, Outcome::Unconnected) };
                    findings.fact(at, Claim::Attempt(attempt));
                }
            }
            () if said.contains("no more connections allowed") => {
                findings.state(at, POOL_ERROR, "exhausted", Endpoint::default(), "no more connections allowed");
            }
            () if matches!(level, "LOG" | "NOISE" | "DEBUG" | "STATS") => findings.noise(line.number),
            () => {}
        }
    }
    for table in table::tables(part).iter().filter(|table| table.column("cl_active").is_some()) {
        (table.lines.first..=table.lines.last).for_each(|number| findings.noise(number));
        for row in &table.rows {
            let count = |name: &str| table.number(row, name).unwrap_or(0);
            let name = row.cells.iter().take(2).copied().collect::<Vec<_>>().join("/");
            // PgBouncer's own console is a pool too.
            if name.starts_with("pgbouncer/") {
                continue;
            }
            let of = Endpoint::default();
            let (waiting, active, idle) =
                (count("cl_waiting"), count("sv_active"), count("sv_idle") + count("sv_used"));
            let at = Lines::one(row.number);
            let detail = format!("pool {name}: {waiting} clients wait, for up to {} s", count("maxwait"));
            let value = if waiting > 0 { "waiting" } else { "ok" };
            findings.state(at, POOL_ERROR, value, of.clone(), detail);
            let value = if waiting > 0 && idle == 0 && active > 0 { "full" } else { "partial" };
            findings.state(at, POOL_IN_USE, value, of, format!("pool {name}: {active} active, {idle} idle"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn waiting_clients_are_told_with_their_pool() {
        let text = " database | user | cl_active | cl_waiting | sv_active | sv_idle | sv_used | maxwait | pool_mode \n\
                    ----------+------+-----------+------------+-----------+---------+---------+---------+-----------\n \
                    shop     | app  |         2 |          5 |         2 |       0 |       0 |       3 | session\n(1 row)\n";
        assert_eq!(
            told(READER, text),
            [
                "the pool says: waiting (pool shop/app: 5 clients wait, for up to 3 s)",
                "pool in use is full (pool shop/app: 2 active, 0 idle)",
            ]
        );
    }
}
