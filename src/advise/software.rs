//! Commands that need a certain software, where nothing speaks of it: that it runs there is a guess that has to be checked first.

use crate::sketch::{Element, Kind, NodeIx};
use crate::weigh::Belief;

/// What a command names, and the words that speak of the software behind it, in small letters.
const SOFTWARE: &[(&str, &[&str])] = &[
    ("kubectl ", &["kube", "k8s", "pod", "ingress", "namespace"]),
    ("docker ", &["docker", "container"]),
    ("aws ", &["aws", "amazon", "elb", "alb", "nlb", "vpc", "subnet", "ec2", "rds", "lambda"]),
    ("/nginx/", &["nginx"]),
    ("/haproxy/", &["haproxy"]),
    ("kafka", &["kafka"]),
    ("redis-cli ", &["redis", "valkey"]),
];

/// What the drawing and the evidence speak of.
pub(super) struct Spoken {
    /// Of each software in the list whether any evidence does.
    heard: Vec<bool>,
}

impl Spoken {
    pub(super) fn of(belief: &Belief) -> Spoken {
        let cluster = belief.sketch.node_indices().any(|ix| is_of_a_cluster(belief.sketch.kind(ix)));
        let heard = SOFTWARE.iter().map(|(command, words)| {
            let said = belief.observations.iter().any(|one| speaks(&one.says, words));
            said || cluster && *command == "kubectl "
        });
        Spoken { heard: heard.collect() }
    }

    /// Whether a command needs a software that neither the evidence nor the name of a hop at hand speaks of.
    pub(super) fn is_guess(&self, command: &str, element: Element, from: Option<NodeIx>, belief: &Belief) -> bool {
        let ends = match element {
            Element::Node(ix) | Element::Address(ix, _) => [Some(ix), from],
            Element::Edge(edge) => [belief.sketch.ends(edge).map(|(_, to)| to), from],
        };
        let named = |words: &[&str]| {
            let mut nodes = ends.iter().flatten().filter_map(|ix| belief.sketch.node(*ix));
            nodes.any(|node| speaks(node.name(), words) || speaks(&node.id, words))
        };
        let mut needed = SOFTWARE.iter().zip(&self.heard).filter(|((what, _), _)| command.contains(what));
        needed.any(|((_, words), heard)| !heard && !named(words))
    }
}

fn is_of_a_cluster(kind: Kind) -> bool {
    matches!(kind, Kind::Pod | Kind::K8sService | Kind::K8sNode)
}

fn speaks(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}
