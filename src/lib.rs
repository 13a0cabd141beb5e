//! touyan (头雁): an analytics engine for county planners.

pub mod book;
pub mod frame;
pub mod ident;
pub mod kernel;
pub mod lang;
pub mod policy;
pub mod report;
pub mod reserve;
pub mod run;
pub mod score;
pub mod stage;
pub mod structure;
pub mod supervise;
pub mod synth;
