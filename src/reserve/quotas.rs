//! Quotas as the law or the county sets them, and kin who may not both be recommended. The only place
//! of this stage that reads protected attributes; neither gates nor fits can see them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::book::Tables;
use crate::book::schema::Vocab;
use crate::frame::{self, FrameResult};
use crate::lang::Lang;
use crate::matching::{Bound, Instance, bounds_of};
use crate::policy::Words;
use crate::policy::guard::{AGES, Wrong, known};
use crate::stage::{Context, age};

use super::facts::{Facts, Post};
use super::policy::{QuotaArea, QuotaGroup, ReservePolicy, ReserveQuota};
use super::vacancies::{Vacancies, Vacancy, reckoning_day};

/// What quotas may ask about a person.
#[derive(Clone, Copy, Debug, Default)]
struct Traits<'a> {
    sex: Option<&'a str>,
    birth: Option<NaiveDate>,
    veteran: Option<bool>,
    education: Option<&'a str>,
    source: Option<&'a str>,
    political: Option<&'a str>,
}

/// Traits by person, of those who are asked for.
fn traits<'a>(tables: &'a Tables, of: &HashSet<&str>) -> FrameResult<HashMap<&'a str, Traits<'a>>> {
    let table = tables.get("people");
    let (person, sex) = (frame::words(table, "person")?, frame::texts(table, "sex")?);
    let (birth, veteran) = (frame::dates(table, "birth")?, frame::flags(table, "veteran")?);
    let (education, source) = (frame::texts(table, "education")?, frame::texts(table, "source")?);
    let political = frame::texts(table, "political_status")?;
    let mut found = HashMap::new();
    for at in (0..table.height()).filter(|at| of.contains(person[*at])) {
        found.entry(person[at]).or_insert(Traits {
            sex: sex[at],
            birth: birth[at],
            veteran: veteran[at],
            education: education[at],
            source: source[at],
            political: political[at],
        });
    }
    Ok(found)
}

impl QuotaGroup {
    /// Is the group everybody?
    fn is_open(&self) -> bool {
        let lists = [&self.sex, &self.education, &self.source, &self.political_status];
        lists.iter().all(|l| l.is_empty()) && self.max_age.is_none() && self.veteran.is_none()
    }

    /// Does somebody belong to it? A missing fact does not belong.
    fn holds(&self, who: &Traits, day: NaiveDate) -> bool {
        let word = |list: &[String], word: Option<&str>| {
            list.is_empty() || word.is_some_and(|word| list.iter().any(|code| code == word))
        };
        word(&self.sex, who.sex)
            && word(&self.education, who.education)
            && word(&self.source, who.source)
            && word(&self.political_status, who.political)
            && self.veteran.is_none_or(|wanted| who.veteran == Some(wanted))
            && self.max_age.is_none_or(|most| who.birth.is_some_and(|birth| birth <= day && age(birth, day) <= most))
    }

    fn check(&self, place: &str, words: &Words) -> Result<(), Wrong> {
        if self.is_open() {
            return Err((place.to_owned(), "name the group, for example { sex = [\"female\"] }".into()));
        }
        known(&format!("{place}.sex"), words, Vocab::Sex, &self.sex)?;
        known(&format!("{place}.education"), words, Vocab::Education, &self.education)?;
        known(&format!("{place}.source"), words, Vocab::Source, &self.source)?;
        known(&format!("{place}.political_status"), words, Vocab::PoliticalStatus, &self.political_status)?;
        if self.max_age.is_some_and(|years| !AGES.contains(&years)) {
            return Err((format!("{place}.max_age"), "ages must be 0 to 150".into()));
        }
        Ok(())
    }
}

impl ReserveQuota {
    /// The same rule in the words of the matching engine.
    fn plain(&self) -> crate::matching::Quota {
        crate::matching::Quota {
            least: self.least,
            most: self.most,
            least_share: self.least_share,
            most_share: self.most_share,
            basis: self.basis,
            rounding: self.rounding,
            min_seats: self.min_seats,
            soft: self.soft,
            ..crate::matching::Quota::default()
        }
    }
}

