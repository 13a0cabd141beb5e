//! The people of one county as the tables of the structure stage count them, and what holds between
//! those counts:
//!
//! - groups of a team add up to the team, townships and classes to the post, target posts to the
//!   pool (`structure`);
//! - all posts together are not more than the posts one by one, and not fewer than any of them;
//! - bands of the `pyramid` add up to the groups they lie in; a band that lies in two is split;
//! - whoever passes the limit by a year (`age_limit`) passed it by the year before or in that year,
//!   and the old are those who pass it by some year;
//! - sources and education of the secretaries add up to the secretaries, and the form repeats counts
//!   of the other tables (`statistics_form`).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::system::{At, System};
use crate::policy::Policy;
use crate::stage::add_months;

/// A row of `structure`.
pub struct Team<'a> {
    pub dimension: &'a str,
    pub key: &'a str,
    pub post: &'a str,
    pub group: &'a str,
    pub people: i64,
}

/// A row of `age_limit`.
pub struct Year {
    pub year: i64,
    pub secretaries: i64,
    pub cumulative: i64,
}

/// A row of `pyramid`.
pub struct Cell<'a> {
    pub side: &'a str,
    pub band: &'a str,
    pub people: i64,
}

/// A row of `statistics_form` that counts people.
pub struct Item<'a> {
    pub item: &'a str,
    pub value: i64,
}

