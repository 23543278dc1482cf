//! The types of slots, and what each accepts.

use std::net::{IpAddr, Ipv4Addr};

/// A slot of a command template. Its word stands in braces: `{host}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A host name (RFC 1123) or an IPv4 address, at most 253 characters; international names in their `xn--` form.
    Host,
    /// An IPv4 or IPv6 address.
    Address,
    /// A host by its address, or by its name where no address is known.
    Peer,
    /// 1 to 65535.
    Port,
    /// A name to ask a name server for; unlike a host's, its labels may begin with `_` and it may end in a dot.
    Name,
    /// The path and query of a URL (RFC 3986), beginning with `/`.
    Path,
    /// An `http` or `https` URL without user name, password or fragment.
    Url,
    /// A name server, by address or name.
    Resolver,
    /// A DNS record type.
    Record,
    /// A Kubernetes namespace (an RFC 1123 label).
    Namespace,
    /// The name of a Kubernetes object (an RFC 1123 subdomain).
    Object,
    /// The id of a cloud resource: `vpc-0a1b2c`, an ARN.
    Id,
    /// A whole number of seconds, 1 to 3600.
    Seconds,
}

impl Slot {
    pub const ALL: [Slot; 13] = [
        Slot::Host,
        Slot::Address,
        Slot::Peer,
        Slot::Port,
        Slot::Name,
        Slot::Path,
        Slot::Url,
        Slot::Resolver,
        Slot::Record,
        Slot::Namespace,
        Slot::Object,
        Slot::Id,
        Slot::Seconds,
    ];

    /// The word in braces.
    pub fn word(self) -> &'static str {
        match self {
            Slot::Host => "host",
            Slot::Address => "address",
            Slot::Peer => "peer",
            Slot::Port => "port",
            Slot::Name => "name",
            Slot::Path => "path",
            Slot::Url => "url",
            Slot::Resolver => "resolver",
            Slot::Record => "record",
            Slot::Namespace => "namespace",
            Slot::Object => "object",
            Slot::Id => "id",
            Slot::Seconds => "seconds",
        }
    }

    pub fn from_word(word: &str) -> Option<Slot> {
        Slot::ALL.into_iter().find(|slot| slot.word() == word)
    }

    /// What stands in the command while the slot is open.
    pub fn hole(self) -> &'static str {
        match self {
            Slot::Host => "<HOST>",
            Slot::Address => "<ADDRESS>",
            Slot::Peer => "<HOST>",
            Slot::Port => "<PORT>",
            Slot::Name => "<NAME>",
            Slot::Path => "<PATH>",
            Slot::Url => "<URL>",
            Slot::Resolver => "<RESOLVER>",
            Slot::Record => "<RECORD>",
            Slot::Namespace => "<NAMESPACE>",
            Slot::Object => "<OBJECT>",
            Slot::Id => "<ID>",
            Slot::Seconds => "<SECONDS>",
        }
    }

    /// What it is called in a sentence.
    pub fn spoken(self) -> &'static str {
        match self {
            Slot::Name => "DNS name",
            Slot::Peer => "address or host",
            Slot::Url => "URL",
            Slot::Record => "record type",
            Slot::Object => "Kubernetes object",
            Slot::Id => "resource id",
            Slot::Seconds => "number of seconds",
            other => other.word(),
        }
    }

    /// The value in the form in which it goes into a command.
    ///
    /// # Errors
    /// A sentence: the value, what is wrong with it, and what the slot takes.
    pub fn check(self, value: &str) -> Result<String, String> {
        let refuse = |wrong: &str| Err(format!("the {} \"{}\" {wrong}", self.spoken(), excerpt(value)));
        if value.starts_with('-') {
            return refuse("begins with \"-\", which a program would take for an option");
        }
        let accepted = match self {
            Slot::Host => is_host(value),
            Slot::Address => value.parse::<IpAddr>().is_ok(),
            Slot::Port => is_number(value, 65535),
            Slot::Name => is_dns_name(value),
            Slot::Path => is_path(value),
            Slot::Url => is_url(value),
            Slot::Peer | Slot::Resolver => value.parse::<IpAddr>().is_ok() || is_host(value),
            Slot::Record => RECORDS.contains(&value),
            Slot::Namespace => value.len() <= 63 && !value.contains('.') && is_k8s_name(value),
            Slot::Object => value.len() <= 253 && is_k8s_name(value),
            Slot::Id => is_resource_id(value),
            Slot::Seconds => is_number(value, 3600),
        };
        if accepted { Ok(value.to_owned()) } else { refuse(self.takes()) }
    }

    /// The end of the sentence that refuses a value.
    fn takes(self) -> &'static str {
        match self {
            Slot::Host => {
                "is no host name: letters, digits, \"-\" and dots, at most 253 characters, xn-- for other scripts"
            }
            Slot::Address => "is no IPv4 or IPv6 address",
            Slot::Peer => "is no address and no host name",
            Slot::Port => "is no port from 1 to 65535",
            Slot::Name => "is no DNS name: letters, digits, \"-\", \"_\" and dots, at most 253 characters",
            Slot::Path => "is no path of a URL: it begins with \"/\" and has no spaces, quotes or braces",
            Slot::Url => "is no http or https URL without user name and fragment",
            Slot::Resolver => "is no address or host name of a name server",
            Slot::Record => "is no record type that Hopwise asks for, such as A, AAAA, CNAME, MX, NS, SRV or TXT",
            Slot::Namespace => {
                "is no Kubernetes namespace: lower-case letters, digits and \"-\", at most 63 characters"
            }
            Slot::Object => "is no name of a Kubernetes object: lower-case letters, digits, \"-\" and dots",
            Slot::Id => "is no resource id: letters, digits and \"-_.:/\", at most 256 characters",
            Slot::Seconds => "is no whole number of seconds from 1 to 3600",
        }
    }
}

