//! What became of each recommendation: decided how, done or overdue, and what the book shows now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::lists::Advice;
use super::{Decided, Decisions, Verdict};
use crate::book::{Book, Tables};
use crate::frame::{self, FrameResult};
use crate::report::text_label;
use crate::say;
use crate::stage::{Context, StageResult};

/// One recommendation, of this run or of an earlier one.
pub(super) struct Followed<'d> {
    pub county: String,
    pub township: String,
    pub village: String,
    pub village_name: String,
    pub rec_id: String,
    pub list: String,
    pub whom: String,
    pub advice: String,
    pub decided: Option<&'d Decided>,
    /// Stated, or shown by the book.
    pub done: Option<NaiveDate>,
    /// `done`, `overdue`, `under_way`, `not_adopted`, `deferred` or `undecided`.
    pub state: &'static str,
    pub against: bool,
    pub still: bool,
    /// What the book shows now; empty: nothing to say.
    pub outcome: String,
}

/// Follows every recommendation of this run and every decision, by county, township, village, list
/// and ID.
pub(super) fn follow<'d>(
    read: &'d Decisions,
    advice: &[Advice],
    book: &Book,
    outcome: &BTreeMap<&'static str, DataFrame>,
    ctx: &Context,
) -> StageResult<Vec<Followed<'d>>> {
    let shows = Shows::new(&book.tables, outcome, ctx)?;
    let decided: BTreeMap<&str, &Decided> = read.decided().map(|(_, d)| (d.rec_id.as_str(), d)).collect();
    let now: BTreeSet<&str> = advice.iter().map(|a| a.rec_id.as_str()).collect();
    let mut rows: Vec<Followed> = Vec::new();
    for a in advice {
        let known = decided.get(a.rec_id.as_str()).copied();
        rows.push(one(a.clone(), a.say(ctx.lang, ctx.policy), known, true, &shows, ctx));
    }
    for (id, d) in &decided {
        if !now.contains(id) {
            let advice = Advice {
                rec_id: d.rec_id.clone(),
                list: d.list.clone(),
                county: d.county.clone(),
                township: d.township.clone(),
                village: d.village.clone(),
                village_name: d.village_name.clone(),
                whom: d.whom.clone(),
                code: String::new(),
                post: String::new(),
                reasons: String::new(),
            };
            rows.push(one(advice, d.advice.clone(), Some(d), false, &shows, ctx));
        }
    }
    rows.sort_by(|a, b| {
        let key =
            |r: &Followed| (r.county.clone(), r.township.clone(), r.village.clone(), r.list.clone(), r.rec_id.clone());
        key(a).cmp(&key(b))
    });
    Ok(rows)
}

fn one<'d>(
    advice: Advice,
    text: String,
    decided: Option<&'d Decided>,
    still: bool,
    shows: &Shows,
    ctx: &Context,
) -> Followed<'d> {
    let (outcome, shown_done) = shows.of(&advice, decided.and_then(|d| d.date));
    let adopted = decided.is_some_and(|d| d.decision == Verdict::Adopted);
    let done = decided.and_then(|d| d.done).or(shown_done.filter(|_| adopted));
    let state = match decided {
        None => "undecided",
        Some(d) => match d.decision {
            Verdict::NotAdopted => "not_adopted",
            Verdict::Deferred => "deferred",
            Verdict::Adopted if done.is_some() => "done",
            Verdict::Adopted if d.due.is_some_and(|due| due < ctx.as_of) => "overdue",
            Verdict::Adopted => "under_way",
        },
    };
    Followed {
        county: advice.county,
        township: advice.township,
        village: advice.village,
        village_name: advice.village_name,
        rec_id: advice.rec_id,
        list: advice.list,
        whom: advice.whom,
        advice: text,
        decided,
        done,
        state,
        against: decided.is_some_and(|d| d.decision == Verdict::NotAdopted),
        still,
        outcome,
    }
}

/// A post held or empty.
#[derive(Clone, Copy)]
struct Seat<'a> {
    village: &'a str,
    post: &'a str,
    person: &'a str,
    since: Option<NaiveDate>,
}

