//! Everything one can do by a key or from the list of commands, in the order of that list.

use std::collections::BTreeSet;

use leptos::prelude::{GetUntracked, ReadUntracked, Set, request_animation_frame};

use super::attention::{Sheet, Zoom};
use super::map::Tab;
use super::workspace::Workspace;
use crate::browser;
use crate::order;
use crate::session::{Action, Edit, Stroke};
use crate::sketch::to_mermaid;

/// Something one can do.
pub(super) struct Command {
    pub name: &'static str,
    /// As they are shown; `Ctrl` also stands for the command key of a Mac.
    pub keys: &'static [&'static str],
    pub run: fn(Workspace),
}

const fn command(name: &'static str, keys: &'static [&'static str], run: fn(Workspace)) -> Command {
    Command { name, keys, run }
}

pub(super) const COMMANDS: &[Command] = &[
    command("Paste or type evidence", &["/", "I"], |_| browser::focus("paste")),
    command("Open files", &["Ctrl+O"], |_| browser::click("open-files")),
    command("Copy the next command", &["C"], |_| browser::click("copy-next")),
    command("Type hops", &["O"], |workspace| workspace.begin_outline()),
    command("Show the map", &["G"], |workspace| workspace.tab.set(Tab::Map)),
    command("New hop, called by the chosen one", &["N", "Ctrl+ArrowRight"], grow),
    command("Connect the chosen hop to …", &["E"], |_| browser::focus("hop-connect")),
    command("Change the chosen hop", &["Enter", "F2"], |_| browser::focus("hop-Name")),
    command("Duplicate the chosen hops", &["Ctrl+D"], |workspace| {
        draw(workspace, Stroke::Duplicate(chosen(workspace)))
    }),
    command("Remove the chosen hops", &["Delete", "Backspace"], |workspace| {
        draw(workspace, Stroke::Erase(chosen(workspace)));
        workspace.attention.choose_all(BTreeSet::new());
    }),
    command("Choose all hops", &["Ctrl+A"], |workspace| {
        let all = order::set(workspace.sketch.read_untracked().nodes().iter().map(|node| node.id.clone()));
        workspace.attention.choose_all(all);
    }),
    command("Choose no hop", &["Escape"], |workspace| workspace.attention.choose_all(BTreeSet::new())),
    command("Tidy the map", &["L"], |workspace| workspace.edit(Edit::Tidy(chosen(workspace)))),
    command("Fit the whole map into view", &["Shift+1"], |workspace| workspace.attention.zoom.set(Zoom::Whole)),
    command("Map at its usual size", &["Ctrl+0"], |workspace| workspace.attention.zoom.set(Zoom::Readable)),
    command("Nearer", &["+"], |workspace| workspace.attention.zoom_by(1.25)),
    command("Farther", &["-"], |workspace| workspace.attention.zoom_by(0.8)),
    command("Copy the map as Mermaid", &[], |workspace| {
        workspace.copy(to_mermaid(&workspace.sketch.read_untracked()), "Copied: the map as a Mermaid flowchart");
    }),
    command("Undo", &["Ctrl+Z"], |workspace| workspace.dispatch(Action::Undo)),
    command("Redo", &["Ctrl+Shift+Z", "Ctrl+Y"], |workspace| workspace.dispatch(Action::Redo)),
    command("Save as file", &["Ctrl+S"], |workspace| workspace.dispatch(Action::SaveAsFile)),
    command("Share", &["Ctrl+Shift+S"], |workspace| workspace.sharing.set(true)),
    command("Runbooks", &["R"], |workspace| {
        workspace.attention.reading.set(None);
        workspace.attention.sheet.set(Some(Sheet::Runbooks));
    }),
    command("Your team’s runbooks", &[], |workspace| workspace.attention.sheet.set(Some(Sheet::Packs))),
    command("Cases in this browser", &["B"], |workspace| workspace.attention.sheet.set(Some(Sheet::Cases))),
    command("New case", &[], Workspace::begin_anew),
    command("All commands and keys", &["Ctrl+K", "?"], |workspace| {
        workspace.attention.sheet.set(Some(Sheet::Commands));
    }),
];

/// The command of a key, spelled as in [`COMMANDS`].
pub(super) fn of_key(spelled: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.keys.contains(&spelled))
}

fn chosen(workspace: Workspace) -> BTreeSet<String> {
    workspace.attention.chosen.get_untracked()
}

fn draw(workspace: Workspace, stroke: Stroke) {
    match &stroke {
        Stroke::Erase(hops) | Stroke::Duplicate(hops) if hops.is_empty() => {
            workspace.hear(browser::Notice::Said("Choose a hop on the map first.".to_owned()));
        }
        _ => workspace.draw(stroke),
    }
}

/// Draws a hop, chooses it and begins its form at the name.
fn grow(workspace: Workspace) {
    draw(workspace, Stroke::Grow { after: chosen(workspace).first().cloned() });
    let newest = workspace.sketch.read_untracked().nodes().last().map(|node| node.id.clone());
    if let Some(newest) = newest {
        workspace.attention.choose(&newest);
        request_animation_frame(|| browser::focus("hop-Name"));
    }
}
