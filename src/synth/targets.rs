//! The yearly lists of targets: two indicators with a target value, and two tasks with a due day.

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use super::indicators::Figures;
use super::land::Land;
use super::{Options, days};
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;
use crate::kernel::round;

/// Years for which lists are at hand.
const YEARS: usize = 2;
/// Indicators whose targets are on the list: name and aimed growth.
const INDICATORS: [(&str, f64); 2] = [("collective_income", 1.1), ("meetings_held", 1.0)];
const TASKS: [&str; 6] =
    ["人居环境整治任务", "党群服务中心规范化建设", "高标准农田管护", "村规民约修订", "产业项目落地", "道路硬化及维护"];

struct Target {
    village: usize,
    period: i32,
    target: &'static str,
    planned: Option<f64>,
    done: Option<f64>,
    due: NaiveDate,
    finished: Option<NaiveDate>,
}

/// Draws the targets table.
pub(super) fn frame(options: &Options, land: &Land, figures: &Figures) -> FrameResult<DataFrame> {
    let draw = &mut Draw::named(options.seed, "synth.targets", land.index as u64);
    let mut rows: Vec<Target> = Vec::new();
    let periods = figures.periods.len();
    for village in 0..land.villages.len() {
        for t in periods.saturating_sub(YEARS)..periods {
            let period = figures.periods[t];
            let due = days::day(period, 12, 31);
            for (target, growth) in INDICATORS {
                let before = t.checked_sub(1).and_then(|t| figures.get(target, village, t));
                let planned = match before {
                    _ if target == "meetings_held" => Some(100.0),
                    // Nobody plans for less than something.
                    Some(value) => Some(round::to((value * growth).max(1.0), 1)),
                    None => None,
                };
                let done = figures.get(target, village, t);
                rows.push(Target { village, period, target, planned, done, due, finished: None });
            }
            let first = draw.index(TASKS.len());
            for task in 0..2 {
                let due = days::month_end(days::day(period, draw.whole(6, 12) as u32, 1));
                let finished = days::plus(due, draw.normal(-25.0, 30.0).max(-170.0));
                let finished = Some(finished).filter(|&day| day <= options.as_of && !draw.chance(0.04));
                let target = TASKS[(first + task * 2) % TASKS.len()];
                let done = Some(f64::from(u8::from(finished.is_some())));
                rows.push(Target { village, period, target, planned: Some(1.0), done, due, finished });
            }
        }
    }
    rows.sort_by(|a, b| (a.village, a.period, a.target).cmp(&(b.village, b.period, b.target)));
    land.keys(rows.iter().map(|r| r.village))
        .whole("period", rows.iter().map(|r| Some(i64::from(r.period))).collect())
        .str("target", &rows.iter().map(|r| r.target).collect::<Vec<_>>())
        .number("planned", rows.iter().map(|r| r.planned).collect())
        .number("done", rows.iter().map(|r| r.done).collect())
        .date("due", rows.iter().map(|r| Some(r.due)).collect())
        .date("finished", rows.iter().map(|r| r.finished).collect())
        .done()
}
