//! Reading the tables into sorted rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::{Appraisal, ByVillage, Event, Facts, Figure, Measure, Post, Scored, Township, Village};
use crate::book::Tables;
use crate::frame::{self, dates, numbers, texts, wholes, words};
use crate::stage::StageResult;
use crate::stage::events::known_events;

/// Finds a village by county and key, or by key alone where only one county has it.
struct Index<'a> {
    full: HashMap<(&'a str, &'a str), usize>,
    short: HashMap<&'a str, Option<usize>>,
}

impl<'a> Index<'a> {
    fn new(villages: &[Village<'a>]) -> Self {
        let mut full = HashMap::with_capacity(villages.len());
        let mut short = HashMap::with_capacity(villages.len());
        for (i, v) in villages.iter().enumerate() {
            full.insert((v.county, v.key), i);
            short.entry(v.key).and_modify(|s| *s = None).or_insert(Some(i));
        }
        Index { full, short }
    }

    fn find(&self, county: &str, key: &str) -> Option<usize> {
        if key.is_empty() {
            return None;
        }
        if county.is_empty() { self.short.get(key).copied().flatten() } else { self.full.get(&(county, key)).copied() }
    }
}

/// Columns that place a row: county, township, village.
struct Keys<'a> {
    county: Vec<&'a str>,
    township: Vec<&'a str>,
    village: Vec<&'a str>,
}

fn keys(table: &DataFrame) -> StageResult<Keys<'_>> {
    Ok(Keys { county: words(table, "county")?, township: words(table, "township")?, village: words(table, "village")? })
}

impl<'a> Facts<'a> {
    /// Reads the tables. `indicators` are the columns that rules ask for.
    pub fn read(
        tables: &'a Tables,
        scores: &'a DataFrame,
        indicators: &BTreeSet<&'a str>,
        as_of: NaiveDate,
        last_year: i32,
    ) -> StageResult<Facts<'a>> {
        let villages = read_villages(tables)?;
        let index = Index::new(&villages);
        let count = villages.len();
        let (events, ledger) = read_events(tables, &index, as_of)?;
        let mut official = vec![false; villages.last().map_or(0, |v| v.county_index + 1)];
        for v in &villages {
            official[v.county_index] |= v.weak.is_some();
        }
        let measures = read_measures(tables, &index, as_of)?;
        let mut measured = vec![false; official.len()];
        for m in &measures {
            measured[villages[m.village].county_index] = true;
        }
        let table = tables.get("indicators");
        let mut columns = BTreeMap::new();
        for name in indicators {
            if frame::has(table, name) {
                columns.insert(*name, numbers(table, name)?);
            }
        }
        Ok(Facts {
            as_of,
            last_year,
            counties: counties(&villages),
            townships: townships(tables, &villages)?,
            events: ByVillage::new(events, count, |e| e.village),
            posts: ByVillage::new(read_posts(tables, &index, as_of)?, count, |p| p.village),
            measures: ByVillage::new(measures, count, |m| m.village),
            appraisals: ByVillage::new(read_appraisals(tables, &index, last_year)?, count, |a| a.village),
            figures: ByVillage::new(read_figures(tables, &index, &villages, as_of, last_year)?, count, |f| f.village),
            scores: read_scores(scores, &index, count)?,
            indicators: columns,
            official,
            measured,
            has_recorded: ledger.recorded,
            unplaced: ledger.unplaced,
            later: ledger.later,
            villages,
        })
    }
}

