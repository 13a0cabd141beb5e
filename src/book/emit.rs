//! A row handed to the tables of its form.

use std::collections::BTreeMap;

use super::draft::{self, Rows, Value};
use super::schema::{Table, table};
use super::sheet::{Reading, SheetRead};
use crate::frame::FrameResult;

impl Reading<'_> {
    /// Hands a row to the tables of its form.
    pub(super) fn emit(&mut self, at: usize, values: &[Value], further: Vec<(&'static str, Value)>) {
        let mut columns: BTreeMap<String, Value> = BTreeMap::new();
        for (claim, value) in self.claims.iter().zip(values) {
            if let Some(claim) = claim
                && claim.year.is_none()
            {
                columns.insert(claim.field.name.clone(), value.clone());
            }
        }
        for (name, value) in further {
            let slot = columns.entry(name.to_owned()).or_default();
            if slot.is_nothing() {
                *slot = value;
            }
        }
        if self.claims.iter().flatten().all(|c| c.field.name != "township")
            && let Some(township) = &self.places.township
        {
            columns.insert("township".into(), Value::Text(township.clone()));
        }
        if let (Some(Value::Text(code)), None) = (columns.get("code"), columns.get("village")) {
            columns.insert("village".into(), Value::Text(code.clone()));
        }
        match self.form.name {
            "villages" => self.emit_village(at, values, &columns),
            "posts" | "pool" | "people" => super::persons::emit(self.out_of(at), columns, values),
            "appraisals" => super::persons::emit_appraisals(self.out_of(at), columns, values),
            name => {
                let mut columns = columns;
                for (from, to) in [("name", draft::NAME), ("id_number", draft::ID)] {
                    if let Some(value) = columns.remove(from) {
                        columns.insert(to.to_owned(), value);
                    }
                }
                self.push(name, at, None, columns);
            }
        }
    }

    fn out_of(&mut self, at: usize) -> super::persons::Emitter<'_> {
        super::persons::Emitter {
            at,
            form: self.form,
            claims: &self.claims,
            reader: &self.tools.reader,
            post: self.post,
            rows: &mut self.rows,
            sink: &mut self.out,
        }
    }

    fn push(&mut self, name: &str, at: usize, link: Option<i64>, columns: BTreeMap<String, Value>) {
        push(&mut self.rows, name, at, link, columns);
    }

    fn emit_village(&mut self, at: usize, values: &[Value], columns: &BTreeMap<String, Value>) {
        let place = ["county", "township", "village", "code", "village_name", "note", "period"];
        let (villages, indicators) = (table("villages"), table("indicators"));
        let of = |table: Option<&'static Table>, name: &str| table.is_some_and(|t| t.column(name).is_some());
        let describes = self
            .claims
            .iter()
            .flatten()
            .any(|c| of(villages, &c.field.name) && !place.contains(&c.field.name.as_str()));
        let is_indicator = |name: &str| !place.contains(&name) && (of(indicators, name) || !of(villages, name));
        let measures = self.claims.iter().flatten().any(|c| is_indicator(&c.field.name));
        if describes || !measures {
            let own = columns.iter().filter(|(n, _)| of(villages, n)).map(|(n, v)| (n.clone(), v.clone())).collect();
            self.push("villages", at, None, own);
        }
        if !measures {
            return;
        }
        // One row for each year that headers name, and one for columns without a year.
        let mut years: BTreeMap<Option<i64>, BTreeMap<String, Value>> = BTreeMap::new();
        for (claim, value) in self.claims.iter().zip(values) {
            if let Some(claim) = claim
                && is_indicator(&claim.field.name)
            {
                years.entry(claim.year).or_default().insert(claim.field.name.clone(), value.clone());
            }
        }
        // Columns without a year belong to the title's year, else to the latest that a header names.
        let own_year = match columns.get("period") {
            Some(Value::Whole(year)) => Some(*year),
            _ => self.out.source.year.or_else(|| years.keys().flatten().max().copied()),
        };
        if let Some(undated) = years.remove(&None) {
            years.entry(own_year).or_default().extend(undated);
        }
        for (year, mut indicators) in years {
            if year != own_year && indicators.values().all(Value::is_nothing) {
                continue;
            }
            for name in ["county", "township", "village"] {
                if let Some(value) = columns.get(name) {
                    indicators.insert(name.to_owned(), value.clone());
                }
            }
            if let Some(code) = columns.get("code") {
                indicators.insert(draft::CODE.to_owned(), code.clone());
            }
            indicators.insert("period".into(), year.map_or(Value::Nothing, Value::Whole));
            self.push("indicators", at, None, indicators);
        }
    }

    pub(super) fn done(mut self, sheet: u32) -> FrameResult<SheetRead> {
        for (name, rows) in std::mem::take(&mut self.rows) {
            let Some(table) = table(name) else { continue };
            self.out.report.tables.push(name.to_owned());
            self.out.parts.push((table, rows.frame(sheet)?));
        }
        if self.out.report.tables.is_empty() {
            self.out.report.tables = self.form.tables.iter().map(|t| (*t).to_owned()).collect();
        }
        Ok(self.out)
    }
}

/// Adds a row to a table's rows, leaving out what the table has no column for.
pub(super) fn push(
    rows: &mut BTreeMap<&'static str, Rows>,
    name: &str,
    at: usize,
    link: Option<i64>,
    mut columns: BTreeMap<String, Value>,
) {
    let Some(table) = table(name) else { return };
    // A village's code stands beside rows of tables that have no column for it.
    if table.column("code").is_none()
        && let Some(code) = columns.remove("code")
    {
        columns.insert(draft::CODE.to_owned(), code);
    }
    columns.retain(|n, _| n.starts_with('_') || table.column(n).is_some() || (name == "indicators"));
    rows.entry(table.name).or_insert_with(|| Rows::new(table)).push(at + 1, link, columns);
}
