//! Copies of .xlsx workbooks: what a township keeps is as it was, formulas, formats, merged cells
//! and widths; other townships' rows are not in the file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use chrono::{Datelike, NaiveDate};
use umya_spreadsheet::{
    Cell as SheetCell, Comment, DefinedName, OleObjects, OrientationValues, SheetStateValues, VerticalAlignmentValues,
    Workbook, Worksheet, drawing::spreadsheet::WorksheetDrawing, reader, writer,
};

use super::pack::repack;
use super::plan::{LIST_WIDTHS, List, Mark, Plan, SheetPlan, list_height};
use super::refs::{RowMap, remap, remap_range};
use crate::book::marker;
use crate::book::raw::Cell;
use crate::book::value;

/// Background of a doubtful cell.
pub(super) const RED: &str = "FFFF8B8B";
/// Who signs the comments.
pub(super) const AUTHOR: &str = "touyan";
/// More cells than this are written anew from what was read: editing takes some kilobytes a cell.
const MOST_CELLS: usize = 400_000;

/// A source workbook, parsed once for all its copies.
pub(super) struct Source {
    /// Everything but cells.
    skeleton: Workbook,
    sheets: Vec<Worksheet>,
}

impl Source {
    /// `None` for a workbook that cannot be edited: too large, with pivot tables (which hold a
    /// hidden copy of all rows), or in a form that umya does not know.
    pub fn open(bytes: &[u8]) -> Option<Source> {
        crate::book::read::quietly(|| {
            let mut book = reader::xlsx::read_reader(Cursor::new(bytes), true).ok()?;
            let sheets: Vec<Worksheet> = book.sheet_collection().to_vec();
            let cells: usize = sheets.iter().map(|s| s.cells().len()).sum();
            if cells > MOST_CELLS || !book.pivot_caches().is_empty() || sheets.iter().any(Worksheet::has_pivot_table) {
                return None;
            }
            for sheet in book.sheet_collection_mut() {
                strip(sheet);
            }
            book.remove_macros_code();
            Some(Source { skeleton: book, sheets })
        })
        .flatten()
    }

    /// The names of its sheets.
    pub fn names(&self) -> Vec<&str> {
        self.sheets.iter().map(Worksheet::name).collect()
    }

    /// The texts of a sheet.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let sheet = self.sheets.iter().find(|s| s.name() == name);
        sheet.map(|s| s.cells().iter().map(|c| c.value().into_owned()).collect()).unwrap_or_default()
    }

    /// Rows of a sheet whose numbers are all formulas: sums that are computed anew in a copy.
    pub fn computed(&self, name: &str) -> BTreeSet<usize> {
        let Some(sheet) = self.sheets.iter().find(|s| s.name() == name) else { return BTreeSet::new() };
        let (mut formulas, mut constants) = (BTreeSet::new(), BTreeSet::new());
        for cell in sheet.cells() {
            let row = cell.coordinate().row_num() as usize;
            if cell.is_formula() {
                formulas.insert(row);
            } else if cell.value().chars().any(|c| c.is_ascii_digit()) {
                constants.insert(row);
            }
        }
        formulas.difference(&constants).copied().collect()
    }

    /// One copy.
    pub fn copy(&self, plan: &Plan<'_>) -> Option<Vec<u8>> {
        crate::book::read::quietly(|| self.build(plan)).flatten()
    }

    fn build(&self, plan: &Plan<'_>) -> Option<Vec<u8>> {
        let mut maps: BTreeMap<String, RowMap> = BTreeMap::new();
        for sheet in &self.sheets {
            if let Some(own) = plan.sheets.iter().find(|p| p.sheet == sheet.name()) {
                let from: Vec<Option<u32>> = own.rows.iter().map(|r| r.from).collect();
                maps.insert(sheet.name().to_owned(), RowMap::new(sheet.highest_row().max(1), &from));
            } else if plan.beside.iter().any(|n| n == sheet.name()) {
                let all: Vec<Option<u32>> = (1..=sheet.highest_row()).map(Some).collect();
                maps.insert(sheet.name().to_owned(), RowMap::new(sheet.highest_row(), &all));
            }
        }
        let mut book = self.skeleton.clone();
        for at in (0..self.sheets.len()).rev() {
            let source = &self.sheets[at];
            let number = plan.sheets.iter().position(|p| p.sheet == source.name());
            match number {
                Some(number) => {
                    let sheet = book.sheet_mut(at).ok()?;
                    fill(sheet, source, &plan.sheets[number], number + 1, &maps);
                }
                None if maps.contains_key(source.name()) => *book.sheet_mut(at).ok()? = source.clone(),
                None => book.remove_sheet(at).ok()?,
            }
        }
        names(&mut book, &maps);
        write_list(book.new_sheet(&plan.list.name).ok()?, &plan.list);
        let mark = book.new_sheet(marker::SHEET).ok()?;
        for (row, words) in (1..).zip(plan.marker.lines()) {
            for (column, word) in (1..).zip(words) {
                mark.cell_mut((column, row)).set_value_string(word);
            }
        }
        mark.set_state(SheetStateValues::VeryHidden);
        let visible = book.sheet_collection().iter().position(|s| matches!(s.state(), SheetStateValues::Visible))?;
        for (at, sheet) in book.sheet_collection_mut().iter_mut().enumerate() {
            for view in sheet.sheet_views_mut().sheet_view_list_mut() {
                view.set_tab_selected(at == visible);
            }
        }
        book.set_active_sheet(u32::try_from(visible).ok()?);
        let mut bytes = Vec::new();
        writer::xlsx::write_writer(&book, &mut bytes).ok()?;
        repack(&bytes)
    }
}

