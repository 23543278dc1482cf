//! Tells in a tally of an access log whether an address or a name is that of who called the log's host or of what that host called.
//!
//! ```text
//!  26 10.66.3.11 200      in the log of what 10.66.3.11 calls: its requests
//!  90 10.66.3.14 500      in the log of what calls 10.66.3.14: the requests to it
//! ```

use super::Paste;
use crate::fact::{Attempt, Endpoint, Outcome};

impl Paste<'_> {
    /// The same attempt from the log's host to what the tally names, where the drawing says that the host calls it; nothing where it may
    /// stand as it was read.
    pub(super) fn tallied(&self, attempt: &Attempt) -> Option<Attempt> {
        if self.kind != "uniq" {
            return None;
        }
        let front = self.front()?;
        let log = || Endpoint::named(self.targets.sketch.node(front).map(|node| node.id.clone()).unwrap_or_default());
        if attempt.to.name.as_deref() != Some(Endpoint::SELF) {
            // Somebody who only looked into the log did not send what it tells of.
            return Some(Attempt { from: log(), ..attempt.clone() });
        }
        let named = || self.targets.endpoint(&attempt.from, None);
        let member = || self.targets.member(front, attempt.from.name.as_deref()?);
        let other = named().or_else(member)?;
        let routes = self.targets.routes;
        let is_called = routes.dependencies(front).into_iter().any(|(_, called)| called == other);
        let calls = routes.callers(front).into_iter().any(|(_, caller)| caller == other);
        let status = attempt.status?;
        (is_called && !calls).then(|| Attempt {
            to: attempt.from.clone(),
            from: log(),
            outcome: Outcome::of_upstream_status(status),
            ..attempt.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// The first suspect and what is cleared, by what the log of one host counted.
    fn verdict(vantage: &str, tally: &str) -> (Option<String>, Vec<String>) {
        let drawn = "app(client)[10.1.0.9] -> front(load_balancer)[10.1.0.2]:80\nfront -> fare-11(service)[10.1.1.1]:8080\n\
                     front -> fare-12(service)[10.1.1.2]:8080\nfront -> fare-13(service)[10.1.1.3]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let command = "awk '{n[$4\" \"$5]++} END {for (k in n) print n[k], k}' /var/log/nginx/access.log";
        let evidence = Evidence {
            origin: Origin {
                vantage: Some(vantage.to_owned()),
                command: Some(command.to_owned()),
                ..Origin::default()
            },
            reading: read(tally, Some(command), None),
        };
        let diagnosis = diagnose(&sketch, &[evidence], &Shelf::shipped().0);
        let first = diagnosis.elements.first().map(|one| one.element.clone());
        (first, diagnosis.cleared.into_iter().map(|one| one.element).collect())
    }

    #[test]
    fn what_the_host_of_a_log_calls_is_the_target_of_what_was_counted() {
        let tallies = [
            "120 10.1.1.1 200\n90 10.1.1.2 500\n95 10.1.1.3 200\n",
            "120 10.1.1.1:8080 200\n90 10.1.1.2:8080 500\n95 10.1.1.3:8080 200\n",
            "120 fares/fare-11 200\n90 fares/fare-12 500\n95 fares/fare-13 200\n",
        ];
        for tally in tallies {
            let (first, cleared) = verdict("front", tally);
            assert_eq!(first.as_deref(), Some("fare-12"), "{tally}");
            assert!(cleared.iter().any(|one| one == "fare-11"), "{cleared:?}");
        }
    }

    #[test]
    fn who_calls_the_host_of_a_log_is_the_sender_of_what_was_counted() {
        let (first, _) = verdict("fare-13", "40 10.1.0.2 500\n");
        assert_eq!(first.as_deref(), Some("fare-13"));
    }

    #[test]
    fn what_strangers_look_for_and_do_not_find_is_no_fault() {
        let drawn = "user(client)[10.1.0.9] -> shop(service)[10.1.0.5]:8080";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let first = |tally: &str| {
            let command = "awk '{print $1, $7, $9}' /var/log/nginx/access.log | sort | uniq -c";
            let origin =
                Origin { vantage: Some("shop".to_owned()), command: Some(command.to_owned()), ..Origin::default() };
            let evidence = Evidence { origin, reading: read(tally, Some(command), None) };
            diagnose(&sketch, &[evidence], &Shelf::shipped().0).elements.first().map(|one| one.probability)
        };
        let served = "     30 10.1.0.9 /items 200\n";
        let strangers = format!("{served}     20 192.0.2.66 /.env 404\n     20 192.0.2.66 /wp-login.php 404\n");
        let users = format!("{served}     20 10.1.0.9 /items/7 404\n     20 10.1.0.9 /cart 404\n");
        assert_eq!(first(&strangers), first(served));
        assert!(first(&users) > first(served));
    }
}
