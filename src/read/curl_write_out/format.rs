//! The format of `curl -w`, from the command line or guessed from the row.

use super::super::command_line::CommandLine;
use super::super::curl_verbose::POOL_MEMBER;
use super::super::json;
use super::super::log_line::is_time;
use crate::clean::Line;
use crate::evidence::Lines;

/// The values that matter of those `-w` can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Status,
    Address,
    Lookup,
    Connect,
    Secured,
    FirstByte,
    Total,
    Exit,
    Error,
    Redirects,
    /// What verifying the certificate found.
    Verified,
    /// What a loop's variable stood for.
    Label,
    /// The member of a pool that answered.
    Member,
    /// How many connections were made for it.
    Connects,
    Other,
}

impl Field {
    /// curl's own variable names, curl(1) `--write-out`.
    fn of_variable(name: &str) -> Field {
        match name {
            "http_code" | "response_code" => Field::Status,
            "remote_ip" => Field::Address,
            "time_namelookup" => Field::Lookup,
            "time_connect" => Field::Connect,
            "time_appconnect" => Field::Secured,
            "time_starttransfer" => Field::FirstByte,
            "time_total" => Field::Total,
            "exitcode" => Field::Exit,
            "errormsg" => Field::Error,
            "num_redirects" => Field::Redirects,
            "num_connects" => Field::Connects,
            "ssl_verify_result" => Field::Verified,
            _ => Field::Other,
        }
    }

    /// The words people put before a value.
    pub(super) fn of_label(label: &str) -> Option<Field> {
        let label = label.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        let label = label.strip_prefix("time_").unwrap_or(&label);
        Some(match label {
            "http" | "code" | "status" | "http_code" | "response_code" => Field::Status,
            "ip" | "remote_ip" | "addr" => Field::Address,
            "dns" | "lookup" | "namelookup" | "resolve" => Field::Lookup,
            "tcp" | "connect" | "conn" => Field::Connect,
            "tls" | "ssl" | "appconnect" | "app" => Field::Secured,
            "ttfb" | "first-byte" | "firstbyte" | "starttransfer" | "first_byte" | "first" => Field::FirstByte,
            "total" | "time" => Field::Total,
            "exit" | "exitcode" | "rc" => Field::Exit,
            "redirects" => Field::Redirects,
            _ => return None,
        })
    }
}

/// One printed row, as fields with their text.
pub(super) struct Row<'a> {
    values: Vec<(Field, &'a str)>,
    /// Rows like `200 200 200 429`: one status per request.
    only_statuses: bool,
}

impl<'a> Row<'a> {
    pub(super) fn text(&self, field: Field) -> Option<&'a str> {
        self.values.iter().find(|(known, _)| *known == field).map(|(_, text)| *text)
    }

    /// A time in seconds; some formats append the unit.
    pub(super) fn seconds(&self, field: Field) -> Option<f64> {
        // A number that ends in its point was cut at the terminal's edge.
        let text = self.text(field).filter(|text| !text.ends_with('.'))?;
        text.trim_end_matches('s').replace(',', ".").parse().ok()
    }

    /// One entry per request the row stands for; 0 is curl's "no answer".
    pub(super) fn statuses(&self) -> Vec<Option<u16>> {
        let all = self.values.iter().filter(|(field, _)| *field == Field::Status).map(|(_, text)| text.parse().ok());
        let all: Vec<Option<u16>> = all.collect();
        if self.only_statuses { all } else { vec![all.first().copied().flatten()] }
    }

    /// Whether the row says anything about how a request went.
    pub(super) fn is_telling(&self) -> bool {
        let status = self.values.iter().find(|(field, _)| *field == Field::Status);
        match status {
            Some((_, text)) => is_status(text),
            None => self.seconds(Field::Total).is_some() || self.seconds(Field::Connect).is_some(),
        }
    }
}

/// How to read a row.
pub(super) enum Format {
    /// Literal texts and the fields between them, from the command line.
    Given(Vec<Piece>),
    /// No format known.
    Guessed,
}

/// A row behind an answer's text is looked for in so many bytes at the end of a line.
const LONGEST_ROW: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Literal(String),
    Value(Field),
}

impl Format {
    pub(super) fn of(command: Option<&CommandLine>) -> Format {
        let given =
            command.filter(|command| command.runs("curl")).and_then(|command| command.option("-w", "--write-out"));
        let printed = command.and_then(printed_before).unwrap_or_default();
        given.and_then(|format| pieces(&format!("{printed}{format}"))).map_or(Format::Guessed, Format::Given)
    }

    pub(super) fn is_given(&self) -> bool {
        matches!(self, Format::Given(_))
    }

    pub(super) fn read<'a>(&self, line: &'a str) -> Option<Row<'a>> {
        match self {
            Format::Given(pieces) => {
                matched(pieces, line).filter(Row::is_telling).or_else(|| behind_a_body(pieces, line))
            }
            Format::Guessed => guessed(line),
        }
    }
}

