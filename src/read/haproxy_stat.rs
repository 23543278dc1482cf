//! Reads haproxy's `show stat`, whole or cut by columns.
//!
//! ```text
//! # pxname,svname,scur,stot,econ,eresp,status,weight,check_status,check_code
//! fe_inventory,FRONTEND,0,1,,,OPEN,,,
//! be_inventory,inv1,0,0,0,0,DOWN,1,L4CON,
//! be_inventory,BACKEND,0,1,1,0,DOWN,0,,
//! ```
//!
//! Counters of errors (`econ`, `chkdown`) are history and say nothing of now; only responses per status class are reported.

use std::collections::BTreeMap;

use super::observable::{BACKEND_SERVERS, LB_QUEUE, SERVER_CHECK};
use super::pick::host_port;
use super::{Findings, Part, Reader, haproxy_check};
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::metrics::{Measure, Sample, Series, Statistic, Unit};

pub(super) const READER: Reader = Reader { kind: "haproxy", most: 0.98, recognize, read };

mod aligned;
mod cut;

use aligned::Aligned;
use cut::{COLUMNS, Cut};

fn recognize(part: &Part) -> f64 {
    if part.any(|text| columns(text).is_some() || Aligned::of(text).is_some()) {
        return 0.98;
    }
    if part.any(is_bare_row) { 0.95 } else { Cut::of(part).map_or(0.0, |cut| cut.sure) }
}

fn read(part: &Part, findings: &mut Findings) {
    // Cut off or filtered out by grep: the first columns are the same in every version.
    let headless = !part.any(|text| columns(text).is_some() || Aligned::of(text).is_some());
    let mut aligned: Option<Aligned> = None;
    let cut = if headless && !part.any(is_bare_row) { Cut::of(part) } else { None };
    let mut head: Vec<&str> = match &cut {
        Some(cut) => cut.head.clone(),
        None if headless => COLUMNS.split(',').take(FIRST).collect(),
        None => Vec::new(),
    };
    let mut pool = Pool::default();
    let mut counters = Counters::default();
    for line in &part.lines {
        let table = Aligned::of(&line.text);
        if let Some(names) = columns(&line.text).or(table.as_ref().map(Aligned::names)) {
            (head, aligned) = (names, table);
            findings.noise(line.number);
            continue;
        }
        let cells = match &cut {
            _ if aligned.is_some() => aligned.as_ref().and_then(|table| table.cells(&line.text)),
            Some(cut) => cut.cells(&line.text),
            None if headless && !is_bare_row(&line.text) => None,
            // Set in columns by `column -t`.
            None if !line.text.contains(',') => {
                Some(cut::blank_cells(&line.text)).filter(|cells| cells.len() == head.len())
            }
            None => Some(line.text.trim_end().split(',').collect()),
        };
        let Some(row) = cells.and_then(|cells| Row::of(&head, cells)) else { continue };
        findings.noise(line.number);
        counters.note(&row, line.number);
        let waiting = row.number("qcur");
        if waiting > 0 && row.server != "FRONTEND" {
            let (of, detail) = (row.endpoint(), format!("{waiting} waiting"));
            findings.state(Lines::one(line.number), LB_QUEUE, "growing", of, detail);
        }
        match row.server {
            "FRONTEND" => {}
            "BACKEND" => {
                pool.tell(&row, line.number, findings);
                pool = Pool::default();
            }
            _ => {
                if let Some(value) = row.check() {
                    findings.state(Lines::one(line.number), SERVER_CHECK, value, row.endpoint(), row.detail());
                    pool.count(value, line.number);
                }
                for attempt in row.answers() {
                    findings.fact(Lines::one(line.number), Claim::Attempt(attempt));
                }
            }
        }
    }
    for (series, lines) in counters.all {
        findings.fact(lines, Claim::Series(series));
    }
}

/// The column names, where the line is the head of the table.
fn columns(text: &str) -> Option<Vec<&str>> {
    let names = text.trim().strip_prefix('#')?.trim_start();
    let names: Vec<&str> = names.split([',', ' ']).filter(|name| !name.is_empty()).collect();
    matches!(names.as_slice(), ["pxname", "svname", ..] | ["svname", _, ..]).then_some(names)
}

