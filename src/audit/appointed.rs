//! Findings about people in post and people recommended: effect periods, joint reviews, filing, kin.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};

use super::{Finding, Severity};
use crate::book::schema::Vocab;
use crate::book::value::clean_name;
use crate::book::{Book, Tables};
use crate::frame::{self, FrameResult};
use crate::reserve::{Gate, Hardness, Test};
use crate::run::Outcome;
use crate::say;
use crate::stage::{Context, StageResult, add_months};

/// Somebody in post, or recommended for one.
#[derive(Clone)]
struct Person<'a> {
    county: &'a str,
    township: &'a str,
    village: &'a str,
    post: &'a str,
    id: &'a str,
    /// Start of the term; the reference date for a recommendation.
    day: NaiveDate,
    rec_id: &'a str,
}

/// A dated event of a person.
struct Event<'a> {
    kind: &'a str,
    date: NaiveDate,
    closed: Option<NaiveDate>,
}

/// What the book knows of people.
struct Facts<'a> {
    ctx: &'a Context<'a>,
    villages: HashMap<&'a str, &'a str>,
    names: HashMap<&'a str, &'a str>,
    events: HashMap<&'a str, Vec<Event<'a>>>,
    /// Person → days of joint reviews and whether they were passed.
    reviews: HashMap<&'a str, Vec<(NaiveDate, Option<bool>)>>,
    /// Counties with any dated review.
    reviewed: BTreeSet<&'a str>,
    /// Counties with any filing.
    filed: BTreeSet<&'a str>,
    /// (county, township) → its Party secretary, and its county leader by name.
    leaders: HashMap<(&'a str, &'a str), (&'a str, &'a str)>,
    /// Person → relatives with their relation.
    kin: HashMap<&'a str, Vec<(&'a str, &'a str)>>,
    recommended_by: HashMap<&'a str, &'a str>,
}

pub(super) fn find(book: &Book, outcome: &Outcome, ctx: &Context) -> StageResult<Vec<Finding>> {
    let facts = Facts::read(&book.tables, ctx)?;
    let mut found = Vec::new();
    let appointed = appointed(&book.tables, ctx)?;
    for (person, filed, number) in &appointed {
        facts.periods(person, &mut found);
        facts.reviews(person, false, &mut found);
        facts.filing(person, *filed, number, &mut found);
        facts.kin(person, "appointed", &mut found);
    }
    for person in recommended(outcome)? {
        facts.reviews(&person, true, &mut found);
        facts.kin(&person, "recommended", &mut found);
    }
    let counties: BTreeSet<&str> = appointed.iter().map(|(p, ..)| p.county).collect();
    let unrecorded = [
        ("review_unrecorded", &facts.reviewed, "audit-review-unrecorded", "audit.review_months"),
        ("filing_unrecorded", &facts.filed, "audit-filing-unrecorded", "audit.filing_days"),
    ];
    for (county, (rule, known, text, key)) in counties.iter().flat_map(|c| unrecorded.map(|what| (*c, what))) {
        if known.contains(county) {
            continue;
        }
        found.push(Finding {
            rule,
            severity: Severity::Unclear,
            county: county.to_owned(),
            township: String::new(),
            village: String::new(),
            village_name: String::new(),
            person: String::new(),
            date: None,
            text: ctx.lang.text(text),
            basis: basis(ctx, key),
            rec_id: String::new(),
        });
    }
    Ok(found)
}

/// The document of the audit's rules, else the key.
fn basis(ctx: &Context, key: &str) -> String {
    let source = &ctx.policy.audit.source;
    if source.is_empty() { key.to_owned() } else { source.clone() }
}

type Appointed<'a> = (Person<'a>, Option<NaiveDate>, &'a str);

/// Terms that began within the months looked at.
fn appointed<'a>(tables: &'a Tables, ctx: &Context) -> FrameResult<Vec<Appointed<'a>>> {
    let rules = &ctx.policy.audit;
    let from = add_months(ctx.as_of, -i32::try_from(rules.appointed_months).unwrap_or(i32::MAX));
    let table = tables.get("posts");
    let words = |column: &str| frame::words(table, column);
    let (county, township, village) = (words("county")?, words("township")?, words("village")?);
    let (post, person, number) = (words("post")?, words("person")?, words("filing_number")?);
    let (since, filed) = (frame::dates(table, "since")?, frame::dates(table, "filed_on")?);
    let mut found = Vec::new();
    for row in 0..table.height() {
        let Some(day) = since[row].filter(|d| *d > from && *d <= ctx.as_of) else { continue };
        if !person[row].is_empty() && rules.posts.iter().any(|p| p == post[row]) {
            let one = Person {
                county: county[row],
                township: township[row],
                village: village[row],
                post: post[row],
                id: person[row],
                day,
                rec_id: "",
            };
            found.push((one, filed[row].filter(|d| *d <= ctx.as_of), number[row]));
        }
    }
    Ok(found)
}

