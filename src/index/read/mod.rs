//! Any table of units, read: from a sheet's cells to [`Table`].
//!
//! The policy says which columns are read and as what; everything else in the sheet is left alone.
//! Rows are sorted by period and unit, so that the order of the file changes nothing. Nothing is
//! silently repaired: what was put right is counted, and what is no number ends the reading with
//! its place.

mod columns;
mod fault;
mod personal;
mod sheet;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use columns::Headers;
pub use fault::{TableError, TableFault};
pub(crate) use personal::refuse;
pub(crate) use sheet::{Rows, head_of};

use super::check::words;
use super::policy::IndexPolicy;
use super::table::Table;
use crate::book::raw::{Cell, RawSheet};
use crate::book::schema::Unit;
use crate::book::value::{self, Doubt, NumberRule, Repairs, Scale, clean_text, mask, shown};
use columns::Wanted;

/// Words that say that nothing is known; compared without regard to case, width and brackets.
/// 无 is not among them: it may mean "none", which is 0.
pub const MISSING: [&str; 21] = [
    "NA", "N/A", "n.a.", "#N/A", "NaN", "null", "none", "missing", ".", "..", "...", "…", "-", "--", "——", "/", "暂无",
    "缺失", "未知", "不详", "未报",
];

/// A table, read, and what there is to say about it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub table: Table,
    /// Header of the column of units.
    pub id: String,
    pub counts: Counts,
}

/// What became of the rows below the header: `rows` = `read` + `blank` + `later`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub rows: usize,
    pub read: usize,
    /// Rows that hold nothing in the columns that are read.
    pub blank: usize,
    /// Rows of periods after the last one that is read.
    pub later: usize,
    /// Cells of indicators' columns that hold nothing, or a word for it.
    pub missing: usize,
    /// Numbers marked as approximate (约, 余 …), taken as they stand.
    pub approximate: usize,
    /// Repairs by kind: full-width digits, thousands separators, a unit in the cell.
    pub repaired: BTreeMap<&'static str, usize>,
}

/// Faulty cells that one message names.
const NAMED: usize = 5;

/// Reads the columns that a policy names from a sheet.
///
/// # Errors
/// The first thing that is wrong with the table: what, where, and how to mend it.
pub fn read(sheet: &RawSheet, policy: &IndexPolicy) -> Result<Reading, TableError> {
    Reader::new(sheet, policy).and_then(Reader::read).map_err(|fault| fault.within(sheet))
}

/// A sheet while it is being read.
struct Reader<'a> {
    policy: &'a IndexPolicy,
    rows: Rows<'a>,
    headers: Headers,
    wanted: Vec<Wanted<'a>>,
    counts: Counts,
}

impl<'a> Reader<'a> {
    fn new(sheet: &'a RawSheet, policy: &'a IndexPolicy) -> Result<Self, TableFault> {
        let wanted = columns::wanted(policy);
        let (rows, headers) = sheet::head(&sheet.body, &wanted, policy)?;
        Ok(Reader { policy, rows, headers, wanted, counts: Counts::default() })
    }

    fn read(mut self) -> Result<Reading, TableFault> {
        let mut numbers: Vec<(String, Numbers)> = Vec::new();
        let mut categories: Vec<(String, usize)> = Vec::new();
        for at in 0..self.wanted.len() {
            let wanted = &self.wanted[at];
            let Some(column) = self.headers.find(wanted)? else { continue };
            if wanted.words {
                categories.push((wanted.column.to_owned(), column));
            } else if numbers.iter().all(|(name, _)| name != wanted.column) {
                let read = self.numbers(column, wanted.column, wanted.indicator);
                numbers.push((wanted.column.to_owned(), read));
            }
        }
        let period_column = self.policy.period.as_deref().map(|c| self.headers.must(c, "score.period")).transpose()?;
        let id_column = self.id(period_column)?;
        let mut names: Vec<Option<String>> = self.rows.column(id_column).iter().map(text).collect();
        let id = self.headers.name(id_column).to_owned();
        let mut kept = self.kept(&mut names, &numbers, period_column, &id)?;
        if let Some(fault) = self.first_fault(&numbers, &kept) {
            return Err(fault);
        }
        personal::refuse(kept.iter().map(|k| k.name.as_str()), &id)?;
        let mut table = self.sorted(&mut kept, &numbers)?;
        self.counts.missing += self.categories(&mut table, &kept, categories);
        Ok(Reading { table, id, counts: self.counts })
    }

