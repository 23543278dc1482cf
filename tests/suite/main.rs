//! The one integration test binary: everything that holds across modules.

mod samples;
