//! Access logs of AWS' load balancers, application and classic: the request that came, and the one sent to the target.
//!
//! ```text
//! https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE TLSv1.2 arn:… "Root=1-58337281" "www.example.com" …
//! 2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -
//! ```
//!
//! Fields: the user guides of Elastic Load Balancing, "Access log entries".

use crate::fact::{Attempt, Endpoint, Outcome, Stage, Times};
use crate::read::pick::host_port;
use crate::read::request::Url;

/// The requests of one line: to the balancer, and on to its target where one was reached.
pub(super) fn attempts(text: &str) -> Option<Vec<Attempt>> {
    let (before, rest) = text.split_once(" \"")?;
    let words: Vec<&str> = before.split(' ').collect();
    // The application balancer's lines begin with the kind of request.
    let words = match words.as_slice() {
        [kind, rest @ ..] if matches!(*kind, "http" | "https" | "h2" | "ws" | "wss" | "grpcs") => rest,
        words => words,
    };
    let [time, _, client, target, wait, answer, _, status, target_status, _, _] = words else { return None };
    (time.len() > 19 && time.ends_with('Z') && client.contains(':')).then_some(())?;
    let status: u16 = status.parse().ok().filter(|status| (100..600).contains(status))?;
    let url = rest.split(' ').nth(1).and_then(Url::parse);
    let (host, path) = url.map(|url| (url.endpoint().host, url.path)).unzip();
    // -1 stands where a stage was not reached.
    let seconds = |text: &str| text.parse::<f64>().ok().filter(|seconds| *seconds >= 0.0);
    let received = Attempt {
        to: Endpoint::self_of_log(host.flatten().as_deref()),
        from: Endpoint { address: host_port(client).and_then(|client| client.address), ..Endpoint::default() },
        path: path.clone(),
        protocol: Some("http".to_owned()),
        status: Some(status),
        times: Times {
            total: seconds(wait).zip(seconds(answer)).map(|(wait, answer)| wait + answer),
            ..Times::default()
        },
        ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
    };
    let mut attempts = vec![received];
    if let (Some(to), Ok(status)) = (host_port(target), target_status.parse::<u16>()) {
        attempts.push(Attempt {
            to,
            path,
            protocol: Some("http".to_owned()),
            status: Some(status),
            times: Times { total: seconds(answer), ..Times::default() },
            ..Attempt::new(Stage::Exchange, Outcome::of_status(status))
        });
    }
    Some(attempts)
}

/// A line of a network load balancer, `tls 2.0 2018-12-20T02:59:40 net/my-nlb/c6e7 …`: connections, and no word of how they ended.
pub(super) fn is_network_entry(text: &str) -> bool {
    text.starts_with("tls ") && text.contains(" net/") && text.split(' ').count() > 15
}
