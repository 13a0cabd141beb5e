//! Stage score.

mod policy;

pub use policy::ScorePolicy;
