//! Holds the times of errors against the schedules of jobs. A job need not be on the path of a request to spoil it.

use super::binomial::{ln_at_least, short, spoken};
use super::{Grown, Here, Reckoning, Says, rhythm, state};
use crate::diagnosis::{Seen, Sum};
use crate::evidence::Lines;
use crate::fact::{Claim, Endpoint, Outcome, State};
use crate::runbook::GrowsWith;

mod cron;

use cron::Cron;

/// How long a run is taken to last where nobody says, in seconds.
const A_RUN: f64 = 60.0;

/// What a run that is logged takes away is missed within so many milliseconds, where it is in use all the time.
const MISSED_WITHIN: i64 = 2_000;

const A_DAY: i64 = 86_400_000;

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
    logged(&log, facts, &mut reckoning);
    reckoning
}

fn log<'a>(facts: &[Here<'a>]) -> Option<Log<'a>> {
    let mut logs: Vec<Log> = Vec::new();
    let mut last = None;
    for here in facts {
        let (Claim::Attempt(attempt), Some(at)) = (&here.fact.claim, here.fact.at) else { continue };
        let lines = here.fact.lines;
        let received = attempt.to.name.as_deref() == Some(Endpoint::SELF);
        let is_here =
            |log: &Log| (log.first.place.evidence, log.first.place.block) == (here.place.evidence, here.place.block);
        if !logs.last().is_some_and(is_here) {
            logs.push(Log { first: *here, lines, failed: Vec::new(), worked: Vec::new() });
        }
        let Some(log) = logs.last_mut() else { continue };
        log.lines = Lines::new(log.lines.first, lines.last);
        let times = match attempt.outcome {
            // Strangers ask a server for what it never had; who asks for the same all the time misses it.
            outcome if outcome.is_client_error() && received => continue,
            Outcome::Ok | Outcome::Redirected => &mut log.worked,
            _ => &mut log.failed,
        };
        // A line that tells of a request and of what was done for it is one request.
        if times.last() != Some(&at) || !received && last != Some(lines) {
            times.push(at);
        }
        last = Some(lines);
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
    let held = Held { name, hit, all, covered, ln_chance };
    let state = state("job.errors", value, held.says());
    reckoning.findings.push(here.place.finding(here.fact.lines, Says::OfJob(program.to_owned(), state)));
    held.sum(log, here, format!("its {runs} runs ({lasting})"), concludes, reckoning);
}

/// Errors that were held against the runs of a job.
struct Held<'a> {
    name: &'a str,
    hit: u32,
    all: u32,
    covered: f64,
    ln_chance: f64,
}

impl Held<'_> {
    fn says(&self) -> String {
        let Held { name, hit, all, .. } = self;
        format!("{hit} of {all} errors while {name} runs, which is {} % of the time", short(100.0 * self.covered))
    }

    fn sum(&self, log: &Log, here: &Here, runs: String, concludes: String, reckoning: &mut Reckoning) {
        let share = f64::from(self.hit) / f64::from(self.all);
        reckoning.sums.push(Sum {
            title: format!("Errors against the schedule of {}", self.name),
            rows: vec![
                format!("{} of {} errors ({} %) fall into its runs", self.hit, self.all, short(100.0 * share)),
                format!("{runs} cover {} % of the time", short(100.0 * self.covered)),
                format!("likelihood ratio {}; by chance: {}", short(share / self.covered), spoken(self.ln_chance)),
            ],
            concludes,
            missing: Vec::new(),
            because: vec![
                log.first.place.seen(log.lines),
                Seen { evidence: here.place.evidence, lines: here.fact.lines },
            ],
        });
    }
}

/// Holds the errors against runs at whose times something was deleted: by the job's own log, or by the log of a store that names its
/// client. Of a log that has no date the time of the day counts.
fn logged(log: &Log, facts: &[Here], reckoning: &mut Reckoning) {
    let run = |here: &Here| match (&here.fact.claim, here.fact.at) {
        (Claim::State(state), Some(at)) if state.observable == "job.run" => Some((state.of.clone(), at)),
        _ => None,
    };
    let mut from = 0;
    while let Some((first, of)) = facts.iter().skip(from).find_map(|here| Some((*here, run(here)?.0))) {
        let same = |here: &&Here| {
            (here.place.evidence, here.place.block) == (first.place.evidence, first.place.block)
                && run(here).is_some_and(|(other, _)| other == of)
        };
        let times: Vec<i64> = facts.iter().filter(same).filter_map(|here| Some(run(here)?.1)).collect();
        from = facts.iter().rposition(|here| same(&here)).map_or(facts.len(), |last| last + 1);
        let follows = |run: &i64, time: &i64| (time - run).rem_euclid(A_DAY) <= MISSED_WITHIN;
        let inside = |all: &[i64]| all.iter().filter(|time| times.iter().any(|run| follows(run, time))).count() as u32;
        let spoiled = times.iter().filter(|run| log.failed.iter().any(|time| follows(run, time))).count() as u32;
        let (hit, all) = (inside(&log.failed), log.failed.len() as u32);
        // With nothing that worked, nobody knows whether it would have failed at any other time.
        if spoiled < 2 || all < 5 || log.worked.is_empty() {
            continue;
        }
        let covered = (f64::from(inside(&log.worked)) + 1.0) / (log.worked.len() as f64 + 2.0);
        let ln_chance = ln_at_least(hit, all, covered);
        if ln_chance < SURE && f64::from(hit) >= 0.5 * f64::from(all).max(6.0 * covered * f64::from(all)) {
            let held = Held { name: "the job", hit, all, covered, ln_chance };
            let state = State { of, ..state("job.errors", "inside", held.says()) };
            reckoning.findings.push(first.place.finding(first.fact.lines, Says::State(state)));
            let runs = format!("the {} s after each of its {} runs", MISSED_WITHIN / 1_000, times.len());
            held.sum(log, &first, runs, pause("it", all, spoiled), reckoning);
        }
    }
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
