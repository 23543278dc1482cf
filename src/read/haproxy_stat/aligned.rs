//! Knows the columns of a `show stat` that `column -s, -t` has laid out: each begins where its name begins.
//!
//! ```text
//! # pxname  svname   scur  stot  econ  status    check_status  last_chk
//! be_app    app1     0     0     0     DOWN      * L4CON       Connection refused
//! be_app    app2     0     3     0     no check
//! ```

/// The head of such a table.
pub(super) struct Aligned<'a> {
    columns: Vec<(usize, &'a str)>,
}

impl<'a> Aligned<'a> {
    pub(super) fn of(text: &'a str) -> Option<Aligned<'a>> {
        text.strip_prefix("# pxname ").filter(|rest| rest.trim_start().starts_with("svname "))?;
        let (mut columns, mut at) = (Vec::new(), 0);
        for word in text.split(' ') {
            match word {
                "" | "#" => {}
                "pxname" => columns.push((0, word)),
                _ => columns.push((at, word)),
            }
            at += word.len() + 1;
        }
        Some(Aligned { columns })
    }

    pub(super) fn names(&self) -> Vec<&'a str> {
        self.columns.iter().map(|(_, name)| *name).collect()
    }

    /// What stands under each name; nothing where a line has other columns.
    pub(super) fn cells<'b>(&self, text: &'b str) -> Option<Vec<&'b str>> {
        let begins = |at: usize| at >= text.len() || at == 0 || text.as_bytes().get(at - 1) == Some(&b' ');
        self.columns.iter().all(|(at, _)| begins(*at)).then_some(())?;
        let ends = self.columns.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        let cell = |((from, _), to): (&(usize, &str), usize)| text.get(*from..to.min(text.len())).unwrap_or_default();
        Some(self.columns.iter().zip(ends).map(cell).map(str::trim).collect())
    }
}
