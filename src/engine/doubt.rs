//! Whether "nothing wrong" has been earned: what was complained of must have been seen to work, and nothing may be left unheard.

use std::net::IpAddr;

use super::Evidence;
use crate::diagnosis::Unplaced;
use crate::fact::{Attempt, Claim, Endpoint, Outcome, Stage};
use crate::place::{Observation, Request, Sight, brings, took_long};
use crate::read::Block;
use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::{Belief, Cluster, Key};

/// So many answers say that those who are drawn are served.
const SERVED: u32 = 3;

/// What healthy elements show more rarely than this ("never", in the words of the runbooks) has been done to it by something.
const RARE: f64 = 0.01;

/// So many of one kind that came late are no accident.
const LATE: u32 = 3;

/// Up to here a reader knows the tool and not what it printed.
const BY_NAME: f64 = 0.5;

/// Why nobody may say yet that nothing is wrong, in a sentence; nothing where it has been earned. Questions at the positions `besides` are left out.
pub(super) fn doubt(
    belief: &Belief,
    evidence: &[Evidence],
    besides: &[usize],
    unplaced: &[Unplaced],
) -> Option<String> {
    if let Some(trouble) = belief.observations.iter().find(|one| is_trouble(belief, one)) {
        let told = quoted(belief, trouble);
        return Some(format!("What was tested works, and yet {told}. What was being done then?"));
    }
    let heard = belief.clusters.iter().enumerate().filter(|(position, _)| !besides.contains(position));
    let heard: Vec<&Cluster> = heard.map(|(_, cluster)| cluster).collect();
    if let Some(says) = heard.iter().find_map(|cluster| again_and_again(belief, cluster)) {
        return Some(format!("Nothing explains it yet, but again and again {says}, and others of its like work."));
    }
    if let Some(failure) = heard.iter().find(|cluster| !works_elsewhen(belief, cluster)) {
        let first = failure.observations.first().and_then(|position| belief.observations.get(*position));
        let says = first.map(|observation| observation.says.as_str()).unwrap_or_default();
        return Some(format!("Nothing explains it yet, and still {says}: repeat that one."));
    }
    if let Some(late) = heard.iter().find_map(|cluster| late(belief, cluster)) {
        return Some(format!("Everything came in the end, and yet {}: which hop takes the time?", late.says));
    }
    if let Some(Unplaced { evidence, lines, says }) = unplaced.iter().find(|one| is_failure(evidence, one)) {
        let (paste, line) = (evidence + 1, lines.first);
        return Some(format!(
            "What could be placed works, and yet {says} (paste {paste}, line {line}): who was asked there?"
        ));
    }
    if let Some(path) = empty(evidence) {
        return Some(format!(
            "Everything was answered, and yet what came for {path} is empty: should there be nothing?"
        ));
    }
    let (paste, asked) = evidence.iter().enumerate().find_map(|(at, one)| Some((at + 1, unheard(one, belief)?)))?;
    let asked = belief.sketch.node(asked).map(|node| node.name().to_owned()).unwrap_or_default();
    Some(format!(
        "What could be read works, but nothing of paste {paste} ({asked}) was understood: does that one work?"
    ))
}

/// Whether what is on no hop is a request that failed, of which nobody knows whom it asked: another's trouble is told with a name or an
/// address of the internet.
fn is_failure(evidence: &[Evidence], unplaced: &Unplaced) -> bool {
    let facts = evidence.get(unplaced.evidence).into_iter().flat_map(|one| one.reading.facts());
    let mut attempts = facts.filter(|fact| fact.lines == unplaced.lines).filter_map(|fact| match &fact.claim {
        Claim::Attempt(attempt) => Some(attempt),
        _ => None,
    });
    // A name of a balancer's own, `web/web-2`, is that of something behind it, wherever that is drawn.
    // An address of a private network (RFC 1918) that nobody drew is likelier one of these hops than another's system.
    let is_private = |ip: IpAddr| matches!(ip, IpAddr::V4(ip) if ip.is_private());
    let is_anybody = |to: &Endpoint| to.host.is_none() && to.address.is_none_or(is_private);
    attempts.any(|attempt| is_anybody(&attempt.to) && !attempt.outcome.is_success())
}

