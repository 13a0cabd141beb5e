//! Names of vacancies and candidates, and their numbers.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::sheet::Keys;

/// Names in their order: whole numbers by size, texts by code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ids {
    Whole(Vec<i64>),
    Text(Vec<String>),
}

impl Default for Ids {
    fn default() -> Self {
        Ids::Text(Vec::new())
    }
}

impl Ids {
    /// The distinct names of some columns.
    pub(crate) fn of(columns: &[&Keys]) -> Ids {
        let whole: Option<Vec<&Vec<i64>>> = columns
            .iter()
            .map(|keys| match keys {
                Keys::Whole(values) => Some(values),
                Keys::Text(_) => None,
            })
            .collect();
        if let Some(columns) = whole {
            let mut values: Vec<i64> = columns.into_iter().flatten().copied().collect();
            values.sort_unstable();
            values.dedup();
            return Ids::Whole(values);
        }
        let mut values: Vec<String> = columns.iter().flat_map(|keys| keys.texts()).collect();
        values.sort_unstable();
        values.dedup();
        Ids::Text(values)
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Ids::Whole(values) => values.len(),
            Ids::Text(values) => values.len(),
        }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A name as text.
    pub fn name(&self, at: u32) -> String {
        match self {
            Ids::Whole(values) => values[at as usize].to_string(),
            Ids::Text(values) => values[at as usize].clone(),
        }
    }

    /// The number of each name of a column; none for one that is not here.
    pub(crate) fn places(&self, keys: &Keys) -> Vec<Option<u32>> {
        match (self, keys) {
            (Ids::Whole(values), Keys::Whole(keys)) => whole_places(values, keys),
            (Ids::Whole(values), Keys::Text(keys)) => {
                let place = |key: &String| values.binary_search(&super::sheet::canonical(key)?).ok();
                keys.iter().map(|key| place(key).map(|at| at as u32)).collect()
            }
            (Ids::Text(values), keys) => {
                let places: HashMap<&str, u32> = values.iter().map(String::as_str).zip(0..).collect();
                match keys {
                    Keys::Text(keys) => keys.iter().map(|key| places.get(key.as_str()).copied()).collect(),
                    Keys::Whole(keys) => keys.iter().map(|key| places.get(key.to_string().as_str()).copied()).collect(),
                }
            }
        }
    }

    /// Surrogates for ties: a seeded hash of each name.
    pub(crate) fn ties(&self, side: &str, seed: u64) -> Vec<u64> {
        (0..self.len() as u32).map(|at| tie(side, &self.name(at), seed)).collect()
    }

    /// A column of names.
    pub fn column(&self, name: &str, of: &[u32]) -> Column {
        let series = match self {
            Ids::Whole(values) => {
                Series::new(name.into(), of.iter().map(|at| values[*at as usize]).collect::<Vec<i64>>())
            }
            Ids::Text(values) => {
                Series::new(name.into(), of.iter().map(|at| values[*at as usize].as_str()).collect::<Vec<&str>>())
            }
        };
        series.into()
    }

    /// The same with gaps.
    pub fn column_or_none(&self, name: &str, of: &[Option<u32>]) -> Column {
        let series = match self {
            Ids::Whole(values) => {
                let values: Vec<Option<i64>> = of.iter().map(|at| at.map(|at| values[at as usize])).collect();
                Series::new(name.into(), values)
            }
            Ids::Text(values) => {
                let values: Vec<Option<&str>> = of.iter().map(|at| at.map(|at| values[at as usize].as_str())).collect();
                Series::new(name.into(), values)
            }
        };
        series.into()
    }

    /// Numbers of the names in a column of an output table.
    ///
    /// # Errors
    /// The column is not there, or holds a name that is not here.
    pub fn find(&self, table: &DataFrame, name: &str) -> Result<Vec<u32>, String> {
        let keys = column_keys(table, name)?;
        let places = self.places(&keys);
        let missing = places.iter().position(Option::is_none);
        match missing {
            Some(at) => Err(format!("{name} {} is not known", keys.name(at))),
            None => Ok(places.into_iter().flatten().collect()),
        }
    }

    /// The distinct names in a column of an output table.
    ///
    /// # Errors
    /// The column is not there, or has gaps.
    pub fn read(table: &DataFrame, name: &str) -> Result<Ids, String> {
        Ok(Ids::of(&[&column_keys(table, name)?]))
    }
}

fn column_keys(table: &DataFrame, name: &str) -> Result<Keys, String> {
    use crate::frame;
    let column = table.column(name).map_err(|e| e.to_string())?;
    let gap = || format!("{name} has gaps");
    if column.dtype().is_integer() {
        let values = frame::wholes(table, name).map_err(|e| e.to_string())?;
        return values.into_iter().collect::<Option<Vec<i64>>>().map(Keys::Whole).ok_or_else(gap);
    }
    let values = frame::texts(table, name).map_err(|e| e.to_string())?;
    values.into_iter().map(|v| v.map(str::to_owned)).collect::<Option<Vec<_>>>().map(Keys::Text).ok_or_else(gap)
}

/// What stands for a name in ties: 64 bits of the BLAKE3 of seed, side and name.
pub fn tie(side: &str, name: &str, seed: u64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(side.as_bytes()).update(&[0]).update(name.as_bytes());
    let bytes = *hasher.finalize().as_bytes().first_chunk().expect("a hash has 32 bytes");
    u64::from_le_bytes(bytes)
}

/// By a table where the numbers are close together, else by bisection.
fn whole_places(values: &[i64], keys: &[i64]) -> Vec<Option<u32>> {
    let (Some(&low), Some(&high)) = (values.first(), values.last()) else { return vec![None; keys.len()] };
    let width = i128::from(high) - i128::from(low) + 1;
    if width > 8 * values.len() as i128 + 1_024 {
        return keys.iter().map(|key| values.binary_search(key).ok().map(|at| at as u32)).collect();
    }
    let mut table = vec![u32::MAX; width as usize];
    for (at, value) in values.iter().enumerate() {
        table[(value - low) as usize] = at as u32;
    }
    let place =
        |key: &i64| table.get(usize::try_from(key.checked_sub(low)?).ok()?).copied().filter(|at| *at != u32::MAX);
    keys.iter().map(place).collect()
}

impl Keys {
    /// Names as texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        (0..self.len()).map(|at| self.name(at)).collect()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        match self {
            Keys::Whole(values) => values.len(),
            Keys::Text(values) => values.len(),
        }
    }

    /// One as text.
    pub(crate) fn name(&self, at: usize) -> String {
        match self {
            Keys::Whole(values) => values[at].to_string(),
            Keys::Text(values) => values[at].clone(),
        }
    }
}
