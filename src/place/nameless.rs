//! Tells the certificate that a server shows to callers who name no host from the one that everybody else gets.
//!
//! ```text
//! scanner$  openssl s_client -connect 203.0.113.142:443 -noservername        Verify return code: 18 (self-signed certificate)
//! customer$ curl -sSv https://www.ferry142.example/                          *  SSL certificate verify ok.
//! ```

use std::collections::BTreeSet;

use super::by_hand::is_by_hand;
use super::{Aim, Observation, Paste, Request, Sight, Tls};
use crate::fact::{Attempt, Outcome, Stage};
use crate::order;
use crate::sketch::{Kind, NodeIx, Sketch};

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
                self.notes.callers.by_name.insert(position);
            }
            Some(_) if !silent => {}
            _ if is_by_hand(self.kind) && (silent || attempt.to.address.is_some()) => {
                self.notes.callers.by_address.insert(position);
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
    let request = |position: &usize| observations.get(*position)?.request();
    let by_name = callers.by_name.iter().filter_map(request).filter(|request| checked(request));
    let served: BTreeSet<(Option<NodeIx>, NodeIx)> = order::set(by_name.map(|one| (one.from, one.to)));
    let is_a_look = |request: &Request| {
        let outsider = request.from.is_none_or(|from| matches!(sketch.kind(from), Kind::Client | Kind::External));
        let by_others = served.iter().any(|(_, to)| *to == request.to);
        by_others && (outsider || served.contains(&(request.from, request.to)))
    };
    // Some show nameless callers another certificate, others none at all but an alert.
    let of_the_name = |outcome| {
        use Outcome::{TlsFailed, TlsSelfSigned, TlsUnknownRoot, TlsUntrusted, TlsVersion, TlsWrongName};
        matches!(outcome, TlsWrongName | TlsSelfSigned | TlsUntrusted | TlsUnknownRoot | TlsFailed | TlsVersion)
    };
    let is_strange = |one: &Request| of_the_name(one.outcome) && is_a_look(one);
    let by_address = callers.by_address.iter().filter(|position| request(position).is_some_and(is_strange));
    let strangers: BTreeSet<usize> = order::set(by_address.copied());
    for target in order::set(strangers.iter().filter_map(request).map(|one| one.to)) {
        let name = sketch.node(target).map(|node| node.name().to_owned()).unwrap_or_default();
        assumed.push(format!(
            "{name} was asked without a name: what it showed then is taken for what nameless callers get; who asks by name is served with a good certificate."
        ));
    }
    by_its_own_settings(observations, callers, &served, sketch);
    let mut position = 0;
    observations.retain(|_| {
        position += 1;
        !strangers.contains(&(position - 1))
    });
}

/// A proxy that fails at the TLS of a target which serves whoever asks by name from the proxy's host: the way and the target are as they
/// should be, and what differs is how the proxy is told to ask (server name, trusted issuers, versions).
fn by_its_own_settings(
    observations: &mut [Observation],
    callers: &Callers,
    served: &BTreeSet<(Option<NodeIx>, NodeIx)>,
    sketch: &Sketch,
) {
    for (position, observation) in observations.iter_mut().enumerate() {
        let Sight::Request(request) = &mut observation.sight else { continue };
        let proxy = request.from.is_some_and(|from| sketch.kind(from).answers_for_others());
        let by_hand = callers.by_name.contains(&position) || callers.by_address.contains(&position);
        let at_tls = request.outcome.stage() == Stage::Tls && request.outcome != Outcome::TlsHang;
        if proxy && !by_hand && at_tls && !request.logged && served.contains(&(request.from, request.to)) {
            request.aim = Aim::Astray;
        }
    }
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

    /// nginx 1.22 in front of a provider; the alert is that of a server that knows no host under no name.
    #[test]
    fn a_proxy_that_fails_where_a_request_by_hand_from_its_host_works_is_told_to_ask_wrongly() {
        let drawn = "shop(client) -> gw(proxy)[10.1.0.9]:8000 -> pay(external)[www.ferry.example, 203.0.113.142]:443";
        let sketch = from_arrows(drawn, &Sketch::default()).unwrap();
        let log = "2026/11/28 21:35:55 [crit] 17187#17187: *1 SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream, client: 10.1.0.7, server: , request: \"GET /new HTTP/1.1\", upstream: \"https://203.0.113.142:443/new\", host: \"gw\"\n";
        let fails = paste("gw", "tail -n 1 /var/log/nginx/error.log", log);
        let first = |evidence: &[Evidence]| {
            let elements = diagnose(&sketch, evidence, &Shelf::shipped().0).elements;
            elements.first().map(|one| one.element.clone()).unwrap_or_default()
        };
        assert_ne!(first(std::slice::from_ref(&fails)), "gw");
        let from_elsewhere = paste("shop", "curl -sSv https://www.ferry.example/", BY_NAME);
        assert_ne!(first(&[fails.clone(), from_elsewhere]), "gw");
        let by_hand = paste("gw", "curl -sSv https://www.ferry.example/", BY_NAME);
        assert_eq!(first(&[fails, by_hand]), "gw");
    }
}
