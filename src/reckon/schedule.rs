//! Holds the times of errors against the schedules of jobs. A job need not be on the path of a request to spoil it.

use super::binomial::{ln_at_least, short, spoken};
use super::{Grown, Here, Reckoning, Says, rhythm, state};
use crate::diagnosis::{Seen, Sum};
use crate::evidence::Lines;
use crate::fact::{Claim, Outcome};
use crate::runbook::GrowsWith;

mod cron;

use cron::Cron;

/// How long a run is taken to last where nobody says, in seconds.
const A_RUN: f64 = 60.0;

/// So likely may chance leave no errors during the runs that were skipped, before their absence means something.
const CONVINCED: f64 = 0.01;

/// ln of the chance below which errors are said to fall into the runs.
const SURE: f64 = -9.2;

/// Times of requests in the log that holds most errors; of two logs both may tell of the same request.
struct Log<'a> {
    first: Here<'a>,
    lines: Lines,
    failed: Vec<i64>,
    worked: Vec<i64>,
}

pub(super) fn reckon(facts: &[Here]) -> Reckoning {
    let mut reckoning = Reckoning::default();
    let Some(log) = log(facts) else { return reckoning };
    beat(&log, &mut reckoning);
    for here in facts {
        let Claim::State(schedule) = &here.fact.claim else { continue };
        if schedule.observable == "job.schedule" {
            against(&log, here, &schedule.detail, &mut reckoning);
        }
    }
    reckoning
}

fn log<'a>(facts: &[Here<'a>]) -> Option<Log<'a>> {
    let mut logs: Vec<Log> = Vec::new();
    for here in facts {
        let (Claim::Attempt(attempt), Some(at)) = (&here.fact.claim, here.fact.at) else { continue };
        let lines = here.fact.lines;
        let is_here =
            |log: &Log| (log.first.place.evidence, log.first.place.block) == (here.place.evidence, here.place.block);
        if !logs.last().is_some_and(is_here) {
            logs.push(Log { first: *here, lines, failed: Vec::new(), worked: Vec::new() });
        }
        let Some(log) = logs.last_mut() else { continue };
        log.lines = Lines::new(log.lines.first, lines.last);
        let times = match attempt.outcome {
            outcome if outcome.is_client_error() => continue,
            Outcome::Ok | Outcome::Redirected => &mut log.worked,
            _ => &mut log.failed,
        };
        // A line that tells of a request and of what was done for it is one request.
        if times.last() != Some(&at) {
            times.push(at);
        }
    }
    logs.into_iter().filter(|log| !log.failed.is_empty()).max_by_key(|log| log.failed.len())
}

/// Whether the errors have a beat, whoever beats it.
fn beat(log: &Log, reckoning: &mut Reckoning) {
    let Some(found) = rhythm::rhythm(&log.failed, &log.worked) else { return };
    let place = log.first.place;
    let every = rhythm::spoken(found.beat);
    let detail = format!("{} of {} errors within {} s of a beat, {every}", found.inside, found.of, found.window);
    reckoning.growths.push(Grown {
        with: GrowsWith::Clock,
        says: format!("{} of {} errors in the same {} s", found.inside, found.of, found.window),
        seen: place.seen(log.lines),
    });
    reckoning.findings.push(place.finding(log.lines, Says::OfJobs(state("errors.rhythm", "periodic", detail))));
    reckoning.sums.push(Sum {
        title: "When the errors come".to_owned(),
        rows: vec![
            format!("{} of {} errors fall into the same {} s, {every}", found.inside, found.of, found.window),
            format!("by chance: {}", spoken(found.ln_chance)),
        ],
        concludes: format!("Something that runs {every} is involved; it need not be on the path of the request."),
        missing: Vec::new(),
        because: vec![place.seen(log.lines)],
    });
}

/// Holds the errors against one schedule.
fn against(log: &Log, here: &Here, detail: &str, reckoning: &mut Reckoning) {
    let words: Vec<&str> = detail.split_whitespace().collect();
    let Some((cron, program)) = Cron::parse(&words) else { return };
    let runs_for = here.fact.numbers.get("runs_s").copied();
    let lasts = runs_for.unwrap_or(A_RUN);
    let (Some(first), Some(last)) = (log.failed.iter().min(), log.failed.iter().max()) else { return };
    let runs = cron.runs(*first, *last);
    let span = (last - first) as f64 / 1_000.0;
    if runs == 0 || span <= 0.0 || log.failed.len() < 5 {
        return;
    }
    let inside = |times: &[i64]| times.iter().filter(|time| cron.is_running(**time, lasts)).count() as u32;
    let (hit, all) = (inside(&log.failed), log.failed.len() as u32);
    let covered = match log.worked.len() {
        0 => cron.covers(*first, *last, lasts),
        worked => (f64::from(inside(&log.worked)) + 1.0) / (worked as f64 + 2.0),
    };
    let share = f64::from(hit) / f64::from(all);
    let ratio = share / covered;
    let ln_chance = ln_at_least(hit, all, covered);
    let name = program.rsplit('/').next().unwrap_or(program);
    let (value, concludes) = if ln_chance < SURE && share >= 0.5 && ratio >= 3.0 {
        ("inside", pause(name, all, runs))
    } else if share < (2.0 * covered).max(0.2) && all >= 10 {
        ("spread", format!("{name} is not what they wait for: they come as often when it does not run."))
    } else {
        return;
    };
    let lasting = match runs_for {
        Some(seconds) => format!("about {} s", short(seconds)),
        None => format!("taken to last {} s, for nobody says", short(lasts)),
    };
    let says = format!("{hit} of {all} errors while {name} runs, which is {} % of the time", short(100.0 * covered));
    reckoning
        .findings
        .push(here.place.finding(here.fact.lines, Says::OfJob(program.to_owned(), state("job.errors", value, says))));
    reckoning.sums.push(Sum {
        title: format!("Errors against the schedule of {name}"),
        rows: vec![
            format!("{hit} of {all} errors ({} %) fall into its runs", short(100.0 * share)),
            format!("its {runs} runs ({lasting}) cover {} % of the time", short(100.0 * covered)),
            format!("likelihood ratio {}; by chance: {}", short(ratio), spoken(ln_chance)),
        ],
        concludes,
        missing: Vec::new(),
        because: vec![log.first.place.seen(log.lines), Seen { evidence: here.place.evidence, lines: here.fact.lines }],
    });
}

/// How many runs to leave out before "no errors" means something, if errors keep coming at the rate seen.
fn pause(name: &str, errors: u32, runs: u32) -> String {
    let per_run = f64::from(errors) / f64::from(runs);
    let none_after = |skipped: u32| (-per_run * f64::from(skipped)).exp();
    let skipped = (1..1_000).find(|skipped| none_after(*skipped) <= CONVINCED).unwrap_or(1_000);
    let before = match skipped {
        1 => String::new(),
        _ => format!(" ({} % after {})", short(100.0 * none_after(skipped - 1)), skipped - 1),
    };
    format!(
        "Pause {name} for at least {skipped} runs: at {} errors per run, none at all would be chance with {} %{before}.",
        short(per_run),
        short(100.0 * none_after(skipped)),
    )
}
