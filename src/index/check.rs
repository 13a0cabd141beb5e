//! Contradictions in a policy for any table that types cannot express, and in policy and table
//! together: the key, and what is wrong with it.

use chrono::NaiveDate;
use serde_json::Value;

use super::impute::Impute;
use super::policy::{Compare, IndexPolicy, Reference};
use super::table::Table;
use super::uncertain::{Factor, Law, Places, Uncertainty};
use crate::book::schema;
use crate::book::value::fold;

/// The key and what is wrong with it.
type Wrong = (String, String);

/// Names that output tables use themselves, and that of the topmost node.
const RESERVED: [&str; 6] = ["unit", "period", "class", "score", "root", ""];

/// Protected attributes under names that no county's sheet has.
const ALSO_PROTECTED: [&str; 3] = ["gender", "race", "ethnic"];

/// Endings under which the same attributes stand.
const ENDINGS: [&str; 6] = ["code", "group", "id", "代码", "编码", "成份"];

/// Base samples of Sobol indices that a policy may ask for.
const BASE: u32 = 1 << 20;

/// Draws that a policy may ask for: beyond it a slip of the key is likelier than a need.
const DRAWS: u32 = 10_000_000;

fn wrong(key: impl Into<String>, message: impl Into<String>) -> Result<(), Wrong> {
    Err((key.into(), message.into()))
}

fn share(key: impl Into<String>, value: f64) -> Result<(), Wrong> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { wrong(key, format!("{value} is no share between 0 and 1")) }
}

fn weight(path: &str, value: f64) -> Result<(), Wrong> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        wrong(format!("{path}.weight"), format!("{value} is no weight: it must be 0 or more"))
    }
}

fn date(path: &str, value: Option<&String>) -> Result<(), Wrong> {
    match value {
        Some(text) if text.parse::<NaiveDate>().is_err() => {
            wrong(format!("{path}.effective"), format!("`{text}` is no date like 2026-01-01"))
        }
        _ => Ok(()),
    }
}

fn method(path: String, checked: Result<(), String>) -> Result<(), Wrong> {
    checked.map_err(|message| (path, message))
}

/// What stands nearest to a word, as the end of a message.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let found = known.map(|k| (strsim::damerau_levenshtein(k, word), k)).min();
    found.map(|(_, k)| format!("; did you mean `{k}`?")).unwrap_or_default()
}

/// The protected attribute that a column of this name holds: it serves quotas and audits, and
/// never enters a score.
///
/// ```
/// use touyan::index::protected;
/// assert_eq!(protected("性别"), Some("sex"));
/// assert_eq!(protected("Ethnicity"), Some("ethnicity"));
/// assert_eq!(protected("gender_code"), Some("gender"));
/// assert_eq!(protected("gender_gap"), None);
/// assert_eq!(protected("income"), None);
/// ```
pub fn protected(column: &str) -> Option<&'static str> {
    let name: String = fold(column).chars().filter(|c| c.is_alphanumeric()).collect();
    let name = ENDINGS.iter().find_map(|end| name.strip_suffix(end)).filter(|name| !name.is_empty()).unwrap_or(&name);
    let of_book = schema::TABLES
        .iter()
        .flat_map(|t| t.columns)
        .find(|c| c.protected && [c.name, c.zh].iter().chain(c.aliases).any(|own| fold(own) == name));
    of_book.map(|c| c.name).or_else(|| ALSO_PROTECTED.into_iter().find(|own| fold(own) == name))
}

/// Keys of the policy that hold prose or codes, never a column.
const PROSE: [&str; 7] = ["label", "label_en", "title", "source", "effective", "grade", "type"];