    /// The column of the units' names.
    fn id(&self, period: Option<usize>) -> Result<usize, TableFault> {
        if let Some(name) = &self.policy.id {
            return self.headers.must(name, "score.id");
        }
        let mut taken: Vec<usize> = period.into_iter().collect();
        for wanted in &self.wanted {
            taken.extend(self.headers.find(wanted)?);
        }
        for name in [&self.policy.class, &self.policy.scope].into_iter().flatten() {
            taken.extend(self.headers.look(name)?);
        }
        let free = (0..self.headers.len()).filter(|at| !taken.contains(at) && !self.headers.name(*at).is_empty());
        let mut free = free.filter(|at| super::check::protected(self.headers.name(*at)).is_none());
        if self.rows.column(0).is_empty() {
            return Err(TableFault::NoRows { later: 0 });
        }
        free.find(|&at| self.rows.column(at).iter().any(is_word)).ok_or(TableFault::NoUnits)
    }

    /// Numbers of a column by row, with faults kept for later: rows after the as-of period are
    /// never looked at.
    fn numbers(&self, column: usize, name: &str, indicator: bool) -> Numbers {
        let rule = NumberRule { scale: Scale::new(None, Unit::Percent), zero_words: &[], none_words: missing_words() };
        let cells = self.rows.column(column);
        let mut out = Numbers { name: name.to_owned(), indicator, cells: Vec::with_capacity(cells.len()) };
        for cell in &cells {
            out.cells.push(number(cell, &rule));
        }
        out
    }

    /// Which rows are read, with unit and period.
    fn kept(
        &mut self,
        names: &mut [Option<String>],
        numbers: &[(String, Numbers)],
        period: Option<usize>,
        id: &str,
    ) -> Result<Vec<Kept>, TableFault> {
        let periods = period.map(|at| self.rows.column(at));
        let mut kept = Vec::with_capacity(names.len());
        self.counts.rows = names.len();
        for row in 0..names.len() {
            let stated = periods.as_ref().map(|cells| &cells[row]);
            let nothing = names[row].is_none()
                && stated.is_none_or(value::is_blank)
                && numbers.iter().all(|(_, column)| matches!(column.cells[row], Read::Missing));
            if nothing {
                self.counts.blank += 1;
                continue;
            }
            let period = match stated {
                None => 0,
                Some(cell) => whole(cell).ok_or_else(|| TableFault::NoPeriod {
                    row: self.rows.number(row),
                    column: self.policy.period.clone().unwrap_or_default(),
                    value: mask(&shown(cell)),
                })?,
            };
            if self.policy.as_of.is_some_and(|last| periods.is_some() && period > last) {
                self.counts.later += 1;
                continue;
            }
            let name = names[row]
                .take()
                .ok_or_else(|| TableFault::NoName { row: self.rows.number(row), column: id.to_owned() })?;
            kept.push(Kept { period, name, row });
        }
        self.counts.read = kept.len();
        if kept.is_empty() {
            return Err(TableFault::NoRows { later: self.counts.later });
        }
        Ok(kept)
    }

