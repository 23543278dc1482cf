//! Finds failures that are over: what they came from was stopped and serves again, in words and in time, and all that was asked since worked.
//!
//! ```text
//! nginx$     09:07:07 POST /ships 502 · 09:07:10 POST /ships 502 · 09:07:13 POST /ships 201
//! artifacts$ 09:07:06 stopping artifacts (planned) · 09:07:12 Listening at: http://0.0.0.0:8080
//! ```
//!
//! Where only the beginning is told, what nobody listened to just before it is over as well. Failures and successes that alternate,
//! several stops, a crash, a clock that differs, or an end without a word stay what they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{Observation, Paste, Placed, Request, Sight};
use crate::diagnosis::Seen;
use crate::fact::{Fact, Outcome, Stage, State};
use crate::moment::{between, clock};
use crate::order;
use crate::routes::Routes;
use crate::sketch::{Element, NodeIx, Sketch};

mod passed;

/// So many requests must have worked since.
const SINCE: usize = 3;

/// Connections break so many milliseconds before a log says that its program stops …
const BEFORE: i64 = 5_000;

/// … and a balancer notices so late that it serves again.
const AFTER: i64 = 15_000;

/// A stop of which nothing is told was no longer than this before the beginning, in milliseconds: more than a restart takes is an outage …
const UNTOLD: i64 = 300_000;

/// … and all that failed came before it, but for what rounding to whole seconds makes of it.
const ROUNDED: i64 = 1_000;

/// So many milliseconds apart, two programs tell of one beginning.
const ONE_BEGINNING: i64 = 30_000;

/// What shows that something had stopped.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// It is told that it stopped.
    Stop,
    /// It is told that it began, and nothing of a stop before that.
    Beginning,
    /// Nothing is told: its callers were refused for a moment.
    Refusals,
}

impl Sign {
    /// So many requests must have worked since.
    fn needed(self) -> usize {
        match self {
            Sign::Stop | Sign::Beginning => SINCE,
            Sign::Refusals => passed::MANY,
        }
    }
}

/// A time at which something that had stopped serves again.
pub(super) struct Restart {
    node: NodeIx,
    from: i64,
    until: i64,
    sign: Sign,
    seen: Seen,
}

/// What was found to be over.
#[derive(Debug, Clone, PartialEq)]
pub struct Over {
    /// A clause about whoever was stopped: "grade book serves again since 12:03:29"; before it what that one needs and had not.
    pub says: String,
}

impl Paste<'_> {
    /// Notes that something was stopped and serves again: the server that a balancer names, or the host of the log.
    pub(super) fn restart(&mut self, fact: &Fact, state: &State) -> bool {
        let only = || self.targets.routes.only_dependency(self.front()?);
        let node =
            if state.of.is_empty() { self.vantage } else { self.targets.endpoint(&state.of, None).or_else(only) };
        let (Some(node), Some(from)) = (node, fact.at) else { return true };
        let seen = Seen { evidence: self.evidence, lines: fact.lines };
        let told = state.value == "over";
        let lasted = fact.numbers.get("lasted_s").copied().unwrap_or_default();
        let (from, until) = if told { (from, from + (lasted * 1e3) as i64) } else { (from - UNTOLD, from) };
        let sign = if told { Sign::Stop } else { Sign::Beginning };
        self.notes.restarts.push(Restart { node, from, until, sign, seen });
        true
    }
}

