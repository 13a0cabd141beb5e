//! What changed, as readers see it: since an earlier run, or between a base and its variants. Used by
//! the page and the workbook alike.

use std::collections::BTreeMap;

use super::Report;
use super::digest::{Item, at, join};
use super::format;
use super::grid::{Cell, Grid, Style, text, village};
use super::view::Rows;
use crate::lang::Lang;
use crate::say;
use crate::scenario;

/// Items on the first page, and how many of one list.
const TOP: usize = 6;
const TOP_OF_LIST: usize = 2;
/// Width of a reason on the first page, in Latin letters.
const REASON: usize = 90;
/// Lists that the first page takes its items from, the weightiest first.
const FIRST: [&str; 8] =
    ["supervision", "grades", "consequences", "talks", "vacancies", "assignment", "open_posts", "ladder"];

/// The columns of `changes` and of its summary that a reader needs.
const SUMMARY: [&str; 8] = ["list", "count_before", "count_after", "new", "gone", "stays", "moved", "causes"];

/// A difference with its sign; nothing for none.
fn signed(difference: f64) -> String {
    match difference {
        d if d > 0.0 => format!("+{}", crate::kernel::round::show(d, 2)),
        d if d < 0.0 => format!("−{}", crate::kernel::round::show(-d, 2)),
        _ => String::new(),
    }
}

/// The block of the first page.
pub(super) struct Since {
    pub(super) lead: String,
    pub(super) lines: Grid<'static>,
    pub(super) items: Vec<Item>,
}

