//! The batch plan: who goes to which class and batch, and when. County classes follow one another;
//! the townships' own classes come after them, so that nothing of one county overlaps there.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate};
use polars::prelude::DataFrame;

use super::policy::{CourseRule, Cover, Level, in_force};
use super::records::Records;
use super::roll::{Leader, Roll};
use super::spread::{Member, Spread, spread};
use super::status::{State, Status, keys};
use crate::frame::Build;
use crate::stage::{Context, StageResult};
use crate::{ident, say};

/// One batch.
pub(super) struct Batch<'a> {
    pub county: &'a str,
    /// Empty for a class of the county.
    pub township: &'a str,
    /// From 1, within the county or the township.
    pub number: usize,
    /// Place in the policy's classes.
    pub course: usize,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub used: usize,
    pub townships: usize,
    pub bound: &'static str,
}

/// What becomes of one person who is planned for.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Goes to this batch: place in [`Plan::batches`].
    Batch(usize),
    /// In a class, but without a batch.
    Without { course: usize, cause: &'static str },
    /// No class fits.
    NoCourse,
}

/// The plan of all counties.
pub(super) struct Plan<'a> {
    pub batches: Vec<Batch<'a>>,
    /// (place among the leaders, what becomes of them), by leader.
    pub people: Vec<(usize, Place)>,
    /// County → first day after all its batches; where there is none, the day it could have begun.
    pub free_from: BTreeMap<&'a str, NaiveDate>,
    /// The year of the first possible batch, for the IDs of recommendations.
    pub year: i32,
}

/// The first Monday on or after a day.
pub(super) fn monday(day: NaiveDate) -> NaiveDate {
    let ahead = (7 - i64::from(day.weekday().num_days_from_monday())) % 7;
    plus(day, ahead)
}

/// So many days later; the day itself where the calendar ends.
pub(super) fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(Duration::days(days)).unwrap_or(day)
}

/// The first day of the first batch.
pub(super) fn first_day(ctx: &Context) -> NaiveDate {
    monday(plus(ctx.as_of, i64::from(ctx.policy.cultivate.plan.lead_days)))
}

/// Is the class for this person?
fn fits(rule: &CourseRule, leader: &Leader, roll: &Roll, ctx: &Context) -> bool {
    let (when, village) = (&rule.when, &roll.villages[leader.village]);
    let among = |list: &[String], word: Option<&str>| {
        list.is_empty() || word.is_some_and(|word| list.iter().any(|one| one == word))
    };
    let new = when.new_months.is_none_or(|months| {
        let edge = crate::stage::add_months(ctx.as_of, -i32::try_from(months).unwrap_or(i32::MAX));
        leader.since.is_some_and(|since| since > edge)
    });
    new && among(&when.supervision, village.supervision)
        && among(&when.grades, village.grade)
        && among(&when.classes, village.class)
        && among(&when.posts, Some(leader.post))
}

/// Makes the plan. `leaders` are by village, post and person; `found` runs along with them.
pub(super) fn plan<'a>(
    roll: &Roll<'a>,
    leaders: &[Leader<'a>],
    found: &[Status],
    records: &Records,
    ctx: &Context,
) -> Plan<'a> {
    let start = first_day(ctx);
    let mut plan = Plan { batches: Vec::new(), people: Vec::new(), free_from: BTreeMap::new(), year: start.year() };
    let mut from = 0;
    while from < leaders.len() {
        let county = roll.villages[leaders[from].village].county;
        let to = leaders[from..].partition_point(|l| roll.villages[l.village].county == county) + from;
        let desk = Desk { roll, leaders, found, ctx, away: away(roll, &leaders[from..to], records) };
        desk.county(county, from..to, start, &mut plan);
        from = to;
    }
    for village in &roll.villages {
        plan.free_from.entry(village.county).or_insert(start);
    }
    plan.people.sort_unstable_by_key(|p| p.0);
    plan
}

