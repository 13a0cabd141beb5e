//! Numbers only: this folder knows no village.

pub mod assign;
pub mod draw;
pub mod evaluate;
pub mod logistic;
pub mod packing;
pub mod rank;
pub mod round;
pub mod simplex;
