//! Everything that is checked from outside the crate, in one test program.

mod architecture;
mod cases;
mod documents;
mod links;
mod laws;
mod redaction;
mod runbooks;
mod samples;
mod stories;
