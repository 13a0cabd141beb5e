//! All integration tests, linked once.

mod catalogue;
mod policy;
mod structure;
