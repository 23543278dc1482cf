//! Reads `crontab -l` and cron files.
//!
//! ```text
//! */15 * * * * /opt/blog/cleanup.sh  # takes ~40 s
//! @daily /usr/local/bin/backup
//! ```
//!
//! Of a job only its schedule and program are kept: arguments and variables may hold secrets.

use super::observable::JOB_SCHEDULE;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, State};

pub(super) const READER: Reader = Reader { kind: "crontab", most: 0.98, recognize, read };

fn recognize(part: &Part) -> f64 {
    match (part.any(|text| Job::parse(text).is_some()), part.runs("crontab")) {
        (true, true) => 0.98,
        (true, false) => 0.85,
        _ if part.any(is_empty) => 0.95,
        _ => 0.0,
    }
}

fn read(part: &Part, findings: &mut Findings) {
    for line in &part.lines {
        if let Some(job) = Job::parse(&line.text) {
            let detail = format!("{} {}", job.schedule, job.program);
            let numbers = job.seconds.map(|seconds| ("runs_s".to_owned(), seconds)).into_iter().collect();
            let at = Lines::one(line.number);
            let (observable, value) = (JOB_SCHEDULE.to_owned(), "cron".to_owned());
            let state = State { observable, value, of: Endpoint::default(), detail };
            findings.measured(at, numbers, Claim::State(state));
        } else if line.text.starts_with('#') || is_variable(&line.text) || is_empty(&line.text) {
            findings.noise(line.number);
        }
    }
}

/// `no crontab for app`
fn is_empty(text: &str) -> bool {
    text.strip_prefix("no crontab for ").is_some_and(|user| !user.contains(' '))
}

struct Job<'a> {
    schedule: String,
    program: &'a str,
    /// How long it runs, where a comment says so.
    seconds: Option<f64>,
}

impl<'a> Job<'a> {
    fn parse(text: &'a str) -> Option<Job<'a>> {
        text.contains(['*', '@']).then_some(())?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let count = match words.first()? {
            word if word.starts_with('@') && NICKNAMES.contains(word) => 1,
            _ => 5,
        };
        let fields = words.get(..count)?;
        // At least one star, or a table of five numbers would be a schedule.
        let schedule = count == 1
            || (fields.iter().all(|field| is_field(field)) && fields.iter().any(|field| field.starts_with('*')));
        // System-wide files name a user before the program.
        let rest = words.get(count..)?;
        let program = rest.iter().find(|word| word.contains('/')).or_else(|| rest.first())?;
        let plausible =
            program.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '.' | '~' | '[' | '('));
        let seconds = text.split_once('#').and_then(|(_, comment)| duration(comment));
        (schedule && plausible).then(|| Job { schedule: fields.join(" "), program, seconds })
    }
}

/// `takes ~40 s`, `about 2 min`
fn duration(comment: &str) -> Option<f64> {
    let words: Vec<&str> = comment.split_whitespace().map(|word| word.trim_matches(['~', ',', '.', ';'])).collect();
    words.windows(2).find_map(|pair| {
        let [number, unit] = pair else { return None };
        let seconds = match *unit {
            "s" | "sec" | "secs" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minutes" => 60.0,
            "h" | "hours" => 3600.0,
            _ => return None,
        };
        Some(number.parse::<f64>().ok()? * seconds)
    })
}

const NICKNAMES: [&str; 8] =
    ["@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// `*/15`, `0,30`, `1-5`, `mon`
fn is_field(field: &str) -> bool {
    field.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | ',' | '/' | '-'))
        || NAMES.iter().any(|name| field.eq_ignore_ascii_case(name))
}

/// Months and days may be named.
const NAMES: [&str; 19] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
    "fri", "sat", "sun",
];

fn is_variable(text: &str) -> bool {
    text.split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn a_job_is_its_schedule_and_program() {
        let text = "MAILTO=ops@blog.example\n*/15 * * * * /opt/blog/cleanup.sh --password hunter2  # takes ~40 s\n17 * * * * root cd / && run-parts --report /etc/cron.hourly";
        assert_eq!(
            told(READER, text),
            ["job schedule is cron (*/15 * * * * /opt/blog/cleanup.sh)", "job schedule is cron (17 * * * * /)"]
        );
    }
}
