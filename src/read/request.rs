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
    /// The connection goes to another host than the URL names (`--connect-to`); `to` is that one.
    pub elsewhere: bool,
    /// Redirects are followed (`-L`).
    pub follows: bool,
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
        let leads = |option| command.option("\0", option).is_some();
        // Where one command of a chain leads its connections is nothing to the others.
        if leads("--connect-to") || leads("--resolve") {
            let runs = command.each("curl");
            if runs.len() > 1 {
                return runs.iter().flat_map(|run| Request::each(Some(run))).collect();
            }
        }
        // "https_proxy=http://egress:3128 curl …"
        let set = |word: &&str| {
            word.split_once("_proxy=")
                .or(word.split_once("_PROXY="))
                .is_some_and(|(name, _)| !name.eq_ignore_ascii_case("no"))
        };
        let set =
            command.words().find(set).and_then(|word| Some(word.split_once('=')?.1)).filter(|proxy| !proxy.is_empty());
        let socks = ["--socks5", "--socks5-hostname", "--socks4", "--socks4a"];
        let socks = || socks.iter().find_map(|option| command.option("\0", option));
        let proxy = command.option("-x", "--proxy").or_else(socks).or(set);
        let plain = Request {
            proxy: proxy.map(proxy_at),
            unchecked_certificate: command.flag('k', "--insecure"),
            shows_certificate: command.option("-E", "--cert").is_some(),
            follows: command.flag('L', "--location"),
            pinned: leads("--connect-to") || leads("--resolve"),
            template: command.words().find(|word| word.contains("://") && word.contains('$')).map(str::to_owned),
            ..Request::default()
        };
        let of_url = |url: Url| {
            let mut to = url.endpoint();
            let led = led_to(command, &url);
            let pin = resolved_to(command, &url);
            let elsewhere = led.as_ref().is_some_and(|(led, _)| led.as_ref().is_some_and(|led| led.host.is_some()));
            let mut pinned = pin.is_some() || to.host.is_none();
            if let Some((led, port)) = led {
                to.port = port;
                if let Some(led) = led {
                    // An address, or a variable in its place: nothing is resolved that is known.
                    pinned = !elsewhere;
                    to = if elsewhere { Endpoint { port, ..led } } else { Endpoint { address: led.address, ..to } };
                }
            } else if let Some(address) = pin {
                to.address = to.address.or(address);
            }
            Request { pinned, to, elsewhere, protocol: Some(url.scheme), path: Some(url.path), ..plain.clone() }
        };
        // A proxy and a referer are URLs too, but nothing is asked of them.
        let other: Vec<&str> = ["--proxy", "--preproxy", "--referer"]
            .into_iter()
            .zip(["-x", "\0", "-e"])
            .flat_map(|(long, short)| command.options(short, long))
            .collect();
        let mut found: Vec<Request> =
            command.words().filter(|word| !other.contains(word)).filter_map(Url::parse).map(of_url).collect();
        if found.is_empty() && command.runs("curl") {
            found = without_scheme(command).into_iter().map(of_url).collect();
        }
        if found.is_empty() { vec![plain] } else { found }
    }

    /// The same request with the value that a loop gave to a variable in one round; without a name, to the first.
    pub(super) fn in_round(&self, variable: Option<&str>, value: &str) -> Request {
        let put = |template: &str| {
            template.match_indices('$').find_map(|(at, _)| {
                let (before, after) = (template.get(..at)?, template.get(at + 1..)?.trim_start_matches('{'));
                let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                let name = after.strip_suffix(rest)?;
                let is_it = variable.is_none_or(|variable| variable == name);
                is_it.then(|| format!("{before}{value}{}", rest.trim_start_matches('}')))
            })
        };
        let url = self.template.as_deref().filter(|_| self.to.is_empty()).and_then(|one| Url::parse(&put(one)?));
        match url {
            Some(url) => {
                Request { to: url.endpoint(), protocol: Some(url.scheme), path: Some(url.path), ..self.clone() }
            }
            None => {
                // Numbers count things of one kind; words name different ones.
                let path = self.path.as_deref().filter(|_| !value.bytes().all(|b| b.is_ascii_digit())).and_then(put);
                Request { path: path.or_else(|| self.path.clone()), ..self.clone() }
            }
        }
    }

    /// How far a request over this protocol goes.
    pub(super) fn tests(&self) -> Stage {
        Stage::Exchange
    }
}

/// curl's options of one letter that take a value (curl 8.14, `tool_getparam.c`).
const WITH_VALUE: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";

/// Its frequent long ones that take none.
const WITHOUT: &str = "silent show-error insecure verbose head location include fail fail-with-body compressed get ipv4 ipv6 http1.0 \
                       http1.1 http2 http2-prior-knowledge http3 no-progress-meter no-buffer globoff no-keepalive tlsv1.2 tlsv1.3 \
                       raw junk-session-cookies path-as-is parallel trace-time styled-output no-alpn progress-bar";