/// Leaves out the failures that are over, and says so.
/// `taken` tells when each paste was.
pub(super) fn compare(
    placed: &mut Placed,
    restarts: &[Restart],
    taken: &BTreeMap<usize, i64>,
    sketch: &Sketch,
    routes: &Routes,
) {
    let name = |ix: NodeIx| sketch.node(ix).map(|node| node.name().to_owned()).unwrap_or_default();
    let Placed { observations, assumed, over, .. } = placed;
    let is_off = |one: &Observation| matches!(&one.sight, Sight::State { observable, value, .. } if observable == "clock" && value == "off");
    // When something failed and when something began, two hosts tell.
    if observations.iter().any(is_off) {
        return;
    }
    let targets: BTreeSet<NodeIx> =
        order::set(requests(observations).filter(|(_, request)| fails(request)).map(|(_, request)| request.to));
    let passed = passed::passed(observations, &targets, taken);
    let of = |target: NodeIx| {
        restarts.iter().chain(&passed).find_map(|one| {
            ended(observations, one, restarts, target, (taken, routes)).map(|(last, n)| (target, one, last, n))
        })
    };
    let all: Vec<(NodeIx, &Restart, i64, usize)> = targets.into_iter().filter_map(of).collect();
    for (target, restart, last, worked) in all {
        let callers: Vec<NodeIx> = routes.callers(target).into_iter().map(|(_, caller)| caller).collect();
        observations.retain(|observation| !is_of_it(observation, restart, target, &callers));
        let says = match restart.sign {
            Sign::Stop | Sign::Beginning => {
                format!("{} serves again since {}", name(restart.node), clock(restart.until))
            }
            Sign::Refusals => format!("nothing failed at {} after {}", name(restart.node), clock(last)),
        };
        assumed.push(format!(
            "What failed at {} until {} is taken to be over: {says}, and {worked} requests worked after that (paste {}, line {}).",
            name(target),
            clock(last),
            restart.seen.evidence + 1,
            restart.seen.lines.last,
        ));
        let is_behind = restart.node != target && routes.shortest(restart.node, target).is_some();
        let failed = || format!("{} failed until {}, ", name(target), clock(last));
        over.push(Over { says: if is_behind { failed() + &says } else { says } });
    }
}

fn requests(observations: &[Observation]) -> impl Iterator<Item = (&Observation, &Request)> {
    observations.iter().filter_map(|one| Some((one, one.request()?)))
}

fn fails(request: &Request) -> bool {
    request.tests != Stage::Resolve && !request.outcome.is_success() && request.outcome != Outcome::Overtaken
}

/// When the last failure at `target` was, and how many requests worked since, where this restart explains all of them and is over.
fn ended(
    observations: &[Observation],
    restart: &Restart,
    all: &[Restart],
    target: NodeIx,
    (taken, routes): (&BTreeMap<usize, i64>, &Routes),
) -> Option<(i64, usize)> {
    let leads = |from: NodeIx, to: NodeIx| routes.shortest(from, to).is_some();
    // A member is taken out, and back in, also for what it needs itself.
    let concerned = restart.node == target || leads(target, restart.node) || leads(restart.node, target);
    let apart = |other: &&Restart| (other.until - restart.until).abs() > ONE_BEGINNING;
    let others = || all.iter().filter(|other| other.node == restart.node && !std::ptr::eq(*other, restart));
    let stopped = |one: &Restart| one.sign != Sign::Beginning;
    let once = match stopped(restart) {
        true => !others().any(|other| stopped(other) && other.seen.evidence == restart.seen.evidence),
        // Who begins again and again is not yet back.
        false => !others().filter(apart).any(|other| other.until > restart.from),
    };
    if !concerned || !once || crashes(observations, restart.node) {
        return None;
    }
    let failures = |at: NodeIx| requests(observations).filter(move |(_, one)| one.to == at && fails(one));
    // What a tally counts without a time was told one by one by whoever met it, or it may go on.
    let counted: u32 = failures(target).filter(|(one, _)| one.at.is_none()).map(|(one, _)| one.count).sum();
    let at_its_source: u32 = failures(restart.node).filter(|(one, _)| one.at.is_some()).map(|(one, _)| one.count).sum();
    if counted > 0 && (restart.node == target || counted > at_its_source) {
        return None;
    }
    let (mut first, mut last) = (None::<i64>, None::<i64>);
    let source = failures(restart.node).filter(|_| counted > 0);
    for (observation, request) in failures(target).chain(source) {
        let Some(at) = observation.at else { continue };
        let is_late = || taken.get(&observation.seen.evidence).and_then(|taken| between(*taken, at)) > Some(ROUNDED);
        if !during(restart, at) || restart.sign == Sign::Beginning && (!passed::nobody_listens(request) || is_late()) {
            return None;
        }
        first = Some(first.map_or(at, |known| known.min(at)));
        last = Some(last.map_or(at, |known| known.max(at)));
    }
    let (first, last) = (first?, last?);
    let mut since = 0;
    for (observation, request) in requests(observations).filter(|(_, one)| leads_to(one.to, target, routes)) {
        let Some(at) = observation
            .at
            .or(taken.get(&observation.seen.evidence).copied())
            .filter(|_| request.outcome == Outcome::Ok)
        else {
            continue;
        };
        let (after_first, after_last) = (between(first, at)?, between(last, at)?);
        if after_first > 0 && after_last < 0 {
            // It worked in between: nothing was stopped then.
            return None;
        }
        if after_last >= 0 && between(restart.until, at)? >= 0 {
            since += observation.count as usize;
        }
    }
    // What failed in front of it at the same time is over with it.
    let in_front = restart.sign == Sign::Refusals && restart.node != target;
    let at_its_source = || ended(observations, restart, all, restart.node, (taken, routes)).is_some();
    let enough = since >= restart.sign.needed() || in_front && since >= SINCE && at_its_source();
    enough.then_some((last, since))
}

