//! All integration tests, linked once.

mod score;
