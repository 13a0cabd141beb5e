//! Uncertainty: any choice of the policy can be declared uncertain, and every unit is told how far
//! its rank and grade depend on it.
//!
//! Each declared choice is one independent factor; a weight vector is one. A draw is a realisation
//! number for each factor, and what a factor does under realisation `r` depends on (seed, key, r)
//! alone: that makes draws the same for any thread count and batch, lets years and policies share
//! their random numbers, and lets variance be split among factors.

mod policy;

pub use policy::{Factor, Law, Places, Sobol, Space, Uncertainty};
