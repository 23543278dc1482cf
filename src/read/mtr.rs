//! Reads `mtr`'s report, wide report, CSV, JSON and XML.
//!
//! ```text
//! HOST: hq-ws-9                     Loss%   Snt   Last   Avg  Best  Wrst StDev
//!   1.|-- 10.88.1.1                  0.0%    10    0.1   0.1   0.1   0.1   0.0
//!   2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0
//!   3.|-- 10.89.2.10                30.0%    10    0.1   0.1   0.1   0.1   0.0
//! ```
//!
//! Only loss at the last hop counts: routers on the way answer probes rarely and pass packets on all the same.

use super::request::endpoint;
use super::trace::{Ending, Hop, Trace};
use super::{Findings, Part, Reader, driver, observable};
use crate::evidence::Lines;
use crate::fact::Endpoint;

mod documents;

use documents::{attribute, is_json, json, xml};

pub(super) const READER: Reader = Reader { kind: "mtr", most: 0.98, recognize, read };

/// From here on a path is not merely lossy but nearly unusable.
const HEAVY: f64 = 50.0;

/// What a name without an address ends in.
const UNRESOLVED: &str = "mtr: Failed to resolve host: ";

fn recognize(part: &Part) -> f64 {
    if part.any(|text| header(text) || text.starts_with("Mtr_Version,") || text.starts_with("<MTR SRC="))
        || (is_json(part) && json(part).is_some())
    {
        return 0.98;
    }
    if part.any(|text| text.starts_with(UNRESOLVED)) {
        return 0.95;
    }
    let told = part.lines.iter().filter(|line| raw(&line.text).is_some()).count();
    if part.any(|text| row(text).is_some()) || (told > 0 && told + 3 > part.lines.len() && part.runs("mtr")) {
        0.9
    } else {
        0.0
    }
}

/// A line of `--raw`: `x` a packet sent to a hop, `h` its address, `p` an answer, each with the number of the hop, counted from 0.
fn raw(text: &str) -> Option<(char, u32, &str)> {
    let mut words = text.split(' ');
    let kind = words.next().filter(|kind| matches!(*kind, "x" | "h" | "p" | "d" | "t"))?;
    Some((kind.chars().next()?, words.next()?.parse().ok()?, words.next()?))
}

/// The hops of `--raw` up to the first that repeats the one before: behind the target mtr goes on asking until it has heard from it.
fn raw_rows(part: &Part) -> Vec<Row> {
    let mut rows: Vec<(Row, u32)> = Vec::new();
    for (kind, hop, value) in part.lines.iter().filter_map(|line| raw(&line.text)) {
        let at = hop as usize;
        if at > rows.len() || at > 64 {
            continue;
        }
        if at == rows.len() {
            rows.push((
                Row { distance: hop + 1, from: None, loss: 100.0, sent: 0, average: None, best: None, several: false },
                0,
            ));
        }
        let Some((row, answered)) = rows.get_mut(at) else { continue };
        match kind {
            'x' => row.sent += 1,
            'h' => row.from = Some(value.to_owned()),
            'p' => {
                *answered += 1;
                let ms = value.parse::<f64>().ok().map(|microseconds| microseconds / 1000.0);
                row.best = row.best.map_or(ms, |best| ms.map(|ms| ms.min(best)));
            }
            _ => {}
        }
    }
    let mut hops: Vec<Row> = Vec::new();
    for (row, answered) in rows {
        if row.from.is_some() && hops.last().is_some_and(|last| last.from == row.from) {
            break;
        }
        // The last packet may still be under way.
        let sent = row.sent.max(answered);
        let loss = (1.0 - f64::from(answered) / f64::from(sent.max(1))) * 100.0;
        hops.push(Row { loss: loss.round(), sent, ..row });
    }
    hops
}

