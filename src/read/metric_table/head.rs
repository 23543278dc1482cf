//! The head of a table: which columns say when, of what, and how much.

use std::collections::BTreeMap;

use super::cell::{Separator, cells, number, time};
use super::measured_on;
use crate::clean::Line;
use crate::metrics::{Named, PLACES};

/// What a column holds.
pub enum Column {
    Time,
    /// Seconds that one row covers.
    Period,
    /// What was measured, under this name of a label.
    Label(String),
    /// The name of a measure; its number stands in the column of values.
    Title,
    Statistic,
    Value,
    Measure {
        named: Named,
        title: String,
        labels: BTreeMap<String, String>,
    },
    Other,
}

impl Column {
    pub fn is_number(&self) -> bool {
        matches!(self, Column::Measure { .. } | Column::Value)
    }
}

pub struct Head {
    pub separator: Separator,
    pub columns: Vec<Column>,
    /// The lines it stands on.
    pub lines: Vec<u32>,
}

/// Lines that are looked through for a head.
const NEAR: usize = 6;

impl Head {
    /// The head and the lines below it.
    pub fn find(lines: &[Line]) -> Option<(Head, &[Line])> {
        let filled = |line: &&Line| !line.text.trim().is_empty();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| filled(line)).take(NEAR) {
            let separators =
                [Separator::Bars, Separator::Char('\t'), Separator::Char(';'), Separator::Char(','), Separator::Blanks];
            for separator in separators {
                if let Some(head) = Head::single(line, separator) {
                    return Some((head, lines.get(at + 1..)?));
                }
                if let Some((head, rows)) = Head::stacked(lines.get(at..)?, separator) {
                    return Some((head, lines.get(at + rows..)?));
                }
            }
        }
        None
    }

    /// A head of one row.
    fn single(line: &Line, separator: Separator) -> Option<Head> {
        let fits = match separator {
            Separator::Bars => line.text.matches('|').count() >= 2,
            Separator::Char(separator) => line.text.contains(separator),
            Separator::Blanks => !line.text.contains([',', ';', '|', '=', '{', ':']),
        };
        let names = fits.then(|| cells(&line.text, separator)).filter(|names| names.len() >= 2)?;
        if names.iter().any(|name| number(name).is_some()) {
            return None;
        }
        let columns: Vec<Column> = names.iter().map(|name| column(name)).collect();
        let measures = columns.iter().filter(|column| matches!(column, Column::Measure { .. })).count();
        let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
        // Anything has a name and takes a time: that alone is no table of a system's measurements.
        let placed = |column: &Column| matches!(column, Column::Label(label) if label != "name" || measures > 1);
        let keyed = columns.iter().any(|column| matches!(column, Column::Time) || placed(column));
        let long = has(|column| matches!(column, Column::Title)) && has(|column| matches!(column, Column::Value));
        let sound = (measures > 0 && keyed) || long;
        sound.then(|| Head { separator, columns, lines: vec![line.number] })
    }

    /// A head of several rows, one for each level: service, metric, statistic. Its own first cells name the levels.
    fn stacked(lines: &[Line], separator: Separator) -> Option<(Head, usize)> {
        let Separator::Char(sign) = separator else { return None };
        // A head without a second column measures nothing.
        lines.first().filter(|line| line.text.contains(sign))?;
        let grid: Vec<Vec<String>> = lines.iter().take(NEAR).map(|line| cells(&line.text, separator)).collect();
        let rows = grid.iter().position(|row| row.first().is_some_and(|first| time(first).is_some()))?;
        let levels = grid.get(..rows).filter(|levels| levels.len() >= 2)?;
        let width = levels.first()?.len();
        if levels.iter().any(|level| level.len() != width) {
            return None;
        }
        let mut columns = vec![Column::Time];
        for at in 1..width {
            let mut labels = BTreeMap::new();
            let mut title = Vec::new();
            for level in levels {
                let (name, cell) = (level.first()?, level.get(at)?);
                match label(name) {
                    Some(label) => {
                        labels.insert(label.to_owned(), cell.clone());
                    }
                    None => title.push(cell.as_str()),
                }
            }
            let title = title.join(" ");
            columns.push(match Named::from_title(&title) {
                Some(named) if !labels.is_empty() => Column::Measure { named, title: title.trim().to_owned(), labels },
                _ => Column::Other,
            });
        }
        let lines = lines.iter().take(rows).map(|line| line.number).collect();
        let sound = columns.iter().any(|column| matches!(column, Column::Measure { .. }));
        sound.then_some((Head { separator, columns, lines }, rows))
    }
}

/// The label that a name of a column stands for, where it says what was measured.
fn label(name: &str) -> Option<&'static str> {
    let simple: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match simple.as_str() {
        "element" | "hop" | "edge" | "microservice" | "component" | "target" | "backend" | "system" | "resource" => {
            Some("name")
        }
        simple => PLACES
            .iter()
            .find(|place| place.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(simple.chars()))
            .copied(),
    }
}

fn column(name: &str) -> Column {
    let lower = name.to_ascii_lowercase();
    match lower.trim() {
        "t" | "time" | "timestamp" | "ts" | "date" | "datetime" | "unix_timestamp" | "minute" | "when" | "at" => {
            return Column::Time;
        }
        "period" | "period_s" | "interval" | "interval_s" | "step" => return Column::Period,
        "metric" | "measure" | "metric_name" | "series" | "what" => return Column::Title,
        "value" | "values" | "before" | "after" => return Column::Value,
        "statistic" | "stat" | "aggregation" => return Column::Statistic,
        _ => {}
    }
    if let Some(label) = label(name) {
        return Column::Label(label.to_owned());
    }
    let bare = name.split_once('{').map_or(name, |(bare, _)| bare);
    let plain: Vec<&str> = bare.split_whitespace().filter(|word| !is_moment(word)).collect();
    let plain = plain.join(" ");
    let named = if name.contains('{') || name.contains("_total") { Named::from_series(&plain) } else { None };
    match named.or_else(|| Named::from_title(&plain)) {
        Some(named) => {
            let labels = measured_on(name, &named);
            let title = if named.rest.is_empty() { plain } else { plain.replace(&named.rest, "").trim().to_owned() };
            Column::Measure { named, title, labels }
        }
        None => Column::Other,
    }
}

/// `requests before` and `requests after` are two columns of one measure.
fn is_moment(word: &&str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "before" | "after" | "now" | "then")
}