/// Bloc → when one of its leaders is in another office.
fn away(roll: &Roll, leaders: &[Leader], records: &Records) -> BTreeMap<usize, Vec<super::records::Away>> {
    let mut by_bloc: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for leader in leaders {
        let times = records.away_of(leader.person);
        if !times.is_empty() {
            by_bloc.entry(roll.villages[leader.village].bloc).or_default().extend(times);
        }
    }
    by_bloc
}

struct Desk<'d, 'a> {
    roll: &'d Roll<'a>,
    leaders: &'d [Leader<'a>],
    found: &'d [Status],
    ctx: &'d Context<'d>,
    away: BTreeMap<usize, Vec<super::records::Away>>,
}

/// The classes of one sequence: of a county, or of one township.
struct Sequence<'a> {
    county: &'a str,
    township: &'a str,
    /// Monday of the next batch.
    next: NaiveDate,
    number: usize,
}

impl<'a> Desk<'_, 'a> {
    fn township(&self, at: usize) -> &'a str {
        self.roll.villages[self.leaders[at].village].township
    }

    fn county(&self, county: &'a str, range: std::ops::Range<usize>, start: NaiveDate, plan: &mut Plan<'a>) {
        let policy = &self.ctx.policy.cultivate;
        let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
        for at in range.clone() {
            *heads.entry(self.township(at)).or_insert(0) += 1;
        }
        let numbers: BTreeMap<&str, usize> = heads.keys().enumerate().map(|(at, name)| (*name, at)).collect();
        let caps: Vec<usize> =
            heads.values().map(|n| ((*n as f64 * policy.plan.township_share + 1e-9) as usize).max(1)).collect();
        let mut classes: Vec<Vec<usize>> = vec![Vec::new(); policy.courses.len()];
        for at in range.filter(|at| self.planned(*at)) {
            let course = policy.courses.values().position(|rule| {
                in_force(&rule.effective, self.ctx.as_of) && fits(rule, &self.leaders[at], self.roll, self.ctx)
            });
            match course {
                Some(course) => classes[course].push(at),
                None => plan.people.push((at, Place::NoCourse)),
            }
        }
        let member = |at: usize| {
            let group = numbers.get(self.township(at)).copied().unwrap_or(0);
            Member {
                bloc: self.roll.villages[self.leaders[at].village].bloc,
                group,
                cap: caps.get(group).copied().unwrap_or(1),
            }
        };
        let mut sequence = Sequence { county, township: "", next: start, number: 0 };
        for (course, people) in classes.iter().enumerate() {
            if policy.courses[course].level == Level::County {
                self.course(course, people, &member, &mut sequence, plan);
            }
        }
        let mut last = sequence.next;
        for township in heads.keys() {
            let mut own = Sequence { county, township, next: sequence.next, number: 0 };
            for (course, people) in classes.iter().enumerate() {
                if policy.courses[course].level == Level::Township {
                    let mine: Vec<usize> =
                        people.iter().copied().filter(|at| self.township(*at) == *township).collect();
                    self.course(course, &mine, &member, &mut own, plan);
                }
            }
            last = last.max(own.next);
        }
        plan.free_from.insert(county, last);
    }

    fn planned(&self, at: usize) -> bool {
        let policy = &self.ctx.policy.cultivate;
        match policy.plan.cover {
            Cover::Year => self.found[at].this_year < policy.training.required_days,
            Cover::Due => self.found[at].state.due(),
        }
    }

    /// Adds the batches of one class.
    fn course(
        &self,
        course: usize,
        people: &[usize],
        member: &dyn Fn(usize) -> Member,
        sequence: &mut Sequence<'a>,
        plan: &mut Plan<'a>,
    ) {
        if people.is_empty() {
            return;
        }
        let policy = &self.ctx.policy.cultivate;
        let rule = &policy.courses[course];
        // Who has waited longest comes first where there is no room for all.
        let mut people = people.to_vec();
        people.sort_by_key(|at| (self.found[*at].state == State::Done, self.found[*at].last, *at));
        let members: Vec<Member> = people.iter().map(|at| member(*at)).collect();
        let days = i64::from(rule.days);
        let step = 7 * i64::from(policy.plan.weeks_between).max((days + 6) / 7);
        let start = sequence.next;
        let from = |batch: usize| plus(start, step * batch as i64);
        let until = |batch: usize| plus(from(batch), days - 1);
        let blocked = |at: usize, batch: usize| {
            let times = self.away.get(&members[at].bloc).map_or(&[][..], Vec::as_slice);
            times.iter().any(|t| t.meets(from(batch), until(batch)))
        };
        let Spread { batches, of, bound } = spread(&members, rule.seats as usize, rule.max_batches as usize, blocked);
        let first = plan.batches.len();
        let mut groups = vec![std::collections::BTreeSet::new(); batches];
        let mut used = vec![0; batches];
        for (at, batch) in of.iter().enumerate() {
            let place = match batch {
                Some(batch) => {
                    used[*batch] += 1;
                    groups[*batch].insert(members[at].group);
                    Place::Batch(first + batch)
                }
                None => {
                    let away = batches > 0 && (0..batches).all(|b| blocked(at, b));
                    Place::Without { course, cause: if away { "away" } else { "batches_full" } }
                }
            };
            plan.people.push((people[at], place));
        }
        for batch in 0..batches {
            sequence.number += 1;
            plan.batches.push(Batch {
                county: sequence.county,
                township: sequence.township,
                number: sequence.number,
                course,
                from: from(batch),
                until: until(batch),
                used: used[batch],
                townships: groups[batch].len(),
                bound: bound.code(),
            });
        }
        sequence.next = from(batches);
    }
}