fn read(part: &Part, findings: &mut Findings) {
    if is_json(part)
        && let Some((target, rows)) = json(part)
    {
        let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty());
        let lines: Vec<u32> = filled.map(|line| line.number).collect();
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        conclude(Some(target), rows, Lines::new(*first, *last), Lines::new(*first, *last), findings);
        return;
    }
    for line in part.lines.iter().filter(|line| line.text.starts_with(UNRESOLVED)) {
        driver::said(&line.text).into_iter().for_each(|claim| findings.fact(Lines::one(line.number), claim));
    }
    let command = part.command.as_ref().filter(|_| part.runs("mtr"));
    let asked = command.and_then(|command| command.words().filter(|word| word.parse::<f64>().is_err()).last());
    let shown = part.lines.iter().find_map(|line| screen_target(&line.text));
    let hops = raw_rows(part);
    let in_xml = part.lines.iter().find_map(|line| attribute(line.text.strip_prefix("<MTR ")?, "DST"));
    let named = in_xml.or(asked.filter(|word| word.contains(['.', ':']))).or(shown);
    let target = named.map(|word| endpoint(word, None));
    let mut told = part.lines.iter().filter(|line| raw(&line.text).is_some());
    let first = told.next();
    if let (false, Some(first), Some(last)) = (hops.is_empty(), first, told.next_back().or(first)) {
        part.lines.iter().for_each(|line| findings.noise(line.number));
        let lines = Lines::new(first.number, last.number);
        conclude(target, hops, lines, lines, findings);
        return;
    }
    let mut rows = Vec::new();
    let mut lines: Option<Lines> = None;
    let mut of_csv = None;
    // The hop whose tags are being read.
    let mut hub: Option<Row> = None;
    for line in &part.lines {
        if let Some(found) = xml(&line.text, &mut hub) {
            findings.noise(line.number);
            let first = lines.map_or(line.number, |lines| lines.first);
            lines = Some(Lines::new(first, line.number));
            rows.extend(found.map(|row| (line.number, row)));
            continue;
        }
        let found = row(&line.text).or_else(|| csv(&line.text));
        let starts = header(&line.text) || line.text.starts_with("Start: ") || line.text.starts_with("Mtr_Version,");
        if starts && !rows.is_empty() {
            close(of_csv.take().or(target.clone()), std::mem::take(&mut rows), lines.take(), findings);
        }
        if found.is_some() || starts {
            findings.noise(line.number);
            let first = lines.map_or(line.number, |lines| lines.first);
            lines = Some(Lines::new(first, line.number));
        }
        if let Some(found) = found {
            if rows.last().is_some_and(|(_, last): &(u32, Row)| last.distance >= found.distance) {
                let of = of_csv.take().or(target.clone());
                close(of, std::mem::take(&mut rows), lines.replace(Lines::one(line.number)), findings);
            }
            of_csv = csv_target(&line.text);
            rows.push((line.number, found));
        } else if is_second_address(&line.text) {
            findings.noise(line.number);
            rows.iter_mut().next_back().into_iter().for_each(|(_, last)| last.several = true);
        } else if is_screen(&line.text) {
            findings.noise(line.number);
        }
    }
    close(of_csv.or(target), rows, lines, findings);
}

fn close(target: Option<Endpoint>, rows: Vec<(u32, Row)>, lines: Option<Lines>, findings: &mut Findings) {
    if let (Some((last, _)), Some(lines)) = (rows.last(), lines) {
        let at_last = Lines::one(*last);
        conclude(target, rows.into_iter().map(|(_, row)| row).collect(), lines, at_last, findings);
    }
}

/// One hop of a report.
struct Row {
    distance: u32,
    /// Nothing where only silence was heard.
    from: Option<String>,
    /// Percent.
    loss: f64,
    sent: u32,
    /// All answers together, in milliseconds.
    average: Option<f64>,
    /// The quickest answer in milliseconds, where it is told.
    best: Option<f64>,
    /// Whether other routers answered at this distance, too.
    several: bool,
}

/// From this many milliseconds on a hop lies behind a long or slow line …
const FAR: f64 = 100.0;

/// … if the hops before it answer so many times quicker.
const NEARER: f64 = 20.0;