/// The rows of one county. Values stand beside their place in the output table; rows without a
/// value are left out.
#[derive(Default)]
pub struct County<'a> {
    pub teams: Vec<(usize, Team<'a>)>,
    pub years: Vec<(usize, Year)>,
    pub cells: Vec<(usize, Cell<'a>)>,
    pub items: Vec<(usize, Item<'a>)>,
}

/// Rows whose count is withheld, by table; `shares`: rows of `structure` whose share and state go too.
#[derive(Default)]
pub struct Withheld {
    pub people: Vec<usize>,
    pub shares: Vec<usize>,
    pub secretaries: Vec<usize>,
    pub cumulative: Vec<usize>,
    pub cells: Vec<usize>,
    pub items: Vec<usize>,
}

/// Rows of a team, its total if that may be withheld, and its groups: is it the one without age?
type Whole = (Vec<usize>, Total, Vec<(bool, At)>);

/// A system with the places of its counts in the tables.
pub struct Built {
    pub system: System,
    teams: Vec<(usize, At)>,
    /// Rows of each team, and its total if that may be withheld.
    totals: Vec<Whole>,
    secretaries: Vec<(usize, At)>,
    cumulative: Vec<(usize, At)>,
    cells: Vec<(usize, At)>,
    items: Vec<(usize, At)>,
}

#[derive(Clone, Copy)]
enum Total {
    Count(At),
    /// Known anyway; shares are withheld only if it is small.
    Known(i64),
}

const ALL: &str = "all";
const POOL: &str = "pool";
const GROUPS: [&str; 4] = ["old", "middle", "young", "unknown"];

type Key<'a> = (&'a str, &'a str, &'a str);

impl<'a> County<'a> {
    /// The counts and equations of the county.
    pub fn build(&self, policy: &Policy, as_of: NaiveDate) -> Built {
        let mut built = Built {
            system: System::default(),
            teams: Vec::new(),
            totals: Vec::new(),
            secretaries: Vec::new(),
            cumulative: Vec::new(),
            cells: Vec::new(),
            items: Vec::new(),
        };
        let teams = self.teams(&mut built, policy);
        let groups = |dimension: &'a str, key: &'a str, post: &'a str| teams.get(&(dimension, key, post));
        self.hierarchy(&mut built, &teams);
        self.pyramid(&mut built, &teams, policy);
        let main = policy.structure.main_post.as_str();
        let head = teams.iter().find(|(k, _)| k.0 == "post" && k.2 == main).map(|(_, t)| t.clone());
        let levels = self.years(&mut built, head.as_ref(), policy, as_of);
        self.items(&mut built, head.as_ref(), groups(POOL, POOL, ALL).cloned(), &teams, levels);
        built
    }

    fn teams(&self, built: &mut Built, policy: &Policy) -> BTreeMap<Key<'a>, Groups> {
        let mut rows: BTreeMap<Key<'a>, Vec<(usize, &Team<'a>)>> = BTreeMap::new();
        for (row, team) in &self.teams {
            rows.entry((team.dimension, team.key, team.post)).or_default().push((*row, team));
        }
        let main = policy.structure.main_post.as_str();
        let mut teams = BTreeMap::new();
        for (key, rows) in rows {
            let total: i64 = rows.iter().map(|(_, t)| t.people).sum();
            let mut groups = Groups { at: [None; 4], values: [0; 4], total: None };
            let mut parts = Vec::new();
            let mut unknown = Vec::new();
            for (row, team) in &rows {
                let at = built.system.shown(team.people);
                built.teams.push((*row, at));
                parts.push(at);
                unknown.push((team.group == "unknown", at));
                if let Some(group) = GROUPS.iter().position(|g| *g == team.group) {
                    groups.at[group] = Some(at);
                    groups.values[group] = team.people;
                }
            }
            // How many secretaries a township or a class has is as good as known: one a village.
            let known = matches!(key.0, "township" | "class") && key.2 == main;
            let (at, kind) = if known {
                (built.system.fixed(total), Total::Known(total))
            } else {
                let small = policy.privacy.is_small(total);
                let at = if small { built.system.shown(total) } else { built.system.fixed(total) };
                (at, Total::Count(at))
            };
            built.system.parts(&parts, at);
            groups.total = Some(at);
            built.totals.push((rows.iter().map(|(row, _)| *row).collect(), kind, unknown));
            teams.insert(key, groups);
        }
        teams
    }

    fn hierarchy(&self, built: &mut Built, teams: &BTreeMap<Key<'a>, Groups>) {
        for (group, _) in GROUPS.iter().enumerate() {
            let at = |key: &Key<'a>| teams.get(key).and_then(|t| t.at[group]);
            let posts: Vec<At> = teams.keys().filter(|k| k.0 == "post" && k.2 != ALL).filter_map(&at).collect();
            // Townships and classes make up the post.
            for (key, whole) in teams.iter().filter(|(k, _)| k.0 == "post") {
                let Some(whole) = whole.at[group] else { continue };
                for dimension in ["township", "class"] {
                    let parts: Vec<At> =
                        teams.keys().filter(|k| k.0 == dimension && k.2 == key.2).filter_map(&at).collect();
                    if !parts.is_empty() {
                        built.system.parts(&parts, whole);
                    }
                }
            }
            // One person may hold several posts.
            if let Some(all) = at(&("post", ALL, ALL)) {
                for post in &posts {
                    built.system.at_most(*post, all);
                }
                let more = built.system.slack();
                let terms = posts.iter().map(|p| (*p, 1)).chain([(all, -1), (more, -1)]).collect();
                built.system.equation(terms, 0);
            }
            for dimension in ["township", "class"] {
                for key in teams.keys().filter(|k| k.0 == dimension && k.2 != ALL) {
                    if let (Some(part), Some(all)) = (at(key), at(&(dimension, key.1, ALL))) {
                        built.system.at_most(part, all);
                    }
                }
            }
            if let Some(pool) = at(&(POOL, POOL, ALL)) {
                let parts: Vec<At> = teams.keys().filter(|k| k.0 == POOL && k.2 != ALL).filter_map(at).collect();
                if !parts.is_empty() {
                    built.system.parts(&parts, pool);
                }
            }
        }
    }

    fn pyramid(&self, built: &mut Built, teams: &BTreeMap<Key<'a>, Groups>, policy: &Policy) {
        for (side, key) in [("posts", ("post", ALL, ALL)), (POOL, (POOL, POOL, ALL))] {
            // Counts of each band, all sexes.
            let mut bands: BTreeMap<&str, (Vec<At>, i64)> = BTreeMap::new();
            for (row, cell) in self.cells.iter().filter(|(_, c)| c.side == side) {
                let at = built.system.shown(cell.people);
                built.cells.push((*row, at));
                let band = bands.entry(cell.band).or_default();
                band.0.push(at);
                band.1 += cell.people;
            }
            let Some(groups) = teams.get(&key) else { continue };
            if bands.values().map(|b| b.1).sum::<i64>() != groups.values.iter().sum::<i64>() {
                continue;
            }
            let mut parts: [(Vec<At>, i64); 4] = Default::default();
            for (band, (cells, sum)) in &bands {
                let inside: Vec<usize> = groups_of(band, policy);
                if let [only] = inside[..] {
                    parts[only].0.extend(cells);
                    parts[only].1 += sum;
                    continue;
                }
                let split: Vec<At> = inside.iter().map(|_| built.system.slack()).collect();
                for (group, at) in inside.iter().zip(&split) {
                    parts[*group].0.push(*at);
                }
                let terms = cells.iter().map(|at| (*at, 1)).chain(split.iter().map(|at| (*at, -1))).collect();
                built.system.equation(terms, 0);
            }
            for (group, (cells, least)) in parts.into_iter().enumerate() {
                if let Some(whole) = groups.at[group].filter(|_| least <= groups.values[group]) {
                    let terms = cells.iter().map(|at| (*at, 1)).chain([(whole, -1)]).collect();
                    built.system.equation(terms, 0);
                }
            }
        }
    }

    /// The chain of `age_limit`; its levels by the last day of birth that counts.
    fn years(
        &self,
        built: &mut Built,
        head: Option<&Groups>,
        policy: &Policy,
        as_of: NaiveDate,
    ) -> Vec<(NaiveDate, At, i64)> {
        let mut years: Vec<&(usize, Year)> = self.years.iter().collect();
        years.sort_by_key(|(_, y)| y.year);
        let limit = policy.structure.age_limit.age;
        let mut levels: Vec<(NaiveDate, At, i64)> = Vec::new();
        let born = |year: i64| i32::try_from(year - 1).ok().and_then(|y| NaiveDate::from_ymd_opt(y - limit, 12, 31));
        for (row, year) in years {
            if levels.is_empty() {
                let before = year.cumulative - year.secretaries;
                let at = built.system.ghost(before);
                levels.extend(born(year.year - 1).map(|day| (day, at, before)));
            }
            let (new, sum) = (built.system.shown(year.secretaries), built.system.shown(year.cumulative));
            built.secretaries.push((*row, new));
            built.cumulative.push((*row, sum));
            if let Some((_, before, value)) = levels.last()
                && value + year.secretaries == year.cumulative
            {
                built.system.equation(vec![(*before, 1), (new, 1), (sum, -1)], 0);
            }
            levels.extend(born(year.year).map(|day| (day, sum, year.cumulative)));
        }
        if let (Some((_, last, value)), Some(head)) = (levels.last().copied(), head) {
            let known: i64 = head.values[..3].iter().sum();
            if value <= known {
                // Shares tell how many births are known.
                let rest = built.system.ghost(known - value);
                built.system.equation(vec![(last, 1), (rest, 1)], known);
            }
            let whole = built.system.fixed(known);
            let parts: Vec<At> = head.at[..3].iter().flatten().copied().collect();
            built.system.parts(&parts, whole);
            if let Some(old) = head.at[0] {
                let day = add_months(as_of, -12 * (policy.structure.bands.middle_max + 1));
                between(built, &levels, day, old, head.values[0]);
            }
        }
        levels
    }

    fn items(
        &self,
        built: &mut Built,
        head: Option<&Groups>,
        pool: Option<Groups>,
        teams: &BTreeMap<Key<'a>, Groups>,
        levels: Vec<(NaiveDate, At, i64)>,
    ) {
        let (mut sources, mut educations) = (Vec::new(), Vec::new());
        let mut whole = None;
        for (row, item) in &self.items {
            let at = built.system.shown(item.value);
            built.items.push((*row, at));
            let mut twin: Option<At> = None;
            let mut same = |other: Option<At>, value: i64| twin = other.filter(|_| value == item.value);
            match item.item {
                "secretaries" => {
                    whole = Some(at);
                    same(head.and_then(|h| h.total), head.map_or(0, |h| h.values.iter().sum()));
                }
                "young" => same(head.and_then(|h| h.at[2]), head.map_or(0, |h| h.values[2])),
                "reserves" => {
                    same(pool.as_ref().and_then(|p| p.total), pool.as_ref().map_or(0, |p| p.values.iter().sum()))
                }
                "reserve_young" => same(pool.as_ref().and_then(|p| p.at[2]), pool.as_ref().map_or(0, |p| p.values[2])),
                "past_limit" => {
                    // Between those who had passed by the end of last year and of this one; equal to the
                    // first where the reference date is the year's last.
                    same(levels.first().map(|l| l.1), levels.first().map_or(-1, |l| l.2));
                    if let Some((_, before, _)) = levels.first() {
                        built.system.at_most(*before, at);
                    }
                    if let Some((_, after, _)) = levels.get(1) {
                        built.system.at_most(at, *after);
                    }
                }
                name if name.starts_with("source_") => sources.push(at),
                name if name.starts_with("education_") => educations.push(at),
                name => {
                    let post = name.strip_prefix("reserves_for_");
                    let team = post.and_then(|post| teams.get(&(POOL, POOL, post)));
                    if let Some(team) = team {
                        same(team.total, team.values.iter().sum());
                    }
                }
            }
            if let Some(other) = twin {
                built.system.equation(vec![(at, 1), (other, -1)], 0);
            }
        }
        for parts in [sources, educations] {
            if let Some(whole) = whole.filter(|_| !parts.is_empty()) {
                built.system.parts(&parts, whole);
            }
        }
    }
}

