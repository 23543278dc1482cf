//! Takes a command line that runs several commands apart, in the order in which they print.
//!
//! ```text
//! pg_isready -h db7; psql -h db7 -U app shop -c 'select 1'
//! for a in 40 41; do dig +short -x 203.0.113.$a; done
//! ```
//!
//! Nothing is run: a loop is unrolled where its line lists the values and its commands differ by them.

/// More commands than that are left together.
const MOST: usize = 40;

/// The commands of a line, each as it could have been typed alone. A loop that only repeats stays one command.
pub(super) fn statements(line: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut depth = 0u32;
    for piece in pieces(line) {
        let word = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
        // "do for b in 1 2" opens the inner loop.
        let inner = piece.strip_prefix("do ").or_else(|| piece.strip_prefix("then ")).unwrap_or(piece);
        if matches!(word(inner).as_str(), "for" | "while" | "until" | "if" | "{" | "(") {
            depth += 1;
        }
        if depth == 0 {
            statements.push(piece.to_owned());
            continue;
        }
        open.push(piece);
        if matches!(word(piece).trim_end_matches(')'), "done" | "fi" | "}") || word(piece) == ")" {
            depth -= 1;
            if depth == 0 {
                match unrolled(&open) {
                    Some(rounds) => statements.extend(rounds),
                    None => statements.push(open.join("; ")),
                }
                open.clear();
            }
        }
    }
    if !open.is_empty() {
        statements.push(open.join("; "));
    }
    if statements.len() > MOST { vec![line.to_owned()] } else { labelled(statements) }
}

/// `echo -n "ns1: "; dig …` prints on one line, as `echo "ns1: $(dig …)"` does.
fn labelled(statements: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(statements.len());
    for statement in statements {
        let label = all.last().and_then(|last| last.strip_prefix("echo -n ")).filter(|label| !label.contains('$'));
        let label = label.map(|label| label.trim().trim_matches(['"', '\'']).to_owned());
        match label.filter(|_| !statement.starts_with("echo ")) {
            Some(label) => {
                all.pop();
                all.push(format!("echo \"{label}$({statement})\""));
            }
            None => all.push(statement),
        }
    }
    all
}

/// `for ip in $(dig +short a.example); do echo "== $ip"; …` with the addresses that it has printed: what it looped over.
pub(super) fn with_values(line: &str, printed: &[&str]) -> Option<String> {
    let (variable, rest) = line.trim_start().strip_prefix("for ")?.split_once(" in ")?;
    let (values, body) = rest.split_once("; do ")?;
    let asked = values.trim_start().starts_with(['$', '`']) && listed(values).is_none();
    let echoed = |piece: &str| {
        piece.trim_start().trim_start_matches("do ").starts_with("echo ")
            && with(piece, variable.trim(), "\0").contains('\0')
    };
    (asked && pieces(body).into_iter().any(echoed)).then_some(())?;
    let values: Vec<String> =
        printed.iter().filter_map(|text| sole_address(text)).map(|address| address.to_string()).collect();
    (!values.is_empty()).then(|| format!("for {variable} in {}; do {body}", values.join(" ")))
}

/// The address in a line like `== 192.0.2.140`, where nothing else is said.
pub(super) fn sole_address(text: &str) -> Option<std::net::IpAddr> {
    let mut words = text.split(|c: char| c.is_whitespace() || "=-#>*[]()".contains(c)).filter(|word| !word.is_empty());
    let address = words.next()?.trim_end_matches(':').parse().ok()?;
    words.next().is_none().then_some(address)
}

/// Cuts at `;`, `&&`, `||` and a lone `&`, outside of quotes and of `$(…)`.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut quote, mut depth, mut escaped) = (0, None, 0u32, false);
    let mut chars = line.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let mut cut = None;
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(open), _) if c == open => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => escaped = true,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') if before == '$' || before == '<' || depth > 0 => depth += 1,
            (None, ')') if depth > 0 => depth -= 1,
            (None, _) if depth > 0 => {}
            (None, ';' | '\n') => cut = Some(1),
            // "nc -z H P && echo open || echo closed": what is echoed there is the command's own outcome.
            (None, '&' | '|') if next == Some(c) => cut = (!remarks(line.get(at + 2..))).then_some(2),
            (None, '&' | '|') if before == c => {}
            (None, '&') if before != '>' && before != '&' && next != Some('>') => cut = Some(1),
            _ => {}
        }
        if let Some(bytes) = cut {
            pieces.extend(line.get(from..at));
            from = at + bytes;
            if bytes == 2 {
                chars.next();
            }
        }
        before = c;
    }
    pieces.extend(line.get(from..));
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

