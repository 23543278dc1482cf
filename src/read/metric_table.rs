//! Reads tables of measurements: exports of dashboards, spreadsheets, what people paste into a chat or read off a screen.
//!
//! ```text
//! time,service,requests,errors,p95_ms            "Time","http_requests_total{job=""shop""}","shop p95 (ms)"
//! 2026-11-28 17:00:00,shop,480,0,90              2026-11-28 17:00:00,480,90
//!
//! service  measure   before  after               time   rps  errors  p95_ms
//! shop     requests  480     505                 17:00  8.1  0       92
//! ```
//!
//! Wide or long, with commas, semicolons, tabs, bars or spaces between. A column whose name says nothing of requests, failures or
//! durations is left alone; so is a table without one that does.

use std::collections::BTreeMap;

use super::{Findings, Part, Reader};
use crate::clean::Line;
use crate::evidence::Lines;
use crate::fact::Claim;
use crate::metrics::{Named, Sample, Series, Statistic, labels_of};
use crate::order;

mod cell;
mod head;

use cell::{cells, number};

pub(super) use cell::time;
use head::{Column, Head};

pub(super) const READER: Reader = Reader { kind: "metrics", most: 0.85, recognize, read };

fn recognize(part: &Part) -> f64 {
    let Some((head, rows)) = Head::find(&part.lines) else { return 0.0 };
    let filled = rows.iter().filter(|line| !line.text.trim().is_empty());
    let (known, all) =
        filled.fold((0, 0), |(known, all), line| (known + usize::from(head.row(line).is_some()), all + 1));
    if known == 0 || known * 2 < all { 0.0 } else { 0.85 }
}

fn read(part: &Part, findings: &mut Findings) {
    let Some((head, rows)) = Head::find(&part.lines) else { return };
    head.lines.iter().for_each(|number| findings.noise(*number));
    let mut tables: Vec<(Series, Lines)> = Vec::new();
    let mut known: BTreeMap<(String, String, Statistic), usize> = BTreeMap::new();
    for line in rows {
        let Some(row) = head.row(line) else { continue };
        findings.noise(line.number);
        for told in head.told(&row) {
            let key =
                (told.labels.values().cloned().collect::<Vec<_>>().join(" "), told.metric.clone(), told.statistic);
            let at = *known.entry(key).or_insert_with(|| {
                tables.push((told.empty(row.period), Lines::one(line.number)));
                tables.len() - 1
            });
            if let Some((series, lines)) = tables.get_mut(at) {
                series.samples.extend(told.samples);
                lines.last = line.number;
            }
        }
    }
    for (mut series, lines) in tables {
        if series.samples.iter().all(|sample| sample.start.is_some()) {
            order::by(&mut series.samples, |a, b| a.start.unwrap_or(0.0).total_cmp(&b.start.unwrap_or(0.0)));
        }
        series.period = series.period.or(series.spacing());
        findings.fact(lines, Claim::Series(series));
    }
}

/// One line of the table.
struct Row {
    cells: Vec<String>,
    start: Option<f64>,
    /// Seconds, where a column says so.
    period: Option<f64>,
}

/// What a row adds to one series.
struct Told {
    metric: String,
    labels: BTreeMap<String, String>,
    named: Named,
    statistic: Statistic,
    samples: Vec<Sample>,
}

impl Told {
    fn empty(&self, period: Option<f64>) -> Series {
        Series {
            metric: self.metric.clone(),
            measure: Some(self.named.measure),
            labels: self.labels.clone(),
            unit: self.named.unit,
            statistic: self.statistic,
            period,
            samples: Vec::new(),
        }
    }
}

impl Head {
    fn row(&self, line: &Line) -> Option<Row> {
        let cells = cells(&line.text, self.separator);
        if cells.len() < 2 || cells.len() > self.columns.len() + 1 {
            return None;
        }
        let of = |wanted: &dyn Fn(&Column) -> bool| {
            self.columns.iter().position(wanted).and_then(|at| cells.get(at)).map(String::as_str)
        };
        let timed = self.columns.iter().any(|column| matches!(column, Column::Time));
        let start = of(&|column| matches!(column, Column::Time)).and_then(time);
        if timed && start.is_none() {
            return None;
        }
        let period = of(&|column| matches!(column, Column::Period)).and_then(number).map(|told| told.0);
        let numeric =
            self.columns.iter().zip(&cells).any(|(column, cell)| column.is_number() && number(cell).is_some());
        numeric.then_some(Row { cells, start, period })
    }

