//! Ranges of ranks under declared alternatives (敏感性区间), by [`crate::index::uncertain`]. The stream of
//! draw `d` is (seed, factor, d), so that draws are the same for every county, and a county's figures
//! the same alone or among a hundred.

use super::adjust::PER_POINT;
use super::engine::Drawn;
use crate::index::grade::Limit;
use crate::index::uncertain::{Capped, Replicator, Reuse, Subject, assess};
use crate::index::{Groups, Index, IndexError, Plan, Recipe};

/// A village's rank over the draws.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub mean: f64,
    pub p05: i64,
    pub median: i64,
    pub p95: i64,
    pub p_top: f64,
    pub p_bottom: f64,
    /// P(each grade), best first: awarded anew in every draw, caps and vetoes included.
    pub p_grades: Vec<f64>,
    /// Draws that did not fail.
    pub draws: u64,
}

/// How draws are graded.
pub(super) struct Graded<'a> {
    /// Lowest score and room of each grade, best first.
    pub limits: &'a [Limit],
    /// The best grade that vetoes leave, by row.
    pub forced: &'a [Option<usize>],
    /// Rows within which grades are capped: those of a township.
    pub townships: &'a Groups,
}

/// Villages that are ranked together, and those of them for whom this ranking counts.
pub(super) struct Ranked {
    pub members: Vec<u32>,
    pub own: Vec<u32>,
}

/// Standings by row within the plan's scope; of `overlapping` rankings, within those.
///
/// # Errors
/// A factor does not fit the data, or every draw fails: the policy's key, and one sentence.
pub(super) fn standings(
    plan: &Plan,
    recipe: &Recipe,
    index: &Index,
    drawn: &Drawn,
    graded: &Graded,
    overlapping: &[Ranked],
) -> Result<Vec<Option<Standing>>, IndexError> {
    let rows = index.score.len();
    let mut out = vec![None; rows];
    if drawn.rule.draws == 0 || plan.tree.leaves.is_empty() || index.score.iter().all(|score| score.is_nan()) {
        return Ok(out);
    }
    let replicator = Replicator::new(plan, recipe, index, &drawn.rule, drawn.seed, Reuse::default())?;
    // Grades do not depend on who is ranked with whom: the first ranking tells them for all rows.
    let mut within = |groups: &Groups, bands: &[Limit], own: &mut dyn Iterator<Item = u32>| {
        let subject = Subject {
            groups,
            units: &plan.table.units,
            periods: &plan.table.periods,
            scores: &index.score,
            bands,
            forced: graded.forced,
            capped: Some(Capped { groups: graded.townships, per_point: PER_POINT }),
        };
        let assessed = assess(&replicator, &subject, &drawn.rule)
            .map_err(|message| IndexError { key: "score.uncertainty".to_owned(), message })?;
        for row in own {
            let found = &assessed.rows[row as usize];
            let before: Option<Standing> = out[row as usize].take();
            let p_grades = before.map_or_else(|| found.p_grades.clone(), |before| before.p_grades);
            out[row as usize] = found.rank.as_ref().map(|rank| Standing {
                mean: rank.mean,
                p05: rank.p05.0,
                median: rank.median.0.midpoint(rank.median.1),
                p95: rank.p95.1,
                p_top: found.p_top,
                p_bottom: found.p_bottom,
                p_grades,
                draws: assessed.draws,
            });
        }
        Ok(())
    };
    within(&plan.scope, graded.limits, &mut (0..rows as u32))?;
    for ranked in overlapping {
        let others = (0..rows as u32).filter(|row| ranked.members.binary_search(row).is_err()).collect();
        let groups = Groups::new(vec![ranked.members.clone(), others], rows);
        within(&groups, &[], &mut ranked.own.iter().copied())?;
    }
    Ok(out)
}
