//! The units that an index is made of: any table, read into columns.

use indexmap::IndexMap;

/// Units × columns; in a panel, a row for each unit and period. Rows are sorted by period, then by
/// the unit's name, so that the order of the input changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Names of the units, ascending, each once.
    pub names: Vec<String>,
    /// Unit by row: a place in `names`.
    pub units: Vec<u32>,
    /// Period by row; all 0 where there is but one.
    pub periods: Vec<i64>,
    /// Class by row: a column of `texts`, if the policy names one.
    pub class: Option<String>,
    /// Numbers by column, then row; NaN where missing.
    pub numbers: IndexMap<String, Vec<f64>>,
    /// Texts by column, then row.
    pub texts: IndexMap<String, Vec<Option<String>>>,
    /// Units' own targets by the column that they are for, then row; NaN where there is none.
    pub targets: IndexMap<String, Vec<f64>>,
}

impl Table {
    /// Rows.
    pub fn rows(&self) -> usize {
        self.units.len()
    }

    /// The unit's name.
    pub fn name(&self, row: usize) -> &str {
        &self.names[self.units[row] as usize]
    }

    /// The row's own target for a column, if it has one.
    pub fn target(&self, column: &str, row: usize) -> Option<f64> {
        self.targets.get(column).map(|targets| targets[row]).filter(|target| !target.is_nan())
    }

    /// Rows that share the period and the value of a text column (all rows of a period, if none is
    /// given), in the order of period and value; rows without a value are together.
    pub fn groups(&self, column: Option<&str>) -> Groups {
        let texts = column.and_then(|c| self.texts.get(c));
        let key = |row: usize| (self.periods[row], texts.and_then(|t| t[row].as_deref()));
        let mut members = std::collections::BTreeMap::<(i64, Option<&str>), Vec<u32>>::new();
        for row in 0..self.rows() {
            members.entry(key(row)).or_default().push(row as u32);
        }
        Groups::new(members.into_values().collect(), self.rows())
    }
}

/// Rows sorted into groups; each row is in exactly one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Rows by group, ascending.
    pub members: Vec<Vec<u32>>,
    /// Group by row.
    pub of: Vec<u32>,
}

impl Groups {
    /// From the rows by group.
    pub fn new(members: Vec<Vec<u32>>, rows: usize) -> Groups {
        let mut of = vec![0; rows];
        for (group, rows) in members.iter().enumerate() {
            rows.iter().for_each(|&row| of[row as usize] = group as u32);
        }
        Groups { members, of }
    }
}