/// What a loop prints on the same line before curl's row: `printf '%s ' $ip; curl …`, `echo -n "$ip "; curl …`.
fn printed_before(command: &CommandLine) -> Option<String> {
    let words: Vec<&str> = command.words().collect();
    let curl = words.iter().position(|word| *word == "curl")?;
    let said = words.get(..curl)?;
    let after = |program: &str| said.get(said.iter().rposition(|word| *word == program)? + 1..);
    let text = match (after("printf"), after("echo")) {
        (Some([format, values @ ..]), _) => {
            values.iter().fold((*format).to_owned(), |text, value| text.replacen("%s", value, 1))
        }
        (None, Some(["-n", text, ..])) => (*text).to_owned(),
        _ => return None,
    };
    (!text.contains("\\n") && !text.contains(['%', ';', '(']) && text.contains('$')).then_some(text)
}

/// Splits `%{http_code} connect=%{time_connect}\n` into pieces; a shell variable (`$ip`) may hold anything.
fn pieces(format: &str) -> Option<Vec<Piece>> {
    (!format.contains("%{json}")).then_some(())?;
    let format = format.split("\\n").find(|line| line.contains("%{"))?.replace("\\t", "\t");
    let mut pieces = Vec::new();
    let mut rest = format.as_str();
    while let Some((literal, after)) = rest.split_once("%{") {
        push_literal(&mut pieces, literal);
        let (name, after) = after.split_once('}')?;
        pieces.push(Piece::Value(Field::of_variable(name)));
        rest = after;
    }
    push_literal(&mut pieces, rest);
    Some(pieces)
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &str) {
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('$') {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.to_owned()));
        }
        let name = after.trim_start_matches('{');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let variable = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        // A loop over addresses prints the address it tried.
        let field = if matches!(variable.as_str(), "ip" | "i" | "a" | "addr" | "address") {
            Field::Address
        } else {
            Field::Label
        };
        pieces.push(Piece::Value(field));
        rest = name.get(end..).unwrap_or_default().trim_start_matches('}');
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
}

fn matched<'a>(pieces: &[Piece], line: &'a str) -> Option<Row<'a>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    // "-w '%{http_code} '" in a loop without newline prints all statuses on one line.
    let values = pieces.iter().filter(|piece| matches!(piece, Piece::Value(_))).count();
    if values == 1 && words.len() > 1 && words.iter().all(|word| is_status(word)) {
        return Some(Row {
            values: words.into_iter().map(|word| (Field::Status, word)).collect(),
            only_statuses: true,
        });
    }
    let mut rest = line.trim_end();
    let mut found = Vec::new();
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Literal(text) => {
                rest = rest.strip_prefix(text.as_str()).or_else(|| rest.strip_prefix(text.trim_end()))?
            }
            Piece::Value(field) => {
                let end = match pieces.peek() {
                    Some(Piece::Literal(text)) => {
                        rest.find(text.as_str()).or_else(|| text.trim().is_empty().then_some(rest.len()))?
                    }
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at_checked(end)?;
                found.push((*field, value.trim()));
                rest = after;
            }
        }
    }
    // "-w '%{http_code} '" and a grep in the answer's head print one line: `200 x-served-by: api-2`.
    if let Some((name, member)) = rest.trim().split_once(": ")
        && POOL_MEMBER.iter().any(|known| known.eq_ignore_ascii_case(name))
    {
        found.push((Field::Member, member));
        rest = "";
    }
    rest.trim().is_empty().then_some(Row { values: found, only_statuses: false })
}

/// A row that stands on the line on which the answer's text, or what a pipe kept of its head, ends: `{"hits":39} 200 0.143`.
fn behind_a_body<'a>(pieces: &[Piece], line: &'a str) -> Option<Row<'a>> {
    // A page on one line is no row, and looking for one in it would take long.
    let end = line.len().saturating_sub(LONGEST_ROW);
    let starts = line.char_indices().map(|(at, _)| at).filter(|at| *at > 0 && *at >= end);
    let is_apart = |at: &usize| {
        let before = line.get(..*at).and_then(|before| before.chars().next_back());
        before.is_some_and(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_'))
    };
    let is_sound = |row: &Row| {
        let times = [Field::Lookup, Field::Connect, Field::Secured, Field::FirstByte, Field::Total];
        let numeric = times.into_iter().all(|field| row.text(field).is_none() || row.seconds(field).is_some());
        numeric && row.text(Field::Status).is_some() && row.is_telling()
    };
    starts.filter(is_apart).find_map(|at| matched(pieces, line.get(at..)?).filter(is_sound))
}

