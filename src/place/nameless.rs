//! Tells the certificate that a server shows to callers who name no host from the one that everybody else gets.
//!
//! ```text
//! scanner$  openssl s_client -connect 203.0.113.142:443 -noservername        Verify return code: 18 (self-signed certificate)
//! customer$ curl -sSv https://www.ferry142.example/                          *  SSL certificate verify ok.
//! ```

use std::collections::BTreeSet;

use super::{Aim, Observation, Paste, Request, Sight, Tls};
use crate::fact::{Attempt, Outcome, Stage};
use crate::order;
use crate::sketch::{Kind, NodeIx, Sketch};

/// Tools that people ask a server with by hand. What a program asks for by address in its daily work is its own fault.
const BY_HAND: [&str; 5] = ["curl", "openssl", "wget", "gnutls-cli", "httpie"];

/// Which requests named a host, by their positions among the observations.
#[derive(Default)]
pub(super) struct Callers {
    by_name: BTreeSet<usize>,
    by_address: BTreeSet<usize>,
}

impl Paste<'_> {
    /// Notes how the request was asked that is placed next.
    pub(super) fn note_caller(&mut self, attempt: &Attempt, to: NodeIx) {
        let position = self.placed.observations.len();
        let silent = self.command.contains("-noservername");
        let drawn = self.targets.sketch.node(to).map(|node| node.hosts.as_slice()).unwrap_or_default();
        match &attempt.to.host {
            Some(host) if !silent && drawn.iter().any(|name| name.eq_ignore_ascii_case(host)) => {
                self.callers.by_name.insert(position);
            }
            Some(_) if !silent => {}
            _ if BY_HAND.contains(&self.kind) && (silent || attempt.to.address.is_some()) => {
                self.callers.by_address.insert(position);
            }
            _ => {}
        }
    }
}

/// Leaves out complaints about the certificate for nameless callers, where others who ask the same target by name are served.
/// Positions in `callers` must still be those of `observations`.
pub(super) fn compare(
    observations: &mut Vec<Observation>,
    callers: &Callers,
    assumed: &mut Vec<String>,
    sketch: &Sketch,
) {
    let request = |position: &usize| match &observations.get(*position)?.sight {
        Sight::Request(request) => Some(request),
        Sight::State { .. } | Sight::Blame { .. } => None,
    };
    let by_name = callers.by_name.iter().filter_map(request).filter(|request| checked(request));
    let served: BTreeSet<(Option<NodeIx>, NodeIx)> = order::set(by_name.map(|one| (one.from, one.to)));
    let is_a_look = |request: &Request| {
        let outsider = request.from.is_none_or(|from| matches!(sketch.kind(from), Kind::Client | Kind::External));
        let by_others = served.iter().any(|(_, to)| *to == request.to);
        by_others && (outsider || served.contains(&(request.from, request.to)))
    };
    let of_the_name =
        |outcome| matches!(outcome, Outcome::TlsWrongName | Outcome::TlsSelfSigned | Outcome::TlsUntrusted);
    let is_strange = |one: &Request| of_the_name(one.outcome) && is_a_look(one);
    let by_address = callers.by_address.iter().filter(|position| request(position).is_some_and(is_strange));
    let strangers: BTreeSet<usize> = order::set(by_address.copied());
    for target in order::set(strangers.iter().filter_map(request).map(|one| one.to)) {
        let name = sketch.node(target).map(|node| node.name().to_owned()).unwrap_or_default();
        assumed.push(format!(
            "{name} was asked by address and without a name: the certificate it showed then is taken for the one of nameless callers; who asks by name is served with a good one."
        ));
    }
    let mut position = 0;
    observations.retain(|_| {
        position += 1;
        !strangers.contains(&(position - 1))
    });
}

/// Whether it worked with a certificate that was looked at.
fn checked(request: &Request) -> bool {
    let good = matches!(request.outcome, Outcome::Ok | Outcome::Redirected | Outcome::Slow);
    let encrypted = request.port != Some(80) && request.tls == Tls::Checked;
    good && request.tests >= Stage::Tls && encrypted && request.aim == Aim::Drawn
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::Verdict;
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    const BY_ADDRESS: &str = " 0 s:CN = placeholder.invalid\n   i:CN = placeholder.invalid\nsubject=CN = placeholder.invalid\n    Verify return code: 18 (self-signed certificate)\n";
    const BY_NAME: &str = "* SSL connection using TLSv1.2 / ECDHE-RSA-AES256-GCM-SHA384\n*  subject: CN=www.ferry.example\n*  SSL certificate verify ok.\n* using HTTP/1.1\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n";

    fn paste(vantage: &str, command: &str, text: &str) -> Evidence {
        let origin =
            Origin { vantage: Some(vantage.to_owned()), command: Some(command.to_owned()), ..Origin::default() };
        Evidence { origin, reading: read(text, Some(command), None) }
    }

    fn verdict(evidence: &[Evidence]) -> Verdict {
        let drawn = "scanner(external) -> web(proxy)[www.ferry.example, 203.0.113.142]:443\ncustomer(client) -> web";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        diagnose(&sketch, evidence, &Shelf::shipped().0).verdict
    }

    #[test]
    fn the_certificate_of_nameless_callers_is_no_fault_where_others_ask_by_name() {
        let scan = paste("scanner", "openssl s_client -connect 203.0.113.142:443 -noservername", BY_ADDRESS);
        let visit = paste("customer", "curl -sSv https://www.ferry.example/", BY_NAME);
        assert_eq!(verdict(&[scan, visit]), Verdict::NothingWrong);
    }

    #[test]
    fn where_nobody_asks_by_name_it_stays_a_complaint() {
        let scan = paste("scanner", "openssl s_client -connect 203.0.113.142:443 -noservername", BY_ADDRESS);
        assert_ne!(verdict(&[scan]), Verdict::NothingWrong);
    }
}
