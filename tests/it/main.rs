//! All integration tests, linked once.

mod read;
mod book;