    /// The first column with cells that are no number, in rows that are read; counts what was
    /// missing, repaired or approximate on the way.
    fn first_fault(&mut self, numbers: &[(String, Numbers)], kept: &[Kept]) -> Option<TableFault> {
        for (_, column) in numbers {
            let (mut faults, mut more, mut commas) = (Vec::new(), 0, true);
            let (mut signed, mut plain) = (None, None);
            for kept in kept {
                match &column.cells[kept.row] {
                    Read::Missing => self.counts.missing += usize::from(column.indicator),
                    Read::Value { percent, repairs, approximate, value } => {
                        self.counts.approximate += usize::from(*approximate);
                        for repair in repairs.iter() {
                            *self.counts.repaired.entry(repair.code()).or_default() += 1;
                        }
                        // 0 is 0 % either way.
                        if *percent {
                            signed = signed.or(Some(kept.row));
                        } else if *value != 0.0 {
                            plain = plain.or(Some(kept.row));
                        }
                    }
                    Read::Fault(value) => {
                        commas &= decimal_comma(value);
                        if faults.len() < NAMED {
                            faults.push((self.rows.number(kept.row), mask(value)));
                        } else {
                            more += 1;
                        }
                    }
                }
            }
            if !faults.is_empty() {
                if commas {
                    return Some(TableFault::DecimalComma { column: column.name.clone(), faults, more });
                }
                return Some(TableFault::NotNumbers { column: column.name.clone(), faults, more });
            }
            if let (Some(signed), Some(plain)) = (signed, plain) {
                let (signed, plain) = (self.rows.number(signed), self.rows.number(plain));
                return Some(TableFault::MixedPercent { column: column.name.clone(), signed, plain });
            }
        }
        None
    }

    /// Columns of categories, as text; a word for "not known" is none. Returns how many cells are empty.
    fn categories(&self, table: &mut Table, kept: &[Kept], columns: Vec<(String, usize)>) -> usize {
        let mut missing = 0;
        for (name, column) in columns {
            let cells = self.rows.column(column);
            let known = |cell: &Cell| text(cell).filter(|t| !is_missing(t));
            let texts: Vec<Option<String>> = kept.iter().map(|k| known(&cells[k.row])).collect();
            missing += texts.iter().filter(|t| t.is_none()).count();
            table.texts.insert(name, texts);
        }
        missing
    }

