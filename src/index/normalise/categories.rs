use std::borrow::Cow;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Direction, Method, PointsRule};
use crate::index::Table;

/// Categories to points: 优秀 100, 良好 80. The indicator's column holds texts (or codes), and what
/// follows is done with the points. Spaces around a text do not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// Category → points, 0 to 100.
    pub points: IndexMap<String, f64>,
    /// Points of every other category; without it another category is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<f64>,
}

impl Categories {
    /// Points of a text: `None` for a category that is not listed.
    pub fn read(&self, text: &str) -> Option<f64> {
        self.points.get(text.trim()).copied().or(self.otherwise)
    }

    /// The points of a column of the table by row: NaN where it is empty or not listed.
    pub fn column(&self, table: &Table, name: &str) -> Vec<f64> {
        let points = |row| cell(table, name, row).and_then(|text| self.read(&text)).unwrap_or(f64::NAN);
        (0..table.rows()).map(points).collect()
    }

    /// # Errors
    /// The first category of the column that is not listed, with its unit and the nearest that is.
    pub fn check_column(&self, table: &Table, name: &str) -> Result<(), String> {
        for row in 0..table.rows() {
            if let Some(text) = cell(table, name, row)
                && self.read(&text).is_none()
            {
                let (unit, period, nearest) = (table.name(row), table.periods[row], self.nearest(&text));
                return Err(format!(
                    "unit \"{unit}\" (period {period}): \"{text}\" in column `{name}` is none of the categories; did you mean \
                     \"{nearest}\"? List it in `points`, or give `otherwise`"
                ));
            }
        }
        Ok(())
    }

    /// The listed category that a text resembles most; the first of several.
    pub fn nearest(&self, text: &str) -> &str {
        let likeness = |name: &str| strsim::jaro_winkler(name, text.trim());
        let mut names = self.points.keys().map(String::as_str);
        let first = names.next().unwrap_or_default();
        names
            .fold((first, likeness(first)), |best, name| {
                let like = likeness(name);
                if like > best.1 { (name, like) } else { best }
            })
            .0
    }
}

/// The text of a cell; a code that was read as a number is text again. `None` where it is empty.
fn cell<'a>(table: &'a Table, column: &str, row: usize) -> Option<Cow<'a, str>> {
    if let Some(texts) = table.texts.get(column) {
        return texts[row].as_deref().filter(|text| !text.trim().is_empty()).map(Cow::Borrowed);
    }
    let number = table.numbers.get(column)?[row];
    (!number.is_nan()).then(|| Cow::Owned(number.to_string()))
}

impl PointsRule for Categories {
    const METHOD: Method = Method {
        name: "categories",
        formula: "points of the category",
        source: "OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 5.6 (categorical scale)",
    };

    fn check(&self, direction: Direction) -> Result<(), String> {
        if self.points.is_empty() {
            return Err("`points` must list at least one category".into());
        }
        if !self.points.values().chain(&self.otherwise).all(|p| (0.0..=100.0).contains(p)) {
            return Err("`points` and `otherwise` must lie between 0 and 100".into());
        }
        if let Some(text) = self.points.keys().find(|text| text.trim() != text.as_str()) {
            return Err(format!("`points`: the category \"{text}\" must not begin or end with a space"));
        }
        match direction {
            Direction::Higher => Ok(()),
            Direction::Lower => Err("`direction` must be \"higher\": the points already say what is better".into()),
        }
    }

    /// The value is the category's points already.
    fn points(&self, cell: &Cell) -> Option<f64> {
        Some(cell.value.clamp(0.0, 100.0))
    }
}
