//! Tells who made an answer: the member it names, the proxy whose error page it is, or the program in `Server`.

use super::Paste;
use crate::fact::{Answerer, Outcome, Stage};
use crate::sketch::NodeIx;

impl Paste<'_> {
    /// Whether a node is drawn as running a proxy of another make than the program that answered.
    fn is_another_program(&self, node: NodeIx, program: &str) -> bool {
        let label = self.targets.sketch.node(node).map(|node| node.label.to_ascii_lowercase()).unwrap_or_default();
        let program = program.to_ascii_lowercase();
        PROXIES.iter().any(|known| label.contains(known) && !program.starts_with(known))
    }

    /// Who made an answer: the member it names, the proxy whose error page it is, or the program in `Server`.
    pub(super) fn speaker(&self, answerer: &Answerer, to: NodeIx, outcome: Outcome) -> Option<NodeIx> {
        let (targets, sketch) = (self.targets, self.targets.sketch);
        if let Some(member) = answerer.served_by.as_deref().and_then(|name| targets.by_name(name)) {
            return Some(member);
        }
        if outcome.is_success() || outcome.stage() != Stage::Exchange {
            return None;
        }
        // What is drawn under the name of its program is that program, whatever else it does.
        let name = sketch.node(to).map(|node| node.name().to_ascii_lowercase()).unwrap_or_default();
        let own = |server: &str| BALANCERS.iter().any(|one| server.starts_with(one) && name.contains(one));
        if answerer.server.as_deref().is_some_and(|server| own(&server.to_ascii_lowercase())) {
            return Some(to);
        }
        let front = sketch.kind(to).answers_for_others();
        let page = answerer.page_of.as_deref();
        // Somebody behind a front that is drawn as another program.
        if let Some(program) = page.or(answerer.server.as_deref())
            && let Some(node) = self.targets.by_program(program.split(['/', ' ']).next().unwrap_or(program))
            && node != to
            && front
            && self.targets.routes.shortest(to, node).is_some()
            && self.is_another_program(to, program)
        {
            return Some(node);
        }
        if page.is_some() {
            return front.then_some(to);
        }
        let server = answerer.server.as_deref()?.to_ascii_lowercase();
        if front && APPLICATION_SERVERS.iter().any(|name| server.starts_with(name)) {
            return targets.routes.only_dependency(to);
        }
        (front && BALANCERS.iter().any(|name| server.starts_with(name))).then_some(to)
    }
}

/// Programs that proxies and balancers are drawn as.
const PROXIES: &[&str] = &[
    "haproxy",
    "nginx",
    "apache",
    "envoy",
    "varnish",
    "squid",
    "caddy",
    "traefik",
    "stunnel",
    "keepalived",
    "lighttpd",
];

/// `Server` values of programs that run an application, not a proxy.
const APPLICATION_SERVERS: &[&str] = &[
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "werkzeug",
    "jetty",
    "tomcat",
    "apache-coyote",
    "kestrel",
    "puma",
    "passenger",
    "webrick",
    "express",
    "basehttp",
    "simplehttp",
    "tornado",
    "daphne",
    "waitress",
    "undertow",
    "wildfly",
    "netty",
    "cowboy",
    "php",
];

/// `Server` values that only balancers and proxies of others' making send on their own errors.
const BALANCERS: &[&str] =
    &["awselb", "cloudflare", "envoy", "istio-envoy", "varnish", "akamaighost", "google frontend", "traefik", "caddy"];
