//! curl's own messages, across its versions and TLS libraries.
//!
//! The wordings come from curl 7.74, 7.88, 8.14 and 8.23 run here, and for 7.29, macOS and Windows from public logs.

use std::net::IpAddr;

use super::super::errno::of_reason;
use super::super::request::{endpoint, split_port};
use super::super::{observable, tls};
use crate::fact::{Endpoint, Outcome};

/// One message of `curl -v`, or of its last error line.
pub(super) enum Message<'a> {
    /// The next address, as `IP:port`, `[v6]:port` or a bare address.
    Trying(&'a str),
    Failed {
        address: Option<IpAddr>,
        /// Nothing where the reason is told in words that are not known, such as those of another language.
        outcome: Option<Outcome>,
        /// How long it took, where the sentence says so.
        seconds: Option<f64>,
    },
    /// A SOCKS proxy did not connect to whom it was asked for, and the number by which it says why.
    Socks {
        target: &'a str,
        code: &'a str,
    },
    /// The second connection of FTP, over which its data goes.
    Data {
        address: IpAddr,
        port: u16,
    },
    /// The time for one address is over.
    MoveOn {
        seconds: f64,
    },
    Connected {
        host: &'a str,
        address: Option<IpAddr>,
        port: Option<u16>,
    },
    /// A kept connection is used again.
    Reused {
        host: Option<&'a str>,
    },
    /// The kept connection is of no use.
    Retried,
    ClientHello,
    /// The server asks for a client certificate.
    CertificateWanted,
    Secured,
    /// curl itself breaks the handshake off, and tells the server why.
    Objected(Outcome),
    /// The connection is made to a proxy: its URL.
    Proxy(&'a str),
    /// The proxy has connected to the host that is asked for.
    Tunneled,
    /// `--connect-to` leads the connection to this host.
    LedTo(&'a str),
    /// The name comes from `--resolve`.
    Cached(&'a str),
    Resolved(&'a str),
    Unresolved {
        host: &'a str,
        seconds: Option<f64>,
    },
    /// The request ended badly after the connection was made.
    Broke(Outcome),
    /// Time is up; at which stage, only the lines before can tell.
    TimedOut {
        seconds: f64,
        /// Bytes of the answer by then, where the sentence counts them.
        received: Option<u64>,
    },
    /// With `-f` an error status ends the request.
    Status(u16),
    Redirect(&'a str),
    TooManyRedirects,
    Certificate {
        observable: &'static str,
        value: &'a str,
    },
    /// Known, and of no use here.
    Noise,
    Unknown,
}

pub(super) fn understand(said: &str) -> Message<'_> {
    let said = said.trim_end();
    resolving(said)
        .or_else(|| connecting(said))
        .or_else(|| securing(said))
        .or_else(|| exchanging(said))
        .unwrap_or_else(|| if is_noise(said) { Message::Noise } else { Message::Unknown })
}

fn resolving(said: &str) -> Option<Message<'_>> {
    if let Some(rest) = said.strip_prefix("Could not resolve ") {
        let (_, host) = rest.split_once(": ")?;
        let host = host.split([' ', ';']).next().unwrap_or(host);
        return Some(Message::Unresolved { host, seconds: None });
    }
    if let Some(rest) = said.strip_prefix("Resolving timed out after ") {
        return Some(Message::Unresolved { host: "", seconds: milliseconds(rest) });
    }
    if let Some(rest) = said.strip_prefix("Hostname ")
        && let Some((host, _)) = rest.split_once(" was found in DNS cache")
    {
        return Some(Message::Cached(host));
    }
    let added = said.strip_prefix("Added ").or_else(|| said.strip_prefix("[DNS] added "));
    if let Some(rest) = added
        && let Some((entry, _)) = rest.split_once(" to ")
        && rest.ends_with("cache")
    {
        return Some(Message::Cached(entry.split(':').next().unwrap_or(entry)));
    }
    let rest = said.strip_prefix("Host ")?.strip_suffix(" was resolved.")?;
    Some(Message::Resolved(rest.rsplit_once(':').map_or(rest, |(host, _)| host)))
}

fn connecting(said: &str) -> Option<Message<'_>> {
    if let Some(rest) = said.strip_prefix("Uses proxy env variable ")
        && let Some((_, url)) = rest.split_once(" == '")
    {
        return Some(Message::Proxy(url.trim_end_matches('\'')));
    }
    if said.starts_with("CONNECT tunnel established")
        || said.starts_with("CONNECT phase completed")
        || said.starts_with("Proxy replied 200")
    {
        return Some(Message::Tunneled);
    }
    if let Some(rest) = said.strip_prefix("  Trying ") {
        return Some(Message::Trying(rest.split("...").next().unwrap_or(rest).trim()));
    }
    if let Some(host) = said.strip_prefix("Connecting to hostname: ") {
        return Some(Message::LedTo(host.trim()));
    }
    if let Some(rest) = said.strip_prefix("Connecting to ")
        && let Some((_, rest)) = rest.split_once(" (")
        && let Some((address, port)) = rest.split_once(") port ")
        && let (Ok(address), Ok(port)) = (address.parse(), port.trim().parse())
    {
        return Some(Message::Data { address, port });
    }
    if let Some(rest) = said.strip_prefix("connect to ")
        && let Some((target, reason)) = rest.split_once(" failed: ")
    {
        let address = target.split(' ').next().and_then(|address| address.parse().ok());
        return Some(Message::Failed { address, outcome: of_reason(reason), seconds: None });
    }
    if let Some(rest) = said.strip_prefix("Immediate connect fail for ")
        && let Some((address, reason)) = rest.rsplit_once(": ")
    {
        return Some(Message::Failed { address: address.parse().ok(), outcome: of_reason(reason), seconds: None });
    }
    if said.ends_with("move on!") {
        let after = said.split_once("fter ").map_or(said, |(_, after)| after);
        return Some(Message::MoveOn { seconds: milliseconds(after)? });
    }
    if let Some(rest) = said.strip_prefix("Connected to ") {
        let (host, rest) = rest.split_once(" (")?;
        let (address, rest) = rest.split_once(')')?;
        let port = rest.strip_prefix(" port ").and_then(|port| port.split(' ').next()?.parse().ok());
        return Some(Message::Connected { host, address: address.parse().ok(), port });
    }
    if let Some(rest) = said.strip_prefix("Established connection to ") {
        let (host, rest) = rest.split_once(" (")?;
        let (address, rest) = rest.split_once(" port ")?;
        let port = rest.split(')').next().and_then(|port| port.parse().ok());
        return Some(Message::Connected { host, address: address.parse().ok(), port });
    }
    if said.starts_with("Re-using existing") || said.starts_with("Reusing existing") {
        return Some(Message::Reused { host: said.split_once(" with host ").map(|(_, host)| host.trim()) });
    }
    if said.starts_with("Connection died, retrying") {
        return Some(Message::Retried);
    }
    // "Failed to connect to H port P after N ms: reason"; with several addresses each has had its own line.
    let rest = said.strip_prefix("Failed to connect to ").or_else(|| said.strip_prefix("Failed connect to "))?;
    let reason = rest.rsplit_once([':', ';']).map_or(rest, |(_, reason)| reason.trim());
    let waited = rest.split_once(" after ").and_then(|(_, after)| milliseconds(after));
    let outcome = of_reason(reason).or(match waited {
        _ if reason.starts_with("Timeout was reached") => Some(Outcome::ConnectTimeout),
        // "Couldn't connect to server": an answer within 100 ms was a refusal, a long wait was silence.
        Some(seconds) if reason.starts_with("Could") && seconds >= 0.9 => Some(Outcome::ConnectTimeout),
        Some(_) if reason.starts_with("Could") => Some(Outcome::Unconnected),
        _ => None,
    });
    Some(Message::Failed { address: None, outcome, seconds: waited })
}

fn securing(said: &str) -> Option<Message<'_>> {
    if said.contains("Client hello (1)") || said.starts_with("Initializing NSS") {
        return Some(Message::ClientHello);
    }
    if said.contains("(IN), TLS handshake, Request CERT (13)") {
        return Some(Message::CertificateWanted);
    }
    if let Some((_, alert)) = said.split_once("(OUT), TLS alert, ") {
        // "certificate expired (557)": the low byte is the alert's number (RFC 8446, section 6.2).
        let objected = match alert.split(" (").next() {
            Some("certificate expired") => Some(Outcome::TlsExpired),
            Some("unknown CA") => Some(Outcome::TlsUntrusted),
            _ => None,
        };
        return objected.map(Message::Objected);
    }
    if said.starts_with("SSL connection using ") || said.starts_with("SSL connected") {
        return Some(Message::Secured);
    }
    if said.contains("continuing anyway") {
        return Some(Message::Noise);
    }
    for (label, observable) in [
        ("subject: ", observable::CERTIFICATE_SUBJECT),
        ("issuer: ", observable::CERTIFICATE_ISSUER),
        ("start date: ", observable::CERTIFICATE_NOT_BEFORE),
        ("expire date: ", observable::CERTIFICATE_NOT_AFTER),
    ] {
        if let Some(value) = said.trim_start().strip_prefix(label) {
            return Some(Message::Certificate { observable, value });
        }
    }
    tls::outcome(said).map(Message::Broke)
}

fn exchanging(said: &str) -> Option<Message<'_>> {
    for start in ["Connection timed out after ", "Operation timed out after ", "SSL connection timeout"] {
        if let Some(rest) = said.strip_prefix(start) {
            // "Operation timed out after 10001 milliseconds with 512 out of 4096 bytes received"
            let received = rest.split_once(" with ").and_then(|(_, tail)| tail.split(' ').next()?.parse::<u64>().ok());
            return Some(Message::TimedOut { seconds: milliseconds(rest).unwrap_or(0.0), received });
        }
    }
    if let Some(rest) = said.strip_prefix("Issue another request to this URL: ") {
        return Some(Message::Redirect(rest.trim_matches('\'')));
    }
    // A SOCKS proxy says by a number why it cannot go on (RFC 1928, section 6); that of SOCKS4 is 91.
    if let Some((target, code)) = said.strip_prefix("Can't complete SOCKS").and_then(|rest| rest.rsplit_once(" (")) {
        let target = target.split_once(" to ").map_or("", |(_, target)| target).trim_end_matches(['.', ' ']);
        return Some(Message::Socks { target, code: code.split(')').next()? });
    }
    if said.starts_with("Maximum (") {
        return Some(Message::TooManyRedirects);
    }
    // "CONNECT tunnel failed, response 403", before 7.87 "Received HTTP code 403 from proxy after CONNECT".
    let status = ["The requested URL returned error: ", "CONNECT tunnel failed, response ", "Received HTTP code "];
    if let Some(status) = status.iter().find_map(|start| said.strip_prefix(start)) {
        return Some(Message::Status(status.split(' ').next()?.parse().ok()?));
    }
    let outcome = match said {
        _ if said.starts_with("Empty reply from server") => Outcome::EmptyReply,
        _ if said.starts_with("Recv failure: Connection reset") || said.starts_with("Send failure: ") => Outcome::Reset,
        _ if said.starts_with("Recv failure: Connection refused") => Outcome::Refused,
        _ if said.starts_with("transfer closed with") || said.starts_with("end of response with") => Outcome::Truncated,
        _ if said.contains("was not closed cleanly") || said.starts_with("Error in the HTTP2 framing") => {
            Outcome::Truncated
        }
        _ if said.starts_with("Received HTTP/0.9 when not allowed") => Outcome::Garbled,
        _ if said.contains("chunked-encoding") => Outcome::Unserved,
        // 7.29 gives the bare reason of a failed connection.
        _ => {
            let outcome = of_reason(said)?;
            return Some(Message::Failed { address: None, outcome: Some(outcome), seconds: None });
        }
    };
    Some(Message::Broke(outcome))
}

