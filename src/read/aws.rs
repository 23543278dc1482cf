//! Reads the AWS command line: load balancers, target health, route tables, security groups, network ACLs, CloudWatch.
//!
//! ```text
//! {"RouteTables": [{"Associations": [{"SubnetId": "subnet-0ccc"}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0f1e2d3c", "State": "active"}]}]}
//! 10.0.0.0/16  local  None  active
//! 0.0.0.0/0    None   nat-0f1e2d3c  active
//! ```
//!
//! Fields are those of the API references of Elastic Load Balancing, EC2 and CloudWatch; the samples are made after their examples,
//! for no account is at hand to record from. They are looked up by name: a type for each answer weighs three times as much.

use super::json::{Document, documents};
use super::{Findings, Part, Reader, driver};
use crate::evidence::Lines;

mod balancers;
mod metrics;
mod routes;
mod rules;
mod services;
mod targets;

pub(super) const READER: Reader = Reader { kind: "aws", most: 0.97, recognize, read };

/// Keys that only these answers have.
const KEYS: [&str; 21] = [
    "\"LoadBalancerDescriptions\"",
    "\"LoadBalancers\"",
    "\"TargetHealthDescriptions\"",
    "\"InstanceStates\"",
    "\"RouteTables\"",
    "\"SecurityGroups\"",
    "\"NetworkAcls\"",
    "\"Datapoints\"",
    "\"MetricDataResults\"",
    "\"DestinationCidrBlock\"",
    "\"TargetHealth\"",
    "\"LoadBalancerArn\"",
    "\"Reservations\"",
    "\"Activities\"",
    "\"InternetGateways\"",
    "\"Vpcs\"",
    "\"nextForwardToken\"",
    "\"DBInstances\"",
    "\"MetricAlarms\"",
    "\"NatGateways\"",
    "\"TargetGroups\"",
];

fn recognize(part: &Part) -> f64 {
    if part.any(|text| text.contains('"') && KEYS.iter().any(|key| text.contains(key))) {
        return 0.97;
    }
    let ours = part.runs("aws");
    if part.any(|text| text.contains(services::EVENT)) {
        return 0.9;
    }
    if part.any(|text| text.starts_with(['{', '[', ' ', '\t', '"']) && text.contains('"') && names_a_resource(text)) {
        return 0.9;
    }
    if part.any(|text| text.starts_with("An error occurred (") && text.contains(" when calling the ")) {
        return 0.95;
    }
    if part.any(|text| routes::default_route(text).is_some()) {
        return if ours { 0.97 } else { 0.85 };
    }
    if ours { 0.8 } else { 0.0 }
}

