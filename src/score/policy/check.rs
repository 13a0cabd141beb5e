//! Contradictions in `[score]` that types cannot express.

use chrono::NaiveDate;

use super::{ScorePolicy, When};
use crate::book::schema::{self, Kind, Vocab};
use crate::index::impute::Impute;
use crate::index::normalise::Rule;
use crate::index::uncertain::Factor;
use crate::index::{Table, protected};
use crate::policy::Words;
use crate::score::engine::TEXTS;

/// The key and what is wrong with it.
type Wrong = (String, String);

fn wrong(key: impl Into<String>, message: impl Into<String>) -> Result<(), Wrong> {
    Err((key.into(), message.into()))
}

fn share(key: &str, value: f64) -> Result<(), Wrong> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { wrong(key, format!("{value} is no share between 0 and 1")) }
}

fn date(key: &str, value: Option<&String>) -> Result<(), Wrong> {
    match value {
        Some(text) if text.parse::<NaiveDate>().is_err() => {
            wrong(format!("{key}.effective"), format!("`{text}` is no date like 2026-01-01"))
        }
        _ => Ok(()),
    }
}

/// Protected attributes serve quotas and the fairness audit alone.
fn unprotected(key: &str, column: &str) -> Result<(), Wrong> {
    match protected(column) {
        Some(found) => wrong(key, format!("`{found}` is a protected attribute and never enters a score")),
        None => Ok(()),
    }
}

/// The text columns by which a county's villages can be grouped.
fn texts() -> Table {
    Table { texts: TEXTS.iter().map(|name| ((*name).to_owned(), Vec::new())).collect(), ..Table::default() }
}

/// Grades need points from 0 to 100, and a book has numbers.
fn fits(path: &str, rule: &Rule) -> Result<(), Wrong> {
    let name = rule.method().name;
    if !rule.bounded() {
        let message =
            format!("`{name}` gives points below 0 or above 100 with these parameters, and grades need 0 to 100");
        return wrong(path, message);
    }
    if rule.categories().is_some() || rule.reference().is_some() {
        let message =
            format!("`{name}` reads texts or names of units, which an index of any table has, a county's book not");
        return wrong(path, message);
    }
    Ok(())
}

/// The score stage reads one year.
fn one_year(path: &str, impute: Option<&Impute>) -> Result<(), Wrong> {
    match impute {
        Some(Impute::Latest(_) | Impute::Linear(_) | Impute::LinearConstant(_)) => {
            wrong(path, "reads other years, and villages are scored by the reference period alone; choose another")
        }
        _ => Ok(()),
    }
}

fn known(key: &str, words: &Words, vocab: Vocab, code: &str) -> Result<(), Wrong> {
    if words.knows(vocab, code) {
        return Ok(());
    }
    let codes = words.list(vocab).keys();
    let nearest = codes.map(|k| (strsim::damerau_levenshtein(k, code), k)).min();
    let hint = nearest.map(|(_, k)| format!("; did you mean `{k}`?")).unwrap_or_default();
    wrong(key, format!("`{code}` is no code of words.{}{hint}", vocab.key()))
}