/// A count that lies between two levels of the chain, by the last day of birth that it includes.
fn between(built: &mut Built, levels: &[(NaiveDate, At, i64)], day: NaiveDate, count: At, value: i64) {
    for (level, at, sum) in levels {
        match level.cmp(&day) {
            std::cmp::Ordering::Less if *sum <= value => built.system.at_most(*at, count),
            std::cmp::Ordering::Greater if *sum >= value => built.system.at_most(count, *at),
            std::cmp::Ordering::Equal if *sum == value => built.system.equation(vec![(count, 1), (*at, -1)], 0),
            _ => {}
        }
    }
}

/// The counts of one team by group.
#[derive(Clone, Debug)]
struct Groups {
    at: [Option<At>; 4],
    values: [i64; 4],
    total: Option<At>,
}

/// The groups that a five-year band lies in.
fn groups_of(band: &str, policy: &Policy) -> Vec<usize> {
    let (from, to) = match band.split_once('-') {
        Some((from, to)) => (from.parse::<i32>(), to.parse::<i32>()),
        None => match band.strip_suffix('+') {
            Some(from) => (from.parse(), Ok(i32::MAX)),
            None => return vec![3],
        },
    };
    let (Ok(from), Ok(to)) = (from, to) else { return vec![3] };
    // The youngest band also holds whoever is younger still.
    let from = if from <= 14 { i32::MIN } else { from };
    let bands = &policy.structure.bands;
    let mut groups = Vec::new();
    if to > bands.middle_max {
        groups.push(0);
    }
    if from <= bands.middle_max && to > bands.young_max {
        groups.push(1);
    }
    if from <= bands.young_max {
        groups.push(2);
    }
    groups
}

