use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::max::share;
use super::{Cell, Direction, Method, PointsRule};

/// Percent of the length of the class's vector of values, as TOPSIS wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {}

impl PointsRule for Vector {
    const METHOD: Method = Method {
        name: "vector",
        formula: "100 · x / √Σx²; lower better: 100 · (1 − x / √Σx²)",
        source: "Hwang & Yoon, Multiple Attribute Decision Making (1981), TOPSIS",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        false
    }

    /// √Σx².
    fn fit(&self, peers: &[f64], _: Direction) -> Vec<f64> {
        if peers.is_empty() { Vec::new() } else { vec![peers.iter().map(|x| x * x).sum::<f64>().sqrt()] }
    }

    /// 0 of 0 counts as nothing.
    fn points(&self, cell: &Cell) -> Option<f64> {
        let part = share(cell.value, *cell.fitted.first()?)?;
        Some(100.0 * if cell.direction == Direction::Higher { part } else { 1.0 - part })
    }
}