impl ScorePolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self, words: &Words) -> Result<(), (String, String)> {
        self.check_class()?;
        self.check_sensitivity()?;
        // Shares, the tree, the methods and their parameters, as for any table.
        let index = self.index();
        index.check()?;
        let known = |(key, message)| (key, format!("{message}: villages have {}", TEXTS.join(", ")));
        index.check_table(&texts()).map_err(known)?;
        self.check_labels()?;
        self.check_methods()?;
        self.check_grades(words)?;
        self.check_vetoes(words)?;
        self.check_consequences(words)
    }

    fn check_sensitivity(&self) -> Result<(), Wrong> {
        let sensitivity = &self.sensitivity;
        share("score.sensitivity.top", sensitivity.top)?;
        share("score.sensitivity.bottom", sensitivity.bottom)?;
        if !(sensitivity.concentration > 0.0 && sensitivity.concentration.is_finite()) {
            return wrong("score.sensitivity.concentration", "must be a positive number");
        }
        if sensitivity.draws > 1_000_000 {
            return wrong("score.sensitivity.draws", "must be at most 1000000");
        }
        Ok(())
    }

    fn check_class(&self) -> Result<(), Wrong> {
        let key = "score.class.column";
        unprotected(key, &self.class.column)?;
        let column = schema::table("villages").and_then(|t| t.column(&self.class.column));
        if !column.is_some_and(|c| matches!(c.kind, Kind::Text | Kind::Word(_))) {
            return wrong(key, format!("`{}` is no text column of the table `villages`", self.class.column));
        }
        date("score.class", self.class.effective.as_ref())
    }

    /// Whoever reads a result reads names.
    fn check_labels(&self) -> Result<(), Wrong> {
        let nodes = self.nodes.iter().map(|(key, node)| ("nodes", key, &node.label));
        let indicators = self.indicators.iter().map(|(key, indicator)| ("indicators", key, &indicator.label));
        let adjustments = self.adjustments.iter().map(|(key, adjustment)| ("adjustments", key, &adjustment.label));
        match nodes.chain(indicators).chain(adjustments).find(|(_, _, label)| label.trim().is_empty()) {
            Some((kind, key, _)) => wrong(format!("score.{kind}.{key}"), "has no `label`: give it a name in Chinese"),
            None => Ok(()),
        }
    }

    /// What a county's book can give methods, and what its grades need of them.
    fn check_methods(&self) -> Result<(), Wrong> {
        for (key, indicator) in &self.indicators {
            let path = format!("score.indicators.{key}");
            match (&indicator.rule, &self.rule) {
                (Some(rule), _) => fits(&format!("{path}.rule"), rule)?,
                (None, Some(rule)) => fits("score.rule", rule)?,
                (None, None) => {
                    return wrong(
                        path,
                        "has no `rule`: say how a value becomes points, here or for all in `score.rule`",
                    );
                }
            }
            one_year(&format!("{path}.impute"), indicator.impute.as_ref())?;
        }
        one_year("score.impute", self.impute.as_ref())?;
        let Some(uncertainty) = &self.uncertainty else { return Ok(()) };
        if uncertainty.sobol.is_some() {
            return wrong(
                "score.uncertainty.sobol",
                "a county's tables have no place for it; score the table of villages with `touyan score`",
            );
        }
        for (key, factor) in &uncertainty.factors {
            let path = format!("score.uncertainty.factors.{key}.options");
            match factor {
                Factor::Rule { options, .. } => options.iter().try_for_each(|rule| fits(&path, rule))?,
                Factor::Impute { options, .. } => {
                    options.iter().try_for_each(|impute| one_year(&path, Some(impute)))?
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_grades(&self, words: &Words) -> Result<(), Wrong> {
        let key = "score.grades";
        if let Some(band) = self.grades.iter().find(|band| band.min.is_none() || band.share.is_some()) {
            let message =
                format!("`{}`: a grade of villages begins at a score (`min`), and has no `share`", band.grade);
            return wrong(key, message);
        }
        if self.grades.last().is_none_or(|last| last.min != Some(0.0) || last.cap.is_some()) {
            return wrong(key, "the last grade must begin at 0 and have no cap, so that every score has a grade");
        }
        if !self.grades.is_sorted_by(|a, b| a.min > b.min) {
            return wrong(key, "`min` must descend from the best grade to the last");
        }
        for (index, band) in self.grades.iter().enumerate() {
            known(key, words, Vocab::Grade, &band.grade)?;
            if band.grade == super::super::NOT_RATED {
                return wrong(key, "`not_rated` is what too little data leads to, no band of scores");
            }
            if self.grades[..index].iter().any(|b| b.grade == band.grade) {
                return wrong(key, format!("`{}` stands twice", band.grade));
            }
            if ["top", "bottom"].contains(&band.grade.as_str()) {
                return wrong(key, format!("`p_{}` is a column of its own; give the grade another name", band.grade));
            }
            if let Some(cap) = band.cap {
                share(key, cap)?;
            }
            date(key, band.effective.as_ref())?;
        }
        Ok(())
    }

    /// A grade that the bands award.
    fn check_grade(&self, key: String, grade: &str) -> Result<(), Wrong> {
        if self.grades.iter().any(|b| b.grade == grade) {
            return Ok(());
        }
        let grades: Vec<&str> = self.grades.iter().map(|b| b.grade.as_str()).collect();
        wrong(key, format!("`{grade}` is none of the grades ({})", grades.join(", ")))
    }

    fn check_vetoes(&self, words: &Words) -> Result<(), Wrong> {
        for (key, veto) in &self.vetoes {
            let path = format!("score.vetoes.{key}");
            for kind in &veto.kinds {
                known(&format!("{path}.kinds"), words, Vocab::EventKind, kind)?;
            }
            self.check_grade(format!("{path}.grade"), &veto.grade)?;
            if veto.count == 0 {
                return wrong(format!("{path}.count"), "must be 1 or more");
            }
            if veto.score_cap.is_some_and(|cap| !(0.0..=100.0).contains(&cap)) {
                return wrong(format!("{path}.score_cap"), "must lie between 0 and 100");
            }
            date(&path, veto.effective.as_ref())?;
        }
        Ok(())
    }

    fn check_consequences(&self, words: &Words) -> Result<(), Wrong> {
        for (key, rule) in &self.consequences {
            let path = format!("score.consequences.{key}");
            date(&path, rule.effective.as_ref())?;
            let when = format!("{path}.when");
            match &rule.when {
                When::Grade { grade } => self.check_grade(when, grade)?,
                When::Consecutive { grade, years } => {
                    known(&when, words, Vocab::Grade, grade)?;
                    if *years == 0 {
                        return wrong(when, "`years` must be 1 or more");
                    }
                }
                When::Bottom { share: value } => share(&when, *value)?,
                When::Below { score } if !score.is_finite() => return wrong(when, "`score` must be a number"),
                When::Below { .. } | When::Veto {} => {}
            }
        }
        Ok(())
    }
}
