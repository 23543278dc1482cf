//! Reads the slow query log of MySQL and MariaDB: how long a statement took and how many rows it went through. Statements are not kept.
//!
//! ```text
//! # Time: 261129 12:19:58
//! # User@Host: members[members] @  [10.19.50.3]
//! # Thread_id: 8  Schema: club  QC_hit: No
//! # Query_time: 0.799063  Lock_time: 0.000074  Rows_sent: 1  Rows_examined: 4200000
//! # Rows_affected: 0  Bytes_sent: 203
//! SET timestamp=1795954798;
//! SELECT id, email, tier FROM member WHERE email_lc = LOWER('member4@mail.example');
//! ```

use super::observable::DB_STATEMENT;
use super::pick::number_after;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "mysql", most: 0.96, recognize, read };

/// A statement that goes through so many rows more than it gives lacks an index.
pub(super) const GONE_THROUGH: f64 = 100_000.0;

fn recognize(part: &Part) -> f64 {
    if part.any(|text| examined(text).is_some()) { 0.96 } else { 0.0 }
}

/// Seconds, rows sent and rows gone through.
fn examined(text: &str) -> Option<(f64, f64, f64)> {
    let rest = text.strip_prefix("# Query_time: ")?;
    let number = |label| number_after(text, label);
    Some((rest.split_whitespace().next()?.parse().ok()?, number("Rows_sent: ")?, number("Rows_examined: ")?))
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        findings.noise(line.number);
        let Some((seconds, sent, examined)) = examined(&line.text) else { continue };
        let value = if examined - sent >= GONE_THROUGH {
            "scans_all"
        } else if seconds >= 1.0 {
            "over_1s"
        } else {
            continue;
        };
        let detail = format!("{seconds} s, {examined} rows for {sent}");
        findings.state(Lines::one(line.number), DB_STATEMENT, value, Endpoint::default(), detail);
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    fn told(text: &str, command: Option<&str>) -> Vec<String> {
        read(text, command, None).facts().map(|fact| fact.claim.to_string()).collect()
    }

    /// MariaDB 10.11.
    #[test]
    fn a_statement_that_goes_through_far_more_rows_than_it_gives_is_told() {
        let log = |seconds: &str, examined: u32| {
            format!(
                "# Time: 261129 12:19:58\n# User@Host: members[members] @  [10.19.50.3]\n# Thread_id: 8  Schema: club  QC_hit: No\n\
                 # Query_time: {seconds}  Lock_time: 0.000074  Rows_sent: 1  Rows_examined: {examined}\n\
                 # Rows_affected: 0  Bytes_sent: 203\nSET timestamp=1795954798;\nSELECT id FROM member WHERE email_lc = 'a@b.example';\n"
            )
        };
        assert_eq!(
            told(&log("0.799063", 4_200_000), None),
            ["db statement is scans all (0.799063 s, 4200000 rows for 1)"]
        );
        assert_eq!(told(&log("2.5", 12), None), ["db statement is over 1s (2.5 s, 12 rows for 1)"]);
        assert!(told(&log("0.2", 12), None).is_empty());
    }

    /// MariaDB 10.11, `-e` into a pipe.
    #[test]
    fn a_plan_that_reads_a_large_table_from_end_to_end_is_told() {
        let plan = |rows: u32| {
            format!(
                "id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tExtra\n1\tSIMPLE\tmember\tALL\tNULL\tNULL\tNULL\tNULL\t{rows}\tUsing where\n"
            )
        };
        let command = Some("mysql club -e \"explain select id from member where email_lc = 'x'\"");
        assert_eq!(told(&plan(4_181_915), command), ["db statement is scans all (type ALL of member, 4181915 rows)"]);
        assert!(told(&plan(7), command).is_empty());
    }
}
