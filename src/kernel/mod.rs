//! Numbers only: this folder knows no village.

pub mod evaluate;
pub mod logistic;
pub mod round;