/// Whether a JSON string names something of an account: `arn:aws:…`, `"i-0598c7d356eba48d7"`, `"vpc-1a2b3c4d"`.
fn names_a_resource(text: &str) -> bool {
    const KINDS: [&str; 13] =
        ["i", "vpc", "subnet", "sg", "rtb", "igw", "nat", "acl", "eni", "vpce", "pcx", "tgw", "eipalloc"];
    let is_id = |word: &str| {
        word.split_once('-').is_some_and(|(kind, id)| {
            KINDS.contains(&kind) && matches!(id.len(), 8 | 17) && id.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    };
    text.contains("\"arn:aws") || text.split('"').any(is_id)
}

fn read(part: &Part, findings: &mut Findings) {
    let command = part.command.as_ref();
    let some = command.is_some_and(|command| command.words().any(|word| matches!(word, "--targets" | "--instances")));
    for document in documents(part) {
        let Some(answer) = document.parse() else { continue };
        let before = findings.facts.len();
        balancers::read(&document, &answer, findings);
        targets::read(&document, &answer, some, findings);
        routes::read(&document, &answer, command, findings);
        rules::read(&document, &answer, findings);
        metrics::read(&document, &answer, command, findings);
        services::read(&document, &answer, findings);
        if findings.facts.len() > before {
            understood(&document, findings);
        }
    }
    routes::read_text(part, findings);
    let mut steady = false;
    for line in &part.lines {
        services::event(line.number, &line.text, &mut steady, findings);
        for claim in driver::said(&line.text).into_iter().filter(|_| line.text.contains(" endpoint URL: ")) {
            findings.fact(Lines::one(line.number), claim);
        }
    }
}

fn understood(document: &Document, findings: &mut Findings) {
    (document.lines.first..=document.lines.last).for_each(|number| findings.noise(number));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told;

    fn told_below(command: &str, text: &str) -> Vec<String> {
        crate::read::told_below(command, text, read)
    }

    #[test]
    fn a_default_route_is_read_from_json_and_from_text() {
        let json = "{\"RouteTables\": [{\"Associations\": [{\"Main\": false, \"SubnetId\": \"subnet-0ccc\"}], \"Routes\": [{\"DestinationCidrBlock\": \"10.0.0.0/16\", \"GatewayId\": \"local\", \"State\": \"active\"}, {\"DestinationCidrBlock\": \"0.0.0.0/0\", \"NatGatewayId\": \"nat-0f1e2d3c\", \"State\": \"active\"}]}]}";
        assert_eq!(told(READER, json), ["subnet default route is nat at subnet-0ccc (0.0.0.0/0 to nat-0f1e2d3c)"]);
        let command =
            "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=subnet-0ccc --output text";
        let text = "10.0.0.0/16  local  None  active\n0.0.0.0/0    None   nat-0f1e2d3c  active";
        assert_eq!(
            told_below(command, text),
            ["subnet default route is nat at subnet-0ccc (0.0.0.0/0 to nat-0f1e2d3c)"]
        );
        assert_eq!(
            told_below(command, "{\"RouteTables\": []}"),
            ["subnet default route is main table at subnet-0ccc (no table of its own)"]
        );
        assert_eq!(
            told_below(command, "10.0.0.0/16  local  None  active"),
            ["subnet default route is none at subnet-0ccc (no route to 0.0.0.0/0)"]
        );
    }

    #[test]
    fn what_a_service_told_before_it_was_steady_is_over() {
        let unhealthy = "\"message\": \"(service web) (instance i-1) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1) due to (reason Health checks failed with these codes: [502]).\"";
        let said = "server check is down status at web:8080 (Health checks failed with these codes: [502])";
        assert_eq!(told(READER, unhealthy), [said]);
        let steady = format!("\"message\": \"(service web) has reached a steady state.\"\n{unhealthy}");
        assert_eq!(told(READER, &steady), [""; 0]);
    }

    #[test]
    fn the_scheme_and_the_health_of_targets_are_told() {
        let text = "{\"Scheme\":\"internet-facing\",\"Subnets\":[\"subnet-0aaa\"],\"AZ\":[\"us-east-1a\"]}";
        assert_eq!(told_below("aws elb describe-load-balancers", text), ["lb scheme is internet-facing"]);
        let text = "{\"TargetHealthDescriptions\": [{\"Target\": {\"Id\": \"10.0.1.7\", \"Port\": 8080}, \"TargetHealth\": {\"State\": \"unhealthy\", \"Reason\": \"Target.ResponseCodeMismatch\"}}, {\"Target\": {\"Id\": \"10.0.1.8\", \"Port\": 8080}, \"TargetHealth\": {\"State\": \"healthy\"}}]}";
        assert_eq!(
            told(READER, text),
            [
                "server check is down status at 10.0.1.7:8080 (unhealthy Target.ResponseCodeMismatch)",
                "server check is up at 10.0.1.8:8080 (healthy)",
                "target health is some (1 of 2 healthy)",
            ]
        );
        let unused = text.replace("unhealthy", "unused").replace("ResponseCodeMismatch", "NotRegistered");
        let told = told(READER, &unused);
        assert!(told.contains(&"server check is unused at 10.0.1.7:8080 (unused Target.NotRegistered)".to_owned()));
        assert!(told.contains(&"target health is all (1 of 1 healthy)".to_owned()), "{told:?}");
    }

    #[test]
    fn data_points_are_told_with_their_period() {
        let text = "{\"Label\":\"BackendConnectionErrors\",\"Datapoints\":[{\"Timestamp\":\"2017-06-14T09:00:00Z\",\"Sum\":301.0,\"Unit\":\"Count\"},{\"Timestamp\":\"2017-06-14T09:05:00Z\",\"Sum\":1003.0,\"Unit\":\"Count\"}]}";
        assert_eq!(
            told(READER, text),
            [
                "lb errors is counted (BackendConnectionErrors: 2 data points, sum 301 to 1003, one per 300 s)",
                "failed requests: 2 data points, sum 301 to 1003, one per 300 s",
            ]
        );
    }

    #[test]
    fn a_period_that_nothing_tells_is_said_to_be_missing() {
        let text = "{\"MetricDataResults\":[{\"Id\":\"e\",\"Label\":\"HTTPCode_ELB_5XX_Count\",\"Timestamps\":[\"2026-11-21T09:00:00+00:00\"],\"Values\":[41.0],\"StatusCode\":\"Complete\"}],\"Messages\":[]}";
        assert_eq!(
            told(READER, text),
            [
                "lb errors is counted (HTTPCode_ELB_5XX_Count: 1 data point, unknown statistic 41, period not said)",
                "failed requests: 1 data point, unknown statistic 41, period not said",
            ]
        );
    }

    #[test]
    fn requests_and_errors_of_one_balancer_are_k_of_n() {
        let command = "aws cloudwatch get-metric-data --metric-data-queries Id=n,MetricStat={Metric={Namespace=AWS/ELB,MetricName=RequestCount,Dimensions=[{Name=LoadBalancerName,Value=shop}]},Period=300,Stat=Sum} --period 300";
        let text = "{\"MetricDataResults\":[{\"Id\":\"n\",\"Label\":\"RequestCount\",\"Timestamps\":[\"2026-11-21T09:00:00Z\"],\"Values\":[500.0]},{\"Id\":\"e\",\"Label\":\"HTTPCode_ELB_5XX\",\"Timestamps\":[\"2026-11-21T09:00:00Z\"],\"Values\":[41.0]}]}";
        assert_eq!(
            told_below(command, text),
            [
                "lb requests is counted (RequestCount: 1 data point, sum 500, one per 300 s)",
                "lb errors is counted at shop (HTTPCode_ELB_5XX: 1 data point, sum 41, one per 300 s)",
                "41 requests to shop were answered with a server error",
                "459 requests to shop worked",
                "requests of shop: 1 data point, sum 500, one per 300 s",
                "failed requests of shop: 1 data point, sum 41, one per 300 s",
            ]
        );
    }

    #[test]
    fn rules_are_told_one_by_one() {
        let text = "{\"NetworkAcls\": [{\"Associations\": [{\"SubnetId\": \"subnet-0ccc\"}], \"Entries\": [{\"CidrBlock\": \"0.0.0.0/0\", \"Egress\": false, \"PortRange\": {\"From\": 443, \"To\": 443}, \"Protocol\": \"6\", \"RuleAction\": \"deny\", \"RuleNumber\": 90}, {\"CidrBlock\": \"0.0.0.0/0\", \"Egress\": false, \"Protocol\": \"-1\", \"RuleAction\": \"deny\", \"RuleNumber\": 32767}]}]}";
        assert_eq!(
            told(READER, text),
            ["nacl port is denied at subnet-0ccc:443 (rule 90, inbound, 443 from 0.0.0.0/0)"]
        );
    }
}
