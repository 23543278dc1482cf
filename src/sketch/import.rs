//! Drawings that are pasted: chains of hops as one types them, Mermaid flowcharts, DOT, docker-compose, Kubernetes objects, and call graphs of tracing.

use std::collections::BTreeMap;

use super::{Edge, Kind, Node, Sketch, SketchErrors, from_arrows};

mod compose;
mod dot;
mod kubernetes;
mod mermaid;

pub use mermaid::to_mermaid;

/// A drawing of more hops than this is no longer one a person can read.
const MOST: usize = 2_000;

/// The drawing that `text` is; `None` where it is something else, for example the output of a command.
///
/// # Errors
/// Why a drawing that was recognized cannot be taken over.
pub fn import(text: &str) -> Option<Result<Sketch, SketchErrors>> {
    let text = unfenced(text);
    if let Some(sketch) = chains(text) {
        return Some(Ok(sketch));
    }
    let plan = mermaid::read(text)
        .or_else(|| dot::read(text))
        .or_else(|| compose::read(text))
        .or_else(|| kubernetes::read(text))?;
    Some(plan.sketch())
}

/// Chains such as `client -> lb -> api`, as far as nothing else is said: `api -> db: times out` is a report, and the listing of a link
/// has more than a name before its arrow.
fn chains(text: &str) -> Option<Sketch> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_chain = |line: &str| line.contains("->") && line.split("->").all(is_hop);
    lines().next().filter(|_| lines().all(is_chain))?;
    from_arrows(text, &Sketch::default()).ok()
}

/// A name, and behind it nothing but a kind, addresses and a port.
fn is_hop(part: &str) -> bool {
    let part = part.trim();
    let (name, rest) = part.split_at(part.find(['[', '(', ':']).unwrap_or(part.len()));
    let named =
        name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && name.contains(char::is_alphabetic);
    named && (rest.is_empty() || rest.starts_with(['[', '(']) || rest.trim_start_matches(':').parse::<u16>().is_ok())
}

/// What stands between the fences of Markdown.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let Some(inside) = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else { return text };
    inside.split_once('\n').map_or(inside, |(_, body)| body).trim()
}

/// A drawing in the making.
#[derive(Default)]
struct Plan {
    nodes: Vec<Node>,
    positions: BTreeMap<String, usize>,
    edges: Vec<Edge>,
}

impl Plan {
    /// The hop of this id, drawn when it is first named.
    fn hop(&mut self, id: &str) -> Option<&mut Node> {
        let position = *self.positions.entry(id.to_owned()).or_insert_with(|| {
            self.nodes.push(Node::new(id, Kind::from_name(id).unwrap_or(Kind::Service)));
            self.nodes.len() - 1
        });
        self.nodes.get_mut(position)
    }

    /// Calls a hop by another name, which may also say what it is.
    fn label(&mut self, id: &str, label: &str) {
        if let Some(node) = self.hop(id).filter(|_| !label.is_empty() && label != id) {
            label.clone_into(&mut node.label);
            if let Some(kind) = Kind::from_name(label) {
                node.kind = kind.into();
            }
        }
    }

    fn join(&mut self, from: &str, to: &str) {
        self.hop(from);
        self.hop(to);
        if !self.edges.iter().any(|edge| edge.from == from && edge.to == to) {
            let (from, to) = (from.to_owned(), to.to_owned());
            self.edges.push(Edge { from, to, protocol: None, port: None, attrs: BTreeMap::new() });
        }
    }

