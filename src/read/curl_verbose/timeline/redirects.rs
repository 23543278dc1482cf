//! Redirects that curl follows: where the next request goes, and a circle that never ends.

use super::Timeline;
use crate::evidence::Lines;
use crate::fact::{Attempt, Claim, Endpoint, Fact, Outcome};
use crate::read::Findings;
use crate::read::curl_verbose::answer::is_redirect;
use crate::read::curl_verbose::trying::Trying;
use crate::read::request::Url;

impl Timeline {
    /// The next request goes to this URL. What the command line pinned holds for its own name and port only.
    pub(in crate::read::curl_verbose) fn moved(&mut self, url: &str) {
        let Some(url) = Url::parse(url) else {
            // To another path of the same host.
            if url.starts_with('/') {
                self.request.path = url.split(['?', '#']).next().map(str::to_owned);
                self.path = None;
            }
            return;
        };
        let to = url.endpoint();
        self.host.clone_from(&to.host);
        self.request.protocol = Some(url.scheme);
        self.request.path = Some(url.path);
        self.path = None;
        self.each.clear();
        if (&to.host, to.port) != (&self.request.to.host, self.request.to.port) {
            (self.pinned, self.request.pinned, self.request.elsewhere) = (false, false, false);
            self.request.to = to;
        }
    }

    /// The redirects that were followed were no answers: together they are one circle.
    pub(super) fn circle(&mut self, number: u32, findings: &mut Findings) {
        self.finish(findings);
        self.saw_attempt = true;
        if std::mem::replace(&mut self.circled, true) {
            return;
        }
        self.followed.extend(findings.facts.len().checked_sub(1));
        let followed = std::mem::take(&mut self.followed);
        let (circle, others): (Vec<_>, Vec<_>) = std::mem::take(&mut findings.facts)
            .into_iter()
            .enumerate()
            .partition(|(position, fact)| followed.contains(position) && is_redirect(fact));
        findings.facts = others.into_iter().map(|(_, fact)| fact).collect();
        let first = circle.into_iter().next().map(|(_, fact)| fact);
        let attempt = match first {
            Some(Fact { claim: Claim::Attempt(attempt), .. }) => Attempt { outcome: Outcome::RedirectLoop, ..attempt },
            _ => {
                let to = Endpoint { host: self.host.clone(), ..self.request.to.clone() };
                self.attempt(&Trying::new(to, number), Outcome::RedirectLoop)
            }
        };
        findings.fact(Lines::one(number), Claim::Attempt(attempt));
    }
}
