//! The names of the states that readers report, and the values each can have; runbooks use the same words.
//!
//! A state is what a host, a balancer or a database says of itself; what follows from it is the runbooks' business.

/// What became of echo requests, of the target: `answers`, `loss` (some came back), `silent` (none did, and nobody said why),
/// `unreachable` (a router or the own host said so), `too_big` (did not fit and may not be split), `ttl_exceeded` (ran in a
/// circle or too far). The detail holds the counts.
pub(super) const PING: &str = "ping";

/// The same for packets of nearly full size: `answers`, `lost`, `too_big`.
pub(super) const PING_LARGE: &str = "ping.large";

/// How a trace of the path ended, of the target: `complete` (the target answered), `stops` (only silence after the last hop),
/// `loops` (a router comes again and again), `prohibited` (a router refuses to pass it on), `unreachable` (a router knows no way).
/// The detail names the last hop that answered.
pub(super) const PATH: &str = "path";

/// Of a trace that is cut short, of the target: `seen`; the detail names the last hop that answered.
pub(super) const PATH_END: &str = "path.end";

/// Loss at the last hop of a path, of the target: `none`, `some`, `heavy` (half or more). Routers on the way that answer rarely
/// say nothing about it.
pub(super) const PATH_LOSS: &str = "path.loss";

/// Where on a path answers begin to take long, of the first hop that answers late: `jumps`. The detail names the hop before it.
pub(super) const PATH_DELAY: &str = "path.delay";

/// The largest packet that fits through the path, of the target: `seen`; the detail holds the bytes.
pub(super) const PATH_MTU: &str = "path.mtu";

/// A listening socket, of its address and port: `all` (every address of the host), `loopback` (only the host itself can reach
/// it), `one_address`.
pub(super) const LISTENER: &str = "listener";

/// All listening sockets of a complete listing: `none`.
pub(super) const LISTENERS: &str = "listeners";

/// A proxy that the client was told to use: `used`.
pub(super) const PROXY: &str = "proxy";

/// The name that the client sends in its handshake: `missing`.
pub(super) const SERVER_NAME: &str = "server_name";

/// A TCP connection that was tried, of its target: `failed`, where the tool does not say in which way.
pub(super) const TCP_CONNECT: &str = "tcp.connect";

/// Connections waiting for a process to accept them, of the listening socket: `full` (Recv-Q exceeds Send-Q), `ok`.
pub(super) const ACCEPT_QUEUE: &str = "accept_queue";

/// Connections in one TCP state: `many` where their number is remarkable, otherwise `some`. The state's name is the last part:
/// `connections.close_wait`, `connections.syn_sent`, `connections.time_wait`, `connections.syn_recv`, `connections.established`.
pub(super) const CONNECTIONS: &str = "connections";

/// When a certificate is valid, where the text shows the date it was checked at: `valid`, `expired`, `not_yet_valid`; `not_expired` where
/// only its end was looked at.
pub(super) const CERTIFICATE_DATES: &str = "certificate.dates";
/// The date after which a certificate is invalid: `seen`, the date in the detail.
pub(super) const CERTIFICATE_NOT_AFTER: &str = "certificate.not_after";
/// The date before which a certificate is invalid: `seen`, the date in the detail.
pub(super) const CERTIFICATE_NOT_BEFORE: &str = "certificate.not_before";
/// Whom a certificate names: `seen`, the subject in the detail.
pub(super) const CERTIFICATE_SUBJECT: &str = "certificate.subject";
/// Who signed a certificate: `seen`, the issuer in the detail.
pub(super) const CERTIFICATE_ISSUER: &str = "certificate.issuer";
/// The host names a certificate is for: `seen`, the names in the detail; `none` where the server does not know the name that was sent.
pub(super) const CERTIFICATE_NAMES: &str = "certificate.names";

/// Which of the addresses it was given a program tries: `tries_all`, `first_only`.
pub(super) const ADDRESS_FAILOVER: &str = "address.failover";

