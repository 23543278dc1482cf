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
    /// A client certificate is given (`--cert`).
    pub shows_certificate: bool,
    /// What the connection is made to in place of the host (`-x`).
    pub proxy: Option<Endpoint>,
    /// Number of URLs on the command line.
    pub urls: usize,
    /// A URL whose host a shell variable makes up, as in `http://$h.example.com/`.
    template: Option<String>,
}

impl Request {
    /// What is true of every request of the command line: where several go to different hosts, nothing of the target.
    pub(super) fn of(command: Option<&CommandLine>) -> Request {
        let mut each = Request::each(command).into_iter();
        let urls = each.len();
        let urls = if each.as_slice().first().is_some_and(|one| one.protocol.is_none()) { 0 } else { urls };
        let Some(first) = each.next() else { return Request::default() };
        let alike = each.all(|other| other.to.host == first.to.host && other.to.port == first.to.port);
        let unknown = Request { to: Endpoint::default(), protocol: None, path: None, ..first.clone() };
        let path = first.path.clone().filter(|_| urls == 1);
        Request { urls, path, ..if alike { first } else { unknown } }
    }

    /// One request for every URL of the command line, in order; one without target if it shows none.
    pub(super) fn each(command: Option<&CommandLine>) -> Vec<Request> {
        let Some(command) = command else { return Vec::new() };
        // "https_proxy=http://egress:3128 curl …"
        let set = |word: &&str| {
            word.split_once("_proxy=")
                .or(word.split_once("_PROXY="))
                .is_some_and(|(name, _)| !name.eq_ignore_ascii_case("no"))
        };
        let set =
            command.words().find(set).and_then(|word| Some(word.split_once('=')?.1)).filter(|proxy| !proxy.is_empty());
        let proxy = command.option("-x", "--proxy").or_else(|| command.option("\0", "--socks5")).or(set);
        let plain = Request {
            proxy: proxy.map(proxy_at),
            unchecked_certificate: command.flag('k', "--insecure"),
            shows_certificate: command.option("-E", "--cert").is_some(),
            pinned: command.option("\0", "--resolve").is_some() || command.option("\0", "--connect-to").is_some(),
            template: command.words().find(|word| word.contains("://") && word.contains('$')).map(str::to_owned),
            ..Request::default()
        };
        // "--connect-to ::203.0.113.74:" and "--resolve host:80:203.0.113.74" name the one address that is tried.
        let pins: Vec<&str> = command.options("\0", "--connect-to").chain(command.options("\0", "--resolve")).collect();
        let pin = if let [pin] = pins.as_slice() { pinned_address(pin) } else { None };
        let of_url = |url: Url| {
            let to = url.endpoint();
            Request {
                pinned: plain.pinned || to.host.is_none(),
                to: Endpoint { address: to.address.or(pin), ..to },
                protocol: Some(url.scheme),
                path: Some(url.path),
                ..plain.clone()
            }
        };
        // A proxy and a referer are URLs too, but nothing is asked of them.
        let other: Vec<&str> = ["--proxy", "--preproxy", "--referer"]
            .into_iter()
            .zip(["-x", "\0", "-e"])
            .flat_map(|(long, short)| command.options(short, long))
            .collect();
        let found: Vec<Request> =
            command.words().filter(|word| !other.contains(word)).filter_map(Url::parse).map(of_url).collect();
        if found.is_empty() { vec![plain] } else { found }
    }

    /// The same request with the value that a loop gave to its variable in one round.
    pub(super) fn in_round(&self, value: &str) -> Request {
        let url = self.template.as_deref().filter(|_| self.to.is_empty()).and_then(|template| {
            let (before, after) = template.split_once('$')?;
            let name =
                after.trim_start_matches('{').trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            Url::parse(&format!("{before}{value}{}", name.trim_start_matches('}')))
        });
        match url {
            Some(url) => {
                Request { to: url.endpoint(), protocol: Some(url.scheme), path: Some(url.path), ..self.clone() }
            }
            None => self.clone(),
        }
    }

    /// How far a request over this protocol goes.
    pub(super) fn tests(&self) -> Stage {
        Stage::Exchange
    }
}

/// A proxy as an option or a variable names it, with a scheme and credentials or without; curl's port for those that name none is 1080.
pub(super) fn proxy_at(text: &str) -> Endpoint {
    let bare = text.rsplit("://").next().unwrap_or(text).trim_end_matches('/');
    let (host, port) = split_port(bare.rsplit('@').next().unwrap_or(bare));
    endpoint(host, port.or(Some(1080)))
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
    // What a shell would have put in the place of a variable is not known.
    if host.contains('$') {
        return Endpoint { port, ..Endpoint::default() };
    }
    match host.parse() {
        Ok(address) => Endpoint::at(address, port),
        Err(_) => Endpoint { host: Some(host.trim_end_matches('.').to_ascii_lowercase()), port, ..Endpoint::default() },
    }
}
