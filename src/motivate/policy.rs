//! The policy's section `[motivate]`: pay, cover, honours, representation, advancement.

mod check;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `[motivate]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MotivatePolicy {
    /// Posts (codes of `[words.post]`) with pay and cover: post → share of the secretary's pay. Whoever
    /// holds several is paid for the one with the largest share.
    pub posts: IndexMap<String, f64>,
    /// Bars to honours and advancement, so long as they are in force: names of `test = "event"`
    /// gates of `[reserve.gates]`, whose effect periods hold here too.
    pub bars: Vec<String>,
    /// Likewise, what does not bar and is named as a reason against.
    pub cautions: Vec<String>,
    /// Base and performance pay.
    pub pay: PayRules,
    /// Monthly allowances: key → rule. They are paid in full, whatever the post's share.
    pub allowances: IndexMap<String, Allowance>,
    /// Reward from collective income.
    pub reward: RewardRules,
    /// Money paid with honours: key → level; the first level that fits counts.
    pub awards: IndexMap<String, Award>,
    /// Budget of the coming year.
    pub budget: BudgetRules,
    /// Honours and representation: key → rule.
    pub honours: IndexMap<String, HonourRule>,
    /// Selection into township offices and institutions.
    pub advancement: AdvancementRules,
}

/// Base and performance pay. A secretary's standard of a full year is `multiple` × the county's
/// rural disposable income per head.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayRules {
    /// Standard of a secretary, in incomes per head.
    pub multiple: f64,
    /// Base pay's share of the standard; performance pay has the rest.
    pub base_share: f64,
    /// The income of how many years before is taken: 1 is last year's, 0 the same year's.
    pub income_lag: u32,
    /// Published rural disposable income per head: county → year → yuan.
    #[serde(default)]
    pub income: IndexMap<String, IndexMap<String, f64>>,
    /// Where no figure is published: may the mean of the villages' reports (weighted by registered
    /// population) stand in for it? Without it pay is unknown.
    pub income_from_villages: bool,
    /// Yearly growth by which the last known income is carried to a year without one; 0 carries it
    /// unchanged.
    pub income_growth: f64,
    /// Performance pay by grade: grade → share of the standard's performance pay.
    pub performance: IndexMap<String, f64>,
    /// Share for somebody without a grade; without this key their performance pay is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ungraded: Option<f64>,
    /// A difference between formula and paid up to so many yuan is none.
    pub tolerance: f64,
    /// Likewise up to this share of the formula; the larger of both counts.
    pub tolerance_share: f64,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// One allowance.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// What it is paid for.
    pub by: By,
    /// Posts that have it; empty: all of `[motivate.posts]`.
    #[serde(default)]
    pub posts: Vec<String>,
    /// `region`, `dual`: yuan a month.
    #[serde(default)]
    pub monthly: f64,
    /// `years`: the last step reached counts.
    #[serde(default)]
    pub steps: Vec<YearStep>,
    /// `education`: level → yuan a month.
    #[serde(default)]
    pub levels: IndexMap<String, f64>,
    /// `region`: townships, by name.
    #[serde(default)]
    pub townships: Vec<String>,
    /// `region`: classes of village.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Name shown in Chinese; built-in allowances have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds: earlier months have no such allowance.
    #[serde(default)]
    pub effective: String,
}

/// What an allowance is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Where the village lies: one of `townships`, or its class one of `classes`.
    Region,
    /// Full years in the post at the end of the year.
    Years,
    /// Level of education.
    Education,
    /// Secretary and director in one (一肩挑).
    Dual,
}

/// A step of the allowance for years in post.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YearStep {
    /// From so many full years on.
    pub years: i32,
    /// Yuan a month.
    pub monthly: f64,
}

/// Reward from collective income: village by village, `rate` of what `basis` names, at most `cap`;
/// each post has its part.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardRules {
    /// What it is reckoned from.
    pub basis: RewardBasis,
    /// Column of the table `indicators` in 万元: income for `increase`, net operating profit for
    /// `level` (an indicator of the county's own).
    pub indicator: String,
    /// Share that is paid out.
    pub rate: f64,
    /// Most yuan per village and year; 0 is no limit.
    pub cap: f64,
    /// Post → its part of the village's reward. What is left goes to others.
    pub parts: IndexMap<String, f64>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds: years that ended before have no reward.
    #[serde(default)]
    pub effective: String,
}

/// What the reward is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RewardBasis {
    /// There is none.
    None,
    /// The increase over the year before; a decrease gives nothing.
    Increase,
    /// The year's own figure; a loss gives nothing.
    Level,
}

/// Money paid with an honour of a level.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// Kinds of event, codes of `[words.event_kind]`.
    pub kinds: Vec<String>,
    /// The event's department holds one of these words.
    pub words: Vec<String>,
    /// Yuan for each.
    pub amount: f64,
    /// Name shown in Chinese; built-in levels have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
}

/// Budget of the coming year.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetRules {
    /// The budget is that of the year in which the reference date moved on by so many months lies.
    pub months_ahead: i32,
    /// Lower end of the range: everybody at this grade.
    pub low_grade: String,
    /// Upper end: the best of each township at this grade, as many as `high_share` allows …
    pub high_grade: String,
    /// … rounded down within the township …
    pub high_share: f64,
    /// … and all others at this grade, which also stands for posts that are empty.
    pub rest_grade: String,
}

/// Honour, or seat among delegates and representatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HonourKind {
    /// 表彰
    Honour,
    /// 两代表一委员
    Representation,
}

/// Who may be put forward for an honour or a seat. Sex and ethnicity are no criteria.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HonourRule {
    /// Honour or representation.
    pub kind: HonourKind,
    /// Name in Chinese.
    pub label: String,
    /// Name in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<String>,
    /// Posts looked at; whoever holds several stands once.
    pub posts: Vec<String>,
    /// Full years in the post at the reference date.
    pub min_years: i32,
    /// Grades that do, in each of the last `grade_years` years.
    pub grades: Vec<String>,
    /// How many yearly grades are looked at.
    pub grade_years: u32,
    /// The best grade at least so many times among them.
    pub best_times: u32,
    /// Must be a full Party member.
    pub member: bool,
    /// A veto of this run's assessment rules out.
    pub no_veto: bool,
    /// Places per township: this share of its holders of the posts, rounded down …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_share: Option<f64>,
    /// … or this number. Exactly one of both stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_count: Option<u32>,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds; before it, nobody is put forward.
    #[serde(default)]
    pub effective: String,
}

/// Conditions of selection into township offices and institutions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvancementRules {
    /// Posts looked at; whoever holds several stands once.
    pub posts: Vec<String>,
    /// Full years in the post.
    pub min_years: i32,
    /// Lowest education, a code of `[words.education]`.
    pub education: String,
    /// Highest age in full years.
    pub max_age: i32,
    /// Grades that do, in each of the last `grade_years` years.
    pub grades: Vec<String>,
    /// How many yearly grades are looked at.
    pub grade_years: u32,
    /// Must be a full Party member.
    pub member: bool,
    /// Document number (文号).
    #[serde(default)]
    pub source: String,
    /// Day from which it holds.
    #[serde(default)]
    pub effective: String,
}