/// Takes the cells and rows out of a sheet.
fn strip(sheet: &mut Worksheet) {
    let places: Vec<(u32, u32)> =
        sheet.cells().iter().map(|c| (c.coordinate().col_num(), c.coordinate().row_num())).collect();
    for place in places {
        sheet.remove_cell(place);
    }
    sheet.row_dimensions_to_hashmap_mut().clear();
}

/// Fills the skeleton of a sheet with the rows of a plan.
fn fill(
    sheet: &mut Worksheet,
    source: &Worksheet,
    plan: &SheetPlan<'_>,
    number: usize,
    maps: &BTreeMap<String, RowMap>,
) {
    let name = source.name().to_owned();
    let Some(map) = maps.get(&name) else { return };
    let mut like = None;
    let doubtful: BTreeSet<usize> = plan.marks.iter().map(|m| m.row + 1).collect();
    for (new, row) in (1..).zip(&plan.rows) {
        let old = row.from.or(like);
        like = old;
        if let Some(before) = old.and_then(|o| source.row_dimension(o)) {
            let after = sheet.row_dimension_mut(new);
            if before.custom_height() || before.height() > 0.0 {
                after.set_height(before.height());
                after.set_custom_height(before.custom_height());
            }
            let marked = doubtful.contains(&(new as usize));
            after.set_hidden(before.hidden() && !marked).set_style(before.style().clone());
        }
        for cell in old.map(|o| source.collection_by_row(o)).unwrap_or_default() {
            let mut copy: SheetCell = cell.clone();
            let column = cell.coordinate().col_num();
            copy.set_coordinate((column, new));
            if row.from.is_none() {
                copy.set_blank();
            } else if cell.is_formula() {
                formula(&mut copy, cell, &name, maps, row.is_data);
            }
            sheet.set_cell(copy);
        }
        if row.corrected || row.from.is_none() {
            let width = plan.cells.get(row.at).map_or(0, Vec::len).max(sheet.highest_column() as usize);
            for column in 0..width.min(plan.key_column) {
                put(sheet, (column as u32 + 1, new), plan.cell(row, column));
            }
        }
    }
    rest(sheet, source, map);
    merges(sheet, source, map);
    let key = plan.key_column as u32 + 1;
    sheet.cell_mut((key, plan.head as u32 + 1)).set_value_string(SheetPlan::key_head(number));
    for (new, row) in (1..).zip(&plan.rows) {
        if let Some(text) = SheetPlan::key_of(row) {
            sheet.cell_mut((key, new)).set_value_string(text);
        }
    }
    sheet.column_dimension_by_number_mut(key).set_hidden(true).set_width(8.0);
    mark(sheet, &plan.marks);
}

/// A formula in its new place. One that points at rows which left becomes the value that it had; so
/// does one of a record whose ranges shrank, because it would now say something else.
fn formula(copy: &mut SheetCell, cell: &SheetCell, sheet: &str, maps: &BTreeMap<String, RowMap>, is_data: bool) {
    let moved = remap(cell.formula(), sheet, maps);
    if moved.lost || (moved.changed && is_data) {
        copy.cell_value_mut().remove_formula();
        return;
    }
    // Plain, even where the source shares one formula among many cells.
    copy.set_formula(moved.text);
    if moved.changed {
        copy.set_formula_result_blank();
    }
}

