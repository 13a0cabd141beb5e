//! Numbers only: this folder knows no village.

pub mod round;
