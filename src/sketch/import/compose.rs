//! docker-compose files: services, what they depend on, and whom their settings name.
//!
//! ```text
//! services:
//!   api:
//!     image: registry.example.com/api:7
//!     ports: ["8080:80"]
//!     depends_on: [db]
//!     environment:
//!       CACHE_URL: redis://cache:6379
//! ```

use super::Plan;
use crate::sketch::Kind;

/// A line with its depth, without comment and dash.
struct Line<'a> {
    depth: usize,
    text: &'a str,
}

pub(super) fn read(text: &str) -> Option<Plan> {
    let lines: Vec<Line> = text.lines().filter_map(line).collect();
    let begin = lines.iter().position(|line| line.depth == 0 && line.text == "services:")?;
    let inside: Vec<&Line> = lines.iter().skip(begin + 1).take_while(|line| line.depth > 0).collect();
    let depth = inside.first()?.depth;
    let mut plan = Plan::default();
    let name =
        |line: &Line| line.text.strip_suffix(':').filter(|_| line.depth == depth).map(unquoted).map(str::to_owned);
    let names: Vec<String> = inside.iter().filter_map(|line| name(line)).collect();
    for name in &names {
        plan.hop(name);
    }
    let mut service = String::new();
    let mut under = String::new();
    let mut key_depth = 0;
    for line in inside {
        if let Some(name) = name(line) {
            service = name;
            key_depth = 0;
            continue;
        }
        if key_depth == 0 {
            key_depth = line.depth;
        }
        let mut said = line.text;
        if line.depth == key_depth && !line.text.starts_with('-') {
            let (key, value) = line.text.split_once(':').unwrap_or((line.text, ""));
            key.clone_into(&mut under);
            said = value.trim();
        }
        setting(&mut plan, &service, &under, said, &names);
    }
    (!names.is_empty()).then_some(plan)
}

fn setting(plan: &mut Plan, service: &str, key: &str, said: &str, names: &[String]) {
    match key {
        "image" => {
            let image = said.rsplit('/').next().unwrap_or_default().split([':', '@']).next().unwrap_or_default();
            if let (Some(node), Some(kind)) = (plan.hop(service), Kind::from_name(unquoted(image))) {
                node.kind = kind.into();
            }
        }
        "ports" | "expose" => {
            let ports = said.split([',', '[', ']']).filter_map(|port| {
                unquoted(port.trim().trim_start_matches('-').trim()).rsplit(':').next()?.split('/').next()?.parse().ok()
            });
            let ports: Vec<u16> = ports.collect();
            if let Some(node) = plan.hop(service) {
                node.ports.extend(ports);
            }
        }
        "depends_on" | "links" | "environment" | "command" => {
            let words = said.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_' | '.'));
            for word in words.filter(|word| *word != service) {
                if names.iter().any(|name| name == word) {
                    plan.join(service, word);
                }
            }
        }
        _ => {}
    }
}

fn line(line: &str) -> Option<Line<'_>> {
    let text = line.trim_start();
    let depth = line.len() - text.len();
    let text = text.split(" #").next().unwrap_or_default().trim_end();
    (!text.is_empty() && !text.starts_with('#')).then_some(Line { depth, text })
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}
