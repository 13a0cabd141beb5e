//! The ledger: what was seen of what happened, with the day it became known.

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::bodies::Bodies;
use super::indicators::Figures;
use super::land::{DEPARTMENTS, Land, dept};
use super::people::{Id, People};
use super::pool::Pool;
use super::world::{Case, Story, Who, World};
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;

/// One row of the ledger.
struct Event {
    village: usize,
    date: NaiveDate,
    recorded: NaiveDate,
    kind: &'static str,
    post: Option<&'static str>,
    person: Option<Id>,
    department: &'static str,
    closed: Option<NaiveDate>,
}

/// The county's ledger.
pub(super) struct Events(Vec<Event>);

/// Mean days from event to record, by department.
const LAG: [f64; DEPARTMENTS.len()] = [16.0, 4.0, 7.0, 10.0, 3.0, 9.0, 12.0];

/// Years for which the ledger says who came under escalated supervision and who left it.
const SUPERVISION_YEARS: f64 = 4.0;

/// Things that bar reserves: kind, share of the pool, department, and whether it is a sanction.
const BARS: [(&str, f64, usize, bool); 9] = [
    ("warning", 0.008, dept::DISCIPLINE, true),
    ("serious_warning", 0.004, dept::DISCIPLINE, true),
    ("dishonest", 0.008, dept::POLICE, false),
    ("criminal", 0.004, dept::POLICE, false),
    ("gang", 0.001, dept::POLICE, false),
    ("unqualified_member", 0.003, dept::ORGANISATION, false),
    ("vote_buying", 0.002, dept::ORGANISATION, false),
    ("ecological_damage", 0.003, dept::ENVIRONMENT, false),
    ("under_investigation", 0.002, dept::DISCIPLINE, false),
];

/// The ledger while it is kept.
struct Ledger<'a> {
    draw: Draw,
    as_of: NaiveDate,
    bodies: &'a Bodies,
    rows: Vec<Event>,
}

impl Ledger<'_> {
    /// The day an event becomes known: some days later, and in four of ten cases only at the month's
    /// end, when the ledger is closed.
    fn recorded(&mut self, date: NaiveDate, department: usize) -> NaiveDate {
        let day = days::plus(date, self.draw.exponential(LAG[department]));
        if self.draw.chance(0.4) { days::month_end(day) } else { day }
    }

    /// Settled after about so many days, if that lies before the reference date.
    fn closed(&mut self, from: NaiveDate, mean: f64) -> Option<NaiveDate> {
        let day = days::plus(from, 3.0 + self.draw.exponential(mean));
        Some(day).filter(|&d| d <= self.as_of)
    }

    /// Enters an event that is known at the reference date; others are not in the book.
    fn enter(&mut self, village: usize, date: NaiveDate, kind: &'static str, department: usize) -> Option<&mut Event> {
        let recorded = self.recorded(date, department);
        if date > self.as_of || recorded > self.as_of {
            return None;
        }
        let department = DEPARTMENTS[department];
        self.rows.push(Event { village, date, recorded, kind, post: None, person: None, department, closed: None });
        self.rows.last_mut()
    }

    /// Events that an indicator counts: all are known at the reference date, as the count is.
    fn counted(&mut self, village: usize, year: i32, count: u64, kind: &'static str, department: usize, settle: f64) {
        for _ in 0..count {
            let date = days::within(&mut self.draw, year).min(self.as_of);
            let recorded = self.recorded(date, department).min(self.as_of);
            let closed = self.closed(recorded, settle);
            let department = DEPARTMENTS[department];
            self.rows.push(Event { village, date, recorded, kind, post: None, person: None, department, closed });
        }
    }

    /// The post and, if they still hold it, the person whom a case concerns.
    fn concerned(&mut self, village: usize, case: &Case) -> (Option<&'static str>, Option<Id>) {
        let post = match case.who {
            Who::Secretary => "secretary",
            Who::Director => "director",
            Who::Clerk => "clerk",
            Who::Member => "committee",
            Who::Unsaid => return (None, None),
        };
        (Some(post), self.bodies.holder(village, post, case.on))
    }

    fn case(&mut self, village: usize, case: &Case, people: &mut People) {
        let (post, person) = self.concerned(village, case);
        let (investigated, settled) = (self.draw.chance(0.15), self.closed(case.on, 150.0));
        if let Some(event) = self.enter(village, case.on, "case_filed", dept::DISCIPLINE) {
            (event.post, event.person, event.closed) = (post, person, settled);
        } else {
            return;
        }
        if investigated
            && let Some(event) = self.enter(village, days::plus(case.on, 9.0), "under_investigation", dept::DISCIPLINE)
        {
            (event.post, event.person, event.closed) = (post, person, settled);
        }
        let Some((kind, day)) = case.sanction else { return };
        if let Some(event) = self.enter(village, day, kind, dept::DISCIPLINE) {
            (event.post, event.person) = (post, person);
            if let Some(id) = person {
                people.all[id].sanction = Some((kind, day));
            }
        }
    }

    fn story(&mut self, village: usize, story: &Story, people: &mut People) {
        for case in &story.cases {
            self.case(village, case, people);
        }
        for listing in &story.listings {
            self.enter(village, listing.on, "weak_listed", dept::ORGANISATION);
            let check = days::plus(listing.cleared, self.draw.between(150.0, 240.0));
            self.enter(village, listing.cleared, "weak_cleared", dept::ORGANISATION);
            if self.draw.chance(0.8) {
                self.enter(village, check, "rechecked", dept::ORGANISATION);
            }
        }
        for &(on, kind) in &story.disputes {
            let department = match kind {
                "mass_petition" | "strained" | "opaque" => dept::PETITIONS,
                "fierce" | "clan" | "domineering" => dept::POLICE,
                "poor" | "legacy" | "merger" => dept::AGRICULTURE,
                _ => dept::ORGANISATION,
            };
            let closed = self.closed(on, 240.0);
            if let Some(event) = self.enter(village, on, kind, department) {
                event.closed = closed;
            }
        }
        self.changes(village, story);
        let recent = days::plus(self.as_of, -SUPERVISION_YEARS * 365.25);
        for stretch in story.supervised.iter().filter(|s| s.since >= recent) {
            self.enter(village, stretch.since, "escalated", dept::ORGANISATION);
            self.enter(village, stretch.until, "released", dept::ORGANISATION);
        }
    }

    fn changes(&mut self, village: usize, story: &Story) {
        for &on in &story.changes {
            let gone = days::plus(on, -self.draw.between(0.0, 25.0));
            if let Some(event) = self.enter(village, gone, "stepped_down", dept::ORGANISATION) {
                event.post = Some("secretary");
            }
            let person = self.bodies.holder(village, "secretary", on);
            if let Some(event) = self.enter(village, on, "appointed", dept::ORGANISATION) {
                (event.post, event.person) = (Some("secretary"), person);
            }
        }
        if let Some(day) = story.vacant
            && let Some(event) = self.enter(village, day, "stepped_down", dept::ORGANISATION)
        {
            event.post = Some("secretary");
        }
    }

    /// Warning talks (some 15 of a hundred villages a year, more where things go badly) and honours.
    fn talks_and_honours(&mut self, village: usize, year: i32, quality: f64) {
        let admonished = self.draw.chance((0.13 * libm::exp(-0.5 * quality)).min(0.8));
        let honoured = self.draw.chance((0.03 * libm::exp(0.7 * quality)).min(0.5));
        let (day, feast) = (days::within(&mut self.draw, year), days::season(&mut self.draw, year, 6, 8));
        let holder = self.bodies.holder(village, "secretary", day);
        if admonished && let Some(event) = self.enter(village, day, "admonition", dept::ORGANISATION) {
            (event.post, event.person) = (Some("secretary"), holder);
        }
        let honoree = self.bodies.holder(village, "secretary", feast);
        if honoured && let Some(event) = self.enter(village, feast, "honour", dept::ORGANISATION) {
            (event.post, event.person) = (Some("secretary"), honoree);
        }
    }

    /// Dated bars of people in the pool.
    fn bars(&mut self, pool: &Pool, people: &mut People) {
        for reserve in pool.reserves.iter().filter(|r| r.status == "in_pool") {
            for (kind, share, department, sanction) in BARS {
                let day = days::plus(self.as_of, -self.draw.between(15.0, 2_900.0));
                let day = if kind == "under_investigation" { day.max(days::plus(self.as_of, -150.0)) } else { day };
                let member = people.all[reserve.person].status == "member";
                if !self.draw.chance(share) || (sanction && !member) {
                    continue;
                }
                if let Some(event) = self.enter(reserve.village, day, kind, department) {
                    event.person = Some(reserve.person);
                    if sanction {
                        people.all[reserve.person].sanction = Some((kind, day));
                    }
                }
            }
        }
    }
}

