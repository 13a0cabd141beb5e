//! A table as readers see it: labelled columns, cells that know their format. The page and the
//! workbook are both laid out from grids, so that they cannot say different things.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::label::{Labels, label_key};
use super::people::People;
use super::view::Rows;
use crate::privacy::MASK;
use crate::privacy::registry::{self, Class};

/// How a column's cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Short text: names, codes, words.
    Word,
    /// Sentences, which may wrap.
    Prose,
    /// Whole number.
    Whole,
    /// A year: no separators, no sums.
    Year,
    /// Number with so many decimals.
    Number(u32),
    /// Number with the decimals it has, at most two.
    Loose,
    /// Share between 0 and 1, shown as percent.
    Share,
    /// Text that begins with a number and is read as one.
    Aligned,
    Date,
    YesNo,
}

impl Style {
    /// Do cells stand at the right edge of their column?
    pub(super) const fn right(self) -> bool {
        matches!(self, Style::Whole | Style::Year | Style::Number(_) | Style::Loose | Style::Share | Style::Aligned)
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Whole(i64),
    Number(f64),
    Date(NaiveDate),
    YesNo(bool),
}

/// One column: name, heading, style, cells.
pub(super) struct Field<'a> {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) style: Style,
    pub(super) cells: Vec<Cell<'a>>,
}

/// Columns of one length.
#[derive(Default)]
pub(super) struct Grid<'a> {
    pub(super) fields: Vec<Field<'a>>,
}

impl<'a> Grid<'a> {
    pub(super) fn height(&self) -> usize {
        self.fields.first().map_or(0, |f| f.cells.len())
    }

    /// Adds a column made by hand.
    pub(super) fn push(&mut self, label: String, style: Style, cells: Vec<Cell<'a>>) {
        self.fields.push(Field { name: String::new(), label, style, cells });
    }

    /// Puts a column made by hand behind the column `after`, or at the end.
    pub(super) fn insert(&mut self, after: &str, label: String, style: Style, cells: Vec<Cell<'a>>) {
        let at = self.fields.iter().position(|f| f.name == after).map_or(self.fields.len(), |i| i + 1);
        self.fields.insert(at, Field { name: String::new(), label, style, cells });
    }

    /// Puts other cells into a column.
    pub(super) fn replace(&mut self, name: &str, cells: Vec<Cell<'a>>) {
        if let Some(field) = self.fields.iter_mut().find(|f| f.name == name) {
            field.cells = cells;
        }
    }

    /// Gives a column another heading.
    pub(super) fn rename(&mut self, name: &str, label: String) {
        if let Some(field) = self.fields.iter_mut().find(|f| f.name == name) {
            field.label = label;
        }
    }
}

