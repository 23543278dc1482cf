//! Reads `kubectl get` and `kubectl top`: pods, services, endpoints, endpoint slices, events, nodes, deployments, network policies.
//!
//! ```text
//! NAME                    READY   STATUS             RESTARTS      AGE   IP           NODE
//! cart-7d4b9c6f5-x2x7k    0/1     CrashLoopBackOff   5 (31s ago)   4m    10.244.1.7   node-1
//!
//! NAME   ENDPOINTS                           AGE
//! cart   <none>                              4m
//! web    10.244.1.8:8080,10.244.2.3:8080     4m
//!
//! LAST SEEN   TYPE      REASON      OBJECT              MESSAGE
//! 31s         Warning   Unhealthy   pod/cart-7d4b9c6f5  Readiness probe failed: HTTP probe failed with statuscode: 503
//! ```
//!
//! Column names are those of Kubernetes 1.20 to 1.33; no cluster is at hand, so the unit tests below follow its documentation and no sample is recorded.

use super::observable::SERVICE_ADDRESS;
use super::pick::cells;
use super::{Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

mod client;
mod describe;
mod endpoints;
mod events;
mod objects;
mod pods;
mod top;
mod yaml;

pub(super) const READER: Reader = Reader { kind: "kubectl", most: 0.97, recognize, read };
pub(super) const OBJECTS: Reader =
    Reader { kind: "kubectl", most: 0.96, recognize: objects::recognize, read: objects::read };
pub(super) const DESCRIBE: Reader =
    Reader { kind: "kubectl", most: 0.97, recognize: describe::recognize, read: describe::read };

/// What a table lists, told by its head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    Pods,
    Endpoints,
    Events,
    Nodes,
    Deployments,
    /// What pods, containers or nodes use.
    Usage,
    /// Services, network policies, whatever else there is.
    Other,
}

impl Listing {
    fn of(text: &str) -> Option<Listing> {
        let head = cells(text);
        let has = |name: &str| head.contains(&name);
        Some(match () {
            () if has("READY") && has("STATUS") && has("RESTARTS") => Listing::Pods,
            () if has("ENDPOINTS") && has("NAME") => Listing::Endpoints,
            () if has("LAST SEEN") && has("REASON") => Listing::Events,
            () if has("STATUS") && has("ROLES") && has("VERSION") => Listing::Nodes,
            () if has("READY") && has("UP-TO-DATE") => Listing::Deployments,
            () if has("CPU(cores)") => Listing::Usage,
            () if has("CLUSTER-IP") || has("POD-SELECTOR") => Listing::Other,
            () if has("CLASS") && has("HOSTS") => Listing::Other,
            // Jobs, claims, namespaces, whatever else there is: a name first and an age last.
            () if matches!(head.first(), Some(&("NAME" | "NAMESPACE")))
                && has("AGE")
                && has("READY")
                && !has("DESIRED") =>
            {
                Listing::Deployments
            }
            () if matches!(head.first(), Some(&("NAME" | "NAMESPACE"))) && (has("AGE") || has("LABELS")) => {
                Listing::Other
            }
            () if has("NAME") && has("NAMESPACED") && has("KIND") => Listing::Other,
            () => return None,
        })
    }
}

fn recognize(part: &Part) -> f64 {
    if part.any(|text| Listing::of(text).is_some()) {
        return 0.97;
    }
    if part.any(|text| events::without_head(text).is_some() || pods::without_head(text, 1).is_some()) {
        return 0.9;
    }
    let command = part.command.as_ref();
    let speaks = |text: &str| {
        client::is_version(text) || client::failure(text).is_some() || client::success(text, command).is_some()
    };
    if part.any(speaks) {
        return 0.9;
    }
    let empty = |text: &str| text.starts_with("No resources found");
    if part.any(empty) {
        return 0.95;
    }
    let refused = part
        .any(|text| text.starts_with("Error from server (") || text.starts_with("Unable to connect to the server:"));
    if part.runs("kubectl") && refused { 0.9 } else { 0.0 }
}