/// Everybody on a shortlist, each once per village.
fn recommended(outcome: &Outcome) -> FrameResult<Vec<Person<'_>>> {
    let Some(table) = outcome.table("shortlists") else { return Ok(Vec::new()) };
    let words = |column: &str| frame::words(table, column);
    let (county, township, village) = (words("county")?, words("township")?, words("village")?);
    let (post, person, rec_id) = (words("post")?, words("candidate")?, words("rec_id")?);
    let mut seen = BTreeSet::new();
    Ok((0..table.height())
        .filter(|row| seen.insert((person[*row], village[*row])))
        .map(|row| Person {
            county: county[row],
            township: township[row],
            village: village[row],
            post: post[row],
            id: person[row],
            day: outcome.as_of,
            rec_id: rec_id[row],
        })
        .collect())
}

impl<'a> Facts<'a> {
    fn read(tables: &'a Tables, ctx: &'a Context<'a>) -> FrameResult<Facts<'a>> {
        let as_of = ctx.as_of;
        let villages = tables.get("villages");
        let people = tables.get("people");
        let persons = frame::words(people, "person")?;
        let mut facts = Facts {
            ctx,
            villages: frame::words(villages, "village")?
                .into_iter()
                .zip(frame::words(villages, "village_name")?)
                .collect(),
            names: persons.iter().copied().zip(frame::words(people, "name")?).collect(),
            events: HashMap::new(),
            reviews: HashMap::new(),
            reviewed: BTreeSet::new(),
            filed: BTreeSet::new(),
            leaders: HashMap::new(),
            kin: HashMap::new(),
            recommended_by: HashMap::new(),
        };
        let county = frame::words(people, "county")?;
        let (reviewed, passed) = (frame::dates(people, "reviewed")?, frame::flags(people, "review_passed")?);
        let (sanction, sanctioned) = (frame::words(people, "sanction")?, frame::dates(people, "sanction_date")?);
        for row in 0..people.height() {
            if let Some(day) = reviewed[row].filter(|d| *d <= as_of) {
                facts.reviews.entry(persons[row]).or_default().push((day, passed[row]));
                facts.reviewed.insert(county[row]);
            }
            if let Some(date) = sanctioned[row].filter(|d| *d <= as_of && !sanction[row].is_empty()) {
                let event = Event { kind: sanction[row], date, closed: None };
                facts.events.entry(persons[row]).or_default().push(event);
            }
        }
        let events = tables.get("events");
        let (person, kind) = (frame::words(events, "person")?, frame::words(events, "kind")?);
        let (county, date) = (frame::words(events, "county")?, frame::dates(events, "date")?);
        let (recorded, closed) = (frame::dates(events, "recorded")?, frame::dates(events, "closed")?);
        for row in 0..events.height() {
            let Some(date) = date[row].filter(|d| *d <= as_of) else { continue };
            if person[row].is_empty() || recorded[row].is_some_and(|d| d > as_of) {
                continue;
            }
            match kind[row] {
                "review_passed" | "review_failed" => {
                    let passed = Some(kind[row] == "review_passed");
                    facts.reviews.entry(person[row]).or_default().push((date, passed));
                    facts.reviewed.insert(county[row]);
                }
                kind => {
                    let event = Event { kind, date, closed: closed[row].filter(|d| *d <= as_of) };
                    facts.events.entry(person[row]).or_default().push(event);
                }
            }
        }
        #[allow(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for reviews in facts.reviews.values_mut() {
            reviews.sort_unstable();
        }
        let posts = tables.get("posts");
        let (county, number) = (frame::words(posts, "county")?, frame::words(posts, "filing_number")?);
        for (row, filed) in frame::dates(posts, "filed_on")?.into_iter().enumerate() {
            if filed.is_some_and(|d| d <= as_of) || !number[row].is_empty() {
                facts.filed.insert(county[row]);
            }
        }
        let townships = tables.get("townships");
        let (county, township) = (frame::words(townships, "county")?, frame::words(townships, "township")?);
        let (secretary, leader) = (frame::words(townships, "secretary")?, frame::words(townships, "leader")?);
        for row in 0..townships.height() {
            facts.leaders.insert((county[row], township[row]), (secretary[row], leader[row]));
        }
        let kin = tables.get("kin");
        let (one, other, relation) =
            (frame::words(kin, "person")?, frame::words(kin, "relative")?, frame::words(kin, "relation")?);
        for row in 0..kin.height() {
            facts.kin.entry(one[row]).or_default().push((other[row], relation[row]));
            facts.kin.entry(other[row]).or_default().push((one[row], relation[row]));
        }
        let pool = tables.get("pool");
        facts.recommended_by =
            frame::words(pool, "person")?.into_iter().zip(frame::words(pool, "recommended_by")?).collect();
        Ok(facts)
    }

