//! Parsers of single cells: what a county writes, turned into a value, with every repair counted
//! and every doubt named. Pure functions over [`Cell`]; nothing here knows a table.
//!
//! A parser answers `Ok(Parsed)` when the cell can be read (perhaps as "says nothing") and
//! `Err(Fault)` when it holds something that is not of the kind asked for. A fault is reported by
//! the caller with [`mask`]ed text; it never loses the row.

mod date;
mod header;
mod identity;
mod mask;
mod number;
mod text;
mod words;

use crate::book::raw::Cell;

pub use date::{Dated, Precision, date, date_text};
pub use header::{Header, HeaderUnit, header, unit_line};
pub use identity::{IdState, Identity, Sex, check_character, identity};
pub use mask::{mask, phone};
pub use number::{NumberRule, Scale, number, whole};
pub use text::{clean_name, clean_text, compact, fold, shown, split_names};
pub use words::{year, yes_no};

/// A harmless difference from the clean form that was put right. Each is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Repair {
    /// A tab before, behind or within the text.
    Tab,
    /// Full-width digits, letters or signs.
    FullWidth,
    /// Spaces around the text, or within a padded two-character name.
    Padding,
    /// Zero-width and control characters, byte-order marks.
    Invisible,
    /// A line break inside the cell.
    LineBreak,
    /// The apostrophe that makes Excel keep a code as text.
    Apostrophe,
    /// `x` for `X` at the end of an identity number.
    LowerX,
    /// A date that Excel stored as its serial number.
    ExcelDate,
    /// Thousands separators.
    Thousands,
    /// A unit or a percent sign written behind the number.
    UnitInCell,
}

impl Repair {
    /// Every kind, in the order of the reports.
    pub const ALL: [Repair; 10] = [
        Repair::Tab,
        Repair::FullWidth,
        Repair::Padding,
        Repair::Invisible,
        Repair::LineBreak,
        Repair::Apostrophe,
        Repair::LowerX,
        Repair::ExcelDate,
        Repair::Thousands,
        Repair::UnitInCell,
    ];

    /// The code in reports; its text is the message `repair-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Repair::Tab => "tab",
            Repair::FullWidth => "full_width",
            Repair::Padding => "padding",
            Repair::Invisible => "invisible",
            Repair::LineBreak => "line_break",
            Repair::Apostrophe => "apostrophe",
            Repair::LowerX => "lower_x",
            Repair::ExcelDate => "excel_date",
            Repair::Thousands => "thousands",
            Repair::UnitInCell => "unit_in_cell",
        }
    }
}

/// The repairs of one cell: a small set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs(u16);

impl Repairs {
    /// No repair.
    pub const NONE: Repairs = Repairs(0);

    /// Adds one kind.
    pub fn add(&mut self, repair: Repair) {
        self.0 |= 1 << repair as u16;
    }

    /// Is this kind among them?
    pub const fn has(self, repair: Repair) -> bool {
        self.0 & (1 << repair as u16) != 0
    }

    /// Nothing was repaired.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Repairs) -> Repairs {
        Repairs(self.0 | other.0)
    }

    /// The kinds, in the order of the reports.
    pub fn iter(self) -> impl Iterator<Item = Repair> {
        Repair::ALL.into_iter().filter(move |r| self.has(*r))
    }
}

impl FromIterator<Repair> for Repairs {
    fn from_iter<I: IntoIterator<Item = Repair>>(repairs: I) -> Self {
        let mut set = Repairs::NONE;
        repairs.into_iter().for_each(|r| set.add(r));
        set
    }
}

/// A value that was read, but that somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// `2021.1` may be January, or October typed as a number; January is kept. Or `3/4/1975`.
    AmbiguousDate,
    /// `75.06`: the century is a guess (00–29 is 2000–2029, as Excel has it).
    TwoDigitYear,
    /// A span of time; its start is kept.
    DateRange,
    /// A remark stands behind the date, such as （农历）.
    DateRemark,
    /// 约, 余, 左右, 以上: not an exact number.
    Approximate,
    /// A telephone number of unusual length.
    OddPhone,
}

impl Doubt {
    /// The code in reports; its text is the message `flag-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Doubt::AmbiguousDate => "ambiguous_date",
            Doubt::TwoDigitYear => "two_digit_year",
            Doubt::DateRange => "date_range",
            Doubt::DateRemark => "date_remark",
            Doubt::Approximate => "approximate",
            Doubt::OddPhone => "odd_phone",
        }
    }
}

/// The cell holds something that cannot be read as what its column asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Fault {
    /// No number.
    #[error("not a number")]
    NotANumber,
    /// NaN, an infinity, or a number too large to hold.
    #[error("a number out of range")]
    NumberTooLarge,
    /// A fraction where a whole number belongs.
    #[error("not a whole number")]
    NotWhole,
    /// No date.
    #[error("not a date")]
    NotADate,
    /// A date that no calendar has, or a year outside 1900–2100.
    #[error("an impossible date")]
    ImpossibleDate,
    /// No year, or one outside 1900–2100.
    #[error("not a year")]
    NotAYear,
    /// Neither a yes nor a no word.
    #[error("an unknown word")]
    UnknownWord,
    /// `#REF!` and its kin.
    #[error("a spreadsheet error")]
    SheetError,
}

impl Fault {
    /// The code in reports; its text is the message `flag-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Fault::NotANumber => "not_a_number",
            Fault::NumberTooLarge => "number_too_large",
            Fault::NotWhole => "not_whole",
            Fault::NotADate => "not_a_date",
            Fault::ImpossibleDate => "impossible_date",
            Fault::NotAYear => "not_a_year",
            Fault::UnknownWord => "unknown_word",
            Fault::SheetError => "sheet_error",
        }
    }
}

/// What a parser made of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<T> {
    /// `None`: the cell says nothing.
    pub value: Option<T>,
    /// What was put right on the way.
    pub repairs: Repairs,
    /// What somebody should look at.
    pub doubt: Option<Doubt>,
}

impl<T> Parsed<T> {
    /// A cell that says nothing.
    pub const fn nothing(repairs: Repairs) -> Self {
        Parsed { value: None, repairs, doubt: None }
    }

    /// A value without doubt.
    pub const fn sure(value: T, repairs: Repairs) -> Self {
        Parsed { value: Some(value), repairs, doubt: None }
    }
}

/// Result of a parser.
pub type Outcome<T> = Result<Parsed<T>, Fault>;

/// Does a cell say this word? Compared in folded form, so that （无） and 无 are one.
fn says(folded: &str, words: &[String]) -> bool {
    words.iter().any(|w| w == folded || fold(w) == folded)
}

/// Is there nothing in the cell, or only spaces?
pub fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.chars().all(|c| text::is_space(c) || text::is_invisible(c)),
        _ => false,
    }
}
