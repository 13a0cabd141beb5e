//! Classes and benchmarks 分类定标: units are compared with their like. Classes are given, or proposed
//! from context columns (population, income, terrain, distance) with a measure of their stability;
//! every unit is told its nearest peers, and how far it lies from its class's median and best.
//!
//! A proposal is advice: it changes no score until somebody writes it into the class column.

mod benchmark;
mod context;
mod peers;
mod propose;

pub use benchmark::{Benchmark, benchmarks};
pub use context::Context;
pub use peers::{Peer, nearest};
pub use propose::{Proposal, propose};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `[score.classes]`: proposal of classes, and peers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassesPolicy {
    /// Context columns, numbers: what a unit cannot change and should be compared by.
    pub columns: Vec<String>,
    /// Those of them that enter by their logarithm (populations, incomes).
    #[serde(default)]
    pub log: Vec<String>,
    /// Fewest and most classes tried; the number with the greatest simplified silhouette (by distances from centres) is proposed.
    #[serde(default = "two_to_eight")]
    pub number: [usize; 2],
    /// Resamples that measure how stable the classes are.
    #[serde(default = "fifty")]
    pub resamples: u32,
    /// Nearest peers told for each unit.
    #[serde(default = "five")]
    pub peers: usize,
}

fn two_to_eight() -> [usize; 2] {
    [2, 8]
}

fn fifty() -> u32 {
    50
}

fn five() -> usize {
    5
}

impl ClassesPolicy {
    /// Contradictions: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self) -> Result<(), (String, String)> {
        let wrong = |key: &str, message: String| Err((format!("score.classes.{key}"), message));
        if self.columns.is_empty() {
            return wrong("columns", "must name at least one column".into());
        }
        if let Some(stray) = self.log.iter().find(|c| !self.columns.contains(c)) {
            return wrong("log", format!("`{stray}` is not among `columns`"));
        }
        let [low, high] = self.number;
        if low < 2 || high < low || high > 50 {
            return wrong("number", format!("[{low}, {high}] must be two ascending numbers from 2 to 50"));
        }
        if self.resamples > 1000 {
            return wrong("resamples", "must be at most 1000".into());
        }
        if self.peers > 100 {
            return wrong("peers", "must be at most 100".into());
        }
        Ok(())
    }
}