/// Fields by the word before them (`connect=0.03`, `dns 1.5`), a status or an address by its looks.
fn guessed(line: &str) -> Option<Row<'_>> {
    let mut values = Vec::new();
    if line.starts_with('{') && line.contains("\"time_namelookup\":") {
        // "%{json}" prints every variable.
        values.extend(json::pairs(line).into_iter().map(|(name, value)| match Field::of_variable(name) {
            Field::Status if value == "0" => (Field::Status, "000"),
            Field::Status if name == "response_code" => (Field::Other, value),
            field => (field, value),
        }));
        return Some(Row { values, only_statuses: false });
    }
    let mut label = None;
    // A loop may print the time first: `date +%T | tr '\\n' ' '`.
    let (first, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let line = if is_time(first) { rest } else { line };
    for word in line.split([' ', '\t', '|', ';']).filter(|word| !word.is_empty()) {
        let word = word.trim_end_matches(',');
        let (before, value) = word.split_once(['=', ':']).filter(|(_, value)| !value.is_empty()).unwrap_or(("", word));
        let named = if before.is_empty() { label.take() } else { Field::of_label(before) };
        if value.parse::<std::net::IpAddr>().is_ok() {
            values.push((Field::Address, value));
        } else if let Some(field) = named.filter(|_| value.trim_end_matches('s').parse::<f64>().is_ok()) {
            values.push((field, value));
        } else if before.is_empty() && is_status(value) {
            values.push((Field::Status, value));
        } else if value.contains('.') && value.trim_end_matches('s').parse::<f64>().is_ok() {
            values.push((Field::Total, value));
        } else if let Some(field) = Field::of_label(word) {
            label = Some(field);
        } else {
            return None;
        }
    }
    let statuses = values.iter().filter(|(field, _)| *field == Field::Status).count();
    let only_statuses = statuses > 1 && statuses == values.len();
    (!values.is_empty() && (statuses == 1 || only_statuses)).then_some(Row { values, only_statuses })
}

/// Rows that stand one value to a line, as the files write that people give to `-w @file`:
///
/// ```text
///     time_namelookup:  0.004s
///        time_connect:  0.009s
///  time_starttransfer:  7.180s
///          time_total:  7.181s (200 from 192.0.2.140)
/// ```
pub(super) fn stacked(lines: &[Line]) -> Vec<(Lines, Row<'_>)> {
    let mut rows: Vec<(Lines, Row)> = Vec::new();
    let mut open = false;
    for line in lines {
        let text = line.text.trim().trim_end_matches(',');
        let named = text.split_once([':', '=']).and_then(|(label, rest)| {
            let mut words = rest.split_whitespace().map(|word| word.trim_matches(|c: char| "(),;\"".contains(c)));
            let value = words.next()?;
            let number = value.trim_end_matches('s').replace(',', ".").parse::<f64>().is_ok();
            let address = value.parse::<std::net::IpAddr>().is_ok();
            // Of the addresses that curl knows, the other side's: "local_ip" is its own.
            let field = Field::of_label(label).filter(|field| number || address && *field == Field::Address);
            let plain = !label.trim().contains(' ') && (number || address);
            plain.then_some((field.unwrap_or(Field::Other), value, words))
        });
        let Some((field, value, rest)) = named else {
            // "status 504 from 203.0.113.20:443, 160 bytes" ends a row in a sentence.
            let mut words = text.split([' ', ',', '(', ')']).filter(|word| !word.is_empty());
            if let Some((at, row)) = rows.last_mut().filter(|(_, row)| open && row.text(Field::Status).is_none())
                && words.any(|word| Field::of_label(word) == Some(Field::Status))
                && let Some(status) = words.next().filter(|word| is_status(word))
            {
                at.last = line.number;
                row.values.push((Field::Status, status));
            }
            // Members of an object that are no numbers stand between those that are.
            open &= text.is_empty() || text.starts_with('"') || text.chars().all(|c| "-=_*+".contains(c));
            continue;
        };
        let has =
            |row: &Row, field: Field| field != Field::Other && row.values.iter().any(|(known, _)| *known == field);
        // Curl's own object holds the status under two names.
        if open && text.starts_with('"') && rows.last().is_some_and(|(_, row)| has(row, field)) {
            continue;
        }
        if !open || rows.last().is_some_and(|(_, row)| has(row, field)) {
            rows.push((Lines::one(line.number), Row { values: Vec::new(), only_statuses: false }));
        }
        open = true;
        let Some((at, row)) = rows.last_mut() else { continue };
        at.last = line.number;
        row.values.push((field, value));
        for word in rest {
            let field = if word.parse::<std::net::IpAddr>().is_ok() { Field::Address } else { Field::Status };
            if (field == Field::Address || is_status(word)) && !has(row, field) {
                row.values.push((field, word));
            }
        }
    }
    let times = [Field::Lookup, Field::Connect, Field::Secured, Field::FirstByte];
    rows.retain(|(_, row)| {
        row.text(Field::Total).is_some() && times.iter().filter(|field| row.text(**field).is_some()).count() >= 2
    });
    rows
}

/// Whether a number that stands alone can be a status: those of IANA's registry, and what nginx and Cloudflare add to it. Any other
/// list of numbers has three digits as well.
pub(in crate::read) fn is_registered(status: u16) -> bool {
    matches!(
        status,
        0 | 100..=103 | 200..=208 | 226 | 300..=308 | 400..=418 | 421..=426 | 428 | 429 | 431 | 444 | 451 | 494..=499
            | 500..=511 | 520..=527 | 530
    )
}

/// `000`, or a status as RFC 9110 numbers them.
fn is_status(text: &str) -> bool {
    text == "000" || (text.len() == 3 && text.parse::<u16>().is_ok_and(|status| (100..600).contains(&status)))
}