/// Whether a server sends the certificate of its issuer beside its own: `with_issuer`, `without_issuer`, the issuer in the detail;
/// told where the chain was not trusted.
pub(super) const CERTIFICATE_CHAIN: &str = "certificate.chain";

/// Whether an authority that is trusted here vouches for a certificate in a file: `trusted`, `untrusted`, `self_signed`.
pub(super) const CERTIFICATE_TRUST: &str = "certificate.trust";
/// Whether a server wants to see a certificate of its client: `asked_for`.
pub(super) const CLIENT_CERTIFICATE: &str = "tls.client_certificate";
/// What was agreed on for a session: `seen`, version and cipher in the detail.
pub(super) const TLS_VERSION: &str = "tls.version";
/// How an answer about a name ended where nothing else of it is shown, of the name or of who answered: `noerror`, or a lookup's outcome.
pub(super) const DNS_STATUS: &str = "dns.status";
/// A record that is neither an address nor an alias, of the name that was asked for: `seen`; the detail holds type and data.
pub(super) const DNS_RECORD: &str = "dns.record";

/// A route, of the destination it leads to: `present`, `missing`, `blackhole` (packets vanish), `unreachable`, `prohibit`.
pub(super) const ROUTE: &str = "route";

/// An interface of the host: `up`, `down`, `no_carrier`. The name of the interface is in `of.name`.
pub(super) const INTERFACE: &str = "interface";

/// An address of the host the command ran on: `present`.
pub(super) const ADDRESS: &str = "address";

/// A host on the same network, of its address: `reachable` (it has answered lately), `unconfirmed` (it has answered once), `failed` (nobody answers for it),
/// `two_hosts` (two hardware addresses answer).
pub(super) const NEIGHBOR: &str = "neighbor";

/// A packet filter rule, of the destination and port it matches: `drop`, `reject`, `accept`. The detail holds the rule and, where
/// the listing counts, the packets that met it.
pub(super) const FIREWALL_RULE: &str = "firewall.rule";

/// The same of a rule for pings alone, which says nothing of what else passes.
pub(super) const FIREWALL_PINGS: &str = "firewall.pings";

/// What a filter chain does with packets that no rule matches: `drop`, `reject`, `accept`.
pub(super) const FIREWALL_POLICY: &str = "firewall.policy";

/// Room in the table of tracked connections: `full`, `ok`.
pub(super) const CONNTRACK_TABLE: &str = "conntrack.table";

/// Connections that could not be entered into the table, usually for want of a free source port: `growing`, `none`.
pub(super) const CONNTRACK_INSERT_FAILED: &str = "conntrack.insert_failed";

/// A tracked connection, of its destination: `unanswered` (nobody answered its first packet), `answered` (both ends spoke).
pub(super) const CONNTRACK_ENTRY: &str = "conntrack.entry";

/// TCP segments that had to be sent again: `some`, `none`.
pub(super) const TCP_RETRANSMITS: &str = "tcp.retransmits";

/// Connections that were tried and failed, ended by a reset, or were given up because nobody acknowledged: `some`, `none`.
/// Each is a number of the whole host; the count is the detail.
pub(super) const TCP_ATTEMPTS_FAILED: &str = "tcp.failed_attempts";
pub(super) const TCP_RESETS: &str = "tcp.resets";
pub(super) const TCP_ABORTED: &str = "tcp.aborted_by_timeout";
/// How often a timer for a segment, or for the first packet of a connection, ran out: `some`, `none`.
pub(super) const TCP_TIMEOUTS: &str = "tcp.timeouts";
pub(super) const TCP_SYN_RETRANSMITS: &str = "tcp.syn_retransmits";

/// Packets that the own host dropped, of those it was to send or of one interface in both directions: `some`, `none`.
pub(super) const PACKETS_DROPPED: &str = "packets.dropped";
/// Packets that an interface received or sent with errors, of the interface: `some`, `none`.
pub(super) const INTERFACE_ERRORS: &str = "interface.errors";