/// How many columns are the same in every version.
const FIRST: usize = 37;

/// A row whose head is missing: so many columns, and the status in its place.
fn is_bare_row(text: &str) -> bool {
    let cells: Vec<&str> = text.split(',').collect();
    let status = cells.get(17).and_then(|cell| cell.split(' ').next()).unwrap_or_default();
    cells.len() >= 30 && matches!(status, "UP" | "DOWN" | "OPEN" | "MAINT" | "NOLB" | "DRAIN" | "no")
}

/// One proxy or server.
struct Row<'a> {
    names: &'a [&'a str],
    cells: Vec<&'a str>,
    proxy: &'a str,
    server: &'a str,
}

impl<'a> Row<'a> {
    fn of(names: &'a [&'a str], cells: Vec<&'a str>) -> Option<Row<'a>> {
        let enough = !names.is_empty() && cells.len() + 2 >= names.len() && cells.len() > 1;
        let mut row = Row { names, cells, proxy: "", server: "" };
        row.proxy = row.cell("pxname").unwrap_or_default();
        row.server = row.cell("svname").filter(|_| enough)?;
        Some(row)
    }

    fn cell(&self, name: &str) -> Option<&'a str> {
        let position = self.names.iter().position(|known| *known == name)?;
        self.cells.get(position).copied().filter(|cell| !cell.is_empty())
    }

    fn number(&self, name: &str) -> u32 {
        self.cell(name).and_then(|cell| cell.parse().ok()).unwrap_or(0)
    }

    /// The check's result where it was checked, otherwise what haproxy makes of the server.
    fn check(&self) -> Option<&'static str> {
        let status = self.cell("status").unwrap_or_default();
        let checked = self.cell("check_status").and_then(haproxy_check::of_code);
        // "UP 1/3" has failed checks and is still used; "DOWN 1/2" has passed some and is not.
        match status {
            // "NOLB" is a server that asked by its own answers to be left out.
            _ if ["MAINT", "DRAIN", "NOLB"].iter().any(|kept_out| status.starts_with(kept_out)) => Some("maintenance"),
            _ if status.starts_with("UP") => Some("up"),
            _ if status.starts_with("DOWN") => Some(checked.filter(|value| *value != "up").unwrap_or("down_other")),
            "" => checked,
            _ => None,
        }
    }

    fn endpoint(&self) -> Endpoint {
        let address = self.cell("addr").and_then(host_port).unwrap_or_default();
        Endpoint { name: Some(format!("{}/{}", self.proxy, self.server)), ..address }
    }

    fn detail(&self) -> String {
        let words = ["status", "check_status", "check_code", "last_chk"].iter().filter_map(|name| self.cell(name));
        words.collect::<Vec<_>>().join(" ")
    }

    /// The answers this server gave since haproxy started, by status class.
    fn answers(&self) -> Vec<Attempt> {
        let classes = [("hrsp_2xx", Outcome::Ok), ("hrsp_5xx", Outcome::Http5xx)];
        let counted = classes.into_iter().map(|(name, outcome)| (self.number(name), outcome));
        counted
            .filter(|(count, _)| *count > 0)
            .map(|(count, outcome)| Attempt {
                to: self.endpoint(),
                protocol: Some("http".to_owned()),
                count,
                ..Attempt::new(Stage::Exchange, outcome)
            })
            .collect()
    }
}

/// What haproxy counted of each server since it started, and how long its last answers took.
#[derive(Default)]
struct Counters {
    all: Vec<(Series, Lines)>,
}

