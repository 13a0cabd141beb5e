//! The villages that are scored: keys, class, comparison group, secretary.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::policy::{ClassRule, Small};
use crate::book::Tables;
use crate::frame::{self, FrameResult};

/// The class of villages that have none.
pub(super) const UNCLASSIFIED: &str = "unclassified";

/// With whom a village is compared, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Within its own class.
    Class,
    /// With the county's other small classes.
    Merged,
    /// With the whole county, its class being too small.
    County,
}

/// All villages, sorted by county, township, village; columns run in parallel.
pub(super) struct Units<'a> {
    pub county: Vec<&'a str>,
    pub township: Vec<&'a str>,
    pub village: Vec<&'a str>,
    pub name: Vec<&'a str>,
    pub class: Vec<&'a str>,
    /// Number of the county, of the (county, township) and of the comparison group.
    pub county_of: Vec<u32>,
    pub township_of: Vec<u32>,
    pub group_of: Vec<u32>,
    /// Members of each comparison group: whom its villages are compared with, ascending.
    pub groups: Vec<Vec<u32>>,
    pub compared: Vec<Compared>,
    /// Villages of the same class in the same county.
    pub class_size: Vec<u32>,
    /// Secretary in office, and since when.
    pub secretary: Vec<Option<&'a str>>,
    pub since: Vec<Option<NaiveDate>>,
    /// The secretary also heads the village committee.
    pub dual: Vec<bool>,
    /// Row of each village; [`SHARED`] where villages of several counties have the same key.
    index: HashMap<&'a str, u32>,
    /// Rows of those, by county and key.
    exact: HashMap<(&'a str, &'a str), u32>,
}

/// Marks a key that villages of several counties share, as `township/name` may be.
const SHARED: u32 = u32::MAX;

