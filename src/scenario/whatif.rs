//! `touyan whatif`: the base and its variants in one run, and what differs.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::compare::{Changes, compare, summary};
use super::error::ScenarioError;
use super::list::LISTS;
use super::side::{Outputs, words_or_none};
use super::stale::{changed_sections, changed_tables, reads_otherwise, rerun, stale};
use super::variant::{Asked, Variant, distinct};
use super::{apply, resolve};
use crate::book::{self, Book};
use crate::frame::{self, Build, FrameResult};
use crate::policy::Policy;
use crate::run::{Given, Options, Outcome, Progress, RunError, Stage, pipeline, step};
use crate::stage::Context;

/// A variant that was computed.
#[derive(Clone, Debug)]
pub struct Computed {
    /// People and villages under their keys.
    pub variant: Variant,
    pub outcome: Outcome,
    /// Against the base.
    pub changes: Changes,
    /// Stages that ran again; the tables of the others are the base's.
    pub stages: BTreeSet<Stage>,
}

/// Base and variants.
#[derive(Clone, Debug)]
pub struct WhatIf {
    pub base: Outcome,
    pub variants: Vec<Computed>,
}

/// Runs base and variants. `at` is where the book lies, for variants whose policy reads it otherwise.
///
/// # Errors
/// A variant is wrong, or a stage fails.
pub fn whatif(
    book: &Book,
    at: book::At,
    policy: &Policy,
    options: &Options,
    asked: &[Asked],
    progress: &dyn Progress,
) -> Result<WhatIf, ScenarioError> {
    if asked.is_empty() {
        return Err(ScenarioError::Nothing);
    }
    distinct(asked)?;
    // All that can be wrong with a variant is found before anything is computed.
    let mut ready = Vec::new();
    for one in asked {
        let own = one.policy(policy)?;
        let reread = if reads_otherwise(policy, &own) {
            let read = book::open_at(at, &own);
            Some(read.map_err(|e| RunError::Broken { path: at.path.to_owned(), message: e.render(options.lang) })?)
        } else {
            None
        };
        let source = reread.map_or_else(|| book.tables.clone(), |b| b.tables);
        ready.push((resolve(&one.variant, &source)?, own, source));
    }
    let base = pipeline(book, policy, options, progress)?.met()?;
    let waived = options.decisions.waivers().map_err(RunError::stage(Stage::Reserve))?;
    let orders = options.decisions.orders().map_err(RunError::stage(Stage::Reserve))?;
    let given = Given { scores: None, waived: Some(&waived), orders: Some(&orders) };
    let mut variants = Vec::new();
    for (variant, own, source) in ready {
        let computed = step(progress, "variant", || -> Result<Computed, ScenarioError> {
            let tables = apply(&variant, &source, base.as_of)?;
            let ctx = Context { policy: &own, as_of: base.as_of, seed: options.seed, lang: options.lang };
            let stale = stale(&changed_sections(policy, &own), &changed_tables(&book.tables, &tables));
            let (outcome, stages) = rerun(&base, stale, &options.stages, &tables, &ctx, given, &())?;
            let outcome = outcome.met()?;
            let mut changes = compare(&base.tables, &outcome.tables, options.lang)?;
            let cause = causes(&variant);
            for row in &mut changes.rows {
                row.cause.clone_from(&cause);
            }
            Ok(Computed { variant, outcome, changes, stages })
        })?;
        variants.push(computed);
    }
    Ok(WhatIf { base, variants })
}

/// What a variant changes: its changes have that cause, all parts together.
fn causes(variant: &Variant) -> String {
    let parts = [
        ("policy", !variant.set.is_empty()),
        ("leave", !variant.leave.is_empty()),
        ("merge", !variant.merge.is_empty()),
    ];
    parts.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect::<Vec<_>>().join(";")
}

impl Computed {
    /// New, gone and moved by list, over all counties.
    pub fn totals(&self) -> Vec<(String, [i64; 3])> {
        let mut totals: BTreeMap<usize, [i64; 3]> = BTreeMap::new();
        for ((_, list), count) in &self.changes.counts {
            let sum = totals.entry(*list).or_default();
            for (sum, n) in sum.iter_mut().zip([count.new, count.gone, count.moved]) {
                *sum += n as i64;
            }
        }
        totals.into_iter().map(|(list, sum)| (LISTS[list].name.to_owned(), sum)).collect()
    }
}

impl WhatIf {
    /// The tables of the output: `variants`, `figures`, `changes`, `changes_summary`.
    ///
    /// # Errors
    /// polars refuses.
    pub fn tables(&self) -> FrameResult<Outputs> {
        let day = self.base.as_of;
        let mut changes = Vec::new();
        let mut counts = Vec::new();
        for one in &self.variants {
            changes.push(with_variant(&one.variant.name, &one.changes.table()?)?);
            let mut count = summary(&one.changes, (day, day))?;
            for column in ["as_of_before", "as_of_after", "by_data", "by_policy", "by_date", "by_together"] {
                count = count.drop(column)?;
            }
            counts.push(with_variant(&one.variant.name, &count)?);
        }
        Ok(Outputs::from([
            ("changes", stacked(changes)?),
            ("changes_summary", stacked(counts)?),
            ("figures", self.figures()?),
            ("variants", self.variant_table()?),
        ]))
    }