/// What a column holds, by its name in the output tables.
enum Meaning {
    Plain(Style),
    Person,
    /// Key of a village, or the name of a wider place.
    Place,
    /// Codes of the vocabulary that the column's name stands for.
    Code(&'static str),
    Codes(&'static str),
}

/// The vocabulary whose codes a text column of a table holds; the column's own name if it is none.
pub(crate) fn vocabulary(table: &str, column: &'static str) -> &'static str {
    match meaning(table, column, &DataType::String) {
        Meaning::Code(vocabulary) | Meaning::Codes(vocabulary) => vocabulary,
        Meaning::Plain(_) | Meaning::Person | Meaning::Place => column,
    }
}

fn meaning(table: &str, column: &str, dtype: &DataType) -> Meaning {
    use Meaning::{Code, Codes, Person, Place, Plain};
    match column {
        "advice" if table == crate::decisions::FOLLOW_UP => Plain(Style::Prose),
        "state" if table == crate::decisions::FOLLOW_UP => Code("follow"),
        "state" if table == crate::decisions::GRANTED => Code("waiver"),
        "person" | "who" | "holder" | "candidate" | "next_best" | "secretary" | "whom" => Person,
        "class" => Code("class"),
        "grade" => Code("grade"),
        "post" => Code("post"),
        "measure" => Code("measure"),
        "consequence" => Code("consequence"),
        "kind" => Code("kind"),
        "status" => Code("status"),
        "state" => Code("state"),
        "cause" if table == "changes" => Codes("cause"),
        "cause" => Code("cause"),
        "list" => Code("list"),
        "gate" => Code("gate"),
        "quota" => Code("quota"),
        "per" if table == "quotas" => Place,
        "hardness" => Code("hardness"),
        "advice" => Code("advice"),
        "dimension" => Code("dimension"),
        "group" => Code("group"),
        "side" => Code("side"),
        "sex" => Code("sex"),
        "band" => Code("band"),
        "decision" => Code("decision"),
        "followed" => Code("followed"),
        "rule" if table == "honours" => Code("honour_rule"),
        "rule" => Code("rule"),
        "severity" => Code("severity"),
        "fate" => Code("fate"),
        "outcome" | "outcome_stated" | "doubt" => Plain(Style::Prose),
        "problem" => Code("problem"),
        "part" => Code("part"),
        "compared_parts" | "unknown_parts" => Codes("part"),
        "pension" | "medical" => Code("cover"),
        "payer" => Code("payer"),
        "education" => Code("education"),
        "eligible" => Code("eligible"),
        "grade_basis" => Code("grade_basis"),
        "income_basis" => Code("income_basis"),
        "assumed" => Codes("assumed"),
        "missed" | "to_clarify" => Codes("condition"),
        "years_state" | "education_state" | "age_state" | "grades_state" | "member_state" | "bars_state" => {
            Code("condition_state")
        }
        "area" => Code("area"),
        "course" => Code("course"),
        "level" => Code("level"),
        "bound" => Code("bound"),
        "activity" => Code("activity"),
        "source" if table == "contributions" => Code("source"),
        "categories" => Codes("category"),
        "veto" => Codes("veto"),
        "measured_weight" | "p_top" | "p_bottom" | "share" | "target_low" | "target_high" | "risk" | "weight" => {
            Plain(Style::Share)
        }
        name if table == "ranks" && name.starts_with("p_") => Plain(Style::Share),
        "year" | "period" | "income_year" => Plain(Style::Year),
        "contest_score" | "policy_theory" | "professional" | "case_analysis" | "percentile" | "trained_days"
        | "required_days" => Plain(Style::Loose),
        "score" | "base" | "bonus" | "penalty" | "points" | "contribution" | "next_best_loss" | "fit_gain" | "fit" => {
            Plain(Style::Number(2))
        }
        "cases_per_100" | "urgency" => Plain(Style::Number(1)),
        "rate" => Plain(Style::Number(4)),
        "value" => Plain(Style::Loose),
        "base_value" | "change" => Plain(Style::Loose),
        "why" | "overrides" => Plain(Style::Prose),
        "reasons" | "reasons_for" | "reasons_against" | "basis" | "clears" | "detail" | "text" | "contributions"
        | "gates_passed" | "soft_bars" | "grade_reason" | "consequence_reason" | "reason" | "note" | "overdue" => {
            Plain(Style::Prose)
        }
        _ => Plain(match dtype {
            DataType::Date => Style::Date,
            DataType::Boolean => Style::YesNo,
            DataType::Float32 | DataType::Float64 => Style::Number(2),
            dtype if dtype.is_integer() => Style::Whole,
            _ => Style::Word,
        }),
    }
}

/// Columns that name people in words: shown to the county's own office only.
const PERSONAL: [&str; 2] = ["responsible", "mentor"];

/// Makes grids for one reader.
pub(super) struct Maker<'r> {
    pub(super) labels: &'r Labels<'r>,
    pub(super) people: &'r People,
    /// Names of villages by key, for tables that hold the key alone.
    pub(super) villages: &'r HashMap<String, String>,
}

impl<'r> Maker<'r> {
    /// The named columns of a frame, in that order, for the given rows (all without a list).
    /// Columns that the frame lacks are left out.
    pub(super) fn grid<'f>(
        &self,
        table: &str,
        frame: &'f DataFrame,
        columns: &[&str],
        picked: Option<&[usize]>,
    ) -> Grid<'f>
    where
        'r: 'f,
    {
        let mut grid = Grid::default();
        for name in columns {
            if let Some(field) = self.field(table, frame, name, picked) {
                grid.fields.push(field);
            }
        }
        grid
    }

    fn field<'f>(&self, table: &str, frame: &'f DataFrame, name: &str, picked: Option<&[usize]>) -> Option<Field<'f>>
    where
        'r: 'f,
    {
        if PERSONAL.contains(&name) && !self.people.internal() {
            return None;
        }
        let class = registry::form(table).and_then(|form| form.class(name)).filter(|_| !self.people.internal());
        if class == Some(Class::One) {
            return None;
        }
        let rows = Rows::of(Some(frame));
        if name == "village_name" && !crate::frame::has(frame, name) {
            frame.column("village").ok()?;
            let cells = pick(rows.words("village"), picked, |key| text(Cow::Borrowed(village(self.villages, key))));
            return Some(Field { name: name.to_owned(), label: self.labels.column(name), style: Style::Word, cells });
        }
        let column = frame.column(name).ok()?;
        let (style, cells) = match meaning(table, name, column.dtype()) {
            Meaning::Person => {
                (Style::Word, pick(rows.words(name), picked, |code| text(Cow::Borrowed(self.people.show(code)))))
            }
            Meaning::Place => {
                (Style::Word, pick(rows.words(name), picked, |key| text(Cow::Borrowed(village(self.villages, key)))))
            }
            Meaning::Code(kind) => (
                Style::Word,
                pick(rows.words(name), picked, |c| text(Cow::Owned(self.labels.code(kind, c).to_string()))),
            ),
            Meaning::Codes(kind) => {
                (Style::Word, pick(rows.words(name), picked, |c| text(Cow::Owned(self.labels.codes(kind, c)))))
            }
            Meaning::Plain(style) => (style, self.plain(rows, name, style, picked)),
        };
        let mut cells = cells;
        if matches!(class, Some(Class::People | Class::Share)) && style.right() {
            withheld(table, rows, name, picked, &mut cells);
        }
        let label = self.labels.column(label_key(table, name));
        Some(Field { name: name.to_owned(), label, style, cells })
    }