/// The hops between which all that follows becomes slow.
fn jump(rows: &[Row]) -> Option<(&str, &str)> {
    let from = |row: &Row| row.from.as_deref()?.parse::<std::net::IpAddr>().ok();
    rows.windows(2).enumerate().find_map(|(at, pair)| {
        let [before, after] = pair else { return None };
        let (near, far) = (before.best?, after.best?);
        let stays = rows.iter().skip(at + 1).filter_map(|row| row.best).all(|best| best >= far * 0.7);
        let jumps = far >= FAR && far >= near * NEARER && stays && from(before).is_some() && from(after).is_some();
        jumps.then(|| before.from.as_deref().zip(after.from.as_deref())).flatten()
    })
}

fn conclude(target: Option<Endpoint>, rows: Vec<Row>, lines: Lines, at_last: Lines, findings: &mut Findings) {
    let Some(last) = rows.last().filter(|last| !last.several || target.is_some()) else { return };
    // mtr stops at the target: whoever answers last is it, unless an address was asked for and another one answers.
    let strayed = target.as_ref().and_then(|target| target.address).is_some_and(|address| {
        last.from.as_deref().and_then(|from| from.parse().ok()).is_some_and(|from: std::net::IpAddr| from != address)
    });
    // A router that answers once more in the place of the hop behind it is not the target.
    let repeated = rows.iter().rev().nth(1).is_some_and(|before| before.from.is_some() && before.from == last.from);
    let strayed = strayed || repeated;
    // The target has one address: where several routers answer, the report was cut before it.
    let ending = if last.several {
        None
    } else if last.from.is_some() && !strayed {
        Some(Ending::Arrived)
    } else {
        Some(Ending::GaveUp)
    };
    // Loss that begins behind a hop and stays to the end begins on the way from it.
    let clean = rows.iter().rposition(|row| row.loss == 0.0).and_then(|at| rows.get(at)?.from.clone());
    let loss =
        last.from.as_ref().filter(|_| ending == Some(Ending::Arrived)).map(|_| (last.loss, last.sent, last.average));
    let of = target.or_else(|| last.from.as_deref().map(|from| endpoint(from, None))).unwrap_or_default();
    if let Some((before, after)) = jump(&rows) {
        let detail = format!("all from {after} on answer late, {before} before it at once");
        findings.state(at_last, observable::PATH_DELAY, "jumps", endpoint(after, None), detail);
    }
    let mut trace = Trace::to(Some(of.clone()));
    trace.ending = ending;
    trace.at(lines.first);
    trace.at(lines.last);
    trace.hops = rows
        .into_iter()
        .map(|row| Hop { distance: row.distance, from: row.from.into_iter().collect(), refusal: None })
        .collect();
    trace.finish(findings);
    if let Some((percent, sent, average)) = loss {
        let clean = clean.filter(|_| percent > 0.0);
        tell_loss(at_last, of, (percent, sent), average, clean.as_deref(), findings);
    }
}

/// Records how much got lost on the way to the target, in percent of the packets sent, and behind which hop that begins.
pub(super) fn tell_loss(
    at: Lines,
    of: Endpoint,
    (percent, sent): (f64, u32),
    average: Option<f64>,
    clean: Option<&str>,
    findings: &mut Findings,
) {
    let value = match percent {
        0.0 => "none",
        HEAVY.. => "heavy",
        _ => "some",
    };
    let average = average.map(|average| format!(", {average} ms on average")).unwrap_or_default();
    let begins = clean.map(|hop| format!(", none up to {hop}")).unwrap_or_default();
    let detail = format!("{percent}% of {sent}{average}{begins}");
    findings.state(at, observable::PATH_LOSS, value, of, detail);
}

/// The target on the screen of 0.93 and later: `laptop (192.168.2.11) -> api.shop.example (203.0.113.10)   2024-04-11T13:21:40+0000`.
fn screen_target(text: &str) -> Option<&str> {
    let (from, to) = text.split_once(" -> ")?;
    let target = to.split_once(" (")?.1.split(')').next()?;
    (from.trim_end().ends_with(')') && target.parse::<std::net::IpAddr>().is_ok()).then_some(target)
}

/// What else the screen shows: the title, the keys, the heads of the columns.
fn is_screen(text: &str) -> bool {
    let trimmed = text.trim();
    screen_target(text).is_some()
        || trimmed.starts_with("My traceroute  [")
        || trimmed.starts_with("Keys:  Help")
        || trimmed == "Packets               Pings"
        || trimmed.starts_with("Host  ") && trimmed.contains("Loss%")
}

