//! Tells who made an answer: the member it names, the proxy whose error page it is, or the program in `Server`.

use super::Paste;
use crate::fact::{Answerer, Outcome, Stage};
use crate::sketch::NodeIx;

impl Paste<'_> {
    /// Whether a node is drawn as running a proxy of another make than the program that answered.
    fn is_another_program(&self, node: NodeIx, program: &str) -> bool {
        let label = self.targets.sketch.node(node).map(|node| node.name().to_ascii_lowercase()).unwrap_or_default();
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
        // haproxy writes no page of nginx's: whoever did stands behind it.
        let known = |program: &str| PROXIES.iter().any(|known| program.to_ascii_lowercase().starts_with(known));
        if let Some(program) = page.or(answerer.server.as_deref()).filter(|program| front && known(program))
            && self.is_another_program(to, program)
        {
            return targets.routes.only_dependency(to);
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

#[cfg(test)]
mod tests {
    use crate::engine::{Evidence, diagnose};
    use crate::evidence::Origin;
    use crate::read::read;
    use crate::runbook::Shelf;
    use crate::sketch::{Sketch, from_arrows};

    /// curl 7.88 and nginx 1.22 behind haproxy 2.6 in TCP mode.
    #[test]
    fn a_page_that_a_front_does_not_write_comes_from_behind_it() {
        let text = "HTTP/1.1 400 Bad Request\nServer: nginx/1.22.1\nContent-Type: text/html\nContent-Length: 157\n\n\
                    <html>\n<head><title>400 Bad Request</title></head>\n<body>\n<center><h1>400 Bad Request</h1></center>\n<hr><center>nginx/1.22.1</center>\n</body>\n</html>\n";
        let believed = |front: &str| {
            let drawn = format!(
                "scale(client)[10.46.1.5] -> {front}(load_balancer)[10.46.2.2]:80 -> readings(service)[10.46.4.8]:8080"
            );
            let sketch = from_arrows(&drawn, &Sketch::default()).unwrap();
            let command = Some("curl -si http://10.46.2.2/w".to_owned());
            let reading = read(text, command.as_deref(), None);
            let origin = Origin { vantage: Some("scale".to_owned()), command, ..Origin::default() };
            let told = diagnose(&sketch, &[Evidence { origin, reading }], &Shelf::shipped().0);
            told.elements.iter().find(|one| one.element == "readings").map_or(0.0, |one| one.probability)
        };
        assert!(believed("haproxy") > believed("nginx"), "{} {}", believed("haproxy"), believed("nginx"));
    }
}
