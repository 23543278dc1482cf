//! Everything that is checked from outside the crate, in one test program.

mod stories;
//! The one integration test binary: everything that holds across modules.

mod samples;
mod architecture;
mod documents;
