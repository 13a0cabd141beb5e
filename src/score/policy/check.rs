//! Contradictions in `[score]` that types cannot express.

use chrono::NaiveDate;

use super::{ScorePolicy, When};
use crate::book::schema::{self, Kind, Vocab};
use crate::policy::Words;

/// The key and what is wrong with it.
type Wrong = (String, String);

fn wrong(key: impl Into<String>, message: impl Into<String>) -> Result<(), Wrong> {
    Err((key.into(), message.into()))
}

fn share(key: &str, value: f64) -> Result<(), Wrong> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { wrong(key, format!("{value} is no share between 0 and 1")) }
}

fn weight(key: &str, value: f64) -> Result<(), Wrong> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        wrong(format!("{key}.weight"), format!("{value} is no weight: it must be 0 or more"))
    }
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
    let protected = schema::TABLES
        .iter()
        .flat_map(|t| t.columns)
        .find(|c| c.protected && (c.name == column || c.zh == column || c.aliases.contains(&column)));
    match protected {
        Some(found) => wrong(key, format!("`{}` is a protected attribute and never enters a score", found.name)),
        None => Ok(()),
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
        share("score.min_measured_weight", self.min_measured_weight)?;
        self.check_class()?;
        self.check_tree()?;
        self.check_indicators()?;
        self.check_grades(words)?;
        self.check_vetoes(words)?;
        self.check_consequences(words)?;
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

    /// The tree: parents exist, no cycles, weights that mean something.
    fn check_tree(&self) -> Result<(), Wrong> {
        for (key, node) in &self.nodes {
            let path = format!("score.nodes.{key}");
            weight(&path, node.weight)?;
            date(&path, node.effective.as_ref())?;
            self.check_parent(&path, node.parent.as_deref())?;
        }
        for (key, node) in &self.nodes {
            let mut above = node.parent.as_deref();
            // As many steps as there are nodes lead to a root, or there is none.
            for _ in 0..self.nodes.len() {
                above = above.and_then(|k| self.nodes.get(k)).and_then(|n| n.parent.as_deref());
            }
            if above.is_some() {
                return wrong(format!("score.nodes.{key}.parent"), "the nodes above run in a circle");
            }
        }
        for (key, indicator) in &self.indicators {
            let path = format!("score.indicators.{key}");
            weight(&path, indicator.weight)?;
            self.check_parent(&path, indicator.parent.as_deref())?;
        }
        for (key, node) in &self.nodes {
            if node.weight > 0.0 && !self.bears(Some(key)) {
                let message = "nothing below it has a weight; give an indicator one, or this node the weight 0";
                return wrong(format!("score.nodes.{key}"), message);
            }
        }
        if self.bears(None) { Ok(()) } else { wrong("score.indicators", "no indicator has a weight") }
    }

    fn check_parent(&self, path: &str, parent: Option<&str>) -> Result<(), Wrong> {
        let Some(parent) = parent.filter(|p| !self.nodes.contains_key(*p)) else { return Ok(()) };
        let nearest = self.nodes.keys().map(|k| (strsim::damerau_levenshtein(k, parent), k)).min();
        let hint = nearest.map(|(_, k)| format!("; did you mean `{k}`?")).unwrap_or_default();
        wrong(format!("{path}.parent"), format!("no node is called `{parent}`{hint}"))
    }

    /// Does an indicator with a weight hang on the node, directly or below? Asked after the search
    /// for circles.
    fn bears(&self, parent: Option<&str>) -> bool {
        self.indicators.values().any(|i| i.parent.as_deref() == parent && i.weight > 0.0)
            || self
                .nodes
                .iter()
                .any(|(key, n)| n.parent.as_deref() == parent && n.weight > 0.0 && self.bears(Some(key)))
    }

    fn check_indicators(&self) -> Result<(), Wrong> {
        for (key, indicator) in &self.indicators {
            let path = format!("score.indicators.{key}");
            date(&path, indicator.effective.as_ref())?;
            unprotected(&path, indicator.column(key))?;
            for alias in &indicator.aliases {
                unprotected(&format!("{path}.aliases"), alias)?;
            }
            if let Err(message) = indicator.rule.check(indicator.direction) {
                return wrong(format!("{path}.rule"), message);
            }
            if !indicator.rule.bounded() {
                let name = indicator.rule.method().name;
                return wrong(
                    format!("{path}.rule"),
                    format!(
                        "`{name}` gives points below 0 or above 100 with these parameters, and grades need 0 to 100"
                    ),
                );
            }
            if indicator.rule.categories().is_some() || indicator.rule.reference().is_some() {
                let name = indicator.rule.method().name;
                return wrong(
                    format!("{path}.rule"),
                    format!(
                        "`{name}` reads texts or names of units, which an index of any table has, a county's book not"
                    ),
                );
            }
        }
        for (key, adjustment) in &self.adjustments {
            let path = format!("score.adjustments.{key}");
            date(&path, adjustment.effective.as_ref())?;
            unprotected(&path, adjustment.column(key))?;
            for alias in &adjustment.aliases {
                unprotected(&format!("{path}.aliases"), alias)?;
            }
            if !(adjustment.cap >= 0.0 && adjustment.cap.is_finite()) {
                return wrong(format!("{path}.cap"), "must be 0 or more");
            }
            if !(adjustment.each >= 0.0 && adjustment.each.is_finite()) {
                return wrong(format!("{path}.each"), "must be 0 or more; `effect` says in which direction");
            }
        }
        Ok(())
    }

    fn check_grades(&self, words: &Words) -> Result<(), Wrong> {
        let key = "score.grades";
        if self.grades.last().is_none_or(|last| last.min != 0.0 || last.cap.is_some()) {
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