/// Contradictions in quotas and conflicts.
pub(super) fn check(policy: &ReservePolicy, words: &Words) -> Result<(), Wrong> {
    for (key, quota) in &policy.quotas {
        let place = format!("reserve.quotas.{key}");
        quota.of.check(&format!("{place}.of"), words)?;
        known(&format!("{place}.posts"), words, Vocab::Post, &quota.posts)?;
        quota.plain().check_bounds(&place).map_err(|flaw| (flaw.key.clone(), flaw.render(Lang::En)))?;
    }
    known("reserve.kin_conflicts", words, Vocab::Relation, &policy.kin_conflicts)?;
    let robustness = &policy.robustness;
    if !(0.0..=1.0).contains(&robustness.fragile) || robustness.draws > 1_000_000 {
        return Err((
            "reserve.robustness.fragile".into(),
            "must be a share of 0 to 1, and draws at most 1000000".into(),
        ));
    }
    if !(robustness.concentration.is_finite() && robustness.concentration > 0.0) {
        return Err(("reserve.robustness.concentration".into(), "must be above 0".into()));
    }
    if !(0.0..=100.0).contains(&robustness.appraisal_error) {
        return Err(("reserve.robustness.appraisal_error".into(), "must be 0 to 100 fit points".into()));
    }
    Ok(())
}

/// The bounds of all quotas; posts are vacancies by place, people candidates by place.
pub(super) fn bounds(tables: &Tables, facts: &Facts, vacancies: &Vacancies, ctx: &Context) -> FrameResult<Vec<Bound>> {
    let policy = &ctx.policy.reserve;
    if policy.quotas.is_empty() {
        return Ok(Vec::new());
    }
    let day = reckoning_day(ctx);
    let leaving = vacancies.leaving();
    let stays = |post: &&Post| {
        let gone = |holder: &str| leaving.get(post.village).is_some_and(|holders| holders.contains(&holder));
        post.person.is_some_and(|holder| !gone(holder))
    };
    // Of a post that may be left it is the matching that tells who has it.
    let conditional: HashSet<usize> = vacancies.list.iter().filter(|v| v.stays.is_some()).map(|v| v.place).collect();
    let sitting = facts.posts.iter().enumerate().filter(|(place, _)| !conditional.contains(place));
    let sitting: Vec<&Post> = sitting.map(|(_, post)| post).filter(stays).collect();
    let asked = facts.candidates.iter().map(|c| c.id).chain(sitting.iter().filter_map(|p| p.person)).collect();
    let traits = traits(tables, &asked)?;
    let nothing = Traits::default();
    let of = |person: &str| traits.get(person).unwrap_or(&nothing);
    let mut found = Vec::new();
    for (at, quota) in policy.quotas.values().enumerate() {
        let members = |person: &str| quota.of.holds(of(person), day);
        let people: Vec<u32> =
            (0..facts.candidates.len()).filter(|c| members(facts.candidates[*c].id)).map(|c| c as u32).collect();
        let counts = |post: &str| quota.posts.is_empty() || quota.posts.iter().any(|code| code == post);
        let mut groups: BTreeMap<Place, Bound> = BTreeMap::new();
        // Where those sitting do not count, nor does a post whose holder stays, and with it whoever follows.
        let counts_here = |v: &Vacancy| counts(v.post) && (v.stays.is_none() || quota.count_sitting);
        for (row, vacancy) in vacancies.list.iter().enumerate().filter(|(_, v)| counts_here(v)) {
            let place = Place::of(quota.per, vacancy.county, vacancy.township, vacancy.village);
            let group = groups.entry(place).or_insert_with(|| Bound {
                quota: at,
                value: place.name(),
                people: people.clone(),
                inside: 1,
                soft: quota.soft.map(super::fit::hundredths),
                ..Bound::default()
            });
            group.posts.push(row as u32);
            group.seats += 1;
        }
        if quota.count_sitting {
            for post in sitting.iter().filter(|p| counts(p.post)) {
                let place = Place::of(quota.per, post.county, post.township, post.village);
                if let (Some(group), Some(person)) = (groups.get_mut(&place), post.person) {
                    group.sitting_all += 1;
                    group.sitting += i64::from(members(person));
                }
            }
        }
        let rule = quota.plain();
        let groups = groups.into_values().filter(|g| g.seats + g.sitting_all >= quota.min_seats);
        let bounds = groups.flat_map(|group| bounds_of(&rule, group));
        found.extend(bounds.filter(|bound| is_met_or_open(bound, vacancies)));
    }
    Ok(found)
}