/// Why somebody is in this class.
fn why(rule: &CourseRule, leader: &Leader, roll: &Roll, ctx: &Context) -> String {
    let (when, village, lang) = (&rule.when, &roll.villages[leader.village], ctx.lang);
    let words = &ctx.policy.words;
    use crate::book::schema::Vocab;
    let mut parts = Vec::new();
    if let (Some(months), Some(since)) = (when.new_months, leader.since) {
        parts.push(say!(lang, "cultivate-why-new", since = since, months = months));
    }
    if let Some(state) = village.supervision.filter(|_| !when.supervision.is_empty()) {
        let state = lang.text(&format!("code-status-{}", state.replace('_', "-")));
        parts.push(say!(lang, "cultivate-why-supervised", state = state));
    }
    if let Some(grade) = village.grade.filter(|_| !when.grades.is_empty()) {
        parts.push(say!(lang, "cultivate-why-grade", grade = words.label(lang, Vocab::Grade, grade)));
    }
    if let Some(class) = village.class.filter(|_| !when.classes.is_empty()) {
        parts.push(say!(lang, "cultivate-why-class", class = words.label(lang, Vocab::VillageClass, class)));
    }
    if !when.posts.is_empty() {
        parts.push(say!(lang, "cultivate-why-post", post = words.label(lang, Vocab::Post, leader.post)));
    }
    if parts.is_empty() {
        parts.push(lang.text("cultivate-why-all"));
    }
    parts.join(&lang.text("list-semicolon"))
}

