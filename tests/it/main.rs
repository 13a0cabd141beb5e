//! All integration tests, linked once.

mod structure;
