//! The kinds of node, and the words people use for them.

/// What a node is. Decides which failure modes it can have and how it passes on a fault behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Client,
    Dns,
    LoadBalancer,
    Proxy,
    Service,
    Database,
    /// Connections that a service keeps open, handed out one at a time.
    Pool,
    Cache,
    Queue,
    Function,
    Job,
    Gateway,
    Firewall,
    K8sNode,
    K8sService,
    Pod,
    Storage,
    External,
    Other,
}

impl Kind {
    pub const ALL: [Kind; 19] = [
        Kind::Client,
        Kind::Dns,
        Kind::LoadBalancer,
        Kind::Proxy,
        Kind::Service,
        Kind::Database,
        Kind::Pool,
        Kind::Cache,
        Kind::Queue,
        Kind::Function,
        Kind::Job,
        Kind::Gateway,
        Kind::Firewall,
        Kind::K8sNode,
        Kind::K8sService,
        Kind::Pod,
        Kind::Storage,
        Kind::External,
        Kind::Other,
    ];

    /// The word of the case format.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Dns => "dns",
            Kind::LoadBalancer => "load_balancer",
            Kind::Proxy => "proxy",
            Kind::Service => "service",
            Kind::Database => "database",
            Kind::Pool => "pool",
            Kind::Cache => "cache",
            Kind::Queue => "queue",
            Kind::Function => "function",
            Kind::Job => "job",
            Kind::Gateway => "gateway",
            Kind::Firewall => "firewall",
            Kind::K8sNode => "k8s_node",
            Kind::K8sService => "k8s_service",
            Kind::Pod => "pod",
            Kind::Storage => "storage",
            Kind::External => "external",
            Kind::Other => "other",
        }
    }

    /// The kind in words for a sentence.
    pub fn spoken(self) -> &'static str {
        match self {
            Kind::LoadBalancer => "load balancer",
            Kind::Dns => "DNS",
            Kind::Pool => "connection pool",
            Kind::K8sNode => "Kubernetes node",
            Kind::K8sService => "Kubernetes service",
            other => other.word(),
        }
    }

    /// Reads the format's words and the synonyms people write instead.
    pub fn from_word(word: &str) -> Option<Kind> {
        let word = word.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == word) {
            return Some(kind);
        }
        Some(match word.as_str() {
            "user" | "users" | "browser" | "laptop" | "caller" | "tester" => Kind::Client,
            "resolver" | "nameserver" | "name_server" | "zone" => Kind::Dns,
            "lb" | "elb" | "alb" | "nlb" | "clb" | "balancer" | "loadbalancer" | "haproxy" | "vip" => {
                Kind::LoadBalancer
            }
            "ingress" | "nginx" | "envoy" | "reverse_proxy" | "sidecar" | "cdn" | "api_gateway" | "apigw" => {
                Kind::Proxy
            }
            "svc" | "app" | "api" | "backend" | "web" | "server" | "microservice" | "container" | "host" => {
                Kind::Service
            }
            "db" | "postgres" | "postgresql" | "mysql" | "mariadb" | "mongo" | "mongodb" | "rds" | "sql" => {
                Kind::Database
            }
            "connection_pool" | "pgbouncer" => Kind::Pool,
            "redis" | "memcached" | "elasticache" => Kind::Cache,
            "kafka" | "rabbitmq" | "sqs" | "nats" | "broker" | "topic" => Kind::Queue,
            "lambda" | "faas" | "cloud_function" => Kind::Function,
            "cron" | "cronjob" | "batch" | "cleanup" | "migration" | "backup" => Kind::Job,
            "nat" | "router" | "igw" | "vpn" | "peering" | "vpc_peering" | "internet_gateway" | "nat_gateway" => {
                Kind::Gateway
            }
            "fw" | "security_group" | "nacl" | "waf" => Kind::Firewall,
            "node" | "k8snode" | "worker_node" | "nodeport" | "k8s_nodeport" | "kube_proxy" => Kind::K8sNode,
            "k8sservice" | "clusterip" => Kind::K8sService,
            "s3" | "bucket" | "nfs" | "volume" | "disk" => Kind::Storage,
            "third_party" | "saas" | "internet" => Kind::External,
            "unknown" | "?" => Kind::Other,
            _ => return None,
        })
    }

    /// Whether packets pass through it without a connection of its own.
    pub fn only_forwards(self) -> bool {
        matches!(self, Kind::Firewall | Kind::Gateway | Kind::K8sNode)
    }

    /// Whether it answers requests that others do the work for.
    pub fn answers_for_others(self) -> bool {
        matches!(self, Kind::LoadBalancer | Kind::Proxy | Kind::Gateway | Kind::K8sService)
    }

    /// Guesses from a name a person typed, as in `client -> orders-lb -> orders-db`.
    pub fn from_name(name: &str) -> Option<Kind> {
        if let Some(kind) = Kind::from_word(name) {
            return Some(kind);
        }
        name.split(|c: char| !c.is_ascii_alphanumeric())
            .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
            .filter(|part| !part.is_empty())
            .rev()
            .find_map(Kind::from_word)
    }
}
