//! Reads what `curl -w` prints, once or in a loop over requests or addresses.
//!
//! ```text
//! 203.0.113.10 http=200 connect=0.001069 total=0.002024
//! 203.0.113.138 http=200 connect=16.419532 total=16.420085
//! 203.0.113.30 000 tcp=0.000 exit=28
//! ```
//!
//! With the command line, its format names every field. Without it, fields are known by the word before them.

use std::net::IpAddr;

use super::request::{Request, endpoint, split_port};
use super::{CommandLine, Findings, Part, Reader, chain, tls};
use crate::evidence::Lines;
use crate::fact::{Answerer, Attempt, Claim, Outcome, Stage, Times};

mod format;
mod round;

pub(super) use format::is_registered;
use format::{Field, Format, Row, stacked};
use round::{in_its_round, rounds};

pub(super) const READER: Reader = Reader { kind: "curl", most: 0.97, recognize, read };

/// From here on, connecting or resolving is remarkable: a lost SYN is sent again after 1 s (RFC 6298), and no round trip on
/// earth takes as long.
const LATE: f64 = 0.9;

/// From here on an answer is slow for anybody who waits for it: half of the shortest usual limit, OkHttp's 10 s
/// (<https://square.github.io/okhttp/5.x/okhttp/okhttp3/-ok-http-client/read-timeout-millis.html>).
const SLOW: f64 = 5.0;

fn recognize(part: &Part) -> f64 {
    // What a browser saved holds numbers of the same names, in other units.
    if part.any(|text| text.contains("\"timings\"") || text.contains("\"startedDateTime\"")) {
        return 0.0;
    }
    let format = Format::of(part.command.as_ref());
    let rows = part.lines.iter().filter(|line| format.read(&line.text).is_some_and(|row| row.is_telling())).count();
    match (rows, format.is_given()) {
        (0, _) if !stacked(&part.lines).is_empty() => 0.9,
        (0, _) => 0.0,
        // A number in another program's output is not a status.
        (_, false) if part.command.as_ref().is_some_and(|command| !command.runs("curl")) => 0.0,
        (_, false) if part.command.is_none() && !is_list(part) => 0.0,
        _ if part.any(|text| text.starts_with('{') && text.contains("\"time_namelookup\":")) => 0.97,
        (_, true) => 0.97,
        (1, false) => 0.6,
        (_, false) => 0.85,
    }
}

/// Whether numbers of three digits that nothing names may be statuses: they are most of the text, none is a number of another kind,
/// and there are several. One alone may be a count of rows.
fn is_list(part: &Part) -> bool {
    let is_bare = |text: &str| text.split_whitespace().all(|word| word.len() == 3 && word.parse::<u16>().is_ok());
    let is_other = |text: &str| text.split_whitespace().filter_map(|word| word.parse().ok()).any(|n| !is_registered(n));
    let filled = || part.lines.iter().map(|line| line.text.as_str()).filter(|text| !text.trim().is_empty());
    let bare = || filled().filter(|text| is_bare(text));
    let named = part
        .lines
        .iter()
        .any(|line| !is_bare(&line.text) && Format::Guessed.read(&line.text).is_some_and(|row| row.is_telling()));
    // A member of an object that somebody printed is no row.
    (named && !part.any(|text| text.trim_start().starts_with("status: ")))
        || (!bare().any(is_other) && bare().count() > 1 && bare().count() * 2 >= filled().count())
}

/// Whether a line is one that this command line's `-w` writes.
pub(super) fn is_row(command: &CommandLine, text: &str) -> bool {
    let format = Format::of(Some(command));
    format.is_given() && format.read(text).is_some_and(|row| row.is_telling())
}

