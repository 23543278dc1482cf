//! Finds the prompt that a shell printed right behind an output without a newline at its end.
//!
//! ```text
//! {"error":"pool exhausted"}root@web-1:~# curl -sS http://b.example/
//! {"error":"pool exhausted"}$ curl -sS http://b.example/
//! ```

use super::runs_known;

/// Where in the line the prompt begins: one that stood before a command further up, or a bare `$` behind what ends a document.
pub(super) fn prompt_at(line: &str, shown: Option<&str>) -> Option<usize> {
    let again = shown.and_then(|before| line.rfind(before)).filter(|at| {
        let command = line.get(at + shown.unwrap_or_default().len()..);
        command.is_some_and(|command| !command.trim().is_empty())
    });
    let bare = || {
        // A line that is a prompt as a whole has nothing in front of it.
        super::prompt(line).is_none().then_some(())?;
        let (at, _) = line.match_indices("$ ").find(|(at, _)| {
            let (before, after) = line.split_at_checked(*at).unwrap_or_default();
            before.ends_with(['}', ']', '>']) && after.get(2..).is_some_and(runs_known)
        })?;
        Some(at)
    };
    again.or_else(bare).filter(|at| *at > 0)
}

#[cfg(test)]
mod tests {
    use crate::read::read;

    #[test]
    fn an_answer_without_a_newline_does_not_swallow_the_next_command() {
        let told = |prompt: &str| {
            let text = format!(
                "{prompt}curl -s http://10.0.0.7/x\n{{\"a\":1}}{prompt}curl -sS http://b.example/\n\
                 curl: (6) Could not resolve host: b.example\n"
            );
            let reading = read(&text, None, None);
            reading
                .blocks
                .iter()
                .map(|block| (block.command.clone().unwrap_or_default(), block.lines.first))
                .collect::<Vec<_>>()
        };
        for prompt in ["$ ", "root@web-1:~# ", "[ana@web7 ~]$ "] {
            let commands = ["curl -s http://10.0.0.7/x", "curl -sS http://b.example/"].map(str::to_owned);
            let [first, second] = commands;
            assert_eq!(told(prompt), [(first, 2), (second, 3)], "{prompt}");
        }
    }
}
