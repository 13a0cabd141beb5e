//! A matching in a few lines, for the terminal and as JSON.

use std::path::Path;

use serde_json::{Value, json};

use super::explain::Cause;
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
    /// Open seats by cause: nobody eligible, shortage, price.
    pub open: [u64; 3],
}

impl Overview {
    /// Of a matching.
    pub fn new(made: &Made) -> Overview {
        let instance = &made.loaded.instance;
        let mut open = [0; 3];
        for post in &made.explained.open {
            let slot = match post.cause {
                Cause::Nobody => 0,
                Cause::Shortage => 1,
                Cause::Price => 2,
            };
            open[slot] += u64::from(post.open);
        }
        let filled = made.solved.filled();
        let total_fit = instance.grid.total(made.solved.fit());
        Overview {
            title: made.policy.title.clone(),
            vacancies: instance.posts(),
            seats: instance.all_seats(),
            candidates: instance.people,
            edges: instance.fits.len(),
            filled,
            total_fit,
            mean_fit: (filled > 0).then(|| total_fit / filled as f64),
            decimals: instance.grid.decimals,
            tied: made.explained.tied.iter().filter(|t| **t).count(),
            open,
        }
    }

    fn points(&self, value: f64) -> String {
        show(value, self.decimals as usize)
    }

    /// The lines of the terminal.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<String> = self.title.clone().into_iter().collect();
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
        let [nobody, shortage, price] = self.open.map(|n| n as usize);
        if nobody + shortage + price > 0 {
            let open = nobody + shortage + price;
            lines.push(say!(lang, "match-open", open = open, nobody = nobody, shortage = shortage, price = price));
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
            match frame::wholes(table, column) {
                Ok(values) => values.into_iter().map(|v| v.map(|v| v.to_string()).unwrap_or_default()).collect(),
                Err(_) => frame::words(table, column).unwrap_or_default().into_iter().map(str::to_owned).collect(),
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
    pub fn json(&self, matched: &Matched, out: Option<&Path>) -> Value {
        json!({
            "title": self.title,
            "rows": matched.counts,
            "vacancies": self.vacancies,
            "seats": self.seats,
            "candidates": self.candidates,
            "edges": self.edges,
            "filled": self.filled,
            "total_fit": self.total_fit,
            "mean_fit": self.mean_fit,
            "tied": self.tied,
            "open": { "no_candidate": self.open[0], "shortage": self.open[1], "price": self.open[2] },
            "decimals": self.decimals,
            "out": out.map(|path| path.display().to_string()),
        })
    }
}