impl Report<'_> {
    /// The first page's block; `None` if the run was not compared with another.
    pub(super) fn since(&self) -> Option<Since> {
        let summary = self.source.outcome("changes_summary")?;
        if !crate::frame::has(summary, "as_of_before") {
            return None;
        }
        let rows = Rows::of(Some(summary));
        let day = |name: &str| rows.dates(name).first().copied().flatten();
        let changed: i64 = ["new", "gone", "moved"].iter().flat_map(|c| rows.wholes(c)).flatten().sum();
        let lead = match (day("as_of_before"), day("as_of_after")) {
            _ if changed == 0 => self.lang.text("changes-nothing"),
            (Some(then), Some(now)) => {
                say!(self.lang, "changes-lead", then = format::day(self.lang, then), now = format::day(self.lang, now))
            }
            _ => String::new(),
        };
        Some(Since { lead, lines: self.summary_grid(None, true), items: self.top_changes() })
    }

    /// One line per list: counts, and what caused the changes. `brief` keeps those of the first
    /// page that changed.
    pub(super) fn summary_grid(&self, variant: Option<&str>, brief: bool) -> Grid<'static> {
        let rows = Rows::of(self.source.outcome("changes_summary"));
        let (variants, counties, lists) = (rows.words("variant"), rows.words("county"), rows.words("list"));
        let several = self.several() && !brief;
        // Counties are added up where they are not shown.
        type Sums<'c> = BTreeMap<&'c str, i64>;
        let mut sums: Vec<((String, String), Sums)> = Vec::new();
        let columns = [
            "count_before",
            "count_after",
            "new",
            "gone",
            "stays",
            "moved",
            "by_data",
            "by_policy",
            "by_date",
            "by_together",
        ];
        let values: BTreeMap<&str, Vec<Option<i64>>> = columns.iter().map(|c| (*c, rows.wholes(c))).collect();
        for i in 0..rows.height() {
            if variant.is_some_and(|v| v != variants[i]) {
                continue;
            }
            let key = (if several { counties[i].to_owned() } else { String::new() }, lists[i].to_owned());
            let at = sums.iter().position(|s| s.0 == key).unwrap_or_else(|| {
                sums.push((key, BTreeMap::new()));
                sums.len() - 1
            });
            for column in columns {
                *sums[at].1.entry(column).or_insert(0) += values[column][i].unwrap_or(0);
            }
        }
        // Of several counties the lists come in their own order again.
        let order: Vec<&str> = scenario::lists().collect();
        sums.sort_by_key(|((county, list), _)| (county.clone(), order.iter().position(|l| l == list)));
        if variant.is_some() {
            sums.retain(|(_, s)| ["new", "gone", "moved"].iter().any(|c| s[c] > 0));
        }
        if brief {
            sums.retain(|((_, list), s)| {
                FIRST.contains(&list.as_str()) && ["new", "gone", "moved"].iter().any(|c| s[c] > 0)
            });
        }
        let mut grid = Grid::default();
        if several {
            let cells = sums.iter().map(|((county, _), _)| text(county.clone().into())).collect();
            grid.push(self.labels.column("county"), Style::Word, cells);
        }
        for column in SUMMARY.into_iter().filter(|c| !brief || !["count_before", "stays"].contains(c)) {
            let label = match (variant, column) {
                (Some(_), "count_before") => self.labels.column("base_value"),
                (Some(_), "count_after") => self.labels.column("variant_value"),
                _ => self.labels.column(column),
            };
            match column {
                "list" => {
                    let name = |list: &str| self.labels.code("list", list).to_string();
                    grid.push(label, Style::Word, sums.iter().map(|((_, l), _)| text(name(l).into())).collect());
                }
                "causes" if variant.is_some() => {}
                "causes" => {
                    let words = |sum: &BTreeMap<&str, i64>| {
                        let parts: Vec<String> = ["data", "policy", "date", "together"]
                            .iter()
                            .filter(|c| sum[format!("by_{c}").as_str()] > 0)
                            .map(|c| {
                                let word = self.labels.code("cause", c);
                                let n = sum[format!("by_{c}").as_str()];
                                say!(self.lang, "report-word-count", word = &*word, n = n)
                            })
                            .collect();
                        parts.join(self.labels.comma())
                    };
                    grid.push(label, Style::Word, sums.iter().map(|(_, s)| text(words(s).into())).collect());
                }
                _ => {
                    let cells = sums.iter().map(|(_, s)| Cell::Whole(s[column])).collect();
                    grid.push(label, Style::Whole, cells);
                }
            }
        }
        grid
    }

    /// Rows of `changes` of a list, and of a variant where there are several.
    pub(super) fn change_rows(&self, variant: Option<&str>, list: Option<&str>) -> Vec<usize> {
        let rows = Rows::of(self.source.outcome("changes"));
        let (variants, lists) = (rows.words("variant"), rows.words("list"));
        (0..rows.height())
            .filter(|&i| variant.is_none_or(|v| v == variants[i]) && list.is_none_or(|l| l == lists[i]))
            .collect()
    }

    /// How far a number moved; nothing for what is no number.
    pub(super) fn distances(&self, picked: &[usize]) -> Vec<f64> {
        let rows = Rows::of(self.source.outcome("changes"));
        let (before, after) = (rows.words("before"), rows.words("after"));
        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
        picked.iter().map(|&i| (number(after[i]) - number(before[i])).abs()).collect()
    }

    /// Changes as a table.
    pub(super) fn change_grid(&self, columns: &[&str], picked: &[usize]) -> Grid<'_> {
        let Some(frame) = self.source.outcome("changes") else { return Grid::default() };
        let columns = self.with_county(columns);
        let mut grid = self.maker().grid("changes", frame, &columns, Some(picked));
        let rows = Rows::of(Some(frame));
        let lists = rows.words("list");
        grid.rename("cause", self.labels.column("causes"));
        if crate::frame::has(frame, "variant") {
            grid.rename("before", self.labels.column("base_value"));
            grid.rename("after", self.labels.column("variant_value"));
        }
        for side in ["before", "after"] {
            let words = rows.words(side);
            let cells = picked.iter().map(|&i| text(self.says(lists[i], words[i]).into()));
            grid.replace(side, cells.collect());
        }
        grid
    }

    /// What a list says of a row, in words.
    fn says(&self, list: &str, says: &str) -> String {
        match scenario::words(list) {
            "" => says.to_owned(),
            "candidate" => self.people.show(says).to_owned(),
            column => self.labels.code(column, says).to_string(),
        }
    }

    /// The changes that the first page names.
    fn top_changes(&self) -> Vec<Item> {
        let rows = Rows::of(self.source.outcome("changes"));
        let column = |name: &str| rows.words(name);
        let (counties, townships, villages) = (column("county"), column("township"), column("village"));
        let (names, who, kinds) = (column("village_name"), column("who"), column("kind"));
        let (befores, afters, causes, whys) = (column("before"), column("after"), column("cause"), column("why"));
        let sign = if self.lang == Lang::Zh { "；" } else { "; " };
        let mut items = Vec::new();
        for list in FIRST {
            for i in self.change_rows(None, Some(list)).into_iter().take(TOP_OF_LIST) {
                let county = if self.several() { counties[i] } else { "" };
                let name = if names[i].is_empty() { village(&self.villages, villages[i]) } else { names[i] };
                let place = at(&join(self.lang, &[county, townships[i], name]), self.people.show(who[i]));
                let (before, after) = (self.says(list, befores[i]), self.says(list, afters[i]));
                let kind = self.labels.code("kind", kinds[i]);
                let what = match kinds[i] {
                    "moved" => say!(self.lang, "changes-from-to", before = before, after = after),
                    _ => kind.to_string(),
                };
                let head = say!(
                    self.lang,
                    "changes-item",
                    list = &*self.labels.code("list", list),
                    what = what,
                    cause = self.labels.codes("cause", causes[i])
                );
                let parts = [head, self.people.weave(whys[i]).into_owned()];
                let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
                items.push(Item { place, reason: format::clip(&parts.join(sign), REASON) });
            }
        }
        items.truncate(TOP);
        items
    }

    /// Key figures: one line each, base and variants side by side. `narrow` puts the difference
    /// behind the value, else it has a column of its own.
    pub(super) fn figure_grid(&self, narrow: bool) -> Grid<'_> {
        let rows = self.source.rows("figures");
        let (variants, figures, keys) = (rows.words("variant"), rows.words("figure"), rows.words("key"));
        let (base, values) = (rows.numbers("base_value"), rows.numbers("value"));
        let mut lines: Vec<(&str, &str)> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        let mut cells: BTreeMap<(&str, &str, &str), f64> = BTreeMap::new();
        for i in 0..rows.height() {
            // What has no consequence is no figure.
            if keys[i] == "none" {
                continue;
            }
            if !lines.contains(&(figures[i], keys[i])) {
                lines.push((figures[i], keys[i]));
            }
            if !names.contains(&variants[i]) {
                names.push(variants[i]);
            }
            cells.insert((variants[i], figures[i], keys[i]), values[i].unwrap_or(0.0));
            cells.insert(("", figures[i], keys[i]), base[i].unwrap_or(0.0));
        }
        lines.sort_by_key(|(figure, key)| {
            let at = scenario::FIGURES.iter().position(|f| f.0 == *figure);
            (at, scenario::FIGURES.get(at.unwrap_or(0)).map(|f| self.labels.order(f.2, key)), *key)
        });
        let word = |(figure, key): &(&str, &str)| -> String {
            let column = scenario::FIGURES.iter().find(|f| f.0 == *figure).map_or("", |f| f.2);
            let name = self.labels.code("figure", figure);
            match *key {
                "" => name.to_string(),
                key => say!(self.lang, "whatif-figure", figure = &*name, key = &*self.labels.code(column, key)),
            }
        };
        let mut grid = Grid::default();
        let column = |name: &str| lines.iter().map(|l| cells.get(&(name, l.0, l.1)).copied().unwrap_or(0.0)).collect();
        grid.push(self.labels.column("figure"), Style::Prose, lines.iter().map(|l| text(word(l).into())).collect());
        let basis: Vec<f64> = column("");
        grid.push(self.labels.column("base_value"), Style::Loose, basis.iter().map(|v| Cell::Number(*v)).collect());
        for name in names {
            let own: Vec<f64> = column(name);
            let pairs = || own.iter().zip(&basis);
            if narrow {
                let cells = pairs().map(|(a, b)| {
                    let difference = signed(a - b);
                    let value = crate::kernel::round::show(*a, 2);
                    text(if difference.is_empty() { value } else { format!("{value}（{difference}）") }.into())
                });
                grid.push(name.to_owned(), Style::Aligned, cells.collect());
                continue;
            }
            grid.push(name.to_owned(), Style::Loose, own.iter().map(|v| Cell::Number(*v)).collect());
            let label = say!(self.lang, "whatif-difference", variant = name);
            grid.push(label, Style::Aligned, pairs().map(|(a, b)| text(signed(a - b).into())).collect());
        }
        grid
    }

    /// Names of the variants, in their order.
    pub(super) fn variant_names(&self) -> Vec<&str> {
        self.source.rows("variants").words("variant")
    }

    /// How a reader calls a variant.
    pub(super) fn variant_label(&self, name: &str) -> String {
        let rows = self.source.rows("variants");
        let at = rows.words("variant").iter().position(|v| *v == name);
        at.and_then(|i| rows.words("label").get(i).map(|l| (*l).to_owned())).unwrap_or_else(|| name.to_owned())
    }

    /// What each variant changes.
    pub(super) fn variant_grid(&self) -> Grid<'_> {
        let Some(frame) = self.source.outcome("variants") else { return Grid::default() };
        let columns = ["variant", "label", "overrides", "leaving_people", "merging_villages", "recomputed"];
        let mut grid = self.maker().grid("variants", frame, &columns, None);
        let stages = Rows::of(Some(frame)).words("recomputed").into_iter().map(|stages| {
            let names: Vec<String> =
                super::view::codes(stages).map(|s| self.lang.text(&format!("stage-{s}"))).collect();
            text(names.join(self.labels.comma()).into())
        });
        grid.replace("recomputed", stages.collect());
        grid.rename("label", self.lang.text("whatif-label"));
        grid
    }
}