    /// Everything that a row says.
    fn told(&self, row: &Row) -> Vec<Told> {
        let labels = self.columns.iter().zip(&row.cells).filter_map(|(column, cell)| match column {
            Column::Label(name) if !cell.is_empty() => Some((name.clone(), cell.clone())),
            _ => None,
        });
        let labels: BTreeMap<String, String> = order::map(labels);
        let title = self.columns.iter().zip(&row.cells).find_map(|(column, cell)| match column {
            Column::Title => Some(cell.as_str()),
            _ => None,
        });
        let statistic = self.columns.iter().zip(&row.cells).find_map(|(column, cell)| match column {
            Column::Statistic => Statistic::from_word(cell),
            _ => None,
        });
        let mut all: Vec<Told> = Vec::new();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            let Some((value, unit)) = number(cell) else { continue };
            let (named, metric, more) = match column {
                Column::Measure { named, title, labels } => (named.clone(), title.clone(), labels.clone()),
                Column::Value => {
                    let Some(named) = title.and_then(|title| Named::from_title(title).or(Named::from_series(title)))
                    else {
                        continue;
                    };
                    (named, title.unwrap_or_default().to_owned(), BTreeMap::new())
                }
                _ => continue,
            };
            let mut labels = labels.clone();
            labels.extend(more);
            let factor = unit.map_or(named.factor, |(_, factor)| factor);
            let named = Named { unit: unit.map_or(named.unit, |(unit, _)| unit), ..named };
            let sample = Sample { start: row.start, value: value * factor };
            let statistic = statistic.filter(|_| named.statistic != Statistic::Counter).unwrap_or(named.statistic);
            // "before" and "after" of one measure are two samples of one series.
            match all
                .iter_mut()
                .find(|told| told.metric == metric && told.labels == labels && told.statistic == statistic)
            {
                Some(told) => told.samples.push(sample),
                None => all.push(Told { metric, labels, statistic, named, samples: vec![sample] }),
            }
        }
        all
    }
}

/// What a column is about: labels in braces, or the words beside the measure.
fn measured_on(title: &str, named: &Named) -> BTreeMap<String, String> {
    match title.split_once('{') {
        Some((_, labels)) => order::map(labels_of(labels.trim_end_matches('}'))),
        None if named.rest.is_empty() || named.statistic == Statistic::Counter => BTreeMap::new(),
        None => BTreeMap::from([("name".to_owned(), named.rest.clone())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_long_table_becomes_a_series_for_each_service_and_measure() {
        let text = "time,service,requests,errors,p95_ms\n2026-11-28 17:00:00,shop,480,0,90\n2026-11-28 17:05:00,shop,505,11,150\n";
        assert_eq!(
            told(READER, text),
            [
                "requests of shop: 2 data points, sum 480 to 505, one per 300 s",
                "failed requests of shop: 2 data points, sum 0 to 11, one per 300 s",
                "seconds of a request of shop: 2 data points, p95 0.09 to 0.15, one per 300 s",
            ]
        );
    }

    #[test]
    fn names_in_the_head_say_what_was_measured() {
        let text = "\"Time\",\"http_requests_total{job=\"\"shop\"\"}\",\"search p95 (ms)\"\n2026-11-28 17:00:00,480,90\n2026-11-28 17:05:00,505,150\n";
        assert_eq!(
            told(READER, text),
            [
                "requests of shop: 2 data points, counter 480 to 505, one per 300 s",
                "seconds of a request of search: 2 data points, p95 0.09 to 0.15, one per 300 s",
            ]
        );
    }

    #[test]
    fn numbers_read_off_a_screen_are_a_table_of_before_and_after() {
        let text = "element measure before after\nshop requests 480 505\nshop latency 90ms 150ms\nshop->search requests 700 690\n";
        assert_eq!(
            told(READER, text),
            [
                "requests of shop: 2 data points, sum 480 to 505, period not said",
                "seconds of a request of shop: 2 data points, unknown statistic 0.09 to 0.15, period not said",
                "requests of shop->search: 2 data points, sum 690 to 700, period not said",
            ]
        );
    }

    #[test]
    fn three_rows_of_head_are_one() {
        let text = "microservice,PetSite,PetSite\nmetric,requests,latency\nstatistic,Sum,Average\nunix_timestamp,,\n1681853520.0,496,0.098\n1681853820.0,500,0.2\n";
        assert_eq!(
            told(READER, text),
            [
                "requests of PetSite: 2 data points, sum 496 to 500, one per 300 s",
                "seconds of a request of PetSite: 2 data points, average 0.098 to 0.2, one per 300 s",
            ]
        );
    }
}