    fn finding(&self, p: &Person, rule: &'static str, severity: Severity, text: String, basis: String) -> Finding {
        Finding {
            rule,
            severity,
            county: p.county.to_owned(),
            township: p.township.to_owned(),
            village: p.village.to_owned(),
            village_name: self.villages.get(p.village).copied().unwrap_or_default().to_owned(),
            person: p.id.to_owned(),
            date: Some(p.day),
            text,
            basis,
            rec_id: p.rec_id.to_owned(),
        }
    }

    fn word(&self, vocab: Vocab, code: &str) -> String {
        self.ctx.policy.words.label(self.ctx.lang, vocab, code)
    }

    /// Was the person under a hard bar on the day of appointment? Gates, kinds and months are those
    /// of the reserve's policy.
    fn periods(&self, p: &Person, found: &mut Vec<Finding>) {
        let gates = self.ctx.policy.reserve.gates.iter();
        let gates: Vec<(&String, &Gate)> =
            gates.filter(|(_, g)| g.test == Test::Event && g.hardness == Hardness::Hard).collect();
        for event in self.events.get(p.id).into_iter().flatten().filter(|e| e.date <= p.day) {
            for (key, gate) in gates.iter().filter(|(_, g)| g.kinds.iter().any(|k| k == event.kind)) {
                let until = match (gate.until_closed, gate.months) {
                    (true, _) => event.closed,
                    (false, Some(months)) => Some(add_months(event.date, months)),
                    (false, None) => None,
                };
                if until.is_some_and(|until| until <= p.day) {
                    continue;
                }
                let lang = self.ctx.lang;
                let (kind, post) = (self.word(Vocab::EventKind, event.kind), self.word(Vocab::Post, p.post));
                let text = match until {
                    Some(until) => say!(
                        lang,
                        "audit-period-until",
                        kind = kind,
                        from = event.date,
                        until = until,
                        post = post,
                        day = p.day
                    ),
                    None => say!(lang, "audit-period", kind = kind, from = event.date, post = post, day = p.day),
                };
                let basis = if gate.source.is_empty() { format!("reserve.gates.{key}") } else { gate.source.clone() };
                found.push(self.finding(p, "effect_period", Severity::Grave, text, basis));
            }
        }
    }

