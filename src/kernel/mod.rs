//! Numbers only: this folder knows no village.

pub mod assign;
pub mod draw;
pub mod eigen;
pub mod evaluate;
pub mod lanes;
pub mod least_squares;
pub mod logistic;
pub mod packing;
pub mod places;
pub mod quota;
pub mod rank;
pub mod round;
pub mod simplex;
pub mod spline;
