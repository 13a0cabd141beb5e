//! Merged and once-only names: what a row leaves out because the rows above it said so.

use super::draft::Value;
use super::lexicon::Claim;
use super::raw::Cell;
use super::value;

/// The places that hold for the rows below.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub county: Option<String>,
    pub township: Option<String>,
    village: Option<String>,
    /// The sheet writes a village once for several people below each other.
    village_once: bool,
}

fn position(claims: &[Option<Claim>], name: &str) -> Option<usize> {
    claims.iter().position(|c| c.as_ref().is_some_and(|c| c.field.name == name))
}

impl Places {
    /// `rows` are the sheet's rows below the header. A sheet of people writes villages once only
    /// if it leaves out several of them; a single gap is a gap.
    pub fn new(form: &str, claims: &[Option<Claim>], rows: &[Vec<Cell>], township: Option<String>) -> Places {
        let mut places = Places { township, ..Places::default() };
        if let (Some(village), Some(name)) = (position(claims, "village"), position(claims, "name"))
            && matches!(form, "posts" | "pool" | "people")
        {
            let filled = |row: &Vec<Cell>, at: usize| row.get(at).is_some_and(|c| !value::is_blank(c));
            let people = rows.iter().filter(|r| filled(r, name)).count();
            let gaps: Vec<&Vec<Cell>> = rows.iter().filter(|r| filled(r, name) && !filled(r, village)).collect();
            // Where the township is left out too, one gap is enough.
            let both = gaps.iter().any(|r| position(claims, "township").is_some_and(|t| !filled(r, t)));
            places.village_once = (gaps.len() >= 2 || both) && gaps.len() * 10 >= people;
        }
        places
    }

    /// Fills what the row leaves out and remembers what it says; returns how many cells it filled.
    pub fn fill(&mut self, claims: &[Option<Claim>], values: &mut [Value]) -> usize {
        let mut filled = 0;
        if let Some(i) = position(claims, "county") {
            filled += usize::from(hold(&mut values[i], &mut self.county));
        }
        if let Some(i) = position(claims, "township") {
            let before = self.township.clone();
            filled += usize::from(hold(&mut values[i], &mut self.township));
            if before != self.township {
                self.village = None;
            }
        }
        if let Some(i) = position(claims, "village").filter(|_| self.village_once) {
            filled += usize::from(hold(&mut values[i], &mut self.village));
        }
        filled
    }
}

/// Keeps a name that is said, fills it in where it is not.
fn hold(value: &mut Value, kept: &mut Option<String>) -> bool {
    match (&*value, &*kept) {
        (Value::Text(name), _) => *kept = Some(name.clone()),
        (_, Some(name)) => {
            *value = Value::Text(name.clone());
            return true;
        }
        _ => {}
    }
    false
}
