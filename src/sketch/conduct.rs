//! How a node passes on to its caller what happens behind it: who only joins connections cannot answer 502.

use super::{EdgeIx, Kind, NodeIx, Sketch};

/// What a node does between its caller and what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conduct {
    /// It passes on packets, or connections that are not its own.
    Forwards,
    /// It joins a connection to another one and reads neither: TLS and every answer are those of the far end.
    Relays,
    /// It asks another name server.
    Resolves,
    /// It passes on answers, and answers itself where none comes.
    Answers,
    /// It does work of its own with what it gets.
    Works,
}

/// Words by which people say that a balancer does not look into what it balances.
const RELAYS: [&str; 8] = ["tcp", "l4", "layer4", "nlb", "passthrough", "stream", "ipvs", "lvs"];

/// Protocols whose answers a proxy makes itself; one in front of anything else can only join connections.
const ANSWERED: [&str; 10] = ["http", "https", "http2", "h2", "grpc", "ws", "wss", "fastcgi", "uwsgi", "ajp"];

impl Sketch {
    /// How a node passes on what is behind it.
    pub fn conduct(&self, ix: NodeIx) -> Conduct {
        match self.kind(ix) {
            Kind::LoadBalancer | Kind::Proxy if self.relays(ix) => Conduct::Relays,
            Kind::LoadBalancer | Kind::Proxy | Kind::External | Kind::K8sService => Conduct::Answers,
            Kind::Dns => Conduct::Resolves,
            // A pool hands out connections; what comes over them is not its own.
            kind if matches!(kind, Kind::Client | Kind::Pool) || kind.only_forwards() => Conduct::Forwards,
            _ => Conduct::Works,
        }
    }

    fn relays(&self, ix: NodeIx) -> bool {
        let Some(node) = self.node(ix) else { return false };
        let said = node.attr("mode").unwrap_or_default();
        let words = words(&format!("{} {} {said}", node.label, node.id));
        let spoken = |edge: &EdgeIx| self.edge(*edge)?.protocol.as_deref();
        let mut heard = self.callers(ix).iter().filter_map(|(edge, _)| spoken(edge));
        let asks = |protocol: &str| self.callees(ix).iter().all(|(edge, _)| spoken(edge) == Some(protocol));
        // Who speaks another protocol behind than before ends the one and begins the other.
        let joins =
            |protocol: &str| !ANSWERED.iter().any(|known| known.eq_ignore_ascii_case(protocol)) && asks(protocol);
        words.iter().any(|word| RELAYS.contains(&word.as_str())) || heard.next().is_some_and(joins) && heard.all(joins)
    }
}

/// Words in lower case, those of "pass-through" and "layer 4" as one.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("pass-through", "passthrough").replace("layer 4", "layer4");
    text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::{Edge, Node};

    fn conduct(label: &str, protocol: &str) -> Conduct {
        let balancer = Node { label: label.to_owned(), ..Node::new("lb", Kind::LoadBalancer) };
        let edge = |from: &str, to: &str, protocol: &str| Edge {
            from: from.into(),
            to: to.into(),
            protocol: Some(protocol.into()),
            port: None,
            attrs: Default::default(),
        };
        let behind = if protocol == "rediss" { "redis" } else { protocol };
        let nodes = vec![Node::new("app", Kind::Service), balancer, Node::new("member", Kind::Service)];
        let sketch = Sketch::new(nodes, vec![edge("app", "lb", protocol), edge("lb", "member", behind)]).unwrap();
        sketch.conduct(sketch.find("lb").unwrap())
    }

    #[test]
    fn a_balancer_that_does_not_speak_the_protocol_only_joins_connections() {
        assert_eq!(conduct("entry", "https"), Conduct::Answers);
        assert_eq!(conduct("entry", "postgres"), Conduct::Relays);
        assert_eq!(conduct("entry", "rediss"), Conduct::Answers);
        assert_eq!(conduct("entry (haproxy, mode tcp)", "https"), Conduct::Relays);
        assert_eq!(conduct("TLS pass-through", "https"), Conduct::Relays);
        assert_eq!(conduct("upstream of the streaming team", "https"), Conduct::Answers);
    }
}
