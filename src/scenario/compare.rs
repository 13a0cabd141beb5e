//! The comparison that serves both `--previous` and `whatif`: two sets of output tables, list by list.

use std::collections::BTreeMap;

use super::list::{LISTS, List};
use super::side::{Member, Members, Outputs, members, shown, words_or_none};
use super::why::Reasons;
use crate::frame::{Build, FrameResult};
use crate::lang::Lang;
use chrono::NaiveDate;
use polars::prelude::DataFrame;

/// How a row differs between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// On the list now, not before.
    New,
    /// On the list before, not now.
    Gone,
    /// On the list both times, and the list says something else.
    Moved,
}

impl Kind {
    /// Its code in the tables.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::New => "new",
            Kind::Gone => "gone",
            Kind::Moved => "moved",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Code of the list.
    pub list: &'static str,
    pub county: String,
    pub township: String,
    pub village: String,
    pub village_name: String,
    /// Stable key of the row within the list and county.
    pub key: String,
    /// Surrogate code of the person the row is about, if any.
    pub who: String,
    pub kind: Kind,
    /// What the list said before; empty if nothing.
    pub before: String,
    /// What it says now; empty if nothing.
    pub after: String,
    /// What caused it; codes joined by `;`.
    pub cause: String,
    /// The reason of the side on which the row stands, or what moved most.
    pub why: String,
    /// The whole key, with its county.
    pub(super) place: String,
}

/// Rows of one list in one county.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub before: usize,
    pub after: usize,
    pub new: usize,
    pub gone: usize,
    /// On both sides; those that moved are among them.
    pub stays: usize,
    pub moved: usize,
}

/// Everything that differs between two runs.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// By county, list (in the order of the registry), kind and place.
    pub rows: Vec<Change>,
    /// By county and place of the list in the registry.
    pub counts: BTreeMap<(String, usize), Count>,
    /// Lists that one side alone holds.
    pub skipped: Vec<&'static str>,
}

/// Both sides of one list.
pub(super) struct Pair<'l> {
    pub list: &'l List,
    pub before: Members,
    pub after: Members,
}

/// Lists that both sides hold, and those that one alone holds.
pub(super) fn pairs(before: &Outputs, after: &Outputs) -> (Vec<Pair<'static>>, Vec<&'static str>) {
    let (mut pairs, mut skipped) = (Vec::new(), Vec::new());
    for list in LISTS {
        match (members(list, before), members(list, after)) {
            (Some(before), Some(after)) => pairs.push(Pair { list, before, after }),
            (None, None) => {}
            _ => skipped.push(list.name),
        }
    }
    (pairs, skipped)
}

/// How a member changed, if it did.
pub(super) fn kind(before: Option<&Member>, after: Option<&Member>) -> Option<Kind> {
    match (before.filter(|m| m.on), after.filter(|m| m.on)) {
        (None, Some(_)) => Some(Kind::New),
        (Some(_), None) => Some(Kind::Gone),
        (Some(before), Some(after)) if before.says != after.says => Some(Kind::Moved),
        _ => None,
    }
}

/// Compares two sets of output tables. Rows are matched by the lists' stable keys; a list that one
/// side does not hold is skipped and named. `cause` of every change is left empty.
///
/// ```
/// use std::collections::BTreeMap;
/// use touyan::{frame::Build, lang::Lang, scenario::{compare, Kind}};
///
/// let ladder = |state: &str| {
///     let table = Build::new().str("county", &["青河县"]).str("village", &["990121100200"]).str("state", &[state]);
///     BTreeMap::from([("ladder", table.done().unwrap())])
/// };
/// let changes = compare(&ladder("thin"), &ladder("broken"), Lang::En)?;
/// assert_eq!((changes.rows[0].kind, changes.rows[0].after.as_str()), (Kind::Moved, "broken"));
/// assert!(compare(&ladder("thin"), &ladder("thin"), Lang::En)?.rows.is_empty());
/// # Ok::<(), touyan::frame::FrameError>(())
/// ```
///
/// # Errors
/// A table holds a column of another type than its schema says.
pub fn compare(before: &Outputs, after: &Outputs, lang: Lang) -> FrameResult<Changes> {
    let (pairs, skipped) = pairs(before, after);
    let names = names(before, after);
    let reasons = Reasons::new(before, after, lang)?;
    let mut changes = Changes { skipped, ..Changes::default() };
    for pair in &pairs {
        let order = LISTS.iter().position(|l| l.name == pair.list.name).unwrap_or_default();
        let (old, new) = (&before[pair.list.table], &after[pair.list.table]);
        let (old_place, new_place) = (Place::of(pair.list, old), Place::of(pair.list, new));
        let keys: std::collections::BTreeSet<&String> = pair.before.keys().chain(pair.after.keys()).collect();
        for key in keys {
            let (was, is) = (pair.before.get(key), pair.after.get(key));
            let county = key.split('\u{1f}').next().unwrap_or_default();
            let count = changes.counts.entry((county.to_owned(), order)).or_default();
            let (on_before, on_after) = (was.is_some_and(|m| m.on), is.is_some_and(|m| m.on));
            count.before += usize::from(on_before);
            count.after += usize::from(on_after);
            count.stays += usize::from(on_before && on_after);
            let Some(kind) = kind(was, is) else { continue };
            match kind {
                Kind::New => count.new += 1,
                Kind::Gone => count.gone += 1,
                Kind::Moved => count.moved += 1,
            }
            // Where the row stands: now, or before if it is gone.
            let (place, row) = match (kind, was, is) {
                (Kind::Gone, Some(was), _) => (&old_place, was.row),
                (_, _, Some(is)) => (&new_place, is.row),
                _ => continue,
            };
            let village = place.village[row].to_owned();
            let village_name = match place.village_name[row] {
                "" => names.get(village.as_str()).copied().unwrap_or_default().to_owned(),
                name => name.to_owned(),
            };
            changes.rows.push(Change {
                list: pair.list.name,
                county: county.to_owned(),
                township: place.township[row].to_owned(),
                village,
                village_name,
                key: shown(key),
                who: place.who[row].to_owned(),
                kind,
                before: was.map_or_else(String::new, |m| m.says.clone()),
                after: is.map_or_else(String::new, |m| m.says.clone()),
                cause: String::new(),
                why: reasons.of(pair.list, kind, was, is),
                place: key.clone(),
            });
        }
    }
    let order = |list: &str| LISTS.iter().position(|l| l.name == list);
    changes.rows.sort_by(|a, b| {
        (&a.county, order(a.list), a.kind, &a.township, &a.place).cmp(&(
            &b.county,
            order(b.list),
            b.kind,
            &b.township,
            &b.place,
        ))
    });
    Ok(changes)
}