    fn plain<'f>(&self, rows: Rows<'f>, name: &str, style: Style, picked: Option<&[usize]>) -> Vec<Cell<'f>> {
        match style {
            Style::Word | Style::Aligned => pick(rows.words(name), picked, |t| text(Cow::Borrowed(t))),
            Style::Prose if name == "basis" => pick(rows.words(name), picked, |t| text(self.labels.basis(t).into())),
            Style::Prose => pick(rows.words(name), picked, |t| text(self.people.weave(t))),
            Style::Whole | Style::Year => pick(rows.wholes(name), picked, |v| v.map_or(Cell::Empty, Cell::Whole)),
            Style::Number(_) | Style::Loose | Style::Share => {
                pick(rows.numbers(name), picked, |v| v.map_or(Cell::Empty, Cell::Number))
            }
            Style::Date => pick(rows.dates(name), picked, |v| v.map_or(Cell::Empty, Cell::Date)),
            Style::YesNo => pick(rows.flags(name), picked, |v| v.map_or(Cell::Empty, Cell::YesNo)),
        }
    }
}

/// Counts of people that a summary withholds are marked; what the book does not hold stays empty.
fn withheld(table: &str, rows: Rows, column: &str, picked: Option<&[usize]>, cells: &mut [Cell]) {
    let Some(form) = registry::form(table) else { return };
    // A share is withheld with a count of its row.
    let counts: Vec<Vec<Option<f64>>> = rows
        .names()
        .into_iter()
        .filter(|name| {
            form.class(name) == Some(Class::People) && (form.class(column) != Some(Class::People) || *name == column)
        })
        .map(|name| rows.numbers(name))
        .collect();
    // An item of the form that the book cannot tell has a note that says so.
    let notes = if table == "statistics_form" { rows.words("note") } else { Vec::new() };
    for (i, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| **cell == Cell::Empty) {
        let row = picked.map_or(Some(i), |rows| rows.get(i).copied());
        let gone = row.is_some_and(|row| {
            counts.iter().any(|c| c.get(row).is_some_and(Option::is_none))
                && notes.get(row).is_none_or(|n| n.is_empty())
        });
        if gone {
            *cell = Cell::Text(Cow::Borrowed(MASK));
        }
    }
}

fn pick<'f, T: Copy>(values: Vec<T>, picked: Option<&[usize]>, make: impl Fn(T) -> Cell<'f>) -> Vec<Cell<'f>> {
    match picked {
        None => values.into_iter().map(make).collect(),
        Some(rows) => rows.iter().filter_map(|&i| values.get(i).copied()).map(make).collect(),
    }
}

/// A village's name by its key; where the book has no name, the readable part of the key.
pub(super) fn village<'v>(names: &'v HashMap<String, String>, key: &'v str) -> &'v str {
    names.get(key).map_or_else(|| key.rsplit('/').next().unwrap_or(key), String::as_str)
}

/// A text cell; the empty text is an empty cell.
pub(super) fn text(text: Cow<'_, str>) -> Cell<'_> {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}