fn read(part: &Part, findings: &mut Findings) {
    let mut listing = None;
    let mut head: Vec<&str> = Vec::new();
    for line in &part.lines {
        if let Some(begun) = Listing::of(&line.text) {
            listing = Some(begun);
            head = cells(&line.text);
            findings.noise(line.number);
            continue;
        }
        if line.text.starts_with("No resources found") {
            endpoints::nothing_found(part.command.as_ref(), line.number, findings);
            continue;
        }
        let Some(listing) = listing else {
            if let Some((reason, name, message)) = events::without_head(&line.text) {
                events::tell(Lines::one(line.number), reason, name, message, findings);
            } else if let Some(row) = pods::without_head(&line.text, line.number) {
                pods::pod(&row, findings);
            } else if let Some(claims) = client::failure(&line.text) {
                claims.into_iter().for_each(|claim| findings.fact(Lines::one(line.number), claim));
                findings.noise(line.number);
            } else if let Some(claim) = client::success(&line.text, part.command.as_ref()) {
                findings.fact(Lines::one(line.number), claim);
            } else if client::is_version(&line.text) {
                findings.noise(line.number);
            }
            continue;
        };
        // What was not found is told below the table of what was.
        if line.text.trim_start().starts_with("Error from server") || line.text.trim_start().starts_with("error: ") {
            continue;
        }
        let Some(row) = Row::parse(&head, &line.text, line.number) else { continue };
        match listing {
            Listing::Pods => pods::pod(&row, findings),
            Listing::Nodes => pods::node(&row, findings),
            Listing::Deployments => pods::deployment(&row, findings),
            Listing::Endpoints => endpoints::row(&row, findings),
            Listing::Events => events::row(&row, findings),
            Listing::Usage => top::row(&row, findings),
            // A service of which the cloud has made nothing yet.
            Listing::Other if row.cell("EXTERNAL-IP") == Some("<pending>") => {
                let name = row.cell("NAME").unwrap_or_default().trim_start_matches("service/");
                findings.state(
                    Lines::one(row.number),
                    SERVICE_ADDRESS,
                    "pending",
                    Endpoint::named(name),
                    "EXTERNAL-IP <pending>",
                );
            }
            Listing::Other => {
                let is_address = |cell: &&str| *cell == "None" || cell.parse::<std::net::IpAddr>().is_ok();
                let address = row.cell("CLUSTER-IP").or(row.cell("CLUSTER_IP")).filter(is_address);
                match (row.cell("NAME"), address, row.cell("PORT(S)")) {
                    (Some(name), Some(address), Some(ports)) => {
                        let of = Endpoint::named(name.trim_start_matches("service/"));
                        findings.state(
                            Lines::one(row.number),
                            SERVICE_ADDRESS,
                            "seen",
                            of,
                            format!("{address} {ports}"),
                        );
                    }
                    _ => findings.noise(row.number),
                }
            }
        }
    }
}

