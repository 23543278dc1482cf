//! Everything that is checked from outside the crate, in one test program.

mod architecture;
mod documents;
mod samples;
mod stories;