/// Types whose lookup is an ordinary question; a zone transfer (AXFR) is not.
const RECORDS: &[&str] =
    &["A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "MX", "NS", "PTR", "SOA", "SRV", "SVCB", "TXT"];

/// The beginning of a value for a sentence, with nothing in it that a terminal or a page would act on.
fn excerpt(value: &str) -> String {
    let mut shown: String = crate::clean::plain(&value.replace(['\n', '\t'], " ")).chars().take(40).collect();
    if value.chars().count() > 40 {
        shown.push('…');
    }
    shown
}

fn is_number(value: &str, most: u32) -> bool {
    value.len() <= 5
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && value.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
}

/// RFC 1123 §2.1, and `_`, which container names bring into host names. A last label that is a number makes resolvers read
/// the whole as an IPv4 address in some older notation, so it has to be one in the usual notation.
fn is_host(value: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = value.rsplit('.').next().unwrap_or_default();
    let is_numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    value.len() <= 253 && value.split('.').all(label) && (!is_numeric || value.parse::<Ipv4Addr>().is_ok())
}

/// RFC 1035 §2.3.4 on lengths, RFC 8552 on labels that begin with `_`.
fn is_dns_name(value: &str) -> bool {
    let name = value.strip_suffix('.').unwrap_or(value);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !label.starts_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// RFC 3986 §3.3 and §3.4: characters that stand for themselves, and `%` with two hexadecimal digits.
fn is_path(value: &str) -> bool {
    let rest_is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(c);
    value.starts_with('/')
        && value.len() <= 2048
        && value.char_indices().all(|(at, c)| match c {
            '%' => value.get(at + 1..).is_some_and(rest_is_escape),
            c => plain(c),
        })
}

fn is_url(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")) else { return false };
    let (authority, path) = rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len())).unwrap_or((rest, ""));
    let (host, port) = match authority.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((address, "")) => (address, None),
        Some((address, port)) => (address, Some(port.strip_prefix(':').unwrap_or("none"))),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let good_host = if authority.starts_with('[') { host.parse::<std::net::Ipv6Addr>().is_ok() } else { is_host(host) };
    let path = path.strip_prefix('?').map_or_else(|| path.to_owned(), |query| format!("/?{query}"));
    value.len() <= 2048
        && good_host
        && port.is_none_or(|port| is_number(port, 65535))
        && (path.is_empty() || is_path(&path))
}

