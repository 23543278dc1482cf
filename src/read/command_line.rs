//! What a command line tells of the output below it: the program, its options, its targets.

/// A command line split into words as a shell would split them; nothing in it is ever run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandLine {
    words: Vec<String>,
}

impl CommandLine {
    pub fn parse(text: &str) -> CommandLine {
        let text = &without_assigned(text);
        // An unbalanced quote (a command cut short) still leaves words worth reading.
        let words = shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
        // What a program is fed with is none of its arguments: "nc -vz H P </dev/null".
        let mut fed = false;
        let words = words.into_iter().filter(|word| {
            let skipped = std::mem::replace(&mut fed, word == "<")
                || (word.starts_with("<") && !word.starts_with("<(") && !word.contains("/dev/tcp/"));
            !skipped
        });
        CommandLine { words: words.collect() }
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.trim_end_matches(';'))
    }

    /// Whether this program stands anywhere in it: first, after a pipe, in a loop, behind `kubectl exec … --`.
    pub fn runs(&self, program: &str) -> bool {
        self.words().any(|word| word == program || !word.starts_with('-') && word.rsplit('/').next() == Some(program))
    }

    /// The part of a chain like `curl -i A; curl -w … B` that runs this program and fits, where the others of it do not. The output does not
    /// tell one program's from the next one's, so what is true of all of them stays with the whole line.
    pub fn only(&self, program: &str, fits: impl Fn(&CommandLine) -> bool) -> CommandLine {
        let runs = self.each(program);
        let fitting: Vec<String> = runs.iter().filter(|run| fits(run)).flat_map(|run| run.words.clone()).collect();
        if fitting.is_empty() { self.clone() } else { CommandLine { words: fitting } }
    }

    /// Whether curl asks for a body and sends none.
    pub fn only_gets(&self) -> bool {
        let given = |short, long| self.option(short, long).is_some();
        let sends = given("-X", "--request") || given("-d", "--data") || given("-T", "--upload-file");
        let sends = sends || self.words().any(|word| word.starts_with("--data") || word == "--json" || word == "-F");
        self.runs("curl") && !sends && !self.flag('I', "--head")
    }

    /// Every part of a chain that runs this program.
    pub fn each(&self, program: &str) -> Vec<CommandLine> {
        let ends =
            |word: &String| word.ends_with(';') || matches!(word.as_str(), "&&" | "||" | "|" | "do" | "then" | "else");
        let parts = self.words.split_inclusive(ends).map(|words| CommandLine { words: words.to_vec() });
        parts.filter(|run| run.runs(program)).collect()
    }

    /// The value of an option where all that are given agree; of several targets nobody knows which one an answer is from.
    pub fn agreed<'a>(&'a self, short: &'a str, long: &'a str) -> Option<&'a str> {
        let mut values = self.options(short, long);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    /// The value of an option: `-w X`, `-wX`, `--write-out X` or `--write-out=X`.
    pub fn option<'a>(&'a self, short: &'a str, long: &'a str) -> Option<&'a str> {
        self.options(short, long).next()
    }

    /// All values of an option that may be repeated.
    pub fn options<'a>(&'a self, short: &'a str, long: &'a str) -> impl Iterator<Item = &'a str> {
        self.words.iter().enumerate().filter_map(move |(position, word)| {
            let next = || self.words.get(position + 1).map(String::as_str);
            if word == long || word == short {
                return next().map(|value| if value.contains('%') { value } else { value.trim_end_matches(';') });
            }
            if let Some(rest) = word.strip_prefix(long) {
                return rest.strip_prefix('=');
            }
            let letter = short.strip_prefix('-')?;
            let cluster = word.strip_prefix('-').filter(|cluster| !cluster.starts_with('-'))?;
            let (before, after) = cluster.split_once(letter)?;
            // "-sSw FMT" carries the option last in a cluster of letters without values.
            if !before.chars().all(|c| "sSvkLiIfgN46".contains(c)) {
                return None;
            }
            if after.is_empty() { next() } else { Some(after) }
        })
    }

    /// Whether a flag without value is set, alone or in a cluster: `-k` in `-vk`.
    pub fn flag(&self, short: char, long: &str) -> bool {
        self.words.iter().any(|word| {
            word == long
                || word
                    .strip_prefix('-')
                    .is_some_and(|cluster| !cluster.starts_with('-') && cluster.len() <= 6 && cluster.contains(short))
        })
    }
}

/// A command line without the commands whose output a variable takes, for they print nothing: `T=$(curl -s http://id/token); curl …`.
fn without_assigned(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=$(") {
        let mut depth = 1_u32;
        let end = after.find(|c: char| {
            depth = match c {
                '(' => depth + 1,
                ')' => depth - 1,
                _ => depth,
            };
            depth == 0
        });
        let named = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let (Some(end), true) = (end, named) else {
            left.push_str(before);
            left.push_str("=$(");
            rest = after;
            continue;
        };
        left.push_str(before);
        left.push('=');
        rest = after.get(end + 1..).unwrap_or_default();
    }
    left + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_alone_clustered_and_joined() {
        let line = CommandLine::parse("for i in 1 2; do curl -sSw '%{http_code} x\\n' --max-time=5 http://a/; done");
        assert!(line.runs("curl"));
        assert_eq!(line.option("-w", "--write-out"), Some("%{http_code} x\\n"));
        assert_eq!(line.option("-m", "--max-time"), Some("5"));
        assert!(line.flag('s', "--silent"));
        let chain = CommandLine::parse("curl -si http://a/; curl -s -w '%{http_code}' http://b/");
        assert!(
            chain.only("curl", |run| run.option("-w", "--write-out").is_some()).words().any(|word| word == "http://b/")
        );
        assert!(!chain.only("curl", |run| run.flag('i', "--include")).words().any(|word| word == "http://b/"));
        let assigned = CommandLine::parse("T=$(curl -s http://id/t | jq -r \"$(cat f)\"); curl http://a/ -H \"X: $T\"");
        assert_eq!(assigned.words().filter(|word| *word == "curl").count(), 1);
        assert_eq!(CommandLine::parse("psql -h a -c x; psql -h b -c y").agreed("-h", "--host"), None);
    }
}
