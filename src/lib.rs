//! touyan (头雁): an analytics engine for the planners of a Chinese county.
//!
//! From the county's own sheets it scores villages and their Party-organisation secretaries
//! ([`score`], 考评), keeps the list of villages under escalated supervision ([`supervise`],
//! 提级管理), ranks reserve candidates against vacancies ([`reserve`], 后备) and reports the
//! old/middle/young structure ([`structure`], 队伍结构). It advises and never decides.
//!
//! Scores come from an engine of composite indices that knows no village ([`index`]): it takes any
//! table of units.
//!
//! Data enter at one door ([`book`]) and leave at one door ([`report`], [`run`]); every stage is a
//! pure function of tables and policy. At the library's boundary tables are Arrow record batches.

// A stage computes; only the command line prints.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod audit;
pub mod batches;
pub mod book;
#[allow(clippy::print_stdout, clippy::print_stderr)]
pub mod cli;
pub mod cultivate;
pub mod decisions;
pub mod desk;
mod disk;
pub mod explain;
pub mod frame;
pub mod ident;
pub mod index;
pub mod journal;
pub mod kernel;
pub mod lang;
pub mod matching;
pub mod materials;
pub mod motivate;
pub mod policy;
pub mod privacy;
pub mod report;
pub mod reserve;
pub mod returns;
pub mod run;
pub mod scenario;
pub mod score;
pub mod stage;
pub mod structure;
pub mod supervise;
pub mod synth;
pub mod templates;