/// A value as it was read, unless the cell says the same already.
fn put(sheet: &mut Worksheet, place: (u32, u32), cell: &Cell) {
    let said = sheet.cell(place).map(|c| (c.value().into_owned(), c.value_number()));
    let (text, number) = said.unwrap_or_default();
    match cell {
        Cell::Empty => {
            if !text.is_empty() {
                sheet.cell_mut(place).set_blank();
            }
        }
        Cell::Text(new) if *new != text => {
            // A percentage is read as it is seen; it stays a number.
            let percent = new.strip_suffix('%').and_then(|n| n.parse::<f64>().ok()).map(|n| n / 100.0);
            match percent.filter(|_| number.is_some()) {
                Some(share) if number.is_some_and(|n| (n - share).abs() < 1e-9) => {}
                Some(share) => {
                    sheet.cell_mut(place).set_value_number(share);
                }
                None => {
                    sheet.cell_mut(place).set_value_string(new);
                }
            }
        }
        Cell::Text(_) => {}
        Cell::Number(new) if number != Some(*new) => {
            sheet.cell_mut(place).set_value_number(*new);
        }
        Cell::Number(_) => {}
        Cell::YesNo(new) => {
            sheet.cell_mut(place).set_value_bool(*new);
        }
        Cell::Date(day) => {
            let serial = serial(*day);
            if number.is_none_or(|n| n.trunc() != serial) {
                let cell = sheet.cell_mut(place);
                cell.set_value_number(serial);
                let dated = cell.style().number_format().is_some_and(|f| f.format_code().contains(['y', 'Y']));
                if !dated {
                    cell.style_mut().number_format_mut().set_format_code("yyyy-mm-dd");
                }
            }
        }
        Cell::Error(_) => {}
    }
}

/// Excel's number of a day.
fn serial(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce() - 693_594)
}

/// Everything besides cells that names rows.
fn rest(sheet: &mut Worksheet, source: &Worksheet, map: &RowMap) {
    if map.is_same() {
        return;
    }
    // Pictures and charts may show other townships' figures; so may answers to comments.
    sheet.set_worksheet_drawing(WorksheetDrawing::default());
    sheet.set_ole_objects(OleObjects::default());
    sheet.threaded_comments_mut().clear();
    sheet.tables_mut().clear();
    sheet.row_breaks_mut().break_list_mut().clear();
    let kept: Vec<Comment> = source
        .comments()
        .iter()
        .filter_map(|comment| {
            let row = map.row(comment.coordinate().row_num())?;
            let mut copy = Comment::default();
            copy.new_comment((comment.coordinate().col_num(), row));
            copy.set_author(comment.author()).set_text(comment.text().clone());
            Some(copy)
        })
        .collect();
    sheet.set_comments(kept);
    let formats: Vec<_> = source
        .conditional_formatting_collection()
        .iter()
        .filter_map(|format| {
            let ranges: Vec<_> =
                ranges(format.sequence_of_references().range_collection().iter().map(|r| r.range()), map);
            (!ranges.is_empty()).then(|| {
                let mut format = format.clone();
                format.sequence_of_references_mut().set_sqref(ranges.join(" "));
                format
            })
        })
        .collect();
    sheet.set_conditional_formatting_collection(formats);
    if let Some(own) = sheet.data_validations_mut() {
        own.data_validation_list_mut().retain_mut(|rule| {
            let ranges = ranges(rule.sequence_of_references().range_collection().iter().map(|r| r.range()), map);
            if ranges.is_empty() {
                return false;
            }
            rule.sequence_of_references_mut().set_sqref(ranges.join(" "));
            true
        });
    }
    match sheet.auto_filter().map(|f| f.range().range()).map(|r| remap_range(&r, map)) {
        Some(Some(range)) => sheet.set_auto_filter(range),
        Some(None) => sheet.remove_auto_filter(),
        None => {}
    }
}

fn ranges(all: impl Iterator<Item = String>, map: &RowMap) -> Vec<String> {
    all.filter_map(|r| remap_range(&r, map)).collect()
}