fn read(part: &Part, findings: &mut Findings) {
    let writes = |run: &CommandLine| run.option("-w", "--write-out").is_some();
    let request = Request::of(part.command.as_ref().map(|command| command.only("curl", writes)).as_ref());
    let format = Format::of(part.command.as_ref());
    // Without -o the answer's body stands above the row.
    let keeps =
        |command: &CommandLine| command.option("-o", "--output").is_some() || command.flag('O', "--remote-name");
    let once = part.command.iter().flat_map(|command| command.words()).filter(|word| *word == "curl").count() <= 1;
    let prints_body = format.is_given() && once && !part.command.as_ref().is_some_and(keeps);
    let rows = part.lines.iter().filter(|line| format.read(&line.text).is_some_and(|row| row.is_telling())).count();
    let mut rounds = part.command.as_ref().map(|command| rounds(command, rows)).unwrap_or_default().into_iter();
    // One row for each URL of a command line that runs once.
    let each = part.command.as_ref().map(|command| Request::each(Some(command))).unwrap_or_default();
    let mut each = Some(each).filter(|each| once && each.len() == rows && rows > 1).unwrap_or_default().into_iter();
    let mut error: Option<(u32, &str)> = None;
    let mut stacked = stacked(&part.lines).into_iter().peekable();
    let echoes = part.command.as_ref().is_some_and(|command| command.runs("echo"));
    // What a loop over addresses printed above its rows.
    let mut round = None;
    for line in &part.lines {
        if stacked.peek().is_some_and(|(lines, _)| (lines.first..lines.last).contains(&line.number)) {
            continue;
        }
        if let Some((lines, row)) = stacked.next_if(|(lines, _)| lines.last == line.number) {
            // Without a status, a connection that took no time at all was none.
            let connected = row.seconds(Field::Connect) != Some(0.0);
            let request = in_its_round(&request, &row, None);
            for status in row.statuses() {
                let attempt = attempt(&request, &row, status.or((!connected).then_some(0)), round, None);
                findings.fact(lines, Claim::Attempt(attempt));
            }
            continue;
        }
        if echoes
            && !line.text.contains("curl: (")
            && let Some(address) = chain::sole_address(&line.text)
        {
            round = Some(address);
            findings.noise(line.number);
            continue;
        }
        // "-sS" prints the reason above the row that it belongs to, behind what a loop printed of the round.
        if let Some(reason) = line.text.find("curl: (").and_then(|at| line.text.get(at..)) {
            error = Some((line.number, reason));
            findings.noise(line.number);
        } else if let Some(row) = format.read(&line.text).filter(Row::is_telling) {
            let reason = error.take();
            let first = reason.map_or(line.number, |(number, _)| number);
            let request = each.next().unwrap_or_else(|| request.clone());
            let request = &in_its_round(&request, &row, rounds.next());
            for status in row.statuses() {
                let attempt = attempt(request, &row, status, round, reason.map(|(_, text)| text));
                // That a connection which stood already still works says nothing new.
                if row.text(Field::Connects) == Some("0") && attempt.outcome == Outcome::Ok {
                    findings.noise(line.number);
                    continue;
                }
                findings.fact(Lines::new(first, line.number), Claim::Attempt(attempt));
            }
        } else if prints_body {
            findings.noise(line.number);
        }
    }
}

/// The times that stand in a line by name, as in `HTTP/1.1 200 OK total=0.284`.
pub(super) fn times(text: &str) -> Times {
    let mut times = Times::default();
    for word in text.split([' ', '\t', ',', ';']) {
        let Some((label, value)) = word.split_once(['=', ':']) else { continue };
        let (value, unit) = value.strip_suffix("ms").map_or((value, 1.0), |value| (value, 1e3));
        let Ok(number) = value.trim_end_matches('s').parse::<f64>() else { continue };
        let Some(place) = (match Field::of_label(label) {
            Some(Field::Lookup) => Some(&mut times.resolved),
            Some(Field::Connect) => Some(&mut times.connected),
            Some(Field::Secured) => Some(&mut times.secured),
            Some(Field::FirstByte) => Some(&mut times.first_byte),
            Some(Field::Total) => Some(&mut times.total),
            _ => None,
        }) else {
            continue;
        };
        *place = Some(number / unit);
    }
    times
}

fn attempt(request: &Request, row: &Row, status: Option<u16>, round: Option<IpAddr>, reason: Option<&str>) -> Attempt {
    let times = Times {
        resolved: row.seconds(Field::Lookup),
        connected: row.seconds(Field::Connect).filter(|seconds| status != Some(0) || *seconds > 0.0),
        secured: row.seconds(Field::Secured).filter(|seconds| *seconds > 0.0),
        first_byte: row.seconds(Field::FirstByte).filter(|seconds| *seconds > 0.0),
        total: row.seconds(Field::Total),
    };
    let mut to = request.to.clone();
    to.address = round.or(to.address);
    if let Some(address) = row.text(Field::Address) {
        to.address = endpoint(split_port(address).0, None).address.or(to.address);
    }
    let outcome = outcome(request, row, status, &times, reason);
    let resolved = to.host.is_some() && !request.pinned && outcome != Outcome::Unresolved;
    // Times alone say that an answer came, and not which.
    let tests = match (status, outcome, times.secured) {
        (None, Outcome::Ok, Some(_)) => Stage::Tls,
        (None, Outcome::Ok, None) => Stage::Connect,
        _ => Stage::Exchange,
    };
    Attempt {
        to,
        resolved,
        unchecked: request.unchecked_certificate,
        protocol: request.protocol.clone(),
        path: request.path.clone(),
        status: status.filter(|status| *status > 0),
        answerer: Answerer { served_by: row.text(Field::Member).map(str::to_owned), ..Answerer::default() },
        times,
        ..Attempt::new(tests, outcome)
    }
}