/// A member of the pool.
#[derive(Clone, Copy, Default)]
struct Member<'a> {
    status: &'a str,
    left: Option<NaiveDate>,
    appraised: Option<NaiveDate>,
}

/// What the book and this run show.
struct Shows<'a> {
    ctx: &'a Context<'a>,
    seats: Vec<Seat<'a>>,
    by_village: HashMap<&'a str, Vec<usize>>,
    by_person: HashMap<&'a str, Vec<usize>>,
    pool: HashMap<&'a str, Member<'a>>,
    /// Village → status, ones done and all.
    supervised: HashMap<&'a str, (&'a str, Option<i64>, Option<i64>)>,
    talks: BTreeSet<(&'a str, &'a str)>,
    grades: HashMap<&'a str, &'a str>,
}

impl<'a> Shows<'a> {
    fn new(
        tables: &'a Tables,
        outcome: &'a BTreeMap<&'static str, DataFrame>,
        ctx: &'a Context,
    ) -> FrameResult<Shows<'a>> {
        let as_of = ctx.as_of;
        let posts = tables.get("posts");
        let (village, post) = (frame::words(posts, "village")?, frame::words(posts, "post")?);
        let (person, since) = (frame::words(posts, "person")?, frame::dates(posts, "since")?);
        let mut shows = Shows {
            ctx,
            seats: Vec::new(),
            by_village: HashMap::new(),
            by_person: HashMap::new(),
            pool: HashMap::new(),
            supervised: HashMap::new(),
            talks: BTreeSet::new(),
            grades: HashMap::new(),
        };
        for row in 0..posts.height() {
            if since[row].is_some_and(|d| d > as_of) {
                continue;
            }
            let at = shows.seats.len();
            let seat = Seat { village: village[row], post: post[row], person: person[row], since: since[row] };
            shows.seats.push(seat);
            shows.by_village.entry(seat.village).or_default().push(at);
            if !seat.person.is_empty() {
                shows.by_person.entry(seat.person).or_default().push(at);
            }
        }
        let pool = tables.get("pool");
        let (person, status) = (frame::words(pool, "person")?, frame::words(pool, "status")?);
        let (left, appraised) = (frame::dates(pool, "left")?, frame::dates(pool, "appraised")?);
        let known = |day: Option<NaiveDate>| day.filter(|d| *d <= as_of);
        for row in 0..pool.height() {
            let member = Member { status: status[row], left: known(left[row]), appraised: known(appraised[row]) };
            shows.pool.insert(person[row], member);
        }
        if let Some(table) = outcome.get("supervision") {
            let (village, status) = (frame::words(table, "village")?, frame::words(table, "status")?);
            let (done, all) = (frame::wholes(table, "ones_done")?, frame::wholes(table, "ones_total")?);
            for row in 0..table.height() {
                shows.supervised.insert(village[row], (status[row], done[row], all[row]));
            }
        }
        if let Some(table) = outcome.get("talks") {
            let (county, township) = (frame::words(table, "county")?, frame::words(table, "township")?);
            shows.talks = county.into_iter().zip(township).collect();
        }
        if let Some(table) = outcome.get("scores") {
            let (village, grade) = (frame::words(table, "village")?, frame::words(table, "grade")?);
            shows.grades = village.into_iter().zip(grade).collect();
        }
        Ok(shows)
    }

    fn word(&self, column: &str, code: &str) -> String {
        text_label(self.ctx.lang, self.ctx.policy, column, code)
    }

    /// What the book shows of a recommendation now, and since when it is done, if it shows that.
    fn of(&self, advice: &Advice, decided: Option<NaiveDate>) -> (String, Option<NaiveDate>) {
        let lang = self.ctx.lang;
        match advice.list.as_str() {
            "supervision" => (self.supervision(&advice.village), None),
            "talks" => {
                let still = self.talks.contains(&(advice.county.as_str(), advice.township.as_str()));
                (lang.text(if still { "decisions-shows-talk" } else { "decisions-shows-no-talk" }), None)
            }
            "scores" => match self.grades.get(advice.village.as_str()) {
                Some(grade) => (say!(lang, "decisions-shows-grade", grade = self.word("grade", grade)), None),
                None => (String::new(), None),
            },
            "assignment" | "shortlists" => self.appointment(advice, decided),
            "pool_review" => self.member(advice, decided),
            _ => (String::new(), None),
        }
    }

    fn supervision(&self, village: &str) -> String {
        let lang = self.ctx.lang;
        if village.is_empty() {
            return String::new();
        }
        match self.supervised.get(village) {
            None => lang.text("decisions-shows-off-list"),
            Some((status, done, all)) => {
                let status = self.word("status", status);
                match done.zip(*all) {
                    Some((done, all)) if all > 0 => {
                        say!(lang, "decisions-shows-list-ones", status = status, done = done, all = all)
                    }
                    _ => say!(lang, "decisions-shows-list", status = status),
                }
            }
        }
    }

    fn appointment(&self, advice: &Advice, decided: Option<NaiveDate>) -> (String, Option<NaiveDate>) {
        let lang = self.ctx.lang;
        let wanted = |seat: &Seat| {
            if advice.post.is_empty() {
                self.ctx.policy.reserve.posts.iter().any(|p| p == seat.post)
            } else {
                seat.post == advice.post
            }
        };
        let of = |places: Option<&Vec<usize>>| -> Vec<Seat<'a>> {
            places.into_iter().flatten().map(|at| self.seats[*at]).filter(|s| wanted(s)).collect()
        };
        let day = |day: Option<NaiveDate>| day.map_or_else(|| lang.text("decisions-shows-undated"), |d| d.to_string());
        let held = of(self.by_person.get(advice.whom.as_str()));
        if let Some(seat) = held.iter().find(|s| s.village == advice.village) {
            return (
                say!(lang, "decisions-shows-appointed", since = day(seat.since)),
                seat.since.or(Some(self.ctx.as_of)),
            );
        }
        if let Some(seat) = held.first() {
            return (say!(lang, "decisions-shows-elsewhere", since = day(seat.since)), None);
        }
        let here = of(self.by_village.get(advice.village.as_str()));
        match here.iter().find(|s| !s.person.is_empty()) {
            // Who was there when it was decided is the holder that the advice wants to follow.
            Some(seat) if decided.zip(seat.since).is_some_and(|(decided, since)| since > decided) => {
                (say!(lang, "decisions-shows-other", since = day(seat.since)), None)
            }
            // The advice of this run knows its post, and who is to be followed there.
            Some(seat) if !advice.post.is_empty() || (decided.is_some() && seat.since.is_some()) => {
                (say!(lang, "decisions-shows-holder", since = day(seat.since)), None)
            }
            Some(seat) => (say!(lang, "decisions-shows-held", since = day(seat.since)), None),
            None if advice.village.is_empty() => (String::new(), None),
            None => (lang.text("decisions-shows-empty"), None),
        }
    }

    fn member(&self, advice: &Advice, decided: Option<NaiveDate>) -> (String, Option<NaiveDate>) {
        let lang = self.ctx.lang;
        let Some(member) = self.pool.get(advice.whom.as_str()) else { return (String::new(), None) };
        match member.status {
            "left" => {
                let day = member.left.map_or_else(|| lang.text("decisions-shows-undated"), |d| d.to_string());
                (say!(lang, "decisions-shows-left-pool", day = day), member.left.or(Some(self.ctx.as_of)))
            }
            "appointed" => (lang.text("decisions-shows-appointed-pool"), None),
            _ => match member.appraised {
                Some(day) => {
                    let after = decided.is_some_and(|d| day >= d);
                    (
                        say!(lang, "decisions-shows-appraised", day = day),
                        Some(day).filter(|_| after && advice.code != "exit"),
                    )
                }
                None => (lang.text("decisions-shows-in-pool"), None),
            },
        }
    }
}