impl Plan<'_> {
    fn course_of(&self, place: Place) -> Option<usize> {
        match place {
            Place::Batch(at) => Some(self.batches[at].course),
            Place::Without { course, .. } => Some(course),
            Place::NoCourse => None,
        }
    }

    /// The table `training_plan`.
    pub fn people_table(&self, roll: &Roll, leaders: &[Leader], ctx: &Context) -> StageResult<DataFrame> {
        let courses = &ctx.policy.cultivate.courses;
        let batch = |place: Place| match place {
            Place::Batch(at) => self.batches.get(at),
            _ => None,
        };
        let rule = |place: Place| self.course_of(place).and_then(|at| courses.get_index(at));
        let reason = |at: usize, place: Place| match place {
            Place::Without { cause: "away", .. } => ctx.lang.text("cultivate-plan-away"),
            Place::Without { .. } => ctx.lang.text("cultivate-plan-full"),
            Place::NoCourse => ctx.lang.text("cultivate-plan-no-course"),
            Place::Batch(_) => rule(place).map_or(String::new(), |(_, rule)| why(rule, &leaders[at], roll, ctx)),
        };
        let cause = |place: Place| match place {
            Place::Batch(_) => None,
            Place::Without { cause, .. } => Some(cause),
            Place::NoCourse => Some("no_course"),
        };
        let id = |at: usize, place: Place| {
            let (key, _) = rule(place).filter(|_| matches!(place, Place::Batch(_)))?;
            let whom = format!("{}/{}", roll.villages[leaders[at].village].county, leaders[at].person);
            Some(ident::recommendation(&format!("training/{}", self.year), &whom, &format!("cultivate.courses.{key}")))
        };
        let all = &self.people;
        Ok(keys(roll, all.iter().map(|p| leaders[p.0].village))
            .str("person", &all.iter().map(|p| leaders[p.0].person).collect::<Vec<_>>())
            .str("post", &all.iter().map(|p| leaders[p.0].post).collect::<Vec<_>>())
            .text("course", all.iter().map(|p| rule(p.1).map(|r| r.0)).collect())
            .text("level", all.iter().map(|p| rule(p.1).map(|r| r.1.level.code())).collect())
            .whole("batch", all.iter().map(|p| batch(p.1).and_then(|b| i64::try_from(b.number).ok())).collect())
            .whole("seats", all.iter().map(|p| rule(p.1).map(|r| i64::from(r.1.seats))).collect())
            .whole("days", all.iter().map(|p| rule(p.1).map(|r| i64::from(r.1.days))).collect())
            .date("from", all.iter().map(|p| batch(p.1).map(|b| b.from)).collect())
            .date("until", all.iter().map(|p| batch(p.1).map(|b| b.until)).collect())
            .text("cause", all.iter().map(|p| cause(p.1)).collect())
            .str("reason", &all.iter().map(|p| reason(p.0, p.1)).collect::<Vec<_>>())
            .text("rec_id", all.iter().map(|p| id(p.0, p.1)).collect())
            .done()?)
    }

    /// The table `training_batches`.
    pub fn batch_table(&self, ctx: &Context) -> StageResult<DataFrame> {
        let courses = &ctx.policy.cultivate.courses;
        let mut all: Vec<&Batch> = self.batches.iter().collect();
        all.sort_by_key(|b| (b.county, b.township, b.number));
        let rule = |b: &Batch| courses.get_index(b.course);
        let whole = |read: &dyn Fn(&Batch) -> Option<i64>| all.iter().map(|b| read(b)).collect::<Vec<_>>();
        let size = |n: usize| i64::try_from(n).ok();
        let days = |b: &Batch| rule(b).map(|r| i64::from(r.1.days));
        Ok(Build::new()
            .str("county", &all.iter().map(|b| b.county).collect::<Vec<_>>())
            .text("township", all.iter().map(|b| Some(b.township).filter(|t| !t.is_empty())).collect())
            .text("level", all.iter().map(|b| rule(b).map(|r| r.1.level.code())).collect())
            .whole("batch", whole(&|b| size(b.number)))
            .text("course", all.iter().map(|b| rule(b).map(|r| r.0)).collect())
            .whole("seats", whole(&|b| rule(b).map(|r| i64::from(r.1.seats))))
            .whole("used", whole(&|b| size(b.used)))
            .whole("days", whole(&days))
            .whole("person_days", whole(&|b| Some(days(b)? * size(b.used)?)))
            .whole("townships", whole(&|b| size(b.townships)))
            .date("from", all.iter().map(|b| Some(b.from)).collect())
            .date("until", all.iter().map(|b| Some(b.until)).collect())
            .str("bound", &all.iter().map(|b| b.bound).collect::<Vec<_>>())
            .done()?)
    }
}
