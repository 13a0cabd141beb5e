//! All integration tests, linked once.

mod synth;
