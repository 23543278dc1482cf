//! `hopwise evaluate FOLDER [--runbooks FOLDER]`: diagnoses every labeled case below a folder and counts how often the answer is right.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use hopwise::case::{Case, Truth};
use hopwise::diagnosis::{Diagnosis, Verdict};
use hopwise::engine::diagnose;
use lexopt::prelude::*;

use crate::case_file::{open, shelf_beside};
use crate::{Refusal, input, print, runbook_files};

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<ExitCode, Refusal> {
    let (mut folder, mut teams) = (None::<OsString>, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("runbooks") => teams.push(arguments.value()?),
            Value(value) if folder.is_none() => folder = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(folder) = folder else { return Err(Refusal("evaluate needs a folder of cases".to_owned())) };
    let mut files = Vec::new();
    input::json_files(Path::new(&folder), &mut files)?;
    files.sort_unstable();
    let shelf = shelf_beside(&runbook_files::open(&teams)?)?;
    let mut text = String::from(
        "case                 first three  fault           p(truth)  brier  verdict          falsely cleared\n",
    );
    let mut total = Total::default();
    for file in files {
        let opened = open(file.as_os_str())?;
        let Some(truth) = &opened.case.truth else { continue };
        let score = Score::of(&opened.case, truth, &diagnose(&opened.sketch, &opened.evidence, &shelf));
        let name = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(text, "{name:<20} {score}");
        total.add(&score);
    }
    if total.cases == 0 {
        return Err(Refusal(format!("{} holds no case.json with a truth", folder.to_string_lossy())));
    }
    let _ = write!(text, "{total}");
    print(&text)
}

/// With so much belief in one element an answer sounds sure.
const SURE: f64 = 0.9;

/// How right one answer is.
struct Score {
    healthy: bool,
    first: bool,
    three: bool,
    fault: String,
    truth: f64,
    brier: f64,
    /// Belief in the first element, where the answer blames any.
    said: f64,
    verdict: Verdict,
    falsely_cleared: Vec<String>,
    top: String,
}

impl Score {
    fn of(case: &Case, truth: &Truth, diagnosis: &Diagnosis) -> Score {
        let right: Vec<&str> = truth
            .element
            .iter()
            .map(String::as_str)
            .chain(truth.also_accept.iter().map(String::as_str))
            .chain(truth.additional.iter().filter_map(|more| more.element.as_deref()))
            .collect();
        let healthy = truth.fault == "none";
        let mut ranked: Vec<&str> = Vec::new();
        for belief in &diagnosis.elements {
            if !ranked.contains(&belief.element.as_str()) {
                ranked.push(&belief.element);
            }
        }
        let is_right = |id: &&&str| right.contains(*id);
        let believed = |id: &str| {
            diagnosis
                .elements
                .iter()
                .find(|belief| belief.element == id && belief.address.is_none())
                .map_or(0.0, |belief| belief.probability)
        };
        let nothing_said = diagnosis.verdict == Verdict::NothingWrong;
        let p = if healthy {
            f64::from(u8::from(nothing_said))
        } else {
            right.iter().map(|id| believed(id)).sum::<f64>().min(1.0)
        };
        // Cleared although it is at fault, or although the label does not say that the evidence clears it.
        let wrongly = |id: &str| {
            !case.cleared.iter().any(|ok| ok == id)
                && (right.contains(&id) || truth.additional.iter().any(|more| more.element.as_deref() == Some(id)))
        };
        let falsely_cleared = diagnosis.cleared.iter().filter(|cleared| {
            cleared.address.is_none_or(|ip| truth.address.as_deref() == Some(&ip.to_string()))
                && wrongly(&cleared.element)
        });
        let beyond = diagnosis.cleared.iter().filter(|cleared| {
            cleared.address.is_none() && !case.cleared.contains(&cleared.element) && !wrongly(&cleared.element)
        });
        let mut falsely: Vec<String> = falsely_cleared.map(|cleared| cleared.element.clone()).collect();
        falsely.extend(beyond.map(|cleared| format!("({})", cleared.element)));
        Score {
            healthy,
            first: if healthy { nothing_said } else { !nothing_said && ranked.first().iter().any(is_right) },
            three: if healthy {
                nothing_said
            } else {
                !nothing_said && ranked.iter().take(3).any(|id| right.contains(id))
            },
            fault: diagnosis.suspects.first().map(|suspect| suspect.failure_mode.clone()).unwrap_or_default(),
            truth: p,
            brier: (1.0 - p).powi(2),
            said: diagnosis.elements.first().filter(|_| !nothing_said).map_or(0.0, |first| first.probability),
            verdict: diagnosis.verdict,
            falsely_cleared: falsely,
            top: ranked.first().map(|id| (*id).to_owned()).unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let yes = |value| if value { "yes" } else { "NO " };
        write!(
            f,
            "{:<5} {:<6} {:<25} {:>5.2} {:>6.3}  {:<16} {:<14} {}",
            yes(self.first),
            yes(self.three),
            self.fault,
            self.truth,
            self.brier,
            format!("{:?}", self.verdict),
            self.top,
            self.falsely_cleared.join(" ")
        )
    }
}

/// The counts of all cases.
#[derive(Default)]
struct Total {
    cases: usize,
    faults: usize,
    first: usize,
    three: usize,
    healthy: usize,
    healthy_right: usize,
    falsely_cleared: usize,
    beyond_the_label: usize,
    brier: f64,
    sure: usize,
    sure_and_wrong: usize,
}

impl Total {
    fn add(&mut self, score: &Score) {
        self.cases += 1;
        self.brier += score.brier;
        if score.said >= SURE {
            self.sure += 1;
            self.sure_and_wrong += usize::from(!score.first);
        }
        let beyond = score.falsely_cleared.iter().filter(|id| id.starts_with('(')).count();
        self.beyond_the_label += beyond;
        self.falsely_cleared += score.falsely_cleared.len() - beyond;
        if score.healthy {
            self.healthy += 1;
            self.healthy_right += usize::from(score.first);
        } else {
            self.faults += 1;
            self.first += usize::from(score.first);
            self.three += usize::from(score.three);
        }
    }
}

impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "\n90 % or more in one element {}, wrong {}", self.sure, self.sure_and_wrong)?;
        writeln!(
            f,
            "all {}: first {}/{}, among the first three {}/{}",
            self.cases, self.first, self.faults, self.three, self.faults
        )?;
        writeln!(f, "no fault and said so {}/{}", self.healthy_right, self.healthy)?;
        writeln!(
            f,
            "falsely cleared {}, cleared beyond the label {} (in brackets)",
            self.falsely_cleared, self.beyond_the_label
        )?;
        writeln!(f, "mean Brier score {:.3}", self.brier / self.cases.max(1) as f64)
    }
}
