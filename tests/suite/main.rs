//! Everything that is checked from outside the crate, in one test program.

mod architecture;
mod documents;
mod links;
mod redaction;
mod runbooks;
mod samples;
mod stories;
