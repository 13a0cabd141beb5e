//! All integration tests, linked once.

mod supervise;