/// Reads `14998ms …`, `1 ms: …`, `10001 milliseconds`.
fn milliseconds(text: &str) -> Option<f64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    unit.trim_start().starts_with('m').then(|| number.parse::<f64>().ok().map(|ms| ms / 1000.0))?
}

/// Host and port of `Failed to connect to api.shop.example port 4430 after 9 ms: …`.
pub(super) fn named_in(text: &str) -> Option<Endpoint> {
    let rest = text.strip_prefix("Failed to connect to ").or_else(|| text.strip_prefix("Failed connect to "));
    let rest = rest.or_else(|| text.split_once(" in connection to ").map(|(_, rest)| rest))?;
    let mut words = rest.split([' ', ';']);
    let (host, port) = split_port(words.next()?);
    let port = port.or_else(|| words.nth(1)?.trim_end_matches(':').parse().ok());
    Some(endpoint(host, port))
}

/// What curl's exit code alone tells; the codes are those of curl(1), section EXIT CODES. The others are about the command line,
/// local files or protocols of which nothing is told here.
pub(in crate::read) fn of_exit_code(code: &str) -> Option<Outcome> {
    Some(match code {
        "5" | "6" => Outcome::Unresolved,
        "16" | "18" | "92" => Outcome::Truncated,
        "28" => Outcome::ConnectTimeout,
        "35" | "90" => Outcome::TlsFailed,
        "51" => Outcome::TlsWrongName,
        "60" => Outcome::TlsUntrusted,
        "47" => Outcome::RedirectLoop,
        "52" => Outcome::EmptyReply,
        "55" | "56" => Outcome::Reset,
        "8" => Outcome::Garbled,
        "61" => Outcome::Unserved,
        _ => return None,
    })
}

