use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fill, Gaps};
use crate::index::method::{Method, Named};

/// Mean of the measured values of the same period, of all rows or within a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// Text column that names the group; all rows if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

impl Named for Mean {
    const METHOD: Method = Method {
        name: "mean",
        formula: "Σ x / n over the measured rows of the period, or of the group in the period",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 3.2 (unconditional mean)",
    };
}

impl Fill for Mean {
    fn check(&self, texts: &[&str]) -> Result<(), String> {
        match &self.within {
            Some(column) if !texts.contains(&column.as_str()) => {
                Err(format!("`within` = \"{column}\" is no text column of the table"))
            }
            _ => Ok(()),
        }
    }

    fn fill(&self, gaps: &Gaps, indicator: usize) -> Vec<f64> {
        let group = |row: usize| -> Option<&str> {
            match &self.within {
                None => Some(""),
                Some(column) => gaps.texts.get(column).and_then(|c| c[row].as_deref()),
            }
        };
        let mut sums = std::collections::BTreeMap::<(i64, &str), (f64, u32)>::new();
        for row in 0..gaps.rows() {
            let (value, group) = (gaps.values[indicator][row], group(row));
            if let (false, Some(group)) = (value.is_nan(), group) {
                let slot = sums.entry((gaps.periods[row], group)).or_default();
                slot.0 += value;
                slot.1 += 1;
            }
        }
        (0..gaps.rows())
            .map(|row| {
                let found = group(row).and_then(|g| sums.get(&(gaps.periods[row], g)));
                found.map_or(f64::NAN, |(sum, n)| sum / f64::from(*n))
            })
            .collect()
    }
}
