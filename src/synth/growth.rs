//! What follows people through the years: appraisals, training and practice, pay.

use chrono::{Datelike, NaiveDate};
use polars::prelude::DataFrame;

use super::bodies::{Bodies, Post};
use super::indicators::Figures;
use super::land::Land;
use super::people::{Id, People};
use super::pool::Pool;
use super::world::World;
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;
use crate::kernel::round;

/// Years of appraisals that a county still has at hand.
const APPRAISAL_YEARS: usize = 4;
/// Years of training records and pay sheets.
const RECORD_YEARS: i32 = 3;
/// Share of a township's heads who may be graded excellent.
const EXCELLENT: f64 = 0.25;

struct Appraisal {
    village: usize,
    person: Id,
    year: i32,
    grade: &'static str,
    organisation: f64,
    villagers: Option<f64>,
}

struct Activity {
    village: usize,
    person: Id,
    activity: &'static str,
    start: NaiveDate,
    days: f64,
    level: &'static str,
    result: Option<&'static str>,
    course: Option<String>,
    absences: Option<i64>,
    certificate: Option<bool>,
    /// Contest: policy theory, professional knowledge, case analysis.
    parts: [Option<f64>; 3],
}

impl Activity {
    fn new(
        village: usize,
        person: Id,
        activity: &'static str,
        start: NaiveDate,
        days: f64,
        level: &'static str,
        result: Option<&'static str>,
    ) -> Activity {
        let (course, absences, certificate) = (None, None, None);
        Activity {
            village,
            person,
            activity,
            start,
            days,
            level,
            result,
            course,
            absences,
            certificate,
            parts: [None; 3],
        }
    }
}

struct Pay {
    village: usize,
    person: Id,
    year: i32,
    base: f64,
    performance: f64,
    allowance: f64,
    pension: Option<NaiveDate>,
    medical: Option<NaiveDate>,
    payer: Option<&'static str>,
}

/// All of it.
pub(super) struct Growth {
    appraisals: Vec<Appraisal>,
    activities: Vec<Activity>,
    pay: Vec<Pay>,
}

struct Years<'a> {
    options: &'a Options,
    land: &'a Land,
    world: &'a World,
    bodies: &'a Bodies,
    figures: &'a Figures,
}

fn head(post: &Post) -> Option<(Id, NaiveDate)> {
    if matches!(post.post, "secretary" | "director") { post.person.zip(post.since) } else { None }
}