fn is_noise(said: &str) -> bool {
    const STARTS: &[&str] = &[
        "SOCKS",
        "Connecting to port: ",
        "Excess found",
        "Connect data stream passively",
        "ftp_perform ends with ",
        "Entry path is ",
        "Request has same path as ",
        "Remembering we are in dir ",
        "Maxdownload = ",
        "Getting file with size: ",
        "About to connect() to ",
        "ALPN",
        "SSLv3",
        "TLS",
        "Server certificate",
        "SSL certificate verify ok",
        "  CAfile",
        "  CApath",
        "successfully set certificate",
        "Using HTTP",
        "using HTTP",
        "Using Stream",
        "Connection #",
        "Could not resolve: ",
        "Failed sending HTTP request",
        "Invalid response header",
        "Header without colon",
        "Closing connection",
        "closing connection",
        "shutting down",
        "Mark bundle",
        "Request completely sent",
        "upload completely sent",
        "We are completely uploaded",
        "h2h3 [",
        "h2 [",
        "[HTTP/2]",
        "[HTTP/3]",
        "Connection state changed",
        "Copying HTTP/2",
        "old SSL session",
        "Ignoring the response-body",
        "setting size while ignoring",
        "IPv4: ",
        "IPv6: ",
        "TCP_NODELAY",
        "Expire in",
        "Found bundle",
        "Can not multiplex",
        "subjectAltName",
        "Certificate level",
        "SSL certificate verified via",
        "Cipher selection",
        "Server auth using",
        "Expect",
        "Done waiting",
        "HTTP 1.0, assume close",
        "HTTP error before end",
        "Rebuilt URL",
        "Switched from HTTP to HTTPS",
        "Clear auth",
        "no chunk",
        "Establish HTTP proxy tunnel",
        "Proxy replied",
        "allocate connect buffer",
        "start date:",
        "expire date:",
        "common name:",
        "NPN",
        "skipping SSL peer",
        "Send header",
        "schannel: disabled automatic",
        "SSL Trust",
        "SSL certificate verification",
        "OpenSSL verify result",
        "Leaf certificate",
        "Couldn't find host",
        "getpeername",
        "schannel: using IP",
        "using IP address",
        "Hostname in DNS cache",
        "RESOLVE ",
        "nread <= 0",
        "abort upload",
        "HTTP/1.1 connection",
        "no connection, closing",
    ];
    let said = said.trim_start();
    let dead = said.starts_with("Connection ") && said.trim_end_matches('!').ends_with(" seems to be dead");
    said.is_empty() || dead || STARTS.iter().any(|start| said.starts_with(start.trim_start())) || said.starts_with('(')
}
