//! What haproxy's health checks report, in words, in codes and in the numbers of its state file.
//!
//! ```text
//! Layer4 connection problem · L4CON · 8
//! Layer7 wrong status, code: 404 · L7STS · 17
//! ```
//!
//! Source: `include/haproxy/check-t.h` and `src/check.c` of haproxy 2.6.

/// One kind of result: its code, its description, its number, and the value of `server.check` it stands for.
const RESULTS: [(&str, &str, u8, &str); 15] = [
    ("SOCKERR", "Socket error", 5, "down_other"),
    ("L4OK", "Layer4 check passed", 6, "up"),
    ("L4TOUT", "Layer4 timeout", 7, "down_timeout"),
    ("L4CON", "Layer4 connection problem", 8, "down_refused"),
    ("L6OK", "Layer6 check passed", 9, "up"),
    ("L6TOUT", "Layer6 timeout", 10, "down_tls"),
    ("L6RSP", "Layer6 invalid response", 11, "down_tls"),
    ("L7TOUT", "Layer7 timeout", 12, "down_other"),
    ("L7RSP", "Layer7 invalid response", 13, "down_other"),
    ("L7OK", "Layer7 check passed", 15, "up"),
    ("L7OKC", "Layer7 check conditionally passed", 16, "up"),
    ("L7STS", "Layer7 wrong status", 17, "down_status"),
    ("PROCERR", "External check error", 18, "down_other"),
    ("PROCTOUT", "External check timeout", 19, "down_other"),
    ("PROCOK", "External check passed", 20, "up"),
];

/// From a code as `show stat` prints it; `* L4CON` is a check in progress, `L7STS/404` carries the status.
pub(super) fn of_code(code: &str) -> Option<&'static str> {
    let code = code.trim_start_matches(['*', ' ']).split('/').next()?;
    RESULTS.iter().find(|(known, ..)| *known == code).map(|(.., value)| *value)
}

/// From the sentence in the log, with what it adds in `info: "…"`.
pub(super) fn of_sentence(sentence: &str) -> Option<&'static str> {
    let value = RESULTS.iter().find(|(_, known, ..)| sentence.contains(known)).map(|(.., value)| *value)?;
    // "Layer4 connection problem" is also said of a host that cannot be reached.
    let unreachable = value == "down_refused" && sentence.contains("info: \"") && !sentence.contains("refused");
    Some(if unreachable { "down_other" } else { value })
}

/// From the number in `show servers state`, with the code that people know.
pub(super) fn of_number(number: &str) -> Option<(&'static str, &'static str)> {
    let number: u8 = number.parse().ok()?;
    RESULTS.iter().find(|(_, _, known, _)| *known == number).map(|(code, _, _, value)| (*code, *value))
}
