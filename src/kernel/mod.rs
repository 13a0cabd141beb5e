//! Numbers only: this folder knows no village.

pub mod assign;
pub mod round;