/// The URLs of curl command lines that name no scheme: `curl -s localhost:8080/health`. curl takes http for them.
fn without_scheme(command: &CommandLine) -> Vec<Url> {
    let only = command.only("curl", |_| true);
    let mut words = only.words().skip_while(|word| word.rsplit('/').next() != Some("curl"));
    let mut urls = Vec::new();
    while let Some(word) = words.next() {
        let takes_value = match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (Some(long), _) => !long.contains('=') && !WITHOUT.split_whitespace().any(|known| known == long),
            // A letter that takes a value takes what is left of the cluster.
            (None, Some(letters)) => letters.find(|c| WITH_VALUE.contains(c)).is_some_and(|at| at + 1 == letters.len()),
            (None, None) => matches!(word, ">" | "2>" | ">>" | "&>"),
        };
        if takes_value {
            words.next();
            continue;
        }
        let host = word.split(['/', '?']).next().unwrap_or(word);
        let named = !word.contains("://") && (host == "localhost" || host.contains(['.', ':']));
        if named && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c)) {
            urls.extend(Url::parse(&format!("http://{word}")));
        }
    }
    urls
}

/// A proxy as an option or a variable names it, with a scheme and credentials or without; curl's port for those that name none is 1080.
pub(super) fn proxy_at(text: &str) -> Endpoint {
    let bare = text.rsplit("://").next().unwrap_or(text).trim_end_matches('/');
    let (host, port) = split_port(bare.rsplit('@').next().unwrap_or(bare));
    endpoint(host, port.or(Some(1080)))
}

/// Where `--connect-to HOST1:PORT1:HOST2:PORT2` leads the connection for this URL, and to which port; what is left empty fits or stays.
fn led_to(command: &CommandLine, url: &Url) -> Option<(Option<Endpoint>, Option<u16>)> {
    command.options("\0", "--connect-to").find_map(|entry| {
        let mut in_brackets = false;
        let mut parts = entry.split(|c: char| {
            in_brackets = c == '[' || in_brackets && c != ']';
            c == ':' && !in_brackets
        });
        let (host, port) = (parts.next()?, parts.next()?);
        let fits = (host.is_empty() || host.eq_ignore_ascii_case(&url.host))
            && (port.is_empty() || port.parse() == Ok(url.port));
        let (host, port) = (parts.next()?.trim_matches(['[', ']']), parts.next().unwrap_or_default());
        let to = (!host.is_empty()).then(|| endpoint(host, None));
        fits.then(|| (to, port.parse().ok().or(Some(url.port))))
    })
}

/// The address that `--resolve HOST:PORT:ADDRESS` gives to the host of this URL; no address where there are several.
fn resolved_to(command: &CommandLine, url: &Url) -> Option<Option<IpAddr>> {
    command.options("\0", "--resolve").find_map(|entry| {
        let (host, rest) = entry.trim_start_matches('+').split_once(':')?;
        let (port, address) = rest.split_once(':')?;
        let fits = (host == "*" || host.eq_ignore_ascii_case(&url.host)) && port.parse() == Ok(url.port);
        fits.then(|| address.trim_matches(['[', ']']).parse().ok())
    })
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
        // A search for one character is cheaper than one for three, and most words have none: every word of a log comes by here.
        let (scheme, rest) = text.split_once(':')?;
        let rest = rest.strip_prefix("//")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_led_elsewhere_is_one_to_there_and_only_for_the_host_it_is_meant_for() {
        let told = |options: &str, url: &str| {
            let command = CommandLine::parse(&format!("curl {options} {url}"));
            let request = Request::of(Some(&command));
            (request.to.to_string(), request.pinned, request.elsewhere)
        };
        let to = |place: &str, pinned: bool, elsewhere: bool| (place.to_owned(), pinned, elsewhere);
        assert_eq!(told("--connect-to ::b.example:8443", "https://a.example/"), to("b.example:8443", false, true));
        assert_eq!(told("--connect-to ::10.0.0.7:", "https://a.example/"), to("10.0.0.7:443", true, false));
        assert_eq!(
            told("--connect-to a.example:80:[2001:db8::7]:81", "http://a.example/"),
            to("[2001:db8::7]:81", true, false)
        );
        assert_eq!(
            told("--connect-to 10.0.0.7:443:b.example:", "https://a.example/"),
            to("a.example:443", false, false)
        );
        assert_eq!(told("--connect-to ::10.0.0.$a:", "https://a.example/"), to("a.example:443", true, false));
        assert_eq!(told("--connect-to :::8443", "https://a.example/"), to("a.example:8443", false, false));
        assert_eq!(told("--resolve b.example:443:10.0.0.7", "https://a.example/"), to("a.example:443", false, false));
        assert_eq!(told("--resolve a.example:443:10.0.0.7", "https://a.example/"), to("10.0.0.7:443", true, false));
    }

    #[test]
    fn curl_takes_http_where_no_scheme_is_given() {
        let asked = |line: &str| -> Vec<(String, u16, String)> {
            let urls = without_scheme(&CommandLine::parse(line)).into_iter();
            urls.map(|url| (url.host, url.port, url.path)).collect()
        };
        let one = |host: &str, port: u16, path: &str| vec![(host.to_owned(), port, path.to_owned())];
        assert_eq!(
            asked("curl -s -o /tmp/x.y -w '%{http_code}' localhost:8080/h; ss -tn"),
            one("localhost", 8080, "/h")
        );
        assert_eq!(asked("ssh 10.1.1.1 curl -sSm5 -H 'X: a.b' 10.0.0.9/x 2> err.txt"), one("10.0.0.9", 80, "/x"));
        assert_eq!(asked("curl --silent --max-time 5 shop.example | grep a.b"), one("shop.example", 80, "/"));
        assert_eq!(asked("curl -s http://$h.example/"), []);
    }
}
