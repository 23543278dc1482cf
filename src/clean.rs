//! Removes what terminals and chat tools add to a text, and keeps every line's number.

/// One line of a paste without its decoration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1 in the text as it was pasted.
    pub number: u32,
    pub text: String,
    /// Whether it was the fence that ends a block of code: what stands below was written by somebody else.
    pub closes: bool,
}

/// Splits a paste into clean lines: no carriage returns, colors, control or bidirectional characters, no chat quoting.
pub fn clean(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = (1..)
        .zip(text.strip_prefix('\u{feff}').unwrap_or(text).split('\n'))
        .map(|(number, line)| Line { number, text: plain(line), closes: false })
        .collect();
    while lines.last().is_some_and(|line| line.text.trim().is_empty()) {
        lines.pop();
    }
    // A mail in quoted-printable (RFC 2045, section 6.7), as its source shows it.
    if text.contains("=3D") && (text.contains("=46rom ") || text.contains("=20\n") || text.matches("=3D").count() > 2) {
        lines.iter_mut().for_each(|line| line.text = unencoded(&line.text));
    }
    unframe(&mut lines);
    unquote(&mut lines);
    for line in &mut lines {
        line.text.truncate(without_remark(&line.text).len());
    }
    lines
}

/// A line without what somebody wrote behind it to point at it: `  <-- here`, `  # !!`, `❌`.
fn without_remark(text: &str) -> &str {
    const POINTS: [&str; 5] = [" <--", " <==", " ←", " # !", " # <"];
    let pointed = POINTS.iter().filter_map(|mark| text.find(mark)).min().and_then(|at| text.get(..at));
    // `==> access.log <==` is a heading of tail's.
    let text = pointed.filter(|_| !text.starts_with("==>")).map_or(text, str::trim_end);
    let bare = text.trim_end_matches(|c: char| c == ' ' || "❌✅⚠🔥👈👆\u{fe0f}".contains(c));
    if bare.is_empty() || text.ends_with(' ') && bare.len() == text.trim_end().len() { text } else { bare }
}

/// A line of text in which `=3D` stands for `=`.
fn unencoded(text: &str) -> String {
    let mut pieces = text.split('=');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).filter(u8::is_ascii);
        match code {
            Some(code) => out.push(char::from(code)),
            None => out.push('='),
        }
        out.push_str(piece.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default());
    }
    out
}

/// Takes off the line that some programs draw left of what another one printed: `  │ PING …`.
fn unframe(lines: &mut [Line]) {
    let framed = |line: &Line| line.text.trim_start().starts_with('│');
    for run in lines.chunk_by_mut(|a, b| framed(a) == framed(b)) {
        // Branches of a tree and columns of a table are no frame.
        let drawn = |line: &Line| line.text.contains(['├', '└']) || line.text.matches('│').count() > 2;
        if run.len() > 1 && run.iter().all(framed) && !run.iter().any(drawn) {
            for line in run {
                let inside = line.text.trim_start().trim_start_matches('│').trim_end_matches(['│', ' ']);
                line.text = inside.strip_prefix(' ').unwrap_or(inside).to_owned();
            }
        }
    }
}

/// One line without escape sequences and invisible characters. Of text overwritten with carriage returns, only the last remains.
pub fn plain(line: &str) -> String {
    let line = line.trim_end_matches('\r');
    let line = line.rsplit('\r').next().unwrap_or(line);
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\t' => out.push('\t'),
            '\u{a0}' => out.push(' '),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    match after_progress_meter(&out) {
        Some(rest) => rest.to_owned(),
        None => out,
    }
}

/// curl without a terminal draws its progress meter on the line of its first message: `… --:--:--     0*   Trying`.
fn after_progress_meter(line: &str) -> Option<&str> {
    let is_meter = |text: &str| {
        text.contains("--:--:--")
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | ':' | '.' | 'k' | 'K' | 'M' | 'G' | 'T' | 'P'))
    };
    let mark = line.find(['*', '<', '>', '{', '}', 'c'])?;
    let (meter, rest) = line.split_at_checked(mark)?;
    is_meter(meter).then_some(rest)
}

