use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Found, Siblings, Weigh, columns};
use crate::index::method::{Method, Named};
use crate::kernel::eigen;

/// Squared loadings of the first principal component: columns that move together with most others
/// weigh most. The component is not rotated, and not combined with others. Correlations are taken
/// over the units that have both values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrincipalComponent {}

impl Named for PrincipalComponent {
    const METHOD: Method = Method {
        name: "principal_component",
        formula: "w = v², v the eigenvector of length 1 to the greatest eigenvalue of the correlation matrix",
        source: "Nicoletti, Scarpetta & Boylaud (2000), restricted to the first component; OECD/JRC Handbook (2008), section 6.1",
    };
}

/// First component of the columns that vary: its loadings (0 for the others), and the share of the
/// variance that it explains.
pub fn principal_component(values: &[&[f64]]) -> (Vec<f64>, f64) {
    let varied: Vec<usize> = (0..values.len()).filter(|&j| columns::deviation(values[j]) > 0.0).collect();
    let correlation = |&a: &usize, &b: &usize| if a == b { 1.0 } else { columns::correlation(values[a], values[b]) };
    let matrix: Vec<Vec<f64>> = varied.iter().map(|a| varied.iter().map(|b| correlation(a, b)).collect()).collect();
    let mut loadings = vec![0.0; values.len()];
    let Some((value, vector)) = eigen::symmetric(&matrix).into_iter().next() else { return (loadings, 0.0) };
    varied.iter().zip(vector).for_each(|(&j, v)| loadings[j] = v);
    (loadings, value / varied.len() as f64)
}

impl Weigh for PrincipalComponent {
    fn weigh(&self, siblings: &Siblings) -> Result<Found, String> {
        let (loadings, explained) = principal_component(siblings.values);
        let mut found = Found::proportional(&loadings.iter().map(|v| v * v).collect::<Vec<_>>());
        let sum: f64 = loadings.iter().sum();
        let against: Vec<String> = (siblings.keys.iter().zip(&loadings))
            .filter(|(_, v)| **v * sum < 0.0 && v.abs() > 0.01)
            .map(|(key, _)| format!("`{key}`"))
            .collect();
        if !against.is_empty() {
            found.notes.push(format!(
                "the first component, {explained:.2} of the variance, sets {} against the other indicators: squared loadings do not show that",
                against.join(", ")
            ));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two columns with correlation r: eigenvalues 1 ± r, loadings 1/√2 each.
    #[test]
    fn two_columns_share_alike_and_a_flat_one_has_none() {
        let (a, b) = ([1.0, 2.0, 3.0, 5.0], [2.0, 1.0, 4.0, 9.0]);
        let (loadings, explained) = principal_component(&[&a, &b, &[3.0; 4]]);
        assert!((loadings[0] - 0.5_f64.sqrt()).abs() < 1e-12 && (loadings[1] - 0.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(loadings[2], 0.0);
        assert!((explained - (1.0 + columns::correlation(&a, &b)) / 2.0).abs() < 1e-12);
        assert_eq!(principal_component(&[&[1.0], &[2.0]]), (vec![0.0, 0.0], 0.0));
    }
}
