//! What the types of the section cannot express.

use chrono::NaiveDate;

use super::{
    ContestPolicy, CourseRule, CultivatePolicy, Host, PlacementFact, PlacementFactor, PlacementPolicy, PlanPolicy,
    TrainingPolicy,
};
use crate::book::schema::Vocab;
use crate::policy::Words;
use crate::policy::guard::{AGES, GRID, Wrong, known, not_protected, on_grid};

/// States of escalated supervision that a rule may name.
const STATES: [&str; 7] = ["listed", "relapse", "leaving", "suggested", "near_miss", "recheck", "to_clarify"];

/// Seats, days and the like: enough for any county.
const MOST: u32 = 100_000;

fn wrong<T>(key: &str, message: impl Into<String>) -> Result<T, Wrong> {
    Err((format!("cultivate.{key}"), message.into()))
}

impl CultivatePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub(crate) fn check(&self, words: &Words) -> Result<(), Wrong> {
        known("cultivate.posts", words, Vocab::Post, &self.posts)?;
        if self.posts.is_empty() {
            return wrong("posts", "name at least one post");
        }
        self.training.check(words)?;
        self.plan.check()?;
        if self.courses.is_empty() {
            return wrong("courses", "name at least one class");
        }
        for (key, course) in &self.courses {
            course.check(&format!("courses.{key}"), words)?;
        }
        self.placements.check(words)?;
        self.contest.check(words)
    }
}

impl TrainingPolicy {
    fn check(&self, words: &Words) -> Result<(), Wrong> {
        known("cultivate.training.kinds", words, Vocab::Activity, &self.kinds)?;
        if self.kinds.is_empty() {
            return wrong("training.kinds", "name at least one kind of activity");
        }
        if !(self.required_days > 0.0 && self.required_days <= 366.0) {
            return wrong("training.required_days", "must lie above 0 and be at most 366");
        }
        if self.grace_months > 1_200 {
            return wrong("training.grace_months", "must be 0 to 1200");
        }
        Ok(())
    }
}

impl PlanPolicy {
    fn check(&self) -> Result<(), Wrong> {
        if self.lead_days > 3_660 {
            return wrong("plan.lead_days", "must be 0 to 3660");
        }
        if !(1..=520).contains(&self.weeks_between) {
            return wrong("plan.weeks_between", "must be 1 to 520");
        }
        if !(self.township_share > 0.0 && self.township_share <= 1.0) {
            return wrong("plan.township_share", "must lie above 0 and be at most 1");
        }
        Ok(())
    }
}

fn effective(key: &str, text: &str) -> Result<(), Wrong> {
    if !text.is_empty() && text.parse::<NaiveDate>().is_err() {
        return wrong(&format!("{key}.effective"), format!("`{text}` is no date like 2026-12-31"));
    }
    Ok(())
}

fn states(key: &str, states: &[String]) -> Result<(), Wrong> {
    match states.iter().find(|s| !STATES.contains(&s.as_str())) {
        Some(state) => wrong(key, format!("`{state}` is none of {}", STATES.join(", "))),
        None => Ok(()),
    }
}

impl CourseRule {
    fn check(&self, key: &str, words: &Words) -> Result<(), Wrong> {
        let place = format!("cultivate.{key}.when");
        known(&format!("{place}.grades"), words, Vocab::Grade, &self.when.grades)?;
        known(&format!("{place}.classes"), words, Vocab::VillageClass, &self.when.classes)?;
        known(&format!("{place}.posts"), words, Vocab::Post, &self.when.posts)?;
        states(&format!("{key}.when.supervision"), &self.when.supervision)?;
        if self.when.new_months.is_some_and(|m| m > 1_200) {
            return wrong(&format!("{key}.when.new_months"), "must be 0 to 1200");
        }
        for (name, value) in [("seats", self.seats), ("days", self.days)] {
            if !(1..=MOST).contains(&value) {
                return wrong(&format!("{key}.{name}"), format!("must be 1 to {MOST}"));
            }
        }
        // A batch of more than a year would outlast the plan.
        if self.days > 366 {
            return wrong(&format!("{key}.days"), "must be 1 to 366");
        }
        effective(key, &self.effective)
    }
}