/// Whether a character changes how text is shown without being seen: zero-width marks and bidirectional overrides.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Skips the rest of an ANSI sequence (ECMA-48): `[ … letter`, `] … BEL`, or one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            for c in chars.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    break;
                }
            }
        }
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                    break;
                }
            }
        }
        _ => {}
    }
}

/// A mail is quoted in a mail so many times at most.
const QUOTED: usize = 4;

/// Takes off what quotes a mail, level by level, and blanks the fences of a code block.
fn unquote(lines: &mut [Line]) {
    for _ in 0..QUOTED {
        if !unquote_once(lines) {
            break;
        }
    }
    let mut open = false;
    for line in lines.iter_mut() {
        if let Some(code) = inline_code(&line.text) {
            line.text = code.to_owned();
        }
        let Some(language) = line.text.trim_start().strip_prefix("```") else { continue };
        // Only an opening fence names a language; a text that was cut may begin with a closing one.
        line.closes = open && language.trim().is_empty();
        open = !line.closes;
        line.text.clear();
    }
}

/// A whole line between single backquotes, as chats and issue trackers set what a program printed.
fn inline_code(text: &str) -> Option<&str> {
    let code = text.trim().strip_prefix('`')?.strip_suffix('`')?;
    (!code.is_empty() && !code.contains('`')).then_some(code)
}

