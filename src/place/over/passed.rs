//! Finds a moment in which nobody listened and of which nothing more is told: it was short, it is over for a while, and all that was asked
//! since worked.
//!
//! ```text
//! nginx$ tail error.log     14:52:35 connect() failed (111: Connection refused) … upstream: 10.219.3.3 · 14:52:36 …
//! scale$ for i in …; curl   200 200 200 200 200 200 200 200        (at 14:53:19)
//! ```
//!
//! A proxy's run of 502 or 503 says the same. That is what a restart looks like from its caller. Who is refused now and then, or was until
//! just now, may be so again.

use std::collections::{BTreeMap, BTreeSet};

use super::{Restart, Sign, fails, requests};
use crate::fact::Outcome;
use crate::moment::between;
use crate::place::{Observation, Request};
use crate::sketch::NodeIx;

/// A moment is no longer than this, in milliseconds …
const MOMENT: i64 = 30_000;

/// … and it is over for as long at least before its log was taken, and some times as long as it was …
const QUIET: i64 = 10_000;
const TIMES: i64 = 3;

/// … but not for longer than this: the hours of two clocks that count in other zones lie further apart.
const RECENT: i64 = 600_000;

/// So many requests must have worked since.
pub(super) const MANY: usize = 8;

/// Such moments of these targets.
pub(super) fn passed(
    observations: &[Observation],
    targets: &BTreeSet<NodeIx>,
    taken: &BTreeMap<usize, i64>,
) -> Vec<Restart> {
    let of = |target: &NodeIx| {
        let failed = || requests(observations).filter(|(_, one)| one.to == *target && fails(one));
        let refused = failed().all(|(seen, one)| nobody_listens(one) && seen.at.is_some());
        let (first, _) = failed().min_by_key(|(one, _)| one.at)?;
        let (last, _) = failed().max_by_key(|(one, _)| one.at)?;
        let (from, at) = (first.at?, last.at?);
        let ago = between(at, *taken.get(&last.seen.evidence)?)?;
        let lasted = between(from, at)?;
        let quiet = QUIET.max(TIMES * lasted);
        // A proxy that finds nobody for one request and somebody for the next may do so again: only a run of such answers is a moment, in
        // a log that shows others, too.
        let answers = failed().filter(|(_, one)| matches!(one.outcome, Outcome::Http502 | Outcome::Http503)).count();
        let worked = requests(observations).filter(|(_, one)| one.to == *target && one.outcome.is_success());
        let same_log = |seen: &Observation| seen.at.filter(|_| seen.seen.evidence == last.seen.evidence);
        let times: Vec<i64> = worked.filter_map(|(seen, _)| same_log(seen)).collect();
        let is_shown = times.iter().any(|then| *then > at) && !times.iter().any(|then| (from..=at).contains(then));
        let in_a_run = answers == 0 || answers > 1 && is_shown;
        let over = refused && in_a_run && lasted <= MOMENT && (quiet..=RECENT).contains(&ago);
        let seen = last.seen.clone();
        over.then_some(Restart { node: *target, from, until: at + quiet, sign: Sign::Refusals, seen })
    };
    targets.iter().filter_map(of).collect()
}

