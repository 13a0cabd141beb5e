//! All integration tests, linked once.

mod report;