/// The path for which nothing came, or a page that every such server has, where whoever was asked shows nothing of its own elsewhere. What
/// only tells whether a server is up may be empty.
fn empty(evidence: &[Evidence]) -> Option<&str> {
    const CHECKS: [&str; 5] = ["health", "ping", "ready", "live", "status"];
    let answers = || {
        evidence.iter().flat_map(|one| one.reading.facts()).filter_map(|fact| match &fact.claim {
            Claim::Attempt(attempt) if attempt.to.name.is_none() => Some((brings(fact, attempt)?, attempt)),
            _ => None,
        })
    };
    let filled = |one: &Attempt| answers().any(|(brings, other)| brings && other.to == one.to);
    let is_check = |path: &str| CHECKS.iter().any(|word| path.contains(word));
    let mut bare = answers().filter(|(brings, one)| !brings && !filled(one)).filter_map(|(_, one)| one.path.as_deref());
    bare.find(|path| !is_check(path))
}

/// An observation of a question whose answers came late again and again, or took long every time.
fn late<'a>(belief: &Belief<'a>, cluster: &Cluster) -> Option<&'a Observation> {
    use Outcome::{ConnectSlow, DnsSlow, Slow, SlowBody};
    let Key::Request { tests, .. } = &cluster.key else { return None };
    let is_late = |outcome: &Outcome| matches!(outcome, ConnectSlow | DnsSlow | Slow | SlowBody);
    let deep_and_many = *tests == Stage::Exchange && counted(cluster, |_| true) >= LATE;
    let mut seen = requests(belief, cluster);
    if deep_and_many && requests(belief, cluster).all(|(_, request)| took_long(&request.times)) {
        return seen.next().map(|(one, _)| one);
    }
    seen.find(|(_, request)| counted(cluster, is_late) >= LATE && is_late(&request.outcome)).map(|(one, _)| one)
}

/// The requests of a question, in the order of the evidence.
fn requests<'a>(belief: &Belief<'a>, cluster: &Cluster) -> impl Iterator<Item = (&'a Observation, &'a Request)> {
    let seen = cluster.observations.iter().filter_map(|position| belief.observations.get(*position));
    seen.filter_map(|one| Some((one, one.request()?)))
}

/// How many answers to a question were of some kind.
fn counted(cluster: &Cluster, of: impl Fn(&Outcome) -> bool) -> u32 {
    cluster.counts.iter().filter(|(outcome, _)| of(outcome)).map(|(_, count)| count).sum()
}

/// Whether a program says that something failed. Where all who are drawn are served, it is no trouble of theirs that it warns of what
/// might come, or that it turned a stranger away.
fn is_trouble(belief: &Belief, observation: &Observation) -> bool {
    match &observation.sight {
        Sight::State { observable, .. } if observable == "complaint" => {
            let words = observation.says.split_once('“').map_or(observation.says.as_str(), |(_, words)| words);
            let is_old_news =
                only_warns(words) || is_of_a_stranger(belief, words) || is_of_somebody_served(belief, words);
            !(all_are_served(belief) && is_old_news)
        }
        Sight::State { observable, value, .. } => {
            observable.ends_with(".error") && value != "ok" || belief.shelf.normally(observable, value) < RARE
        }
        Sight::Request(_) | Sight::Blame { .. } => false,
    }
}

/// Whether every request that was seen worked, and enough of them went as deep as one can.
fn all_are_served(belief: &Belief) -> bool {
    let requests = || belief.clusters.iter().filter(|cluster| matches!(cluster.key, Key::Request { .. }));
    let deep = requests().filter(|one| matches!(one.key, Key::Request { tests: Stage::Exchange, .. }));
    requests().all(Cluster::all_worked) && deep.flat_map(|one| one.counts.values()).sum::<u32>() >= SERVED
}