fn header(text: &str) -> bool {
    text.starts_with("HOST: ") && text.contains("Loss%") && text.contains("Snt")
}

/// `  2. AS64500  192.0.2.2   0.0%   10 …`: the mark, an optional network, a host, the loss, the packets sent.
fn row(text: &str) -> Option<Row> {
    let (distance, rest) = text.trim_start().split_once('.')?;
    let distance = distance.parse().ok()?;
    let rest = rest
        .strip_prefix("|--")
        .or_else(|| rest.strip_prefix("|-"))
        .or_else(|| rest.strip_prefix("|  "))
        .unwrap_or(rest);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let at = words.iter().position(|word| percent(word).is_some() && (word.ends_with('%') || word.contains('.')))?;
    let loss = percent(words.get(at)?)?;
    let sent = words.get(at + 1)?.parse().ok()?;
    words.get(at + 2)?.parse::<f64>().ok()?;
    let names: Vec<&str> = words.get(..at)?.iter().copied().filter(|word| !is_network(word)).collect();
    let address = names.iter().find_map(|name| name.strip_prefix('(')?.strip_suffix(')'));
    let from = address.or(names.first().copied()).filter(|from| *from != "???" && *from != "(waiting");
    let milliseconds = |column: usize| words.get(at + column).and_then(|one| one.parse().ok()).filter(|_| loss < 100.0);
    let (average, best) = (milliseconds(3), milliseconds(4));
    Some(Row { distance, from: from.map(str::to_owned), loss, sent, average, best, several: false })
}

fn percent(word: &str) -> Option<f64> {
    word.trim_end_matches('%').parse().ok().filter(|percent| (0.0..=100.0).contains(percent))
}

/// `AS64500`, `AS???`.
fn is_network(word: &str) -> bool {
    word.strip_prefix("AS").is_some_and(|rest| rest == "???" || rest.bytes().all(|b| b.is_ascii_digit()))
}

/// A further router at the same distance, without numbers of its own: `    |  `|-- 192.0.2.9`, or set in below the first one's name.
fn is_second_address(text: &str) -> bool {
    let bare = text.trim();
    bare.starts_with('|') && bare.contains("|-- ")
        || text.starts_with("      ") && bare.contains(['.', ':']) && !bare.contains(' ') && !bare.ends_with('.')
}

/// The host that was asked for stands in every row of a CSV.
fn csv_target(text: &str) -> Option<Endpoint> {
    text.strip_prefix("MTR.")?.split(',').nth(3).map(|host| endpoint(host, None))
}

/// `MTR.0.95,1763692985,OK,203.0.113.10,1,198.51.100.1,0.00,3,…`
fn csv(text: &str) -> Option<Row> {
    let fields: Vec<&str> = text.split(',').collect();
    fields.first()?.strip_prefix("MTR.")?;
    let from = fields.get(5).copied().filter(|from| *from != "???");
    // The column after the host is the loss; older versions put the network in between.
    let numbers: Vec<f64> = fields.iter().skip(6).filter_map(|field| field.parse().ok()).collect();
    Some(Row {
        distance: fields.get(4)?.parse().ok()?,
        from: from.map(str::to_owned),
        loss: *numbers.first()?,
        sent: *numbers.get(1)? as u32,
        average: None,
        best: None,
        several: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn where_several_routers_answer_last_the_report_was_cut_before_the_target() {
        let text = "HOST: pi       Loss%   Snt   Last   Avg  Best  Wrst StDev\n\
                    \u{20} 1.|-- gw.example      0.0%   300    0.4   0.5   0.3   7.1   0.6\n\
                    \u{20} 2.|-- a.isp.example    0.0%   300    6.8   5.1   1.6  33.9   3.0\n\
                    \u{20}       b.isp.example";
        let whole = "path is complete at b.isp.example (3 hops)";
        assert_eq!(told(READER, text), [""; 0]);
        let target = format!("{text}\n  3.|-- b.isp.example    0.0%   300    6.8   5.1   1.6  33.9   3.0");
        assert_eq!(told(READER, &target).first().map(String::as_str), Some(whole));
    }
}
