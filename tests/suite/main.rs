//! Everything that is checked from outside the crate, in one test program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on stops, and says where"
)]

mod architecture;
mod broken_runbooks;
mod cases;
mod channels;
mod documents;
mod links;
mod laws;
mod many_modes;
mod newcomer;
mod numbers;
mod redaction;
mod runbooks;
mod samples;
mod stories;
mod supply;
