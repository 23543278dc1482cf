//! The names of the states that readers of network tools report, and the values each can have. Runbooks use the same words.

/// What became of echo requests, of the target: `answers`, `loss` (some came back), `silent` (none did, and nobody said why),
/// `unreachable` (a router or the own host said so), `too_big` (did not fit and may not be split), `ttl_exceeded` (ran in a
/// circle or too far). The detail holds the counts.
pub(super) const PING: &str = "ping";

/// How a trace of the path ended, of the target: `complete` (the target answered), `stops` (only silence after the last hop),
/// `loops` (a router comes again and again), `prohibited` (a router refuses to pass it on), `unreachable` (a router knows no way).
/// The detail names the last hop that answered.
pub(super) const PATH: &str = "path";

/// Loss at the last hop of a path, of the target: `none`, `some`, `heavy` (half or more). Routers on the way that answer rarely
/// say nothing about it.
pub(super) const PATH_LOSS: &str = "path.loss";

/// The largest packet that fits through the path, of the target: `seen`; the detail holds the bytes.
pub(super) const PATH_MTU: &str = "path.mtu";

/// A listening socket, of its address and port: `all` (every address of the host), `loopback` (only the host itself can reach
/// it), `one_address`.
pub(super) const LISTENER: &str = "listener";

/// All listening sockets of a complete listing: `none`.
pub(super) const LISTENERS: &str = "listeners";

/// Connections waiting for a process to accept them, of the listening socket: `full` (Recv-Q exceeds Send-Q), `ok`.
pub(super) const ACCEPT_QUEUE: &str = "accept_queue";

/// Connections in one TCP state, where their number is remarkable: `many`. The state's name is the last part:
/// `connections.close_wait`, `connections.syn_sent`, `connections.time_wait`, `connections.syn_recv`.
pub(super) const CONNECTIONS: &str = "connections";

/// When a certificate is valid, where the text shows the date it was checked at: `valid`, `expired`, `not_yet_valid`.
pub(super) const CERTIFICATE_DATES: &str = "certificate.dates";
/// The date after which a certificate is invalid: `seen`, the date in the detail.
pub(super) const CERTIFICATE_NOT_AFTER: &str = "certificate.not_after";
/// The date before which a certificate is invalid: `seen`, the date in the detail.
pub(super) const CERTIFICATE_NOT_BEFORE: &str = "certificate.not_before";
/// Whom a certificate names: `seen`, the subject in the detail.
pub(super) const CERTIFICATE_SUBJECT: &str = "certificate.subject";
/// Who signed a certificate: `seen`, the issuer in the detail.
pub(super) const CERTIFICATE_ISSUER: &str = "certificate.issuer";
/// The host names a certificate is for: `seen`, the names in the detail.
pub(super) const CERTIFICATE_NAMES: &str = "certificate.names";

/// A route, of the destination it leads to: `present`, `missing`, `blackhole` (packets vanish), `unreachable`, `prohibit`.
pub(super) const ROUTE: &str = "route";

/// An interface of the host: `up`, `down`, `no_carrier`. The name of the interface is in `of.name`.
pub(super) const INTERFACE: &str = "interface";

/// An address of the host the command ran on: `present`.
pub(super) const ADDRESS: &str = "address";

/// A host on the same network, of its address: `reachable` (its hardware address is known), `failed` (nobody answers for it).
pub(super) const NEIGHBOR: &str = "neighbor";

/// A packet filter rule, of the destination and port it matches: `drop`, `reject`, `accept`. The detail holds the rule and, where
/// the listing counts, the packets that met it.
pub(super) const FIREWALL_RULE: &str = "firewall.rule";

/// What a filter chain does with packets that no rule matches: `drop`, `reject`, `accept`.
pub(super) const FIREWALL_POLICY: &str = "firewall.policy";

/// Room in the table of tracked connections: `full`, `ok`.
pub(super) const CONNTRACK_TABLE: &str = "conntrack.table";

/// Connections that could not be entered into the table, usually for want of a free source port: `growing`, `none`.
pub(super) const CONNTRACK_INSERT_FAILED: &str = "conntrack.insert_failed";

/// A tracked connection whose first packet nobody answered, of its destination: `unanswered`.
pub(super) const CONNTRACK_ENTRY: &str = "conntrack.entry";

/// TCP segments that had to be sent again: `some`, `none`.
pub(super) const TCP_RETRANSMITS: &str = "tcp.retransmits";

/// Connections dropped because an accept queue was full: `some`, `none`.
pub(super) const LISTEN_OVERFLOWS: &str = "listen.overflows";
