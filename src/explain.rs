//! Explains a belief beyond its list of suspects: contrasts, what does not fit, why not the popular idea, when it is enough.

mod contrast;
mod enough;
mod lowered;
mod named;
mod phases;
mod turns;
mod unexplained;

pub use contrast::contrasts;
pub use enough::enough;
pub use lowered::lowered;
pub use named::named;
pub use phases::{phases, since_last_change};
pub use turns::{rests_on, turns};
pub use unexplained::unexplained;
