//! A matching in a few lines, for the terminal and as JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::explain::Cause;
use super::grid::Grid;
use super::near::Near;
use super::notice::Notice;
use super::solve::Proof;
use super::tables::Made;
use crate::frame;
use crate::kernel::round::show;
use crate::lang::Lang;
use crate::run::edges::Matched;
use crate::say;

/// The figures that a reader wants first.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub title: Option<String>,
    /// What a reader should know of the tables.
    pub notices: Vec<Notice>,
    pub vacancies: usize,
    pub seats: u64,
    pub candidates: usize,
    pub edges: usize,
    pub filled: usize,
    /// Points.
    pub total_fit: f64,
    pub mean_fit: Option<f64>,
    pub decimals: u32,
    /// Seats that another best solution treats differently.
    pub tied: usize,
    /// Open seats by cause: nobody eligible, shortage, price, rule.
    pub open: [u64; 4],
    /// How far from the best the solution can be at most, in points; none for stable solutions.
    pub gap: Option<f64>,
    /// So many seats more can perhaps be filled.
    pub more_seats: i64,
    /// Bounds on groups, and those that cost something.
    pub bounds: usize,
    pub priced: usize,
    /// Bounds that are missed, at the price that the policy sets.
    pub missed: usize,
    pub blocking: usize,
    /// Pairings that stay in fewer draws than the policy's share.
    pub fragile: Option<usize>,
    /// Draws that the policy asks for, those that were made, and those whose solution is proved to be the best.
    pub draws: Option<[u32; 3]>,
    /// Against an earlier result.
    pub near: Option<Near>,
    /// Pairs of it with names that are not here.
    pub unknown: usize,
}

impl Overview {
    /// Of a matching.
    pub fn new(made: &Made) -> Overview {
        let instance = &made.loaded.instance;
        let mut open = [0; 4];
        for post in &made.explained.open {
            let slot = match post.cause {
                Cause::Nobody => 0,
                Cause::Shortage => 1,
                Cause::Price => 2,
                Cause::Rule => 3,
            };
            open[slot] += u64::from(post.open);
        }
        let filled = made.solved.filled();
        let (gap, priced) = match &made.solved.proof {
            Proof::Exact(exact) => (Some(i128::from(exact.loss())), 0),
            Proof::Bounded(b) => {
                // Places that are kept and the seats of stages are bounds too, but no rules of the policy.
                let own = b.answer.certificate.multipliers.iter().take(b.bounds);
                (b.answer.gap(), own.filter(|m| **m != 0).count())
            }
            Proof::Stable => (None, 0),
        };
        let missed = match &made.solved.proof {
            Proof::Bounded(b) => b.answer.solution.as_ref().map_or(0, |solution| {
                let sums = instance.bounds.iter().zip(&solution.sums);
                sums.filter(|(b, sum)| b.least.is_some_and(|n| **sum < n) || b.most.is_some_and(|n| **sum > n)).count()
            }),
            _ => 0,
        };
        let threshold = made.policy.robustness.as_ref().map_or(0.0, |r| r.fragile);
        let sure = made.explained.sureness.as_ref();
        let total_fit = instance.grid.total(made.solved.fit());
        Overview {
            title: made.policy.title.clone(),
            notices: made.loaded.notices.clone(),
            vacancies: instance.posts(),
            seats: instance.all_seats(),
            candidates: instance.people,
            edges: instance.fits.len(),
            filled,
            total_fit,
            mean_fit: (filled > 0).then(|| total_fit / filled as f64),
            decimals: instance.grid.decimals,
            tied: made.explained.tied.iter().filter(|t| **t == Some(true)).count(),
            open,
            gap: gap.map(|gap| instance.grid.total(gap)),
            more_seats: match &made.solved.proof {
                Proof::Bounded(b) => b.more_seats(),
                _ => 0,
            },
            bounds: instance.bounds.len(),
            priced,
            missed,
            blocking: made.explained.stability.blocking.len(),
            near: match &made.solved.proof {
                Proof::Exact(exact) => exact.near,
                _ => None,
            },
            unknown: made.loaded.unknown,
            fragile: sure.map(|s| s.stays.iter().filter(|share| **share < threshold).count()),
            draws: made.policy.robustness.as_ref().zip(sure).map(|(rule, s)| [rule.draws, s.draws, s.proved]),
        }
    }

    fn points(&self, value: f64) -> String {
        show(value, self.decimals as usize)
    }