    /// The table of the rows that are read, which are sorted.
    fn sorted(&self, kept: &mut [Kept], numbers: &[(String, Numbers)]) -> Result<Table, TableFault> {
        kept.sort_by(|a, b| (a.period, &a.name).cmp(&(b.period, &b.name)));
        if let Some(pair) = kept.windows(2).find(|p| p[0].period == p[1].period && p[0].name == p[1].name) {
            return Err(TableFault::Twice {
                unit: mask(&pair[0].name),
                period: self.policy.period.is_some().then_some(pair[0].period),
                first: self.rows.number(pair[0].row),
                second: self.rows.number(pair[1].row),
            });
        }
        let mut names: Vec<String> = kept.iter().map(|k| k.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let place = |name: &String| names.binary_search(name).unwrap_or_default() as u32;
        let units = kept.iter().map(|k| place(&k.name)).collect();
        let mut table = Table {
            units,
            periods: kept.iter().map(|k| k.period).collect(),
            class: self.policy.class.clone(),
            ..Table::default()
        };
        for (name, column) in numbers {
            table.numbers.insert(name.clone(), kept.iter().map(|k| column.value(k.row)).collect());
        }
        self.other_columns(&mut table, kept)?;
        table.names = names;
        Ok(table)
    }

    /// Columns that the policy names besides: groups as text, and as numbers too where all are.
    fn other_columns(&self, table: &mut Table, kept: &[Kept]) -> Result<(), TableFault> {
        for (name, key) in [(&self.policy.class, "score.class"), (&self.policy.scope, "score.scope")] {
            if let Some(name) = name {
                self.headers.must(name, key)?;
            }
        }
        for (_, name) in words(self.policy) {
            if table.texts.contains_key(&name) || self.is_key(&name) {
                continue;
            }
            let Some(column) = self.headers.look(&name)? else { continue };
            let cells = self.rows.column(column);
            if !table.numbers.contains_key(&name) {
                let read = self.numbers(column, &name, false);
                if kept.iter().all(|k| !matches!(read.cells[k.row], Read::Fault(_))) {
                    table.numbers.insert(name.clone(), kept.iter().map(|k| read.value(k.row)).collect());
                }
            }
            table.texts.insert(name, kept.iter().map(|k| text(&cells[k.row])).collect());
        }
        Ok(())
    }

    /// Is this the column of units or periods?
    fn is_key(&self, name: &str) -> bool {
        [&self.policy.id, &self.policy.period].into_iter().flatten().any(|key| key == name)
    }
}

/// A row that is read.
struct Kept {
    period: i64,
    name: String,
    /// Place among the rows below the header.
    row: usize,
}

/// A column of numbers.
struct Numbers {
    name: String,
    /// Is it an indicator's?
    indicator: bool,
    cells: Vec<Read>,
}

impl Numbers {
    fn value(&self, row: usize) -> f64 {
        match self.cells[row] {
            Read::Value { value, .. } => value,
            _ => f64::NAN,
        }
    }
}

/// A cell, read as a number.
enum Read {
    Missing,
    Value {
        value: f64,
        percent: bool,
        repairs: Repairs,
        approximate: bool,
    },
    /// What it shows.
    Fault(String),
}

/// Is this a number with a decimal comma, such as 1,5?
fn decimal_comma(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.trim();
    let parts = text.strip_prefix(['-', '+', '−']).unwrap_or(text).split_once(',');
    parts.is_some_and(|(whole, rest)| digits(whole) && digits(rest))
}

/// Does a text say that nothing is known?
fn is_missing(text: &str) -> bool {
    let folded = value::fold(text);
    MISSING.iter().any(|word| value::fold(word) == folded)
}

fn missing_words() -> &'static [String] {
    static WORDS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| MISSING.iter().map(|w| (*w).to_owned()).collect())
}

/// A number as the book reads it; 85% is 85, yes is 1 and no is 0, and `#N/A` says that nothing is
/// known.
fn number(cell: &Cell, rule: &NumberRule) -> Read {
    let cell = match cell {
        Cell::YesNo(yes) => &Cell::Number(f64::from(u8::from(*yes))),
        Cell::Error(text) if text.eq_ignore_ascii_case("#n/a") => return Read::Missing,
        other => other,
    };
    match value::number(cell, rule) {
        Ok(parsed) => match parsed.value {
            None => Read::Missing,
            Some(value) => Read::Value {
                value,
                percent: matches!(cell, Cell::Text(t) if t.trim_end().ends_with(['%', '％', '‰'])),
                repairs: parsed.repairs,
                approximate: parsed.doubt == Some(Doubt::Approximate),
            },
        },
        Err(_) => Read::Fault(shown(cell).into_owned()),
    }
}

/// A whole number, such as a year (2023, 2023年).
fn whole(cell: &Cell) -> Option<i64> {
    let rule = NumberRule { scale: Scale::new(None, Unit::One), zero_words: &[], none_words: &[] };
    value::whole(cell, &rule).ok()?.value
}

/// A cell as cleaned text; nothing for blanks.
fn text(cell: &Cell) -> Option<String> {
    let shown = shown(cell);
    let (clean, _) = clean_text(&shown);
    (!clean.is_empty()).then(|| clean.into_owned())
}

/// Does a cell hold a word rather than a number or nothing?
fn is_word(cell: &Cell) -> bool {
    let rule = NumberRule { scale: Scale::new(None, Unit::Percent), zero_words: &[], none_words: missing_words() };
    matches!(cell, Cell::Text(_)) && matches!(number(cell, &rule), Read::Fault(_))
}

#[cfg(test)]
mod tests;
