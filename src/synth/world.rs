//! What really goes on in the villages, year by year: hidden quality, wrongdoing and who sees it,
//! weak lists, disputes, changes of head. Everything that the book shows is drawn from this.

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::land::{Land, dept};
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;

/// How much of last year's deviation is still there this year.
const PERSISTENCE: f64 = 0.82;
/// Standard deviations: the village's own standing level, and the part that comes and goes.
const STANDING: f64 = 0.65;
const PASSING: f64 = 0.7;

/// Whom a case concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Secretary,
    Director,
    Member,
    Clerk,
    /// The ledger does not say: 待核实.
    Unsaid,
}

/// A case that the discipline office filed.
pub(super) struct Case {
    pub on: NaiveDate,
    pub who: Who,
    /// Kind and day of the sanction that followed, if one did.
    pub sanction: Option<(&'static str, NaiveDate)>,
}

/// A stay on the official weak-and-lax list.
pub(super) struct Listing {
    pub on: NaiveDate,
    pub cleared: NaiveDate,
}

/// A stretch of escalated supervision.
pub(super) struct Supervised {
    pub since: NaiveDate,
    pub until: NaiveDate,
}

/// A village's hidden history.
#[derive(Default)]
pub(super) struct Story {
    /// By year; about standard normal.
    pub quality: Vec<f64>,
    pub misconduct: Vec<bool>,
    pub looked: Vec<f64>,
    pub case_risk: Vec<f64>,
    pub dispute_risk: Vec<f64>,
    pub cases: Vec<Case>,
    pub listings: Vec<Listing>,
    /// Complex disputes: day and event kind.
    pub disputes: Vec<(NaiveDate, &'static str)>,
    /// Days on which a new secretary took over.
    pub changes: Vec<NaiveDate>,
    pub vacant: Option<NaiveDate>,
    pub supervised: Vec<Supervised>,
}

impl Story {
    /// Is the village on the weak list that day?
    pub fn weak_at(&self, day: NaiveDate) -> bool {
        self.listings.iter().any(|l| l.on <= day && day < l.cleared)
    }

