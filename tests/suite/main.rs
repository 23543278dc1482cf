//! Everything that is checked from outside the crate, in one test program.

mod architecture;
mod documents;
mod runbooks;
mod samples;
mod stories;
