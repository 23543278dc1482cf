//! Hopwise: paste what you see; it tells which hop is failing, why it thinks so, and the one command to run next.
//!
//! ```text
//! paste ─recognize→ evidence ─read→ facts ─place→ facts at hops ─weigh→ hypotheses ─advise→ Diagnosis ─→ view
//!                                                     ↑ runbooks (data)                 (a plain value)
//! view ─Action→ session ─Errand→ browser        (the only way back: a person did something)
//! ```
//!
//! Modules stand in the order of that street; each uses only modules above it. `tests/suite/architecture.rs` sees to it.

pub mod decimal;
pub mod order;
pub mod evidence;
pub mod moment;
pub mod sketch;
pub mod clean;
pub mod redact;
pub mod command;
pub mod metrics;
pub mod fact;
pub mod diagnosis;
pub mod read;
pub mod case;
pub mod link;
pub mod runbook;
pub mod routes;
pub mod reckon;
pub mod blame;
pub mod place;
pub mod compare;
pub mod hypotheses;
pub mod predict;
pub mod weigh;
pub mod advise;
pub mod explain;
pub mod engine;
pub mod course;
pub mod expectation;
pub mod rehearsal;
pub mod lint;
pub mod examine;
pub mod handbook;
pub mod author;
pub mod report;
pub mod layout;
pub mod handoff;
pub mod inquiry;
pub mod session;
#[cfg(feature = "ui")]
pub mod browser;
#[cfg(feature = "ui")]
pub mod ui;