/// Every text of the policy that may name a column, with its dotted key.
pub(super) fn words(policy: &IndexPolicy) -> Vec<(String, String)> {
    fn walk(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) => found.push((path.to_owned(), text.clone())),
            Value::Array(items) => items.iter().for_each(|item| walk(path, item, found)),
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| !PROSE.contains(&key.as_str())) {
                    walk(&format!("{path}.{key}"), value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk("score", &serde_json::to_value(policy).unwrap_or_default(), &mut found);
    found
}

impl IndexPolicy {
    /// Contradictions that types cannot express: the key and what is wrong with it.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check(&self) -> Result<(), (String, String)> {
        for (key, value) in [
            ("score.min_measured_weight", self.min_measured_weight),
            ("score.min_available", self.min_available),
            ("score.screen.units", self.screen.units),
            ("score.screen.indicators", self.screen.indicators),
            ("score.screen.non_zero", self.screen.non_zero),
        ] {
            share(key, value)?;
        }
        self.check_protected()?;
        self.check_comparison()?;
        self.check_tree()?;
        self.check_indicators()?;
        self.check_methods()?;
        self.check_grades()?;
        self.check_lines()?;
        if let Some(goals) = &self.goals {
            let wrongs = goals.check(&|key| self.indicators.contains_key(key));
            if let Some((key, message)) = wrongs.into_iter().next() {
                return wrong(format!("score.goals.{key}"), message);
            }
            if self.grades.is_empty() {
                return wrong("score.goals", "a goal is the next grade: declare `score.grades`");
            }
        }
        match &self.uncertainty {
            Some(uncertainty) => self.check_uncertainty(uncertainty),
            None => Ok(()),
        }
    }

    /// Protected attributes are refused wherever a column can be named.
    fn check_protected(&self) -> Result<(), Wrong> {
        let refuse = |key: String, column: &str| match protected(column) {
            Some(found) => wrong(key, format!("`{found}` is a protected attribute and never enters a score")),
            None => Ok(()),
        };
        for (key, indicator) in &self.indicators {
            refuse(format!("score.indicators.{key}"), indicator.column(key))?;
        }
        for (key, adjustment) in &self.adjustments {
            refuse(format!("score.adjustments.{key}"), adjustment.column(key))?;
        }
        words(self).into_iter().try_for_each(|(key, word)| refuse(key, &word))
    }

    fn check_comparison(&self) -> Result<(), Wrong> {
        match self.compare {
            Compare::Class if self.class.is_none() => {
                wrong("score.compare", "`class` needs the column of the class: set `score.class`, or give --class")
            }
            Compare::Scope if self.scope.is_none() => {
                wrong("score.compare", "`scope` needs its column: set `score.scope`")
            }
            _ => match (self.reference, self.as_of) {
                (Reference::Period(period), Some(last)) if period > last => {
                    wrong("score.reference", format!("{period} lies after the last period that is read, {last}"))
                }
                (_, Some(_)) if self.period.is_none() => {
                    wrong("score.as_of", "needs the column of the period: set `score.period`, or give --period")
                }
                _ => Ok(()),
            },
        }
    }

    /// The tree: parents exist, no circles, weights that mean something.
    fn check_tree(&self) -> Result<(), Wrong> {
        for (key, node) in &self.nodes {
            let path = format!("score.nodes.{key}");
            if RESERVED.contains(&key.as_str()) || self.indicators.contains_key(key) {
                return wrong(path, "this name stands for something else; choose another");
            }
            weight(&path, node.weight)?;
            date(&path, node.effective.as_ref())?;
            self.check_parent(&path, node.parent.as_deref())?;
            if let Some(least) = node.min_available {
                share(format!("{path}.min_available"), least)?;
            }
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
            if RESERVED.contains(&key.as_str()) {
                return wrong(path, "this name stands for something else; choose another, and name the column");
            }
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
        if self.indicators.contains_key(parent) {
            return wrong(format!("{path}.parent"), format!("`{parent}` is an indicator; only a node can bear others"));
        }
        let near = nearest(parent, self.nodes.keys().map(String::as_str));
        wrong(format!("{path}.parent"), format!("no node is called `{parent}`{near}"))
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
            if let Some(denominator) = &indicator.denominator {
                if !(denominator.per.is_finite() && denominator.per > 0.0) {
                    return wrong(format!("{path}.denominator.per"), "must be a positive number");
                }
                if denominator.column == indicator.column(key) {
                    return wrong(format!("{path}.denominator.column"), "a value divided by itself says nothing");
                }
            }
            if let Some(rule) = &indicator.rule {
                method(format!("{path}.rule"), rule.check(indicator.direction))?;
            } else if let Some(rule) = &self.rule {
                let at_indicator = |m: String| format!("for `{key}`, direction {:?}: {m}", indicator.direction);
                method("score.rule".to_owned(), rule.check(indicator.direction).map_err(at_indicator))?;
            }
            if let Some(outliers) = &indicator.outliers {
                method(format!("{path}.outliers"), outliers.get().check())?;
            }
        }
        Ok(())
    }

    /// Keys of what hangs on a node and has a weight.
    fn children(&self, parent: Option<&str>) -> Vec<&str> {
        let nodes = self.nodes.iter().filter(|(_, n)| n.parent.as_deref() == parent && n.weight > 0.0);
        let leaves = self.indicators.iter().filter(|(_, i)| i.parent.as_deref() == parent && i.weight > 0.0);
        nodes.map(|(key, _)| key.as_str()).chain(leaves.map(|(key, _)| key.as_str())).collect()
    }

    /// The methods for all, and those of nodes.
    fn check_methods(&self) -> Result<(), Wrong> {
        if let Some(outliers) = &self.outliers {
            method("score.outliers".to_owned(), outliers.get().check())?;
        }
        method("score.aggregate".to_owned(), self.aggregate.get().check())?;
        method("score.weights".to_owned(), self.weights.get().check(&self.children(None)))?;
        for (key, node) in &self.nodes {
            let path = format!("score.nodes.{key}");
            if let Some(aggregate) = &node.aggregate {
                method(format!("{path}.aggregate"), aggregate.get().check())?;
            }
            if let Some(weights) = &node.weights {
                method(format!("{path}.weights"), weights.get().check(&self.children(Some(key))))?;
            }
        }
        Ok(())
    }

    fn check_grades(&self) -> Result<(), Wrong> {
        let key = "score.grades";
        let by_share = self.grades.iter().any(|band| band.share.is_some());
        if by_share {
            self.check_shares(key)?;
        } else if let Some(band) = self.grades.iter().find(|band| band.min.is_none()) {
            let message = format!(
                "`{}` has neither `min` (its lowest score: {{ grade = \"good\", min = 70 }}) nor `share` (of the \
                 ranking: {{ grade = \"1\", share = 0.1 }})",
                band.grade
            );
            return wrong(key, message);
        } else if !self.grades.is_sorted_by(|a, b| a.min > b.min) {
            let message = "`min` must descend from the best grade to the last; grades by rank alone, deciles for \
                           instance, take `share` instead of `min`";
            return wrong(key, message);
        }
        if self.grades.last().is_some_and(|last| last.cap.is_some()) {
            return wrong(key, "the last grade takes the rest, so it can have no cap");
        }
        for (index, band) in self.grades.iter().enumerate() {
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

    /// Grades by share alone: all of them, and the shares sum to 1.
    fn check_shares(&self, key: &str) -> Result<(), Wrong> {
        for band in &self.grades {
            match band.share {
                None => {
                    let message =
                        format!("`{}` has no `share`, and others have: give all grades one, or none", band.grade);
                    return wrong(key, message);
                }
                Some(own) => share(key, own)?,
            }
            if band.min.is_some() || band.cap.is_some() {
                let message = format!("`{}` is awarded by `share` alone: leave `min` and `cap` out", band.grade);
                return wrong(key, message);
            }
        }
        let sum: f64 = self.grades.iter().filter_map(|band| band.share).sum();
        // Three times 0.333 is meant to be a third.
        if (sum - 1.0).abs() > 1e-2 { wrong(key, format!("the shares sum to {sum}, and should to 1")) } else { Ok(()) }
    }

    /// What stands beside the tree: adjustments, vetoes, bounds.
    fn check_lines(&self) -> Result<(), Wrong> {
        for (key, adjustment) in &self.adjustments {
            let path = format!("score.adjustments.{key}");
            date(&path, adjustment.effective.as_ref())?;
            if !(adjustment.cap >= 0.0 && adjustment.cap.is_finite()) {
                return wrong(format!("{path}.cap"), "must be 0 or more");
            }
            if !(adjustment.each >= 0.0 && adjustment.each.is_finite()) {
                return wrong(format!("{path}.each"), "must be 0 or more; `effect` says in which direction");
            }
        }
        for (key, veto) in &self.vetoes {
            let path = format!("score.vetoes.{key}");
            if !veto.at_least.is_finite() {
                return wrong(format!("{path}.at_least"), "must be a number");
            }
            match &veto.grade {
                None if veto.score_cap.is_none() => {
                    return wrong(path, "it must force a `grade`, hold the score by `score_cap`, or both");
                }
                Some(grade) if !self.grades.iter().any(|b| b.grade == *grade) => {
                    let near = nearest(grade, self.grades.iter().map(|b| b.grade.as_str()));
                    return wrong(format!("{path}.grade"), format!("`{grade}` is none of the grades{near}"));
                }
                _ => {}
            }
            if veto.score_cap.is_some_and(|cap| !cap.is_finite()) {
                return wrong(format!("{path}.score_cap"), "must be a number");
            }
        }
        match self.bounds {
            Some([low, high]) if !(low.is_finite() && high.is_finite() && low < high) => {
                wrong("score.bounds", "must be two numbers, the lower one first")
            }
            _ => Ok(()),
        }
    }

    fn check_uncertainty(&self, uncertainty: &Uncertainty) -> Result<(), Wrong> {
        let path = "score.uncertainty";
        if uncertainty.draws > DRAWS {
            return wrong(format!("{path}.draws"), format!("must be at most {DRAWS}"));
        }
        if let Some(sobol) = uncertainty.sobol {
            if uncertainty.draws == 0 {
                return wrong(
                    format!("{path}.draws"),
                    "0 draws nothing, and Sobol indices are asked for: give at least 1",
                );
            }
            if sobol.base > BASE {
                return wrong(format!("{path}.sobol.base"), format!("must be at most {BASE}"));
            }
        }
        if uncertainty.draws > 0 && uncertainty.factors.is_empty() {
            return wrong(format!("{path}.factors"), "nothing is declared uncertain; declare a factor, or 0 draws");
        }
        for (key, places) in [("top", uncertainty.top), ("bottom", uncertainty.bottom)] {
            match places {
                Places::Share(value) => share(format!("{path}.{key}"), value)?,
                Places::Count(0) => return wrong(format!("{path}.{key}"), "must be 1 or more"),
                Places::Count(_) => {}
            }
        }
        uncertainty
            .factors
            .iter()
            .try_for_each(|(key, factor)| self.check_factor(&format!("{path}.factors.{key}"), factor))
    }

    fn check_factor(&self, path: &str, factor: &Factor) -> Result<(), Wrong> {
        let some = |count: usize| match count {
            0 => wrong(format!("{path}.options"), "needs at least one alternative"),
            _ => Ok(()),
        };
        match factor {
            Factor::Weights { law, nodes, .. } => {
                self.check_known(path, "nodes", nodes.iter(), true)?;
                check_law(path, law)
            }
            Factor::Outliers { options, indicators } => {
                some(options.len())?;
                self.check_known(path, "indicators", indicators.iter(), false)?;
                options.iter().try_for_each(|o| method(format!("{path}.options"), o.get().check()))
            }
            Factor::Rule { options, indicators } => {
                some(options.len())?;
                self.check_known(path, "indicators", indicators.iter(), false)?;
                for (key, indicator) in &self.indicators {
                    if indicators.is_empty() || indicators.contains(key) {
                        for option in options {
                            let named = |m: String| format!("for `{key}`: {m}");
                            method(format!("{path}.options"), option.check(indicator.direction).map_err(named))?;
                        }
                    }
                }
                Ok(())
            }
            Factor::Impute { options, indicators } => {
                some(options.len())?;
                self.check_known(path, "indicators", indicators.iter(), false)
            }
            Factor::Aggregate { options, nodes } => {
                some(options.len())?;
                self.check_known(path, "nodes", nodes.iter(), true)?;
                options.iter().try_for_each(|o| method(format!("{path}.options"), o.get().check()))
            }
            Factor::Weighting { options, nodes } => {
                some(options.len())?;
                self.check_known(path, "nodes", nodes.iter(), true)
            }
            Factor::LeaveOut { indicators } => self.check_known(path, "indicators", indicators.iter(), false),
            Factor::Error { deviation, share } => {
                self.check_known(path, "deviation", deviation.keys(), false)?;
                self.check_known(path, "share", share.keys(), false)?;
                for (part, map) in [("deviation", deviation), ("share", share)] {
                    for (key, value) in map {
                        if !(value.is_finite() && *value >= 0.0) {
                            return wrong(format!("{path}.{part}.{key}"), "must be 0 or more");
                        }
                    }
                }
                Ok(())
            }
            Factor::Donors { .. } => Ok(()),
        }
    }

    /// Names of nodes (or of indicators) that the policy has.
    fn check_known<'a>(
        &self,
        path: &str,
        part: &str,
        mut names: impl Iterator<Item = &'a String>,
        nodes: bool,
    ) -> Result<(), Wrong> {
        let known = |name: &str| match nodes {
            true => name == "root" || self.nodes.contains_key(name),
            false => self.indicators.contains_key(name),
        };
        match names.find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                let (what, near) = if nodes {
                    ("node", nearest(name, self.nodes.keys().map(String::as_str).chain(["root"])))
                } else {
                    ("indicator", nearest(name, self.indicators.keys().map(String::as_str)))
                };
                wrong(format!("{path}.{part}"), format!("no {what} is called `{name}`{near}"))
            }
        }
    }

    /// What only the table can contradict: reference periods and text columns.
    ///
    /// # Errors
    /// The first contradiction found.
    pub fn check_table(&self, table: &Table) -> Result<(), (String, String)> {
        if let Reference::Period(period) = self.reference
            && !table.periods.contains(&period)
        {
            let mut known: Vec<String> = table.periods.iter().map(i64::to_string).collect();
            known.sort();
            known.dedup();
            return wrong("score.reference", format!("the table has no period {period}; it has {}", known.join(", ")));
        }
        let texts: Vec<&str> = table.texts.keys().map(String::as_str).collect();
        let fits = |path: String, impute: Option<&Impute>| match impute {
            Some(impute) => method(path, impute.get().check(&texts)),
            None => Ok(()),
        };
        fits("score.impute".to_owned(), self.impute.as_ref())?;
        for (key, indicator) in &self.indicators {
            fits(format!("score.indicators.{key}.impute"), indicator.impute.as_ref())?;
        }
        for (key, factor) in self.uncertainty.iter().flat_map(|u| &u.factors) {
            let path = format!("score.uncertainty.factors.{key}");
            match factor {
                Factor::Impute { options, .. } => {
                    options.iter().try_for_each(|o| fits(format!("{path}.options"), Some(o)))?;
                }
                Factor::Donors { within: Some(column) } if !texts.contains(&column.as_str()) => {
                    return wrong(format!("{path}.within"), format!("`{column}` is no text column of the table"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn check_law(path: &str, law: &Law) -> Result<(), Wrong> {
    match law {
        Law::Dirichlet { concentration } if !(concentration.is_finite() && *concentration > 0.0) => {
            wrong(format!("{path}.law.concentration"), "must be a positive number")
        }
        Law::Noise { share: value } => share(format!("{path}.law.share"), *value),
        Law::Ranked { order } if order.is_empty() => wrong(format!("{path}.law.order"), "must name what is ranked"),
        Law::Bounded { bounds } => {
            match bounds.iter().find(|(_, [low, high])| !(0.0 <= *low && low <= high && *high <= 1.0)) {
                Some((key, _)) => {
                    wrong(format!("{path}.law.bounds.{key}"), "must be two shares between 0 and 1, the lower one first")
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::index::{IndexFile, Overrides};

    fn refused(text: &str) -> (Option<usize>, String) {
        match IndexFile::parse(text, Path::new("p.toml"), &Overrides::default()) {
            Ok(_) => panic!("accepted:\n{text}"),
            Err(error) => (error.line, error.to_string()),
        }
    }

    #[test]
    fn contradictions_name_key_and_line() {
        const BASE: &str = "[score.indicators.a]\n[score.indicators.b]\n";
        for (text, line, words) in [
            ("[score]\nmin_available = 1.5\n", 2, "`score.min_available`"),
            ("[score]\n\ncompare = \"class\"\n", 3, "--class"),
            ("[score]\nclass = \"性别\"\n", 2, "protected"),
            ("[score]\nscope = \"Ethnicity\"\n", 2, "protected"),
            ("[score]\nimpute = { type = \"mean\", within = \"民族\" }\n", 2, "protected"),
            ("[score.indicators.x]\ncolumn = \"sex\"\n", 1, "protected"),
            ("[score.indicators.x]\ndenominator = { column = \"gender\" }\n", 2, "protected"),
            ("[score.indicators.x]\nparent = \"helth\"\n[score.nodes.health]\nweight=0\n", 2, "did you mean `health`?"),
            ("[score.indicators.x]\nparent = \"a\"\n", 2, "is an indicator"),
            ("[score.nodes.n]\nparent = \"n\"\n", 2, "circle"),
            ("[score.nodes.n]\n", 1, "nothing below it"),
            ("[score.nodes.a]\n", 1, "something else"),
            ("[score.indicators.unit]\n", 1, "something else"),
            ("[score.indicators.x]\nweight = -1\n", 2, "no weight"),
            ("[score.indicators.x]\neffective = \"soon\"\n", 2, "no date"),
            ("[score]\nreference = 2020\nas_of = 2019\n", 2, "after the last period"),
            ("[score]\nbounds = [1, 0]\n", 2, "lower one first"),
            ("[score]\ngrades = [{grade=\"A\",min=1},{grade=\"B\",min=2}]\n", 2, "descend"),
            ("[score]\ngrades = [{grade=\"A\",min=2},{grade=\"A\",min=1}]\n", 2, "stands twice"),
            ("[score]\ngrades = [{grade=\"A\",min=2},{grade=\"top\",min=1}]\n", 2, "another name"),
            ("[score]\ngrades = [{grade=\"A\"}]\n", 2, "neither `min`"),
            ("[score]\ngrades = [{grade=\"A\",min=1},{grade=\"B\",min=1}]\n", 2, "take `share` instead"),
            ("[score]\ngrades = [{grade=\"A\",share=0.5},{grade=\"B\",min=1}]\n", 2, "give all grades one"),
            ("[score]\ngrades = [{grade=\"A\",share=0.5,cap=0.1},{grade=\"B\",share=0.5}]\n", 2, "leave `min`"),
            ("[score]\ngrades = [{grade=\"A\",share=0.5},{grade=\"B\",share=0.4}]\n", 2, "sum to 0.9"),
            ("[score.vetoes.v]\ncolumn = \"v\"\n", 1, "must force"),
            ("[score.vetoes.v]\ncolumn = \"v\"\ngrade = \"Z\"\n", 3, "none of the grades"),
            ("[score]\noutliers = { type = \"percentiles\", low = 80, high = 20 }\n", 2, "score.outliers"),
            ("[score.uncertainty]\ndraws = 10\nfactors = {}\n", 3, "nothing is declared"),
            (
                "[score.uncertainty]\ndraws = 10\n[score.uncertainty.factors.f]\ntype = \"leave_out\"\nindicators = [\"aa\"]\n",
                5,
                "did you mean `a`?",
            ),
        ] {
            let (found, message) = refused(&format!("{text}{BASE}"));
            assert_eq!(found, Some(line), "{message}");
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn unknown_keys_and_words_name_the_nearest() {
        for (text, line, words) in [
            ("[score]\nagregate = { type = \"geometric\" }\n[score.indicators.a]\n", 2, "did you mean `aggregate`?"),
            ("[score]\naggregate = { type = \"geometrc\" }\n[score.indicators.a]\n", 2, "did you mean `geometric`?"),
            ("[score.indicators.a]\ndirction = \"lower\"\n", 2, "did you mean `direction`?"),
            ("[score.indicators.a]\nrule = { type = \"rank\", flor = 1 }\n", 2, "did you mean `floor`?"),
            ("[scores.indicators.a]\n", 1, "did you mean `score`?"),
            ("[score.indicators.a]\nweight = \"x\"\n", 2, "score.indicators.a.weight"),
        ] {
            let (found, message) = refused(text);
            assert!(message.contains(words), "{message}");
            assert_eq!(found, Some(line), "{message}");
        }
    }
}
