//! What is measured of the hidden quality: ten years of indicators that saturate, err and go missing.

use chrono::Datelike;
use polars::prelude::DataFrame;

use super::Options;
use super::land::{Land, dept};
use super::world::World;
use crate::frame::FrameResult;
use crate::kernel::draw::Draw;
use crate::kernel::round;

/// Counted columns: what the ledger holds as events too.
pub(super) struct Counts {
    pub petitions: u64,
    pub safety: u64,
    pub environment: u64,
}

/// All figures of the county.
pub(super) struct Figures {
    /// By village, then by year of the world; the ledger shows exactly these.
    pub counts: Vec<Vec<Counts>>,
    /// Periods of the table.
    pub periods: Vec<i32>,
    /// By column name, row-major in (village, period).
    columns: Vec<(&'static str, Vec<Option<f64>>)>,
}

/// Assessed points: name, usual level, reach, and how strongly quality and error show. Each
/// saturates: a reach of 15 points above or below the level is the most that can be seen. All of them
/// also see the village's *standing* (how well it keeps its files), which no number of indicators
/// averages out.
const SCORES: [(&str, f64, f64, f64, f64); 6] = [
    ("party_score", 82.0, 15.0, 0.38, 0.45),
    ("industry_score", 76.0, 18.0, 0.22, 0.50),
    ("governance_score", 80.0, 16.0, 0.40, 0.50),
    ("livelihood_score", 83.0, 13.0, 0.30, 0.50),
    ("ecology_score", 81.0, 14.0, 0.22, 0.55),
    ("peace_score", 84.0, 14.0, 0.34, 0.55),
];

/// Columns that a village in poor order is late with; the others go missing at random.
const SENSITIVE: [&str; 5] =
    ["satisfaction", "dissatisfaction", "villager_score", "disputes_resolved", "collective_income"];

/// Rural disposable income per head of the country: 12,363 yuan in 2016, about 7.3% more each year.
fn national_income(year: i32) -> f64 {
    12_363.0 * libm::exp(0.0705 * f64::from(year - 2016))
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Standard deviation of a village's standing, in units of quality.
const STANDING: f64 = 0.55;

/// One village's figures of one year.
struct Row<'a> {
    draw: &'a mut Draw,
    /// Hidden quality as it appears to those who assess.
    seen: f64,
    values: Vec<(&'static str, Option<f64>)>,
}

impl Row<'_> {
    fn put(&mut self, name: &'static str, value: f64, digits: u32) {
        self.values.push((name, Some(round::to(value, digits))));
    }

    /// Points that saturate around a level.
    fn points(&mut self, name: &'static str, level: f64, reach: f64, signal: f64, noise: f64) {
        let latent = signal * self.seen + self.draw.normal(0.0, noise);
        self.put(name, (level + reach * libm::tanh(latent)).clamp(0.0, 100.0), 1);
    }

    /// A share in per cent that piles up at 100.
    fn share(&mut self, name: &'static str, level: f64, signal: f64, noise: f64) {
        let value = level + signal * self.seen + self.draw.normal(0.0, noise);
        self.put(name, value.clamp(20.0, 100.0), 1);
    }
}

/// Income of the collective (万元): log-normal with a mass at zero. In 2019 57.7% of all villages had
/// none or less than 5; the median of the others grows by 13% a year.
fn collective_income(draw: &mut Draw, year: i32, wealth: f64, quality: f64, poor: f64) -> f64 {
    let since = f64::from(year - 2019);
    let none = 0.21 * libm::exp(-0.17 * since);
    // Who is poor stays poor: the same standing number decides every year, with a little luck.
    let latent = logistic(1.5 * poor + draw.normal(0.0, 0.35));
    if latent < none.min(0.6) {
        return 0.0;
    }
    let mu = libm::log(4.1) + 0.122 * since;
    draw.lognormal(mu + 1.0 * wealth + 0.12 * quality, 0.25).min(3_000.0)
}

/// Draws every figure.
pub(super) fn draw(options: &Options, land: &Land, world: &World) -> Figures {
    let draw = &mut Draw::named(options.seed, "synth.indicators", land.index as u64);
    let periods: Vec<i32> = (options.first_period()..=options.last_period()).collect();
    let mut figures = Figures { counts: Vec::new(), periods, columns: Vec::new() };
    for v in 0..land.villages.len() {
        let village = &land.villages[v];
        let township = land.township(v);
        let poor = 0.75 * village.wealth + 0.66 * draw.normal(0.0, 1.0);
        let standing = draw.normal(0.0, 1.0);
        let mut debt = if draw.chance(0.45) { 0.0 } else { draw.lognormal(libm::log(16.0), 1.0) };
        let mut counts = Vec::with_capacity(world.years.len());
        for (t, &year) in world.years.iter().enumerate() {
            let quality = world.villages[v].quality[t];
            // Of the running year only what fell before the reference date.
            let part = if year == options.as_of.year() { f64::from(options.as_of.ordinal()) / 365.0 } else { 1.0 };
            let size = village.population as f64 / 1_700.0;
            let rate = 0.85 * size * libm::exp(-0.45 * quality) * township.looks[dept::PETITIONS] * part;
            let safety = 0.045 * size * libm::exp(-0.35 * quality) * township.looks[dept::EMERGENCY] * part;
            let environment = 0.06 * libm::exp(-0.3 * quality) * township.looks[dept::ENVIRONMENT] * part;
            counts.push(Counts {
                petitions: draw.poisson(rate),
                safety: draw.poisson(safety),
                environment: draw.poisson(environment),
            });
            if t >= figures.periods.len() {
                continue;
            }
            let count = &counts[t];
            let trouble = world.villages[v].trouble(year);
            let seen = quality + STANDING * standing;
            let mut row = Row { draw, seen, values: Vec::with_capacity(30) };
            let income = collective_income(row.draw, year, village.wealth, quality, poor);
            debt *= row.draw.lognormal(-0.03 - 0.04 * quality, 0.1);
            row.put("collective_income", income, 2);
            row.put("collective_debt", debt, 1);
            let assets = (20.0 + income * row.draw.between(14.0, 22.0)) * libm::exp(0.3 * poor);
            row.put("assets", assets, 1);
            let projects = row.draw.poisson(0.5 + 0.3 * libm::log(1.0 + income)) as f64;
            row.put("projects", projects, 0);
            let head = national_income(year) * land.income * libm::exp(0.12 * village.wealth + 0.03 * quality);
            let head = head * row.draw.lognormal(0.0, 0.04);
            row.put("income_per_head", head, 0);
            // One village in a hundred counts its petitions otherwise than the ledger does.
            let off = if row.draw.chance(0.01) { 1.0 } else { 0.0 };
            row.put("petitions", count.petitions as f64 + off, 0);
            row.share("disputes_resolved", 94.0, 4.5, 6.0);
            row.put("safety_incidents", count.safety as f64, 0);
            row.put("environment_incidents", count.environment as f64, 0);
            let content = 100.0 * logistic(2.3 + 0.45 * row.seen + row.draw.normal(0.0, 0.45));
            row.put("satisfaction", content, 1);
            let against = (100.0 - content) * row.draw.between(0.25, 0.7);
            row.put("dissatisfaction", against, 1);
            for (name, level, reach, signal, noise) in SCORES {
                row.points(name, level, reach, signal, noise);
            }
            row.points("organisation_score", 83.0 + township.lenient, 13.0, 0.36, 0.45);
            row.points("villager_score", 82.0, 15.0, 0.34, 0.55);
            let developed = row.draw.poisson(0.011 * village.party_members as f64 * libm::exp(0.4 * quality));
            row.put("members_developed", developed as f64, 0);
            row.share("meetings_held", 95.0, 5.0, 6.5);
            row.share("affairs_open", 96.0, 4.0, 5.5);
            row.share("medical_cover", 96.0, 1.2, 2.2);
            let praised = row.draw.chance(logistic(-2.4 + 0.9 * quality));
            let (bonus, penalty) = (row.draw.whole(1, 6) as f64 / 2.0, row.draw.whole(1, 8) as f64 / 2.0);
            row.put("bonus", if praised { bonus } else { 0.0 }, 1);
            let blamed = row.draw.chance(if trouble { 0.6 } else { 0.03 });
            row.put("penalty", if blamed { penalty } else { 0.0 }, 1);
            let mut values = row.values;
            lose(draw, &mut values, quality, t);
            figures.add(values);
        }
        figures.counts.push(counts);
    }
    figures
}

/// Loses values: a few at random; more of the sensitive columns where things go badly; and, in a few
/// villages, nearly everything of a year.
fn lose(draw: &mut Draw, values: &mut [(&'static str, Option<f64>)], quality: f64, t: usize) {
    let silent = draw.chance(0.006 * libm::exp(-0.5 * quality));
    for (name, value) in values.iter_mut() {
        let sensitive = SENSITIVE.contains(name);
        let rate = match () {
            () if silent => 0.75,
            () if sensitive => 0.016 * libm::exp(-0.6 * quality),
            () => 0.006,
        };
        let counted = matches!(*name, "bonus" | "penalty");
        // The villagers were not yet asked in the first two years.
        let too_early = t < 2 && matches!(*name, "dissatisfaction" | "ecology_score");
        if (draw.chance(rate) && !counted) || too_early {
            *value = None;
        }
    }
}

impl Figures {
    fn add(&mut self, values: Vec<(&'static str, Option<f64>)>) {
        if self.columns.is_empty() {
            self.columns = values.iter().map(|v| (v.0, Vec::new())).collect();
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.1.push(value.1);
        }
    }

    /// The value of a column for a village and a period, if it is not missing.
    pub fn get(&self, name: &str, village: usize, period: usize) -> Option<f64> {
        let column = self.columns.iter().find(|c| c.0 == name)?;
        column.1.get(village * self.periods.len() + period).copied().flatten()
    }

    /// The indicators table.
    pub fn frame(&self, land: &Land) -> FrameResult<DataFrame> {
        let periods = self.periods.len();
        let rows = 0..land.villages.len() * periods;
        let mut build = land
            .keys(rows.clone().map(|row| row / periods))
            .whole("period", rows.map(|row| Some(i64::from(self.periods[row % periods]))).collect());
        for (name, values) in &self.columns {
            build = build.number(name, values.clone());
        }
        build.done()
    }
}
