//! Reads excerpts of settings: whom a program is told to send its requests to, and where it is told to listen.
//!
//! ```text
//! /etc/nginx/conf.d/shop.conf:12:    proxy_pass http://10.20.3.7:8080;
//! 31:    server web1 10.20.3.7:8080 check inter 2s
//! ProxyPass "/" "http://10.20.3.7:8080/"
//! DATABASE_URL=postgres://app@db.internal:5432/shop
//! REDIS_HOST: 10.20.3.9
//!     listen 127.0.0.1:8080;
//! ```
//!
//! What is set is a fact; whether that is right is seen where the drawing is known.

use std::net::IpAddr;

use super::host_tables::by_most;
use super::observable::{LISTENING, TARGET};
use super::request::{endpoint, split_port};
use super::{CommandLine, Findings, Part, Reader};
use crate::evidence::Lines;
use crate::fact::Endpoint;

pub(super) const READER: Reader = Reader { kind: "cat", most: 0.8, recognize, read };

/// Programs that show a file.
const SHOWS: [&str; 9] = ["cat", "grep", "egrep", "sed", "awk", "head", "tail", "nginx", "docker-compose"];

/// Directives that are followed by whom to send requests to.
const SENDS: [&str; 13] = [
    "proxy_pass",
    "fastcgi_pass",
    "uwsgi_pass",
    "scgi_pass",
    "grpc_pass",
    "memcached_pass",
    "proxypass",
    "balancermember",
    "reverse_proxy",
    "server",
    "replicaof",
    "slaveof",
    "connect",
];

/// The last words of names whose value is a host or an address.
const HOSTS: [&str; 16] = [
    "host",
    "hostname",
    "addr",
    "address",
    "server",
    "servers",
    "endpoint",
    "upstream",
    "backend",
    "target",
    "broker",
    "brokers",
    "primary",
    "master",
    "connect",
    "relayhost",
];

/// Words of names whose value is an address of one's own.
const LISTENS: [&str; 5] = ["listen", "bind", "accept", "listenaddress", "listener"];

/// Words of names whose value nothing is sent to: whom one trusts, or how one is called from outside.
const OTHERS: [&str; 17] = [
    "proxy",
    "trusted",
    "allowed",
    "allow",
    "deny",
    "origin",
    "origins",
    "public",
    "external",
    "advertised",
    "base",
    "home",
    "homepage",
    "support",
    "report",
    "documentation",
    "callback",
];

/// The port where a URL names none.
const PORTS: [(&str, u16); 12] = [
    ("http", 80),
    ("https", 443),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("mysql", 3306),
    ("redis", 6379),
    ("rediss", 6379),
    ("amqp", 5672),
    ("mongodb", 27017),
    ("ldap", 389),
    ("ldaps", 636),
    ("nats", 4222),
];

fn recognize(part: &Part) -> f64 {
    let shows = |command: &CommandLine| {
        let file = |word: &str| word.contains('/') || word.contains('.');
        !command.words().any(|word| word.contains("log") || word == "|" && !file(word))
            && SHOWS.iter().any(|program| command.runs(program))
            && command.words().any(file)
    };
    let is_shown = match &part.command {
        Some(command) if shows(command) => true,
        // Also of what is left of another command's output: `tail haproxy.log; grep -A4 backend haproxy.cfg`.
        _ => part.lines.len() > 1 && by_most(part, is_syntax) > 0.0,
    };
    if is_shown && part.any(|text| setting(text).is_some()) { 0.8 } else { 0.0 }
}

/// Whether a line that nothing introduces is one of nginx's or haproxy's settings: by how it ends, or by how it begins.
fn is_syntax(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "global",
        "defaults",
        "frontend",
        "backend",
        "listen",
        "bind",
        "server",
        "balance",
        "mode",
        "option",
        "default_backend",
        "use_backend",
        "timeout",
        "acl",
        "http-request",
    ];
    let text = bare(text);
    text.ends_with([';', '{', '}']) && !text.contains(['(', '=', '"'])
        || WORDS.contains(&text.split(' ').next().unwrap_or_default())
}

pub(super) fn read(part: &Part, findings: &mut Findings) {
    // A host and its port may stand on two lines: `DB_HOST=…`, `DB_PORT=…`.
    let mut told: Vec<(u32, String, bool, Endpoint)> = Vec::new();
    for line in &part.lines {
        let Some(Setting { name, value }) = setting(&line.text) else { continue };
        match value {
            Value::Target(to) => told.push((line.number, name, true, to)),
            Value::Listening(on) => told.push((line.number, name, false, on)),
            Value::Port(port) => {
                findings.noise(line.number);
                let of = told.iter_mut().rfind(|(_, other, ..)| stem(other) == stem(&name));
                if let Some((_, _, _, end)) = of.filter(|(_, _, _, end)| end.port.is_none()) {
                    end.port = Some(port);
                }
            }
        }
    }
    for (number, name, sends, end) in told {
        let at = Lines::one(number);
        match (sends, end.address) {
            (true, _) => findings.state(at, TARGET, "set", end, name),
            (false, Some(ip)) if ip.is_loopback() => findings.state(at, LISTENING, "loopback", end, name),
            (false, Some(ip)) if !ip.is_unspecified() => findings.state(at, LISTENING, "one_address", end, name),
            (false, _) => findings.state(at, LISTENING, "all", end, name),
        }
    }
}