fn outcome(request: &Request, row: &Row, status: Option<u16>, times: &Times, reason: Option<&str>) -> Outcome {
    let told = reason.and_then(|text| text.strip_prefix("curl: (")?.split(')').next());
    let exit = row.text(Field::Exit).or(told).and_then(|code| code.parse::<u16>().ok()).filter(|code| *code > 0);
    let said = row
        .text(Field::Error)
        .filter(|text| !text.is_empty())
        .or(reason.and_then(|text| text.split_once(") ").map(|(_, said)| said)));
    if status == Some(0)
        && let Some(outcome) = row.text(Field::Verified).and_then(of_verification)
    {
        return outcome;
    }
    match (status.unwrap_or(0), said) {
        (0, Some(said)) if said.contains("Connection refused") => Outcome::Refused,
        // "Failed to connect to H port P after 0 ms: Couldn't connect to server" may be a refusal or a router's rejection.
        (0, Some(said)) if said.contains("t connect to server") => match waited(said) {
            // Its own limit of time has another status.
            Some(seconds) if seconds >= LATE && exit != Some(7) => Outcome::ConnectTimeout,
            _ => Outcome::Unconnected,
        },
        (0, Some(said)) if said.starts_with("Empty reply") => Outcome::EmptyReply,
        (0, Some(said)) if said.contains("resolve") || said.starts_with("Resolving") => Outcome::Unresolved,
        (0, Some(said)) if said.contains("Connection reset") => Outcome::Reset,
        // curl says "Connection timed out" or "Failed to connect" as long as nothing has answered.
        (0, Some(said)) if said.starts_with("Operation timed out after") => Outcome::Hang,
        (0, Some(said)) if said.contains("timed out") || said.contains("Timeout was reached") => {
            of_exit(request, Some(28), &Times { resolved: None, ..*times })
        }
        (0, Some(said)) if said.contains("No route to host") => Outcome::Unreachable,
        // What verifying a certificate met; an alert is told with another status.
        (0, Some(said)) if matches!(exit, Some(35 | 51 | 60)) && tls::outcome(said).is_some() => {
            tls::outcome(said).unwrap_or(Outcome::TlsFailed)
        }
        // Neither a reason nor how far it came.
        (0, _) if status == Some(0) && exit.is_none() && row.text(Field::Connect).is_none() => match times.total {
            Some(total) if total >= LATE => Outcome::TimedOut,
            _ => Outcome::Unserved,
        },
        (0, _) if exit.is_some() || status == Some(0) => of_exit(request, exit, times),
        _ if exit == Some(18) || exit == Some(92) => Outcome::Truncated,
        // Who follows redirects and still holds one at the end was led in a circle.
        (300..=399, _) if row.text(Field::Redirects).is_some_and(|many| many != "0") => Outcome::RedirectLoop,
        _ if exit == Some(47) => Outcome::RedirectLoop,
        _ if exit == Some(28) => Outcome::Truncated,
        (status, _) => match Outcome::of_status(status) {
            Outcome::Ok => late(times),
            failure => failure,
        },
    }
}

/// X509_verify_cert_error_string(3) by number; curl prints 0 where nothing was amiss, or nothing was looked at.
fn of_verification(code: &str) -> Option<Outcome> {
    match code {
        "9" => Some(Outcome::TlsNotYetValid),
        "10" => Some(Outcome::TlsExpired),
        "18" => Some(Outcome::TlsSelfSigned),
        "19" => Some(Outcome::TlsUnknownRoot),
        "2" | "20" | "21" => Some(Outcome::TlsUntrusted),
        "62" => Some(Outcome::TlsWrongName),
        _ => None,
    }
}

/// The seconds of `… after 3060 ms: …`.
fn waited(said: &str) -> Option<f64> {
    let (_, rest) = said.split_once(" after ")?;
    rest.split_once(" ms")?.0.parse::<f64>().ok().map(|ms| ms / 1000.0)
}

