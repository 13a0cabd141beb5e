//! Numbers only: this folder knows no village.

pub mod draw;
pub mod round;