impl Counters {
    fn note(&mut self, row: &Row, number: u32) {
        if row.server == "BACKEND" {
            return;
        }
        let http = row.cell("hrsp_5xx").is_some();
        let failed: u32 = ["hrsp_5xx", "econ", "eresp"].iter().map(|name| row.number(name)).sum();
        let told = [
            // With HTTP a session of a server is a request; a frontend counts them apart. Without, nothing counts requests.
            (
                Measure::Requests,
                Statistic::Counter,
                row.cell(if row.server == "FRONTEND" { "req_tot" } else { "stot" })
                    .filter(|_| http)
                    .and_then(|cell| cell.parse().ok()),
            ),
            (Measure::Failed, Statistic::Counter, http.then_some(f64::from(failed))),
            // The mean of the last 1024 answers, in milliseconds.
            (
                Measure::Seconds,
                Statistic::Average,
                row.cell("rtime")
                    .and_then(|cell| cell.parse().ok())
                    // Below a millisecond, or nothing answered: it says 0 for both.
                    .filter(|ms: &f64| *ms > 0.0)
                    .map(|ms: f64| ms / 1e3),
            ),
        ];
        for (measure, statistic, value) in told {
            let Some(value) = value else { continue };
            let sample = Sample { start: None, value };
            let name = if row.server == "FRONTEND" { row.proxy } else { row.server };
            let mut labels = BTreeMap::from([("name".to_owned(), name.to_owned())]);
            if row.server != "FRONTEND" {
                labels.insert("proxy".to_owned(), row.proxy.to_owned());
            }
            let known = self.all.iter_mut().find(|(known, _)| known.measure == Some(measure) && known.labels == labels);
            match known {
                Some((series, lines)) => {
                    series.samples.push(sample);
                    lines.last = number;
                }
                None => {
                    let unit = if measure == Measure::Seconds { Unit::Seconds } else { Unit::Count };
                    let metric = "haproxy".to_owned();
                    let measure = Some(measure);
                    let samples = vec![sample];
                    self.all.push((
                        Series { metric, measure, labels, unit, statistic, period: None, samples },
                        Lines::one(number),
                    ));
                }
            }
        }
    }
}

/// The servers of one backend, until its `BACKEND` row sums them up.
#[derive(Default)]
struct Pool {
    up: u32,
    down: u32,
    first: Option<u32>,
}

impl Pool {
    fn count(&mut self, value: &str, number: u32) {
        self.first.get_or_insert(number);
        match value {
            "up" => self.up += 1,
            _ => self.down += 1,
        }
    }

    fn tell(&self, backend: &Row, number: u32, findings: &mut Findings) {
        let value = match (self.up, self.down) {
            (0, 0) if backend.cell("status") == Some("DOWN") => "none_up",
            (0, 0) => return,
            (0, _) => "none_up",
            (_, 0) => "all_up",
            _ => "some_down",
        };
        let detail = format!("{} of {} up", self.up, self.up + self.down);
        let lines = Lines::new(self.first.unwrap_or(number), number);
        findings.state(lines, BACKEND_SERVERS, value, Endpoint::named(backend.proxy), detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_cut_table_is_read_by_its_own_head() {
        let text = "# pxname,svname,stot,econ,eresp,status,chkfail,chkdown,lastchg,downtime,check_status\n\
                    tls,FRONTEND,7,,,OPEN,,,,,\n\
                    web,web-1,7,0,0,UP,0,0,3,0,L4OK\n\
                    web,web-2,0,0,0,DOWN,1,1,1,1,L4TOUT\n\
                    web,BACKEND,7,0,0,UP,,0,3,0,\n";
        assert_eq!(
            told(READER, text),
            [
                "server check is up at web/web-1 (UP L4OK)",
                "server check is down timeout at web/web-2 (DOWN L4TOUT)",
                "backend servers is some down at web (1 of 2 up)",
            ]
        );
    }

    #[test]
    fn a_table_that_column_has_laid_out_is_read_by_its_places() {
        // haproxy 2.6, `cut -d, -f1,2,8,18,37,57 | column -s, -t`
        let text = "# pxname  svname    stot  status    check_status  last_chk\n\
                    be_app    app1      0     DOWN      * L4CON       Connection refused\n\
                    be_app    app2      3     UP        L7OK          \n\
                    be_app    BACKEND   3     UP                      \n";
        assert_eq!(
            told(READER, text),
            [
                "server check is down refused at be_app/app1 (DOWN * L4CON Connection refused)",
                "server check is up at be_app/app2 (UP L7OK)",
                "backend servers is some down at be_app (1 of 2 up)",
            ]
        );
    }
}