    /// Head investigated, newly listed as weak and lax, or a complex dispute in that year.
    pub fn trouble(&self, year: i32) -> bool {
        let head = |c: &Case| matches!(c.who, Who::Secretary | Who::Director);
        self.cases.iter().any(|c| c.on.year() == year && head(c))
            || self.listings.iter().any(|l| l.on.year() == year)
            || self.disputes.iter().any(|d| d.0.year() == year)
    }
}

/// The county's hidden history.
pub(super) struct World {
    /// Every year from the first period to the reference date's.
    pub years: Vec<i32>,
    pub villages: Vec<Story>,
    /// Days of village elections, ascending; the last lies before the reference date if any does.
    pub elections: Vec<NaiveDate>,
}

impl World {
    /// The truth table; see [`super::CountyBook::truth`].
    pub fn frame(&self, land: &Land) -> FrameResult<DataFrame> {
        let rows: Vec<(usize, usize)> =
            (0..self.villages.len()).flat_map(|v| (0..self.years.len()).map(move |t| (v, t))).collect();
        let number = |f: fn(&Story) -> &Vec<f64>| rows.iter().map(|&(v, t)| Some(f(&self.villages[v])[t])).collect();
        let flag =
            |f: &dyn Fn(&Story, usize) -> bool| rows.iter().map(|&(v, t)| Some(f(&self.villages[v], t))).collect();
        land.keys(rows.iter().map(|r| r.0))
            .whole("period", rows.iter().map(|r| Some(i64::from(self.years[r.1]))).collect())
            .number("quality", number(|s| &s.quality))
            .flag("misconduct", flag(&|s, t| s.misconduct[t]))
            .number("looked", number(|s| &s.looked))
            .number("case_risk", number(|s| &s.case_risk))
            .number("dispute_risk", number(|s| &s.dispute_risk))
            .flag("trouble", flag(&|s, t| s.trouble(self.years[t])))
            .done()
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Complex disputes by the codes of a published list, and how often each is the main one.
const DISPUTES: &[(&str, f64)] = &[
    ("strained", 0.14),
    ("legacy", 0.16),
    ("incomplete", 0.09),
    ("opaque", 0.10),
    ("poor", 0.07),
    ("fierce", 0.04),
    ("poor_leadership", 0.10),
    ("merger", 0.05),
    ("domineering", 0.05),
    ("mass_petition", 0.12),
    ("clan", 0.06),
    ("not_elected", 0.02),
];

/// Sanctions after a case: kind and weight. The rest of the cases end without one.
const SANCTIONS: &[(&str, f64)] =
    &[("warning", 0.34), ("serious_warning", 0.17), ("removal", 0.11), ("probation", 0.04), ("expulsion", 0.03)];

/// Election days: the round of late 2020 to 2021, three-year terms before it, five-year ones after
/// (Organic Law as amended in 2018). The county's own day lies between January and June 2021.
fn elections(draw: &mut Draw, last: i32) -> Vec<NaiveDate> {
    let (month, day) = (draw.whole(1, 6) as u32, draw.whole(8, 26) as u32);
    let mut years: Vec<i32> = (0..14).map(|k| 2021 - 3 * k).collect();
    years.reverse();
    years.extend((1..).map(|k| 2021 + 5 * k).take_while(|&y| y <= last));
    years.into_iter().filter(|&y| y <= last).map(|y| days::day(y, month, day)).collect()
}

/// One village while its years pass.
struct Passing {
    standing: f64,
    passing: f64,
    drift: f64,
    dual: bool,
}

/// Draws the county's history.
pub(super) fn draw(options: &Options, land: &Land) -> World {
    let draw = &mut Draw::named(options.seed, "synth.world", land.index as u64);
    let years: Vec<i32> = (options.first_period()..=options.as_of.year()).collect();
    let elections: Vec<NaiveDate> =
        elections(draw, options.as_of.year()).into_iter().filter(|&d| d <= options.as_of).collect();
    let township_level: Vec<f64> = land.townships.iter().map(|_| draw.normal(0.0, 0.3)).collect();
    let mut passing: Vec<Passing> = land
        .villages
        .iter()
        .map(|v| Passing {
            standing: township_level[v.township] + draw.normal(0.0, STANDING),
            passing: draw.normal(0.0, PASSING),
            drift: draw.normal(0.0, 0.03),
            dual: draw.chance(0.78),
        })
        .collect();
    let mut villages: Vec<Story> = land.villages.iter().map(|_| Story::default()).collect();
    let mut election_shares = Vec::new();
    for (t, &year) in years.iter().enumerate() {
        let election = elections.iter().copied().find(|d| d.year() == year);
        election_shares.push(draw.between(0.33, 0.46));
        for v in 0..villages.len() {
            let state = &mut passing[v];
            let story = &mut villages[v];
            let shock = draw.normal(0.0, PASSING * libm::sqrt(1.0 - PERSISTENCE * PERSISTENCE));
            state.passing = PERSISTENCE * state.passing + shock + state.drift;
            change_of_head(draw, story, state, year, election, election_shares[t]);
            let quality = state.standing + state.passing;
            story.quality.push(quality);
            wrongdoing(draw, story, land, v, state, year);
            dispute(draw, story, land, v, year);
        }
        weak_list(draw, &mut villages, &mut passing, year, t);
    }
    for story in &mut villages {
        story.changes.retain(|&day| day <= options.as_of);
        story.changes.sort_unstable();
        // Two changes within four months are one, as nobody is filed for so short a time.
        story.changes.dedup_by(|later, earlier| (*later - *earlier).num_days() < 120);
        if draw.chance(0.018) {
            let since = days::plus(options.as_of, -draw.exponential(130.0) - 5.0);
            let last = story.changes.last().copied();
            if last.is_none_or(|last| (since - last).num_days() > 200) {
                story.vacant = Some(since);
            }
        }
        supervision(draw, story, options.as_of);
    }
    World { years, villages, elections }
}

/// Does a new secretary come in this year? Elections change 33–46% of them, other years about 4%
/// besides those who are removed.
fn change_of_head(
    draw: &mut Draw,
    story: &mut Story,
    state: &mut Passing,
    year: i32,
    election: Option<NaiveDate>,
    share: f64,
) {
    let quality = state.standing + state.passing;
    let change = match election {
        Some(_) => draw.chance((share - 0.06 * quality).clamp(0.05, 0.9)),
        None => draw.chance((0.036 - 0.012 * quality).clamp(0.01, 0.2)),
    };
    if !change {
        return;
    }
    story.changes.push(match election {
        Some(day) => days::plus(day, draw.between(0.0, 45.0)),
        None => days::within(draw, year),
    });
    // A new head pulls a village part of the way to its usual level, and brings luck of their own.
    state.passing = 0.7 * state.passing + draw.normal(0.1, 0.4);
}

/// Wrongdoing follows from low quality and from money that can be taken; a case is filed only where
/// the discipline office looks.
fn wrongdoing(draw: &mut Draw, story: &mut Story, land: &Land, v: usize, state: &Passing, year: i32) {
    let village = &land.villages[v];
    let quality = story.quality.last().copied().unwrap_or(0.0);
    let misconduct = logistic(-2.95 - 1.05 * quality + 0.35 * village.wealth);
    let looked = (0.52 * land.townships[village.township].looks[dept::DISCIPLINE]).clamp(0.05, 0.95);
    let wrong = draw.chance(misconduct);
    story.misconduct.push(wrong);
    story.looked.push(looked);
    story.case_risk.push(misconduct * looked);
    // Every village uses up the same numbers, whatever happens in it.
    let (seen, on) = (draw.chance(looked), days::within(draw, year));
    let who = match draw.weighted(&[0.60, 0.09, 0.14, 0.06, 0.11]) {
        Some(0) => Who::Secretary,
        Some(1) if state.dual => Who::Secretary,
        Some(1) => Who::Director,
        Some(2) => Who::Member,
        Some(3) => Who::Clerk,
        _ => Who::Unsaid,
    };
    let sanction = draw.uniform();
    let after = days::plus(on, draw.between(30.0, 240.0));
    if !(wrong && seen) {
        return;
    }
    let mut left = sanction;
    let kind = SANCTIONS.iter().find(|s| {
        left -= s.1;
        left < 0.0
    });
    let sanction = kind.filter(|_| who != Who::Unsaid).map(|s| (s.0, after));
    if who == Who::Secretary && sanction.is_some_and(|s| matches!(s.0, "removal" | "probation" | "expulsion")) {
        story.changes.push(days::plus(after, draw.between(20.0, 90.0)));
    }
    story.cases.push(Case { on, who, sanction });
}

/// Complex disputes come from low quality, and are known where petitions are taken seriously.
fn dispute(draw: &mut Draw, story: &mut Story, land: &Land, v: usize, year: i32) {
    let looks = land.townships[land.villages[v].township].looks[dept::PETITIONS];
    let quality = story.quality.last().copied().unwrap_or(0.0);
    let risk = (logistic(-3.25 - 1.1 * quality) * looks).min(0.9);
    story.dispute_risk.push(risk);
    let weights: Vec<f64> = DISPUTES.iter().map(|d| d.1).collect();
    let (comes, on) = (draw.chance(risk), days::within(draw, year));
    let kind = draw.weighted(&weights).map_or("other", |k| DISPUTES[k].0);
    if comes {
        story.disputes.push((on, kind));
    }
}

/// The official list of spring: the county's worst 5.5–8.5% as it sees them, from last year's state
/// with an error, and from last year's disputes. Who is still listed is not listed again.
fn weak_list(draw: &mut Draw, villages: &mut [Story], passing: &mut [Passing], year: i32, t: usize) {
    let share = draw.between(0.055, 0.085);
    let count = (share * villages.len() as f64).round() as usize;
    let spring = days::season(draw, year, 3, 5);
    let mut order: Vec<(f64, usize)> = villages
        .iter()
        .enumerate()
        .map(|(v, story)| {
            let quality = story.quality[t.saturating_sub(1)];
            let dispute = story.disputes.iter().any(|d| d.0.year() == year - 1);
            (-quality + draw.normal(0.0, 0.75) + f64::from(u8::from(dispute)) * 0.6, v)
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, v) in order.iter().filter(|&&(_, v)| !villages[v].weak_at(spring)).take(count).collect::<Vec<_>>() {
        // Mostly cleared after a year's work, some within the year, some after two.
        let length = [220.0, 330.0, 600.0][draw.weighted(&[0.22, 0.63, 0.15]).unwrap_or(1)];
        let cleared = days::plus(spring, length + draw.between(0.0, 75.0));
        villages[v].listings.push(Listing { on: spring, cleared });
        // The work has an effect, which wears off as everything does.
        passing[v].passing += draw.normal(0.3, 0.3);
    }
}

/// Escalated supervision follows what happened: one stretch of about a year for each cause, joined
/// where they overlap.
fn supervision(draw: &mut Draw, story: &mut Story, as_of: NaiveDate) {
    let heads = story.cases.iter().filter(|c| matches!(c.who, Who::Secretary | Who::Director));
    let mut causes: Vec<NaiveDate> = heads.map(|c| days::plus(c.on, 60.0)).collect();
    causes.extend(story.listings.iter().map(|l| days::plus(l.on, 20.0)));
    causes.extend(story.disputes.iter().map(|d| days::plus(d.0, 30.0)));
    causes.extend(story.changes.iter().map(|&day| days::plus(day, 30.0)));
    causes.sort();
    for since in causes.into_iter().filter(|&s| s <= as_of) {
        let until = days::plus(since, draw.between(330.0, 420.0));
        match story.supervised.last_mut() {
            Some(last) if since <= last.until => last.until = last.until.max(until),
            _ => story.supervised.push(Supervised { since, until }),
        }
    }
}