/// Where nothing is vacant a quota asks for no move: it holds only if it is met as people sit now, and then no
/// move may break it.
fn is_met_or_open(bound: &Bound, vacancies: &Vacancies) -> bool {
    let holders: Option<Vec<u32>> = bound.posts.iter().map(|row| vacancies.list[*row as usize].stays).collect();
    let weight = |who: u32| if bound.people.binary_search(&who).is_ok() { bound.inside } else { bound.outside };
    holders.is_none_or(|holders| {
        let sum: i64 = holders.into_iter().map(weight).sum();
        bound.least.is_none_or(|least| sum >= least) && bound.most.is_none_or(|most| sum <= most)
    })
}

/// A conflict of two people without the posts that they hold there now, where both sit already or one is
/// forced beside the other: what sits is no recommendation. None if no room is left for both.
pub(super) fn without_sitting(bound: Bound, instance: &Instance) -> Option<Bound> {
    let own = |person: u32| instance.holds[person as usize].filter(|post| bound.posts.contains(post));
    let is_forced =
        |person: u32| instance.forced.iter().any(|(post, who)| *who == person && bound.posts.contains(post));
    let held: Vec<u32> = bound.people.iter().filter_map(|person| own(*person)).collect();
    if held.is_empty() || (held.len() < 2 && !bound.people.iter().any(|person| is_forced(*person))) {
        return Some(bound);
    }
    let posts: Vec<u32> = bound.posts.iter().copied().filter(|post| !held.contains(post)).collect();
    let seats = posts.len() as i64;
    (seats > 1).then_some(Bound { posts, seats, ..bound })
}

/// An area of a quota.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    county: &'a str,
    township: &'a str,
    village: &'a str,
}

impl<'a> Place<'a> {
    fn of(area: QuotaArea, county: &'a str, township: &'a str, village: &'a str) -> Place<'a> {
        match area {
            QuotaArea::Village => Place { county, township, village },
            QuotaArea::Township => Place { county, township, village: "" },
            QuotaArea::County => Place { county, township: "", village: "" },
            QuotaArea::All => Place { county: "", township: "", village: "" },
        }
    }

    fn name(&self) -> String {
        let parts = [self.county, self.township, self.village];
        parts.into_iter().rfind(|p| !p.is_empty()).unwrap_or_default().to_owned()
    }
}

/// Kin who are both candidates, by place: (one, other), sorted; of the relations that the policy
/// names, an unnamed relation counts.
pub(super) fn kin(tables: &Tables, facts: &Facts, policy: &ReservePolicy) -> FrameResult<Vec<(u32, u32)>> {
    if policy.kin_conflicts.is_empty() {
        return Ok(Vec::new());
    }
    let table = tables.get("kin");
    let (one, other) = (frame::words(table, "person")?, frame::words(table, "relative")?);
    let relation = frame::texts(table, "relation")?;
    let place: HashMap<&str, u32> = facts.candidates.iter().map(|c| c.id).zip(0..).collect();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for at in 0..table.height() {
        let close = relation[at].is_none_or(|r| policy.kin_conflicts.iter().any(|code| code == r));
        if let (true, Some(&a), Some(&b)) = (close && one[at] != other[at], place.get(one[at]), place.get(other[at])) {
            pairs.push((a.min(b), a.max(b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}
