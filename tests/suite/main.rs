//! Everything that is checked from outside the crate, in one test program.

mod stories;