/// Whether words come with the level of a warning, and tell of nothing that has happened.
fn only_warns(words: &str) -> bool {
    const HAPPENED: [&str; 12] = [
        "error", "fatal", "critical", "failed", "failure", "refused", "denied", "timeout", "exceeded", "reached",
        "full", "lost",
    ];
    let words: Vec<String> = words.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    // `WARN`, `[warning]`, `DeprecationWarning`.
    let warns = words.iter().any(|word| word == "warn" || word.ends_with("warning"));
    warns && !words.iter().any(|word| HAPPENED.contains(&word.as_str()))
}

/// Whether words name the client they are about, and it is none of the drawn ones, whose addresses are all known.
fn is_of_a_stranger(belief: &Belief, words: &str) -> bool {
    let sketch = belief.sketch;
    let words: Vec<&str> =
        words.split(|c: char| c.is_whitespace() || "[](),;=\"".contains(c)).filter(|word| !word.is_empty()).collect();
    let address = |word: &str| word.parse().ok().or_else(|| word.rsplit_once(':')?.0.parse::<std::net::IpAddr>().ok());
    let client = words.windows(2).find_map(|pair| match pair {
        [label, word] if matches!(label.trim_end_matches(':'), "client" | "rhost") => address(word),
        _ => None,
    });
    let callers =
        || sketch.node_indices().filter(|ix| sketch.kind(*ix) == Kind::Client).filter_map(|ix| sketch.node(ix));
    let drawn = |ip| sketch.node_indices().filter_map(|ix| sketch.node(ix)).any(|node| node.ips.contains(&ip));
    client.is_some_and(|ip| !drawn(ip)) && callers().next().is_some() && callers().all(|caller| !caller.ips.is_empty())
}

/// Whether words name a drawn client by its address, and that one is served.
fn is_of_somebody_served(belief: &Belief, words: &str) -> bool {
    let words: Vec<&str> = words.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':'))).collect();
    let sketch = belief.sketch;
    let called = |ix: &NodeIx| {
        let ips = sketch.node(*ix).map(|node| node.ips.as_slice()).unwrap_or_default();
        words.iter().any(|word| word.parse().is_ok_and(|ip| ips.contains(&ip)))
    };
    let served = |client: NodeIx| {
        let of = |cluster: &&Cluster| matches!(cluster.key, Key::Request { from: Some(from), tests: Stage::Exchange, .. } if from == client);
        belief.clusters.iter().any(|cluster| of(&cluster) && cluster.all_worked())
    };
    sketch.node_indices().filter(|ix| sketch.kind(*ix) == Kind::Client && called(ix)).any(served)
}

/// A complaint in the words of whoever complains.
fn quoted(belief: &Belief, trouble: &Observation) -> String {
    let words = trouble.says.split_once('“').map(|(_, words)| words.trim_end_matches('”'));
    let Sight::State { at, .. } = &trouble.sight else { return trouble.says.clone() };
    let name = at.iter().find_map(|element| match element {
        Element::Node(node) => belief.sketch.node(*node).map(|node| node.name()),
        _ => None,
    });
    match (words, name) {
        (Some(words), name) => format!("there is a complaint about {}: “{words}”", name.unwrap_or("it")),
        (None, Some(name)) if !trouble.says.contains(name) => format!("{} ({name})", trouble.says),
        (None, Some(_)) => trouble.says.clone(),
        (None, None) => trouble.says.clone(),
    }
}

/// Whether somebody got through to where a question failed: the same sender, or another whose request leads there.
fn works_elsewhen(belief: &Belief, cluster: &Cluster) -> bool {
    let Key::Request { from, to, tests, .. } = &cluster.key else { return true };
    if cluster.counts.keys().any(|outcome| outcome.is_success() || *outcome == Outcome::Overtaken) {
        return true;
    }
    belief.clusters.iter().any(|other| match &other.key {
        Key::Request { from: sender, to: target, tests: reached, .. } => {
            let as_far = reached >= tests && other.counts.contains_key(&Outcome::Ok);
            let through = || *target != *to && other.steps.iter().any(|step| step.element == Element::Node(*to));
            as_far && (sender == from && target == to || through())
        }
        Key::State { .. } | Key::Blame { .. } => false,
    })
}