/// Merged cells; a value that stood in a row which left moves to the first that stayed.
fn merges(sheet: &mut Worksheet, source: &Worksheet, map: &RowMap) {
    sheet.merge_cells_mut().clear();
    for merge in source.merge_cells() {
        let (Some(left), Some(top), Some(right), Some(bottom)) = (
            merge.coordinate_start_col().map(|c| c.num()),
            merge.coordinate_start_row().map(|r| r.num()),
            merge.coordinate_end_col().map(|c| c.num()),
            merge.coordinate_end_row().map(|r| r.num()),
        ) else {
            continue;
        };
        let Some((first, last, _)) = map.range(top, bottom) else { continue };
        if map.row(top).is_none()
            && let Some(cell) = source.cell((left, top))
        {
            let mut copy = cell.clone();
            copy.set_coordinate((left, first));
            copy.cell_value_mut().remove_formula();
            if sheet.cell((left, first)).is_none_or(|c| c.value().is_empty()) {
                sheet.set_cell(copy);
            }
        }
        if let (true, Some(range)) = (first < last || left < right, remap_range(&merge.range(), map)) {
            sheet.add_merge_cells(range);
        }
    }
}

/// Fills doubtful cells red and says why.
fn mark(sheet: &mut Worksheet, marks: &[Mark]) {
    for mark in marks {
        let place = (mark.column as u32 + 1, mark.row as u32 + 1);
        sheet.style_mut(place).set_background_color_solid(RED);
        let mut comment = Comment::default();
        comment.new_comment(place);
        comment.set_author(AUTHOR).set_text_string(&mark.text);
        // One cell has one comment; what the office had written stays below.
        let old = sheet.comments().iter().position(|c| (c.coordinate().col_num(), c.coordinate().row_num()) == place);
        if let Some(old) = old {
            let before = sheet.comments_mut().remove(old);
            let words: String = match (before.text().text(), before.text().rich_text()) {
                (Some(text), _) => text.value().to_owned(),
                (None, Some(rich)) => rich.text().into_owned(),
                (None, None) => String::new(),
            };
            comment.set_text_string(format!("{}\n————\n{words}", mark.text));
        }
        sheet.add_comments(comment);
    }
}

/// Names of ranges: those of sheets that stay follow their rows, the others go.
fn names(book: &mut Workbook, maps: &BTreeMap<String, RowMap>) {
    let move_all = |names: &mut Vec<DefinedName>, local: Option<u32>| {
        names.retain_mut(|name| {
            let moved = remap(&name.address(), "", maps);
            if moved.lost {
                return false;
            }
            if moved.text != name.address() {
                name.set_address(moved.text);
            }
            if let Some(local) = local.filter(|_| name.has_local_sheet_id()) {
                name.set_local_sheet_id(local);
            }
            true
        });
    };
    move_all(book.defined_names_mut(), None);
    for (at, sheet) in (0..).zip(book.sheet_collection_mut()) {
        move_all(sheet.defined_names_mut(), Some(at));
    }
}

/// The list of doubts.
fn write_list(sheet: &mut Worksheet, list: &List) {
    sheet.cell_mut((1, 1)).set_value_string(&list.title);
    sheet.style_mut((1, 1)).font_mut().set_bold(true).set_size(14.0);
    for (column, header) in (1..).zip(&list.headers) {
        sheet.cell_mut((column, 2)).set_value_string(header);
        let style = sheet.style_mut((column, 2));
        style.font_mut().set_bold(true);
        style.set_background_color_solid("FFF0F1F2");
    }
    for (row, words) in (3..).zip(&list.rows) {
        for (column, word) in (1..).zip(words) {
            sheet.cell_mut((column, row)).set_value_string(value::clean_text(word).0);
            let alignment = sheet.style_mut((column, row)).alignment_mut();
            alignment.set_wrap_text(true);
            alignment.set_vertical(VerticalAlignmentValues::Top);
        }
        sheet.row_dimension_mut(row).set_height(list_height(words)).set_custom_height(true);
    }
    for (column, width) in (1..).zip(LIST_WIDTHS) {
        sheet.column_dimension_by_number_mut(column).set_width(width);
    }
    sheet.page_setup_mut().set_orientation(OrientationValues::Landscape).set_paper_size(9).set_fit_to_page(true);
    sheet.page_setup_mut().set_fit_to_width(1).set_fit_to_height(0);
}
