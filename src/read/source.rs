//! Tells where a text of no known shape comes from: it is the source of a program, or what the program of the command line printed.
//!
//! ```text
//! except ConnectionRefusedError:
//!     raise RuntimeError(f"Connection refused: {host}:{port}")
//! ```

use super::{CommandLine, Part, READERS, Reader, dig_short};
use crate::clean::Line;

/// How many lines are looked at to tell a program's source from what a program printed.
const SOURCE_LINES: usize = 200;

/// Whether the text is a script: what it holds, it runs or writes, and nobody has printed. A set of nft's rules may begin like one.
pub(super) fn is_script(lines: &[Line]) -> bool {
    let first = lines.iter().find(|line| !line.text.trim().is_empty());
    first.is_some_and(|line| line.text.starts_with("#!") && !line.text.contains("nft"))
}

/// Whether the text is the source of a program: it may quote any output, in comments, in tests, in its messages.
pub(super) fn is_source(part: &Part) -> bool {
    const OPENINGS: [&str; 40] = [
        "//", "/*", "*/", "#!/", "#include", "use ", "import ", "def ", "fn ", "pub ", "let ", "const ", "var ",
        "class ", "return ", "public ", "private ", "func ", "package ", "static ", "if (", "if [", "for (", "while (",
        "async ", "export ", "except", "assert", "mod ", "elif ", "else:", "try:",
        // A manual before it is set.
        ".TH ", ".SH ", ".TP", ".PP", ".IP", ".sp", ".B ", ".\\\"",
    ];
    let code = |text: &str| {
        let text = text.trim();
        OPENINGS.iter().any(|opening| text.starts_with(opening))
            // The kernel lists its own addresses as "local 10.9.1.2 dev eth0".
            || (text.starts_with("local ") && text.contains('='))
            || [");", "};", "});", ") {", "() {", "> {", "= {", "= [", "try {"].iter().any(|end| text.ends_with(end))
    };
    let filled = part.lines.iter().filter(|line| !line.text.trim().is_empty()).take(SOURCE_LINES);
    let (found, all) = filled.fold((0u32, 0u32), |(found, all), line| (found + u32::from(code(&line.text)), all + 1));
    found >= 4 && found * 4 >= all
}

/// Tools without a reader of their own: what they complain of is kept, under their name.
const TOOLS: &[&str] = &[
    "etcdctl",
    "ntpdate",
    "ntpdig",
    "sntp",
    "mosquitto_pub",
    "mosquitto_sub",
    "ldapsearch",
    "rabbitmqctl",
    "helm",
    "istioctl",
    "grpcurl",
    "postqueue",
    "mailq",
    "smbclient",
    "showmount",
    "rpcinfo",
    "snmpget",
    "snmpwalk",
    "ipmitool",
    "nginx",
    "apachectl",
    "named-checkconf",
    "unbound-control",
    "rndc",
    "scp",
    "sftp",
    "ftp",
    "lftp",
    "kcat",
    "cqlsh",
    "influx",
    "vault",
    "consul",
    "nomad",
    "terraform",
    "ansible",
    "mongosh",
    "mongo",
    "sqlcmd",
    "sqlplus",
    "tcptraceroute",
    "siege",
    "wrk",
    "hey",
    "k6",
    "memcstat",
    "memcping",
    "whois",
    "w3m",
    "lynx",
];

/// What the text is called that this reader knows: after its program, where others print the same.
pub(super) fn called(part: &Part, reader: &Reader) -> &'static str {
    let shared = |named: &&str| match reader.kind {
        // Addresses alone are whoever's the command line names.
        _ if std::ptr::eq(reader, &dig_short::READER) => true,
        "dig" => *named == "host",
        // The cluster answers everybody in the same words.
        "kubectl" => *named == "curl",
        // The head of an answer looks alike, whoever asked.
        "curl" => *named == "http",
        _ => false,
    };
    part.command.as_ref().and_then(commanded).filter(shared).unwrap_or(reader.kind)
}

/// The program of the command line, where it is one that we know by name.
pub(super) fn commanded(command: &CommandLine) -> Option<&'static str> {
    let kinds = || READERS.iter().map(|reader| reader.kind);
    let wraps = |word: &str| {
        matches!(word, "sudo" | "time" | "watch" | "timeout" | "nice" | "stdbuf")
            || word.starts_with('-')
            || word.trim_end_matches('s').parse::<f64>().is_ok()
            || word.split_once('=').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    let first = command.words().find(|word| !wraps(word))?;
    let program = first.rsplit('/').next().unwrap_or(first);
    kinds().chain(TOOLS.iter().copied()).find(|kind| *kind == program)
}
