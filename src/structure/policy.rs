//! The policy's section `[structure]`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::roll::ALL;
use crate::book::schema::Vocab;
use crate::policy::Words;

/// Name of the pool among the targets.
pub const POOL: &str = "pool";

/// Section `[structure]`: generations, ladder, age limit, filing and the statistics form.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructurePolicy {
    /// Post that leads the village; a code of `[words.post]`.
    pub main_post: String,
    /// Posts that are broken down by township and class; all posts together always are.
    pub breakdown: Vec<String>,
    /// Groups of fewer people are not judged against a target.
    pub min_people: u32,
    /// Age bands.
    pub bands: Bands,
    /// Target shares, by post code, `all` (all posts together) or `pool` (the reserve pool).
    pub targets: IndexMap<String, Target>,
    /// Age limit of the main post.
    pub age_limit: AgeLimit,
    /// When a village's ladder holds.
    pub ladder: LadderRules,
    /// What must be filed with the county.
    pub filing: FilingRules,
    /// How the national statistics form is filled.
    pub form: FormRules,
}

/// Age bands in full years at the reference date.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Young: up to and including this age.
    pub young_max: i32,
    /// Middle: up to and including this age; older people are old.
    pub middle_max: i32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

/// Target shares of one team, each `[low, high]` between 0 and 1; a group left out is not judged.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Share of the young.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub young: Option<[f64; 2]>,
    /// Share of the middle-aged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle: Option<[f64; 2]>,
    /// Share of the old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<[f64; 2]>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

/// Age limit of the main post, in principle.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeLimit {
    /// Who is older than this on 31 December passes the limit in that year.
    pub age: i32,
    /// Years to look ahead, 1 to 50.
    pub years: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

/// When a village's ladder is held, thin or broken.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderRules {
    /// The head passes the age limit within so many years: near.
    pub horizon_years: u32,
    /// Reserves in the pool that a village should have.
    pub min_in_pool: u32,
    /// Of them full Party members.
    pub min_members: u32,
    /// Of them young.
    pub min_young: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

/// What must be filed with the county, and when a change counts as new.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilingRules {
    /// Posts that are filed; codes of `[words.post]`.
    pub posts: Vec<String>,
    /// A holder who began within so many months is new.
    pub changed_months: u32,
    /// A filing up to so many days before the start is the holder's own; an earlier one is the predecessor's.
    pub lead_days: u32,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

/// How the national statistics form is filled.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormRules {
    /// Training counts within so many months to the reference date.
    pub training_months: u32,
    /// Words in an activity's level that mean county level or above.
    pub county_levels: Vec<String>,
    /// Collective income up to this (万元) is none.
    pub no_income_max: f64,
    /// Collective income below this (万元) is low.
    pub low_income_max: f64,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub effective: String,
}

type Fault = (String, String);

impl StructurePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, words: &Words) -> Result<(), Fault> {
        let post = |key: &str, code: &str| {
            if words.knows(Vocab::Post, code) {
                Ok(())
            } else {
                Err((format!("structure.{key}"), format!("`{code}` is no code of [words.post]")))
            }
        };
        post("main_post", &self.main_post)?;
        self.breakdown.iter().try_for_each(|code| post("breakdown", code))?;
        self.filing.posts.iter().try_for_each(|code| post("filing.posts", code))?;
        if self.bands.young_max < 16 || self.bands.middle_max <= self.bands.young_max {
            return fault("bands", "young_max must be at least 16 and middle_max above it");
        }
        if !(18..=100).contains(&self.age_limit.age) {
            return fault("age_limit.age", "must lie between 18 and 100");
        }
        if !(1..=50).contains(&self.age_limit.years) {
            return fault("age_limit.years", "must lie between 1 and 50");
        }
        for (key, months) in
            [("filing.changed_months", self.filing.changed_months), ("form.training_months", self.form.training_months)]
        {
            if !(1..=1200).contains(&months) {
                return fault(key, "must lie between 1 and 1200");
            }
        }
        if self.form.no_income_max.is_nan() || self.form.low_income_max.is_nan() {
            return fault("form.no_income_max", "must be a number");
        }
        if self.form.low_income_max < self.form.no_income_max {
            return fault("form.low_income_max", "must not lie below no_income_max");
        }
        for (name, target) in &self.targets {
            if name != ALL && name != POOL {
                post(&format!("targets.{name}"), name)?;
            }
            target.check().map_err(|(key, what)| (format!("structure.targets.{name}{key}"), what))?;
        }
        Ok(())
    }
}

fn fault(key: &str, what: &str) -> Result<(), Fault> {
    Err((format!("structure.{key}"), what.to_owned()))
}

impl Target {
    fn check(&self) -> Result<(), Fault> {
        let groups = [("young", self.young), ("middle", self.middle), ("old", self.old)];
        for (name, range) in groups {
            if let Some([low, high]) = range
                && !(0.0 <= low && low <= high && high <= 1.0)
            {
                return Err((format!(".{name}"), "must be [low, high] with 0 ≤ low ≤ high ≤ 1".to_owned()));
            }
        }
        // A group without a target may take any share.
        let least: f64 = groups.iter().map(|(_, range)| range.map_or(0.0, |[low, _]| low)).sum();
        let most: f64 = groups.iter().map(|(_, range)| range.map_or(1.0, |[_, high]| high)).sum();
        if least > 1.0 + 1e-9 || most < 1.0 - 1e-9 {
            return Err((String::new(), "the ranges of the three groups cannot add up to 1".to_owned()));
        }
        Ok(())
    }
}