/// Whether a request to one node asks the other as well, whatever it asks for.
fn leads_to(asked: NodeIx, target: NodeIx, routes: &Routes) -> bool {
    asked == target || routes.only_dependency(asked) == Some(target)
}

/// Whether something happened while it was stopped, or as it stopped and began.
fn during(restart: &Restart, at: i64) -> bool {
    let (since, until) = (between(restart.from, at), between(restart.until, at));
    let late = if restart.sign == Sign::Beginning { ROUNDED } else { AFTER };
    since.is_some_and(|since| since >= -BEFORE) && until.is_some_and(|until| until <= late)
}

/// Whether the program does not end on purpose: what kills it may come again.
fn crashes(observations: &[Observation], node: NodeIx) -> bool {
    observations.iter().any(|observation| match &observation.sight {
        Sight::State { observable, value, at } => {
            at.contains(&Element::Node(node))
                && matches!(observable.as_str(), "process" | "pod.state")
                && matches!(
                    value.as_str(),
                    "crashed" | "killed_oom" | "worker_timeout" | "restarted" | "crash_loop" | "oom_killed"
                )
        }
        Sight::Request(_) | Sight::Blame { .. } => false,
    })
}

/// Whether an observation tells of the failures that are over, or of their reason.
fn is_of_it(observation: &Observation, restart: &Restart, target: NodeIx, callers: &[NodeIx]) -> bool {
    match &observation.sight {
        Sight::Request(request) => request.to == target && fails(request),
        Sight::State { observable, value, at } => {
            let reason = matches!(observable.as_str(), "proxy.reason" | "backend.servers" | "complaint")
                || observable == "process" && value == "stopped"
                // What PostgreSQL tells those whom a stop cuts off, and those who come while it stops or starts.
                || observable == "db.error" && matches!(value.as_str(), "canceled" | "starting");
            let is_at = |node: &NodeIx| at.contains(&Element::Node(*node));
            // What callers say of connections in that time they say of it.
            let of_a_caller = || observable == "complaint" && observation.says.contains("onnection");
            let here = is_at(&target) || is_at(&restart.node) || of_a_caller() && callers.iter().any(is_at);
            reason && here && observation.at.is_some_and(|at| during(restart, at))
        }
        Sight::Blame { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::{Diagnosis, Verdict};
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    const LOG: &str = "10.192.8.7 - - [28/Nov/2026:09:07:07 +0000] \"POST /ships-1.8.tgz HTTP/1.1\" 502 157 \"-\" \"curl/7.88.1\"\n\
                       10.192.8.7 - - [28/Nov/2026:09:07:10 +0000] \"POST /ships-1.8.tgz HTTP/1.1\" 502 157 \"-\" \"curl/7.88.1\"\n\
                       10.192.8.7 - - [28/Nov/2026:09:07:13 +0000] \"POST /ships-1.8.tgz HTTP/1.1\" 201 18 \"-\" \"curl/7.88.1\"\n\
                       10.192.8.7 - - [28/Nov/2026:09:07:13 +0000] \"GET /healthz HTTP/1.1\" 200 38 \"-\" \"curl/7.88.1\"\n\
                       10.192.8.7 - - [28/Nov/2026:09:07:14 +0000] \"GET /healthz HTTP/1.1\" 200 38 \"-\" \"curl/7.88.1\"\n";
    const STOP: &str = "09:07:06 deploy 2026.11.28-2: stopping artifacts (planned, change 8820)\n\
                        09:07:12 deploy 2026.11.28-2: starting artifacts\n";
    const SERVE: &str = "[2026-11-28 09:07:12 +0000] [24330] [INFO] Listening at: http://0.0.0.0:8080 (24330)\n";

    fn diagnosed(log: &str, deploy: &str) -> Diagnosis {
        let drawn = "ci(job) -> web(proxy)[10.192.9.2]:80 -> artifacts(service)[10.192.9.10]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        diagnose(&sketch, &[paste("web", log), paste("artifacts", deploy)], &Shelf::shipped().0)
    }

    #[test]
    fn failures_of_a_planned_restart_are_over_when_all_worked_since() {
        let diagnosis = diagnosed(LOG, &format!("{STOP}{SERVE}"));
        assert_eq!(diagnosis.verdict, Verdict::NothingWrong, "{}", diagnosis.headline);
        assert!(diagnosis.headline.contains("09:07:12"), "{}", diagnosis.headline);
        assert!(diagnosis.assumed.iter().any(|said| said.contains("until 09:07:10")), "{:?}", diagnosis.assumed);
    }

    #[test]
    fn a_fault_that_a_restart_healed_is_no_planned_stop() {
        let earlier = LOG.lines().next().unwrap_or_default().replace("09:07:07", "09:05:40");
        let healed = diagnosed(&format!("{earlier}\n{LOG}"), &format!("{STOP}{SERVE}"));
        assert_ne!(healed.verdict, Verdict::NothingWrong, "{}", healed.headline);
    }

    #[test]
    fn a_member_that_is_back_tells_when_what_it_needs_was_away() {
        let drawn = "pc(client) -> lb(load_balancer)[10.155.1.5]:80 -> board-1(service)[10.155.2.11]:8080 -> redis(cache)[10.155.3.3]:6379";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, text: &str| Evidence {
            origin: Origin { vantage: Some(vantage.to_owned()), ..Origin::default() },
            reading: read(text, None, None),
        };
        let balancer = |second: u32| {
            let down = "Nov 28 21:54:14 lb-d haproxy[20239]: Server board/board-1 is DOWN, reason: Layer7 wrong status, code: 503, info: \"SERVICE UNAVAILABLE\", check duration: 13ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.\n\
                        Nov 28 21:54:20 lb-d haproxy[20239]: Server board/board-1 is UP, reason: Layer7 check passed, code: 200, check duration: 5ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.\n";
            let served = |n: u32| {
                format!(
                    "Nov 28 21:54:{second} lb-d haproxy[20239]: 10.155.6.6:3572{n} [28/Nov/2026:21:54:{second}.166] fe board/board-1 0/0/0/2/2 200 192 - - ---- 1/1/0/0/0 0/0 \"GET /board/now HTTP/1.1\"\n"
                )
            };
            paste("lb", &(down.to_owned() + &served(2) + &served(4) + &served(6)))
        };
        let refused = paste(
            "board-1",
            "2026-11-28 21:54:18,284 ERROR [ThreadPoolExecutor-0_0] board: GET /board/health failed: Error 111 connecting to 10.155.3.3:6379. Connection refused.\n",
        );
        let (shelf, _) = Shelf::shipped();
        let since = diagnose(&sketch, &[balancer(35), refused.clone()], &shelf);
        assert_eq!(since.verdict, Verdict::NothingWrong, "{}", since.headline);
        assert!(since.headline.contains("redis failed until 21:54:18, board-1 serves again"), "{}", since.headline);
        // Nobody was served after it.
        let before = diagnose(&sketch, &[balancer(12), refused], &shelf);
        assert_ne!(before.verdict, Verdict::NothingWrong, "{}", before.headline);
    }

    #[test]
    fn refusals_just_before_a_program_began_are_over_where_all_worked_since() {
        let refused = "2026/11/28 09:07:07 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.192.8.7, server: , request: \"POST /ships-1.8.tgz HTTP/1.1\", upstream: \"http://10.192.9.10:8080/ships-1.8.tgz\", host: \"web\"\n\
                       2026/11/28 09:07:10 [error] 7#7: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 10.192.8.7, server: , request: \"POST /ships-1.8.tgz HTTP/1.1\", upstream: \"http://10.192.9.10:8080/ships-1.8.tgz\", host: \"web\"\n";
        let log = format!("{refused}\n{LOG}");
        let begun = diagnosed(&log, SERVE);
        assert_eq!(begun.verdict, Verdict::NothingWrong, "{}", begun.headline);
        assert!(begun.headline.contains("serves again since 09:07:12"), "{}", begun.headline);
        // It began before the last failure, long after the first one, or again and again.
        for other in [
            SERVE.replace("09:07:12", "09:07:08"),
            SERVE.replace("09:07:12", "09:14:12"),
            format!("{SERVE}{}", SERVE.replace("09:07:12", "09:09:12")),
        ] {
            let diagnosis = diagnosed(&log, &other);
            assert_ne!(diagnosis.verdict, Verdict::NothingWrong, "{}", diagnosis.headline);
        }
        // It hung, and somebody began it anew.
        let hung = log
            .replace(
                "connect() failed (111: Connection refused) while connecting to upstream",
                "upstream timed out (110: Connection timed out) while reading response header from upstream",
            )
            .replace("502 157", "504 167");
        assert_ne!(diagnosed(&hung, SERVE).verdict, Verdict::NothingWrong);
    }

    /// PostgreSQL 15.18.
    #[test]
    fn what_a_database_told_those_it_cut_off_in_a_restart_is_over_with_it() {
        let drawn = "ops(client) -> lifts(service)[10.186.3.4]:8080 -> db(database)[10.186.5.5]:5432";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let log = "2026-11-29 11:53:33.021 UTC [16278] LOG:  received fast shutdown request\n\
                   2026-11-29 11:53:33.026 UTC [16505] app@shop FATAL:  terminating connection due to administrator command\n\
                   2026-11-29 11:53:33.058 UTC [16526] app@shop FATAL:  the database system is shutting down\n\
                   2026-11-29 11:53:33.065 UTC [16278] LOG:  database system is shut down\n\
                   2026-11-29 11:53:33.856 UTC [16547] LOG:  database system is ready to accept connections\n";
        let app = "2026-11-29 11:53:33,775 ERROR [ThreadPoolExecutor-0_0] lifts: GET /lifts/7 failed: connection to server at \"10.186.5.5\", port 5432 failed: Connection refused\n";
        let calls = "$ for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://10.186.3.4:8080/lifts/$i; done\n200 0.017\n200 0.022\n200 0.008\n";
        let paste = |vantage: &str, text: &str| {
            let at = Some("2026-11-29T11:54:19Z".to_owned());
            let origin = Origin { vantage: Some(vantage.to_owned()), at, ..Origin::default() };
            Evidence { origin, reading: read(text, None, None) }
        };
        let of = |log: &str| {
            diagnose(&sketch, &[paste("db", log), paste("lifts", app), paste("ops", calls)], &Shelf::shipped().0)
        };
        assert_eq!(of(log).verdict, Verdict::NothingWrong, "{}", of(log).headline);
        // One of them is refused long after it.
        let late = log.to_owned()
            + "2026-11-29 11:54:10.100 UTC [16601] app@shop FATAL:  terminating connection due to administrator command\n";
        assert_ne!(of(&late).verdict, Verdict::NothingWrong, "{}", of(&late).headline);
    }

    #[test]
    fn an_outage_stays_one_without_an_end_in_words_or_with_a_failure_after_it() {
        assert_ne!(diagnosed(LOG, STOP).verdict, Verdict::NothingWrong);
        let again = format!(
            "{LOG}10.192.8.7 - - [28/Nov/2026:09:07:20 +0000] \"GET /healthz HTTP/1.1\" 502 157 \"-\" \"curl/7.88.1\"\n"
        );
        assert_ne!(diagnosed(&again, &format!("{STOP}{SERVE}")).verdict, Verdict::NothingWrong);
    }
}