impl Years<'_> {
    /// One year's appraisals of all heads who served most of it: points from quality and the
    /// township's own measure, excellent for the township's best quarter, rounded down.
    fn appraise(&self, draw: &mut Draw, t: usize, rows: &mut Vec<Appraisal>) {
        let year = self.world.years[t];
        let mut by_township: Vec<Vec<(f64, Appraisal)>> = self.land.townships.iter().map(|_| Vec::new()).collect();
        for post in &self.bodies.posts {
            let Some((person, since)) = head(post) else { continue };
            let village = post.village;
            let story = &self.world.villages[village];
            let own = 82.0 + 5.0 * story.quality[t] + self.land.township(village).lenient;
            let organisation = round::to((own + draw.normal(0.0, 4.0)).clamp(30.0, 100.0), 1);
            let villagers = round::to((81.0 + 5.0 * story.quality[t] + draw.normal(0.0, 5.0)).clamp(30.0, 100.0), 1);
            let (lost, unasked) = (draw.chance(0.02), draw.chance(0.05));
            if since.year() > year || lost {
                continue;
            }
            let points = 0.6 * organisation + 0.4 * villagers - if story.trouble(year) { 9.0 } else { 0.0 };
            let short = since > days::day(year, 7, 1);
            let grade = match points {
                _ if short => "not_rated",
                p if p < 64.0 => "incompetent",
                p if p < 71.0 => "basic",
                _ => "competent",
            };
            let villagers = (!unasked).then_some(villagers);
            let row = Appraisal { village, person, year, grade, organisation, villagers };
            by_township[self.land.villages[village].township].push((points, row));
        }
        for mut township in by_township {
            let quota = (EXCELLENT * township.len() as f64).floor() as usize;
            township.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.person.cmp(&b.1.person)));
            let able = township.iter_mut().filter(|row| row.1.grade == "competent" && row.0 >= 80.0);
            able.take(quota).for_each(|row| row.1.grade = "excellent");
            rows.extend(township.into_iter().map(|row| row.1));
        }
    }

    /// Every secretary once a year, as the plan has it, and those who missed it; secondments,
    /// contests and talks for some.
    fn secretaries(&self, draw: &mut Draw, people: &People, rows: &mut Vec<Activity>) {
        let last = self.options.as_of.year();
        for post in self.bodies.posts.iter().filter(|p| p.post == "secretary") {
            let Some((person, since)) = head(post) else { continue };
            let village = post.village;
            for year in (last - RECORD_YEARS + 1)..=last {
                let trained = draw.chance(0.92);
                let level = ["县级", "市级", "省级", "乡镇"][draw.weighted(&[0.74, 0.1, 0.02, 0.14]).unwrap_or(0)];
                let start = days::season(draw, year, 3, 12);
                let length = if level == "乡镇" { 2.0 } else { draw.whole(3, 5) as f64 };
                let result = ["合格", "优秀", "未结业"][draw.weighted(&[0.84, 0.13, 0.03]).unwrap_or(0)];
                let mut add = |happens: bool, activity, start, days, level, result| {
                    if happens && start >= since && start <= self.options.as_of {
                        rows.push(Activity::new(village, person, activity, start, days, level, result));
                    }
                };
                add(trained, "training", start, length, level, Some(result));
                let (contest, talk, project) = (draw.chance(0.12), draw.chance(0.35), draw.chance(0.06));
                let place =
                    ["优胜奖", "三等奖", "二等奖", "一等奖"][draw.weighted(&[0.6, 0.2, 0.13, 0.07]).unwrap_or(0)];
                add(contest, "contest", days::season(draw, year, 9, 11), 1.0, "县级", Some(place));
                add(talk, "talk", days::within(draw, year), 1.0, "乡镇", None);
                add(project, "project", days::season(draw, year, 3, 9), 120.0, "县级", None);
                let young = people.all[person].age(self.options.as_of) < 46.0;
                let placed = draw.chance(0.03);
                add(placed && young, "secondment", days::season(draw, year, 4, 10), 90.0, "县级", Some("合格"));
            }
        }
    }

    /// Reserves: talks through the last year, training, and practice in offices for some.
    fn reserves(&self, draw: &mut Draw, pool: &Pool, rows: &mut Vec<Activity>) {
        let as_of = self.options.as_of;
        for reserve in pool.reserves.iter().filter(|r| r.status == "in_pool") {
            let (village, person) = (reserve.village, reserve.person);
            let mut add = |happens: bool, activity, start, days, level, result| {
                if happens && start >= reserve.entered && start <= as_of {
                    rows.push(Activity::new(village, person, activity, start, days, level, result));
                }
            };
            // Four talks a year are due; two or three are held.
            let talks = [1, 2, 3, 4][draw.weighted(&[0.15, 0.3, 0.3, 0.25]).unwrap_or(1)];
            for talk in 0..talks {
                let back = 90.0 * f64::from(talk) + draw.between(2.0, 85.0);
                add(true, "talk", days::plus(as_of, -back), 1.0, "乡镇", None);
            }
            let (trained, back) = (draw.chance(0.55), draw.between(20.0, 360.0));
            add(trained, "training", days::plus(as_of, -back), 3.0, "县级", Some("合格"));
            let (follows, placed) = (draw.chance(0.09), draw.chance(0.04));
            add(follows, "shadowing", days::plus(as_of, -draw.between(40.0, 600.0)), 30.0, "乡镇", Some("合格"));
            add(placed, "secondment", days::plus(as_of, -draw.between(100.0, 700.0)), 30.0, "县级", Some("合格"));
        }
    }

    /// Pay of heads and deputies: 2.2 times last year's rural income for a secretary, 65 to 35 between
    /// base and performance, allowances by years, education and double office. Some townships pay
    /// late, a few people too much; some are not insured, and for some nobody kept a record.
    fn pay(&self, draw: &mut Draw, people: &People, appraisals: &[Appraisal], rows: &mut Vec<Pay>) {
        let grades: std::collections::BTreeMap<(Id, i32), &str> =
            appraisals.iter().map(|a| ((a.person, a.year), a.grade)).collect();
        let by_village: std::collections::BTreeMap<(usize, i32), &str> =
            appraisals.iter().rev().map(|a| ((a.village, a.year), a.grade)).collect();
        let income = self.mean_income();
        for post in &self.bodies.posts {
            let share = match post.post {
                "secretary" => 1.0,
                "director" => 0.9,
                "deputy_secretary" => 0.8,
                _ => continue,
            };
            let Some((person, since)) = post.person.zip(post.since) else { continue };
            let (kept, fate, part) = (draw.chance(0.985), draw.uniform(), draw.uniform());
            let insured = [draw.chance(0.9), draw.chance(0.985)];
            let enrolled = insured.map(|is| is.then(|| days::plus(since, draw.between(10.0, 400.0))));
            let payer = ["shared", "self", "county", "village"][draw.weighted(&[0.62, 0.2, 0.1, 0.08]).unwrap_or(0)];
            for (t, &year) in self.figures.periods.iter().enumerate() {
                let recent = t + RECORD_YEARS as usize >= self.figures.periods.len();
                if !recent || since.year() > year || !kept {
                    continue;
                }
                let months = if since.year() == year { f64::from(13 - since.month()) } else { 12.0 };
                let standard = 2.2 * income[t.saturating_sub(1)] * share * months / 12.0;
                let grade = grades.get(&(person, year)).or_else(|| by_village.get(&(post.village, year)));
                let factor = match grade.copied() {
                    Some("excellent") => 1.2,
                    Some("basic") => 0.5,
                    Some("incompetent") => 0.0,
                    _ => 1.0,
                };
                // One in nine waits for part of it; one in thirty was paid above the formula.
                let paid = match fate {
                    f if f < 0.11 => 0.82 + 0.15 * part,
                    f if f < 0.14 => 1.02 + 0.06 * part,
                    _ => 1.0,
                };
                let end = days::day(year, 12, 31);
                rows.push(Pay {
                    village: post.village,
                    person,
                    year,
                    base: round::to(0.65 * standard * paid, 0),
                    performance: round::to(0.35 * standard * factor * paid, 0),
                    allowance: months * self.allowance(post, people, person, since, end),
                    pension: enrolled[0].filter(|day| *day <= end),
                    medical: enrolled[1].filter(|day| *day <= end),
                    payer: insured.contains(&true).then_some(payer),
                });
            }
        }
    }

    /// Yuan a month.
    fn allowance(&self, post: &Post, people: &People, person: Id, since: NaiveDate, end: NaiveDate) -> f64 {
        let years = match crate::stage::age(since, end) {
            years if years >= 9 => 150.0,
            years if years >= 6 => 100.0,
            years if years >= 3 => 50.0,
            _ => 0.0,
        };
        let education = match people.all[person].education {
            "college" => 50.0,
            "bachelor" => 100.0,
            "master" => 150.0,
            _ => 0.0,
        };
        years + education + if post.dual == Some(true) { 300.0 } else { 0.0 }
    }

    /// Mean income per head by period, weighted by registered population, over villages that report
    /// it, in the order of the villages; whole yuan.
    fn mean_income(&self) -> Vec<f64> {
        let known = |t: usize| {
            let values = (0..self.land.villages.len()).filter_map(move |v| {
                let income = self.figures.get("income_per_head", v, t)?;
                Some((income, self.land.villages[v].population as f64))
            });
            values.fold((0.0, 0.0), |(sum, people), (income, weight)| (sum + income * weight, people + weight))
        };
        (0..self.figures.periods.len())
            .map(known)
            .map(|(sum, people)| if people > 0.0 { round::to(sum / people, 0) } else { 20_000.0 })
            .collect()
    }
}