/// A request without an answer, by curl's exit code and the last stage that has a time.
fn of_exit(request: &Request, exit: Option<u16>, times: &Times) -> Outcome {
    let connected = times.connected.is_some_and(|seconds| seconds > 0.0);
    let securing = connected && times.secured.is_none() && request.protocol.as_deref() == Some("https");
    let waited = times.total.is_some_and(|total| total >= LATE);
    match exit {
        Some(5 | 6) => Outcome::Unresolved,
        Some(7) if waited => Outcome::Unreachable,
        Some(7) => Outcome::Unconnected,
        Some(28) if times.resolved == Some(0.0) && !request.pinned && times.total.is_some() && !connected => {
            Outcome::Unresolved
        }
        Some(28) if times.secured.is_some() => Outcome::Hang,
        Some(28) if securing => Outcome::TlsHang,
        Some(28) if connected => Outcome::Hang,
        Some(28) => Outcome::ConnectTimeout,
        Some(35) => Outcome::TlsClosed,
        Some(51) => Outcome::TlsWrongName,
        Some(60) => Outcome::TlsUntrusted,
        Some(90) => Outcome::TlsFailed,
        Some(52) => Outcome::EmptyReply,
        Some(56) => Outcome::Reset,
        // No code shown: 000 after a wait is silence; at once, nobody says what it was.
        None if securing => {
            if waited {
                Outcome::TlsHang
            } else {
                Outcome::TlsFailed
            }
        }
        None if connected => {
            if waited {
                Outcome::Hang
            } else {
                Outcome::Unserved
            }
        }
        None if waited => Outcome::ConnectTimeout,
        None => Outcome::Unconnected,
        Some(_) => Outcome::Reset,
    }
}

/// A request that worked, with the first stage that took strangely long.
pub(super) fn late(times: &Times) -> Outcome {
    let resolved = times.resolved.unwrap_or(0.0);
    if resolved >= LATE {
        return Outcome::DnsSlow;
    }
    if times.connected.is_some_and(|connected| connected - resolved >= LATE) {
        return Outcome::ConnectSlow;
    }
    let begun = times.connected.or(times.resolved).unwrap_or(0.0);
    match (times.first_byte, times.total) {
        (Some(answered), _) | (None, Some(answered)) if answered - begun >= SLOW => Outcome::Slow,
        (Some(answered), Some(total)) if total - answered >= SLOW => Outcome::SlowBody,
        _ => Outcome::Ok,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn who_answered_may_stand_behind_the_row() {
        let text = "$ for i in 1 2; do curl -s -o /dev/null -D h -w '%{http_code} %{time_total} ' http://10.0.0.2/p; grep -i x-served h; done\n\
                    200 0.031510 x-served-by: api-1\n200 0.375638 x-served-by: api-2\n";
        let members: Vec<Option<String>> = crate::read::read(text, None, None)
            .facts()
            .filter_map(|fact| match &fact.claim {
                crate::fact::Claim::Attempt(attempt) => Some(attempt.answerer.served_by.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(members, [Some("api-1".to_owned()), Some("api-2".to_owned())]);
    }

    #[test]
    fn a_connection_that_took_its_time_was_made() {
        let told = |row: &str| {
            let text = format!(
                "$ curl -s -m 1 -o /dev/null -w '%{{http_code}} exit=%{{exitcode}} c=%{{time_connect}} a=%{{time_appconnect}} %{{errormsg}}' https://a.example/\n{row}\n"
            );
            crate::read::read(&text, None, None).facts().map(|fact| fact.claim.to_string()).collect::<Vec<_>>()
        };
        // curl 8.23; 8.14 shows no time to connect, and says the same.
        let row = "000 exit=28 c=0.000148 a=0.000000 Connection timed out after 1004 milliseconds";
        assert_eq!(told(row), ["the request to a.example:443 got no answer to its TLS handshake"]);
        let row = "000 exit=28 c=0.000000 a=0.000000 Connection timed out after 1004 milliseconds";
        assert_eq!(told(row), ["the request to a.example:443 was never answered: the connection timed out"]);
    }

    #[test]
    fn a_status_of_zero_is_what_curl_said_above_it_and_otherwise_nothing_in_particular() {
        let command = "$ for h in a b; do printf '%-9s ' $h; curl -sS -o /dev/null -w '%{http_code}\\n' https://$h.example/; done\n";
        let told = |text: &str| -> Vec<String> {
            let text = format!("{command}{text}");
            crate::read::read(&text, None, None).facts().map(|fact| fact.claim.to_string()).collect()
        };
        assert_eq!(
            told("a         200\nb         curl: (60) SSL certificate problem: certificate has expired\n000\n"),
            ["the request to a.example:443 worked", "the request to b.example:443 met an expired certificate"]
        );
        let unknown = "brought no answer that could be used";
        assert_eq!(
            told("a         000\nb         000\n"),
            [format!("the request to a.example:443 {unknown}"), format!("the request to b.example:443 {unknown}")]
        );
    }
}
