//! Two stretches of time to compare, before and after a change; a period that holds some of both belongs to neither.

/// A stretch of time in seconds since 1970. Its end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub start: f64,
    pub end: f64,
}

impl Window {
    /// Whether a period lies inside, whole.
    pub fn holds(self, start: f64, end: f64) -> bool {
        self.start <= start && end <= self.end && start < self.end
    }

    /// The last whole period before a change and the first whole one after it. The period in which the change happened, even in its first
    /// second, holds some of both, so it belongs to neither.
    ///
    /// `starts` are the starts of the periods, oldest first.
    pub fn around(change: f64, starts: &[f64], period: f64) -> Option<(Window, Window)> {
        let whole = |start: f64| Window { start, end: start + period };
        let before = starts.iter().copied().rfind(|start| start + period <= change)?;
        let after = starts.iter().copied().find(|start| *start > change)?;
        Some((whole(before), whole(after)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_in_which_the_change_happened_belongs_to_neither_window() {
        let starts = [0.0, 300.0, 600.0, 900.0];
        let (before, after) = Window::around(480.0, &starts, 300.0).unwrap();
        assert_eq!((before.start, before.end), (0.0, 300.0));
        assert_eq!((after.start, after.end), (600.0, 900.0));
    }

    #[test]
    fn a_period_that_begins_in_the_second_of_the_change_is_left_out() {
        let (before, after) = Window::around(300.0, &[0.0, 300.0, 600.0], 300.0).unwrap();
        assert_eq!((before.start, after.start), (0.0, 600.0));
    }
}
