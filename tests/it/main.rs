//! All integration tests, linked once.

mod assign;
mod reserve;