/// Takes one `> ` off every run of lines that a mail quotes. Whether there was any.
fn unquote_once(lines: &mut [Line]) -> bool {
    let mut any = false;
    // Where a transcript or a command stands, a line behind ">" may be its own.
    let printed =
        lines.iter().any(|line| line.text.starts_with(['*', '<', '$', '#', '[']) || line.text.ends_with('\\'));
    for run in lines.chunk_by_mut(|a, b| a.text.starts_with('>') == b.text.starts_with('>')) {
        // curl prints ">" before the head of a request: a line that is none tells a quotation apart.
        let head = |line: &Line| {
            let rest = line.text.trim_start_matches('>').trim();
            // What begins with a number or a bracket is a line of a log that somebody quotes.
            let of_a_log = rest.starts_with(|c: char| c.is_ascii_digit() || c == '[');
            if of_a_log || rest.starts_with("curl: (") {
                return false;
            }
            rest.is_empty()
                || rest.contains(" HTTP/")
                // Nobody aligns the values of headers.
                || rest.split_once(": ").is_some_and(|(name, value)| {
                    !name.contains([' ', '*', '<']) && !value.starts_with(' ')
                })
        };
        let marked = |line: &Line| {
            let rest = line.text.strip_prefix('>').unwrap_or_default();
            let set = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(['*', '<', '>', '$', ';']));
            set || rest.starts_with("curl: (") || rest.starts_with("$ ")
        };
        // What does not begin as a request does is none, however much of it looks like headers.
        let begins = run.first().is_some_and(head);
        let others = run.iter().filter(|line| !head(line)).count();
        let quoted = run.iter().any(marked)
            || (run.len() > 1 && (!begins || others * 2 > run.len()))
            // One line in a mail that quotes nothing else.
            || (run.len() == 1 && !begins && !printed && run.iter().all(|line| line.text.len() > 20));
        if run.first().is_some_and(|line| line.text.starts_with('>')) && quoted {
            any = true;
            for line in run.iter_mut() {
                let rest = line.text.strip_prefix('>').unwrap_or_default();
                let rest = rest.strip_prefix(' ').unwrap_or(rest);
                line.text = after_progress_meter(rest).unwrap_or(rest).to_owned();
            }
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_and_carriage_returns_go_and_numbers_stay() {
        let lines = clean("\u{1b}[1m* Trying\u{1b}[0m 10.0.0.1:80...\r\n\r\n< HTTP/1.1 200 OK\r\n");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].text, "* Trying 10.0.0.1:80...");
        assert_eq!((lines[2].number, lines[2].text.as_str()), (3, "< HTTP/1.1 200 OK"));
    }

    #[test]
    fn a_mail_quoted_in_a_mail_keeps_the_heads_of_requests() {
        let text = "> > * Connected to api.example (10.0.0.1) port 80\n> > > POST /pay HTTP/1.1\n> > > User-Agent: curl/8.5.0\n> > >\n> > < HTTP/1.1 502 Bad Gateway";
        let texts: Vec<String> = clean(text).into_iter().map(|line| line.text).collect();
        let request = ["> POST /pay HTTP/1.1", "> User-Agent: curl/8.5.0", ">"];
        assert_eq!(texts.get(1..4), Some(&request.map(str::to_owned)[..]));
        assert_eq!(texts.first().map(String::as_str), Some("* Connected to api.example (10.0.0.1) port 80"));
    }

    #[test]
    fn quoted_mail_is_unquoted_but_request_headers_are_not() {
        assert_eq!(clean("> *   Trying 10.0.0.1:80...\n> * Connected")[1].text, "* Connected");
        assert_eq!(clean("> GET / HTTP/1.1\n> Host: a.example")[0].text, "> GET / HTTP/1.1");
        assert_eq!(clean("Hi,\n> $ dig a.example\n> ;; Got answer:\nBye")[1].text, "$ dig a.example");
        assert_eq!(
            clean("Ana:\n> 2026/11/28 09:05:13 [error] 7#7: *1 x, request: \"GET / HTTP/1.1\"\n> 0")[1].text,
            "2026/11/28 09:05:13 [error] 7#7: *1 x, request: \"GET / HTTP/1.1\""
        );
        assert_eq!(
            clean(">10:00:01 IP 10.0.0.1.5 > 10.0.0.2.80: Flags [S]\n>10:00:02 IP x")[0].text,
            "10:00:01 IP 10.0.0.1.5 > 10.0.0.2.80: Flags [S]"
        );
    }

    #[test]
    fn one_line_is_quoted_in_a_mail_and_none_of_a_transcript() {
        let line = "> curl: (7) Failed to connect to a.example port 8443 after 3 ms: Couldn't connect to server";
        assert_eq!(clean(&format!("Hi,\nI get\n\n{line}\n\nBen"))[3].text, line.trim_start_matches("> "));
        for text in
            ["$ for p in 80 81\n> do curl -s http://a.example:$p/", "* Connected\n> PRI * some longer words here"]
        {
            assert!(clean(text)[1].text.starts_with("> "), "{text}");
        }
    }

    #[test]
    fn an_answer_and_a_table_of_settings_are_quoted_and_a_remark_is_no_part_of_the_line() {
        assert_eq!(clean("> ana@web:~$ x -I a\n> HTTP/1.1 200 OK\n> Server: b\n> Via: c")[2].text, "Server: b");
        assert_eq!(clean("> Name:    checkout\n> Port:    80\n> Type:    x")[1].text, "Port:    80");
        assert_eq!(clean("> Host: a\n> Accept: b\n>")[1].text, "> Accept: b");
        for line in ["x: refused   <-- here", "x: refused # !!", "x: refused ❌", "x: refused ⚠\u{fe0f} ", "x: refused"]
        {
            assert_eq!(clean(line)[0].text, "x: refused", "{line}");
        }
        for line in ["❌ x", "==> a.log <==", "LISTEN 0.0.0.0:*  ", "<-- x"] {
            assert_eq!(clean(line)[0].text, line);
        }
    }

    #[test]
    fn frames_encodings_of_mails_and_marks_without_a_blank_are_taken_off() {
        let texts = |text: &str| clean(text).into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert_eq!(
            texts("out=\n  │ PING a\n  │\n  │   2 packets\n\nend"),
            ["out=", "PING a", "", "  2 packets", "", "end"]
        );
        assert_eq!(texts("│ ├─ 7 nginx\n│ └─ 8 nginx"), ["│ ├─ 7 nginx", "│ └─ 8 nginx"]);
        assert_eq!(texts("=46rom a icmp_seq=3D1 (mtu =3D 1480)")[0], "From a icmp_seq=1 (mtu = 1480)");
        assert_eq!(texts("I got\n>curl: (7) refused")[1], "curl: (7) refused");
    }
}
