//! When a job of a crontab runs. Minute, hour and day of the week are understood (crontab(5)); times are taken for UTC.

/// The minutes of a week at which a job starts.
pub(super) struct Cron {
    minutes: Vec<i64>,
    hours: Vec<i64>,
    /// 0 is Sunday.
    weekdays: Vec<i64>,
}

impl Cron {
    /// A schedule and the program behind it. Nothing for days of the month and for names of months: those runs are rare, and the
    /// errors of a log seldom reach over several.
    pub(super) fn parse<'a>(words: &[&'a str]) -> Option<(Cron, &'a str)> {
        let (fields, rest) = match words.first()? {
            &"@hourly" => (["0", "*", "*", "*", "*"], words.get(1..)?),
            &"@daily" | &"@midnight" => (["0", "0", "*", "*", "*"], words.get(1..)?),
            &"@weekly" => (["0", "0", "*", "*", "0"], words.get(1..)?),
            _ => (words.get(..5)?.try_into().ok()?, words.get(5..)?),
        };
        let [minute, hour, day, month, weekday] = fields;
        if day != "*" || month != "*" {
            return None;
        }
        let weekdays = values(weekday, 0, 7)?.into_iter().map(|day| day % 7).collect();
        let cron = Cron { minutes: values(minute, 0, 59)?, hours: values(hour, 0, 23)?, weekdays };
        Some((cron, rest.first()?))
    }

    fn starts_at(&self, minute: i64) -> bool {
        let (hour, day) = (minute.div_euclid(60), minute.div_euclid(1_440));
        self.minutes.contains(&minute.rem_euclid(60))
            && self.hours.contains(&hour.rem_euclid(24))
            // The first of January 1970 was a Thursday.
            && self.weekdays.contains(&(day + 4).rem_euclid(7))
    }

    /// How often it starts between two times in milliseconds, the minute of the first included.
    pub(super) fn runs(&self, first: i64, last: i64) -> u32 {
        let minutes = first.div_euclid(60_000)..=last.div_euclid(60_000);
        // Four weeks of minutes are counted at most; no log of errors is longer.
        minutes.take(40_320).filter(|minute| self.starts_at(*minute)).count() as u32
    }

    /// The share of the time that runs of so many seconds take, from the first time to the first start after the last.
    pub(super) fn covers(&self, first: i64, last: i64, lasts: f64) -> f64 {
        let next = (last.div_euclid(60_000) + 1..).take(10_080).find(|minute| self.starts_at(*minute));
        let end = next.map_or(last, |minute| minute * 60_000);
        let begin = first.div_euclid(60_000) * 60_000;
        (f64::from(self.runs(first, last)) * lasts * 1_000.0 / ((end - begin) as f64).max(1.0)).min(1.0)
    }

    /// Whether a run that lasts so many seconds goes on at this time, in milliseconds.
    pub(super) fn is_running(&self, time: i64, lasts: f64) -> bool {
        let minute = time.div_euclid(60_000);
        let back = (lasts / 60.0).ceil().clamp(1.0, 1_440.0) as i64;
        (minute - back..=minute).any(|start| self.starts_at(start) && (time - start * 60_000) as f64 / 1_000.0 <= lasts)
    }
}

/// `*`, `*/15`, `0,30`, `1-5`
fn values(field: &str, lowest: i64, highest: i64) -> Option<Vec<i64>> {
    let mut values = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<i64>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (lowest, highest),
            Some((from, to)) => (from.parse().ok()?, to.parse().ok()?),
            None => (range.parse().ok()?, range.parse().ok()?),
        };
        values.extend((from..=to).filter(|value| (value - from) % step == 0 && (lowest..=highest).contains(value)));
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_runs_when_its_fields_say() {
        let words: Vec<&str> = "*/15 8-9 * * 4 /opt/cleanup.sh".split(' ').collect();
        let (cron, program) = Cron::parse(&words).unwrap();
        assert_eq!(program, "/opt/cleanup.sh");
        let minute = 60_000;
        // 1970 begins on a Thursday.
        assert!(cron.is_running(8 * 60 * minute + 30_000, 40.0));
        assert!(!cron.is_running(8 * 60 * minute + 50_000, 40.0), "over after 40 s");
        assert!(!cron.is_running(24 * 60 * minute + 8 * 60 * minute, 40.0), "not on Fridays");
        assert_eq!(cron.runs(0, 24 * 60 * minute), 8);
        assert!(Cron::parse(&["0", "0", "1", "*", "*", "x"]).is_none());
    }
}
