//! What can be wrong with a table: what, where, and how to mend it.

use crate::book::raw::RawSheet;
use crate::lang::Lang;
use crate::say;

/// What is wrong with a table. Values are masked where they may be numbers of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    /// A column that the policy names is not there.
    NoColumn { column: String, key: String, nearest: Option<String> },
    /// A header stands twice; places from 1.
    HeaderTwice { column: String, first: usize, second: usize },
    /// No column of names was given, and none holds words.
    NoUnits,
    /// No row below the header is read; so many lie after the last period.
    NoRows { later: usize },
    /// A row with values and no unit.
    NoName { row: usize, column: String },
    /// A period that is no whole number.
    NoPeriod { row: usize, column: String, value: String },
    /// Cells that are no numbers: row and value of the first ones, and how many more.
    NotNumbers { column: String, faults: Vec<(usize, String)>, more: usize },
    /// Numbers with a decimal comma: row and value of the first ones, and how many more.
    DecimalComma { column: String, faults: Vec<(usize, String)>, more: usize },
    /// Rows with fewer or more fields than the header has: row and fields of the first ones, and how
    /// many more.
    Ragged { width: usize, rows: Vec<(usize, usize)>, more: usize },
    /// Some cells of a column carry a percent sign and some do not.
    MixedPercent { column: String, signed: usize, plain: usize },
    /// A unit stands twice in one period.
    Twice { unit: String, period: Option<i64>, first: usize, second: usize },
    /// Names of units that look like numbers of people.
    Personal { column: String, value: String, count: usize },
    /// There is no such sheet.
    NoSheet { sheet: String, known: Vec<String> },
}

/// What is wrong with a table, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.render(Lang::En))]
pub struct TableError {
    /// File, and the sheet where there are several.
    pub place: String,
    pub fault: TableFault,
}

impl TableFault {
    /// With the place.
    pub(crate) fn within(self, sheet: &RawSheet) -> TableError {
        let place = match sheet.sheet.as_str() {
            "" => sheet.file.clone(),
            name => format!("{} [{name}]", sheet.file),
        };
        TableError { place, fault: self }
    }
}

impl TableError {
    /// The message in the reader's language.
    pub fn render(&self, lang: Lang) -> String {
        let text = match &self.fault {
            TableFault::NoColumn { column, key, nearest: Some(nearest) } => {
                say!(lang, "table-fault-no-column-near", column = column, key = key, nearest = nearest)
            }
            TableFault::NoColumn { column, key, nearest: None } => {
                say!(lang, "table-fault-no-column", column = column, key = key)
            }
            TableFault::HeaderTwice { column, first, second } => {
                say!(lang, "table-fault-header-twice", column = column, first = *first, second = *second)
            }
            TableFault::NoUnits => lang.text("table-fault-no-units"),
            TableFault::NoRows { later } => say!(lang, "table-fault-no-rows", later = *later),
            TableFault::NoName { row, column } => say!(lang, "table-fault-no-name", row = *row, column = column),
            TableFault::NoPeriod { row, column, value } => {
                say!(lang, "table-fault-no-period", row = *row, column = column, value = value)
            }
            TableFault::NotNumbers { column, faults, more } => {
                say!(lang, "table-fault-not-numbers", column = column, cells = cells(lang, faults), more = *more)
            }
            TableFault::DecimalComma { column, faults, more } => {
                say!(lang, "table-fault-decimal-comma", column = column, cells = cells(lang, faults), more = *more)
            }
            TableFault::Ragged { width, rows, more } => {
                let each = rows.iter().map(|(row, n)| say!(lang, "table-fault-fields", row = *row, fields = *n));
                let rows = each.collect::<Vec<_>>().join(&lang.text("list-comma"));
                say!(lang, "table-fault-ragged", width = *width, rows = rows, more = *more)
            }
            TableFault::MixedPercent { column, signed, plain } => {
                say!(lang, "table-fault-mixed-percent", column = column, signed = *signed, plain = *plain)
            }
            TableFault::Twice { unit, period: Some(period), first, second } => {
                let period = period.to_string();
                say!(lang, "table-fault-twice-period", unit = unit, period = period, first = *first, second = *second)
            }
            TableFault::Twice { unit, period: None, first, second } => {
                say!(lang, "table-fault-twice", unit = unit, first = *first, second = *second)
            }
            TableFault::Personal { column, value, count } => {
                say!(lang, "table-fault-personal", column = column, value = value, count = *count)
            }
            TableFault::NoSheet { sheet, known } if known.is_empty() => {
                say!(lang, "table-fault-sheetless", sheet = sheet)
            }
            TableFault::NoSheet { sheet, known } => {
                say!(lang, "table-fault-no-sheet", sheet = sheet, known = known.join(&lang.text("list-comma")))
            }
        };
        say!(lang, "table-fault", place = &self.place, text = text)
    }
}

/// Cells with their rows.
fn cells(lang: Lang, faults: &[(usize, String)]) -> String {
    let each = faults.iter().map(|(row, value)| say!(lang, "table-fault-cell", row = *row, value = value));
    each.collect::<Vec<_>>().join(&lang.text("list-comma"))
}