/// How a request failed that fails again and again, and works between: nothing has passed there. One failure of many is chance.
fn again_and_again(belief: &Belief, cluster: &Cluster) -> Option<String> {
    const SHARE: u32 = 5;
    let is_failure = |outcome: &Outcome| !outcome.is_success();
    let fails = |(_, request): &(_, &Request)| is_failure(&request.outcome);
    let mut seen = requests(belief, cluster).skip_while(|one| !fails(one));
    let (first, _) = seen.next()?;
    let again = seen.skip_while(fails).any(|one| fails(&one));
    (again && counted(cluster, is_failure) * SHARE >= counted(cluster, |_| true)).then(|| first.says.clone())
}

/// Whom a paste shows somebody ask, where nobody understood what came of it and nothing else shows that it works from there. Where no
/// command tells whom, it may have been anybody.
fn unheard(one: &Evidence, belief: &Belief) -> Option<NodeIx> {
    let sketch = belief.sketch;
    let vantage = sketch.find(one.origin.vantage.as_deref()?)?;
    // What a person says of no trouble asks nobody.
    let nothing_read = |block: &&Block| block.facts.is_empty() && block.confidence <= BY_NAME && block.kind != "note";
    let unread = one.reading.blocks.iter().filter(|block| nothing_read(block) && !block.unread.is_empty());
    let alone = one.reading.blocks.iter().all(|block| nothing_read(&block));
    let asked = unread.filter_map(|block| match block.command.as_deref().or(one.origin.command.as_deref()) {
        Some(command) => {
            sketch.node_indices().find(|node| *node != vantage && is_named(belief, *node, command)).map(Some)
        }
        None => alone.then_some(None),
    });
    let works = |asked: Option<NodeIx>, cluster: &Cluster| match &cluster.key {
        Key::Request { from, to, tests, .. } => {
            let there =
                asked.map_or(*from == Some(vantage) || *to == vantage, |asked| *from == Some(vantage) && *to == asked);
            there && *tests == Stage::Exchange && cluster.all_worked()
        }
        Key::State { .. } | Key::Blame { .. } => false,
    };
    let mut asked = asked.filter(|asked| !belief.clusters.iter().any(|cluster| works(*asked, cluster)));
    asked.next().map(|asked| asked.unwrap_or(vantage))
}