/// First packets that a listening socket dropped for whatever reason: `some`, `none`.
pub(super) const LISTEN_DROPS: &str = "listen.drops";

/// Connections dropped because an accept queue was full: `some`, `none`.
pub(super) const LISTEN_OVERFLOWS: &str = "listen.overflows";

/// Why a proxy says it failed a request: `upstream_refused`, `upstream_timeout`, `upstream_closed`, `upstream_tls`,
/// `upstream_missing` (the socket it is told to use does not exist), `upstream_invalid` (what it is told to use cannot be an upstream),
/// `upstream_unresolved` (its name has no address), `upstream_unreached` (no connection to it, how is not told), `no_server`, `no_route`, `rate_limited`, `forbidden_by_rule`, `body_too_large`, `header_too_big`, `buffer_unwritable`, `fds_exhausted`,
/// `connections_exhausted`, `ports_exhausted`, `queue_timeout`, `idle_timeout`, `proxy_protocol`, `client_left`.
pub(super) const PROXY_REASON: &str = "proxy.reason";
/// How many members of a balancer's pool it considers usable: `all_up`, `some_down`, `none_up`.
pub(super) const BACKEND_SERVERS: &str = "backend.servers";
/// A balancer's health check of one member: `up`, `down_refused`, `down_timeout` (no TCP connection), `down_tls`,
/// `down_status`, `down_other`, `maintenance` (somebody took it out); of a cloud's targets also `unused` (no check is made) and `initial`.
pub(super) const SERVER_CHECK: &str = "server.check";
/// Connections taken out of a pool: `full`, `partial`.
pub(super) const POOL_IN_USE: &str = "pool.in_use";
/// A connection pool as its users see it: `exhausted` (the driver gave up), `waiting` (requests wait for it), `ok`.
pub(super) const POOL_ERROR: &str = "pool.error";
/// Sessions of a database compared with its limit: `at_limit`, `below_limit`.
pub(super) const DB_CONNECTIONS: &str = "db.connections";
/// What sessions of a database do, one state per kind: `idle_in_transaction`, `active`, `idle`.
pub(super) const DB_SESSIONS: &str = "db.sessions";
/// Locks in a database: `waiting`, `deadlock`, `none`.
pub(super) const DB_LOCKS: &str = "db.locks";
/// Whose session holds the lock that others wait for: `holds`.
pub(super) const DB_BLOCKER: &str = "db.blocker";
/// The address that an FTP server gives for its data, against the one at which it was asked: `other`.
pub(super) const PASSIVE_ADDRESS: &str = "passive.address";
/// Whether its client came to that other address: `unreached`.
pub(super) const PASSIVE_DATA: &str = "passive.data";
/// What a person says of something that is out: `on_purpose`; the detail holds the words, which name it.
pub(super) const INTENT: &str = "intent";
/// What a database refused with: `too_many_clients`, `auth_failed`, `read_only`, `out_of_memory`, `disk_full`, `timeout`,
/// `canceled`, `starting`, `missing` (a table or a column), `no_such_database`.
pub(super) const DB_ERROR: &str = "db.error";
/// Hits among the lookups of a cache, compared with before: `fell`.
pub(super) const CACHE_HITS: &str = "cache.hit_ratio";
/// Commands of a cache that took long, in its own log: `entries`; `long`, where one took a tenth of a second.
pub(super) const SLOWLOG: &str = "cache.slowlog";
/// Whether a query returned rows: `yes`, `no`.
pub(super) const DB_ANSWERS: &str = "db.answers";
/// How long a logged statement took, `over_1s` or `under_1s`, or that it reads a whole large table for a few rows: `scans_all`.
pub(super) const DB_STATEMENT: &str = "db.statement";
/// Whether a replica follows its source: `up`, `behind` (a second or more), `down`.
pub(super) const REPLICATION: &str = "replication";
/// What became of a process: `running`, `restarted`, `crashed` (or killed by a signal), `killed_oom`, `worker_timeout`, `stopped`, `without_its_port`
/// (another program has it).
pub(super) const PROCESS: &str = "process";
/// File descriptors of a process: `exhausted`.
pub(super) const FDS: &str = "fds";
/// Threads and processes that may still be started, of a process or a control group: `reached`, `not_reached`.
pub(super) const THREADS: &str = "thread.limit";
/// The name by which a client makes itself known to a broker: `shared` with another client; the detail holds both addresses.
pub(super) const CLIENT_ID: &str = "client.id";
/// A pod as Kubernetes shows it: `running`, `not_ready`, `crash_loop`, `pending`, `image_pull`, `oom_killed`, `evicted`,
/// `terminating`, `completed`, `error`.
pub(super) const POD_STATE: &str = "pod.state";
/// A probe of a pod that failed: `failed_status`, `failed_refused`, `failed_timeout`, `failed_other`.
pub(super) const PROBE: &str = "probe";
/// Replicas of a deployment that are ready: `all_ready`, `some_ready`, `none_ready`.
pub(super) const DEPLOYMENT: &str = "deployment";
/// What a container's own health check says: `healthy`, `unhealthy`.
pub(super) const CONTAINER_HEALTH: &str = "container.health";
/// A network that a container is connected to, of the container: `seen`; the detail holds the network, the address and the gateway.
pub(super) const CONTAINER_NETWORK: &str = "container.network";
/// The address of a Kubernetes service: `seen` where the detail holds the one inside the cluster and the ports, `pending` where the cloud
/// was asked for one.
pub(super) const SERVICE_ADDRESS: &str = "service.address";
/// A Kubernetes node: `ready`, `not_ready`.
pub(super) const NODE_STATE: &str = "node.state";
/// Addresses behind a Kubernetes service: `present`, `none`.
pub(super) const ENDPOINTS: &str = "endpoints";
/// Healthy targets of a cloud load balancer: `all`, `some`, `none`.
pub(super) const TARGET_HEALTH: &str = "target.health";
/// Where a subnet's default route leads: `igw`, `nat`, `other`, `none`, `main_table` (no table of its own).
pub(super) const SUBNET_DEFAULT_ROUTE: &str = "subnet.default_route";
/// Requests that wait in a balancer until a server has room for them: `growing`.
pub(super) const LB_QUEUE: &str = "lb.queue";
/// Where a cloud load balancer can be reached from: `internet-facing`, `internal`.
pub(super) const LB_SCHEME: &str = "lb.scheme";
/// What a cloud load balancer asks its targets to see whether they are well: `seen`, the check in the detail. It covers no
/// other port or path.
pub(super) const LB_HEALTH_CHECK: &str = "lb.health_check";
/// Requests that a cloud load balancer counts: `counted`, `none`.
pub(super) const LB_REQUESTS: &str = "lb.requests";
/// Errors that a cloud load balancer counts: `counted`, `none`.
pub(super) const LB_ERRORS: &str = "lb.errors";
/// A rule of a network ACL: `allowed`, `denied`.
pub(super) const NACL_PORT: &str = "nacl.port";
/// A security group's inbound rules: `allowed`.
pub(super) const SECURITY_GROUP_PORT: &str = "security_group.port";
/// Space and inodes of a file system: `full`, `ok`, `failing`.
pub(super) const DISK: &str = "disk";
/// Memory of a host or a cache: `exhausted`, `ok`.
pub(super) const MEMORY: &str = "memory";
/// Whether a control group's CPU quota holds it back: `throttled` (in a quarter of its periods or more), `free` (in none).
pub(super) const CPU_QUOTA: &str = "cpu.quota";
/// Whether more wants to run than there are CPUs: `long` (a process waits for one longer than it runs).
pub(super) const CPU_QUEUE: &str = "cpu.queue";
/// What a load tester measured, of whom it asked: `seen`; the detail holds requests per second and how long the slowest took.
pub(super) const REQUEST_RATE: &str = "request.rate";
/// How often a host sends one request, of the host: `many` (five times or more within a second).
pub(super) const REQUEST_REPEATS: &str = "requests.repeats";
/// Load average compared with what the text says of it: `measured`.
pub(super) const LOAD: &str = "load";
/// A clock and whether it is kept in step: `synchronized`, `unsynchronized`, `read`.
pub(super) const CLOCK: &str = "clock";
/// A server that a time daemon asks: `selected` (the clock follows it), `answers`, `silent` (none of the last eight polls).
pub(super) const NTP_SOURCE: &str = "ntp.source";
/// The key of a zone that its parent vouches for, of the zone: `key_present` among the zone's keys in the same text, `key_absent`,
/// `seen` where those are not shown. The detail holds its tag.
pub(super) const DNSSEC_DS: &str = "dnssec.ds";
/// What a resolver says beside its answer (RFC 8914): `seen`, number and words in the detail.
pub(super) const DNS_EXTENDED_ERROR: &str = "dns.extended_error";
/// A key of a zone: `seen`; the detail holds its number.
pub(super) const DNSSEC_KEY: &str = "dnssec.key";
/// A signature, of the name it stands beside: `seen`; the detail says by which key and for how long.
pub(super) const DNSSEC_SIGNATURE: &str = "dnssec.signature";
/// A job and when it runs: `cron`.
pub(super) const JOB_SCHEDULE: &str = "job.schedule";
/// A run of a job that took something away, of whoever is named as its client: `deleted`, at the time of its line.
pub(super) const JOB_RUN: &str = "job.run";
/// A name that a hosts file overrides: `set`.
pub(super) const HOSTS_FILE: &str = "hosts.file";
/// A name server that a host is told to ask: `set`.
pub(super) const NAMESERVER: &str = "nameserver";
/// Whom a program is told to send its requests to, by a setting whose name is the detail: `set`.
pub(super) const TARGET: &str = "target";
/// Where a program is told to listen: `all`, `loopback`, `one_address`.
pub(super) const LISTENING: &str = "listening";
/// A unit of a cluster scheduler: `running`, `failed`, `pending`.
pub(super) const UNIT_STATE: &str = "unit.state";
/// A statement in a log of several sessions, of its session: `rows`, `zero_rows`, `sent` (rows not told), `error`.
pub(super) const STATEMENT: &str = "statement";
/// Who throws away all that everybody keeps in a store, seen by the store: `by_it`; several keys at once: `in_part`.
pub(super) const STORE_EMPTIED: &str = "store.emptied";
/// A program that no reader knows says that something failed: `exhausted` where it has run out of something, `declines` where it says
/// that it leaves its own work undone, otherwise `failed`; its words in the detail.
pub(super) const COMPLAINT: &str = "complaint";
/// A rule that rewrites addresses, of the destination and port it matches: `dnat`, `snat`, `redirect`. The detail says to what.
pub(super) const NAT_RULE: &str = "nat.rule";
/// Bytes that arrived and that the own process has not read, of the connection's own end: `unread`.
pub(super) const RECEIVE_QUEUE: &str = "receive_queue";
/// Bytes that the other side has not acknowledged, of the other end: `unsent`, much more than fits on the way.
pub(super) const SEND_QUEUE: &str = "send_queue";
/// Whether a server has a worker left for one more request: `free`, `all_busy`.
pub(super) const WORKER_POOL: &str = "worker.pool";
/// The networks that one end of a tunnel carries to and from the other, of the other end: `listed`, the networks in the detail.
pub(super) const TUNNEL_NETWORKS: &str = "tunnel.networks";
/// Something that stopped and serves again, of the server or host that says so: `over`. It speaks of no fault.
pub(super) const RESTART: &str = "restart";
/// What a leg of a host does with packets whose answers would leave on another leg, of the leg: `off`, `strict` (drops them), `loose`.
pub(super) const RP_FILTER: &str = "rp_filter";
/// Packets that a reverse-path filter dropped: `some`, `none`.
pub(super) const REVERSE_PATH_DROPS: &str = "reverse.path.drops";