    /// The lines of the terminal.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<String> = self.notices.iter().map(|notice| notice.render(lang)).collect();
        lines.extend(self.title.clone());
        lines.push(say!(
            lang,
            "match-size",
            vacancies = self.vacancies,
            seats = self.seats as usize,
            candidates = self.candidates,
            edges = self.edges
        ));
        lines.push(say!(
            lang,
            "match-filled",
            filled = self.filled,
            fit = self.points(self.total_fit),
            mean = self.mean_fit.map_or_else(|| "–".to_owned(), |m| show(m, self.decimals.max(2) as usize))
        ));
        let [nobody, shortage, price, rule] = self.open.map(|n| n as usize);
        let open = nobody + shortage + price + rule;
        if open > 0 {
            lines.push(say!(
                lang,
                "match-open",
                open = open,
                nobody = nobody,
                shortage = shortage,
                price = price,
                rule = rule
            ));
        }
        lines.push(match self.gap {
            Some(_) if self.more_seats > 0 => say!(lang, "match-gap-seats", more = self.more_seats),
            Some(0.0) => lang.text("match-proved"),
            Some(gap) if self.near.is_some() => say!(lang, "match-near-gap", gap = self.points(gap)),
            Some(gap) => say!(lang, "match-gap", gap = self.points(gap)),
            None => lang.text("match-stable"),
        });
        if let Some(near) = &self.near {
            let loss = Grid { decimals: self.decimals }.points(near.loss);
            lines.push(say!(
                lang,
                "match-near",
                pairs = near.known + self.unknown,
                kept = near.known - near.changed,
                changed = near.changed + self.unknown,
                unknown = self.unknown,
                least = near.at_least + self.unknown,
                loss = self.points(loss)
            ));
        }
        if self.bounds > 0 {
            lines.push(say!(lang, "match-bounds", bounds = self.bounds, missed = self.missed, priced = self.priced));
        }
        if let Some(fragile) = self.fragile {
            lines.push(say!(lang, "match-fragile", fragile = fragile));
        }
        if let Some([asked, made, proved]) = self.draws.filter(|[asked, _, proved]| proved < asked) {
            let [asked, made, proved] = [asked, made, proved].map(|n| n as usize);
            lines.push(say!(lang, "match-draws", asked = asked, made = made, proved = proved));
        }
        if self.tied > 0 {
            lines.push(say!(lang, "match-tied", tied = self.tied));
        }
        lines.push(lang.text("match-advice"));
        lines
    }

    /// The first pairs, one a line.
    pub fn first_pairs(&self, matched: &Matched, rows: usize, lang: Lang) -> Vec<String> {
        let Some(table) = matched.table("assignment") else { return Vec::new() };
        let name = |column: &str| -> Vec<String> {
            match frame::words(table, column) {
                Ok(values) => values.into_iter().map(str::to_owned).collect(),
                Err(_) => {
                    let values = frame::wholes(table, column).unwrap_or_default();
                    values.into_iter().map(|v| v.map(|v| v.to_string()).unwrap_or_default()).collect()
                }
            }
        };
        let (vacancies, candidates) = (name("vacancy"), name("candidate"));
        let fits = frame::numbers(table, "fit").unwrap_or_default();
        let mut lines: Vec<String> = vacancies
            .iter()
            .zip(&candidates)
            .zip(&fits)
            .take(rows)
            .map(|((vacancy, candidate), fit)| {
                say!(
                    lang,
                    "match-pair",
                    vacancy = vacancy,
                    candidate = candidate,
                    fit = self.points(fit.unwrap_or_default())
                )
            })
            .collect();
        if vacancies.len() > rows {
            lines.push(say!(lang, "stage-more", rest = vacancies.len() - rows));
        }
        lines
    }

    /// One JSON document.
    pub fn json(&self, matched: &Matched, out: Option<&Path>, lang: Lang) -> Value {
        json!({
            "title": self.title,
            "notices": self.notices.iter().map(|notice| notice.render(lang)).collect::<Vec<_>>(),
            "rows": matched.counts,
            "vacancies": self.vacancies,
            "seats": self.seats,
            "candidates": self.candidates,
            "edges": self.edges,
            "filled": self.filled,
            "total_fit": self.total_fit,
            "mean_fit": self.mean_fit,
            "tied": self.tied,
            "open": { "no_candidate": self.open[0], "shortage": self.open[1], "price": self.open[2], "rule": self.open[3] },
            "gap": self.gap,
            "more_seats": self.more_seats,
            "bounds": self.bounds,
            "bounds_with_price": self.priced,
            "blocking_pairs": self.blocking,
            "fragile": self.fragile,
            "draws": self.draws.map(|[asked, made, proved]| json!({ "asked": asked, "made": made, "proved": proved })),
            "previous": self.near.map(|near| json!({
                "pairs": near.known + self.unknown,
                "unknown": self.unknown,
                "changed": near.changed + self.unknown,
                "changed_at_least": near.at_least + self.unknown,
                "loss": Grid { decimals: self.decimals }.points(near.loss),
            })),
            "decimals": self.decimals,
            "out": out.map(|path| path.display().to_string()),
        })
    }
}