/// Columns that say where a row of a list belongs.
struct Place<'t> {
    township: Vec<&'t str>,
    village: Vec<&'t str>,
    village_name: Vec<&'t str>,
    who: Vec<&'t str>,
}

impl<'t> Place<'t> {
    fn of(list: &List, table: &'t DataFrame) -> Self {
        Place {
            township: words_or_none(table, "township"),
            village: words_or_none(table, "village"),
            village_name: words_or_none(table, "village_name"),
            who: words_or_none(table, list.who),
        }
    }
}

/// Names of villages by key, from whichever table has them.
fn names<'t>(before: &'t Outputs, after: &'t Outputs) -> BTreeMap<&'t str, &'t str> {
    let mut names = BTreeMap::new();
    for table in [before, after].into_iter().flat_map(|o| ["scores", "ladder"].map(|n| o.get(n))).flatten() {
        let (keys, values) = (words_or_none(table, "village"), words_or_none(table, "village_name"));
        names.extend(keys.into_iter().zip(values).filter(|(_, name)| !name.is_empty()));
    }
    names
}

impl Changes {
    /// The table `changes`: one row per change; what stays is counted in `changes_summary` alone.
    ///
    /// # Errors
    /// polars refuses.
    pub fn table(&self) -> FrameResult<DataFrame> {
        let text = |pick: &dyn Fn(&Change) -> &str| self.rows.iter().map(|r| some(pick(r))).collect::<Vec<_>>();
        Build::new()
            .str("list", &self.rows.iter().map(|r| r.list).collect::<Vec<_>>())
            .text("county", text(&|r| &r.county))
            .text("township", text(&|r| &r.township))
            .text("village", text(&|r| &r.village))
            .text("village_name", text(&|r| &r.village_name))
            .text("key", text(&|r| &r.key))
            .text("who", text(&|r| &r.who))
            .str("kind", &self.rows.iter().map(|r| r.kind.code()).collect::<Vec<_>>())
            .text("before", text(&|r| &r.before))
            .text("after", text(&|r| &r.after))
            .text("cause", text(&|r| &r.cause))
            .text("why", text(&|r| &r.why))
            .done()
    }
}

/// The table `changes_summary`: one row per county and list. `stays` counts what is on both sides,
/// `moved` what of it says something else; the last columns count changes by cause, and a change
/// with two causes counts under both.
pub(super) fn summary(changes: &Changes, days: (NaiveDate, NaiveDate)) -> FrameResult<DataFrame> {
    let mut causes: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for row in &changes.rows {
        for cause in row.cause.split(';').filter(|c| !c.is_empty()) {
            *causes.entry((&row.county, row.list, cause)).or_insert(0) += 1;
        }
    }
    let rows: Vec<(&str, &str, &Count)> =
        changes.counts.iter().map(|((county, at), count)| (county.as_str(), LISTS[*at].name, count)).collect();
    let whole = |pick: &dyn Fn(&Count) -> usize| rows.iter().map(|(.., c)| Some(pick(c) as i64)).collect::<Vec<_>>();
    let mut build = Build::new()
        .text("county", rows.iter().map(|r| some(r.0)).collect())
        .str("list", &rows.iter().map(|r| r.1).collect::<Vec<_>>())
        .whole("count_before", whole(&|c| c.before))
        .whole("count_after", whole(&|c| c.after))
        .whole("new", whole(&|c| c.new))
        .whole("gone", whole(&|c| c.gone))
        .whole("stays", whole(&|c| c.stays))
        .whole("moved", whole(&|c| c.moved));
    for (column, cause) in
        [("by_data", "data"), ("by_policy", "policy"), ("by_date", "date"), ("by_together", "together")]
    {
        let count = |r: &(&str, &str, &Count)| Some(causes.get(&(r.0, r.1, cause)).copied().unwrap_or(0));
        build = build.whole(column, rows.iter().map(count).collect());
    }
    build
        .date("as_of_before", vec![Some(days.0); rows.len()])
        .date("as_of_after", vec![Some(days.1); rows.len()])
        .done()
}

/// The empty text is null.
pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}
