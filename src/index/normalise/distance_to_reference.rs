use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::options::{way, worst};
use super::{Beyond, Cell, Direction, Method, PointsRule};

/// Distance to a reference: a unit of the table (a model village), or a given value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DistanceToReference {
    /// Name of the unit whose value is the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The reference itself, if it is no unit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What is measured.
    #[serde(default)]
    pub form: Form,
    /// Values beyond the reference, or worse than the worst that was fitted.
    #[serde(default)]
    pub beyond: Beyond,
}

/// What is measured of the distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The part of the way from the worst to the reference.
    #[default]
    Way,
    /// The value in percent of the reference, which must be positive.
    Ratio,
}

impl PointsRule for DistanceToReference {
    const METHOD: Method = Method {
        name: "distance_to_reference",
        formula: "100 · (1 − (ref − x) / (ref − min)); lower better: 100 · (max − x) / (max − ref); with form = ratio 100 · x / ref, lower better 100 · ref / x",
        source: "COINr 1.1, n_dist2ref; OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.4",
    };
    const COMPARES: bool = true;

    fn bounded(&self) -> bool {
        self.beyond == Beyond::Hold
    }

    fn check(&self, _: Direction) -> Result<(), String> {
        match (&self.unit, self.value) {
            (None, None) => Err("needs a `unit` of the table, or a `value`".into()),
            (Some(_), Some(_)) => Err("`unit` and `value` exclude one another".into()),
            (None, Some(value)) if !value.is_finite() => Err("`value` must be a finite number".into()),
            (None, Some(value)) if self.form == Form::Ratio && value <= 0.0 => {
                Err("`value` must be positive with form = \"ratio\"".into())
            }
            _ => Ok(()),
        }
    }

    fn reference(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    fn fit(&self, peers: &[f64], direction: Direction) -> Vec<f64> {
        self.fit_to(peers, direction, None)
    }

    /// The worst value and the reference; nothing where there is none.
    fn fit_to(&self, peers: &[f64], direction: Direction, reference: Option<f64>) -> Vec<f64> {
        match (worst(peers, direction.sign()), reference.or(self.value)) {
            (Some(worst), Some(reference)) => vec![worst, reference],
            _ => Vec::new(),
        }
    }

    fn points(&self, cell: &Cell) -> Option<f64> {
        let [worst, reference] = *cell.fitted else { return None };
        let x = cell.value;
        match (self.form, cell.direction) {
            (Form::Way, direction) => Some(way(worst, reference, x, direction.sign(), self.beyond)),
            (Form::Ratio, _) if reference <= 0.0 => None,
            (Form::Ratio, Direction::Higher) => Some(100.0 * self.beyond.part(x / reference)),
            // Nothing at all where little is wanted: as good as can be told.
            (Form::Ratio, Direction::Lower) if x <= 0.0 => (self.beyond == Beyond::Hold).then_some(100.0),
            (Form::Ratio, Direction::Lower) => Some(100.0 * self.beyond.part(reference / x)),
        }
    }
}