/// Whether a request failed as it does where no program listens.
pub(super) fn nobody_listens(request: &Request) -> bool {
    use Outcome::{Http502, Http503, Refused, Unconnected, Unserved};
    matches!(request.outcome, Refused | Unconnected | Unserved | Http502 | Http503)
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// nginx 1.22 and curl 7.88: two refusals so many seconds apart, and so many answers as long after them.
    fn is_over(span: u32, gap: u32, answers: usize) -> bool {
        let drawn = "scale(client)[10.218.1.30] -> gw(proxy)[10.218.2.2]:80 -> weights(service)[10.219.3.3]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let time = |seconds: u32| format!("{:02}:{:02}:{:02}", 14 + seconds / 3600, seconds / 60 % 60, seconds % 60);
        let refused = |seconds: u32| {
            format!(
                "2026/11/29 {} [error] 7394#7394: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.218.1.30, server: , request: \"GET /w/1 HTTP/1.1\", upstream: \"http://10.219.3.3:8080/w/1\", host: \"10.218.2.2\"\n",
                time(seconds)
            )
        };
        let paste = |vantage: &str, command: Option<&str>, text: &str| {
            let at = Some(format!("2026-11-29T{}Z", time(span + gap)));
            let command = command.map(str::to_owned);
            let reading = read(text, command.as_deref(), None);
            Evidence { origin: Origin { vantage: Some(vantage.to_owned()), command, at, ..Origin::default() }, reading }
        };
        let log = refused(0) + &refused(span);
        let calls = "for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://10.218.2.2/w/$i; done";
        let evidence = [paste("gw", None, &log), paste("scale", Some(calls), &"200 0.011\n".repeat(answers))];
        diagnose(&sketch, &evidence, &Shelf::shipped().0).headline.starts_with("It works again")
    }

    #[test]
    fn a_short_moment_of_refusals_that_is_over_for_a_while_is_over() {
        assert!(is_over(1, 40, 8));
    }

    #[test]
    fn refusals_that_went_on_or_were_just_now_or_an_hour_ago_by_another_clock_or_few_answers_do_not_show_it() {
        for (span, gap, answers) in [(50, 40, 8), (1, 5, 8), (1, 3600, 8), (1, 40, 3)] {
            assert!(!is_over(span, gap, answers), "{span} {gap} {answers}");
        }
    }

    /// A run of 502 in nginx's log, or with an answer between, and as many answers later.
    fn run_is_over(statuses: &[u16]) -> bool {
        let drawn = "desk(client)[10.1.1.3] -> gw(proxy)[10.1.2.2]:80 -> seats(service)[10.1.3.8]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let line = |(at, status): (usize, &u16)| {
            format!(
                "10.1.1.3 - - [29/Nov/2026:14:00:{at:02} +0000] \"GET /free HTTP/1.1\" {status} 157 \"-\" \"curl/7.88.1\"\n"
            )
        };
        let paste = |vantage: &str, command: &str, text: &str| {
            let (at, command) = (Some("2026-11-29T14:00:40Z".to_owned()), Some(command.to_owned()));
            let reading = read(text, command.as_deref(), None);
            Evidence { origin: Origin { vantage: Some(vantage.to_owned()), command, at, ..Origin::default() }, reading }
        };
        let log: String = statuses.iter().enumerate().map(line).collect();
        let calls = "for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://10.1.2.2/free; done";
        let evidence =
            [paste("gw", "tail -n 9 /var/log/nginx/access.log", &log), paste("desk", calls, &"200 0.011\n".repeat(8))];
        diagnose(&sketch, &evidence, &Shelf::shipped().0).headline.starts_with("It works again")
    }

    #[test]
    fn a_run_of_a_proxys_answers_is_over_and_one_among_others_is_not() {
        assert!(run_is_over(&[200, 502, 502, 502, 200, 200]));
        // The last is of a log of which somebody kept the failures only.
        for statuses in [&[200, 502, 200, 200, 200, 200][..], &[502, 200, 502, 200, 200, 200], &[502, 502, 502]] {
            assert!(!run_is_over(statuses), "{statuses:?}");
        }
    }

    #[test]
    fn what_a_caller_said_of_its_connections_in_that_moment_is_over_with_it_and_nothing_else_is() {
        let drawn = "desk(client)[10.1.1.3] -> rota(service)[10.1.3.7]:8080 -> db(database)[10.1.5.7]:5432";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, command: &str, text: &str| {
            let (at, command) = (Some("2026-11-29T18:07:05Z".to_owned()), Some(command.to_owned()));
            let reading = read(text, command.as_deref(), None);
            Evidence { origin: Origin { vantage: Some(vantage.to_owned()), command, at, ..Origin::default() }, reading }
        };
        // psycopg 2.9 under Python 3.11, as its database was restarted.
        let is_over = |said: &str| {
            let log = format!(
                "2026-11-29 18:06:49,727 ERROR [main] rota: GET /today failed: {said}\n2026-11-29 18:06:49,794 ERROR [main] rota: GET /week failed: connection to server at \"10.1.5.7\", port 5432 failed: Connection refused\n"
            );
            let calls = "for i in 1 2 3 4 5 6 7 8; do curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://10.1.3.7:8080/week; done";
            let evidence =
                [paste("rota", "tail -n 5 /var/log/app/app.log", &log), paste("desk", calls, &"200 0.011\n".repeat(8))];
            diagnose(&sketch, &evidence, &Shelf::shipped().0).headline.starts_with("It works again")
        };
        assert!(is_over("server closed the connection unexpectedly"));
        assert!(!is_over("the ledger failed its checksum"));
    }
}