/// Draws it.
pub(super) fn draw(
    options: &Options,
    land: &Land,
    world: &World,
    bodies: &Bodies,
    pool: &Pool,
    figures: &Figures,
    people: &People,
) -> Growth {
    let draw = &mut Draw::named(options.seed, "synth.growth", land.index as u64);
    let years = Years { options, land, world, bodies, figures };
    let mut growth = Growth { appraisals: Vec::new(), activities: Vec::new(), pay: Vec::new() };
    let periods = figures.periods.len();
    for t in periods.saturating_sub(APPRAISAL_YEARS)..periods {
        years.appraise(draw, t, &mut growth.appraisals);
    }
    years.secretaries(draw, people, &mut growth.activities);
    years.reserves(draw, pool, &mut growth.activities);
    years.pay(draw, people, &growth.appraisals, &mut growth.pay);
    growth.pay.sort_by_key(|p| (p.village, p.person, p.year));
    growth.appraisals.sort_by_key(|a| (a.village, a.person, a.year));
    growth
        .activities
        .sort_by(|a, b| (a.village, a.person, a.start, a.activity).cmp(&(b.village, b.person, b.start, b.activity)));
    details(options, land, world, &mut growth.activities);
    growth
}

/// Attendance, certificates and contest points, on a stream of their own: what the others draw does
/// not shift.
fn details(options: &Options, land: &Land, world: &World, activities: &mut [Activity]) {
    let draw = &mut Draw::named(options.seed, "synth.cultivate", land.index as u64);
    let mut contests: std::collections::BTreeMap<i32, Vec<(f64, usize)>> = std::collections::BTreeMap::new();
    for (at, one) in activities.iter_mut().enumerate() {
        let year = one.start.year();
        match one.activity {
            "training" => {
                let absent = [0, 1, 2][draw.weighted(&[0.82, 0.13, 0.05]).unwrap_or(0)];
                let (more, known) = (draw.whole(3, 5), draw.chance(0.97));
                let failed = one.result == Some("未结业");
                one.absences = Some(if failed { more } else { absent });
                one.certificate = known.then_some(!failed);
                one.course = Some(format!("{year}年第{}期", 1 + (one.start.month() - 1) / 3));
            }
            "contest" => {
                // Who runs a village well tends to know the rules, too.
                let t = world.years.iter().position(|y| *y == year).unwrap_or(world.years.len().saturating_sub(1));
                let quality = world.villages[one.village].quality.get(t).copied().unwrap_or(0.0);
                let able = 76.0 + 5.0 * quality + draw.normal(0.0, 4.0);
                let points = [8.0, 6.0, 7.0].map(|s| round::to((able + draw.normal(0.0, s)).clamp(0.0, 100.0), 1));
                one.parts = points.map(Some);
                if draw.chance(0.04) {
                    one.parts[2] = None;
                }
                contests.entry(year).or_default().push((points.iter().sum(), at));
            }
            _ => {}
        }
    }
    // Prizes follow the points.
    for (_, mut field) in contests {
        field.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let most = field.len() as f64;
        for (place, (_, at)) in field.into_iter().enumerate() {
            let share = place as f64 / most;
            let prize = if activities[at].parts.contains(&None) || share >= 0.75 {
                None
            } else {
                Some(
                    ["一等奖", "二等奖", "三等奖", "优胜奖"]
                        [[0.05, 0.15, 0.35].iter().filter(|s| share >= **s).count()],
                )
            };
            activities[at].result = prize;
        }
    }
}