    /// What each variant changes, and which stages ran again for it.
    fn variant_table(&self) -> FrameResult<DataFrame> {
        let text = |pick: &dyn Fn(&Computed) -> String| self.variants.iter().map(|v| Some(pick(v))).collect::<Vec<_>>();
        let count =
            |pick: &dyn Fn(&Computed) -> usize| self.variants.iter().map(|v| Some(pick(v) as i64)).collect::<Vec<_>>();
        let keys = |v: &Computed| flat(&v.variant.set).join("; ");
        let stages = |v: &Computed| v.stages.iter().map(|s| s.name()).collect::<Vec<_>>().join(";");
        Build::new()
            .text("variant", text(&|v| v.variant.name.clone()))
            .text("label", text(&|v| v.variant.label.clone()))
            .text("overrides", text(&keys))
            .whole("leaving_people", count(&|v| v.variant.leave.len()))
            .whole("merging_villages", count(&|v| v.variant.merge.iter().map(|m| m.from.len()).sum()))
            .text("recomputed", text(&stages))
            .done()
    }

    /// Key figures side by side.
    fn figures(&self) -> FrameResult<DataFrame> {
        let base = figures(&self.base.tables);
        let mut rows: Vec<(&str, Figure, Option<f64>, Option<f64>)> = Vec::new();
        for one in &self.variants {
            let own = figures(&one.outcome.tables);
            let keys: BTreeSet<&Figure> = base.keys().chain(own.keys()).collect();
            for key in keys {
                // A code that one side does not have occurs there not once.
                let value = |side: &BTreeMap<Figure, f64>| side.get(key).copied().or(Some(0.0));
                rows.push((&one.variant.name, *key, value(&base), value(&own)));
            }
        }
        let difference = |r: &(&str, Figure, Option<f64>, Option<f64>)| Some(r.3? - r.2?);
        Build::new()
            .str("variant", &rows.iter().map(|r| r.0).collect::<Vec<_>>())
            .str("figure", &rows.iter().map(|r| FIGURES[r.1.0].0).collect::<Vec<_>>())
            .text("key", rows.iter().map(|r| Some(r.1.1).filter(|k| !k.is_empty())).collect())
            .number("base_value", rows.iter().map(|r| r.2).collect())
            .number("value", rows.iter().map(|r| r.3).collect())
            .number("change", rows.iter().map(difference).collect())
            .done()
    }
}

/// A figure: its place in [`FIGURES`], and the code it counts.
type Figure<'t> = (usize, &'t str);

/// What is counted: name, table, and the column whose codes are counted one by one, if any.
pub(crate) const FIGURES: [(&str, &str, &str); 9] = [
    ("grade", "scores", "grade"),
    ("consequence", "scores", "consequence"),
    ("supervision", "supervision", "status"),
    ("talks", "talks", ""),
    ("vacancies", "vacancies", ""),
    ("filled", "assignment", ""),
    ("open", "open_posts", "cause"),
    ("ladder", "ladder", "state"),
    ("pay", "pay_budget", "total"),
];

fn figures(tables: &Outputs) -> BTreeMap<Figure<'_>, f64> {
    let mut found = BTreeMap::new();
    for (at, (name, table, column)) in FIGURES.iter().enumerate() {
        let Some(table) = tables.get(table) else { continue };
        if *name == "pay" {
            // Of sums by township and for the county, the county's; without those, all.
            let townships = words_or_none(table, "township");
            let whole = townships.contains(&"");
            if let Ok(totals) = frame::numbers(table, column) {
                let rows = totals.iter().zip(&townships).filter(|(_, t)| !whole || t.is_empty());
                found.insert((at, ""), rows.filter_map(|(total, _)| *total).sum());
            }
        } else if column.is_empty() {
            found.insert((at, ""), table.height() as f64);
        } else {
            for code in words_or_none(table, column) {
                *found.entry((at, code)).or_insert(0.0) += 1.0;
            }
        }
    }
    found
}

fn with_variant(name: &str, table: &DataFrame) -> FrameResult<DataFrame> {
    let mut columns = vec![Column::new("variant".into(), vec![name.to_owned(); table.height()])];
    columns.extend(table.columns().iter().cloned());
    Ok(DataFrame::new(table.height(), columns)?)
}

fn stacked(parts: Vec<DataFrame>) -> FrameResult<DataFrame> {
    let mut parts = parts.into_iter();
    let Some(mut all) = parts.next() else { return Ok(DataFrame::empty()) };
    for part in parts {
        all.vstack_mut(&part)?;
    }
    all.rechunk_mut();
    Ok(all)
}

/// Overrides as `key = value`, one each.
fn flat(set: &str) -> Vec<String> {
    fn walk(table: &toml::Table, path: &str, found: &mut Vec<String>) {
        for (key, value) in table {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match value {
                toml::Value::Table(inner) if !inner.is_empty() => walk(inner, &path, found),
                value => found.push(format!("{path} = {value}")),
            }
        }
    }
    let mut found = Vec::new();
    walk(&toml::from_str(set).unwrap_or_default(), "", &mut found);
    found
}
