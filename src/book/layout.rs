//! Which form a sheet is, and where its header stands.

use super::cells::Reader;
use super::forms::Form;
use super::headers::{self, text};
use super::lexicon::{Claim, Fit};
use super::raw::{Cell, Merge};
use super::report::NotRead;
use super::schema::{Kind, table};
use super::sheet::Tools;
use super::value;

/// A grid to be read.
pub(super) struct Grid<'a> {
    pub file: &'a str,
    pub sheet: &'a str,
    pub rows: &'a [Vec<Cell>],
    pub merges: &'a [Merge],
    /// The form that `book.toml` sets.
    pub forced: Option<&'static Form>,
    /// Where its rows come from, if corrected copies were laid over it.
    pub lines: Option<&'a std::sync::Arc<super::lines::Lines>>,
}

impl Grid<'_> {
    fn not_read(&self, reason: &str, detail: String) -> NotRead {
        let file = if self.sheet.is_empty() { self.file.to_owned() } else { format!("{}#{}", self.file, self.sheet) };
        NotRead { file, reason: reason.to_owned(), detail }
    }
}

/// A sheet's header and form, before its rows are read.
pub(super) struct Layout {
    pub head: headers::Head,
    pub fit: Fit,
    /// Other forms that explain the same headers.
    pub rivals: Vec<&'static str>,
    pub first: usize,
    pub last: usize,
    pub titles: Vec<String>,
}

/// Finds a sheet's header and form.
pub(super) fn layout(grid: &Grid<'_>, tools: &Tools<'_>) -> Result<Layout, NotRead> {
    let filled = |row: &Vec<Cell>| row.iter().any(|c| !value::is_blank(c));
    let (Some(first), Some(last)) = (grid.rows.iter().position(filled), grid.rows.iter().rposition(filled)) else {
        return Err(grid.not_read("not-read-empty-sheet", String::new()));
    };
    let names = [grid.file, grid.sheet];
    let Some(head) = headers::find(grid.rows, grid.merges, &tools.lexicon, &names) else {
        return Err(grid.not_read("not-read-no-header", String::new()));
    };
    let titles: Vec<String> = grid.rows[first.min(head.first)..head.first]
        .iter()
        .flat_map(|row| row.iter().map(text).filter(|t| !t.is_empty()))
        .collect();
    let hints: Vec<&str> = names.iter().copied().chain(titles.iter().map(String::as_str)).collect();
    if let Some(form) = grid.forced
        && let Some(fit) = tools.lexicon.fit(form, &head.headers)
    {
        return Ok(Layout { head, fit, rivals: Vec::new(), first, last, titles });
    }
    let fits = tools.lexicon.fits(&head.headers, &hints);
    let Some(best) = fits.first().cloned() else {
        return Err(grid.not_read("not-read-no-header", String::new()));
    };
    if !best.missing.is_empty() {
        let main = table(best.form.name).map_or(best.form.name, |t| t.zh);
        return Err(grid.not_read("not-read-no-table", format!("{main}：{}", best.missing.join("、"))));
    }
    let explained = best.explained();
    let equals: Vec<Fit> = fits.into_iter().filter(|f| f.missing.is_empty() && f.explained() == explained).collect();
    let (fit, rivals) = settle(equals, grid, &head, &hints, &tools.reader);
    Ok(Layout { head, fit: fit.unwrap_or(best), rivals, first, last, titles })
}

/// Of forms that explain the same headers: the one whose closed lists know most of the words in
/// the rows, then the one that names and titles hint at, then the first. The others are rivals; a
/// plain list of people is none to a special one that is hinted at.
fn settle(
    equals: Vec<Fit>,
    grid: &Grid<'_>,
    head: &headers::Head,
    hints: &[&str],
    reader: &Reader<'_>,
) -> (Option<Fit>, Vec<&'static str>) {
    let hinted = |fit: &Fit| {
        fit.form
            .hints
            .iter()
            .filter(|hint| hints.iter().any(|text| text.contains(**hint)))
            .map(|h| h.chars().count())
            .max()
    };
    let words = |fit: &Fit| {
        let mut known = 0usize;
        for row in grid.rows.iter().skip(head.last + 1).take(200) {
            for (cell, claim) in row.iter().zip(&fit.claims) {
                if let (Cell::Text(text), Some(Claim { field, .. })) = (cell, claim)
                    && let Kind::Word(vocab) = field.kind
                    && reader.code(vocab, text).is_some()
                {
                    known += 1;
                }
            }
        }
        known
    };
    let special = equals.iter().any(|f| f.form.name != "people" && hinted(f).is_some());
    let mut ranked: Vec<(usize, usize, Fit)> =
        equals.into_iter().map(|f| (words(&f), hinted(&f).unwrap_or(0), f)).collect();
    ranked.sort_by_key(|(words, hinted, _)| (std::cmp::Reverse(*words), std::cmp::Reverse(*hinted)));
    let mut names: Vec<&'static str> = ranked.iter().map(|(.., f)| f.form.name).collect();
    if special {
        names.retain(|n| *n != "people");
        ranked.sort_by_key(|(.., f)| f.form.name == "people");
    }
    let best = ranked.into_iter().next().map(|(.., f)| f);
    let rivals = if names.len() > 1 { names } else { Vec::new() };
    (best, rivals)
}

/// The names in a sheet's township column, to recognise them in the titles of other sheets.
pub(super) fn township_names(grid: &Grid<'_>, layout: &Layout) -> Vec<String> {
    let Some(at) = layout.fit.claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == "township")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = grid.rows[layout.head.last + 1..]
        .iter()
        .filter_map(|row| row.get(at))
        .map(|cell| value::clean_text(&text(cell)).0.into_owned())
        .filter(|name| ["镇", "乡", "街道", "办事处"].iter().any(|s| name.ends_with(s)) && name.chars().count() >= 2)
        .collect();
    names.sort();
    names.dedup();
    names
}
