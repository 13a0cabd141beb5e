//! Numbers only: this folder knows no village.

pub mod draw;
pub mod rank;
pub mod round;
pub mod simplex;
