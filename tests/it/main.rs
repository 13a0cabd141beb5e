//! All integration tests, linked once.

mod catalogue;
mod policy;
mod score;
mod structure;