    fn sketch(self) -> Result<Sketch, SketchErrors> {
        if self.nodes.len() > MOST {
            let sentence = format!("this drawing has {} hops; more than {MOST} cannot be shown", self.nodes.len());
            return Err(SketchErrors(vec![sentence]));
        }
        Sketch::new(self.nodes, self.edges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::to_arrows;

    #[test]
    fn chains_of_hops_are_a_drawing_and_reports_are_not() {
        let is_drawing = |text: &str| import(text).is_some();
        assert!(is_drawing(
            "client -> lb[203.0.113.10, api.example.com]:443 -> api -> db(database)\n\nclient -> dns\n"
        ));
        assert!(!is_drawing("app -> cfg: some time out\nlaptop -> cfg: works\n"));
        assert!(!is_drawing("lrwxrwxrwx 1 root root 12 May  4 10:02 current -> releases/412\n"));
        assert!(!is_drawing("10.0.0.7 -> 10.0.0.9\n"));
        assert!(!is_drawing("client -> lb\nconnection refused\n"));
    }

    fn arrows(text: &str) -> String {
        to_arrows(&import(text).unwrap().unwrap())
    }

    #[test]
    fn output_of_commands_is_no_drawing() {
        for text in [
            "",
            "$ curl -v http://203.0.113.10/",
            "{\"status\":\"error\"}",
            "graph of errors over time",
            "services are down",
        ] {
            assert!(import(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_mermaid_flowchart_is_read_with_shapes_labels_chains_and_groups() {
        let text = "```mermaid\nflowchart LR\n  %% a comment\n  subgraph outside\n  u([User]) -->|https| lb{{\"Edge LB\"}}\n  end\n  \
                    lb --> api & web\n  api -- sql --> db[(Orders)]; web -.-> db\n  style db fill:#f00\n```";
        assert_eq!(arrows(text), "u(client) -> lb -> api -> db\nlb -> web -> db");
    }

    #[test]
    fn what_is_written_as_mermaid_reads_back_as_the_same_hops() {
        let text = "client -> my-lb -> api -> db\napi -> end\napi -> api";
        let sketch = crate::sketch::from_arrows(text, &Sketch::default()).unwrap();
        let again = import(&to_mermaid(&sketch)).unwrap().unwrap();
        let names = |sketch: &Sketch| sketch.nodes().iter().map(|node| node.name().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&again), names(&sketch));
        assert_eq!(again.edges().len(), sketch.edges().len());
    }

    #[test]
    fn a_dot_graph_is_read_with_labels_chains_and_clusters() {
        let text = "digraph G {\n  rankdir=LR; node [shape=box];\n  // edge\n  subgraph cluster_0 { a [label=\"Front LB\"]; }\n  \
                    a -> \"b c\" -> {db cache} [style=dashed];\n}";
        assert_eq!(arrows(text), "a(load_balancer) -> b c(service) -> db\nb c -> cache");
    }

    #[test]
    fn compose_services_are_joined_by_what_they_depend_on_and_name() {
        let text = "version: \"3\"\nservices:\n  web:\n    image: nginx:1.25\n    ports:\n      - \"8080:80\"\n    depends_on:\n      - api\n  \
                    api:\n    build: .\n    environment:\n      DATABASE_URL: postgres://store:5432/app\n    depends_on:\n      cache:\n        condition: service_started\n  \
                    store:\n    image: postgres:16\n  cache:\n    image: redis\nvolumes:\n  data:\n";
        let sketch = import(text).unwrap().unwrap();
        let edges: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
        assert_eq!(edges, ["web->api", "api->store", "api->cache"]);
        assert_eq!(sketch.find("store").map(|ix| sketch.kind(ix)), Some(Kind::Database));
        assert_eq!(sketch.find("web").and_then(|ix| sketch.node(ix)).unwrap().ports, [80]);
    }

    #[test]
    fn kubernetes_objects_are_joined_by_selectors_and_ingress_rules() {
        let text = r#"{"apiVersion":"v1","kind":"List","items":[
            {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"edge"},"spec":{"rules":[
                {"host":"shop.example.com","http":{"paths":[{"backend":{"service":{"name":"shop"}}}]}}]}},
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"shop"},"spec":{"clusterIP":"10.96.0.12","ports":[{"port":80}],"selector":{"app":"shop"}}},
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop-v2"},"spec":{"template":{"metadata":{"labels":{"app":"shop","v":"2"}}}}}]}"#;
        let sketch = import(text).unwrap().unwrap();
        let edges: Vec<String> = sketch.edges().iter().map(|edge| format!("{}->{}", edge.from, edge.to)).collect();
        assert_eq!(edges, ["ingress/edge->service/shop", "service/shop->deployment/shop-v2"]);
        let service = sketch.find("service/shop").and_then(|ix| sketch.node(ix)).unwrap();
        assert_eq!((service.ips.len(), service.ports.as_slice(), service.label.as_str()), (1, [80].as_slice(), "shop"));
    }

    #[test]
    fn a_call_graph_of_tracing_is_read() {
        assert_eq!(
            arrows(
                r#"{"data":[{"parent":"web","child":"api","callCount":7},{"parent":"api","child":"db","callCount":9}]}"#
            ),
            "web -> api -> db"
        );
    }

    #[test]
    fn hostile_drawings_are_read_or_refused_and_never_stop_the_program() {
        let samples = [
            "flowchart LR\n A[[[ -->",
            "graph TD\n --> & ==> |",
            "flowchart LR\nA(((\"x",
            "digraph { a -> { b -> [",
            "digraph {",
            "services:\n  - :\n :",
            "{\"apiVersion\":1,\"kind\":[],\"items\":{}}",
            "flowchart LR\nä-->ö[\u{202e}x]",
            "digraph \"\\\" { \"a\\\"b\" -> <b<i>> }",
        ];
        for sample in samples {
            for end in (0..=sample.len()).filter(|end| sample.is_char_boundary(*end)) {
                let _ = sample.get(..end).and_then(import);
            }
        }
        let many: String = (0..3_000).map(|n| format!("a{n} --> a{}\n", n + 1)).collect();
        let refused = import(&format!("flowchart LR\n{many}")).unwrap().unwrap_err();
        assert!(refused.to_string().contains("3001 hops"), "{refused}");
    }
}