/// The villages of the book: those of the table `villages`, and those that only a post, an event or
/// a measure (or an indicator row) names, so that nobody is lost to a gap in the village sheet.
fn read_villages(tables: &Tables) -> StageResult<Vec<Village<'_>>> {
    let table = tables.get("villages");
    let at = keys(table)?;
    let names = words(table, "village_name")?;
    let weak = frame::flags(table, "weak")?;
    // Only looked up and, at the end, sorted: the order of a hash map never shows.
    let mut found = HashMap::with_capacity(table.height());
    for i in 0..table.height() {
        if !at.village[i].is_empty() {
            found.entry((at.county[i], at.village[i])).or_insert((at.township[i], names[i], weak[i], true));
        }
    }
    let known: HashSet<&str> = found.keys().map(|(_, village)| *village).collect();
    for name in ["posts", "events", "measures", "indicators"] {
        let table = tables.get(name);
        let at = keys(table)?;
        for i in 0..table.height() {
            let elsewhere = at.county[i].is_empty() && known.contains(at.village[i]);
            if !at.village[i].is_empty() && !elsewhere {
                found.entry((at.county[i], at.village[i])).or_insert((at.township[i], "", None, false));
            }
        }
    }
    let mut villages: Vec<Village<'_>> = found
        .into_iter()
        .map(|((county, key), (township, name, weak, registered))| Village {
            county,
            township,
            key,
            name: if name.is_empty() { key.rsplit('/').next().unwrap_or(key) } else { name },
            county_index: 0,
            township_index: 0,
            weak,
            registered,
        })
        .collect();
    villages.sort_by(|a, b| (a.county, a.township, a.key).cmp(&(b.county, b.township, b.key)));
    for county in villages.chunk_by_mut(|a, b| a.county == b.county) {
        if county.iter().all(|v| !v.registered) {
            county.iter_mut().for_each(|v| v.registered = true);
        }
    }
    let (mut county, mut township) = (0, 0);
    for i in 1..villages.len() {
        let new_county = villages[i].county != villages[i - 1].county;
        county += usize::from(new_county);
        township += usize::from(new_county || villages[i].township != villages[i - 1].township);
        villages[i].county_index = county;
        villages[i].township_index = township;
    }
    Ok(villages)
}

fn counties<'a>(villages: &[Village<'a>]) -> Vec<(&'a str, std::ops::Range<usize>)> {
    let mut start = 0;
    villages
        .chunk_by(|a, b| a.county_index == b.county_index)
        .map(|group| {
            let range = start..start + group.len();
            start = range.end;
            (group[0].county, range)
        })
        .collect()
}

fn townships<'a>(tables: &'a Tables, villages: &[Village<'a>]) -> StageResult<Vec<Township<'a>>> {
    let table = tables.get("townships");
    let (county, name) = (words(table, "county")?, words(table, "township")?);
    let secretary = texts(table, "secretary")?;
    let mut heads: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
    for i in 0..table.height() {
        let head = heads.entry((county[i], name[i])).or_default();
        // Of two rows for one township the greater code stands, whatever their order.
        *head = (*head).max(secretary[i]);
    }
    let mut start = 0;
    Ok(villages
        .chunk_by(|a, b| a.township_index == b.township_index)
        .map(|group| {
            let range = start..start + group.len();
            start = range.end;
            let (county, name) = (group[0].county, group[0].township);
            let secretary = heads.get(&(county, name)).or_else(|| heads.get(&("", name))).copied().flatten();
            Township { county, name, secretary, villages: range }
        })
        .collect())
}

#[derive(Default)]
struct Ledger {
    recorded: bool,
    unplaced: usize,
    later: usize,
}

fn read_events<'a>(tables: &'a Tables, index: &Index<'a>, as_of: NaiveDate) -> StageResult<(Vec<Event<'a>>, Ledger)> {
    let table = tables.get("events");
    let known = known_events(table, as_of)?;
    let (day, kind) = (table.column("date")?, table.column("kind")?);
    let dated = (&day.is_not_null() & &kind.is_not_null()).sum().unwrap_or(0) as usize;
    let recorded = table.column("recorded")?.null_count() < table.height();
    let mut ledger = Ledger { recorded, unplaced: 0, later: dated.saturating_sub(known.len()) };
    let mut events = Vec::with_capacity(known.len());
    for event in known {
        let Some(village) = index.find(event.county.unwrap_or_default(), event.village.unwrap_or_default()) else {
            ledger.unplaced += 1;
            continue;
        };
        let filled = |v: Option<&'a str>| v.filter(|t| !t.is_empty());
        events.push(Event {
            village,
            date: event.date,
            known: event.known,
            kind: event.kind,
            post: filled(event.post),
            person: filled(event.person),
            department: filled(event.department),
            closed: event.closed,
        });
    }
    events.sort_unstable();
    Ok((events, ledger))
}

fn read_posts<'a>(tables: &'a Tables, index: &Index<'a>, as_of: NaiveDate) -> StageResult<Vec<Post<'a>>> {
    let table = tables.get("posts");
    let at = keys(table)?;
    let (post, person) = (words(table, "post")?, texts(table, "person")?);
    let (since, vacant_since) = (dates(table, "since")?, dates(table, "vacant_since")?);
    let mut posts = Vec::with_capacity(table.height());
    for i in 0..table.height() {
        // A term that begins later is not yet known.
        if since[i].is_some_and(|d| d > as_of) {
            continue;
        }
        if let Some(village) = index.find(at.county[i], at.village[i]) {
            let person = person[i].filter(|p| !p.is_empty());
            let vacant_since = vacant_since[i].filter(|d| *d <= as_of);
            posts.push(Post { village, post: post[i], since: since[i], person, vacant_since });
        }
    }
    posts.sort_unstable();
    Ok(posts)
}