    /// Joint review: before an appointment, or before a recommendation is acted on. Nothing is said
    /// of single people where a county's book holds no dated review at all.
    fn reviews(&self, p: &Person, recommended: bool, found: &mut Vec<Finding>) {
        if !self.reviewed.contains(p.county) {
            return;
        }
        let (lang, months) = (self.ctx.lang, self.ctx.policy.audit.review_months);
        let before = self.reviews.get(p.id).into_iter().flatten().rfind(|(day, _)| *day <= p.day);
        let after = self.reviews.get(p.id).into_iter().flatten().find(|(day, _)| *day > p.day);
        let basis = basis(self.ctx, "audit.review_months");
        let post = self.word(Vocab::Post, p.post);
        let finding = match (before, after) {
            (Some((day, Some(false))), _) if !recommended => {
                let text = say!(lang, "audit-review-failed", post = post, day = p.day, reviewed = *day);
                Some(self.finding(p, "review_failed", Severity::Grave, text, basis))
            }
            (Some((day, _)), _) if add_months(*day, i32::try_from(months).unwrap_or(i32::MAX)) < p.day => {
                let id = if recommended { "audit-review-expired-candidate" } else { "audit-review-expired" };
                let text = lang.say(
                    id,
                    &[
                        ("post", post.into()),
                        ("day", p.day.into()),
                        ("reviewed", (*day).into()),
                        ("months", months.into()),
                    ],
                );
                Some(self.finding(p, "review_expired", Severity::Notice, text, basis))
            }
            (Some(_), _) => None,
            (None, Some((day, _))) => {
                let text = say!(lang, "audit-review-late", post = post, day = p.day, reviewed = *day);
                Some(self.finding(p, "review_late", Severity::Notice, text, basis))
            }
            (None, None) => {
                let id = if recommended { "audit-review-missing-candidate" } else { "audit-review-missing" };
                let text = lang.say(id, &[("post", post.into()), ("day", p.day.into())]);
                Some(self.finding(p, "review_missing", Severity::Notice, text, basis))
            }
        };
        found.extend(finding);
    }

    /// Nothing is said of single people where a county's book holds no filing at all.
    fn filing(&self, p: &Person, filed: Option<NaiveDate>, number: &str, found: &mut Vec<Finding>) {
        if !self.filed.contains(p.county) {
            return;
        }
        let (lang, days) = (self.ctx.lang, self.ctx.policy.audit.filing_days);
        let limit = p.day.checked_add_days(Days::new(u64::from(days))).unwrap_or(p.day);
        let basis = basis(self.ctx, "audit.filing_days");
        let post = self.word(Vocab::Post, p.post);
        match filed {
            // A filing long before the term is the predecessor's.
            Some(day) if day > limit => {
                let late = (day - p.day).num_days();
                let text =
                    say!(lang, "audit-filed-late", post = post, day = p.day, filed = day, late = late, days = days);
                found.push(self.finding(p, "filed_late", Severity::Notice, text, basis));
            }
            Some(_) if number.is_empty() => {
                let text = say!(lang, "audit-filed-number", post = post, day = p.day);
                found.push(self.finding(p, "filed_without_number", Severity::Notice, text, basis));
            }
            Some(_) => {}
            None if limit < self.ctx.as_of => {
                let text = say!(lang, "audit-unfiled", post = post, day = p.day, days = days);
                found.push(self.finding(p, "unfiled", Severity::Notice, text, basis));
            }
            None => {}
        }
    }

    /// Kin of the township's Party secretary, of the county leader paired with it, or of whoever
    /// recommended the person.
    fn kin(&self, p: &Person, what: &str, found: &mut Vec<Finding>) {
        let (secretary, leader) = self.leaders.get(&(p.county, p.township)).copied().unwrap_or_default();
        let by = self.recommended_by.get(p.id).copied().unwrap_or_default();
        let is = |name: &str, written: &str| !name.is_empty() && clean_name(name).0 == clean_name(written).0;
        let mut told: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for (relative, relation) in self.kin.get(p.id).into_iter().flatten() {
            let counts = relation.is_empty() || self.ctx.policy.audit.kin.iter().any(|k| k == relation);
            if !counts || *relative == p.id {
                continue;
            }
            let name = self.names.get(relative).copied().unwrap_or_default();
            if (!secretary.is_empty() && *relative == secretary) || is(name, leader) {
                told.insert(("kin_of_leader", relative), relation);
            }
            if *relative == by || is(name, by) {
                told.insert(("kin_of_recommender", relative), relation);
            }
        }
        for ((rule, relative), relation) in told {
            let lang = self.ctx.lang;
            let relation =
                if relation.is_empty() { lang.text("audit-kin-unknown") } else { self.word(Vocab::Relation, relation) };
            let args = [
                ("post", self.word(Vocab::Post, p.post).into()),
                ("relation", relation.into()),
                ("relative", relative.into()),
                ("what", lang.text(&format!("audit-kin-what-{what}")).into()),
            ];
            let leader = rule == "kin_of_leader";
            let text = lang.say(if leader { "audit-kin-leader" } else { "audit-kin-recommender" }, &args);
            let rule = if leader { "kin_of_leader" } else { "kin_of_recommender" };
            found.push(self.finding(p, rule, Severity::Notice, text, basis(self.ctx, "audit.kin")));
        }
    }
}
