//! Parts that the page and the workbook share: sentences about the run, tables made by hand, and
//! the words for keys whose meaning depends on their row.

use std::collections::BTreeMap;

use super::Report;
use super::grid::{Cell, Grid, Maker, Style, text};
use super::view::Rows;
use crate::say;

/// Recommenders of fewer people are not shown in a summary, even if small counts are.
const SMALLEST: i64 = 3;

impl Report<'_> {
    pub(super) fn maker(&self) -> Maker<'_> {
        Maker { labels: &self.labels, people: &self.people, villages: &self.villages }
    }

    /// Which of these counts of people, whose sum is known, this reader may not see.
    pub(super) fn hidden(&self, counts: &[i64]) -> Vec<bool> {
        if self.people.internal() {
            return vec![false; counts.len()];
        }
        crate::privacy::hide_parts(counts, &self.input.ctx.policy.privacy)
    }

    /// Columns with the county in front where there are several.
    pub(super) fn with_county<'c>(&self, columns: &[&'c str]) -> Vec<&'c str> {
        let county = self.several().then_some("county");
        county.into_iter().chain(columns.iter().copied()).collect()
    }

    /// Name, number and dates of the policy.
    pub(super) fn policy_line(&self) -> String {
        let report = self;
        let meta = &report.input.ctx.policy.meta;
        let mut parts = vec![meta.title(report.lang)];
        if meta.source.is_empty() {
            parts.push(report.lang.text("report-policy-unnumbered"));
        } else {
            parts.push(meta.source.clone());
        }
        if !meta.effective.is_empty() {
            parts.push(say!(report.lang, "report-policy-effective", day = &meta.effective));
        }
        if let Some(day) = &meta.election_day {
            parts.push(say!(report.lang, "report-policy-election", day = day));
        }
        parts.join(match report.lang {
            crate::lang::Lang::Zh => "，",
            crate::lang::Lang::En => ", ",
        })
    }

    /// How much was read, and what became of it.
    pub(super) fn sources_line(&self) -> String {
        let report = self;
        let sources = &report.digest.sources;
        if sources.sheets.is_empty() {
            let rows: usize = sources.tables.iter().map(|t| t.1).sum();
            return say!(report.lang, "report-sources-tables", tables = sources.tables.len(), rows = rows);
        }
        let sum = &sources.sum;
        say!(
            report.lang,
            "report-sources-files",
            files = sources.files,
            rows = sum.rows,
            accepted = sum.accepted,
            ignored = sum.ignored,
            quarantined = sum.quarantined,
            flagged = sum.flagged
        )
    }

    /// Contributions summed by area: heading and points by village, in the order in which the
    /// areas first appear. The columns of a village add up to its score.
    pub(super) fn areas(&self) -> Option<Vec<(String, BTreeMap<&str, f64>)>> {
        let rows = Rows::of(self.source.outcome("contributions"));
        if rows.is_empty() {
            return None;
        }
        let (villages, sources, areas) = (rows.words("village"), rows.words("source"), rows.words("area"));
        let values = rows.numbers("contribution");
        // Source and area; a source that is not measured has no areas.
        type Area<'r> = (&'r str, &'r str);
        let mut columns: Vec<(Area, BTreeMap<&str, f64>)> = Vec::new();
        for i in 0..rows.height() {
            // The sources other than measurement have no areas worth a column each.
            let key = if sources[i] == "measured" { (sources[i], areas[i]) } else { (sources[i], "") };
            let at = columns.iter().position(|c| c.0 == key).unwrap_or_else(|| {
                columns.push((key, BTreeMap::new()));
                columns.len() - 1
            });
            *columns[at].1.entry(villages[i]).or_insert(0.0) += values[i].unwrap_or(0.0);
        }
        Some(
            columns
                .into_iter()
                .map(|((source, area), values)| {
                    let label = if area.is_empty() {
                        self.labels.code("source", source)
                    } else {
                        self.labels.code("area", area)
                    };
                    (label.to_string(), values)
                })
                .collect(),
        )
    }

    /// Rows of `pool_outcomes` that the audience may see: a recommender may be a person, and a
    /// group of one or two would give them away.
    pub(super) fn outcome_rows(&self) -> Vec<usize> {
        let rows = self.source.rows("pool_outcomes");
        let (dimensions, keys, people) = (rows.words("dimension"), rows.words("key"), rows.wholes("people"));
        (0..rows.height())
            .filter(|&i| {
                self.people.internal()
                    || dimensions[i] != "recommender"
                    || (people[i].unwrap_or(0) >= SMALLEST && !self.people.is_name(keys[i]))
            })
            .collect()
    }

    /// What the rows of `pool_outcomes` are about, in words.
    pub(super) fn outcome_keys(&self, picked: &[usize]) -> Vec<Cell<'_>> {
        let rows = self.source.rows("pool_outcomes");
        let (dimensions, keys) = (rows.words("dimension"), rows.words("key"));
        picked
            .iter()
            .map(|&i| {
                let word = match dimensions[i] {
                    "source" => self.labels.code("pool_source", keys[i]).to_string(),
                    _ => keys[i].to_owned(),
                };
                text(word.into())
            })
            .collect()
    }

    /// What a row of `structure` is about, in words; `post` is the post that a pool is meant for.
    pub(super) fn structure_key(&self, dimension: &str, key: &str, post: &str) -> String {
        match dimension {
            "post" => self.labels.code("post", key).to_string(),
            "class" => self.labels.code("class", key).to_string(),
            "pool" if post.is_empty() || post == "all" => self.lang.text("report-pool"),
            "pool" => say!(self.lang, "report-pool-for", post = &*self.labels.code("post", post)),
            _ => key.to_owned(),
        }
    }

    /// Cells that say what rows of `structure` are about.
    pub(super) fn structure_keys(&self, rows: Rows, picked: &[usize]) -> Vec<Cell<'static>> {
        let (dims, keys, posts) = (rows.words("dimension"), rows.words("key"), rows.words("post"));
        picked.iter().map(|&i| text(self.structure_key(dims[i], keys[i], posts[i]).into())).collect()
    }

    /// One line per county.
    pub(super) fn county_grid(&self) -> Grid<'_> {
        let rows = &self.digest.counties;
        let mut grid = Grid::default();
        let whole = |read: fn(&super::digest::CountyRow) -> usize| -> Vec<Cell<'_>> {
            rows.iter().map(|r| Cell::Whole(read(r) as i64)).collect()
        };
        let label = |id: &str| self.lang.text(&format!("report-county-{id}"));
        let names = rows.iter().map(|r| text(r.county.as_str().into())).collect();
        grid.push(self.labels.column("county"), Style::Word, names);
        grid.push(label("villages"), Style::Whole, whole(|r| r.villages));
        grid.push(label("rated"), Style::Whole, whole(|r| r.rated));
        let medians = rows.iter().map(|r| r.median.map_or(Cell::Empty, Cell::Number)).collect();
        grid.push(label("median"), Style::Number(1), medians);
        grid.push(label("supervised"), Style::Whole, whole(|r| r.supervised));
        grid.push(label("suggested"), Style::Whole, whole(|r| r.suggested));
        grid.push(label("talks"), Style::Whole, whole(|r| r.talks));
        grid.push(label("vacancies"), Style::Whole, whole(|r| r.vacancies));
        grid.push(label("assigned"), Style::Whole, whole(|r| r.assigned));
        grid.push(label("open"), Style::Whole, whole(|r| r.open));
        grid.push(label("overdue"), Style::Whole, whole(|r| r.overdue));
        grid.push(label("broken"), Style::Whole, whole(|r| r.broken));
        grid
    }

    /// Files with their counts; the last line is the sum.
    pub(super) fn file_grid(&self) -> Grid<'_> {
        let sources = &self.digest.sources;
        let lines = || sources.sheets.iter().chain(std::iter::once(&sources.sum));
        let label = |id: &str| self.lang.text(&format!("report-file-{id}"));
        let mut grid = Grid::default();
        let mut names: Vec<Cell> = sources.sheets.iter().map(|s| text(s.file.as_str().into())).collect();
        names.push(Cell::Text(self.lang.text("report-file-sum").into()));
        grid.push(label("file"), Style::Word, names);
        let sheets = lines().map(|s| text(s.sheet.as_str().into())).collect();
        grid.push(label("sheet"), Style::Word, sheets);
        let tables = lines().map(|s| {
            let names: Vec<&str> = s.tables.iter().map(|t| self.table_name(t)).collect();
            text(names.join(self.labels.comma()).into())
        });
        grid.push(label("table"), Style::Word, tables.collect());
        type Read = fn(&super::digest::FileRow) -> usize;
        let counts: [(&str, Read); 6] = [
            ("rows", |s| s.rows),
            ("accepted", |s| s.accepted),
            ("ignored", |s| s.ignored),
            ("quarantined", |s| s.quarantined),
            ("flagged", |s| s.flagged),
            ("repaired", |s| s.repaired),
        ];
        for (id, read) in counts {
            grid.push(label(id), Style::Whole, lines().map(|s| Cell::Whole(read(s) as i64)).collect());
        }
        grid
    }

    /// A canonical table's name in the reader's language.
    pub(super) fn table_name<'t>(&self, name: &'t str) -> &'t str {
        match (self.lang, crate::book::schema::table(name)) {
            (crate::lang::Lang::Zh, Some(table)) => table.zh,
            _ => name,
        }
    }

    /// What the run depended on besides data and policy.
    pub(super) fn run_line(&self) -> String {
        let ctx = self.input.ctx;
        say!(
            self.lang,
            "report-method-run-text",
            as_of = ctx.as_of,
            election = ctx.election_day(),
            seed = ctx.seed.to_string(),
            version = self.input.version
        )
    }
}
