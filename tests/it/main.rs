//! All integration tests, linked once.

mod catalogue;
mod structure;
