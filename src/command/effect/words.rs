//! The programs, verbs and options that change something, as tables.

/// Programs whose every use changes something.
pub(super) const CHANGE: &[&str] = &[
    "apt", "apt-get", "chmod", "chown", "cp", "dd", "dnf", "fdisk", "halt", "install", "kexec", "kill", "killall",
    "ln", "mkdir", "mkfs", "mount", "mv", "parted", "pkill", "poweroff", "reboot", "rm", "rmdir", "shred", "shutdown",
    "tee", "touch", "truncate", "umount", "useradd", "userdel", "yum",
];

/// Programs that also read, and the words after them that change something.
pub(super) const CHANGE_WITH: &[(&str, &[&str])] = &[
    (
        "kubectl",
        &[
            "delete",
            "drain",
            "apply",
            "patch",
            "edit",
            "scale",
            "cordon",
            "uncordon",
            "taint",
            "label",
            "annotate",
            "create",
            "replace",
            "set",
            "restart",
            "undo",
            "expose",
            "autoscale",
            "evict",
            "cp",
        ],
    ),
    ("helm", &["install", "upgrade", "uninstall", "delete", "rollback"]),
    ("terraform", &["apply", "destroy", "import", "taint", "untaint"]),
    (
        "docker",
        &[
            "rm", "rmi", "stop", "start", "restart", "kill", "pause", "unpause", "run", "prune", "up", "down",
            "update", "cp",
        ],
    ),
    (
        "systemctl",
        &[
            "start",
            "stop",
            "restart",
            "reload",
            "enable",
            "disable",
            "mask",
            "unmask",
            "kill",
            "isolate",
            "edit",
            "set-property",
        ],
    ),
    ("service", &["start", "stop", "restart", "reload"]),
    (
        "iptables",
        &[
            "-A", "-D", "-I", "-F", "-P", "-R", "-X", "-Z", "-N", "--append", "--delete", "--insert", "--flush",
            "--policy",
        ],
    ),
    (
        "ip6tables",
        &[
            "-A", "-D", "-I", "-F", "-P", "-R", "-X", "-Z", "-N", "--append", "--delete", "--insert", "--flush",
            "--policy",
        ],
    ),
    ("nft", &["add", "delete", "flush", "insert", "create", "replace", "destroy"]),
    ("ip", &["add", "del", "delete", "set", "flush", "change", "replace", "append"]),
    ("tc", &["add", "del", "change", "replace"]),
    ("conntrack", &["-D", "-F", "-I", "-U", "--delete", "--flush", "--create", "--update"]),
    (
        "redis-cli",
        &["set", "del", "flushall", "flushdb", "expire", "shutdown", "rename", "eval", "debug", "migrate", "failover"],
    ),
    ("rabbitmqctl", &["stop", "stop_app", "reset", "purge_queue", "delete_queue", "close_connection"]),
    ("sysctl", &["-w", "--write", "-p", "--load"]),
    ("sed", &["-i", "--in-place"]),
    ("find", &["-delete", "-exec", "-execdir"]),
    ("git", &["push", "commit", "reset", "checkout", "clean"]),
    ("rndc", &["flush", "reload", "stop", "reconfig"]),
    ("resolvectl", &["flush-caches", "dns", "domain"]),
    ("nginx", &["-s"]),
    ("openssl", &["req", "genrsa", "genpkey", "ca"]),
];

/// Words of SQL that change something, wherever they stand in the argument of a database client.
pub(super) const SQL: &[&str] = &[
    "drop",
    "truncate",
    "delete",
    "update",
    "insert",
    "alter",
    "create",
    "grant",
    "revoke",
    "vacuum",
    "reindex",
    "kill",
    "flush",
    "pg_terminate_backend",
    "pg_cancel_backend",
];

/// Options of curl that send something or switch off a check. `-X GET` and `-X HEAD` are ordinary.
pub(super) const CURL: &[&str] = &[
    "-d",
    "-F",
    "-T",
    "-k",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--json",
    "--form",
    "--upload-file",
    "--insecure",
];
