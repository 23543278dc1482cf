//! Where a command has to be another one: shells, containers without a shell, clouds.

use serde::{Deserialize, Serialize};

/// A place to run a command in that needs a command of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// Windows, and PowerShell elsewhere.
    PowerShell,
    /// A pod whose image holds no shell and no tools: a debug container beside it does.
    Distroless,
    /// macOS and the BSDs, where they differ from Linux.
    MacOs,
    /// A machine that the team runs itself, on Linux.
    Linux,
    Aws,
    Gcp,
    Azure,
}

impl Setting {
    /// The word of the format.
    pub fn word(self) -> &'static str {
        match self {
            Setting::PowerShell => "powershell",
            Setting::Distroless => "distroless",
            Setting::MacOs => "macos",
            Setting::Linux => "linux",
            Setting::Aws => "aws",
            Setting::Gcp => "gcp",
            Setting::Azure => "azure",
        }
    }

    /// What stands above the command: "In PowerShell".
    pub fn spoken(self) -> &'static str {
        match self {
            Setting::PowerShell => "In PowerShell",
            Setting::Distroless => "For a pod without a shell",
            Setting::MacOs => "On macOS",
            Setting::Linux => "On a Linux host of your own",
            Setting::Aws => "On AWS",
            Setting::Gcp => "On Google Cloud",
            Setting::Azure => "On Azure",
        }
    }
}
