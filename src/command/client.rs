//! Commands that ask the API of a cloud or a cluster: they run wherever that command line is set up, not on what they ask about.
//!
//! ```text
//! aws elbv2 describe-target-health --target-group-arn …      anywhere; prints what the API knows of the balancer
//! kubectl exec -n shop deploy/cart -- ss -ltn                anywhere; prints what a program inside the pod sees
//! ```

use super::effect::{program, starts, statements};

/// The command lines.
const CLIENTS: &[&str] = &[
    "aws",
    "az",
    "calicoctl",
    "cilium",
    "doctl",
    "eksctl",
    "gcloud",
    "hcloud",
    "helm",
    "ibmcloud",
    "istioctl",
    "kubectl",
    "linkerd",
    "oc",
    "oci",
    "openstack",
];

/// Subcommands that print what a program inside has seen or written.
const INSIDE: &[&str] = &["attach", "debug", "exec", "logs", "rsh", "run-command", "ssh", "start-session"];

/// The command line of an API, as a command uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    pub name: &'static str,
    /// It prints what is seen from inside of what it asks about.
    pub inside: bool,
}

/// The command line of an API that a command needs; nothing for a program that looks from where it runs.
pub fn client(command: &str) -> Option<Client> {
    statements(command).iter().find_map(|statement| {
        let words: Vec<&str> = statement.split_whitespace().collect();
        starts(&words).find_map(|rest| {
            let (first, arguments) = rest.split_first()?;
            let name = CLIENTS.iter().find(|name| **name == program(first))?;
            let mut own = arguments.iter().take_while(|word| **word != "--");
            Some(Client { name, inside: own.any(|word| INSIDE.contains(word)) })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_an_api_is_told_from_what_looks_from_where_it_runs() {
        let told = |command| client(command).map(|client| (client.name, client.inside));
        assert_eq!(told("aws ec2 describe-security-groups --group-ids sg-1"), Some(("aws", false)));
        assert_eq!(told("for m in a b; do aws cloudwatch get-metric-statistics; done"), Some(("aws", false)));
        assert_eq!(told("kubectl exec -n shop deploy/cart -- ss -ltn"), Some(("kubectl", true)));
        assert_eq!(told("kubectl logs -n shop cart --tail=20"), Some(("kubectl", true)));
        assert_eq!(told("kubectl get pods -n shop -o wide"), Some(("kubectl", false)));
        assert_eq!(told("dig aws.example"), None);
        assert_eq!(told("curl -s http://aws:80/ | grep kubectl"), None);
    }
}