fn remarks(rest: Option<&str>) -> bool {
    rest.is_some_and(|rest| ["echo ", "printf ", "true", ":"].iter().any(|word| rest.trim_start().starts_with(word)))
}

/// `for a in 40 41; do dig -x 203.0.113.$a; done` as its rounds, where they differ and nothing gathers what they print.
fn unrolled(pieces: &[&str]) -> Option<Vec<String>> {
    let [head, body @ .., "done"] = pieces else { return None };
    let (variable, values) = head.strip_prefix("for ")?.split_once(" in ")?;
    let variable = variable.trim();
    let body: Vec<&str> = body.iter().map(|piece| piece.strip_prefix("do ").unwrap_or(piece).trim()).collect();
    let nested = |piece: &&str| piece.starts_with("for ") || piece.starts_with("if ") || piece.starts_with("while ");
    let differs = body.iter().any(|piece| with(piece, variable, "\0").contains('\0'));
    // What `curl -w` prints of all rounds is one table.
    let tabled = |piece: &&str| piece.starts_with("curl ") && (piece.contains(" -w") || piece.contains("--write-out"));
    if body.is_empty() || !differs || body.iter().any(|piece| nested(piece) || tabled(piece) || piece.contains("w '%{"))
    {
        return None;
    }
    let rounds = listed(values)?;
    let filled = |value: &String| body.iter().map(|piece| with(piece, variable, value)).collect::<Vec<_>>();
    (rounds.len() * body.len() <= MOST).then(|| rounds.iter().flat_map(filled).collect())
}

/// The values of a loop: listed, `{11..13}` or `$(seq 11 13)`.
pub(super) fn listed(values: &str) -> Option<Vec<String>> {
    let values = values.trim();
    let range = |first: &str, last: &str| {
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (last >= first && ((last - first) as usize) < MOST).then(|| (first..=last).map(|n| n.to_string()).collect())
    };
    if let Some((first, last)) = values.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')?.split_once("..")) {
        return range(first, last);
    }
    if let Some(rest) = values.strip_prefix("$(seq ").and_then(|rest| rest.strip_suffix(')')) {
        return match rest.split_once(' ') {
            Some((first, last)) => range(first, last),
            None => range("1", rest),
        };
    }
    let plain = !values.is_empty() && !values.contains(['$', '`', '*', '?', '{', '(']);
    plain.then(|| values.split_whitespace().map(|value| value.trim_matches(['\'', '"']).to_owned()).collect())
}

/// A command with the value of a loop's variable in its place.
fn with(command: &str, variable: &str, value: &str) -> String {
    let mut out = String::with_capacity(command.len());
    let mut rest = command;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inner| inner.strip_prefix(variable)?.strip_prefix('}'));
        let ends = |rest: &&str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        match braced.or_else(|| after.strip_prefix(variable).filter(ends)) {
            Some(after) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_apart_as_a_shell_would() {
        assert_eq!(statements("ss -ltn; uptime -p"), ["ss -ltn", "uptime -p"]);
        assert_eq!(
            statements("a 'x; y' && b \"p || q\" 2>&1 | tail -1; c"),
            ["a 'x; y'", "b \"p || q\" 2>&1 | tail -1", "c"]
        );
        assert_eq!(
            statements("echo \"$s: $(dig +short x; true)\"; date"),
            ["echo \"$s: $(dig +short x; true)\"", "date"]
        );
        assert_eq!(statements("echo $(dig a; dig b); date -u &"), ["echo $(dig a; dig b)", "date -u"]);
        assert_eq!(
            statements("nc -z a 1 && echo open || echo closed; date"),
            ["nc -z a 1 && echo open || echo closed", "date"]
        );
    }

    #[test]
    fn loops_are_unrolled_where_their_rounds_differ() {
        assert_eq!(
            statements("for a in 40 41; do dig -x 203.0.113.$a; echo; done; dig b"),
            ["dig -x 203.0.113.40", "echo", "dig -x 203.0.113.41", "echo", "dig b"]
        );
        assert_eq!(statements("for r in {11..12}; do ping 10.0.0.${r}; done"), ["ping 10.0.0.11", "ping 10.0.0.12"]);
        for whole in [
            "for i in 1 2; do curl -sI http://a/; done",
            "for i in $(cat hosts); do ping $i; done",
            "for i in 1 2; do host $i.a; done | sort",
            "for i in 1 2; do curl -s -w \"$i %{http_code}\" http://$i/; done",
            "for i in 1 2; do for j in 3 4; do ping $i.$j; done; done",
        ] {
            assert_eq!(statements(whole), [whole]);
        }
    }
}