/// Whether a command line names a node by one of its addresses or hosts.
fn is_named(belief: &Belief, node: NodeIx, command: &str) -> bool {
    let Some(drawn) = belief.sketch.node(node) else { return false };
    command.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'))).any(|word| {
        let host = word.split(':').find(|part| !part.is_empty()).unwrap_or(word);
        drawn.hosts.iter().any(|name| name.eq_ignore_ascii_case(host))
            || word.parse().or_else(|_| host.parse()).is_ok_and(|ip| drawn.ips.contains(&ip))
    })
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Verdict;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// The verdict where a server that serves one client complains of a client.
    fn verdict(of: &str) -> Verdict {
        let drawn = "desk(client)[10.1.0.9] -> mail(service)[10.1.0.2]:8080\nphone(client)[10.1.0.8] -> mail";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let paste = |vantage: &str, command: &str, text: &str| Evidence {
            origin: Origin {
                vantage: Some(vantage.to_owned()),
                command: Some(command.to_owned()),
                ..Origin::default()
            },
            reading: read(text, Some(command), None),
        };
        let ask = "for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code}\\n' http://10.1.0.2:8080/; done";
        let complaint = format!("Sat Nov 28 08:53:44 2026: session of {of} failed: wrong word\n");
        let evidence =
            [paste("desk", ask, "200\n200\n200\n"), paste("mail", "tail -n 1 /var/log/mailer.log", &complaint)];
        diagnose(&sketch, &evidence, &Shelf::shipped().0).verdict
    }

    #[test]
    fn a_failure_of_a_request_to_nobody_knows_whom_is_not_passed_over() {
        let verdict = |failed: &str| {
            let drawn = "desk(client)[10.1.0.9] -> mail(service)[10.1.0.2]:8080\ndesk -> db(database)[10.1.0.3]:5432";
            let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
            let paste = |command: &str, text: &str| {
                let (vantage, command) = (Some("desk".to_owned()), Some(command.to_owned()));
                let reading = read(text, command.as_deref(), None);
                Evidence { origin: Origin { vantage, command, ..Origin::default() }, reading }
            };
            let ask = "for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code}\\n' http://10.1.0.2:8080/; done";
            let log = format!("2026-11-29 13:35:39,268 ERROR sync: {failed}\n");
            let evidence = [paste(ask, "200\n200\n200\n"), paste("tail -n 1 /var/log/app/sync.log", &log)];
            diagnose(&sketch, &evidence, &Shelf::shipped().0).verdict
        };
        assert_ne!(verdict("[Errno 111] Connection refused"), Verdict::NothingWrong);
        assert_ne!(verdict("Failed to connect to 192.168.77.21:50008: Connection refused"), Verdict::NothingWrong);
        // Of another system, by its address.
        assert_eq!(verdict("Failed to connect to 203.0.113.7:9000: Connection refused"), Verdict::NothingWrong);
    }

    #[test]
    fn an_empty_page_is_not_nothing_wrong_and_an_empty_answer_to_a_check_is() {
        let sketch = from_arrows("desk(client)[10.1.0.9] -> shop(service)[10.1.0.2]:80", &Sketch::default()).unwrap();
        let verdict = |path: &str, length: u32| {
            let text = format!(
                "$ curl -si http://10.1.0.2{path}\nHTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {length}\n\n"
            );
            let origin = Origin { vantage: Some("desk".to_owned()), ..Origin::default() };
            diagnose(&sketch, &[Evidence { origin, reading: read(&text, None, None) }], &Shelf::shipped().0).verdict
        };
        assert_ne!(verdict("/garden", 0), Verdict::NothingWrong);
        assert_eq!(verdict("/garden", 37), Verdict::NothingWrong);
        assert_eq!(verdict("/healthz", 0), Verdict::NothingWrong);
    }

    #[test]
    fn a_complaint_is_old_news_where_the_client_it_names_is_served() {
        assert_eq!(verdict("10.1.0.9"), Verdict::NothingWrong);
        assert_ne!(verdict("10.1.0.8"), Verdict::NothingWrong);
    }

    #[test]
    fn what_fails_again_and_again_between_successes_is_not_nothing() {
        let drawn = "desk(client)[10.1.0.9] -> mail(service)[10.1.0.2]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let ask = "for i in 1 2 3 4 5 6; do curl -s -o /dev/null -w '%{http_code}\\n' http://10.1.0.2:8080/; done";
        let verdict = |text: &str| {
            let origin =
                Origin { vantage: Some("desk".to_owned()), command: Some(ask.to_owned()), ..Origin::default() };
            let evidence = [Evidence { origin, reading: read(text, Some(ask), None) }];
            // Without runbooks nothing explains anything.
            diagnose(&sketch, &evidence, &Shelf::default()).verdict
        };
        assert_eq!(verdict("200\n200\n200\n200\n200\n200\n"), Verdict::NothingWrong);
        assert_ne!(verdict("200\n502\n200\n502\n200\n200\n"), Verdict::NothingWrong);
    }

    #[test]
    fn what_is_late_again_and_again_is_not_nothing() {
        let sketch = from_arrows("desk(client)[10.1.0.9] -> shop(service)[10.1.0.2]:8080", &Sketch::default()).unwrap();
        let command = "for i in $(seq 1 9); do curl -s -o /dev/null -w '%{http_code} connect=%{time_connect} total=%{time_total}\\n' http://10.1.0.2:8080/; done";
        let verdict = |row: &str| {
            let rest = "200 connect=0.000534 total=0.002785\n".repeat(6);
            let evidence = Evidence {
                origin: Origin {
                    vantage: Some("desk".to_owned()),
                    command: Some(command.to_owned()),
                    ..Origin::default()
                },
                reading: read(&(row.repeat(3) + &rest), Some(command), None),
            };
            diagnose(&sketch, &[evidence], &Shelf::shipped().0).verdict
        };
        assert_ne!(verdict("200 connect=1.010562 total=1.012783\n"), Verdict::NothingWrong);
        assert_eq!(verdict("200 connect=0.010562 total=0.012783\n"), Verdict::NothingWrong);
    }
}
