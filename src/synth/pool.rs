//! The reserve pool, families, and who would serve where. Shares after a published pool: 420 reserves,
//! 74% up to 35 years, 85% college or more, 48% full members.

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::bodies::Bodies;
use super::land::Land;
use super::people::{Home, Id, People, Sketch};
use super::{Options, days};
use crate::frame::{Build, FrameResult};
use crate::kernel::draw::Draw;

/// One person of the pool.
pub(super) struct Reserve {
    pub village: usize,
    pub person: Id,
    pub target_post: &'static str,
    pub entered: NaiveDate,
    pub recommended_by: &'static str,
    pub mentor: String,
    /// Thinking, work, potential, and the day; none if never appraised.
    pub appraisal: Option<(&'static str, &'static str, &'static str, NaiveDate)>,
    pub status: &'static str,
    pub left: Option<NaiveDate>,
    pub left_reason: Option<&'static str>,
    pub willing: Option<bool>,
}

/// The county's pool.
pub(super) struct Pool {
    pub reserves: Vec<Reserve>,
    /// Pairs of relatives and the code of their relation.
    kin: Vec<(Id, Id, &'static str)>,
}

const SOURCES: [(&str, f64); 7] = [
    ("graduate", 0.25),
    ("veteran", 0.19),
    ("migrant", 0.28),
    ("leader", 0.12),
    ("cooperative", 0.06),
    ("village_official", 0.03),
    ("cadre", 0.07),
];
const STATUSES: [(&str, f64); 6] = [
    ("member", 0.48),
    ("probationary", 0.09),
    ("development", 0.06),
    ("activist", 0.19),
    ("league", 0.04),
    ("masses", 0.14),
];
const EDUCATION: [(&str, f64); 5] =
    [("senior", 0.07), ("technical", 0.08), ("college", 0.45), ("bachelor", 0.37), ("master", 0.03)];
const TARGETS: [(&str, f64); 5] =
    [("secretary", 0.46), ("director", 0.12), ("deputy_secretary", 0.08), ("committee", 0.28), ("clerk", 0.06)];
const RECOMMENDED: [(&str, f64); 5] = [
    ("村党组织书记推荐", 0.42),
    ("乡镇党委推荐", 0.24),
    ("党员群众推荐", 0.18),
    ("个人自荐", 0.10),
    ("部门推荐", 0.06),
];

fn pick(draw: &mut Draw, list: &[(&'static str, f64)]) -> &'static str {
    let weights: Vec<f64> = list.iter().map(|item| item.1).collect();
    draw.weighted(&weights).map_or("other", |k| list[k].0)
}

/// How a reserve of that age and sex can be related to someone in office: the relation, and whether
/// they share a surname.
fn relation(draw: &mut Draw, gap: f64, same_sex: bool, elder_is_man: bool) -> (&'static str, bool) {
    match gap {
        g if (19.0..38.0).contains(&g) && draw.chance(0.75) => ("parent_child", elder_is_man),
        g if g.abs() < 7.0 && !same_sex && draw.chance(0.5) => ("spouse", false),
        g if g.abs() < 9.0 => ("sibling", true),
        _ if draw.chance(0.4) => ("in_law", false),
        _ => ("other", draw.chance(0.5)),
    }
}

struct Finding<'a> {
    draw: Draw,
    land: &'a Land,
    people: &'a mut People,
    as_of: NaiveDate,
    kin: Vec<(Id, Id, &'static str)>,
}

impl Finding<'_> {
    fn age(&mut self) -> f64 {
        let u = self.draw.uniform();
        if self.draw.chance(0.74) {
            21.5 + 14.4 * libm::sqrt(u)
        } else if self.draw.chance(0.94) {
            36.0 + 9.9 * u
        } else {
            46.0 + 6.0 * u
        }
    }

    /// One new person of the village's pool.
    fn person(&mut self, village: usize, bodies: &Bodies) -> Id {
        let age = self.age();
        let draw = &mut self.draw;
        let female = draw.chance(0.31);
        let education = pick(draw, &EDUCATION);
        let status = pick(draw, &STATUSES);
        // The League keeps its members to 28.
        let status = if status == "league" && age > 28.0 { "activist" } else { status };
        let source = pick(draw, &SOURCES);
        let in_village = (!draw.chance(0.03)).then(|| draw.chance(if source == "migrant" { 0.45 } else { 0.72 }));
        let related = draw.chance(0.09);
        let place = draw.index(bodies.of(village).len());
        let elder = bodies.of(village).get(place).and_then(|p| p.person).filter(|_| related);
        let tie = elder.map(|id| {
            let other = &self.people.all[id];
            let (code, shared) = relation(draw, other.age(self.as_of) - age, other.female == female, !other.female);
            (id, code, shared.then_some(other.surname))
        });
        let surname = tie.and_then(|t| t.2);
        let home = Home::Village(village);
        let member_before = None;
        let person = self.people.add(Sketch {
            home,
            age,
            female,
            surname,
            education,
            status,
            source,
            member_before,
            in_village,
        });
        if let Some((elder, code, _)) = tie {
            self.kin.push((person, elder, code));
        }
        let reviewed = self.draw.chance(0.62).then(|| {
            let day = days::plus(self.as_of, -self.draw.between(20.0, 900.0));
            (day, self.draw.chance(0.975))
        });
        self.people.all[person].reviewed = reviewed;
        person
    }

    fn reserve(&mut self, village: usize, person: Id, entered: NaiveDate) -> Reserve {
        let draw = &mut self.draw;
        let target_post = pick(draw, &TARGETS);
        let recommended_by = pick(draw, &RECOMMENDED);
        let mentor = draw.choose(&self.land.township(village).mentors).cloned().unwrap_or_default();
        // A hidden aptitude shows in the three appraisals, each with its own error.
        let aptitude = draw.normal(0.0, 1.0);
        let mut level = |spread: f64, codes: [&'static str; 4], cuts: [f64; 3]| {
            let seen = aptitude * 0.7 + draw.normal(0.0, spread);
            codes[cuts.iter().filter(|&&cut| seen < cut).count()]
        };
        let rating = ["good", "fair", "average", "poor"];
        let thinking = level(0.5, rating, [-0.3, -1.4, -2.3]);
        let work = level(0.7, rating, [0.1, -0.9, -1.9]);
        let potential = level(0.8, ["high", "medium", "low", "low"], [0.4, -1.1, -9.0]);
        let appraised = days::plus(self.as_of, -draw.exponential(230.0) - 4.0).max(days::plus(entered, 20.0));
        let known = draw.chance(0.93) && appraised <= self.as_of;
        let willing = [Some(true), Some(false), None][draw.weighted(&[0.88, 0.05, 0.07]).unwrap_or(2)];
        Reserve {
            village,
            person,
            target_post,
            entered,
            recommended_by,
            mentor,
            appraisal: known.then_some((thinking, work, potential, appraised)),
            status: "in_pool",
            left: None,
            left_reason: None,
            willing,
        }
    }
}

/// Draws the pool: about two a village, fewer where things go badly; and those who were appointed from
/// it in the last three years.
pub(super) fn draw(options: &Options, land: &Land, bodies: &Bodies, people: &mut People) -> Pool {
    let as_of = options.as_of;
    let draw = Draw::named(options.seed, "synth.pool", land.index as u64);
    let mut finding = Finding { draw, land, people, as_of, kin: Vec::new() };
    let mut reserves = Vec::new();
    for (v, village) in land.villages.iter().enumerate() {
        let empty = if village.class == "weak" { 0.12 } else { 0.05 };
        let count = finding.draw.weighted(&[empty, 0.21, 0.43, 0.22, 0.09]).unwrap_or(2);
        for _ in 0..count {
            let person = finding.person(v, bodies);
            let entered = days::plus(as_of, -finding.draw.between(25.0, 1_700.0));
            let mut reserve = finding.reserve(v, person, entered);
            if finding.draw.chance(0.06) && days::years(entered, as_of) > 1.0 {
                let reasons =
                    ["年龄超限", "外出务工不再返乡", "本人申请退出", "考察评价较差", "录用为公务员或事业编制"];
                reserve.status = "left";
                reserve.left = Some(days::plus(as_of, -finding.draw.between(5.0, 360.0)));
                reserve.left_reason = finding.draw.choose(&reasons).copied();
            }
            reserves.push(reserve);
        }
        // Some of those who came into office lately came from the pool.
        let recent = |since: NaiveDate| days::years(since, as_of) < 3.0;
        for post in bodies.of(v) {
            let (Some(person), Some(since)) = (post.person, post.since) else { continue };
            let share = if matches!(post.post, "secretary" | "director") { 0.45 } else { 0.3 };
            if recent(since) && finding.draw.chance(share) && finding.people.all[person].age(as_of) < 52.0 {
                let entered = days::plus(since, -finding.draw.between(200.0, 1_500.0));
                let mut reserve = finding.reserve(v, person, entered);
                reserve.status = "appointed";
                reserve.target_post = post.post;
                reserve.left = Some(since);
                reserve.willing = Some(true);
                reserves.push(reserve);
            }
        }
        related_in_office(&mut finding, v, bodies);
    }
    Pool { reserves, kin: finding.kin }
}

/// A few of those in office are related, some of them against the rules of avoidance.
fn related_in_office(finding: &mut Finding, v: usize, bodies: &Bodies) {
    if !finding.draw.chance(0.05) {
        return;
    }
    let sitting: Vec<Id> = bodies.of(v).iter().filter_map(|p| p.person).collect();
    if sitting.len() < 2 {
        return;
    }
    let a = finding.draw.index(sitting.len());
    let b = (a + 1 + finding.draw.index(sitting.len() - 1)) % sitting.len();
    let (one, two) = (&finding.people.all[sitting[a]], &finding.people.all[sitting[b]]);
    let gap = (one.age(finding.as_of) - two.age(finding.as_of)).abs();
    let code = match gap {
        g if g < 12.0 && one.surname == two.surname => "sibling",
        g if g < 7.0 && one.female != two.female => "spouse",
        _ => ["in_law", "other"][finding.draw.index(2)],
    };
    finding.kin.push((sitting[a], sitting[b], code));
}

impl Pool {
    pub fn frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let all = &self.reserves;
        land.keys(all.iter().map(|r| r.village))
            .str("person", &all.iter().map(|r| people.number(r.person)).collect::<Vec<_>>())
            .str("target_post", &all.iter().map(|r| r.target_post).collect::<Vec<_>>())
            .date("entered", all.iter().map(|r| Some(days::month(r.entered))).collect())
            .str("recommended_by", &all.iter().map(|r| r.recommended_by).collect::<Vec<_>>())
            .str("mentor", &all.iter().map(|r| r.mentor.as_str()).collect::<Vec<_>>())
            .text("thinking", all.iter().map(|r| r.appraisal.map(|a| a.0)).collect())
            .text("work", all.iter().map(|r| r.appraisal.map(|a| a.1)).collect())
            .text("potential", all.iter().map(|r| r.appraisal.map(|a| a.2)).collect())
            .date("appraised", all.iter().map(|r| r.appraisal.map(|a| a.3)).collect())
            .str("status", &all.iter().map(|r| r.status).collect::<Vec<_>>())
            .date("left", all.iter().map(|r| r.left).collect())
            .text("left_reason", all.iter().map(|r| r.left_reason).collect())
            .flag("willing", all.iter().map(|r| r.willing).collect())
            .done()
    }

    pub fn kin_frame(&self, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let mut pairs = self.kin.clone();
        pairs.sort_unstable();
        Build::new()
            .str("county", &vec![land.county.as_str(); pairs.len()])
            .str("person", &pairs.iter().map(|k| people.number(k.0)).collect::<Vec<_>>())
            .str("relative", &pairs.iter().map(|k| people.number(k.1)).collect::<Vec<_>>())
            .str("relation", &pairs.iter().map(|k| k.2).collect::<Vec<_>>())
            .done()
    }

    /// Everyone in the pool who would serve wishes for their own village first; three in ten also for
    /// a neighbour of the same township, a few refuse one.
    pub fn wishes_frame(&self, options: &Options, land: &Land, people: &People) -> FrameResult<DataFrame> {
        let draw = &mut Draw::named(options.seed, "synth.wishes", land.index as u64);
        let mut rows: Vec<(usize, Id, Option<i64>, bool)> = Vec::new();
        for reserve in self.reserves.iter().filter(|r| r.status == "in_pool") {
            let (asked, elsewhere, refuses) = (draw.chance(0.85), draw.chance(0.3), draw.chance(0.02));
            let step = if draw.chance(0.5) { 1 } else { -1 };
            let neighbour = reserve.village.checked_add_signed(step).filter(|&v| v < land.villages.len());
            let near = neighbour.filter(|&v| land.villages[v].township == land.villages[reserve.village].township);
            if !asked || reserve.willing == Some(false) {
                continue;
            }
            rows.push((reserve.village, reserve.person, Some(1), true));
            if let Some(near) = near.filter(|_| elsewhere) {
                rows.push((near, reserve.person, Some(2), true));
            } else if let Some(near) = near.filter(|_| refuses) {
                rows.push((near, reserve.person, None, false));
            }
        }
        rows.sort_unstable();
        land.keys(rows.iter().map(|r| r.0))
            .str("person", &rows.iter().map(|r| people.number(r.1)).collect::<Vec<_>>())
            .whole("rank", rows.iter().map(|r| r.2).collect())
            .flag("willing", rows.iter().map(|r| Some(r.3)).collect())
            .done()
    }
}
