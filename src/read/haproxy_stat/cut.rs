//! Knows the columns of a `show stat` that `cut` or awk has cut down and grep has left without its head.
//!
//! ```text
//! $ echo 'show stat' | socat - ./ha.sock | cut -d, -f1,2,18,37,39 | grep cart-
//! cart,cart-11,UP,L7OK,3
//! cart,cart-14,no check,,
//! $ echo 'show stat' | socat stdio ./ha.sock | awk -F, '/^cart/{print $1, $2, $18}'
//! cart cart-12 DOWN
//! ```
//!
//! The command line tells the columns by number. Without it, the state and the code of the check are known by their words.

use super::super::{CommandLine, Part, haproxy_check};

/// What haproxy prints, in its order (management guide, section 9.1); it has only ever added columns at the end.
pub(super) const COLUMNS: &str = "pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,\
weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,\
check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,\
srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime";

/// Every state of a server, without the "1/3" that may follow it.
const STATES: &[&str] = &["UP", "DOWN", "MAINT", "DRAIN", "NOLB", "OPEN", "no check"];

/// A table that is left of the whole one.
pub(super) struct Cut {
    pub head: Vec<&'static str>,
    pub sure: f64,
    /// Blanks stand between the cells in place of commas.
    blank: bool,
}

impl Cut {
    pub(super) fn of(part: &Part) -> Option<Cut> {
        let asks = |command: &CommandLine| {
            command.words().any(|word| word.contains("show stat") || word.contains(";csv") || word.contains("haproxy"))
        };
        let told = part.command.as_ref().filter(|command| asks(command)).and_then(numbers);
        let blank = !part.any(|text| text.contains(','));
        let cut = match told {
            Some(numbers) => {
                let name = |number: &usize| COLUMNS.split(',').nth(number.checked_sub(1)?);
                Cut { head: numbers.iter().map(|number| name(number).unwrap_or_default()).collect(), sure: 0.95, blank }
            }
            None if blank => return None,
            None => Cut { head: part.lines.iter().find_map(|line| guessed(&line.text))?, sure: 0.85, blank },
        };
        let named = cut.head.contains(&"svname") && cut.head.contains(&"status");
        let fits = || part.lines.iter().filter(|line| cut.cells(&line.text).is_some()).count();
        let filled = || part.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
        (named && fits() > 0 && fits() * 2 >= filled()).then_some(cut)
    }

    /// The cells of a row; nothing where a line is none.
    pub(super) fn cells<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let text = text.trim();
        let cells: Vec<&str> = if self.blank { blank_cells(text) } else { text.split(',').map(str::trim).collect() };
        let at = self.head.iter().position(|name| *name == "status")?;
        (cells.len() == self.head.len() && cells.get(at).is_some_and(|cell| is_state(cell))).then_some(cells)
    }
}

/// The numbers of the columns that a command line keeps, from 1: `cut -d, -f1,2,18`, `awk -F, '{print $1, $2, $18}'`.
fn numbers(command: &CommandLine) -> Option<Vec<usize>> {
    if let Some(list) = command.only("cut", |_| true).option("-f", "--fields").filter(|_| command.runs("cut")) {
        let mut numbers = Vec::new();
        for range in list.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            numbers.extend((first..=last).take(COLUMNS.len()));
        }
        return Some(numbers);
    }
    let printed = command.words().find_map(|word| word.split_once("print").filter(|_| word.contains('{')))?.1;
    let fields = printed.split('$').skip(1).map(|field| {
        let end = field.find(|c: char| !c.is_ascii_digit()).unwrap_or(field.len());
        field.get(..end).and_then(|digits| digits.parse().ok())
    });
    fields.collect()
}

/// The columns of a row that begins with two names, by what stands in it.
fn guessed(text: &str) -> Option<Vec<&'static str>> {
    let cells: Vec<&str> = text.trim().split(',').map(str::trim).collect();
    let [proxy, server, rest @ ..] = cells.as_slice() else { return None };
    let is_name = |cell: &str| {
        cell.starts_with(char::is_alphabetic) && cell.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c))
    };
    let states = rest.iter().filter(|cell| is_state(cell)).count();
    let named = |cell: &&str| match *cell {
        cell if is_state(cell) => Some("status"),
        cell if haproxy_check::of_code(cell).is_some() => Some("check_status"),
        cell => cell.bytes().all(|b| b.is_ascii_digit()).then_some(""),
    };
    let rest: Option<Vec<&str>> = rest.iter().map(named).collect();
    let known = is_name(proxy) && is_name(server) && states == 1;
    rest.filter(|_| known).map(|rest| ["pxname", "svname"].into_iter().chain(rest).collect())
}

fn is_state(cell: &str) -> bool {
    let bare = cell.split(" (").next().unwrap_or(cell);
    let bare = match bare.rsplit_once(' ') {
        Some((state, passed)) if passed.contains('/') => state,
        _ => bare,
    };
    STATES.contains(&bare)
}

/// Words with blanks between them, and yet `no check` and `UP 1/3` as one.
pub(super) fn blank_cells(text: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let two = rest.match_indices(' ').nth(1).map_or(rest.len(), |(at, _)| at);
        let one = rest.find(' ').unwrap_or(rest.len());
        let end = if rest.get(..two).is_some_and(|cell| cell.contains(' ') && is_state(cell)) { two } else { one };
        let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        cells.push(cell);
        rest = after.trim_start();
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::{READER, read};
    use super::*;
    use crate::read::{told, told_below};

    #[test]
    fn the_command_line_numbers_the_columns() {
        let numbers = |line: &str| numbers(&CommandLine::parse(line));
        assert_eq!(
            numbers("echo 'show stat' | socat - /run/h.sock | cut -d, -f1,2,18,37-39"),
            Some(vec![1, 2, 18, 37, 38, 39])
        );
        assert_eq!(
            numbers("echo 'show stat' | nc -U h | awk -F, '/^be/ {print $1\"/\"$2, $18}'"),
            Some(vec![1, 2, 18])
        );
        let command = "echo 'show stat' | socat - ./ha.sock | awk -F, '{print $1, $2, $18, $5}'";
        let text = "cart cart-11 UP 1/3 4\ncart cart-12 DOWN 0\ncart cart-13 no check 0\n";
        assert_eq!(
            told_below(command, text, read),
            ["server check is up at cart/cart-11 (UP 1/3)", "server check is down other at cart/cart-12 (DOWN)"]
        );
    }

    #[test]
    fn a_state_among_numbers_is_known_by_its_word() {
        let text = "play,play-b1,2,0,MAINT\nplay,play-b2,7,0,UP\nplay,play-b3,7,0,DOWN\n";
        assert_eq!(
            told(READER, text),
            [
                "server check is maintenance at play/play-b1 (MAINT)",
                "server check is up at play/play-b2 (UP)",
                "server check is down other at play/play-b3 (DOWN)",
            ]
        );
        let none = |text: &str| guessed(text).is_none();
        assert!(none("eth0,UP") && none("lo,eth0,UP,DOWN") && none("shop,items,open,3") && none("ann,bob,UP to you"));
    }
}
