//! The canonical tables in a county's own words and habits.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use super::SynthError;
use crate::book::schema::{self, Kind, Vocab};
use crate::frame::{self, FrameResult};
use crate::kernel::round;
use crate::policy::Words;

/// Tables by canonical name.
type Named = Vec<(&'static str, DataFrame)>;

/// Codes of closed lists become their first Chinese word.
pub(super) fn worded(tables: &[(&'static str, DataFrame)], words: &Words) -> Result<Named, SynthError> {
    tables.iter().map(|(name, frame)| Ok((*name, table_worded(name, frame, words)?))).collect()
}

fn table_worded(name: &str, frame: &DataFrame, words: &Words) -> FrameResult<DataFrame> {
    let mut out = frame.clone();
    for column in schema::table(name).map(|t| t.columns).unwrap_or_default() {
        let Kind::Word(vocab) = column.kind else { continue };
        let zh = translate(frame::texts(frame, column.name)?, vocab, words);
        let replaced: StringChunked = zh.into_iter().collect();
        out.with_column(replaced.with_name(column.name.into()).into_column())?;
    }
    Ok(out)
}

fn translate<'a>(codes: Vec<Option<&'a str>>, vocab: Vocab, words: &'a Words) -> Vec<Option<&'a str>> {
    codes.into_iter().map(|code| code.map(|code| words.zh(vocab, code))).collect()
}

/// One sheet as an office keeps it: a title, a line with the reporting day and the unit, headers in
/// Chinese with units, a number for every row; villages by name.
pub(super) struct Sheet {
    /// Sheet or file name.
    pub name: String,
    pub title: String,
    /// 填报单位 and 填报时间.
    pub subtitle: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Number(f64),
}

impl Cell {
    pub fn text(&self) -> String {
        match self {
            Cell::Blank => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(value) => round::show(*value, 4),
        }
    }
}

/// All tables that hold rows as sheets.
pub(super) fn sheets(
    tables: &[(&'static str, DataFrame)],
    county: &str,
    as_of: NaiveDate,
    many: bool,
    words: &Words,
) -> Result<Vec<Sheet>, SynthError> {
    let villages = tables.iter().find(|t| t.0 == "villages");
    let names = match villages {
        Some((_, frame)) => {
            let (codes, names) = (frame::words(frame, "village")?, frame::words(frame, "village_name")?);
            codes.into_iter().zip(names).collect()
        }
        None => BTreeMap::new(),
    };
    let office = Office { county, as_of, many, names, words };
    let filled = tables.iter().filter(|t| t.1.height() > 0);
    filled.map(|(name, frame)| Ok(office.sheet(name, frame)?)).collect()
}

/// Who keeps the sheets, and how.
struct Office<'a> {
    county: &'a str,
    as_of: NaiveDate,
    /// Several counties: each row says which.
    many: bool,
    /// Village names by code.
    names: BTreeMap<&'a str, &'a str>,
    words: &'a Words,
}

impl Office<'_> {
    fn sheet(&self, name: &str, frame: &DataFrame) -> FrameResult<Sheet> {
        let zh = schema::table(name).map_or(name, |t| t.zh);
        let mut headers = vec!["序号".to_owned()];
        let mut rows: Vec<Vec<Cell>> = (1..=frame.height()).map(|n| vec![Cell::Number(n as f64)]).collect();
        for column in schema::table(name).map(|t| t.columns).unwrap_or_default() {
            // One county is the sheet's own; the village's name stands in the village column.
            let told_elsewhere = column.name == "village_name" || (column.name == "county" && !self.many);
            if told_elsewhere || frame.column(column.name)?.null_count() == frame.height() {
                continue;
            }
            let unit = match column.kind {
                Kind::Number(unit) if !unit.sign().is_empty() => format!("（{}）", unit.sign()),
                _ => String::new(),
            };
            headers.push(format!("{}{unit}", column.zh));
            for (row, cell) in rows.iter_mut().zip(self.cells(column, frame)?) {
                row.push(cell);
            }
        }
        let date = format!("{}年{}月{}日", self.as_of.year(), self.as_of.month(), self.as_of.day());
        Ok(Sheet {
            name: zh.to_owned(),
            title: format!("{}{zh}表", self.county),
            subtitle: format!("填报单位：{}　　填报时间：{date}", self.county),
            headers,
            rows,
        })
    }

    fn cells(&self, column: &schema::Column, frame: &DataFrame) -> FrameResult<Vec<Cell>> {
        let texts = || frame::texts(frame, column.name);
        Ok(match column.kind {
            Kind::Text if column.name == "village" => {
                let name = |v| self.names.get(v).copied().unwrap_or_default();
                texts()?.into_iter().map(|v| text(v.map(name))).collect()
            }
            Kind::Word(vocab) => translate(texts()?, vocab, self.words).into_iter().map(text).collect(),
            Kind::Text | Kind::Person | Kind::IdNumber | Kind::Phone => texts()?.into_iter().map(text).collect(),
            Kind::Whole | Kind::Year | Kind::Number(_) => {
                let numbers = frame::numbers(frame, column.name)?;
                numbers.into_iter().map(|v| v.map_or(Cell::Blank, Cell::Number)).collect()
            }
            // Month-only where the form asks for a month; else the whole day.
            Kind::Date => {
                let monthly = matches!(column.name, "birth" | "party_joined" | "work_started" | "entered");
                let form = if monthly { "%Y.%m" } else { "%Y-%m-%d" };
                let days = frame::dates(frame, column.name)?.into_iter();
                days.map(|d| d.map_or(Cell::Blank, |d| Cell::Text(d.format(form).to_string()))).collect()
            }
            Kind::YesNo => {
                let say = |yes: bool| Cell::Text(if yes { "是" } else { "否" }.to_owned());
                let flags = frame::flags(frame, column.name)?.into_iter();
                flags.map(|v| v.map_or(Cell::Blank, say)).collect()
            }
        })
    }
}

fn text(value: Option<&str>) -> Cell {
    value.map_or(Cell::Blank, |v| Cell::Text(v.to_owned()))
}
