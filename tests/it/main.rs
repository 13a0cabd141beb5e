//! All integration tests, linked once.

mod book;
mod read;
mod synth;