impl<'a> Units<'a> {
    /// The villages of the table `villages`; for a county that it does not hold, those of
    /// `indicators`. Of two rows with one key the first counts.
    pub fn new(tables: &'a Tables, rule: &ClassRule, as_of: NaiveDate) -> FrameResult<Units<'a>> {
        let villages = tables.get("villages");
        let classes = frame::texts(villages, &rule.column)?;
        let mut rows: Vec<[&str; 5]> = Vec::with_capacity(villages.height());
        {
            let (county, township) = (frame::words(villages, "county")?, frame::words(villages, "township")?);
            let (village, name) = (frame::words(villages, "village")?, frame::texts(villages, "village_name")?);
            for row in 0..village.len() {
                let class = classes[row].filter(|c| !c.trim().is_empty()).unwrap_or(UNCLASSIFIED);
                rows.push([county[row], township[row], village[row], name[row].unwrap_or(village[row]), class]);
            }
        }
        let listed: HashSet<&str> = rows.iter().map(|r| r[0]).collect();
        let indicators = tables.get("indicators");
        let (county, township) = (frame::words(indicators, "county")?, frame::words(indicators, "township")?);
        let village = frame::words(indicators, "village")?;
        for row in 0..village.len() {
            let unlisted = listed.is_empty() || (!county[row].is_empty() && !listed.contains(county[row]));
            if unlisted {
                let name = village[row].rsplit('/').next().unwrap_or(village[row]);
                rows.push([county[row], township[row], village[row], name, UNCLASSIFIED]);
            }
        }
        let mut seen = HashSet::with_capacity(rows.len());
        rows.retain(|row| seen.insert((row[0], row[2])));
        rows.sort_by(|a, b| a[..3].cmp(&b[..3]));
        Units::from_rows(&rows, rule).with_secretaries(tables, as_of)
    }

    fn from_rows(rows: &[[&'a str; 5]], rule: &ClassRule) -> Units<'a> {
        let column = |at: usize| rows.iter().map(|r| r[at]).collect::<Vec<_>>();
        let [county, township, village, name, class] = [0, 1, 2, 3, 4].map(column);
        let county_of = runs(rows.len(), |a, b| county[a] == county[b]);
        let township_of = runs(rows.len(), |a, b| county[a] == county[b] && township[a] == township[b]);
        let mut index = HashMap::with_capacity(rows.len());
        let mut exact = HashMap::new();
        for (at, key) in village.iter().enumerate() {
            if let Some(first) = index.insert(*key, at as u32) {
                if first != SHARED {
                    exact.insert((county[first as usize], *key), first);
                }
                exact.insert((county[at], *key), at as u32);
                index.insert(*key, SHARED);
            }
        }
        let mut units = Units {
            county,
            township,
            village,
            name,
            class,
            county_of,
            township_of,
            group_of: vec![0; rows.len()],
            groups: Vec::new(),
            compared: vec![Compared::Class; rows.len()],
            class_size: vec![0; rows.len()],
            secretary: vec![None; rows.len()],
            since: vec![None; rows.len()],
            dual: vec![false; rows.len()],
            index,
            exact,
        };
        units.compare(rule);
        units
    }

    /// Villages.
    pub fn len(&self) -> usize {
        self.village.len()
    }

    /// Villages of each county, in order.
    pub fn counties(&self) -> Vec<std::ops::Range<usize>> {
        let mut start = 0;
        let runs = self.county_of.chunk_by(|a, b| a == b);
        runs.map(|run| {
            start += run.len();
            start - run.len()..start
        })
        .collect()
    }

    /// The village of that key; the county tells apart keys that counties share.
    pub fn find(&self, county: &str, village: &str) -> Option<usize> {
        match self.index.get(village) {
            Some(&SHARED) => self.exact.get(&(county, village)).map(|at| *at as usize),
            found => found.map(|at| *at as usize),
        }
    }

    /// Sorts the villages into comparison groups, county by county.
    fn compare(&mut self, rule: &ClassRule) {
        let mut start = 0;
        while start < self.len() {
            let end = (start..self.len()).find(|&u| self.county_of[u] != self.county_of[start]).unwrap_or(self.len());
            let mut classes: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
            for unit in start..end {
                classes.entry(self.class[unit]).or_default().push(unit as u32);
            }
            let alone = classes.len() == 1;
            let mut small = Vec::new();
            for members in classes.into_values() {
                for &unit in &members {
                    self.class_size[unit as usize] = members.len() as u32;
                }
                if members.len() >= rule.min_units || alone {
                    self.group(&members.clone(), members, Compared::Class);
                } else {
                    small.extend(members);
                }
            }
            small.sort_unstable();
            if rule.small == Small::Merge && small.len() >= rule.min_units {
                self.group(&small.clone(), small, Compared::Merged);
            } else if !small.is_empty() {
                self.group(&small, (start as u32..end as u32).collect(), Compared::County);
            }
            start = end;
        }
    }

    fn group(&mut self, units: &[u32], members: Vec<u32>, compared: Compared) {
        let group = self.groups.len() as u32;
        for &unit in units {
            self.group_of[unit as usize] = group;
            self.compared[unit as usize] = compared;
        }
        self.groups.push(members);
    }

    /// The secretary in office on the reference date; of several, the one who came last.
    fn with_secretaries(mut self, tables: &'a Tables, as_of: NaiveDate) -> FrameResult<Units<'a>> {
        let posts = tables.get("posts");
        let (county, village) = (frame::words(posts, "county")?, frame::words(posts, "village")?);
        let (post, dual) = (frame::texts(posts, "post")?, frame::flags(posts, "dual")?);
        let (person, since) = (frame::texts(posts, "person")?, frame::dates(posts, "since")?);
        for row in 0..village.len() {
            let Some(unit) = self.find(county[row], village[row]) else { continue };
            let later = since[row] > self.since[unit] || self.secretary[unit].is_none();
            if post[row] == Some("secretary") && person[row].is_some() && since[row].is_none_or(|s| s <= as_of) && later
            {
                self.secretary[unit] = person[row];
                self.since[unit] = since[row];
                self.dual[unit] = dual[row] == Some(true);
            }
        }
        Ok(self)
    }
}

/// Numbers runs of equal rows.
fn runs(n: usize, equal: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    let mut number = 0;
    (0..n)
        .map(|row| {
            if row > 0 && !equal(row - 1, row) {
                number += 1;
            }
            number
        })
        .collect()
}