impl PlacementPolicy {
    fn check(&self, words: &Words) -> Result<(), Wrong> {
        let place = "cultivate.placements";
        known(&format!("{place}.posts"), words, Vocab::Post, &self.posts)?;
        known(&format!("{place}.barred_by"), words, Vocab::EventKind, self.barred_by.keys())?;
        known(&format!("{place}.until_closed"), words, Vocab::EventKind, &self.until_closed)?;
        states("placements.stay", &self.stay)?;
        for (name, months) in [("repeat_months", self.repeat_months), ("min_months_in_post", self.min_months_in_post)] {
            if months > 1_200 {
                return wrong(&format!("placements.{name}"), "must be 0 to 1200");
            }
        }
        if self.barred_by.values().any(|m| *m > 1_200) {
            return wrong("placements.barred_by", "months must be 0 (for ever) to 1200");
        }
        if !(1..=10_000).contains(&self.edges_per_place) {
            return wrong("placements.edges_per_place", "must be 1 to 10000");
        }
        if !(self.open_price.is_finite() && (0.0..=1e6).contains(&self.open_price)) {
            return wrong("placements.open_price", "must be 0 to 1000000 fit points");
        }
        let town = &self.townships;
        offer("placements.townships", words, &town.activity, town.seats, town.months, town.max_age)?;
        for (key, host) in &self.hosts {
            host.check(&format!("placements.hosts.{key}"), words)?;
        }
        let mut total = 0.0;
        for (key, factor) in &self.fit {
            factor.check(key, words)?;
            total += factor.most_points();
        }
        if (total - 100.0).abs() > 1e-9 {
            return wrong("placements.fit", format!("the largest points of all factors add up to {total}, not to 100"));
        }
        Ok(())
    }
}

fn offer(key: &str, words: &Words, activity: &str, seats: u32, months: u32, max_age: Option<i32>) -> Result<(), Wrong> {
    known(&format!("cultivate.{key}.activity"), words, Vocab::Activity, [activity])?;
    if seats > 1_000 {
        return wrong(&format!("{key}.seats"), "must be 0 to 1000");
    }
    if !(1..=120).contains(&months) {
        return wrong(&format!("{key}.months"), "must be 1 to 120");
    }
    if max_age.is_some_and(|years| !AGES.contains(&years)) {
        return wrong(&format!("{key}.max_age"), "must be 0 to 150");
    }
    Ok(())
}

impl Host {
    fn check(&self, key: &str, words: &Words) -> Result<(), Wrong> {
        if self.unit.trim().is_empty() {
            return wrong(&format!("{key}.unit"), "name the office");
        }
        offer(key, words, &self.activity, self.seats, self.months, self.max_age)?;
        effective(key, &self.effective)
    }
}

impl PlacementFactor {
    fn check(&self, name: &str, words: &Words) -> Result<(), Wrong> {
        let key = format!("placements.fit.{name}");
        let place = format!("cultivate.{key}");
        not_protected(&place, name)?;
        if self.points.values().copied().chain(self.bands.iter().map(|b| b.points)).any(|p| !on_grid(p)) {
            return Err((place, GRID.into()));
        }
        if self.bands.windows(2).any(|w| w[0].max >= w[1].max) {
            return wrong(&format!("{key}.bands"), "`max` must ascend");
        }
        let points = format!("{place}.points");
        let codes = self.points.keys();
        match self.fact {
            PlacementFact::Education => known(&points, words, Vocab::Education, codes),
            PlacementFact::Grade | PlacementFact::VillageGrade => known(&points, words, Vocab::Grade, codes),
            PlacementFact::Potential => known(&points, words, Vocab::Potential, codes),
            PlacementFact::VillageClass => known(&points, words, Vocab::VillageClass, codes),
            PlacementFact::FirstTime => match self.points.keys().find(|k| !matches!(k.as_str(), "yes" | "no")) {
                Some(code) => Err((points, format!("`{code}` is neither yes nor no"))),
                None => Ok(()),
            },
            PlacementFact::Age | PlacementFact::Tenure => match self.points.is_empty() {
                true => Ok(()),
                false => Err((points, "this factor takes `bands`".into())),
            },
        }
    }
}

impl ContestPolicy {
    fn check(&self, words: &Words) -> Result<(), Wrong> {
        known("cultivate.contest.kinds", words, Vocab::Activity, &self.kinds)?;
        let weights = self.weights.list();
        if weights.iter().any(|w| !(w.is_finite() && (0.0..=1e6).contains(w))) || weights.iter().sum::<f64>() <= 0.0 {
            return wrong("contest.weights", "must not be negative, and not all 0");
        }
        if self.points.windows(2).any(|w| w[0].top >= w[1].top) {
            return wrong("contest.points", "`top` must ascend");
        }
        for line in &self.points {
            if !(line.top > 0.0 && line.top <= 1.0) {
                return wrong("contest.points", "`top` must lie above 0 and be at most 1");
            }
            if !(line.points.is_finite() && (0.0..=100.0).contains(&line.points)) {
                return wrong("contest.points", "`points` must be 0 to 100");
            }
        }
        Ok(())
    }
}
