//! The four mechanisms and the three ones, for every village under escalated supervision.

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::land::Land;
use super::world::World;
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;
use crate::kernel::round;

/// Years for which measures are at hand.
const YEARS: f64 = 3.0;

/// Measures: code, who answers for it (empty: a township cadre), days until due, share done in time.
const MEASURES: [(&str, &str, f64, f64); 7] = [
    ("tracking", "县委组织部", 180.0, 0.82),
    ("pairing", "", 60.0, 0.9),
    ("discipline", "县纪委监委", 180.0, 0.8),
    ("assessment", "县委组织部", 330.0, 0.78),
    ("commitment", "村党组织", 45.0, 0.88),
    ("task_list", "村党组织", 45.0, 0.86),
    ("livelihood_project", "村党组织", 300.0, 0.72),
];

struct Measure {
    village: usize,
    measure: &'static str,
    responsible: String,
    started: NaiveDate,
    due: NaiveDate,
    done: Option<NaiveDate>,
    score: Option<f64>,
    dissatisfied: Option<f64>,
}

/// Draws the measures table: one set for every stretch of supervision that began in the last years.
pub(super) fn frame(options: &Options, land: &Land, world: &World) -> FrameResult<DataFrame> {
    let draw = &mut Draw::named(options.seed, "synth.measures", land.index as u64);
    let recent = days::plus(options.as_of, -YEARS * 365.25);
    let mut rows: Vec<Measure> = Vec::new();
    for (village, story) in world.villages.iter().enumerate() {
        let quality = story.quality.last().copied().unwrap_or(0.0);
        for stretch in story.supervised.iter().filter(|s| s.since >= recent && s.since <= options.as_of) {
            for (measure, who, days_due, in_time) in MEASURES {
                let started = days::plus(stretch.since, draw.between(0.0, 25.0));
                let due = days::plus(stretch.since, days_due);
                let late = if draw.chance(in_time) { -draw.between(0.0, 0.4) } else { draw.exponential(0.35) };
                let done = days::plus(due, late * days_due).max(days::plus(started, 1.0));
                let (missing, never) = (draw.chance(0.04), draw.chance(0.03));
                let points = round::to((78.0 + 5.0 * quality + draw.normal(0.0, 6.0)).clamp(40.0, 100.0), 1);
                let against = round::to((22.0 - 6.0 * quality + draw.normal(0.0, 9.0)).clamp(0.0, 90.0), 1);
                if missing || started > options.as_of {
                    continue;
                }
                let done = Some(done).filter(|&day| day <= options.as_of && !never);
                let checked = measure == "assessment" && done.is_some();
                let mentor = || paired(land, village, stretch.since);
                rows.push(Measure {
                    village,
                    measure,
                    responsible: if who.is_empty() { mentor() } else { who.to_owned() },
                    started,
                    due,
                    done,
                    score: checked.then_some(points),
                    dissatisfied: checked.then_some(against),
                });
            }
        }
    }
    rows.sort_by(|a, b| (a.village, a.started, a.measure).cmp(&(b.village, b.started, b.measure)));
    land.keys(rows.iter().map(|r| r.village))
        .str("measure", &rows.iter().map(|r| r.measure).collect::<Vec<_>>())
        .str("responsible", &rows.iter().map(|r| r.responsible.as_str()).collect::<Vec<_>>())
        .date("started", rows.iter().map(|r| Some(r.started)).collect())
        .date("due", rows.iter().map(|r| Some(r.due)).collect())
        .date("done", rows.iter().map(|r| r.done).collect())
        .number("score", rows.iter().map(|r| r.score).collect())
        .number("dissatisfied", rows.iter().map(|r| r.dissatisfied).collect())
        .done()
}

/// The cadre of the township who is paired with the village: one of its mentors, by turns.
fn paired(land: &Land, village: usize, since: NaiveDate) -> String {
    use chrono::Datelike;
    let mentors = &land.township(village).mentors;
    let turn = village + since.year().unsigned_abs() as usize;
    mentors.get(turn % mentors.len().max(1)).cloned().unwrap_or_default()
}
