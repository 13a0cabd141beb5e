//! The model card as a table and as a note.

use polars::prelude::DataFrame;

use super::risk::{ModelCard, NoModel};
use crate::frame::Build;
use crate::lang::Lang;
use crate::say;
use crate::stage::StageResult;

/// Why a county has no learned risk, in words.
pub(super) fn why(reason: &NoModel, l: Lang) -> String {
    match reason {
        NoModel::Disabled => l.text("supervise-risk-disabled"),
        NoModel::Years(found, needed) => say!(l, "supervise-risk-years", found = *found, needed = *needed),
        NoModel::Positives(found, needed) => say!(l, "supervise-risk-positives", found = *found, needed = *needed),
        NoModel::Solver(year, words) => say!(l, "supervise-risk-solver", year = year.to_string(), words = words),
    }
}

/// A note for the first page where a county has no learned risk.
pub(super) fn note(card: &ModelCard, l: Lang) -> Option<String> {
    let reason = card.outcome.as_ref().err()?;
    Some(say!(l, "supervise-note-no-risk", county = &card.county, why = why(reason, l)))
}

/// The table `risk_model`: county, item, value, note.
pub(super) fn table(cards: &[ModelCard], l: Lang) -> StageResult<DataFrame> {
    let mut rows: Vec<(&str, String, Option<f64>, String)> = Vec::new();
    for card in cards {
        let county = card.county.as_str();
        let mut put = |item: &str, value: Option<f64>, note: String| rows.push((county, item.to_owned(), value, note));
        let model = match &card.outcome {
            Ok(model) => model,
            Err(reason) => {
                put("available", Some(0.0), why(reason, l));
                continue;
            }
        };
        let e = &model.evaluation;
        let text = |id: &str| l.text(&format!("supervise-model-{id}"));
        put("available", Some(1.0), say!(l, "supervise-model-available", year = model.ahead.to_string()));
        put("first_year", Some(f64::from(model.years.0)), text("years"));
        put("last_year", Some(f64::from(model.years.1)), text("years"));
        put("rows", Some(model.rows as f64), text("rows"));
        put("positives", Some(model.positives as f64), text("positives"));
        put("evaluation_year", Some(f64::from(e.year)), text("evaluation"));
        put("evaluation_villages", Some(e.villages as f64), String::new());
        put("evaluation_positives", Some(e.positives as f64), String::new());
        put("base_rate", Some(e.base_rate), text("base-rate"));
        put("auc", e.auc, text("auc"));
        put("auc_history", e.auc_history, text("auc-history"));
        put("auc_township", e.auc_township, text("auc-township"));
        put("brier", e.brier, text("brier"));
        put("brier_base", e.brier_base, text("brier-base"));
        put("precision_at_capacity", e.precision, say!(l, "supervise-model-precision", n = e.capacity));
        put("selective_labels", None, text("selective"));
        put("intercept", Some(model.intercept), text("intercept"));
        // A feature that never varied has no effect and no line.
        for c in model.coefficients.iter().filter(|c| c.scale > 0.0) {
            let note = say!(l, "supervise-model-coefficient", center = c.center, scale = c.scale);
            put(&format!("weight:{}", c.feature), Some(c.weight), note);
        }
    }
    Ok(Build::new()
        .str("county", &rows.iter().map(|r| r.0).collect::<Vec<_>>())
        .str("item", &rows.iter().map(|r| r.1.as_str()).collect::<Vec<_>>())
        .number("value", rows.iter().map(|r| r.2).collect())
        .str("note", &rows.iter().map(|r| r.3.as_str()).collect::<Vec<_>>())
        .done()?)
}