/// One row of a table, its cells under their names.
struct Row<'a> {
    number: u32,
    head: &'a [&'a str],
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn parse(head: &'a [&'a str], text: &'a str, number: u32) -> Option<Row<'a>> {
        let mut cells = cells(text);
        // Chat tools squeeze the spaces; then only words are left to go by.
        if cells.len() < head.len() {
            cells = text.split_whitespace().collect();
        }
        (cells.len() >= head.len().min(2)).then_some(Row { number, head, cells })
    }

    fn cell(&self, name: &str) -> Option<&'a str> {
        let at = self.head.iter().position(|known| *known == name)?;
        self.cells.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    #[test]
    fn pods_are_told_by_status_and_readiness() {
        let text = "NAME                   READY   STATUS             RESTARTS      AGE   IP           NODE\n\
                    cart-7d4b9c6f5-x2x7k   0/1     CrashLoopBackOff   5 (31s ago)   4m    10.244.1.7   node-1\n\
                    web-5c9f-abcde         1/1     Running            0             4m    10.244.1.8   node-2\n\
                    api-66d-zzzzz          1/2     Running            0             4m    10.244.1.9   node-2";
        assert_eq!(
            told(READER, text),
            [
                "pod state is crash loop at 10.244.1.7 (cart-7d4b9c6f5-x2x7k CrashLoopBackOff 0/1, restarts 5 (31s ago))",
                "pod state is running at 10.244.1.8 (web-5c9f-abcde Running 1/1, restarts 0)",
                "pod state is not ready at 10.244.1.9 (api-66d-zzzzz Running 1/2, restarts 0)",
            ]
        );
    }

    #[test]
    fn a_service_has_an_address_inside_the_cluster() {
        let text = "NAME         CLUSTER_IP   EXTERNAL_IP   PORT(S)   SELECTOR          AGE\nrc-default   10.0.5.65    <none>        80/TCP    name=rc-default   8m";
        assert_eq!(told(READER, text), ["service address is 10.0.5.65 80/TCP at rc-default"]);
    }

    #[test]
    fn a_service_without_endpoints_is_told() {
        let text = "NAME   ENDPOINTS                         AGE\ncart   <none>                            4m\nweb    10.244.1.8:8080,10.244.2.3:8080   4m";
        assert_eq!(
            told(READER, text),
            ["endpoints is none at cart (<none>)", "endpoints is present at web (10.244.1.8:8080,10.244.2.3:8080)"]
        );
    }

    #[test]
    fn what_was_not_found_is_no_row_of_the_table_above() {
        let text = "NAME         ENDPOINTS             AGE\nkubernetes   192.168.56.101:6443   3h\n\
                    Error from server (NotFound): endpoints \"kube-dns\" not found";
        assert_eq!(told(READER, text), ["endpoints is present at kubernetes (192.168.56.101:6443)"]);
    }

    #[test]
    fn events_of_all_namespaces_are_known_without_their_head() {
        let text = "kube-system   4m41s   Warning   Unhealthy   pod/coredns-57575c5f89-jmpc5   Readiness probe failed: HTTP probe failed with statuscode: 503";
        assert_eq!(
            told(READER, text),
            [
                "the probe failed by its status at coredns-57575c5f89-jmpc5 (Readiness probe failed: HTTP probe failed with statuscode: 503)"
            ]
        );
    }

    #[test]
    fn a_back_off_of_the_past_is_no_loop_of_a_container_that_runs() {
        let text = "Name:             cart-x2x7k\nNamespace:        shop\nContainers:\n  cart:\n    State:          Running\nEvents:\n  Type     Reason   Age                  From     Message\n  ----     ------   ----                 ----     -------\n  Warning  BackOff  26m (x12 over 117m)  kubelet  Back-off restarting failed container cart in pod cart-x2x7k_shop(3d0a)";
        assert_eq!(told(DESCRIBE, text), ["pod state is running at cart-x2x7k"]);
        let lately = text.replace("26m (x12", "9s (x12");
        let beside = text.replace("Events:", "  proxy:\n    State:          Terminated\nEvents:");
        for text in [lately, beside] {
            assert!(told(DESCRIBE, &text).iter().any(|fact| fact.starts_with("pod state is crash loop")), "{text}");
        }
    }

    #[test]
    fn events_name_their_object() {
        let text = "LAST SEEN   TYPE      REASON      OBJECT                     MESSAGE\n31s         Warning   Unhealthy   pod/cart-7d4b9c6f5-x2x7k   Readiness probe failed: HTTP probe failed with statuscode: 503\n40s         Normal    Pulled      pod/cart-7d4b9c6f5-x2x7k   Container image already present";
        assert_eq!(
            told(READER, text),
            [
                "the probe failed by its status at cart-7d4b9c6f5-x2x7k (Readiness probe failed: HTTP probe failed with statuscode: 503)"
            ]
        );
    }
}
