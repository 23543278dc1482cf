//! What a curl or wget command line says about the request it sends.

use std::net::IpAddr;

use super::command_line::CommandLine;
use crate::fact::{Endpoint, Stage};

/// The request of a command line, as far as it can be told without running it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Request {
    pub to: Endpoint,
    pub protocol: Option<String>,
    pub path: Option<String>,
    /// Whether the address comes from the command line, so that no name is resolved.
    pub pinned: bool,
    /// Certificates are not checked (`-k`).
    pub unchecked_certificate: bool,
    /// Number of URLs on the command line.
    pub urls: usize,
}

impl Request {
    pub(super) fn of(command: Option<&CommandLine>) -> Request {
        let Some(command) = command else { return Request::default() };
        let mut request = Request {
            unchecked_certificate: command.flag('k', "--insecure"),
            pinned: command.option("\0", "--resolve").is_some() || command.option("\0", "--connect-to").is_some(),
            ..Request::default()
        };
        for url in command.words().filter_map(Url::parse) {
            request.urls += 1;
            if request.urls > 1 {
                continue;
            }
            request.to = url.endpoint();
            request.pinned |= request.to.host.is_none();
            request.protocol = Some(url.scheme);
            request.path = Some(url.path);
        }
        // "--connect-to ::203.0.113.74:" and "--resolve host:80:203.0.113.74" name the one address that is tried.
        let pins: Vec<&str> = command.options("\0", "--connect-to").chain(command.options("\0", "--resolve")).collect();
        if let [pin] = pins.as_slice() {
            request.to.address = request.to.address.or_else(|| pinned_address(pin));
        }
        request
    }

    /// How far a request over this protocol goes.
    pub(super) fn tests(&self) -> Stage {
        Stage::Exchange
    }
}

fn pinned_address(pin: &str) -> Option<IpAddr> {
    let parts: Vec<&str> = pin.trim_end_matches(':').split(':').collect();
    parts.iter().rev().find_map(|part| part.parse().ok())
}

/// An http(s) URL, split.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Url {
    pub scheme: String,
    pub host: String,
    pub port: u16,
    pub path: String,
}

impl Url {
    /// Reads `https://host:port/path?query`; the query is dropped, for it may hold secrets.
    pub(super) fn parse(text: &str) -> Option<Url> {
        let text = text.trim_matches(['\'', '"', ',', ')', '(']);
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "http" | "ws" | "tcp" => 80,
            "https" | "wss" => 443,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let (host, port) = split_port(authority);
        if host.is_empty() || host.contains('$') {
            return None;
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Some(Url {
            scheme,
            host: host.to_owned(),
            port: port.unwrap_or(default_port),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        })
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        endpoint(&self.host, Some(self.port))
    }
}

/// Splits `host:port`, `[v6]:port`, or a bare host.
pub(super) fn split_port(text: &str) -> (&str, Option<u16>) {
    if let Some(rest) = text.strip_prefix('[')
        && let Some((address, after)) = rest.split_once(']')
    {
        return (address, after.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

/// An endpoint from a host name or an address.
pub(super) fn endpoint(host: &str, port: Option<u16>) -> Endpoint {
    match host.parse() {
        Ok(address) => Endpoint::at(address, port),
        Err(_) => Endpoint { host: Some(host.trim_end_matches('.').to_ascii_lowercase()), port, ..Endpoint::default() },
    }
}