/// Keeps the ledger over all years. Also sets the sanctions of the people it names.
pub(super) fn draw(
    options: &Options,
    land: &Land,
    world: &World,
    bodies: &Bodies,
    pool: &Pool,
    figures: &Figures,
    people: &mut People,
) -> Events {
    let draw = Draw::named(options.seed, "synth.events", land.index as u64);
    let mut ledger = Ledger { draw, as_of: options.as_of, bodies, rows: Vec::new() };
    for (v, story) in world.villages.iter().enumerate() {
        for (t, &year) in world.years.iter().enumerate() {
            let counts = &figures.counts[v][t];
            ledger.counted(v, year, counts.petitions, "petition", dept::PETITIONS, 35.0);
            ledger.counted(v, year, counts.safety, "safety", dept::EMERGENCY, 60.0);
            ledger.counted(v, year, counts.environment, "environment", dept::ENVIRONMENT, 60.0);
            ledger.talks_and_honours(v, year, story.quality[t]);
        }
        ledger.story(v, story, people);
    }
    ledger.bars(pool, people);
    let mut rows = ledger.rows;
    // Nothing before the first period: older ledgers were not handed in.
    rows.retain(|e| e.date.year() >= options.first_period());
    rows.sort_by(|a, b| {
        (a.village, a.date, a.kind, a.recorded, a.person).cmp(&(b.village, b.date, b.kind, b.recorded, b.person))
    });
    Events(rows)
}

impl Events {
    pub fn frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.0;
        land.keys(all.iter().map(|e| e.village))
            .date("date", all.iter().map(|e| Some(e.date)).collect())
            .date("recorded", all.iter().map(|e| Some(e.recorded)).collect())
            .str("kind", &all.iter().map(|e| e.kind).collect::<Vec<_>>())
            .text("post", all.iter().map(|e| e.post).collect())
            .text("person", all.iter().map(|e| e.person.map(|id| people.number(id))).collect())
            .str("department", &all.iter().map(|e| e.department).collect::<Vec<_>>())
            .date("closed", all.iter().map(|e| e.closed).collect())
            .done()
    }
}
