//! An index as output tables. The first columns are the keys, `unit`, `period` and `class`; rows
//! follow periods and units. Every table is registered once, with what its columns mean: from there
//! come its file, its documentation and the test that keeps them in step.

mod analysis;
mod scored;
mod sensitivity;
mod stages;

use polars::prelude::DataFrame;

use super::compare::Comparison;
use super::grade::Award;
use super::pipeline::Plan;
use super::recipe::Recipe;
use super::screen::ScreenCause;
use super::tree::Item;
use super::uncertain::{Assessed, Standing};
use super::{Index, IndexError};
use crate::frame::{Build, FrameError};
use crate::lang::Lang;

/// What tables are made from.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    pub plan: &'a Plan<'a>,
    pub recipe: &'a Recipe,
    pub index: &'a Index,
    /// What the declared alternatives make of the rows, where any are declared.
    pub assessed: Option<&'a Assessed>,
    /// Another policy beside this one, where one is given.
    pub compared: Option<&'a Comparison>,
    /// Language of labels.
    pub lang: Lang,
}

/// A column of an output table.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDoc {
    pub name: &'static str,
    /// `text`, `number`, `whole number` or `yes/no`.
    pub kind: &'static str,
    pub meaning: &'static str,
}

/// An output table.
#[derive(Clone, Copy, Debug)]
pub struct TableDoc {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Columns in their order; a table with a column for each indicator lists those before them.
    pub columns: &'static [ColumnDoc],
    /// Columns of numbers follow, named by the keys of indicators (or of nodes and indicators).
    pub wide: bool,
    make: fn(&Made) -> Result<DataFrame, TableMakeError>,
}

/// A table cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TableMakeError {
    #[error("{0}")]
    Index(#[from] IndexError),
    #[error("{0}")]
    Frame(#[from] FrameError),
}

const fn col(name: &'static str, kind: &'static str, meaning: &'static str) -> ColumnDoc {
    ColumnDoc { name, kind, meaning }
}

const UNIT: ColumnDoc = col("unit", "text", "Name of the unit.");
const PERIOD: ColumnDoc = col("period", "whole number", "Period; null without a column of periods.");
const CLASS: ColumnDoc = col("class", "text", "Class; null without classes.");

/// All tables of an index that has something to say in them: without imputed cells there is no
/// `imputations`, without a second period no `changes`.
///
/// # Errors
/// A table cannot be made; with a valid plan none fails.
pub fn tables(made: &Made) -> Result<Vec<(&'static str, DataFrame)>, TableMakeError> {
    let mut found = Vec::new();
    for doc in registered() {
        let table = (doc.make)(made)?;
        if table.height() > 0 || doc.name == "scores" {
            found.push((doc.name, table));
        }
    }
    Ok(found)
}

/// Every output table.
pub fn registered() -> impl Iterator<Item = &'static TableDoc> {
    [scored::TABLES, sensitivity::TABLES, stages::TABLES, analysis::TABLES].into_iter().flatten()
}

/// NaN is null in a table.
fn known(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|v| v.is_finite().then_some(*v)).collect()
}

impl Made<'_> {
    fn text(&self, column: Option<&str>, row: usize) -> Option<&str> {
        column.and_then(|c| self.plan.table.texts.get(c)).and_then(|t| t[row].as_deref())
    }

    fn period(&self, row: usize) -> Option<i64> {
        self.plan.policy.period.is_some().then(|| self.plan.table.periods[row])
    }

    /// Unit, period and class of some rows.
    fn keys(&self, rows: impl Iterator<Item = usize> + Clone) -> Build {
        let table = self.plan.table;
        let class = table.class.as_deref();
        Build::new()
            .str("unit", &rows.clone().map(|row| table.name(row)).collect::<Vec<_>>())
            .whole("period", rows.clone().map(|row| self.period(row)).collect())
            .text("class", rows.map(|row| self.text(class, row)).collect())
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.plan.table.rows()
    }

    fn item(&self, at: usize) -> &Item {
        &self.plan.tree.items[at]
    }

    fn leaf_key(&self, leaf: usize) -> &str {
        &self.item(self.plan.tree.leaves[leaf]).key
    }

    /// A node's or indicator's name in the reader's language; its key where it has none.
    pub fn label<'k>(&'k self, key: &'k str) -> &'k str {
        let policy = self.plan.policy;
        let (zh, en) = match (policy.indicators.get(key), policy.nodes.get(key)) {
            (Some(i), _) => (&i.label, &i.label_en),
            (None, Some(n)) => (&n.label, &n.label_en),
            (None, None) => return key,
        };
        let en = en.as_deref().unwrap_or_default();
        let (first, second) = if self.lang == Lang::Zh { (zh.as_str(), en) } else { (en, zh.as_str()) };
        [first, second, key].into_iter().find(|name| !name.is_empty()).unwrap_or(key)
    }

    /// A grade of a row.
    fn grade(&self, row: usize, which: impl Fn(&Award) -> usize) -> Option<&str> {
        let band = self.index.awards.get(row)?.as_ref().map(which)?;
        self.plan.policy.grades.get(band).map(|b| b.grade.as_str())
    }

    /// What the declared alternatives make of each row that is rated.
    fn standings(&self) -> Vec<(usize, &Standing)> {
        let rows = self.assessed.iter().flat_map(|assessed| assessed.rows.iter().enumerate());
        rows.filter(|(row, _)| !self.index.score[*row].is_nan()).collect()
    }

    /// Imputed cells, by row.
    fn imputed(&self, row: usize) -> usize {
        self.index.marks.iter().filter(|marks| marks[row]).count()
    }

    /// Why a row is not rated.
    fn reason(&self, row: usize) -> Option<&'static str> {
        if !self.index.score[row].is_nan() {
            return None;
        }
        let screened = self.index.screened.rows.get(row).copied().flatten();
        Some(match screened.map(|reason| (reason.cause, reason.share)) {
            Some((ScreenCause::Indicators, _)) => "screen_units",
            Some((ScreenCause::NonZero, _)) => "screen_non_zero",
            Some((_, share)) if share <= 0.0 => "no_data",
            Some(_) => "measured_weight",
            None => "no_value",
        })
    }
}

/// Markdown that lists every output table with its columns.
pub fn documentation() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for doc in registered() {
        let _ = write!(text, "\n### `{}`\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n", doc.name, doc.meaning);
        for column in doc.columns {
            let _ = writeln!(text, "| `{}` | {} | {} |", column.name, column.kind, column.meaning);
        }
        if doc.wide {
            text.push_str(match doc.name {
                "ranks" => "| `p_`*grade* | number | Probability of each grade, awarded anew in every draw. |\n",
                "aggregated" => "| *key* | number | One column for each node and indicator. |\n",
                _ => "| *key* | number | One column for each indicator. |\n",
            });
        }
    }
    text
}