fn read_measures<'a>(tables: &'a Tables, index: &Index<'a>, as_of: NaiveDate) -> StageResult<Vec<Measure<'a>>> {
    let table = tables.get("measures");
    let at = keys(table)?;
    let (measure, responsible) = (words(table, "measure")?, texts(table, "responsible")?);
    let (started, due, done) = (dates(table, "started")?, dates(table, "due")?, dates(table, "done")?);
    let (score, dissatisfied) = (numbers(table, "score")?, numbers(table, "dissatisfied")?);
    let mut measures = Vec::with_capacity(table.height());
    for i in 0..table.height() {
        if started[i].is_some_and(|d| d > as_of) {
            continue;
        }
        if let Some(village) = index.find(at.county[i], at.village[i]) {
            let done = done[i].filter(|d| *d <= as_of);
            measures.push(Measure {
                village,
                measure: measure[i],
                responsible: responsible[i].filter(|r| !r.is_empty()),
                started: started[i],
                due: due[i],
                done,
                // The check's figures are known once the measure is done.
                score: score[i].filter(|_| done.is_some()),
                dissatisfied: dissatisfied[i].filter(|_| done.is_some()),
            });
        }
    }
    measures.sort_by(|a, b| {
        let key = |m: &Measure<'a>| (m.village, m.measure, m.started, m.due, m.done, m.responsible);
        let bits = |v: Option<f64>| v.map_or(0, f64::to_bits);
        key(a)
            .cmp(&key(b))
            .then_with(|| (bits(a.score), bits(a.dissatisfied)).cmp(&(bits(b.score), bits(b.dissatisfied))))
    });
    Ok(measures)
}

fn read_appraisals<'a>(tables: &'a Tables, index: &Index<'a>, last_year: i32) -> StageResult<Vec<Appraisal<'a>>> {
    let table = tables.get("appraisals");
    let at = keys(table)?;
    let (person, year, grade) = (words(table, "person")?, wholes(table, "year")?, words(table, "grade")?);
    let mut appraisals = Vec::new();
    for i in 0..table.height() {
        if let (Some(year), Some(village)) = (year[i], index.find(at.county[i], at.village[i]))
            && year <= i64::from(last_year)
            && !grade[i].is_empty()
        {
            appraisals.push(Appraisal { village, person: person[i], year, grade: grade[i] });
        }
    }
    appraisals.sort_unstable();
    Ok(appraisals)
}

/// Rows of the indicator table by village, latest period first; no period after last year, unless
/// the county has none before. (County by county: another county's rows decide nothing here.)
fn read_figures(
    tables: &Tables,
    index: &Index<'_>,
    villages: &[Village<'_>],
    as_of: NaiveDate,
    last_year: i32,
) -> StageResult<Vec<Figure>> {
    let table = tables.get("indicators");
    let at = keys(table)?;
    let period = wholes(table, "period")?;
    let (closed, running) = (i64::from(last_year), i64::from(as_of.year()));
    let mut has_closed = vec![false; villages.last().map_or(0, |v| v.county_index + 1)];
    let mut figures = Vec::with_capacity(table.height());
    for i in 0..table.height() {
        if let (Some(period), Some(village)) = (period[i], index.find(at.county[i], at.village[i]))
            && period <= running
        {
            has_closed[villages[village].county_index] |= period <= closed;
            figures.push(Figure { village, period, row: i });
        }
    }
    figures.retain(|f| f.period <= closed || !has_closed[villages[f.village].county_index]);
    figures.sort_by_key(|f| (f.village, std::cmp::Reverse(f.period), f.row));
    Ok(figures)
}

fn read_scores<'a>(scores: &'a DataFrame, index: &Index<'a>, villages: usize) -> StageResult<Vec<Scored<'a>>> {
    let mut scored = vec![Scored::default(); villages];
    if scores.height() == 0 {
        return Ok(scored);
    }
    let (county, village) = (words(scores, "county")?, words(scores, "village")?);
    let (score, grade) = (numbers(scores, "score")?, texts(scores, "grade")?);
    for i in 0..scores.height() {
        if let Some(v) = index.find(county[i], village[i]) {
            scored[v] = Scored { score: score[i], grade: grade[i] };
        }
    }
    Ok(scored)
}
