//! What a command line tells of the output below it: the program, its options, its targets.

/// A command line split into words as a shell would split them; nothing in it is ever run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandLine {
    words: Vec<String>,
}

impl CommandLine {
    pub fn parse(text: &str) -> CommandLine {
        // An unbalanced quote (a command cut short) still leaves words worth reading.
        let words = shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
        CommandLine { words }
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.trim_end_matches(';'))
    }

    /// Whether this program stands anywhere in it: first, after a pipe, in a loop, behind `kubectl exec … --`.
    pub fn runs(&self, program: &str) -> bool {
        self.words().any(|word| word == program || word.rsplit('/').next() == Some(program))
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
    }
}
