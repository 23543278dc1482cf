//! Tables as psql and PgBouncer's console print them: aligned with a rule below the head, or bare rows (`-At`).

use crate::evidence::Lines;
use crate::read::Part;

/// One result.
pub(in crate::read) struct Table<'a> {
    pub lines: Lines,
    /// Empty where rows were printed without a head.
    head: Vec<&'a str>,
    pub rows: Vec<Row<'a>>,
}

/// One row and the line it stands on.
pub(in crate::read) struct Row<'a> {
    pub number: u32,
    pub cells: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// A row's cells with the names of their columns and the line they stand on.
    pub(in crate::read) fn named(&self, row: &Row<'a>) -> Vec<(&'a str, &'a str, u32)> {
        self.head.iter().zip(&row.cells).map(|(name, cell)| (*name, *cell, row.number)).collect()
    }

    pub(in crate::read) fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|known| *known == name)
    }

    /// The number in a column of a row.
    pub(in crate::read) fn number(&self, row: &Row, name: &str) -> Option<u32> {
        row.cells.get(self.column(name)?)?.parse().ok()
    }
}

/// Every table that has a head, a rule of dashes and a count of rows below.
pub(in crate::read) fn tables(part: &Part) -> Vec<Table<'_>> {
    let mut tables = Vec::new();
    let mut lines = part.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(rule) = lines.peek().filter(|next| is_rule(&next.text)) else { continue };
        let head = cells(&line.text);
        // A title in Markdown has a rule of dashes too, but no cell per column.
        if head.len() != rule.text.split('+').count() || line.text.trim().is_empty() {
            continue;
        }
        let mut table = Table { lines: Lines::new(line.number, rule.number), head, rows: Vec::new() };
        lines.next();
        let mut counted = false;
        for row in lines.by_ref() {
            table.lines.last = row.number;
            if is_count(&row.text) {
                counted = true;
                break;
            }
            table.rows.push(Row { number: row.number, cells: cells(&row.text) });
        }
        if counted {
            tables.push(table);
        }
    }
    tables
}

/// Rows of `psql -At`: values with `|` between them and nothing else.
pub(in crate::read) fn bare(part: &Part) -> Option<Table<'_>> {
    let unaligned = part
        .command
        .as_ref()
        .is_some_and(|command| command.flag('A', "--no-align") || command.flag('t', "--tuples-only"));
    // Without a connection there are no rows, only more of the reasons.
    if part.any(|text| text.starts_with("psql: ")) {
        return None;
    }
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty());
    let said =
        ["ERROR:", "FATAL:", "DETAIL:", "HINT:", "WARNING:", "NOTICE:", "LINE ", "SSL connection", "\t", "timeout:"];
    let rows: Vec<Row> = filled
        .filter(|line| !said.iter().any(|opening| line.text.starts_with(opening)))
        .map(|line| Row { number: line.number, cells: cells(&line.text) })
        .collect();
    let (first, last) = (rows.first()?.number, rows.last()?.number);
    unaligned.then(|| Table { lines: Lines::new(first, last), head: Vec::new(), rows })
}

fn cells(line: &str) -> Vec<&str> {
    line.split('|').map(str::trim).collect()
}

/// `---------------------+-------`
fn is_rule(text: &str) -> bool {
    let text = text.trim_end();
    text.len() >= 3 && text.bytes().all(|b| matches!(b, b'-' | b'+'))
}

/// `(1 row)`, `(4 rows)`
fn is_count(text: &str) -> bool {
    let inside = text.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inside
        .and_then(|inside| inside.split_once(' '))
        .is_some_and(|(count, word)| count.parse::<u64>().is_ok() && matches!(word, "row" | "rows"))
}
