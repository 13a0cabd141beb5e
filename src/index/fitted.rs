//! Everything that was fitted, as explicit state: with it another table is judged by the same
//! parameters, and a third party can repeat the result.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::IndexError;
use super::denominate::Prior;
use super::outlier::Treatment;
use super::pipeline::Plan;

/// Fitted parameters of an index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// By indicator.
    pub indicators: IndexMap<String, FittedIndicator>,
    /// Share of each node and indicator among its siblings.
    pub shares: IndexMap<String, f64>,
    /// Names of the groups of units that were compared with one another, in the order of the
    /// parameters: the value of the class or scope, with its period where each has its own.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// Fitted parameters of an indicator, by group of units compared with one another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedIndicator {
    /// What rates on small counts are drawn towards; none unless they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priors: Vec<Prior>,
    /// What was done against outliers.
    pub treatments: Vec<Treatment>,
    /// What the rule kept.
    pub rule: Vec<Vec<f64>>,
}

impl Fitted {
    /// The same parameters in the order of another table's groups, so that it is judged by them.
    ///
    /// # Errors
    /// A group of that table, or an indicator of the tree, is not among what was fitted.
    pub fn for_plan(&self, plan: &Plan) -> Result<Fitted, IndexError> {
        let wrong = |message: String| Err(IndexError { key: "score.reference".to_owned(), message });
        let groups = plan.group_names(&plan.fits(&plan.compare), &plan.compare);
        let mut order = Vec::with_capacity(groups.len());
        for group in &groups {
            match self.groups.iter().position(|known| known == group) {
                Some(at) => order.push(at),
                None => {
                    let known = self.groups.join(", ");
                    return wrong(format!(
                        "no parameters were fitted for the group `{group}`; there are those of {known}"
                    ));
                }
            }
        }
        let mut indicators = IndexMap::new();
        for &at in &plan.tree.leaves {
            let key = &plan.tree.items[at].key;
            let Some(own) = self.indicators.get(key) else {
                return wrong(format!("no parameters were fitted for the indicator `{key}`"));
            };
            let treatments = order.iter().map(|&g| own.treatments.get(g).cloned().unwrap_or_default()).collect();
            let rule = order.iter().map(|&g| own.rule.get(g).cloned().unwrap_or_default()).collect();
            let priors = if own.priors.is_empty() {
                Vec::new()
            } else {
                order.iter().map(|&g| own.priors.get(g).copied().unwrap_or_default()).collect()
            };
            indicators.insert(key.clone(), FittedIndicator { priors, treatments, rule });
        }
        Ok(Fitted { indicators, shares: self.shares.clone(), groups })
    }

    /// The treatment of an indicator in a group.
    pub fn treatment(&self, indicator: &str, group: usize) -> Option<&Treatment> {
        self.indicators.get(indicator)?.treatments.get(group)
    }

    /// The rule's parameters of an indicator in a group.
    pub fn rule(&self, indicator: &str, group: usize) -> Option<&[f64]> {
        self.indicators.get(indicator)?.rule.get(group).map(Vec::as_slice)
    }
}