/// An RFC 1123 subdomain in lower case, as Kubernetes asks of its names.
fn is_k8s_name(value: &str) -> bool {
    value.split('.').all(|label| {
        let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && ends(label.bytes().next())
            && ends(label.bytes().last())
    })
}

fn is_resource_id(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_accepts_its_kind_and_refuses_the_rest() {
        for (slot, good, bad) in [
            (
                Slot::Host,
                vec!["a", "api.example.com", "203.0.113.7", "xn--bcher-kva.example", "orders_db"],
                vec![
                    "",
                    ".",
                    "a..b",
                    "a.",
                    "b\u{fc}cher.example",
                    "1.2.3",
                    "0x7f000001",
                    "127.1",
                    "999.1.1.1",
                    "a b",
                    "a;b",
                    "a-",
                    "::1",
                ],
            ),
            (Slot::Address, vec!["203.0.113.7", "2001:db8::1"], vec!["", "1.2.3", "fe80::1%eth0", "[::1]", "::1/64"]),
            (Slot::Port, vec!["1", "65535"], vec!["", "0", "65536", "+80", " 80", "80;", "000080"]),
            (Slot::Name, vec!["_http._tcp.example.com", "example.com."], vec!["", ".", "a b", "*.example.com", "a/b"]),
            (
                Slot::Path,
                vec!["/", "/v1/orders?id=4&x='(1)", "/%7Eana"],
                vec!["", "v1", "/a b", "/{x}", "/a\"b", "/%7", "/a#b", "/\u{e9}"],
            ),
            (
                Slot::Url,
                vec!["https://a.example/", "http://[2001:db8::1]:80/x?y=1", "https://a.example?q=1"],
                vec![
                    "",
                    "ftp://a/",
                    "https://u:p@a.example/",
                    "https://a.example/#x",
                    "javascript:alert(1)",
                    "https://",
                    "https://[::1]x/",
                    "http://a:0/",
                ],
            ),
            (Slot::Resolver, vec!["8.8.8.8", "ns1.example.com"], vec!["", "8.8.8.8#53", "@8.8.8.8"]),
            (Slot::Record, vec!["A", "AAAA"], vec!["", "a", "AXFR", "ANY", "A "]),
            (Slot::Namespace, vec!["kube-system"], vec!["", "a.b", "Kube", "a-", "a_b"]),
            (Slot::Object, vec!["orders-7d9c", "a.b"], vec!["", "A", "a/b", ".a"]),
            (
                Slot::Id,
                vec!["vpc-0a1b", "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b"],
                vec!["", "a b", "$x", "/etc"],
            ),
            (Slot::Seconds, vec!["1", "3600"], vec!["0", "1.5", "3601", "5s"]),
        ] {
            for value in good {
                assert_eq!(slot.check(value).as_deref(), Ok(value), "{slot:?}");
            }
            for value in bad {
                assert!(slot.check(value).is_err(), "{slot:?} took {value:?}");
            }
            assert!(slot.check("-x").is_err_and(|reason| reason.contains("option")), "{slot:?}");
        }
    }

    #[test]
    fn reasons_show_the_value_without_what_a_terminal_would_act_on() {
        let reason = Slot::Host.check("\u{1b}[31mevil\u{202e}\u{7}\nx").unwrap_err();
        assert!(reason.starts_with("the host \"evil x\" is no host name"), "{reason}");
    }
}
