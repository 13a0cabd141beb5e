//! Total rows: each is compared with the rows above it.

use super::draft::Value;
use super::headers::text;
use super::lexicon::Claim;
use super::raw::Cell;
use super::schema::{Kind, Unit};
use super::value;

/// A column's sum so far.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    all: f64,
    part: f64,
    rows: usize,
    part_rows: usize,
}

/// What the rows so far add up to, over the sheet and since the last subtotal.
#[derive(Debug)]
pub(super) struct Totals {
    sums: Vec<Sum>,
    rows: usize,
    part_rows: usize,
}

impl Totals {
    pub fn new(columns: usize) -> Totals {
        Totals { sums: vec![Sum::default(); columns], rows: 0, part_rows: 0 }
    }

    /// Adds a row of data.
    pub fn add(&mut self, values: &[Value]) {
        self.rows += 1;
        self.part_rows += 1;
        for (sum, value) in self.sums.iter_mut().zip(values) {
            if let Some(x) = value.number() {
                sum.all += x;
                sum.part += x;
                sum.rows += 1;
                sum.part_rows += 1;
            }
        }
    }

    /// A subtotal is behind; the next starts anew.
    pub fn start_part(&mut self) {
        self.part_rows = 0;
        for sum in &mut self.sums {
            sum.part = 0.0;
            sum.part_rows = 0;
        }
    }

    /// What a total row should say in a numeric column, if it does not: a sum, or where sums make
    /// no sense (shares, points, income per head) perhaps a mean. `said` is in canonical units.
    pub fn differs(&self, column: usize, kind: Kind, said: f64, partial: bool) -> Option<f64> {
        let sum = self.sums.get(column)?;
        let mean = |total: f64, rows: usize| if rows == 0 { 0.0 } else { total / rows as f64 };
        let (own, other) = if partial { (sum.part, sum.all) } else { (sum.all, sum.part) };
        let near = |x: f64| (said - x).abs() <= 0.006_f64.max(1e-9 * x.abs());
        // Means are rounded to one decimal.
        let about = |x: f64| (said - x).abs() <= 0.06;
        let mean_fits = matches!(kind, Kind::Number(Unit::Percent | Unit::Points | Unit::Yuan))
            && (about(mean(sum.all, sum.rows)) || about(mean(sum.part, sum.part_rows)));
        if near(own) || near(other) || mean_fits { None } else { Some(own) }
    }

    /// What a total row should say in a column of names (111人, 59个村), if it does not.
    pub fn counts_differ(&self, cell: &Cell, partial: bool) -> Option<(f64, f64)> {
        let shown = value::compact(&text(cell)).0.into_owned();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        let counts = shown.trim_start_matches('共').starts_with(|c: char| c.is_ascii_digit())
            && shown.chars().count() <= digits.len() + 3;
        let said = digits.parse::<f64>().ok().filter(|_| counts)?;
        let (own, other) = if partial { (self.part_rows, self.rows) } else { (self.rows, self.part_rows) };
        (said != own as f64 && said != other as f64).then_some((said, own as f64))
    }
}

/// A claim without its range: a total may lie outside.
pub(super) fn unbounded(claim: &Claim) -> Claim {
    let mut claim = claim.clone();
    claim.field.range = None;
    claim
}
