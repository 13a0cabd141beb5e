//! Numbers only: this folder knows no village.

<<<<<<< HEAD
pub mod draw;
pub mod rank;
=======
pub mod evaluate;
pub mod logistic;
>>>>>>> supervise
pub mod round;
pub mod simplex;