impl Built {
    /// What is withheld, once the system has been suppressed.
    pub fn withheld(&self, policy: &Policy) -> Withheld {
        let hidden = |pairs: &[(usize, At)]| {
            pairs.iter().filter(|(_, at)| self.system.is_hidden(*at)).map(|(row, _)| *row).collect::<Vec<_>>()
        };
        let mut shares = hidden(&self.teams);
        for (rows, total, parts) in &self.totals {
            let small = match total {
                Total::Count(at) => self.system.is_hidden(*at),
                Total::Known(value) => policy.privacy.is_small(*value),
            };
            // A verdict allows for people of unknown age: it would tell of them.
            let unknown = parts.iter().any(|(unknown, at)| *unknown && self.system.is_hidden(*at));
            if small || unknown {
                shares.extend(rows);
            }
        }
        shares.sort_unstable();
        shares.dedup();
        Withheld {
            people: hidden(&self.teams),
            shares,
            secretaries: hidden(&self.secretaries),
            cumulative: hidden(&self.cumulative),
            cells: hidden(&self.cells),
            items: hidden(&self.items),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_know_their_groups() {
        let policy = Policy::default();
        assert_eq!(groups_of("14-19", &policy), [2]);
        assert_eq!(groups_of("30-34", &policy), [2]);
        assert_eq!(groups_of("35-39", &policy), [1, 2]);
        assert_eq!(groups_of("50-54", &policy), [0, 1]);
        assert_eq!(groups_of("70+", &policy), [0]);
        assert_eq!(groups_of("unknown", &policy), [3]);
    }
}