struct Setting {
    name: String,
    value: Value,
}

enum Value {
    Target(Endpoint),
    Listening(Endpoint),
    /// The port of what has the same name.
    Port(u16),
}

fn setting(text: &str) -> Option<Setting> {
    let text = bare(text);
    if text.starts_with(['#', ';', '!']) || text.starts_with("//") || text.contains('$') {
        return None;
    }
    let text = text.split(" #").next()?.split("\t#").next()?.trim_end_matches([';', '{', ' ', ',']);
    let (name, value) = match text.split_once(['=', ':']) {
        Some((name, value)) if is_name(unquoted(name)) => (unquoted(name), value),
        _ => return directive(text),
    };
    let name = name.trim_start_matches('.').to_ascii_lowercase();
    let words: Vec<&str> = name.split(['_', '-', '.']).collect();
    let last = *words.last()?;
    let value = unquoted(value);
    if last == "port" {
        return Some(Setting { value: Value::Port(value.parse().ok()?), name });
    }
    if words.iter().any(|word| OTHERS.contains(word)) {
        return None;
    }
    if words.iter().any(|word| LISTENS.contains(word)) {
        return Some(Setting { value: Value::Listening(listening(value)?), name });
    }
    // `host=10.20.3.9 port=5432 dbname=shop`
    if let Some((_, rest)) = value.split_once("host=").filter(|(before, _)| before.is_empty() || before.ends_with(' '))
    {
        let port = rest.split_once("port=").and_then(|(_, port)| port.split([' ', '\'', '"']).next()?.parse().ok());
        let host = rest.split([' ', '\'', '"', ',']).next().filter(|host| is_host(host))?;
        return Some(Setting { value: Value::Target(endpoint(host, port)), name });
    }
    let of_a_host = || HOSTS.contains(&last).then(|| place(value)).flatten();
    let to = url(value).or_else(of_a_host)?;
    let value = if to.address.is_some_and(|ip| ip.is_unspecified()) { Value::Listening(to) } else { Value::Target(to) };
    Some(Setting { name, value })
}

/// A directive and its arguments: `proxy_pass http://10.20.3.7:8080`, `server web1 10.20.3.7:8080 check`, `listen 80`.
fn directive(text: &str) -> Option<Setting> {
    let mut words = text.split_whitespace().map(unquoted);
    let name = words.next()?.to_ascii_lowercase();
    if name == "port" {
        return Some(Setting { value: Value::Port(words.next()?.parse().ok()?), name });
    }
    if LISTENS.contains(&name.as_str()) {
        return Some(Setting { value: Value::Listening(words.find_map(listening)?), name });
    }
    if !SENDS.contains(&name.as_str()) {
        return None;
    }
    let mut arguments = words.take(3).peekable();
    while let Some(word) = arguments.next() {
        // A name alone is what the settings call a server, or a group of them.
        let named = |to: &Endpoint| to.address.is_some() || to.host.as_deref().is_some_and(|host| host.contains('.'));
        let Some(to) = url(word)
            .or_else(|| place(word))
            .filter(|to| named(to) || word.matches(':').count() == 2 || !word.contains("//") && to.port.is_some())
        else {
            continue;
        };
        let port = to.port.or_else(|| arguments.peek()?.parse().ok());
        return Some(Setting { name, value: Value::Target(Endpoint { port, ..to }) });
    }
    None
}

/// A line without what `grep` puts before it, a file and a number, and without what only says that a setting follows.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = match text.split_once(':') {
        Some((file, rest)) if file.contains('/') && !file.contains([' ', '=']) && !rest.starts_with("//") => rest,
        _ => text,
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let text = match text.split_at_checked(digits) {
        Some((number, rest)) if !number.is_empty() && rest.starts_with([':', '-']) => rest.get(1..).unwrap_or_default(),
        _ => text,
    };
    let text = text.trim_start();
    ["export ", "Environment=", "- "].iter().find_map(|before| text.strip_prefix(before)).unwrap_or(text)
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() < 60 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// The name of a setting without its last word: what `DB_HOST` and `DB_PORT` have in common.
fn stem(name: &str) -> &str {
    name.rsplit_once(['_', '-', '.']).map_or("", |(stem, _)| stem)
}