impl Growth {
    pub fn appraisals_frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.appraisals;
        land.keys(all.iter().map(|a| a.village))
            .str("person", &all.iter().map(|a| people.number(a.person)).collect::<Vec<_>>())
            .whole("year", all.iter().map(|a| Some(i64::from(a.year))).collect())
            .str("grade", &all.iter().map(|a| a.grade).collect::<Vec<_>>())
            .number("organisation", all.iter().map(|a| Some(a.organisation)).collect())
            .number("villagers", all.iter().map(|a| a.villagers).collect())
            .done()
    }

    pub fn activities_frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.activities;
        land.keys(all.iter().map(|a| a.village))
            .str("person", &all.iter().map(|a| people.number(a.person)).collect::<Vec<_>>())
            .str("activity", &all.iter().map(|a| a.activity).collect::<Vec<_>>())
            .date("start", all.iter().map(|a| Some(a.start)).collect())
            .number("days", all.iter().map(|a| Some(a.days)).collect())
            .str("level", &all.iter().map(|a| a.level).collect::<Vec<_>>())
            .text("result", all.iter().map(|a| a.result).collect())
            .text("course", all.iter().map(|a| a.course.as_deref()).collect())
            .whole("absences", all.iter().map(|a| a.absences).collect())
            .flag("certificate", all.iter().map(|a| a.certificate).collect())
            .number("policy_theory", all.iter().map(|a| a.parts[0]).collect())
            .number("professional", all.iter().map(|a| a.parts[1]).collect())
            .number("case_analysis", all.iter().map(|a| a.parts[2]).collect())
            .done()
    }

    pub fn pay_frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.pay;
        land.keys(all.iter().map(|p| p.village))
            .str("person", &all.iter().map(|p| people.number(p.person)).collect::<Vec<_>>())
            .whole("year", all.iter().map(|p| Some(i64::from(p.year))).collect())
            .number("base", all.iter().map(|p| Some(p.base)).collect())
            .number("performance", all.iter().map(|p| Some(p.performance)).collect())
            .number("allowance", all.iter().map(|p| Some(p.allowance)).collect())
            .flag("pension", all.iter().map(|p| Some(p.pension.is_some())).collect())
            .date("pension_since", all.iter().map(|p| p.pension).collect())
            .flag("medical", all.iter().map(|p| Some(p.medical.is_some())).collect())
            .date("medical_since", all.iter().map(|p| p.medical).collect())
            .text("payer", all.iter().map(|p| p.payer).collect())
            .done()
    }
}
