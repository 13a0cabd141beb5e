//! Posts that stay open, and why: nobody in the pool, everybody barred, or too few for many.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::frame::Build;
use crate::kernel::assign::shortage;
use crate::say;
use crate::stage::StageResult;

use super::tables::{View, vacancy_keys, village_name};
use super::vacancies::Vacancy;

/// Largest set of posts that a shortage is traced through.
const LARGEST: usize = 1_000;

/// Villages named in a text; more are counted.
const NAMED: usize = 6;

pub(super) fn open_posts(view: &View) -> StageResult<DataFrame> {
    let rows: Vec<usize> =
        (0..view.vacancies.list.len()).filter(|row| view.matching.solution.columns[*row].is_none()).collect();
    let told: Vec<(&str, String)> = rows.par_iter().map(|row| tell(view, *row)).collect();
    let of: Vec<&Vacancy> = rows.iter().map(|row| &view.vacancies.list[*row]).collect();
    let build = Build::new().str("vacancy", &of.iter().map(|v| v.id.as_str()).collect::<Vec<_>>());
    Ok(vacancy_keys(build, view, &of)
        .str("cause", &told.iter().map(|t| t.0).collect::<Vec<_>>())
        .str("detail", &told.iter().map(|t| &t.1).collect::<Vec<_>>())
        .done()?)
}

fn tell(view: &View, row: usize) -> (&'static str, String) {
    let texts = view.texts;
    let found = &view.considered[row];
    if found.total == 0 {
        return ("no_candidate_in_pool", say!(texts.lang, "reserve-open-none"));
    }
    if found.eligible.is_empty() {
        let mut barred = found.barred.clone();
        barred.sort_by_key(|(gate, n)| (std::cmp::Reverse(*n), *gate));
        let gates: Vec<String> = barred
            .iter()
            .map(|(gate, n)| say!(texts.lang, "reserve-open-gate", gate = &texts.gates[*gate], n = *n))
            .collect();
        return (
            "all_barred",
            say!(texts.lang, "reserve-open-barred", total = found.total, gates = texts.list(&gates)),
        );
    }
    let set = shortage(&view.matching.problem, &view.matching.solution, row as u32, LARGEST);
    let text = match set {
        Some(set) if set.hall => {
            let mut villages: Vec<String> = set
                .rows
                .iter()
                .take(NAMED)
                .map(|row| village_name(view, view.vacancies.list[*row as usize].village))
                .collect();
            if set.rows.len() > NAMED {
                villages.push(say!(texts.lang, "reserve-and-more"));
            }
            say!(
                texts.lang,
                "reserve-open-shortage",
                posts = set.rows.len(),
                people = set.columns.len(),
                villages = texts.list(&villages)
            )
        }
        Some(_) => say!(texts.lang, "reserve-open-price"),
        None => say!(texts.lang, "reserve-open-shortage-large", people = found.eligible.len()),
    };
    ("shortage", text)
}