/// `postgres://app@db.internal:5432/shop`, `jdbc:postgresql://10.20.3.9/shop`.
fn url(text: &str) -> Option<Endpoint> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.rsplit([':', '+', ' ']).next()?;
    let authority = rest.split(['/', '?', ',', ';', '"', '\'', ' ']).next()?;
    let (host, port) = split_port(authority.rsplit('@').next()?);
    let known = PORTS.iter().find(|(known, _)| scheme.eq_ignore_ascii_case(known)).map(|(_, port)| *port);
    is_host(host).then(|| endpoint(host, port.or(known)))
}

/// `10.20.3.9`, `10.20.3.9:8080`, `db.internal`.
fn place(text: &str) -> Option<Endpoint> {
    let (host, port) = split_port(text.split(',').next()?.trim_matches(['[', ']']));
    is_host(host).then(|| endpoint(host, port))
}

fn is_host(text: &str) -> bool {
    let is_address = text.parse::<IpAddr>().is_ok();
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
    is_address || is_name
}

/// `80`, `*:80`, `:80`, `127.0.0.1:8080`, `127.0.0.1`, `localhost`, `[::]:80`.
fn listening(text: &str) -> Option<Endpoint> {
    let text = text.split(',').next()?;
    if let Ok(port) = text.parse() {
        return Some(Endpoint { port: Some(port), ..Endpoint::default() });
    }
    let (host, port) = split_port(text.rsplit("://").next()?);
    let address = match host {
        "" | "*" => None,
        "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
        host => Some(host.parse().ok()?),
    };
    (address.is_some() || port.is_some() || host == "*").then(|| Endpoint { address, port, ..Endpoint::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::told_below;

    fn told(text: &str) -> Vec<String> {
        told_below("cat /etc/app.conf", text, read)
    }

    #[test]
    fn whom_a_program_is_told_to_call_is_read_in_every_dialect() {
        let cases = [
            ("/etc/nginx/conf.d/shop.conf:12:    proxy_pass http://10.20.3.7:8080;", "10.20.3.7:8080 (proxy_pass)"),
            ("7:        server 10.20.3.7:8080 max_fails=3;", "10.20.3.7:8080 (server)"),
            ("    server web1 10.20.3.7:8080 check inter 2s", "10.20.3.7:8080 (server)"),
            ("    server web1 app-1:8080 check", "app-1:8080 (server)"),
            ("ProxyPass \"/\" \"http://10.20.3.7:8080/\"", "10.20.3.7:8080 (proxypass)"),
            ("reverse_proxy app:8080", "app:8080 (reverse_proxy)"),
            ("DB_HOST=10.20.3.9\nDB_PORT=5433", "10.20.3.9:5433 (db_host)"),
            ("DATABASE_URL=postgres://app:x@db.internal/shop", "db.internal:5432 (database_url)"),
            ("spring.datasource.url=jdbc:postgresql://10.20.3.9:5432/a", "10.20.3.9:5432 (spring.datasource.url)"),
            ("  host: \"10.20.3.9\"\n  port: 6379", "10.20.3.9:6379 (host)"),
            ("connect = 10.20.3.9:6380", "10.20.3.9:6380 (connect)"),
            ("shop = host=10.20.3.9 port=5432 dbname=shop", "10.20.3.9:5432 (shop)"),
            ("replicaof 10.20.3.9 6379", "10.20.3.9:6379 (replicaof)"),
        ];
        for (text, sentence) in cases {
            assert_eq!(told(text), [format!("target is set at {sentence}")], "{text}");
        }
    }

    #[test]
    fn where_a_program_is_told_to_listen_is_read() {
        let cases = [
            ("    listen 80 default_server;", "told to listen: all at port 80 (listen)"),
            ("    bind *:443 ssl crt /etc/ssl/site.pem", "told to listen: all at port 443 (bind)"),
            ("listen 127.0.0.1:8080;", "told to listen: loopback at 127.0.0.1:8080 (listen)"),
            ("bind = \"127.0.0.1:8000\"", "told to listen: loopback at 127.0.0.1:8000 (bind)"),
            ("bind 127.0.0.1 -::1", "told to listen: loopback at 127.0.0.1 (bind)"),
            (
                "listen_addresses = 'localhost'\t# what IP address(es)",
                "told to listen: loopback at 127.0.0.1 (listen_addresses)",
            ),
        ];
        for (text, sentence) in cases {
            assert_eq!(told(text), [sentence], "{text}");
        }
    }

    #[test]
    fn what_is_commented_out_a_variable_or_a_name_of_a_group_sets_nothing() {
        for text in [
            "#    proxy_pass http://10.20.3.7:8080;",
            "proxy_pass http://backend;",
            "proxy_pass http://$upstream;",
            "server {",
            "listen stats",
            "HTTP_PROXY=http://10.62.0.8:3128",
            "ALLOWED_HOSTS=shop.example",
            "server_name shop.example;",
            "timeout connect 5s",
            "server unix:/run/app.sock;",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }
}
