//! Reads a log of SQL statements of several sessions, one timeline, with the number of rows behind each.
//!
//! ```text
//! 12:15:07.101 [app-2]   SELECT id FROM posts WHERE deleted=false LIMIT 20;        -- 20 rows
//! 12:15:07.104 [cleanup] DELETE FROM posts WHERE expires_at < now();               -- 312 rows
//! 12:15:07.109 [app-2]   SELECT * FROM posts WHERE id = 88123;                     -- 0 rows
//! ```
//!
//! Of a statement its verb and table are kept; values may be anybody's.

use super::log_line::is_time;
use super::observable::STATEMENT;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "statements", most: 0.9, recognize, read };

fn recognize(part: &Part) -> f64 {
    if part.any(|text| Statement::parse(text).is_some()) { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let known = part.any(|text| Statement::parse(text).is_some());
    for line in &part.lines {
        let at = Lines::one(line.number);
        if let Some(statement) = Statement::parse(&line.text) {
            let value = match statement.rows {
                Some(0) => "zero_rows",
                Some(_) => "rows",
                None => "sent",
            };
            let rows = statement.rows.map(|rows| format!(", {rows} rows")).unwrap_or_default();
            let detail = format!("{} {}{rows}", statement.time, statement.says);
            findings.state(at, STATEMENT, value, Endpoint::named(statement.session), detail);
        } else if let Some((time, session, rest)) = split(&line.text).filter(|_| known)
            && rest.starts_with("ERROR ")
        {
            findings.state(at, STATEMENT, "error", Endpoint::named(session), format!("{time} the session failed"));
        }
    }
}

struct Statement<'a> {
    time: &'a str,
    session: &'a str,
    /// Verb and table.
    says: String,
    rows: Option<u64>,
}

impl<'a> Statement<'a> {
    fn parse(text: &'a str) -> Option<Statement<'a>> {
        let (time, session, rest) = split(text)?;
        let (sql, comment) = rest.split_once("--").unwrap_or((rest, ""));
        let rows = comment.trim().strip_suffix(" rows").or(comment.trim().strip_suffix(" row"));
        let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_end_matches([';', ','])).collect();
        let verb = words.first()?.to_ascii_uppercase();
        let table = |mark: &str| {
            let at = words.iter().position(|word| word.eq_ignore_ascii_case(mark))?;
            words.get(at + 1).copied()
        };
        let table = match verb.as_str() {
            "SELECT" | "DELETE" => table("FROM"),
            "INSERT" => table("INTO"),
            "UPDATE" => words.get(1).copied(),
            "BEGIN" | "COMMIT" | "ROLLBACK" => None,
            _ => return None,
        };
        let says = table.map_or(verb.clone(), |table| format!("{verb} {table}"));
        Some(Statement { time, session, says, rows: rows.and_then(|rows| rows.parse().ok()) })
    }
}

/// Time, session and the rest of `12:15:07.101 [app-2]   SELECT …`.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (time, rest) = text.trim().split_once(' ')?;
    let (session, rest) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    is_time(time).then_some((time, session, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn sessions_are_told_in_their_order() {
        let text = "12:15:07.104 [cleanup] DELETE FROM posts WHERE expires_at < now();   -- 312 rows\n12:15:07.104 [cleanup] COMMIT;\n12:15:07.109 [app-2]   SELECT * FROM posts WHERE id = 88123;   -- 0 rows\n12:15:07.110 [app-2]   ERROR render: 'NoneType' object has no attribute 'title'";
        assert_eq!(
            told(READER, text),
            [
                "statement is rows at cleanup (12:15:07.104 DELETE posts, 312 rows)",
                "statement is sent at cleanup (12:15:07.104 COMMIT)",
                "statement is zero rows at app-2 (12:15:07.109 SELECT posts, 0 rows)",
                "statement is error at app-2 (12:15:07.110 the session failed)",
            ]
        );
    }
}
